"""总部 at the window: joining with a code, the six digits, and leaving again.

Pages stand where those of the other devices stand. While somebody at head office compares the
digits this one asks by itself, and says in numbers how far it is as soon as it is let in.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QTimer

from app.errors import Refusal, ShopError
from app.journal.outbox import unsent
from app.staff.rules import NOBODY, Approver
from ui.hub_words import why_not
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import CardView, FieldView, GuideView
from ui.screens.first_run import FirstRunScreen
from ui.startup import Till
from ui.views import MessageView

Result = TypeVar("Result")

LOOK_AGAIN_MS = 2_000
"""How often head office is asked while somebody stands here and waits for it."""


class HubSetup:
    """Remembers which page stands there."""

    def __init__(self, till: Till, work: DeskWork, screen: FirstRunScreen) -> None:
        self._till, self._work, self._screen = till, work, screen
        self._frame = GuideView(step=0, steps=(), title="")
        self.page = "join"
        """join, compare, joined, leave, rekey, rekeyed."""
        self._digits = ""
        self._needs_approver = False
        self._busy = False
        self.on_done: Callable[[], None] = lambda: None
        self.on_back: Callable[[], None] = lambda: None
        self.on_stick: Callable[[], None] = lambda: None
        """Hand over by USB what was not sent."""
        self._timer = QTimer(screen)
        self._timer.setInterval(LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._ask_again)

    def open(self, frame: GuideView) -> None:
        """Show the page that was chosen; `frame` says where in the window this is."""
        self._frame, self._needs_approver, self._busy = frame, False, False
        self.again()

    def again(self, message: MessageView | None = None) -> None:
        """The page as it stands, with what was wrong."""
        match self.page:
            case "join":
                self._ask_code(message)
            case "compare":
                self._read(self._till.hub.digits, self._show_digits)
            case "joined":
                self._show_joined()
            case "rekey":
                self._ask_rekey(message)
            case "rekeyed":
                self._finish()
            case _:
                self._read(self._unsent, lambda waits: self._ask_leave(waits, message))

    def card(self, name: str) -> None:
        """A card was pressed."""
        match name:
            case "now":
                self._till.hub.ask()
                self.on_done()
            case "stick":
                self.on_stick()
            case "leave":
                self._leave()
            case "rekey":
                self._rekey()
            case _:
                self.on_back()

    def answered(self, fields: dict[str, str]) -> None:
        """The button at the bottom right."""
        match self.page:
            case "join":
                self._join(fields)
            case "compare":
                self._ask_again()
            case "leave":
                self._leave(fields)
            case "rekey":
                self._rekey(fields)
            case _:
                self._finish()

    def back(self) -> None:
        """Nothing more is changed; who waits to be let in goes on waiting."""
        self._timer.stop()
        self.on_back()

    # --- Joining ---------------------------------------------------------------------------

    def _ask_code(self, message: MessageView | None = None) -> None:
        self._put(
            tr("加入总部"), tr("先请总部为这台机发一个加入码"), message=message,
            fields=(*join_fields(), *self._approver_fields()), next_word=tr("加入"),
        )  # fmt: skip

    def _join(self, fields: dict[str, str]) -> None:
        address, code = fields.get("hub", ""), fields.get("code", "")
        if not code:
            self._refused(Refusal("hub_code_needed"))
            return

        def work() -> str:
            self._till.counter.desk.allowed("settings", approver=_approver(fields))
            hub, file = self._till.hub, fields.get("authority", "")
            return hub.enrol(address, code, hub.authority_in(Path(file)) if file else "")

        self._do(work, self._show_digits)

    def _show_digits(self, digits: str) -> None:
        self.page, self._digits = "compare", digits
        self._put(
            tr("请和总部核对这六位数"),
            tr("在电话里念给总部听，两边一样总部才放行。放行之后这里自己会接上"),
            figure=f"{digits[:3]} {digits[3:]}",
            figure_note=self._how_far(),
            next_word=tr("再看一次"),
        )
        self._timer.start()

    def _ask_again(self) -> None:
        """Whether somebody has let us in by now."""
        seen = self._till.hub.seen
        if not self._screen.isVisible() or self.page != "compare" or seen is None:
            self._timer.stop()
            return
        if seen.heard_ms and not seen.reason:
            self._show_joined()
            return
        self._till.hub.ask()
        self._screen.show_note(self._how_far())

    def _how_far(self) -> str:
        seen = self._till.hub.seen
        reason = why_not(seen.reason) if seen is not None else ""
        return tr(reason) if reason else tr("正在问总部")

    def _show_joined(self) -> None:
        self._timer.stop()
        self.page = "joined"
        seen = self._till.hub.seen
        books = self._till.books
        told = tr("{shop} · {till} 号机", shop=books.shop, till=books.till)
        figure = note = ""
        if seen is not None:
            figure = f"{seen.acked} / {seen.acked + seen.waiting}"
            note = tr("总部已收到第 {seq} 条", seq=seen.acked)
            if seen.waiting:
                note += " · " + tr("还等 {count} 条，自己会传完", count=seen.waiting)
        self._put(
            tr("已加入总部"), told, figure=figure, figure_note=note, next_word=tr("好"), back=False
        )

    def _finish(self) -> None:
        self._timer.stop()
        self.on_done()

    # --- Leaving ---------------------------------------------------------------------------

    def _unsent(self) -> Refusal | None:
        with self._till.books.read() as db:
            return unsent(db)

    def _ask_leave(self, waits: Refusal | None, message: MessageView | None) -> None:
        cards = [CardView(name="stay", word=tr("不退出"), description=tr("照旧往总部传"))]
        if waits is not None:
            cards = [
                CardView(name="now", word=tr("先传完"), description=tr("接上网，马上传")),
                CardView(
                    name="stick", word=tr("交到 U 盘"), description=tr("没有网，拿去总部读入")
                ),
                *cards,
            ]
            message = message or MessageView(text=error_words(waits), code=waits.code)
        leave = tr("还没传的也不管，照样退出") if waits else tr("这台机以后自己管，不再往总部传")
        if not self._needs_approver:
            cards.append(CardView(name="leave", word=tr("退出总部"), description=leave))
        self._put(
            tr("退出总部？"), tr("卖过的单都在这台机上，一条也不会少。再加入时从头补传"),
            cards=tuple(cards), fields=self._approver_fields(), message=message,
            next_word=tr("退出总部") if self._needs_approver else "",
            next_enabled=self._needs_approver, next_reason=tr("先选一种"),
        )  # fmt: skip

    def _leave(self, fields: dict[str, str] | None = None) -> None:
        def work() -> None:
            self._till.counter.desk.allowed("settings", approver=_approver(fields or {}))
            # The numbers stood on the page; whoever presses has read them.
            self._till.hub.leave(anyway=True)

        self._do(work, lambda _nothing: self.on_done())

    # --- A new key -------------------------------------------------------------------------

    def _ask_rekey(self, message: MessageView | None) -> None:
        cards = [CardView(name="stay", word=tr("不换"), description=tr("密钥照旧用"))]
        if not self._needs_approver:
            cards.append(
                CardView(name="rekey", word=tr("换新密钥"),
                         description=tr("旧的作废，账接着记在新的一本里"))
            )  # fmt: skip
        self._put(
            tr("换一把新密钥？"), tr("机器送修过、被人碰过，怀疑密钥给人看到了，就换"),
            cards=tuple(cards), fields=self._approver_fields(), message=message,
            next_word=tr("换新密钥") if self._needs_approver else "",
            next_enabled=self._needs_approver, next_reason=tr("先选一种"),
        )  # fmt: skip

    def _rekey(self, fields: dict[str, str] | None = None) -> None:
        def work() -> bool:
            desk = self._till.counter.desk
            by = desk.allowed("settings", approver=_approver(fields or {})) or desk.person
            return self._till.hub.change_key(by)

        self._do(work, self._show_rekeyed)

    def _show_rekeyed(self, told: bool) -> None:
        self.page = "rekeyed"
        words = tr("总部已经认得新密钥") if told else tr("来网后自己告诉总部，之前照常卖")
        self._put(tr("换好了"), words, next_word=tr("好"), back=False)

    # --- Asking, showing -------------------------------------------------------------------

    def _approver_fields(self) -> tuple[FieldView, ...]:
        if not self._needs_approver:
            return ()
        return (
            FieldView(name="approver", word=tr("授权人工号"), kind="code"),
            FieldView(name="pin", word=tr("授权人 PIN"), kind="secret"),
        )

    def _do(self, work: Callable[[], Result], done: Callable[[Result], None]) -> None:
        if self._busy:
            return
        self._busy = True

        def ready(result: Result) -> None:
            self._busy = False
            done(result)

        self._work.do(work, ready, self._refused)

    def _read(self, work: Callable[[], Result], done: Callable[[Result], None]) -> None:
        self._work.do(work, done, lambda _refused: self.on_back())

    def _refused(self, error: ShopError) -> None:
        self._busy = False
        self._needs_approver = self._needs_approver or error.code == "approval_needed"
        self.again(MessageView(text=error_words(error), code=error.code))

    def _put(
        self,
        title: str,
        detail: str,
        *,
        cards: tuple[CardView, ...] = (),
        fields: tuple[FieldView, ...] = (),
        figure: str = "",
        figure_note: str = "",
        message: MessageView | None = None,
        next_word: str = "",
        next_enabled: bool = True,
        next_reason: str = "",
        back: bool = True,
    ) -> None:
        self._screen.show_view(
            msgspec.structs.replace(
                self._frame, title=title, detail=detail, cards=cards, fields=fields,
                figure=figure, figure_note=figure_note, message=message, next_word=next_word,
                next_enabled=next_enabled, next_reason=next_reason, can_go_back=back,
                cards_first=bool(cards) and not fields,
            )
        )  # fmt: skip


def join_fields() -> tuple[FieldView, ...]:
    """What head office gave: where it is, the code, and its certificate if it signs its own."""
    return (
        FieldView(name="hub", word=tr("总部地址"), kind="code",
                  hint=tr("https:// 开头，总部给的；本机试用可写 http://127.0.0.1:8080")),
        FieldView(name="code", word=tr("加入码"), kind="code",
                  hint=tr("总部给的十二位字，十分钟内有效，只能用一次")),
        FieldView(name="authority", word=tr("品牌证书"), kind="file", optional=True,
                  hint=tr("总部另给了证书文件才要选，没有就空着")),
    )  # fmt: skip


def _approver(fields: dict[str, str]) -> Approver:
    number = fields.get("approver", "")
    return Approver(number, fields.get("pin", "")) if number else NOBODY

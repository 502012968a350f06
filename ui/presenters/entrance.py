"""Signing in, unlocking, opening and closing a shift."""

from collections.abc import Callable

import msgspec

from app.clock import local, proposed_day
from app.demo import PEOPLE
from app.errors import Refusal, ShopError
from app.messages import ROLE_NAMES
from app.money import yuan_shown
from app.sales.counter import Counter
from app.shifts.queries import open_day
from app.staff.queries import people
from app.staff.rules import has
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.screens.open_shift import OpenShiftScreen
from ui.screens.sign_in import SignInScreen
from ui.sounds import Sounds
from ui.views import CashRowView, MessageView, OpenShiftView, PersonView, SignInView

FACES = (100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 50, 10)


class EntrancePresenter:
    """Who stands at the till, and in which shift."""

    def __init__(
        self,
        counter: Counter,
        sign_in: SignInScreen,
        open_shift: OpenShiftScreen,
        work: DeskWork,
        sounds: Sounds,
    ) -> None:
        self._counter = counter
        self._sign_in = sign_in
        self._open_shift = open_shift
        self._work = work
        self._sounds = sounds
        self._view = SignInView(shop="", till="")
        self._shift_view = OpenShiftView(person="", day="")
        self._busy = False
        self.kept_scans: list[str] = []
        """Scans that came while nobody was signed in; they are carried out after the PIN."""
        self.on_ready: Callable[[], None] = lambda: None
        """Somebody is signed in and a shift is open: sell."""
        self.on_shift_needed: Callable[[], None] = lambda: None
        self.on_recover: Callable[[str], None] = lambda number: None
        """Somebody locked out wants to use the recovery code."""
        self._tried = ""
        sign_in.signed_in.connect(self.sign_in)
        self.on_day_left: Callable[[], None] = lambda: None
        """The last day was never closed and this person may do it."""
        sign_in.message_closed.connect(lambda: self._say(None))
        sign_in.message_action.connect(self._helped)
        open_shift.message_action.connect(lambda _action: self.on_day_left())
        open_shift.opened.connect(lambda _word, fen: self._opened(fen))
        open_shift.message_closed.connect(lambda: self._say_shift(None))
        open_shift.nothing_counted.connect(lambda: self._refused_shift(Refusal("cash_uncounted")))

    def show(self, *, locked: bool = False) -> None:
        """Ask who it is; `locked` names whose turn is running."""
        self._show(locked, self._sign_in.number.clear)

    def begin(self, early: tuple[str, str] | None) -> None:
        """The first time: what was typed before the shop was there is kept, and carried out."""
        self._show(False, lambda: self.sign_in(*early) if early else None)

    def _show(self, locked: bool, then: Callable[[], None]) -> None:
        counter = self._counter
        locked_by = counter.desk.name if locked else ""

        def read() -> SignInView:
            with counter.books.read() as db:
                known = people(db, counter.books.shop, counter.books.secrets)
            return SignInView(
                shop=counter.desk.settings["shop_name"] or counter.books.shop,
                till=tr("{till} 号机", till=counter.books.till),
                people=tuple(
                    PersonView(number=one.person, name=one.name, role=ROLE_NAMES[one.role])
                    for one in known
                    if one.role in ("cashier", "lead", "manager")
                )[:6],
                locked_by=locked_by,
                kept_scan=self._kept(),
                message=self._practice(),
            )

        def ready(view: SignInView) -> None:
            self._view = view
            self._sign_in.show_view(view)
            then()

        self._work.do(read, ready, self._refused)

    def _practice(self) -> MessageView | None:
        """Where nothing is real, nobody has to look for the number and PIN to begin with."""
        if self._counter.books.journal.series not in ("D", "T"):
            return None
        number, name, _role, pin = PEOPLE[0]
        words = tr("随便试：{name} 工号 {number}，PIN {pin}", name=name, number=number, pin=pin)
        return MessageView(text=words, tone="plain")

    def _kept(self) -> str:
        count = len(self.kept_scans)
        return tr("已收到 {count} 次扫码，登录后继续", count=count) if count else ""

    def keep_scan(self, text: str) -> None:
        """A scan at the lock waits for the PIN."""
        self.kept_scans.append(text)
        self._view = msgspec.structs.replace(self._view, kept_scan=self._kept())
        self._sign_in.show_view(self._view)

    def sign_in(self, number: str, pin: str) -> None:
        """Check who it is; `on_ready` or `on_shift_needed` follow."""
        self._tried = number
        self._say(None, busy=True)
        counter = self._counter

        def work() -> bool:
            counter.desk.sign_in(number, pin)
            counter.desk.reload()
            return counter.desk.shift is not None

        self._work.do(work, self._came, self._refused)

    def come_in(self) -> None:
        """Somebody is signed in already: sell, or open a shift first."""
        self._came(self._counter.desk.shift is not None)

    def _came(self, has_shift: bool) -> None:
        self._say(None)
        self._sign_in.number.clear()
        # Who only looks (an auditor) needs no drawer.
        ready = has_shift or not has(self._counter.desk.role, "sell")
        (self.on_ready if ready else self.on_shift_needed)()

    def _helped(self, action: str) -> None:
        if action == "recover":
            self.on_recover(self._tried)
        else:
            self._clock_is_right()

    def _clock_is_right(self) -> None:
        desk = self._counter.desk

        def work() -> bool:
            desk.confirm_clock()
            desk.reload()
            return desk.shift is not None

        self._work.do(work, self._came, self._refused)

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        helps = {
            "clock_jumped": ("clock", tr("时间没错，继续")),
            "pin_locked": ("recover", tr("用恢复码")),
        }
        action, word = helps.get(error.code, ("", ""))
        self._say(
            MessageView(text=error_words(error), code=error.code, action=action, action_word=word)
        )

    def _say(self, message: MessageView | None, *, busy: bool = False) -> None:
        self._view = msgspec.structs.replace(self._view, message=message, busy=busy)
        self._sign_in.show_view(self._view)

    # --- Shift -----------------------------------------------------------------------------

    def show_shift(self) -> None:
        """Propose the business day and ask for the float."""
        counter = self._counter

        def read() -> OpenShiftView:
            books = counter.books
            now = books.clock.wall_ms()
            with books.read() as db:
                day = open_day(db, books.shop, books.till)
            left = bool(day) and has(counter.desk.role, "close_day")
            note = tr("接着这一天") if day else ""
            day = day or proposed_day(now, int(counter.desk.settings["cutoff_hour"]))
            if not note and day != local(now).date().isoformat():
                note = tr("还没到换日时间，算前一天")
            return OpenShiftView(
                person=f"{counter.desk.name} {counter.desk.person}",
                day=day,
                day_note=note,
                drawer="1",
                rows=cash_rows(),
                message=self._day_left(day) if left else None,
            )

        def ready(view: OpenShiftView) -> None:
            self._busy = False
            self._shift_view = view
            self._open_shift.show_view(view)

        self._work.do(read, ready, self._refused_shift)

    def _day_left(self, day: str) -> MessageView:
        return MessageView(
            text=tr("营业日 {day} 还没有日结", day=day),
            detail=tr("要接着这一天就直接开班"),
            tone="warn",
            action="day",
            action_word=tr("日结 Z"),
        )

    def _opened(self, fen: int) -> None:
        if self._busy:
            return
        self._busy = True

        def opened(_shift: object) -> None:
            self._busy = False
            self.on_ready()

        self._work.do(lambda: self._counter.desk.open_shift(fen), opened, self._refused_shift)

    def _refused_shift(self, error: ShopError) -> None:
        self._busy = False
        if error.code == "shift_already_open" and self._counter.desk.shift is not None:
            # While the float was counted, head office gave back the turn a lost disk left open.
            self.on_ready()
            return
        self._sounds.play("refused")
        self._say_shift(MessageView(text=error_words(error), code=error.code))

    def _say_shift(self, message: MessageView | None) -> None:
        self._shift_view = msgspec.structs.replace(self._shift_view, message=message)
        self._open_shift.show_view(self._shift_view)


def cash_rows() -> tuple[CashRowView, ...]:
    """Every note and coin that is counted."""
    return tuple(
        CashRowView(fen=fen, word=f"¥{yuan_shown(fen).removesuffix('.00')}") for fen in FACES
    )

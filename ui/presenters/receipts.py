"""单据 joined to the journal: find a receipt, look at it, reprint it."""

import io
from collections.abc import Callable

import msgspec

from app.clock import local
from app.content import Paper
from app.errors import ShopError
from app.messages import sentence
from app.money import parse_yuan, yuan_shown
from app.sales.counter import Counter
from app.sales.queries import Found, find_receipts
from ui.language import tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import ColumnView, ListView, ReceiptsView, RowView
from ui.screens.receipts import ReceiptsScreen
from ui.sounds import Sounds
from ui.views import MessageView


def png_of(paper: Paper) -> bytes:
    """A paper as the printer would make it, as a PNG."""
    from printers.commands import render_png

    memory = io.BytesIO()
    render_png(paper, 48).save(memory, "PNG")
    return memory.getvalue()


class ReceiptsPresenter:
    """单据: find, look, reprint."""

    def __init__(
        self, counter: Counter, screen: ReceiptsScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter = counter
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self.on_refund: Callable[[str], None] = lambda number: None
        """Goods of this receipt come back."""
        self._view = ReceiptsView()
        screen.refunded.connect(lambda number: self.on_refund(number))
        screen.searched.connect(self.search)
        screen.marked.connect(self._look)
        screen.reprinted.connect(self._reprint)
        screen.day_chosen.connect(self._choose_day)
        screen.message_closed.connect(lambda: self._say(None))
        screen.again.connect(lambda: self.search(""))

    def open(self, number: str = "") -> None:
        """Show today's receipts, or the one whose code was scanned."""
        self._view = msgspec.structs.replace(self._view, message=None, day_chosen="")
        self.search(number)

    def _choose_day(self, day: str) -> None:
        self._view = msgspec.structs.replace(self._view, day_chosen=day)
        self.search("")

    def search(self, typed: str) -> None:
        """By part of the number, or by amount when it reads like one."""
        counter, day = self._counter, self._view.day_chosen
        amount = _amount(typed)

        def read() -> list[Found]:
            with counter.books.read() as db:
                return find_receipts(
                    db,
                    counter.books.shop,
                    number="" if amount is not None else typed.strip().upper(),
                    day=day,
                    amount=amount,
                )

        self._work.do(read, self._found, self._refused)

    def _found(self, found: list[Found]) -> None:
        rows = tuple(
            RowView(
                key=each.number,
                cells=(
                    local(each.order_ms).strftime("%m-%d %H:%M"),
                    each.number,
                    yuan_shown(each.due),
                ),
            )
            for each in found
        )
        self._view = msgspec.structs.replace(
            self._view,
            found=ListView(
                columns=(
                    ColumnView(title=tr("时间"), width=120),
                    ColumnView(title=tr("单号")),
                    ColumnView(title=tr("金额"), width=120, right=True, look="figure"),
                ),
                rows=rows,
                marked=rows[0].key if rows else "",
                state="" if rows else "empty",
                state_title=tr("没有找到小票"),
                state_detail=tr("扫小票上的码，或输入单号后四位、金额"),
                foot=tr("{count} 笔", count=len(rows)),
            ),
            preview_png=b"",
            refund_enabled=bool(rows),
            refund_reason=tr("先选一张小票"),
        )
        self._screen.show_view(self._view)
        if rows:
            self._look(rows[0].key)

    def _look(self, number: str) -> None:
        receipts = self._counter.receipts

        def draw() -> tuple[bytes, str]:
            found = receipts.find(number)
            note = tr("重印过 {count} 次", count=found.copies) if found.copies else ""
            return png_of(receipts.paper(found)), note

        def ready(drawn: tuple[bytes, str]) -> None:
            found = msgspec.structs.replace(self._view.found, marked=number)
            self._view = msgspec.structs.replace(
                self._view,
                found=found,
                preview_png=drawn[0],
                preview_note=drawn[1],
                reprint_enabled=receipts.printing,
                reprint_reason="" if receipts.printing else tr("这台机没有打印机"),
            )
            self._screen.show_view(self._view)

        self._work.do(draw, ready, self._refused)

    def _reprint(self, number: str) -> None:
        def ready(copy: int) -> None:
            self._sounds.play("accepted")
            again = tr("正在重印（重印 {copy}）", copy=copy)
            self._say(MessageView(text=again if copy else tr("小票在打印"), tone="ok"))
            self._look(number)

        self._work.do(lambda: self._counter.receipts.reprint(number), ready, self._refused)

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._say(MessageView(text=sentence(error), code=error.code))

    def _say(self, message: MessageView | None) -> None:
        self._view = msgspec.structs.replace(self._view, message=message)
        self._screen.show_view(self._view)


def _amount(typed: str) -> int | None:
    if "." not in typed:
        return None
    try:
        return parse_yuan(typed)
    except ShopError:
        return None

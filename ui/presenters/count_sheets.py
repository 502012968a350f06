"""Paper sheets of a count at the window: printed for a shelf or all, typed back line by line."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.clock import local
from app.sales.count_sheets import CountSheets, Sheet, Typed
from app.sales.stocktaking import Entered
from ui.count_papers import write_a4
from ui.language import tr
from ui.presenters.asking import ask_choice, ask_value
from ui.presenters.count_views import sheet_list
from ui.presenters.goods_scan import goods_of
from ui.views import MessageView

if TYPE_CHECKING:
    from ui.presenters.counting import CountingPresenter


class SheetPages:
    """Remembers which sheet is typed, and the line that comes next."""

    def __init__(self, room: "CountingPresenter", exports: Path) -> None:
        self._room = room
        self._sheets, self._exports = CountSheets(room.taking), exports
        self.forget()

    def forget(self) -> None:
        """No sheet is being typed."""
        self._sheet: Sheet | None = None
        self._lines: list[Typed] = []

    def ask(self) -> None:
        """Print or type back?"""
        room = self._room
        if not room.count:
            room.put(ask_value(tr("盘点表上的表号"), self.take, kind="code", yes=tr("录入")))
            return
        here = [("here_roll", tr("本架小票纸")), ("here_a4", tr("本架 A4"))]
        choices = (
            ("type", tr("录入一张")),
            *(here if room.zone else ()),
            ("all_roll", tr("各架小票纸")),
            ("all_a4", tr("各架 A4")),
        )
        room.put(ask_choice(tr("盘点表"), choices, self._chosen, keyed=True))

    def _chosen(self, choice: str) -> None:
        room = self._room
        if choice == "type":
            room.put(ask_value(tr("盘点表上的表号"), self.take, kind="code", yes=tr("录入")))
            return
        assert room.status is not None
        where, _, paper = choice.partition("_")
        zones = [room.zone] if where == "here" else list(room.status.count.zones)
        count, sheets = room.count, self._sheets

        def work() -> str:
            made = [sheets.make(count, zone, roll=paper == "roll") for zone in zones]
            numbers = tr("、").join(each.code for each in made)
            if paper == "roll":
                return tr("盘点表 {numbers} 在打印", numbers=numbers)
            books = room.counter.books
            now = local(books.clock.wall_ms()).strftime("%Y%m%d-%H%M%S")
            path = self._exports / f"count-sheets-{now}.pdf"
            write_a4(path, books, sheets, made)
            return tr("盘点表 {numbers} 已写成 {path}", numbers=numbers, path=str(path))

        def ready(words: str) -> None:
            room.sounds.play("accepted")
            room.show(MessageView(text=words, tone="ok"))

        room.work.do(work, ready, room.refused)

    # --- Typing back ------------------------------------------------------------------------

    def take(self, code: str) -> None:
        """Begin to type a sheet, at its first line that is still empty."""
        room, sheets = self._room, self._sheets

        def work() -> tuple[Sheet, list[Typed]]:
            room.counter.desk.signed_in()
            sheet = sheets.sheet(code)
            return sheet, sheets.typed(sheet)

        def ready(found: tuple[Sheet, list[Typed]]) -> None:
            room.sounds.play("accepted")
            self._sheet, self._lines = found
            room.mode, room.count, room.zone = "sheet", found[0].count, found[0].zone
            empty = [each.line for each in self._lines if each.quantity is None]
            room.marked = str(empty[0] if empty else 1)
            room.look()

        room.work.do(work, ready, room.refused)

    def read(self) -> None:
        """What stands typed now."""
        if self._sheet is not None:
            self._lines = self._sheets.typed(self._sheet)
            self._room.rows = sheet_list(self._sheet.code, self._lines, self._room.marked)

    def typed(self, quantity: str) -> None:
        """A number is what lies there of the marked line; the next line follows."""
        room, sheets, sheet = self._room, self._sheets, self._sheet
        line = int(room.marked or 0)
        if sheet is None:
            return

        def ready(done: Entered) -> None:
            room.sounds.play("accepted")
            self._lines[line - 1] = Typed(
                line, done.goods[0].code, done.goods[0].product, done.goods[0].quantity
            )
            room.marked = str(min(line + 1, len(self._lines)))
            room.rows = sheet_list(sheet.code, self._lines, room.marked)
            room.show()

        room.work.do(lambda: sheets.enter(sheet, line, quantity), ready, room.refused)

    def jump(self, line: str) -> None:
        """A number with * is the line that comes next."""
        if not line.isdigit() or not 1 <= int(line) <= len(self._lines):
            self._room.refuse(tr("这张表只有 {count} 行", count=len(self._lines)))
            return
        self._mark(int(line))

    def skip(self) -> None:
        """Enter alone leaves a line empty."""
        if self._lines:
            self._mark(min(int(self._room.marked or 0) + 1, len(self._lines)))

    def scan(self, text: str) -> None:
        """Goods under the scanner are looked for on the sheet."""
        room = self._room

        def ready(code: str) -> None:
            found = next((each.line for each in self._lines if each.code == code), 0)
            if found:
                self._mark(found)
            else:
                room.refuse(tr("这张表上没有这个商品"))

        room.work.do(lambda: goods_of(room.counter, text).product.code, ready, room.refused)

    def _mark(self, line: int) -> None:
        self._room.marked = str(line)
        self._room.rows = replace(self._room.rows, marked=str(line))
        self._room.show()

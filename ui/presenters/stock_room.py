"""库存 joined to the stock room: what is where, which lots, and the documents that change it."""

from collections.abc import Callable, Sequence

import msgspec

from app.errors import Refusal
from app.facts.catalogue import Product
from app.sales.counter import Counter
from app.staff.rules import NOBODY, Approver
from app.text import clean
from ui.document_views import DocumentView
from ui.language import tr
from ui.presenters import stock_views as views
from ui.presenters.asking import ask_value
from ui.presenters.desk_work import DeskWork
from ui.presenters.document_page import DocumentPage
from ui.presenters.goods_scan import goods_of, goods_rows
from ui.presenters.stock_pages import (
    goods_page,
    looked,
    lots_named,
    lots_page,
    posted,
    there,
)
from ui.presenters.stock_sheet import ADJUST, MOVE, TRANSFER, StockSheet
from ui.room_views import RowView
from ui.screens.document import DocumentScreen
from ui.sounds import Sounds
from ui.views import MessageView

MOST_TEXT = 60
Pick = tuple[str, tuple[RowView, ...], Callable[[str], None]]
"""What is chosen, the rows, and what the chosen key does."""


class StockPresenter(DocumentPage):
    """Holds what is looked at and the document being written."""

    def __init__(
        self, counter: Counter, screen: DocumentScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        super().__init__(counter, screen, work, sounds)
        self._page = views.goods_view(())
        """The list or the lots behind everything else."""
        self._one: Product | None = None
        """The product whose lots are looked at."""
        self.on_papers: Callable[[], None] = lambda: None
        self._sheet: StockSheet | None = None
        self._said: tuple[str, str] = ("", "")
        """Why the sheet could not be posted, and what it is worth."""
        self._pick: Pick | None = None
        self._news: MessageView | None = None
        """What was just done, said over the page that follows."""
        self.view = self._page
        screen.searched.connect(self.search)
        screen.marked.connect(self._mark)
        screen.quantity_typed.connect(lambda text: self._change(lambda s: s.say(typed=text)))
        screen.stepped.connect(lambda by: self._change(lambda s: s.step(by)))
        screen.all_of_line.connect(self._all_of_line)

    # --- Looking ---------------------------------------------------------------------------

    def open(self) -> None:
        """The goods, those below nothing first."""
        self._sheet = self._pick = self._asking = self._one = None
        self._busy = False
        self._screen.search.clear()
        self.search("")

    def search(self, typed: str) -> None:
        """Goods by a few letters; while a document is written they join it."""
        counter, picking = self._counter, self._sheet is not None

        def ready(result: tuple[list[Product], DocumentView]) -> None:
            if self._screen.search.text().strip() != typed:
                return
            found, view = result
            if self._sheet is not None:
                self._pick = (tr("找货"), goods_rows(found), self._add_code)
            else:
                self._one, self._page = None, view
            self._show_news()

        self._work.do(lambda: goods_page(counter, typed, picking), ready, self._refused)

    def _open_row(self, key: str) -> None:
        if self._pick is not None:
            _title, _rows, taken = self._pick
            self._pick = None
            self._screen.search.clear()
            taken(key)
        else:
            self._open_goods(key)

    def _open_goods(self, code: str) -> None:
        counter = self._counter

        def ready(result: tuple[Product, DocumentView]) -> None:
            self._one, self._page = result
            self._screen.search.clear()
            self._sounds.play("accepted")
            self._show_news()

        self._work.do(lambda: lots_page(counter, code), ready, self._refused)

    # --- Writing ---------------------------------------------------------------------------

    def scan(self, text: str) -> None:
        """Goods under the scanner: looked at, or one more on the document."""
        if self._asking is not None:
            self._sounds.play("refused")
            return
        counter, writing = self._counter, self._sheet is not None

        def ready(found: tuple[Product, int]) -> None:
            if writing:
                self._add(*found)
            else:
                self._open_goods(found[0].code)

        def read() -> tuple[Product, int]:
            found = goods_of(counter, text)
            return found.product, found.pieces

        self._work.do(read, ready, self._refused)

    def _add_code(self, code: str) -> None:
        self._work.do(
            lambda: self._counter.product(code), lambda one: self._add(one, 1), self._refused
        )

    def _add(self, one: Product, pieces: int) -> None:
        if one.kind != "goods":
            self._refused(Refusal("not_goods", name=one.name))
        elif self._sheet is not None:
            self._pick = None
            self._sounds.play("accepted")
            self._keep(self._sheet.scanned(one, pieces))

    def _begin(self, kind: str) -> None:
        """A document of a kind, with the lot that is marked as its first line."""
        sheet = StockSheet(kind=kind)
        lot = self._screen.marked_key() if self._one is not None else ""
        if self._one is not None:
            batch = next((r.cells[0] for r in self._page.rows.rows if r.key == lot), "")
            sheet = sheet.scanned(self._one, 0, lot=lot, batch=batch).say(typed="")
        self._keep(sheet)

    def _mark(self, key: str) -> None:
        if self._sheet is not None and self._pick is None:
            self._keep(self._sheet.mark(int(key)))

    def _change(self, change: Callable[[StockSheet], StockSheet]) -> None:
        if self._sheet is not None and not self._busy:
            self._keep(change(self._sheet))

    def _all_of_line(self) -> None:
        """Everything the books have of the line's lot in its place."""
        sheet = self._sheet
        line = sheet.line() if sheet is not None else None
        if line is None:
            return
        counter = self._counter

        def ready(quantity: int) -> None:
            typed = views.figure(max(0, quantity), weighed=line.weighed)
            self._change(lambda now: now.say(typed=typed))

        self._work.do(lambda: there(counter, line), ready, self._refused)

    def _keep(self, sheet: StockSheet) -> None:
        self._sheet = sheet
        self._show()

        def ready(said: tuple[str, str]) -> None:
            if self._sheet is sheet:
                self._said = said
                self._show()

        desk = self._counter.desk
        self._work.do(lambda: looked(desk, sheet), ready, self._refused)

    def _pressed(self, name: str) -> None:
        if name in (ADJUST, MOVE, TRANSFER):
            self._begin(name)
        elif name == views.DOCUMENTS:
            self.on_papers()
        elif name == "find":
            self._pick = (tr("找货"), (), self._add_code)
            self._show()
            self._screen.look_for()
        elif name == "drop":
            self._change(StockSheet.without_marked)
        elif name == "reason":
            self._choose(tr("为什么？"), views.reason_rows(), name)
        elif name in ("source", "target"):
            rows = tuple(
                RowView(key=place, cells=(word, "")) for place, word in views.place_words().items()
            )
            self._choose(tr("哪个位置？"), rows, name)
        elif name == "lot":
            self._choose_lot()
        else:
            self._put(ask_value(views.titles()[name], self._say(name)))

    def _choose(self, title: str, rows: tuple[RowView, ...], name: str) -> None:
        def taken(key: str) -> None:
            self._change(lambda sheet: sheet.say(**{name: key}))

        self._pick = (title, rows, taken)
        self._show()

    def _choose_lot(self) -> None:
        line = self._sheet.line() if self._sheet is not None else None
        if line is None:
            return
        counter = self._counter

        def ready(found: Sequence[tuple[str, str, str]]) -> None:
            names = {lot: batch for lot, batch, _expires in found}
            rows = [RowView(key="-", cells=(tr("最早的批次"), ""))]
            rows += [RowView(key=lot, cells=(batch, expires)) for lot, batch, expires in found]

            def taken(key: str) -> None:
                lot = "" if key == "-" else key
                self._change(lambda sheet: sheet.say(lot=lot, batch=names.get(lot, "")))

            self._pick = (tr("哪一批？"), tuple(rows), taken)
            self._show()

        self._work.do(lambda: lots_named(counter, line.product), ready, self._refused)

    def _say(self, name: str) -> Callable[[str], None]:
        def take(value: str) -> None:
            value = clean(value, most=MOST_TEXT)
            if name == "box":
                self._change(lambda sheet: sheet.say(box=value))
            else:
                self._change(lambda sheet: msgspec.structs.replace(sheet, **{name: value}))

        return take

    # --- Posting ---------------------------------------------------------------------------

    def _confirm(self) -> None:
        if self._busy:
            return
        if self._sheet is not None and self._pick is None:
            if self.view.confirm_enabled:
                self._post(NOBODY)
            else:
                self._sounds.play("refused")
                self._show(MessageView(text=self.view.confirm_reason, tone="warn"))
        elif self._one is not None and self.view.confirm_enabled:
            self._begin(ADJUST)

    def _again(self, approver: Approver) -> None:
        self._post(approver)

    def _post(self, approver: Approver) -> None:
        sheet = self._sheet
        if sheet is None or self._busy:
            return
        self._busy = True
        desk = self._counter.desk

        def ready(number: str) -> None:
            self._settle()
            self._sheet, self._pick = None, None
            self._after(tr("{number} 已过账", number=number))

        self._work.do(lambda: posted(desk, sheet, approver), ready, self._refused)

    def _after(self, words: str) -> None:
        """Back to what was looked at, with what it says now."""
        self._news = MessageView(text=words, tone="ok")
        if self._one is not None:
            self._open_goods(self._one.code)
        else:
            self.search("")

    def _show_news(self) -> None:
        """The page as it is now, with what was just done."""
        news, self._news = self._news, None
        self._show(news)

    # --- Showing ---------------------------------------------------------------------------

    def _back(self) -> None:
        if self._pick is not None:
            self._pick = None
            self._screen.search.clear()
            self._show()
        elif self._sheet is not None:
            self._sheet = None
            self._show()
        elif self._one is not None:
            self.open()
        else:
            self.on_left()

    def _page_view(self) -> DocumentView:
        if self._pick is not None:
            title, rows, taken = self._pick
            return views.picking_view(title, rows, goods=taken == self._add_code)
        if self._sheet is not None:
            return views.writing_view(self._sheet, *self._said)
        return self._page

"""The papers of 库存 joined to the stock room: documents, ledgers as files, 要货单."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from app.catalogue.queries import products
from app.clock import local
from app.errors import ShopError
from app.messages import sentence
from app.reports.ledgers import ledger
from app.reports.lots import batches
from app.sales.counter import Counter
from app.staff.rules import NOBODY, Approver
from app.stock.overview import documents, steps
from app.stock.reordering import Need, Ordering
from app.table_file import write_table
from ui.document_views import DocumentView
from ui.language import tr
from ui.presenters import stock_paper_views as views
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking
from ui.presenters.desk_work import DeskWork
from ui.screens.document import DocumentScreen
from ui.sounds import Sounds
from ui.views import MessageView

MOST_LISTED = 500
LIST, ONE, LEDGERS, NEEDS = "list", "one", "ledgers", "needs"


class StockPapersPresenter:
    """Remembers which page of papers is shown."""

    def __init__(
        self,
        counter: Counter,
        exports: Path,
        screen: DocumentScreen,
        work: DeskWork,
        sounds: Sounds,
    ) -> None:
        self._counter, self._exports, self._screen = counter, exports, screen
        self._work, self._sounds = work, sounds
        self.on_left: Callable[[], None] = lambda: None
        self._state = LIST
        self._page = views.documents_view(())
        self._needs: tuple[Need, ...] = ()
        self._again: Callable[[Approver], None] = lambda _approver: None
        self._asking: Asking | None = None
        self._busy = False
        self.view: DocumentView = self._page
        screen.opened.connect(self._open_row)
        screen.pressed.connect(self._pressed)
        screen.confirmed.connect(self._confirm)
        screen.went_back.connect(self._back)
        screen.answered.connect(self._answered)
        screen.message_closed.connect(self._show)
        screen.message_action.connect(lambda _name: second_person(self._put, self._again))
        screen.refused.connect(lambda words: self._show(MessageView(text=words, tone="warn")))

    def open(self, message: MessageView | None = None) -> None:
        """What was posted last."""
        books = self._counter.books
        self._busy = False

        def read() -> DocumentView:
            with books.read() as db:
                return views.documents_view(documents(db, books.shop, MOST_LISTED))

        self._read(read, LIST, message)

    def _read(
        self, read: Callable[[], DocumentView], state: str, message: MessageView | None = None
    ) -> None:
        def ready(view: DocumentView) -> None:
            self._state, self._page = state, view
            self._show(message)

        self._work.do(read, ready, self._refused)

    def _open_row(self, key: str) -> None:
        if self._state == LEDGERS:
            self._write(key, NOBODY)
        else:
            self._read(lambda: self._document(key), ONE)

    def _document(self, key: str) -> DocumentView:
        kind, _, name = key.partition(":")
        shop = self._counter.books.shop
        with self._counter.books.read() as db:
            found = steps(db, shop, name, kind)
            known = products(db, shop, sorted({each.product for each in found}))
            printed = batches(db, shop, sorted({each.lot for each in found} - {""}))
            listed = documents(db, shop, MOST_LISTED)
        number = next((each.number for each in listed if each.document == name), "")
        return views.steps_view(number or name[-8:], found, known, printed)

    def _pressed(self, name: str) -> None:
        if name == views.LEDGER:
            self._state, self._page = LEDGERS, views.ledgers_view()
            self._show()
        elif name == views.ORDER:
            self._read(self._needed, NEEDS)

    def _write(self, name: str, approver: Approver) -> None:
        """A ledger as a file beside the books."""
        counter = self._counter
        self._again = lambda yes: self._write(name, yes)

        def work() -> str:
            counter.desk.allowed("see_book", approver)
            with counter.books.read() as db:
                found = ledger(db, counter.books.shop, name, "", "")
            now = local(counter.books.clock.wall_ms()).strftime("%Y%m%d-%H%M%S")
            path = self._exports / f"{found.name}-{now}.xlsx"
            write_table(path, found.table(), found.figures, found.title)
            return str(path)

        def ready(path: str) -> None:
            self._sounds.play("accepted")
            self.open(MessageView(text=tr("已写成 {path}", path=path), tone="ok"))

        self._work.do(work, ready, self._refused)

    def _needed(self) -> DocumentView:
        counter, settings = self._counter, self._counter.desk.settings
        days = int(settings["order_days"])
        found = Ordering(counter.desk).needs(
            days=days, lead=int(settings["order_lead"]), cover=int(settings["order_cover"])
        )
        with counter.books.read() as db:
            known = products(db, counter.books.shop, [each.product for each in found])
        self._needs = tuple(found)
        return views.needs_view(found, known, days)

    def _confirm(self) -> None:
        if self._state == ONE:
            self.open()
        elif self._state == NEEDS and self.view.confirm_enabled and not self._busy:
            self._order(NOBODY)

    def _order(self, approver: Approver) -> None:
        """Ask for everything that was suggested."""
        counter = self._counter
        self._busy, self._again = True, self._order
        asked = [(each.product, each.suggested, each.suggested) for each in self._needs]

        def work() -> str:
            wanted = [line for line in asked if line[1]]
            return Ordering(counter.desk).order(wanted, approver=approver).number

        def ready(number: str) -> None:
            self._sounds.play("money")
            self.open(MessageView(text=tr("要货单 {number} 在打印", number=number), tone="ok"))

        self._work.do(work, ready, self._refused)

    def _back(self) -> None:
        if self._state == LIST:
            self.on_left()
        else:
            self.open()

    def _put(self, asking: Asking | None) -> None:
        self._asking = asking
        self._show()

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.on_answer(choice, value)
        self._show()

    def _refused(self, error: ShopError) -> None:
        self._busy = False
        self._sounds.play("refused")
        needs = error.code == "approval_needed"
        self._show(
            MessageView(
                text=sentence(error),
                code=error.code,
                action="approve" if needs else "",
                action_word=tr("请另一人授权") if needs else "",
            )
        )

    def _show(self, message: MessageView | None = None) -> None:
        question = self._asking.view if self._asking is not None else None
        self.view = msgspec.structs.replace(self._page, message=message, question=question)
        self._screen.show_view(self.view)

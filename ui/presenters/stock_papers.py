"""The papers of 库存 joined to the stock room: documents, ledgers as files, 要货单."""

from collections.abc import Callable
from pathlib import Path

from app.catalogue.queries import products
from app.clock import local
from app.reports.ledgers import ledger
from app.reports.lots import batches
from app.sales.counter import Counter
from app.staff.rules import NOBODY, Approver
from app.stock.dispatches import dispatches
from app.stock.overview import documents, steps
from app.stock.reordering import Need, Ordering
from app.stock.transfer_files import TransferFiles
from app.table_file import write_table
from ui.document_views import DocumentView
from ui.language import tr
from ui.presenters import stock_paper_views as views
from ui.presenters.desk_work import DeskWork
from ui.presenters.document_page import DocumentPage
from ui.presenters.file_question import ask_file
from ui.screens.document import DocumentScreen
from ui.sounds import Sounds
from ui.views import MessageView

MOST_LISTED = 500
LIST, ONE, LEDGERS, NEEDS, TRANSIT, ANSWER = (
    "list", "one", "ledgers", "needs", "transit", "answer"
)  # fmt: skip


class StockPapersPresenter(DocumentPage):
    """Remembers which page of papers is shown."""

    def __init__(
        self,
        counter: Counter,
        exports: Path,
        screen: DocumentScreen,
        work: DeskWork,
        sounds: Sounds,
    ) -> None:
        super().__init__(counter, screen, work, sounds)
        self._exports, self._files = exports, TransferFiles(counter.desk)
        self._state = LIST
        self.on_labels: Callable[[str], None] = lambda key: None
        """Labels for what came in by a document ("receiving:…")."""
        self._key = self._document_name = ""
        """The document that is looked at."""
        self._page = views.documents_view(())
        self._needs: tuple[Need, ...] = ()
        self._refused_act: Callable[[Approver], None] = lambda _approver: None
        self.view = self._page

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

    def _again(self, approver: Approver) -> None:
        self._refused_act(approver)

    def _open_row(self, key: str) -> None:
        if self._state == LEDGERS:
            self._write(key, NOBODY)
        elif key.startswith(views.COMING):
            self._show(MessageView(text=tr("来单在收货里收"), tone="plain"))
        else:
            self._key, self._document_name = key, key.partition(":")[2]
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
        return views.steps_view(
            number or name[-8:],
            found,
            known,
            printed,
            transfer=kind in views.TRANSFERS,
            came_in=kind in views.CAME_IN,
        )

    def _pressed(self, name: str) -> None:
        if name == views.LEDGER:
            self._state, self._page = LEDGERS, views.ledgers_view()
            self._show()
        elif name == views.LABELS:
            self.on_labels(self._key)
        elif name == views.ORDER:
            self._read(self._needed, NEEDS)
        elif name == views.TRANSIT:
            self._read(self._in_transit, TRANSIT)
        elif name == views.TO_FILE:
            self._export()
        elif name == views.ANSWER:
            self._put(ask_file(tr("对方店的回单在哪里？"), self._screen.pick_file, self._learn))

    def _in_transit(self) -> DocumentView:
        """What is on its way, from here and to here."""
        shop = self._counter.books.shop
        with self._counter.books.read() as db:
            return views.transit_view(self._files.sent(), dispatches(db, shop))

    def _export(self) -> None:
        """The document as a sealed file for the other shop."""
        name, files = self._document_name, self._files
        path = self._exports / f"{self.view.under}.json"

        def work() -> str:
            files.export(name, path)
            return str(path)

        def ready(path: str) -> None:
            self._sounds.play("accepted")
            self._show(MessageView(text=tr("已写成 {path}，交给对方店", path=path), tone="ok"))

        self._work.do(work, ready, self._refused)

    def _learn(self, path: str, approver: Approver = NOBODY) -> None:
        """What the other shop says came of what we sent."""
        counter, files = self._counter, self._files
        self._refused_act = lambda yes: self._learn(path, yes)

        def read() -> DocumentView:
            found = files.learn(Path(path.strip()).expanduser(), approver)
            with counter.books.read() as db:
                known = products(db, counter.books.shop, [each.product for each in found])
                printed = batches(db, counter.books.shop, [each.lot for each in found])
            return views.answer_view(found, known, printed)

        def ready(view: DocumentView) -> None:
            self._sounds.play("accepted")
            self._state, self._page = ANSWER, view
            self._show()

        self._work.do(read, ready, self._refused)

    def _write(self, name: str, approver: Approver) -> None:
        """A ledger as a file beside the books."""
        counter = self._counter
        self._refused_act = lambda yes: self._write(name, yes)

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
        if self._state in (ONE, ANSWER):
            self.open()
        elif self._state == NEEDS and self.view.confirm_enabled and not self._busy:
            self._order(NOBODY)

    def _order(self, approver: Approver) -> None:
        """Ask for everything that was suggested."""
        counter = self._counter
        self._busy, self._refused_act = True, self._order
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

    def _page_view(self) -> DocumentView:
        return self._page

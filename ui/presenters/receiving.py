"""收货 joined to the stock room: choose a delivery, scan it, say what its papers say, post it.

The document lies on the disk after every change; a till that was killed goes on where it was.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from app.catalogue.queries import products
from app.catalogue.search import find
from app.errors import Refusal, ShopError
from app.facts.catalogue import Product
from app.sales.counter import Counter
from app.staff.rules import NOBODY, Approver
from app.stock.dispatches import dispatches, find_dispatch
from app.stock.drafts import drafts, drop_draft, save_draft
from app.stock.papers import TRANSFER_CODE
from app.stock.photos import MOST_PHOTOS, read_photo
from app.stock.receiving import Receiving
from app.stock.receiving_rules import Look
from app.stock.transfer_files import TransferFiles
from app.text import clean
from app.transaction import transaction
from ui.document_views import DocumentView
from ui.language import error_words, tr
from ui.presenters import receiving_views as views
from ui.presenters.asking import ask_choice
from ui.presenters.desk_work import DeskWork
from ui.presenters.document_page import DocumentPage
from ui.presenters.file_question import ask_file
from ui.presenters.goods_scan import Found, goods_of, goods_rows
from ui.presenters.receiving_post import Done, posted
from ui.presenters.receiving_says import ask_for
from ui.presenters.receiving_sheet import MOST_TEXT, ReceivingSheet, begun_from
from ui.screens.document import DocumentScreen
from ui.sounds import Sounds
from ui.views import MessageView

KIND = "receiving"
_decode = msgspec.json.Decoder(ReceivingSheet).decode


class ReceivingPresenter(DocumentPage):
    """Holds the sheet; what may be received is the stock room's to say."""

    def __init__(
        self, counter: Counter, screen: DocumentScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        super().__init__(counter, screen, work, sounds)
        self._room = Receiving(counter.desk, lambda one: counter.shown(one).price)
        self._choosing = views.choosing_view([], [])
        self._sheet: ReceivingSheet | None = None
        self._looks: tuple[Look | None, str] = (None, "")
        self._finding: tuple[Product, ...] | None = None
        self._done: Done | None = None
        self.on_labels: Callable[[str], None] = lambda key: None
        """Labels for what came in by a document ("receiving:…")."""
        self.view = self._choosing
        screen.searched.connect(self.search)
        screen.marked.connect(self._mark)
        screen.quantity_typed.connect(lambda text: self._change(lambda s: s.say(typed=text)))
        screen.stepped.connect(lambda by: self._change(lambda s: s.step(by)))
        screen.all_of_line.connect(lambda: self._change(ReceivingSheet.all_of_line))

    # --- Choosing --------------------------------------------------------------------------

    def open(self) -> None:
        """What is half received, and what is on its way here."""
        self._sheet = self._done = self._asking = self._finding = None
        self._busy = False
        books = self._counter.books

        def read() -> DocumentView:
            with books.read() as db:
                half = [
                    (each.document, _decode(each.content), each.changed_ms)
                    for each in drafts(db, KIND)
                ]
                return views.choosing_view(half, dispatches(db, books.shop))

        def ready(view: DocumentView) -> None:
            self._choosing = view
            self._show()

        self._screen.search.clear()
        self._show()
        self._work.do(read, ready, self._refused)

    def _open_row(self, key: str) -> None:
        if self._finding is not None:
            self._add(next(one for one in self._finding if one.code == key), 1)
            return
        kind, _, name = key.partition(":")
        if kind == "dispatch":
            self._open_dispatch(name)
            return
        books = self._counter.books

        def read() -> ReceivingSheet:
            with books.read() as db:
                found = next((e for e in drafts(db, KIND) if e.document == name), None)
            if found is None:
                raise Refusal("unknown_document", text=name[:40])
            return _decode(found.content)

        self._work.do(read, self._take, self._refused)

    def _open_dispatch(self, name: str) -> None:
        books = self._counter.books

        def read() -> ReceivingSheet:
            with books.read() as db:
                found = find_dispatch(db, books.shop, name)
                if found is None:
                    raise Refusal("unknown_document", text=name[:40])
                if not found.open:
                    raise Refusal("document_posted")
                codes = [each.line.product for each in found.lines]
                known = products(db, books.shop, codes)
            return begun_from(found, known, books.ids.new())

        self._work.do(read, self._take, self._refused)

    def _take(self, sheet: ReceivingSheet) -> None:
        self._sounds.play("accepted")
        self._sheet, self._finding = sheet, None
        self._screen.search.clear()
        self._look()
        self._show()

    def _new(self) -> None:
        self._take(ReceivingSheet(document=self._counter.books.ids.new()))
        self._find()

    # --- Scanning and finding --------------------------------------------------------------

    def scan(self, text: str) -> None:
        """A transfer's code, a box, goods; whatever it is, the document keeps it at once."""
        if self._asking is not None or self._done is not None:
            self._sounds.play("refused")
            return
        if text.startswith(TRANSFER_CODE):
            self._open_dispatch(text.removeprefix(TRANSFER_CODE))
            return
        if self._sheet is not None and (boxed := self._sheet.box(text)) is not None:
            self._sounds.play("accepted")
            self._keep(boxed)
            return
        counter = self._counter

        def ready(found: Found) -> None:
            self._add(found.product, found.pieces, batch=found.batch, expires=found.expires)

        self._work.do(lambda: goods_of(counter, text), ready, self._refused)

    def _add(self, one: Product, pieces: int, *, batch: str = "", expires: str = "") -> None:
        if one.kind != "goods":
            self._refused(Refusal("not_goods", name=one.name))
            return
        sheet = self._sheet or ReceivingSheet(document=self._counter.books.ids.new())
        if sheet.source and all(each.product != one.code for each in sheet.lines):
            self._refused(Refusal("no_such_lot", text=one.name))
            return
        self._finding = None
        self._screen.search.clear()
        self._sounds.play("accepted")
        self._keep(sheet.scanned(one, pieces, batch=batch, expires=expires))

    def search(self, typed: str) -> None:
        """Letters look for goods while a document is open, else for a dispatch by its number."""
        if self._sheet is None:
            self._screen_marks(typed)
            return
        books = self._counter.books

        def read() -> tuple[Product, ...]:
            with books.read() as db:
                found = find(db, books.shop, typed) if typed else []
            return tuple(one for one in found if one.kind == "goods")

        def ready(found: tuple[Product, ...]) -> None:
            if self._screen.search.text().strip() == typed:
                self._finding = found
                self._show()

        self._work.do(read, ready, self._refused)

    def _screen_marks(self, typed: str) -> None:
        """The first dispatch whose number holds what was typed is marked."""
        rows = self._choosing.rows.rows
        keys = [row.key for row in rows if typed and typed.upper() in row.cells[1].upper()]
        if keys:
            marked = msgspec.structs.replace(self._choosing.rows, marked=keys[0])
            self._choosing = msgspec.structs.replace(self._choosing, rows=marked)
            self._show()

    def _find(self) -> None:
        self._finding = ()
        self._show()
        self._screen.look_for()

    # --- Saying ----------------------------------------------------------------------------

    def _mark(self, key: str) -> None:
        if self._sheet is not None and self._finding is None and self._done is None:
            self._sheet = self._sheet.mark(int(key))
            self._look()
            self._show()

    def _change(self, change: Callable[[ReceivingSheet], ReceivingSheet]) -> None:
        if self._sheet is not None and self._done is None and not self._busy:
            self._keep(change(self._sheet))

    def _keep(self, sheet: ReceivingSheet) -> None:
        """Show the change at once; the disk has it a moment later."""
        self._sheet = sheet
        self._show()
        books, person = self._counter.books, self._counter.desk.person
        content = msgspec.json.encode(sheet).decode()
        self._work.do(
            lambda: save_draft(books, sheet.document, KIND, content, person),
            lambda _nothing: self._look(),
            self._refused,
        )

    def _look(self) -> None:
        """What is worth a look of the marked line, and why the document could not be posted."""
        sheet = self._sheet
        if sheet is None:
            return

        def read() -> tuple[Look | None, str]:
            return self._looked(sheet)

        def ready(looks: tuple[Look | None, str]) -> None:
            if self._sheet is sheet:
                self._looks = looks
                self._show()

        self._work.do(read, ready, self._refused)

    def _looked(self, sheet: ReceivingSheet) -> tuple[Look | None, str]:
        if sheet.source or not sheet.begun():
            return None, ""
        try:
            seen = self._room.look(sheet.delivery())
        except Refusal as refusal:
            return None, error_words(refusal)
        posted = [n for n, each in enumerate(sheet.lines) if each.quantity()]
        if sheet.marked not in posted:
            return None, ""
        return seen.looks[posted.index(sheet.marked)], ""

    def _pressed(self, name: str) -> None:
        if name == views.LABELS and self._done is not None:
            self.on_labels(self._done.key)
        elif name == views.NEW:
            self._new()
        elif name == views.IMPORT:
            self._put(ask_file(tr("调拨文件在哪里？"), self._screen.pick_file, self._import))
        elif name == "photo":
            kinds = tr("照片") + " (*.jpg *.jpeg *.png *.heic *.webp)"
            self._put(ask_file(tr("照片在哪里？"), self._screen.pick_file, self._photo, kinds))
        elif name == "find":
            self._find()
        elif name == "drop":
            self._change(ReceivingSheet.without_marked)
        else:
            self._put(ask_for(name, self._said(name)))

    def _said(self, name: str) -> Callable[[str], None]:
        def take(value: str) -> None:
            value = clean(value, most=MOST_TEXT)
            if name in ("supplier", "temperature", "approval_no"):
                self._change(lambda sheet: msgspec.structs.replace(sheet, **{name: value}))
            else:
                self._change(lambda sheet: sheet.say(**{name: value}))

        return take

    def _photo(self, value: str) -> None:
        """A picture joins the document; it is looked at now, so that nothing fails when posting."""
        path = Path(value.strip()).expanduser()

        def ready(content: bytes) -> None:
            assert content
            self._change(
                lambda sheet: msgspec.structs.replace(
                    sheet, photos=tuple(dict.fromkeys((*sheet.photos, str(path))))[:MOST_PHOTOS]
                )
            )

        self._work.do(lambda: read_photo(path), ready, self._refused)

    def _import(self, value: str, *, new_key: bool = False) -> None:
        """Another shop's file; one that signs with a new key needs a person's word."""
        desk, path = self._counter.desk, Path(value.strip()).expanduser()

        def refused(error: ShopError) -> None:
            if error.code != "sender_key_changed":
                self._refused(error)
                return
            choices = (("trust", tr("问过对方店，是真的")),)
            self._put(
                ask_choice(
                    error_words(error), choices, lambda _yes: self._import(value, new_key=True)
                )
            )

        self._work.do(
            lambda: TransferFiles(desk).take_in(path, new_key=new_key).dispatch.document,
            self._open_dispatch,
            refused,
        )

    # --- Posting ---------------------------------------------------------------------------

    def _confirm(self) -> None:
        if self._busy:
            return
        if self._done is not None:
            self.open()
        elif self._finding is not None:
            self._sounds.play("refused")
        elif self._sheet is not None and self.view.confirm_enabled:
            self._post(NOBODY)
        elif self._sheet is not None:
            self._sounds.play("refused")
            self._show(MessageView(text=self.view.confirm_reason, tone="warn"))

    def _again(self, approver: Approver) -> None:
        self._post(approver)

    def _post(self, approver: Approver) -> None:
        sheet = self._sheet
        if sheet is None or self._busy or self._done is not None:
            return
        self._busy = True

        def ready(done: Done) -> None:
            self._settle()
            self._done = done
            self._show()

        room, desk = self._room, self._counter.desk
        self._work.do(lambda: posted(room, desk, sheet, approver), ready, self._refused)

    # --- Showing ---------------------------------------------------------------------------

    def _back(self) -> None:
        if self._done is not None or self._sheet is None:
            self.on_left()
        elif self._finding is not None and self._sheet.lines:
            self._finding = None
            self._screen.search.clear()
            self._show()
        else:
            self._set_aside()

    def _set_aside(self) -> None:
        """Esc keeps what was begun and forgets what was not."""
        sheet, books = self._sheet, self._counter.books
        person = self._counter.desk.person

        def drop() -> None:
            if sheet is not None and not sheet.begun():
                with transaction(books, staff=person) as tx:
                    drop_draft(tx, sheet.document)

        self._work.do(drop, lambda _nothing: self.open(), self._refused)

    def _page_view(self) -> DocumentView:
        if self._done is not None:
            return self._done.view
        if self._sheet is None:
            return self._choosing
        if self._finding is not None:
            return views.finding_view(self._sheet, goods_rows(self._finding))
        return views.writing_view(self._sheet, *self._looks)

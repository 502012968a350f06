"""标签 joined to the labels of the shop: chosen, looked at as they will be, printed."""

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QTimer

from app.errors import Refusal, ShopError
from app.facts.catalogue import Product
from app.sales.labels import TagDue
from app.staff.rules import NOBODY, Approver
from app.text import clean
from ui.label_views import LabelsView
from ui.language import tr
from ui.presenters import label_run as run
from ui.presenters import label_sheet as sheets
from ui.presenters import label_views as views
from ui.presenters.asking import ask_choice, ask_value
from ui.presenters.desk_work import DeskWork
from ui.presenters.document_page import DocumentPage
from ui.presenters.goods_scan import goods_of, goods_rows
from ui.presenters.label_choices import choices_of, plu_choices, plu_written, titles
from ui.presenters.label_run import Ended, Looked
from ui.presenters.label_sheet import LabelLine, LabelSheet
from ui.presenters.stock_pages import lots_named
from ui.room_views import RowView
from ui.screens.labels import LabelsScreen
from ui.sounds import Sounds
from ui.startup import Till
from ui.views import MessageView
from ui.worker_signal import Counted

LIVE_MS = 700
"""How often the file of a template is looked at while its label is shown."""
Pick = tuple[str, tuple[RowView, ...], Callable[[str], None], bool]
"""What is chosen, the rows, what the chosen key does, and whether it is goods."""


class LabelsPresenter(DocumentPage):
    """Holds the list of tags that lie, and the labels about to be printed."""

    def __init__(
        self, till: Till, screen: LabelsScreen, work: DeskWork, slow: DeskWork, sounds: Sounds
    ) -> None:
        """`slow` prints: the counter's own worker goes on selling."""
        super().__init__(till.counter, screen, work, sounds)
        self._till, self._labels, self._slow = till, till.labels, slow
        self._due: tuple[TagDue, ...] = ()
        self._sheet: LabelSheet | None = None
        self._looked = Looked()
        self._stamp = 0
        self._pick: Pick | None = None
        self._progress: tuple[str, int, int] = ("", 0, 0)
        self._counted = Counted(screen, self._told)
        self._live = QTimer(screen)
        self._live.setInterval(LIVE_MS)
        self._live.timeout.connect(self._look_if_saved)
        screen.searched.connect(self.search)
        screen.marked.connect(self._mark)
        screen.quantity_typed.connect(lambda text: self._change(lambda s: s.say(typed=text)))
        screen.stepped.connect(lambda by: self._change(lambda s: s.step(by)))

    # --- Choosing --------------------------------------------------------------------------

    def open(self, message: MessageView | None = None) -> None:
        """The shelves whose tags lie."""
        self._sheet = self._pick = self._asking = None
        self._live.stop()
        self._screen.search.clear()

        def ready(due: list[TagDue]) -> None:
            self._due = tuple(due)
            self._show(message)

        self._work.do(self._labels.due, ready, self._refused)

    def open_document(self, key: str) -> None:
        """Labels for what came in by a document ("receiving:…")."""
        self._pick = self._asking = None
        self._begin(sheets.PRODUCT, ())

        def ready(lines: tuple[LabelLine, ...]) -> None:
            self._begin(sheets.PRODUCT, lines)

        self._work.do(lambda: run.of_document(self._till, key), ready, self._refused)

    def _begin(self, kind: str, lines: tuple[LabelLine, ...]) -> None:
        to = sheets.PRINTER if self._labels.prints else sheets.PAPER
        self._live.start()
        self._keep(LabelSheet(kind=kind, to=to, lines=lines[: sheets.MOST_LINES]))

    def search(self, typed: str) -> None:
        """Goods by a few letters."""

        def ready(found: list[Product]) -> None:
            if self._screen.search.text().strip() == typed:
                finding = bool(typed) or self._sheet is not None
                rows = goods_rows(found)
                self._pick = (tr("找货"), rows, self._add_code, True) if finding else None
                self._show()

        self._work.do(lambda: run.found(self._counter, typed), ready, self._refused)

    def scan(self, text: str) -> None:
        """Goods under the scanner join what will be printed."""
        if self._asking is not None or self._progress[0]:
            self._sounds.play("refused")
            return
        self._work.do(lambda: goods_of(self._counter, text).product, self._add, self._refused)

    def _add_code(self, code: str) -> None:
        self._work.do(lambda: self._counter.product(code), self._add, self._refused)

    def _add(self, one: Product) -> None:
        self._pick = None
        self._screen.search.clear()
        self._sounds.play("accepted")
        if self._sheet is None:
            kind = sheets.WEIGH if one.weighed else sheets.TAG
            self._begin(kind, LabelSheet().scanned(one).lines)
        else:
            self._change(lambda sheet: sheet.scanned(one))

    def _open_row(self, key: str) -> None:
        if self._pick is not None:
            taken, self._pick = self._pick[2], None
            self._screen.search.clear()
            taken(key)
        elif self._sheet is None:
            self._begin(sheets.TAG, run.of_due([self._due[int(key)]]))

    # --- Saying ----------------------------------------------------------------------------

    def _mark(self, key: str) -> None:
        if self._sheet is not None and self._pick is None:
            self._keep(self._sheet.mark(int(key)))

    def _change(self, change: Callable[[LabelSheet], LabelSheet]) -> None:
        if self._sheet is None or self._progress[0]:
            return
        try:
            self._keep(change(self._sheet))
        except Refusal as refusal:
            self._refused(refusal)

    def _keep(self, sheet: LabelSheet) -> None:
        self._sheet = sheet
        self._show()
        self._look()

    def _look(self) -> None:
        """Draw the marked line's label again."""
        sheet = self._sheet
        if sheet is None:
            return
        templates = self._till.label_templates

        def read() -> tuple[Looked, int]:
            # The stamp first: what is saved while the label is drawn is seen at the next look.
            saved = run.stamp(templates, sheet.template_name)
            return run.looked(self._labels, sheet), saved

        def ready(found: tuple[Looked, int]) -> None:
            if self._sheet is sheet:
                self._looked, self._stamp = found
                self._show(None if self._looked.wrong else self.view.message)

        self._work.do(read, ready, self._refused)

    def _look_if_saved(self) -> None:
        """A template that somebody saved just now shows what it has become."""
        sheet = self._sheet
        if sheet is None or not self._screen.isVisible() or self._progress[0]:
            return
        if run.stamp(self._till.label_templates, sheet.template_name) != self._stamp:
            self._look()

    def _pressed(self, name: str) -> None:
        sheet = self._sheet
        if name == views.ALL:
            self._begin(sheets.TAG, run.of_due(self._due))
        elif name == views.PLU:
            self._ask_plu()
        elif sheet is None or self._progress[0]:
            return
        elif name == views.FIND:
            self._find(sheet)
        elif name == views.DROP:
            self._change(LabelSheet.without_marked)
        elif name == views.EDIT:
            self._edit(sheet.template_name)
        elif name in (views.KIND, views.TEMPLATE, views.WHERE, "digits"):
            self._choose_of_sheet(name, sheet)
        elif name == "lot":
            self._choose_lot(sheet)
        elif name == "grams":
            self._weigh(sheet)
        else:
            self._put(ask_value(titles()[name], self._say(name)))

    def _say(self, name: str) -> Callable[[str], None]:
        def take(value: str) -> None:
            value = clean(value, most=20)
            if name in ("valid_from", "valid_to"):
                self._change(lambda sheet: msgspec.structs.replace(sheet, **{name: value}))
            elif name == "serial" and not (value.isascii() and value.isdigit()):
                self._refused(Refusal("bad_quantity", text=value))
            else:
                self._change(lambda sheet: sheet.say(**{name: value}))

        return take

    def _find(self, sheet: LabelSheet) -> None:
        if sheet.kind == sheets.SHELF:

            def add(value: str) -> None:
                line = LabelLine(zone=clean(value, most=20))
                self._change(lambda now: now.with_line(line))

            self._put(ask_value(tr("货架号"), add))
            return
        self._pick = (tr("找货"), (), self._add_code, True)
        self._show()
        self._screen.look_for()

    def _choose_of_sheet(self, name: str, sheet: LabelSheet) -> None:
        def taken(key: str) -> None:
            if name == views.KIND:
                self._change(lambda now: now.of_kind(key))
            elif name == views.WHERE and key == sheets.PRINTER and not self._labels.prints:
                self._refused(Refusal("no_label_printer"))
            else:
                self._change(lambda now: msgspec.structs.replace(now, **{name: key}))

        title, rows = choices_of(self._till, sheet, name)
        self._pick = (title, rows, taken, False)
        self._show()

    def _choose_lot(self, sheet: LabelSheet) -> None:
        line = sheet.line()
        if line is None:
            return

        def ready(found: Sequence[tuple[str, str, str]]) -> None:
            names = {lot: batch for lot, batch, _expires in found}
            rows = tuple(RowView(key=lot, cells=(batch, end)) for lot, batch, end in found)

            def taken(lot: str) -> None:
                self._change(lambda now: now.say(lot=lot, batch=names[lot]))

            self._pick = (tr("哪一批？"), rows, taken, False)
            self._show()

        self._work.do(lambda: lots_named(self._counter, line.product), ready, self._refused)

    def _weigh(self, sheet: LabelSheet) -> None:
        def ready(grams: int) -> None:
            self._sounds.play("accepted")
            self._change(lambda now: now.say(grams=grams))

        if (line := sheet.line()) is not None:
            self._work.do(lambda: run.weighed(self._till, line.product), ready, self._refused)

    def _edit(self, name: str) -> None:
        def ready(path: object) -> None:
            words = tr("用记事本改 {path}，存盘后这里马上变", path=str(path))
            self._show(MessageView(text=words, tone="plain"))
            self._look()

        self._work.do(lambda: self._till.label_templates.edit(name), ready, self._refused)

    def _ask_plu(self) -> None:
        def write(choice: str) -> None:
            def ready(said: MessageView) -> None:
                self._sounds.play("accepted")
                self._show(said)

            self._work.do(lambda: plu_written(self._till, choice), ready, self._refused)

        choices = plu_choices(self._till)
        if choices:
            self._put(ask_choice(tr("哪种秤，几位的条码？"), choices, write, keyed=True))
        else:
            self._refused(Refusal("no_scale_format", digits="13"))

    # --- Printing --------------------------------------------------------------------------

    def _confirm(self) -> None:
        if self._progress[0]:
            self._counted.stop()
        elif self._pick is not None or self._sheet is None:
            return
        elif self.view.confirm_enabled:
            self._print(NOBODY)
        else:
            self._sounds.play("refused")
            self._show(MessageView(text=self.view.confirm_reason, tone="warn"))

    def _print(self, approver: Approver) -> None:
        sheet, labels = self._sheet, self._labels
        if sheet is None or self._progress[0] or not sheet.lines:
            return
        told, path = self._counted.begin(), run.paper_path(self._till)
        self._told(0)

        def work() -> Ended:
            if sheet.to == sheets.PAPER:
                return run.on_paper(labels, sheet, path, approver, told)
            return run.printed(labels, sheet, approver, told)

        def ready(ended: Ended) -> None:
            self._progress = ("", 0, 0)
            if ended.error is None:
                words = tr("{count} 张在打印", count=ended.labels)
                if sheet.to == sheets.PAPER:
                    words = tr("A4 纸在 {path}", path=str(path))
                self._sounds.play("money")
                self.open(MessageView(text=words, tone="ok"))
                return
            self._keep(sheet.without_first(ended.lines))
            if ended.error.code == "import_stopped":
                words = tr("停下了：打了 {count} 张，剩下的还在这里", count=ended.labels)
                self._show(MessageView(text=words, tone="warn"))
            else:
                self._refused(ended.error)

        self._slow.do(work, ready, self._not_printed)

    def _told(self, count: int) -> None:
        most = self._sheet.labels() if self._sheet is not None else 0
        words = tr("{count} / {most} 张，按 Esc 停下", count=count, most=most)
        self._progress = (words, count, most)
        self._show()

    def _not_printed(self, error: ShopError) -> None:
        self._progress = ("", 0, 0)
        self._refused(error)

    # --- Showing ---------------------------------------------------------------------------

    def _back(self) -> None:
        if self._progress[0]:
            self._counted.stop()
        elif self._pick is not None:
            self._pick = None
            self._screen.search.clear()
            self._show()
        elif self._sheet is not None:
            self.open()
        else:
            self.on_left()

    def _again(self, approver: Approver) -> None:
        self._print(approver)

    def _answered(self, choice: str, value: str) -> None:
        """What an answer said at once is not wiped off."""
        asking, self._asking = self._asking, None
        self._show()
        if asking is not None:
            asking.on_answer(choice, value)

    def _page_view(self) -> LabelsView:
        if self._pick is not None:
            title, rows, _taken, goods = self._pick
            return views.picking_view(title, rows, goods=goods)
        if self._sheet is not None:
            looked = self._looked
            return views.writing_view(self._sheet, looked.picture, looked.wrong, self._progress)
        return views.due_view(self._due)

"""A page of a promotion or a price list: goods picked as at the till, fields, one sentence."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from ui.language import tr
from ui.price_views import FoundGoods, PriceFormView
from ui.theme import Theme
from ui.widgets.arrange import boxed, column, label, row
from ui.widgets.form import Form
from ui.widgets.goods_list import GoodsPopup
from ui.widgets.notices import QuestionBar
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList
from ui.widgets.scan_field import ScanField


class PriceFormScreen(Room):
    """Enter walks through the fields and goes on from the last; Del takes the marked goods out,
    Ctrl+Del begins again; leaving keeps what was typed."""

    searched = Signal(str)
    picked = Signal(str)
    entered = Signal(str)
    """A code that was typed and is no search result."""
    marked = Signal(str)
    removed = Signal()
    line_edited = Signal(dict)
    edited = Signal(dict)
    cleared = Signal()
    """Begin again with an empty form."""
    confirmed = Signal()
    went_back = Signal()
    answered = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("价格与促销"))
        self.shown = PriceFormView(title="")
        self._form, self._line = Form(theme), Form(theme)
        self._form.edited.connect(self.edited)
        self._line.edited.connect(self.line_edited)
        self.question = QuestionBar(theme)
        self.question.answered.connect(self.answered)
        self._sentence = label("", "strong", wrap=True)
        self._next = self.button("", "Enter", look="primary")
        self._next.clicked.connect(self.confirmed)
        self._remove = self.button(tr("拿掉这样"), "Del")
        self._remove.clicked.connect(self.removed)
        self._back.clicked.disconnect(self.left)
        self._back.clicked.connect(self.went_back)
        self.foot.addWidget(self._remove)
        self.foot.addWidget(self._next)
        self._goods_side = self._build_goods()
        body = row(gap=theme.px(16))
        body.addWidget(self._goods_side, 1)
        body.addWidget(self._build_fields(), 1)
        said = column(self.question, self._sentence)
        whole = column(body, theme.px(10), boxed(said))
        whole.setStretch(0, 1)
        self.build(whole)

    def _build_goods(self) -> QWidget:
        theme, px = self.theme, self.theme.px
        self._picks = label("", "muted")
        self.search = ScanField(theme, "F2")
        self.search.setAccessibleName(tr("找货"))
        self.search.searched.connect(self.searched)
        self.search.entered.connect(self.entered)
        self._goods = RowList(theme)
        self._goods.marked.connect(self.marked)
        self._line_title = label("", "strong")
        self._line_box = boxed(column(self._line_title, px(4), self._line))
        side = boxed(
            column(
                self._picks, px(4), self.search, px(6),
                card(theme, column(self._goods), pad=0), px(6), self._line_box,
            )
        )  # fmt: skip
        layout = side.layout()
        assert layout is not None
        layout.setStretch(4, 1)  # type: ignore[attr-defined]
        self._found = GoodsPopup(theme)
        self._found.setParent(side)
        self._found.hide()
        self._found.chosen.connect(self._pick)
        self._found.missed.connect(self.search.enter)
        return side

    def _build_fields(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(boxed(column(self._form, None)))
        self._scroll = scroll
        return card(self.theme, column(scroll), pad=16)

    def show_view(self, view: PriceFormView) -> None:
        """Show a page of the form."""
        before, self.shown = self.shown, view
        self.title.setText(view.title)
        self.under.setText(view.under)
        self.show_message(view.message)
        picks = bool(view.picks)
        self._goods_side.setVisible(picks)
        self._picks.setText(view.picks)
        self._goods.show_view(view.goods)
        self._line_title.setText(view.line_title)
        self._line.show_fields(view.line, columns=2)
        self._line_box.setVisible(bool(view.line))
        self._form.show_fields(view.fields, columns=1 if picks else 2)
        self._sentence.setText(view.sentence)
        self._next.set_word(view.next_word)
        self._next.set_usable(view.question is None)
        self._remove.setVisible(picks and bool(view.goods.rows))
        self.question.show_view(view.question)
        self._sentence.setVisible(view.question is None)
        fresh = (view.title, view.picks) != (before.title, before.picks)
        wrong = [field for field in view.fields if field.error]
        if view.question is not None:
            self.question.take_focus()
        elif wrong and view.message is not None and view.message != before.message:
            # What was refused just now is the next thing to look at.
            self._go_to(self._form.field(wrong[0].name))
        elif fresh or before.question is not None or self.focusWidget() is None:
            self._begin(view)

    def show_found(self, found: FoundGoods) -> None:
        """Search results under the field."""
        self._found.show_goods(found.goods, found.typed)
        self._place_found()

    def focus_line(self) -> None:
        """The goods were picked: now their price."""
        if fields := self._line.fields:
            fields[0].show()
            fields[0].setFocus()
            fields[0].selectAll()

    def act(self, action: str) -> bool:
        """Enter goes on, Esc back; arrows walk the results, the goods or the fields."""
        if self.question.act(action):
            return True
        if action == "back":
            self._step_back()
        elif action == "enter":
            self._enter()
        elif action in ("up", "down"):
            self._walk(1 if action == "down" else -1)
        elif action in ("page_up", "page_down"):
            self._goods.act(action)
        elif action == "remove":
            self.removed.emit()
        elif action == "clear":
            self.cleared.emit()
        elif action == "find" and self.shown.picks:
            self.search.setFocus()
        else:
            # A slip on a key of the till must not throw away a half-written form.
            return action not in ("mute", "lock")
        return True

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place_found()

    def _stops(self) -> list[QLineEdit]:
        goods = [self.search, *self._line.fields] if self.shown.picks else []
        return [*goods, *self._form.fields]

    def _begin(self, view: PriceFormView) -> None:
        if view.picks:
            self.search.setFocus()
        elif fields := self._form.fields:
            fields[0].show()
            fields[0].setFocus()

    def _step_back(self) -> None:
        if self._found.isVisible():
            self._found.hide()
        elif not self.message.answer():
            self.went_back.emit()

    def _enter(self) -> None:
        typed = self.search.text().strip()
        if self.search.hasFocus() and (self._found.enter(typed) or self.search.enter()):
            return
        stops = self._stops()
        here = [number for number, stop in enumerate(stops) if stop.hasFocus()]
        if self._line.fields and here and stops[here[0]] is self._line.fields[-1]:
            self.search.setFocus()
        elif self.search.hasFocus() and self._form.fields:
            self._go_to(self._form.fields[0])
        elif here and here[0] + 1 < len(stops):
            self._go_to(stops[here[0] + 1])
        else:
            self.confirmed.emit()

    def _walk(self, step: int) -> None:
        if self.search.hasFocus():
            if not self._found.move_by(step, self.search.text().strip()):
                self._goods.act("down" if step > 0 else "up")
            return
        stops = self._stops()
        here = [number for number, stop in enumerate(stops) if stop.hasFocus()]
        if here:
            self._go_to(stops[max(0, min(len(stops) - 1, here[0] + step))])

    def _go_to(self, field: QLineEdit) -> None:
        """On low screens the fields scroll: the one that has the cursor is in sight."""
        field.show()
        field.setFocus()
        field.selectAll()
        if field in self._form.fields:
            self._scroll.ensureWidgetVisible(field, 0, self.theme.px(24))

    def _pick(self, code: str) -> None:
        self.search.clear()
        self._found.hide()
        self.picked.emit(code)

    def _place_found(self) -> None:
        if self._found.isVisible():
            top = self.search.geometry().bottom() + self.theme.px(4)
            room = self._goods_side.height() - top
            height = min(self._found.wanted_height(), room)
            self._found.setGeometry(0, top, self._goods_side.width(), height)
            self._found.raise_()

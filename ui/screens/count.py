"""盘点: scan a shelf, scan what lies there; the number of this shelf is the largest thing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from ui.count_views import CountView, ZoneView
from ui.language import tr
from ui.theme import Theme
from ui.widgets.arrange import column, empty, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import QuestionBar
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList
from ui.widgets.scan_field import ScanField

_ZONE_SIGNS = {"counted": "✓", "here": "▶", "missed": "○"}
_ROWS = ("sheet", "again", "review", "looks", "zero", "closed")
_FIELD = ("start", "count", "sheet", "again")
"""Where something is typed or scanned."""


class CountField(ScanField):
    """Digits are a number or a code; a letter is a key of the page, Backspace in an empty field
    takes the last entry back."""

    undone = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.text()
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.undone.emit()
        elif typed and typed.isprintable() and typed not in "0123456789.*×":
            event.ignore()
        else:
            super().keyPressEvent(event)


class CountScreen(Room):
    """Letters ask, digits say how much, Enter takes, Backspace takes back."""

    asked = Signal(str)
    zone_chosen = Signal(str)
    entered = Signal(str)
    waits = Signal(str)
    marked = Signal(str)
    confirmed = Signal()
    went_back = Signal()
    answered = Signal(str, str)
    opened = Signal(str)
    """The key of a row that was chosen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("盘点"))
        px = theme.px
        self._view = CountView()
        self.field = CountField(theme)
        self.field.setAccessibleName(tr("数量或货号"))
        self.field.entered.connect(self.entered)
        self.field.quantity_typed.connect(self.waits)
        self.field.undone.connect(lambda: self.asked.emit("undo"))
        self.question = QuestionBar(theme)
        self.question.answered.connect(self.answered)
        self._zones = row(gap=px(12))
        self._marks = label("", "accent")
        strip = row(self._zones, None, self._marks, gap=px(16))
        self._list = RowList(theme)
        self._list.marked.connect(self.marked)
        self._list.chosen.connect(self.opened)
        self._list.acted.connect(self.opened)
        self._pages = QStackedWidget()
        self._each_page = (self._build_article(), card(theme, column(self._list), pad=0))
        for page in self._each_page:
            self._pages.addWidget(page)
        body = column(self.question, self.field, strip, self._pages, gap=px(8))
        body.setStretch(3, 1)
        self._build_foot()
        self.build(body)

    def _build_article(self) -> QWidget:
        theme, px = self.theme, self.theme.px
        self._name = label("", "headline", wrap=True)
        self._detail = label("", "muted", wrap=True)
        self._entry = label("", "product")
        self._total_label = label("", "product")
        self._total = label("", "change")
        self._recent = label("", "muted", wrap=True)
        for figure in (self._total_label, self._total):
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        figures = column(self._total_label, self._total, None, gap=0)
        article = column(self._name, self._detail, self._entry, None, gap=px(6))
        top = row(article, None, figures, gap=px(24))
        top.setStretch(0, 3)
        return card(theme, column(top, None, self._recent, gap=px(8)), pad=16)

    def _build_foot(self) -> None:
        self._asks = QHBoxLayout()
        self._asks.setSpacing(self.theme.px(8))
        self._buttons: dict[str, ActionButton] = {}
        self.foot.addLayout(self._asks)
        self._net_label = label("", "product")
        self._net = label("", "headline")
        self._confirm = self.button("", "Enter", look="primary")
        self._confirm.setFixedWidth(self.theme.px(190))
        self._confirm.clicked.connect(self.confirmed)
        self._back.clicked.disconnect(self.left)
        self._back.clicked.connect(self.went_back)
        self._back.setFixedWidth(self.theme.px(110))
        for part in (self._net_label, self._net, self._confirm):
            self.foot.addWidget(part)

    def show_view(self, view: CountView) -> None:
        """Show the count as it stands."""
        self._view = view
        self.under.setText(view.under)
        self._show_zones(view.zones)
        self._marks.setText(view.marks)
        shown = 1 if view.mode in _ROWS else 0
        self._pages.setCurrentIndex(shown)
        for place, page in enumerate(self._each_page):
            # A page that is not shown needs no height: on a low screen a question has it.
            height = QSizePolicy.Policy.Preferred if place == shown else QSizePolicy.Policy.Ignored
            page.setSizePolicy(QSizePolicy.Policy.Expanding, height)
        self._list.show_view(view.rows)
        self._name.setText(view.name)
        self._detail.setText(view.detail)
        self._entry.setText(view.entry)
        self._total_label.setText(view.total_label)
        self._total.setText(view.total)
        self._recent.setText("　·　".join(view.recent) if view.recent else view.note)
        self.field.show_quantity(view.waiting)
        self.field.setPlaceholderText(view.hint)
        self.field.setVisible(view.mode in _FIELD and view.question is None)
        for figure, words in ((self._net_label, view.net_label), (self._net, view.net)):
            figure.setText(words)
            figure.setVisible(bool(words))
        self._confirm.set_word(view.confirm_word)
        self._confirm.setVisible(bool(view.confirm_word))
        asking = view.question is not None
        reason = "" if view.confirm_enabled else view.confirm_reason
        self._confirm.set_usable(view.confirm_enabled and not asking, reason)
        self._show_buttons(view)
        self.question.show_view(view.question)
        self.show_message(view.message)
        if asking:
            self.setFocus()
            self.question.take_focus()
        elif self.field.isVisible():
            self.field.setFocus()
        else:
            self.setFocus()

    def _show_buttons(self, view: CountView) -> None:
        wanted = [f"{each.name} {each.word}" for each in view.buttons]
        if list(self._buttons) != wanted:
            empty(self._asks)
            self._buttons = {}
            for key, each in zip(wanted, view.buttons, strict=True):
                button = ActionButton(self.theme, each.word, each.key, height=60)
                button.clicked.connect(lambda _=False, name=each.name: self.asked.emit(name))
                self._buttons[key] = button
                self._asks.addWidget(button)
        for each, button in zip(view.buttons, self._buttons.values(), strict=True):
            button.set_chosen(each.name == view.mode)

    def _show_zones(self, zones: tuple[ZoneView, ...]) -> None:
        """Each shelf is a button: a finger goes there without a scanner."""
        empty(self._zones)
        for each in zones:
            sign = _ZONE_SIGNS[each.state]
            button = ActionButton(self.theme, f"{sign} {each.zone}", height=40, size="body")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.set_chosen(each.state == "here")
            button.clicked.connect(lambda _=False, zone=each.zone: self.zone_chosen.emit(zone))
            self._zones.addWidget(button)

    def act(self, action: str) -> bool:
        """Enter takes what was typed, else goes on; Esc goes one step back; arrows walk."""
        if self.question.act(action):
            return True
        if action == "back":
            if not self.message.answer():
                self.went_back.emit()
            return True
        if action == "enter":
            if not (self.field.isVisible() and self.field.enter()) and not self._open_marked():
                self.confirmed.emit()
            return True
        return self._list.act(action)

    def _open_marked(self) -> bool:
        """Enter settles the marked row where rows are what is settled."""
        return self._view.mode == "looks" and self._list.act("enter")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter asks for what its button says; the field left it for the page. A question with
        several answers has a digit for each."""
        typed = event.text().upper()
        if self._view.question is not None:
            choices, taken = self._view.question.choices, self.answered
            names = {} if self._view.question.value else {e.key: e.name for e in choices}
            if typed in names:
                taken.emit(names[typed], "")
                return
        else:
            names = {each.key: each.name for each in self._view.buttons}
            if typed in names:
                self.asked.emit(names[typed])
                return
        event.ignore()

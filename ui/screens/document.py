"""One page for every document of the stock room: scan or find lines, say how much, post."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget

from ui.document_views import DocumentLineView, DocumentView, SayView
from ui.keys import key_of
from ui.language import tr
from ui.theme import Theme
from ui.views import BROWSE
from ui.widgets.amounts import QuantityEdit
from ui.widgets.arrange import boxed, column, empty, label, relook, row
from ui.widgets.buttons import ActionButton, NumberPad
from ui.widgets.notices import QuestionBar
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList
from ui.widgets.scan_field import ScanField
from ui.widgets.steps import MORE, Steps

MOST_VALUE = 12
"""Characters of what was said that a button shows: a date, a batch; the rest is cut with …"""


class DocumentScreen(Room):
    """Letters choose what to say, digits say how much, Enter posts, Esc puts aside."""

    searched = Signal(str)
    opened = Signal(str)
    """The key of a row while nothing is being written."""
    marked = Signal(str)
    quantity_typed = Signal(str)
    stepped = Signal(int)
    all_of_line = Signal()
    pressed = Signal(str)
    """The name of something to say, or of a button of the foot."""
    confirmed = Signal()
    went_back = Signal()
    answered = Signal(str, str)

    def __init__(self, theme: Theme, title: str, *, beside: Sequence[QWidget] = ()) -> None:
        """`beside` stands over what is said of the marked line."""
        super().__init__(theme, title)
        px = theme.px
        # A list whose letters are keys needs no field for them.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view = DocumentView(confirm_word="")
        self.search = ScanField(theme)
        self.search.searched.connect(self.searched)
        self._list = RowList(theme)
        self._list.marked.connect(self.marked)
        self._list.chosen.connect(self._choose)
        self._pad = NumberPad(theme, height=40)
        self._pad.hide()
        self.question = QuestionBar(theme)
        self.question.answered.connect(self.answered)
        self._pad.pressed.connect(self.question.press)
        # A question takes the field's place: there is room for all its answers.
        self._lines = card(theme, column(self._list), pad=0)
        left = column(self.search, self.question, self._lines, self._pad, None, gap=px(8))
        # While the list is away what is left stands at the top.
        left.setStretch(2, 1000)
        self._build_line()
        self._facts = column(gap=px(4))
        self._note = label("", "muted", wrap=True)
        self._head = QGridLayout()
        self._head.setSpacing(px(6))
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head_box = boxed(self._head)
        side = column(
            *beside, self._line_box, self._facts, self._head_box, self._note, None, gap=px(8)
        )
        body = row(gap=px(16))
        body.addLayout(left, 3)
        self._beside, self._side = tuple(beside), card(theme, side, pad=12)
        body.addWidget(self._side, 2)
        self._build_foot()
        self.build(body)

    def _build_line(self) -> None:
        theme, px = self.theme, self.theme.px
        self._name = label("", "strong", wrap=True)
        self.field = QuantityEdit()
        self.field.setAccessibleName(tr("数量"))
        self.field.textEdited.connect(self.quantity_typed)
        self.steps = Steps(theme)
        self.steps.stepped.connect(self.stepped)
        self.steps.all_of_it.connect(self.all_of_line)
        typed = row(self.field, self.steps, gap=px(8))
        typed.setStretch(0, 1)
        self._line_note = label("", "accent", wrap=True)
        self._says = QGridLayout()
        self._says.setSpacing(px(6))
        self._line_box = boxed(column(self._name, typed, self._line_note, self._says, gap=px(6)))
        self._buttons: dict[str, ActionButton] = {}
        self._across = 2

    def _build_foot(self) -> None:
        self._extra = QHBoxLayout()
        self._extra.setSpacing(self.theme.px(8))
        self._extras: tuple[str, ...] = ()
        self._total_label = label("", "product")
        self._total = label("", "title")
        self._confirm = self.button("", "Enter", look="primary")
        self._confirm.clicked.connect(self._go_on)
        self._back.clicked.disconnect(self.left)
        self._back.clicked.connect(self.went_back)
        self.foot.addLayout(self._extra)
        for part in (self._total_label, self._total, self._confirm):
            self.foot.addWidget(part)

    def show_view(self, view: DocumentView) -> None:
        """Show the page as it stands."""
        before, self._view = self._view, view
        self.under.setText(view.under)
        self.search.setPlaceholderText(view.hint)
        self.search.setAccessibleName(view.hint)
        self.search.setVisible(bool(view.hint) and view.question is None)
        self._list.show_view(view.rows)
        self.show_message(view.message)
        asking = view.question is not None
        self._line_box.setVisible(view.line is not None)
        self._head_box.setVisible(bool(view.head))
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note) and view.message is None)
        self._show_says(view)
        if view.line is not None:
            self._show_line(view.line)
        empty(self._facts)
        for words, value in view.facts:
            self._facts.addLayout(row(label(words), None, label(value, "strong"), gap=8))
        said = (view.line, view.head, view.facts, not self._note.isHidden())
        # A card without a word would only take the list's room.
        self._side.setVisible(any(said) or any(not each.isHidden() for each in self._beside))
        self._show_extras(view)
        self._total_label.setText(view.total_label)
        self._total.setText(view.total)
        self._confirm.set_word(view.confirm_word)
        reason = "" if view.confirm_enabled else view.confirm_reason
        self._confirm.set_usable(view.confirm_enabled and not asking, reason)
        self.question.show_view(view.question)
        self._fit()
        self._pad.setVisible(view.question is not None and view.question.value != "file")
        self._take_focus(before, view)

    def _take_focus(self, before: DocumentView, view: DocumentView) -> None:
        if view.question is not None:
            self.setFocus()
            self.question.take_focus()
        elif view.typing or (view.choosing and self.search.text()):
            self.search.setFocus()
        elif view.line is None:
            self.setFocus()
        elif before.line is None or before.line.key != view.line.key or before.question is not None:
            self.field.setFocus()
            self.field.selectAll()
        else:
            self.field.setFocus()

    def marked_key(self) -> str:
        """Key of the marked row."""
        return self._list.rows.marked_key()

    def look_for(self) -> None:
        """Let fingers type what no scanner reads."""
        self.search.clear()
        self.search.setFocus()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """Large type on a low screen: everything stays, in lower buttons side by side."""
        tight = self.height() < self.theme.px(620)
        # A question and its digits need the list's room on a low screen.
        self._lines.setVisible(not tight or self._view.question is None)
        for button in self._buttons.values():
            button.set_height(30 if tight else 44)
        for grid in (self._says, self._head):
            grid.setSpacing(self.theme.px(3 if tight else 6))
        if self._across != (across := 3 if tight else 2):
            self._across = across
            self._place()
            for each in (*self._view.says, *self._view.head):
                self._buttons[each.name].set_word(self._word_of(each))

    def _place(self) -> None:
        """The buttons of what may be said, so many side by side."""
        for grid, says in ((self._says, self._view.says), (self._head, self._view.head)):
            for button in (self._buttons[each.name] for each in says):
                grid.removeWidget(button)
            for place, each in enumerate(says):
                grid.addWidget(
                    self._buttons[each.name], place // self._across, place % self._across
                )
            for number in range(3):
                grid.setColumnStretch(number, 1 if number < self._across else 0)

    def act(self, action: str) -> bool:
        """Enter goes on, Esc goes one step back, arrows walk."""
        if self.question.act(action):
            return True
        if action == "back":
            if not self.message.answer():
                self.went_back.emit()
            return True
        if action == "enter":
            self._go_on()
            return True
        if action == "advice":
            return self.steps.press(MORE)
        if action == "find" and self._browsing():
            self.answered.emit(BROWSE, "")
            return True
        return self._list.act(action)

    def _browsing(self) -> bool:
        """Whether the question that stands asks for a file."""
        question = self._view.question
        return question is not None and any(e.name == BROWSE for e in question.choices)

    def pick_file(self, kinds: str) -> str:
        """A file somebody picks from the disk, "" for none."""
        path, _kind = QFileDialog.getOpenFileName(self, tr("选文件…"), str(Path.home()), kinds)
        return path

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key does what carries it; the fields left it for the page. In a list any other
        character begins to look for something."""
        typed = key_of(event)
        if self._view.question is not None:
            self._press_choice(typed, event)
            return
        names = {each.key: each.name for each in (*self._view.says, *self._view.head)}
        names |= {each.key: each.name for each in self._view.buttons}
        if typed in names:
            self.pressed.emit(names[typed])
        elif self.steps.press(typed):
            return
        elif self._view.choosing and self._view.hint and event.text().isalnum():
            self.search.setFocus()
            self.search.insert(event.text())
            self.searched.emit(self.search.text().strip())
        else:
            event.ignore()

    def _press_choice(self, typed: str, event: QKeyEvent) -> None:
        """A question with several answers has a digit for each."""
        question = self._view.question
        assert question is not None
        for choice in question.choices:
            if choice.key == typed and not question.value:
                self.answered.emit(choice.name, "")
                return
        event.ignore()

    def _go_on(self) -> None:
        if self._view.choosing and self._list.rows.marked_key():
            self.opened.emit(self._list.rows.marked_key())
        else:
            self.confirmed.emit()

    def _choose(self, key: str) -> None:
        if self._view.choosing:
            self.opened.emit(key)

    def _show_line(self, line: DocumentLineView) -> None:
        self._name.setText(line.name)
        self.field.set_weighed(line.weighed)
        # Letters are keys here, also beside weighed goods: no input method may hold them.
        self.field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if self.field.text() != line.quantity:
            self.field.setText(line.quantity)
        relook(self.field, "refused", line.refused)
        self._line_note.setText(line.note)
        self._line_note.setVisible(bool(line.note) and self._view.message is None)

    def _show_says(self, view: DocumentView) -> None:
        wanted = [each.name for each in (*view.says, *view.head)]
        if list(self._buttons) != wanted:
            self._buttons = {}
            for grid, says in ((self._says, view.says), (self._head, view.head)):
                empty(grid)
                for each in says:
                    self._say_button(each)
            self._place()
            self._fit()
        for each in (*view.says, *view.head):
            button = self._buttons[each.name]
            button.set_chosen(bool(each.value))
            button.set_word(self._word_of(each))
            button.setAccessibleName(f"{each.word} {each.value}".rstrip())

    def _word_of(self, each: SayView) -> str:
        """The word and what was said; where the page is tight, what was said alone."""
        most = MOST_VALUE if self._across == 2 else MOST_VALUE - 2
        value = each.value if len(each.value) <= most else f"{each.value[: most - 1]}…"
        if value and self._across > 2:
            return value
        return f"{each.word} {value}".rstrip() + (" ▲" if each.missing else "")

    def _say_button(self, each: SayView) -> None:
        button = ActionButton(self.theme, each.word, each.key, height=44, size="small")
        button.clicked.connect(lambda _=False, name=each.name: self.pressed.emit(name))
        self._buttons[each.name] = button

    def _show_extras(self, view: DocumentView) -> None:
        wanted = tuple(f"{each.name} {each.word}" for each in view.buttons)
        if wanted == self._extras:
            return
        self._extras = wanted
        empty(self._extra)
        for each in view.buttons:
            button = self.button(each.word, each.key)
            button.setFixedWidth(self.theme.px(112))
            button.clicked.connect(lambda _=False, name=each.name: self.pressed.emit(name))
            self._extra.addWidget(button)

"""First run: one question a page, 'later' on each, resumable. Ten minutes to the first sale."""

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from ui.language import tr
from ui.room_views import CardView, FieldView, GuideView
from ui.screens.devices import ExplainCard
from ui.screens.menus import BigTile
from ui.screens.sign_in import ShieldPicture
from ui.theme import Theme
from ui.widgets import paint
from ui.widgets.amounts import MoneyEdit
from ui.widgets.arrange import boxed, column, empty, label, relook, row, walk
from ui.widgets.buttons import ActionButton
from ui.widgets.notices import InlineMessage
from ui.widgets.picture import PaperPicture

FIELD_WIDTH, BROWSE_WIDTH = 420, 176
PICKED = ("file", "folder")
"""Kinds of fields with a button that shows the disk."""


class StepList(QWidget):
    """The pages at the left: done ones with a tick, the present one marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._steps: tuple[str, ...] = ()
        self._present = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_steps(self, steps: tuple[str, ...], present: int) -> None:
        """Show the steps; `present` counts from 0."""
        self._steps, self._present = steps, present
        self.setAccessibleName(f"{present + 1} / {len(steps)} {steps[present]}" if steps else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(230), self._theme.px(320))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        # On a low screen the last step is as much to be seen as the first.
        high = min(px(52), self.height() // max(1, len(self._steps)))
        for number, word in enumerate(self._steps):
            area = QRect(0, number * high, self.width(), high)
            circle = QRect(px(4), area.center().y() - px(14), px(28), px(28))
            done, now = number < self._present, number == self._present
            fill = "brand" if done or now else "surface"
            edge = theme.colour("brand" if done or now else "edge")
            paint.rounded(painter, circle, theme.colour(fill), edge, 1, px(14))
            mark = "✓" if done else str(number + 1)
            ink = theme.colour("on_brand" if done or now else "muted")
            paint.text(painter, circle, mark, theme.font("small", bold=True), ink, paint.CENTER)
            room = area.adjusted(px(44), 0, 0, 0)
            fonts = theme.font("body", bold=now), theme.font("small", bold=now)
            paint.fitted(painter, room, word, fonts, theme.colour("ink" if now else "muted"))
        painter.end()


class FirstRunScreen(QWidget):
    """`answered(fields)` on 继续; `card_chosen(name)` on a card; `later`, `back`."""

    answered = Signal(dict)
    edited = Signal(dict)
    """Somebody types: what stands in the fields now."""
    card_chosen = Signal(str)
    later = Signal()
    back = Signal()
    message_closed = Signal()
    message_action = Signal(str)
    refused = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.shown = GuideView(step=0, steps=(), title="")
        self._fields: dict[str, QLineEdit] = {}
        self._tiles: list[BigTile] = []
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("look", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        px = theme.px
        self._steps = StepList(theme)
        brand = row(ShieldPicture(theme, 36), label(tr("开平优品"), "title"), None, gap=px(12))
        left = boxed(column(brand, px(24), self._steps, margins=(px(32), px(32), px(16), px(16))))
        left.setFixedWidth(px(280))
        outer = row(left)
        outer.addWidget(self._build_page(), 1)
        self.setLayout(outer)

    def _build_page(self) -> QWidget:
        theme, px = self._theme, self._theme.px
        self._title = label("", "headline", wrap=True)
        self._detail = label("", "muted", wrap=True)
        self._message = InlineMessage(theme)
        self._message.closed.connect(self.message_closed)
        self._message.action_chosen.connect(self.message_action)
        self._cards = column(gap=px(10))
        self._form = QGridLayout()
        self._form.setHorizontalSpacing(px(16))
        self._form.setVerticalSpacing(px(8))
        self._figure = label("", "due", wrap=True)
        self._figure_note = label("", wrap=True)
        self._explain = ExplainCard(theme)
        self._paper = PaperPicture(theme)
        self._busy = label("", "muted")
        self._back = ActionButton(theme, tr("上一步"), "Esc", height=60)
        self._later = ActionButton(theme, tr("以后再说"), height=60)
        self._later.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._next = ActionButton(theme, tr("继续"), "Enter", look="primary", height=60)
        for button, width in ((self._back, 120), (self._later, 140), (self._next, 230)):
            button.setFixedWidth(px(width))
        self._back.clicked.connect(self.back)
        self._later.clicked.connect(self.later)
        self._next.clicked.connect(self._answer)
        self._next.refused.connect(self.refused)
        foot = row(self._back, self._busy, None, self._later, self._next, gap=px(8))
        asked = column(
            self._figure, self._cards, self._form, self._figure_note, self._explain, None,
            gap=px(10),
        )  # fmt: skip
        middle = row(gap=px(24))
        middle.addLayout(asked, 1)
        middle.addWidget(self._paper, 1)
        inner = column(
            self._title, px(6), self._detail, px(12), self._message, px(8), middle, px(16), foot,
            margins=(px(48), px(32), px(48), px(24)),
        )  # fmt: skip
        inner.setStretch(6, 1)
        return boxed(inner, "surface")

    def show_view(self, view: GuideView) -> None:
        """Show a page; what was already typed on the same page stays."""
        before, self.shown = self.shown, view
        self._steps.show_steps(view.steps, view.step)
        self._title.setText(view.title)
        self.setWindowTitle(view.title)
        self._detail.setText(view.detail)
        self._detail.setVisible(bool(view.detail))
        self._message.show_view(view.message)
        if view.cards != before.cards:
            self._show_cards(view.cards)
        if (view.title, view.fields) != (before.title, before.fields):
            self._show_fields(view.fields)
        self._figure.setText(view.figure)
        self._figure.setVisible(bool(view.figure))
        self._figure_note.setText(view.figure_note)
        self._figure_note.setVisible(bool(view.figure_note))
        self._explain.setVisible(view.explain is not None)
        if view.explain is not None:
            self._explain.show_view(view.explain)
        self._paper.setVisible(bool(view.preview_png))
        self._paper.show_png(view.preview_png)
        self._paper.setMinimumHeight(self._theme.px(220) if view.preview_png else 0)
        self._busy.setText(view.busy_word)
        self._back.setVisible(view.can_go_back)
        self._later.setVisible(view.can_skip)
        self._next.set_word(view.next_word or tr("继续"), "" if view.cards_first else "Enter")
        policy = Qt.FocusPolicy.TabFocus if view.cards_first else Qt.FocusPolicy.NoFocus
        self._next.setFocusPolicy(policy)
        # A card that is marked already is an answer: 继续 takes it.
        self._next.set_usable(view.next_enabled or bool(_marked(view)), view.next_reason)
        if view.fields and view.message not in (None, before.message):
            # Whatever was said, the next thing to do is in the fields.
            self._focus_field(view.fields)
        if not view.fields and _asks(view) != _asks(before):
            self._focus_card()

    def show_note(self, text: str) -> None:
        """A few words under the fields while somebody types."""
        self._figure_note.setText(text)
        self._figure_note.setVisible(bool(text))

    def act(self, action: str) -> bool:
        """Enter goes on, Esc back, arrows walk through fields."""
        if action == "enter":
            if self._next.isEnabled():
                self._answer()
        elif action == "back":
            if not self._message.answer() and self.shown.can_go_back:
                self.back.emit()
        elif action == "find":
            for view in self.shown.fields:
                if view.kind in PICKED:
                    self._pick(view)
        elif action in ("up", "down"):
            walk((*self._tiles, *self._fields.values()), 1 if action == "down" else -1)
        return action not in ("mute",)

    def take_scan(self, text: str) -> None:
        """There is nothing to sell on these pages: a code belongs into the field that is open, and
        hands that type like a scanner lose nothing. Never into one that hides what it holds."""
        field = next((each for each in self._fields.values() if each.hasFocus()), None)
        if field is not None and field.echoMode() == QLineEdit.EchoMode.Normal:
            field.insert(text)

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {name: field.text().strip() for name, field in self._fields.items()}

    def _answer(self) -> None:
        """Enter walks to the next field, and goes on from the last one."""
        if not self.shown.next_enabled:
            self.card_chosen.emit(_marked(self.shown))
            return
        fields = list(self._fields.values())
        here = [number for number, field in enumerate(fields) if field.hasFocus()]
        needed = [self._fields[view.name] for view in self.shown.fields if not view.optional]
        behind = [field for field in fields[here[0] + 1 :] if field in needed] if here else []
        if behind:
            behind[0].setFocus()
        else:
            self.answered.emit(self.values())

    def _focus_card(self) -> None:
        chosen = [tile for tile in self._tiles if tile.chosen] or self._tiles
        # Enter means 继续 wherever that can be pressed; arrows lead to the cards.
        if chosen and (self.shown.cards_first or not self.shown.next_enabled):
            # A layout shows new children later; what is not shown yet cannot take the keyboard.
            chosen[0].show()
            chosen[0].setFocus()
        else:
            self.setFocus()

    def _show_cards(self, cards: tuple[CardView, ...]) -> None:
        empty(self._cards)
        self._tiles = []
        for view in cards:
            tile = BigTile(self._theme, view, focus=True)
            tile.clicked.connect(lambda _=False, name=view.name: self.card_chosen.emit(name))
            tile.refused.connect(self.refused)
            self._cards.addWidget(tile)
            self._tiles.append(tile)

    def _show_fields(self, fields: tuple[FieldView, ...]) -> None:
        typed = self.values()
        empty(self._form)
        self._fields = {}
        for number, view in enumerate(fields):
            field = _field(view)
            field.setText(typed.get(view.name) or view.value)
            field.setFixedWidth(self._theme.px(FIELD_WIDTH))
            relook(field, "refused", bool(view.error))
            self._form.addWidget(label(view.word, "product"), number * 2, 0)
            if view.kind in PICKED:
                self._form.addLayout(self._with_browse(view, field), number * 2, 1)
            else:
                self._form.addWidget(field, number * 2, 1, Qt.AlignmentFlag.AlignLeft)
            under = label(view.error or view.hint, "danger" if view.error else "small", wrap=True)
            self._form.addWidget(under, number * 2 + 1, 1)
            field.textEdited.connect(lambda _text: self.edited.emit(self.values()))
            self._fields[view.name] = field
        self._form.setColumnStretch(1, 1)
        self._focus_field(fields)

    def _with_browse(self, view: FieldView, field: QLineEdit) -> QHBoxLayout:
        """A file's field with the button that shows the disk."""
        px = self._theme.px
        browse = ActionButton(self._theme, _pick_word(view), "F2", height=44)
        browse.setFixedWidth(px(BROWSE_WIDTH))
        browse.clicked.connect(lambda: self._pick(view))
        field.setFixedWidth(px(FIELD_WIDTH - BROWSE_WIDTH - 8))
        return row(field, browse, None, gap=px(8))

    def _pick(self, view: FieldView) -> None:
        if path := self.pick_folder() if view.kind == "folder" else self.pick_file():
            self._fields[view.name].setText(path)
            self._fields[view.name].setFocus()

    def pick_file(self) -> str:
        """A file somebody picks from the disk, "" for none."""
        path, _kind = QFileDialog.getOpenFileName(self, tr("选文件…"), str(Path.home()))
        return path

    def pick_folder(self) -> str:
        """A folder somebody picks from the disk, "" for none."""
        return QFileDialog.getExistingDirectory(self, tr("选文件夹…"), str(Path.home()))

    def _focus_field(self, fields: tuple[FieldView, ...]) -> None:
        """The first one that was wrong, else the first empty one."""
        wrong = [self._fields[view.name] for view in fields if view.error]
        open_ones = [
            self._fields[view.name]
            for view in fields
            if not view.optional and not self._fields[view.name].text()
        ]
        for field in [*wrong, *open_ones, *self._fields.values()][:1]:
            field.show()
            field.setFocus()


def _marked(view: GuideView) -> str:
    """The card that is proposed, "" when none is."""
    return next((card.name for card in view.cards if card.chosen), "")


def _asks(view: GuideView) -> tuple[object, ...]:
    """What decides where the keyboard belongs on a page of cards."""
    return view.title, view.cards, view.next_enabled, view.cards_first


def _pick_word(view: FieldView) -> str:
    return tr("选文件夹…") if view.kind == "folder" else tr("选文件…")


def _field(view: FieldView) -> QLineEdit:
    if view.kind == "money":
        return MoneyEdit()
    field = QLineEdit()
    field.setAccessibleName(view.word)
    if view.kind in ("secret", "phrase"):
        field.setEchoMode(QLineEdit.EchoMode.Password)
    if view.kind != "text":
        field.setProperty("till_field", view.kind != "phrase")
        field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    return field

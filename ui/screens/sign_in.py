"""登录 and 锁屏: who stands at the till. Staff number and PIN, by keys, by pad or by badge."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from ui.language import tr
from ui.theme import Theme
from ui.views import PersonView, SignInView
from ui.widgets import paint
from ui.widgets.arrange import boxed, column, empty, label, row
from ui.widgets.buttons import ActionButton, NumberPad
from ui.widgets.notices import InlineMessage


class ShieldPicture(QWidget):
    """The house mark, large."""

    def __init__(self, theme: Theme, size: int = 56) -> None:
        super().__init__()
        self._theme = theme
        self._size = theme.px(size)
        self.setFixedSize(self._size, self._size * 8 // 7)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        font = theme.font("figure", bold=True)
        brand, on_brand = theme.colour("brand"), theme.colour("on_brand")
        paint.shield(painter, self.rect().toRectF(), brand, "优", font, on_brand)
        painter.end()


class SignInScreen(QWidget):
    """`signed_in(staff number, PIN)`; the PIN box is emptied the moment it was told."""

    signed_in = Signal(str, str)
    message_closed = Signal()
    message_action = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(tr("登录"))
        self._theme = theme
        self._people: list[ActionButton] = []
        self.setProperty("look", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        px = theme.px
        self._build_fields()
        self._message = InlineMessage(theme)
        self._message.closed.connect(self.message_closed)
        self._message.action_chosen.connect(self.message_action)
        self._pad = NumberPad(theme, last="clear", height=64)
        self._pad.pressed.connect(self._press)
        self._pad.setFixedWidth(px(300))
        side = row(boxed(self._fields), self._pad, gap=px(32))
        side.setStretch(0, 1)
        card = boxed(
            column(self._head(), px(20), self._message, px(12), side,
                   margins=(px(32), px(28), px(32), px(32))),
            "card",
        )  # fmt: skip
        card.setObjectName("card")
        card.setFixedWidth(px(800))
        self.setLayout(column(None, row(None, card, None), None))

    def _head(self) -> QWidget:
        self._shop = label("", "headline")
        self._under = label("", "muted")
        words = column(self._shop, self._under)
        return boxed(row(ShieldPicture(self._theme), words, None, gap=self._theme.px(16)))

    def _build_fields(self) -> None:
        theme, px = self._theme, self._theme.px
        self.number = _plain_field(tr("工号"))
        self.pin = _plain_field(tr("PIN"))
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(12)
        self.number.setMaxLength(12)
        self._people_grid = QGridLayout()
        self._people_grid.setSpacing(px(8))
        self._enter = ActionButton(theme, tr("登录"), "Enter", look="primary")
        self._enter.clicked.connect(self._sign_in)
        self._kept = label("", "ok", wrap=True)
        self._fields = column(
            label(tr("工号"), "muted"), px(4), self.number, px(8), self._people_grid, px(12),
            label(tr("PIN（至少六位）"), "muted"), px(4), self.pin, px(4), self._kept, None,
            px(12), self._enter,
        )  # fmt: skip

    def show_view(self, view: SignInView) -> None:
        """Show who may sign in and what went wrong."""
        self._shop.setText(view.shop)
        under = view.till
        if view.locked_by:
            under = tr("{till} · 已锁屏 · 当班 {person}", till=view.till, person=view.locked_by)
        self._under.setText(under)
        self._message.show_view(view.message)
        self._kept.setText(view.kept_scan)
        self._kept.setVisible(bool(view.kept_scan))
        self._show_people(view.people)
        if view.staff_number and not self.number.text():
            self.number.setText(view.staff_number)
        word = tr("正在核对…") if view.busy else tr("解锁") if view.locked_by else tr("登录")
        self._enter.set_word(word)
        self._enter.set_usable(not view.busy)

    def act(self, action: str) -> bool:
        """enter signs in (or moves on to the PIN), back empties; nothing else works here."""
        if action == "enter":
            self._sign_in()
        elif action == "back" and not self._message.answer():
            if not self.pin.text():
                # Somebody else's turn: what is typed next is a number, not a PIN.
                self.number.clear()
                self.number.setFocus()
            self.pin.clear()
        elif action == "down":
            self.pin.setFocus()
        elif action == "up":
            self.number.setFocus()
        return action not in ("mute", "keys")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.pin if self.number.text() else self.number).setFocus()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(900), self._theme.px(640))

    def _sign_in(self) -> None:
        if not self.number.text().strip():
            self.number.setFocus()
            return
        if not self.pin.text():
            self.pin.setFocus()
            return
        number, pin = self.number.text().strip(), self.pin.text()
        self.pin.clear()
        self.signed_in.emit(number, pin)

    def _press(self, key: str) -> None:
        field = self.number if self.number.hasFocus() else self.pin
        field.setFocus()
        if key == "back":
            field.backspace()
        elif key == "clear":
            field.clear()
        else:
            field.insert(key)

    def _show_people(self, people: tuple[PersonView, ...]) -> None:
        if [person.name for person in people] == [button.text() for button in self._people]:
            return
        empty(self._people_grid)
        self._people = []
        for place, person in enumerate(people[:6]):
            button = ActionButton(self._theme, person.name, person.number, height=56)
            button.clicked.connect(lambda _=False, number=person.number: self._pick(number))
            columns = 2 if len(people) in (2, 4) else 3
            self._people_grid.addWidget(button, place // columns, place % columns)
            self._people.append(button)

    def _pick(self, number: str) -> None:
        self.number.setText(number)
        self.pin.clear()
        self.pin.setFocus()


def _plain_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setProperty("till_field", True)
    field.setProperty("look", "pin")
    field.setAccessibleName(name)
    field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return field

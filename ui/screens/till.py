"""收银: scan field and basket at the left, quick keys and actions at the right.

A passive view: it is shown a `TillView` and tells what hands did. Scans do not come through here;
the window's filter hands them to whoever is in charge.
"""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from ui.language import tr
from ui.screens.done_card import DoneCard
from ui.theme import Theme
from ui.views import ActionView, BasketView, GoodsView, TillView
from ui.widgets.arrange import boxed, column, empty, label, row
from ui.widgets.basket_table import BasketTable
from ui.widgets.buttons import ActionButton
from ui.widgets.goods_list import GoodsPopup
from ui.widgets.notices import InlineMessage, QuestionBar, StateLabel
from ui.widgets.panel import Panel, Veil
from ui.widgets.quick_keys import QuickKeys
from ui.widgets.scan_field import ScanField
from ui.widgets.total_bar import TotalBar


class TillScreen(QWidget):
    """Signals carry keys and texts as typed; nothing is worked out here."""

    entered = Signal(str)
    """Enter in the scan field: a code, an article number or initials."""
    searched = Signal(str)
    """The text in the scan field changed: answer with `show_found`."""
    quantity_typed = Signal(str)
    """`3*` was typed: meant for the next article."""
    goods_chosen = Signal(str)
    """A search result was chosen."""
    quick_key = Signal(str)
    quick_tab = Signal(str)
    line_chosen = Signal(str)
    acted = Signal(str)
    """pay, hold, member, discount … by button."""
    message_closed = Signal()
    message_action = Signal(str)
    answered = Signal(str, str)
    """The open question was answered: (choice, value)."""
    question_typed = Signal(str)
    """The value in the open question changed: answer with a new preview."""
    refused = Signal(str)
    """A button that cannot be pressed was pressed: its reason."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(tr("收银"))
        self._theme = theme
        self._view = TillView()
        self._panel: Panel | None = None
        self._build_parts()
        self._left = self._build_left()
        self._right = self._build_right()
        outer = row()
        outer.addWidget(self._left, 1)
        outer.addWidget(self._right)
        self.setLayout(outer)
        self._veil = Veil(theme)
        self._veil.setParent(self)
        self._veil.hide()
        self.setFocusProxy(self.scan_field)

    def _build_parts(self) -> None:
        theme = self._theme
        self.scan_field = ScanField(theme, tr("F2 找货"))
        self._found = GoodsPopup(theme)
        self._message = InlineMessage(theme, key="+")
        self._basket = BasketTable(theme)
        self._nothing = StateLabel(theme)
        self._nothing.show_state(
            "empty", tr("扫第一件商品"), tr("没有条码：按 F2 找货，或点右边的快捷键")
        )
        self._done = DoneCard(theme)
        self._question = QuestionBar(theme)
        self._total = TotalBar(theme)
        self._hint = label("", "muted", wrap=True)
        self._hint.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(4))
        self._hint.hide()
        self._quick = QuickKeys(theme)
        self._pay = ActionButton(theme, tr("收款"), tr("空格"), look="primary")
        self._actions: list[ActionButton] = []

    def _build_left(self) -> QWidget:
        px = self._theme.px
        self._pages = QStackedWidget()
        for page in (self._basket, self._nothing, self._done):
            # A page that is not shown must not make the window taller.
            page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._pages.addWidget(page)
        side = (px(14), 0, px(14), 0)
        parts = column(
            row(self.scan_field, margins=(px(14), px(14), px(14), px(6))),
            row(self._message, margins=side),
            px(4),
            self._pages,
            self._hint,
            row(self._question, margins=(px(14), 0, px(14), px(8))),
            self._total,
        )
        parts.setStretch(3, 1)
        left = boxed(parts, "surface")
        self._found.setParent(left)
        self._found.hide()
        self._connect_left()
        return left

    def _connect_left(self) -> None:
        self.scan_field.entered.connect(self.entered)
        self.scan_field.searched.connect(self.searched)
        self.scan_field.quantity_typed.connect(self.quantity_typed)
        self._found.chosen.connect(self._choose_goods)
        self._found.missed.connect(self.scan_field.enter)
        self._basket.line_chosen.connect(self.line_chosen)
        self._basket.line_opened.connect(lambda: self.acted.emit("why"))
        self._message.closed.connect(self.message_closed)
        self._message.action_chosen.connect(self.message_action)
        self._done.paper_asked.connect(lambda: self.acted.emit("reprint"))
        self._question.answered.connect(self.answered)
        self._question.value_typed.connect(self.question_typed)

    def _build_right(self) -> QWidget:
        px = self._theme.px
        self._action_row = row(gap=px(8))
        bottom = row(gap=px(8))
        bottom.addLayout(self._action_row, 5)
        bottom.addWidget(self._pay, 3)
        self._quick.chosen.connect(self.quick_key)
        self._quick.tab_chosen.connect(self.quick_tab)
        self._pay.clicked.connect(lambda: self.acted.emit("pay"))
        self._pay.refused.connect(self.refused)
        inner = column(self._quick, bottom, gap=px(12), margins=(px(16), px(12), px(16), px(16)))
        inner.setStretch(0, 1)
        edged = row(_upright(), boxed(inner, "paper"))
        edged.setStretch(1, 1)
        return boxed(edged, "paper")

    def show_view(self, view: TillView) -> None:
        """Show the till; parts that did not change are left alone."""
        before, self._view = self._view, view
        page: QWidget = self._basket if view.basket.lines else self._nothing
        if view.done is not None:
            page = self._done
            self._done.show_view(view.done)
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
        self._basket.show_basket(view.basket)
        self._total.setVisible(view.done is None)
        self._total.show_basket(view.basket)
        self._show_hint(view.basket)
        self._message.show_view(view.message)
        self._question.show_view(view.question)
        if view.question is None and before.question is not None:
            self.scan_field.setFocus()
        self.scan_field.show_quantity(view.waiting_quantity)
        if view.quick != before.quick:
            self._quick.show_view(view.quick)
        self._show_actions(view.actions)
        self._show_pay(view)

    def show_basket(self, basket: BasketView) -> None:
        """Only the basket changed: the short way from a scan to a painted line."""
        self._basket.show_basket(basket)
        self._total.show_basket(basket)
        self._show_hint(basket)
        if basket.lines and self._pages.currentWidget() is not self._basket:
            self._pages.setCurrentWidget(self._basket)
            self._total.show()

    def _show_hint(self, basket: BasketView) -> None:
        # A question over the basket comes first; what could be added is for quiet moments.
        self._hint.setText(basket.hint)
        self._hint.setVisible(bool(basket.hint) and self._view.question is None)

    def show_found(self, goods: tuple[GoodsView, ...], typed: str) -> None:
        """Search results under the scan field; nothing typed closes them."""
        self._found.show_goods(goods, typed)
        self._place_found()

    def act(self, action: str) -> bool:
        """An action of the key map; True when this screen used it."""
        if self._panel is not None:
            # Under the veil nothing may take a key that is meant for the money.
            return False
        if self._question.act(action):
            return True
        if action == "enter":
            return self._found.enter(self.scan_field.text().strip()) or self.scan_field.enter()
        if action == "back":
            return self._back()
        if action == "advice":
            return self._message.take_advice()
        if action in ("up", "down", "page_up", "page_down"):
            steps = {"up": -1, "down": 1, "page_up": -8, "page_down": 8}[action]
            if not self._found.move_by(steps, self.scan_field.text().strip()):
                self._basket.move(steps)
            return True
        return False

    def open_panel(self, panel: Panel) -> None:
        """Lay a panel over the right side; the basket stays readable under its veil.

        A search that was begun and left is over: nobody wants its letters before the next one.
        """
        self.close_panel()
        self._found.hide()
        self.scan_field.clear()
        self._panel = panel
        panel.setParent(self)
        self._veil.show()
        self._veil.raise_()
        panel.show()
        panel.raise_()
        self._place_panel()

    def close_panel(self) -> None:
        """Take the panel away; it stays its owner's."""
        if self._panel is not None:
            self._panel.hide()
            self._panel = None
        self._veil.hide()
        self.scan_field.setFocus()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._right.setFixedWidth(self._right_width())
        self._place_panel()
        self._place_found()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._place_panel()

    def _right_width(self) -> int:
        # The design width is 606 of 1366; a narrow window gives the basket its due first.
        px = self._theme.px
        return max(px(430), min(self.width() * 444 // 1000, self.width() - px(560)))

    def _place_panel(self) -> None:
        if self._panel is None:
            return
        width = self._right_width()
        left = self.width() - width - self._panel.shadow
        self._panel.setGeometry(QRect(left, 0, width + self._panel.shadow, self.height()))
        self._veil.setGeometry(0, 0, self.width() - width, self.height())

    def _place_found(self) -> None:
        if not self._found.isVisible():
            return
        px = self._theme.px
        top = self.scan_field.geometry().bottom() + px(6)
        room = self._left.height() - top - px(16)
        height = min(self._found.wanted_height(), room)
        self._found.setGeometry(0, top, self._left.width(), height)
        self._found.raise_()

    def _back(self) -> bool:
        if self._found.isVisible():
            self._found.hide()
            return True
        if self._message.answer():
            return True
        if self.scan_field.text():
            self.scan_field.clear()
            return True
        return False

    def _choose_goods(self, key: str) -> None:
        self.scan_field.clear()
        self._found.hide()
        self.goods_chosen.emit(key)

    def _show_actions(self, actions: tuple[ActionView, ...]) -> None:
        if [button.text() for button in self._actions] != [action.word for action in actions]:
            empty(self._action_row)
            self._actions = []
            for action in actions:
                button = ActionButton(self._theme, action.word, action.key)
                button.clicked.connect(lambda _=False, name=action.name: self.acted.emit(name))
                button.refused.connect(self.refused)
                self._action_row.addWidget(button)
                self._actions.append(button)
        for button, action in zip(self._actions, actions, strict=True):
            button.set_usable(action.enabled, action.reason)

    def _show_pay(self, view: TillView) -> None:
        word = view.pay_word or tr("收款")
        self._pay.set_word(word)
        self._pay.set_usable(view.pay_enabled, view.pay_reason)


def _upright() -> QWidget:
    line = QWidget()
    line.setProperty("look", "upright_line")
    line.setFixedWidth(1)
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return line

"""收款: a panel over the basket. Due and change are the largest figures; one Enter pays.

A passive view: it is shown a `PaymentView` and tells what hands did. It keeps one thing of its
own, the amount being typed, and even that is told at once (`received_changed`), so that the change
shown always comes from whoever works it out.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget

from app.money import yuan
from ui.language import tr
from ui.screens.payment_parts import ShareBar, TenderedEdit
from ui.theme import Theme
from ui.views import PaymentView, TenderView, WaitView
from ui.widgets.arrange import boxed, column, empty, label, relook, row
from ui.widgets.buttons import ActionButton, NumberPad
from ui.widgets.notices import InlineMessage, StateShape
from ui.widgets.panel import Panel
from ui.widgets.picture import CodePicture, QrPicture

OFFER_KEYS = "ASDFG"
"""Written on the ready sums, from the exact one on; other letters are the ways to pay."""
LEAST_ROOM = 440
"""Below it, in pixels of the design, nothing but the amount and its keys has room."""
ACROSS = 6
"""Ways to pay that stand in one row; more take two."""


class PaymentPanel(Panel):
    """The panel; `act` takes the key map's actions while it is open."""

    tender_chosen = Signal(str)
    received_changed = Signal(int)
    """Fen typed; -1 while the field holds no amount."""
    money_tapped = Signal(int, bool)
    """An offered amount (fen, False), or one note on top of those tapped before it (fen, True)."""
    confirmed = Signal()
    """Enter or the primary button; never from a scan burst or a held key."""
    cancelled = Signal()
    wait_answered = Signal(str)
    message_closed = Signal()
    message_action = Signal(str)
    refused = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._view = PaymentView(due="0.00")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._touch = False
        self._build_head()
        self._build_cash()
        self._build_code()
        self._build_wait()
        self._middle = QStackedWidget()
        for page in (self._cash_page, self._code_page, self._plain_page, self._wait_page):
            page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._middle.addWidget(page)
        self._build_foot()
        px = theme.px
        self._tender_row = QGridLayout()
        self._tender_row.setSpacing(px(8))
        self._tender_row.setContentsMargins(0, 0, 0, 0)
        self._tender_box = boxed(self._tender_row)
        self._tenders: list[ActionButton] = []
        body = column(
            self._head, px(6), self._message, self._taken, px(10), self._tender_box, px(12),
            self._middle, self._foot,
            margins=(px(24), px(16), px(24), px(16)),
        )  # fmt: skip
        body.setStretch(7, 1)
        self.setLayout(body)

    def _build_head(self) -> None:
        px = self._theme.px
        self._due_label = label(tr("应收"), "product")
        self._due = label("", "due", right=True)
        self._rounding = label("", "small")
        self._hint = label("", "small", right=True)
        title_row = row(label(tr("收款"), "title"), None, self._hint)
        self._title_box = boxed(title_row)
        words = column(self._due_label, self._rounding)
        self._head = column(self._title_box, px(16), row(words, None, self._due))
        self._message = InlineMessage(self._theme, key="+")
        self._message.closed.connect(self.message_closed)
        self._message.action_chosen.connect(self.message_action)
        self._taken = column(gap=px(4))

    def _build_cash(self) -> None:
        theme, px = self._theme, self._theme.px
        self.field = TenderedEdit(theme)
        self.field.amount_changed.connect(self.received_changed)
        self._offers = QHBoxLayout()
        self._notes = QHBoxLayout()
        for line in (self._offers, self._notes):
            line.setSpacing(px(8))
            line.setContentsMargins(0, 0, 0, 0)
        self._pad = NumberPad(theme, height=48)
        self._pad.pressed.connect(self.press)
        self._pad_side = QGridLayout()
        self._side_buttons: list[ActionButton] = []
        self._ready: list[ActionButton] = []
        self._pad_side.setSpacing(px(8))
        pad_row = row(gap=px(12))
        pad_row.addWidget(self._pad, 3)
        pad_row.addLayout(self._pad_side, 2)
        self._pad_box = boxed(pad_row)
        self._pad_box.hide()
        self._notes_box = boxed(self._notes)
        self._rows_box = boxed(column(self._offers, self._notes_box, gap=px(8)))
        self._pad_button = ActionButton(theme, tr("数字键"), height=64)
        self._pad_button.setFixedWidth(px(96))
        self._pad_button.clicked.connect(lambda: self.set_touch(not self._touch))
        field_row = row(self.field, self._pad_button, gap=px(8))
        field_row.setStretch(0, 1)
        self._change_label = label(tr("找零"), "product")
        self._change = label("", "change", right=True)
        change_row = row(self._change_label, None, self._change)
        cash = column(
            field_row, px(10), self._rows_box, self._pad_box, None, change_row,
        )  # fmt: skip
        self._cash_page = boxed(cash)

    def _build_code(self) -> None:
        px = self._theme.px
        self._code_words = label("", "headline", wrap=True)
        self._code_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._code_hint = label("", "muted", wrap=True)
        self._code_hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._code_qr = QrPicture(self._theme, 280)
        self._code_picture = CodePicture(self._theme)
        middle = row(None, column(self._code_picture, self._code_qr), None)
        self._code_page = boxed(
            column(None, middle, px(16), self._code_words, px(8), self._code_hint, None)
        )
        self._plain_words = label("", "product", wrap=True)
        self._plain_page = boxed(column(px(16), self._plain_words, None))

    def _build_wait(self) -> None:
        theme, px = self._theme, self._theme.px
        self._wait_title = label("", "headline", wrap=True)
        self._wait_seconds = label("", "change")
        self._wait_next = label("", "product", wrap=True)
        self._wait_bar = ShareBar(theme)
        self._wait_page = boxed(
            column(
                None, self._wait_title, self._wait_seconds, px(8), self._wait_bar, px(16),
                self._wait_next, None,
            )
        )  # fmt: skip

    def _build_foot(self) -> None:
        theme, px = self._theme, self._theme.px
        self._confirm = ActionButton(theme, tr("完成并打印"), "Enter", look="primary", height=70)
        self._confirm.clicked.connect(self.confirmed)
        self._confirm.refused.connect(self.refused)
        self._wait_buttons = row(gap=px(8))
        self._foot = column(px(8), self._wait_buttons, self._confirm)

    def show_view(self, view: PaymentView) -> None:
        """Show the payment as it stands."""
        before, self._view = self._view, view
        self._due.setText(view.due)
        self._due_label.setText(view.due_label or tr("应收"))
        self._rounding.setText(tr("抹零 {amount}", amount=view.rounding) if view.rounding else "")
        # Elsewhere the hint stands large in the middle; said twice it would only be noise.
        waits = view.hint if view.mode == "waiting" else ""
        self._hint.setText(waits or tr("付款码可直接扫 · Esc 返回"))
        self._message.show_view(view.message)
        # A message takes room; the row of notes gives it up before any button gets too small.
        self._fit()
        self._show_taken(view.taken)
        self._show_tenders(view.tenders)
        pages = {
            "cash": self._cash_page, "code": self._code_page,
            "plain": self._plain_page, "waiting": self._wait_page,
        }  # fmt: skip
        self._middle.setCurrentWidget(pages[view.mode])
        if (view.offers_fen, view.notes_fen) != (before.offers_fen, before.notes_fen):
            self._build_amounts(view)
        self._show_middle(view)
        self._confirm.setVisible(view.mode in ("cash", "plain"))
        self._confirm.set_word(view.confirm_word or tr("完成并打印"))
        self._confirm.set_usable(view.confirm_enabled, "")
        (self.field if view.mode == "cash" else self).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter chooses the tender, or the way out of a wait, that carries it."""
        for choice in self._view.wait.choices if self._view.wait else ():
            if choice.key and event.text().upper() == choice.key:
                self.wait_answered.emit(choice.name)
                return
        for tender in self._view.tenders:
            if tender.enabled and tender.hot_key and event.text().upper() == tender.hot_key:
                self.tender_chosen.emit(tender.key)
                return
        for button in self._ready if self._view.mode == "cash" else ():
            if event.text().upper() == button.key:
                button.click()
                return
        event.ignore()

    def _show_middle(self, view: PaymentView) -> None:
        if view.received_fen is not None and view.received_fen != self.field.amount():
            self.field.set_amount(view.received_fen)
        self._change.setText(view.change)
        self._change_label.setText(view.change_label or tr("找零"))
        size = "_tight" if self._tight() else ""
        relook(self._change, "look", ("short" if view.short else "change") + size)
        self._code_words.setText(tr("请扫顾客的付款码"))
        self._code_hint.setText(view.hint or tr("对准顾客手机上的付款码，扫到就收"))
        if view.wait is not None:
            self._code_hint.setText(f"{view.wait.seconds}　{view.wait.next_step}")
        self._code_qr.show_rows(view.qr_rows)
        self._code_picture.setVisible(not view.qr_rows)
        if view.qr_rows:
            self._code_words.setText(tr("请顾客扫这个码付款"))
        self._plain_words.setText(view.hint)
        self._show_wait(view.wait)

    def show_received(self, fen: int) -> None:
        """Put an amount (fen) into the field as if it had been typed."""
        self.field.set_amount(fen)

    def set_touch(self, touch: bool) -> None:
        """The last input was a finger: show the number pad instead of the rows of amounts."""
        if touch != self._touch:
            self._touch = touch
            self._pad_button.set_word(tr("收起") if touch else tr("数字键"))
            self._build_amounts(self._view)
            self._fit()

    def press(self, key: str) -> None:
        """A key of the number pad."""
        if key == "back":
            self.field.backspace()
        else:
            self.field.insert(key)
        self.field.setFocus()

    def act(self, action: str) -> bool:
        """enter confirms, back returns, advice does what a message offers; 空格 and the rest mean
        nothing here and are kept away."""
        if action == "back":
            if not self._message.answer():
                self.cancelled.emit()
        elif action == "advice":
            self._message.take_advice()
        elif action == "enter" and self._may_confirm():
            self.confirmed.emit()
        return action not in ("mute", "drawer", "keys")

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._fit()

    def _room(self) -> int:
        """How much height is left beside a message."""
        said = 0 if self._view.message is None else self._message.sizeHint().height()
        return self.height() - said

    def _tight(self) -> bool:
        """Large type on a low screen, a message, or keys for fingers: everything stays, some of it
        smaller."""
        return self._room() < self._theme.px(720 if self._touch else 600)

    def _fit(self) -> None:
        tight, cramped = self._tight(), self._room() < self._theme.px(LEAST_ROOM)
        fingers = self._touch and self.height() < self._theme.px(600)
        self._title_box.setVisible(not (cramped or fingers))
        # Keys wide enough for a finger, and a message, stand for the ways to pay until they close.
        self._tender_box.setVisible(not (cramped or fingers))
        self._rows_box.setVisible(not (cramped or self._touch))
        self._pad_box.setVisible(self._touch and not cramped)
        self._notes_box.setVisible(self._view.message is None and not tight)
        self._confirm.set_height(54 if tight else 70)
        key_height = 39 if tight else 48
        self._pad.set_height(key_height)
        for button in self._side_buttons:
            button.set_height(key_height)
        size = "_tight" if tight else ""
        relook(self._change, "look", ("short" if self._view.short else "change") + size)

    def _may_confirm(self) -> bool:
        return self._view.mode in ("cash", "plain") and self._confirm.isEnabled()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.field if self._view.mode == "cash" else self).setFocus()

    def _show_taken(self, taken: tuple[tuple[str, str], ...]) -> None:
        empty(self._taken)
        for name, amount in taken:
            words = label(tr("已收 {tender}", tender=name), "ok")
            self._taken.addLayout(
                row(StateShape(self._theme), words, None, label(amount, "strong"), gap=8)
            )

    def _show_tenders(self, tenders: tuple[TenderView, ...]) -> None:
        if [button.text() for button in self._tenders] != [tender.word for tender in tenders]:
            empty(self._tender_row)
            self._tenders = []
            across = len(tenders) if len(tenders) <= ACROSS else -(-len(tenders) // 2)
            for place, tender in enumerate(tenders):
                button = ActionButton(self._theme, tender.word, tender.hot_key, height=52)
                button.clicked.connect(lambda _=False, key=tender.key: self.tender_chosen.emit(key))
                button.refused.connect(self.refused)
                self._tender_row.addWidget(button, place // across, place % across)
                self._tenders.append(button)
        for button, tender in zip(self._tenders, tenders, strict=True):
            button.set_chosen(tender.chosen)
            button.set_usable(tender.enabled, tender.reason)

    def _build_amounts(self, view: PaymentView) -> None:
        for layout in (self._offers, self._notes, self._pad_side):
            empty(layout)
        self._side_buttons, self._ready = [], []
        if self._touch:
            amounts = (*view.offers_fen[:4], *view.notes_fen[-4:])
            offered = len(view.offers_fen[:4])
            for place, fen in enumerate(amounts):
                if place < offered:
                    button = self._ready_button(fen, place, height=48)
                else:
                    button = self._note_button(fen, height=48)
                self._pad_side.addWidget(button, place // 2, place % 2)
                self._side_buttons.append(button)
            return
        for place, fen in enumerate(view.offers_fen[: len(OFFER_KEYS)]):
            self._offers.addWidget(self._ready_button(fen, place))
        for fen in view.notes_fen:
            self._notes.addWidget(self._note_button(fen))

    def _ready_button(self, fen: int, place: int, height: int = 52) -> ActionButton:
        word = yuan(fen).removesuffix(".00") if place else tr("正好")
        button = ActionButton(self._theme, word, OFFER_KEYS[place], height=height)
        button.clicked.connect(lambda: self.money_tapped.emit(fen, False))
        self._ready.append(button)
        return button

    def _note_button(self, fen: int, height: int = 52) -> ActionButton:
        word = f"¥{yuan(fen).removesuffix('.00')}"
        button = ActionButton(self._theme, word, height=height)
        button.clicked.connect(lambda: self.money_tapped.emit(fen, True))
        return button

    def _show_wait(self, wait: WaitView | None) -> None:
        empty(self._wait_buttons)
        if wait is None:
            return
        self._wait_title.setText(wait.title)
        self._wait_seconds.setText(wait.seconds)
        self._wait_next.setText(wait.next_step)
        self._wait_bar.show_share(wait.share)
        for choice in wait.choices:
            look = "primary" if choice.primary else "plain"
            button = ActionButton(self._theme, choice.word, choice.key, look=look)
            button.clicked.connect(lambda _=False, name=choice.name: self.wait_answered.emit(name))
            self._wait_buttons.addWidget(button)

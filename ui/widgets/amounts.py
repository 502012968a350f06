"""Fields for money and quantities: text becomes a value at this door and nowhere else."""

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from app.errors import Refusal
from app.money import parse_yuan, yuan
from app.quantity import parse_quantity
from ui.widgets.arrange import relook

LARGEST_TYPED_FEN = 99_999_99
"""Five whole digits: a barcode that slipped into an amount has thirteen."""


PAGE_SIGNS = ("-", "*")
"""Never part of a value."""


class ValueEdit(QLineEdit):
    """What both fields share: no input method, marked red when refused, quiet while empty."""

    own_letters = ""
    """Letters that may stand in its value."""

    def __init__(self, pattern: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setProperty("till_field", True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(pattern), self))
        self.textChanged.connect(self._look_again)

    def value(self) -> int | None:
        """The value typed so far, or None when it is none."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What cannot stand in a value goes on to the page, whose key it may be."""
        typed = event.text()
        if (typed.isalpha() and typed not in self.own_letters) or typed in PAGE_SIGNS:
            event.ignore()
            return
        super().keyPressEvent(event)

    def _look_again(self) -> None:
        relook(self, "refused", bool(self.text()) and self.value() is None)


class MoneyEdit(ValueEdit):
    """Yuan typed, fen out. Junk cannot be typed; more than five whole digits is refused."""

    amount_changed = Signal(int)
    """The amount in fen; -1 while the field holds none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(r"\d{0,5}(\.\d{0,2})?", parent)
        self.textChanged.connect(self._tell)

    def amount(self) -> int | None:
        """Fen, or None when nothing usable stands in the field."""
        try:
            fen = parse_yuan(self.text().removesuffix("."))
        except Refusal:
            return None
        return fen if 0 <= fen <= LARGEST_TYPED_FEN else None

    value = amount

    def set_amount(self, fen: int | None) -> None:
        """Show an amount as if it had been typed, selected so that typing replaces it."""
        if fen is None or not 0 <= fen <= LARGEST_TYPED_FEN:
            self.clear()
            return
        self.setText(yuan(fen))
        self.selectAll()

    def _tell(self) -> None:
        fen = self.amount()
        self.amount_changed.emit(-1 if fen is None else fen)


class QuantityEdit(ValueEdit):
    """Pieces or kilograms typed (`3`, `1.5`, `3j` or `3斤`), thousandths out."""

    own_letters = "jJ斤"
    quantity_changed = Signal(int)
    """Thousandths of the unit; -1 while the field holds none."""

    def __init__(self, weighed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(r"\d{0,6}(\.\d{0,3})?[jJ斤]?", parent)
        self._weighed = weighed
        # 斤 may come from an input method, so this field alone lets one in.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, weighed)
        self.textChanged.connect(self._tell)

    def set_weighed(self, weighed: bool) -> None:
        """Weighed goods take fractions and 斤; pieces do not."""
        self._weighed = weighed
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, weighed)
        self._look_again()

    def quantity(self) -> int | None:
        """Thousandths of the unit, or None when nothing usable stands in the field."""
        try:
            return parse_quantity(self.text().removesuffix("."), weighed=self._weighed)
        except Refusal:
            return None

    value = quantity

    def _tell(self) -> None:
        milli = self.quantity()
        self.quantity_changed.emit(-1 if milli is None else milli)

"""A grid of fields with their words at the left, what they want or what is wrong under each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.room_views import FieldView
from ui.theme import Theme
from ui.widgets.amounts import MoneyEdit
from ui.widgets.arrange import empty, label, relook, row


class Form(QWidget):
    """`edited` whenever somebody types; what was typed stays while the same fields are shown."""

    edited = Signal(dict)
    MOST = 200
    """Characters of a field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fields: dict[str, QLineEdit] = {}
        self._unders: dict[str, QLabel] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(1))
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._grid)

    @property
    def fields(self) -> list[QLineEdit]:
        """In the order they are walked through."""
        return list(self._fields.values())

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {name: field.text().strip() for name, field in self._fields.items()}

    def show_fields(self, views: Sequence[FieldView], columns: int = 1) -> None:
        """Show fields; the same ones again only get their words and errors anew."""
        if list(self._fields) != [view.name for view in views]:
            self._build(views, columns)
        for view in views:
            field, under = self._fields[view.name], self._unders[view.name]
            if field.text().strip() != view.value:
                field.setText(view.value)
            relook(field, "refused", bool(view.error))
            relook(under, "look", "danger" if view.error else "small")
            under.setText(view.error or view.hint)

    def field(self, name: str) -> QLineEdit:
        """One of the fields that are shown."""
        return self._fields[name]

    def _build(self, views: Sequence[FieldView], columns: int) -> None:
        empty(self._grid)
        self._fields, self._unders = {}, {}
        high = -(-len(views) // columns)
        for number, view in enumerate(views):
            field = _field(view, self.MOST)
            field.setAccessibleName(view.word)
            field.textEdited.connect(lambda _text: self.edited.emit(self.values()))
            under = label("", "small", wrap=True)
            self._fields[view.name], self._unders[view.name] = field, under
            place = QVBoxLayout()
            place.setSpacing(0)
            place.addWidget(field)
            place.addLayout(row(self._theme.px(4), under))
            at = number // high
            words = label(view.word, "product")
            self._grid.addWidget(words, number % high, at * 2, Qt.AlignmentFlag.AlignTop)
            words.setMinimumHeight(self._theme.px(48))
            self._grid.addLayout(place, number % high, at * 2 + 1)
        for at in range(2):
            self._grid.setColumnStretch(at * 2 + 1, 1 if at < columns else 0)


def _field(view: FieldView, most: int) -> QLineEdit:
    if view.kind == "money":
        return MoneyEdit()
    field = QLineEdit()
    field.setMaxLength(most)
    field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, view.kind == "text")
    return field

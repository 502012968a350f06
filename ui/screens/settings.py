"""设置: described one by one, grouped; a change is told at once and its error stands beside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QScrollArea, QWidget

from ui.language import tr
from ui.room_views import SettingGroupView, SettingsView, SettingView
from ui.theme import Theme
from ui.widgets.arrange import boxed, column, empty, label, relook, row, rule
from ui.widgets.buttons import ActionButton, Switch
from ui.widgets.room import Room, card


class SettingRow(QWidget):
    """Word and description at the left, the control at the right."""

    changed = Signal(str, str)

    def __init__(self, theme: Theme, view: SettingView) -> None:
        super().__init__()
        px = theme.px
        self._view = view
        words = column(label(view.word, "strong"), label(view.description, "small", wrap=True))
        if view.error or view.reason:
            words.addWidget(label(view.error or view.reason, "danger", wrap=True))
        control = self._control(theme)
        control.setEnabled(view.enabled)
        control.setAccessibleName(view.word)
        outer = row(gap=px(12), margins=(0, px(8), 0, px(8)))
        outer.addLayout(words, 1)
        outer.addWidget(control)
        unit = label(view.unit, "muted")
        unit.setFixedWidth(px(32))
        outer.addWidget(unit)
        self.setLayout(outer)

    def _control(self, theme: Theme) -> QWidget:
        view = self._view
        if view.kind == "switch":
            switch = Switch(theme, on=view.value == "1")
            switch.clicked.connect(lambda on: self.changed.emit(view.key, "1" if on else "0"))
            return switch
        if view.kind == "choice":
            choices = QComboBox()
            for choice in view.choices:
                choices.addItem(choice.word, choice.name)
            choices.setCurrentIndex(choices.findData(view.value))
            choices.activated.connect(
                lambda place: self.changed.emit(view.key, choices.itemData(place))
            )
            choices.setFixedWidth(theme.px(260))
            return choices
        if view.kind == "action":
            button = QPushButton(view.value)
            button.clicked.connect(lambda: self.changed.emit(view.key, ""))
            button.setMinimumWidth(theme.px(160))
            return button
        return self._field(theme)

    def _field(self, theme: Theme) -> QLineEdit:
        view = self._view
        field = QLineEdit(view.value)
        field.setFixedWidth(theme.px(140 if view.kind == "number" else 260))
        if view.kind == "number":
            field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        relook(field, "refused", bool(view.error))
        field.editingFinished.connect(lambda: self._tell(field))
        return field

    def _tell(self, field: QLineEdit) -> None:
        if field.text().strip() != self._view.value:
            self.changed.emit(self._view.key, field.text().strip())


class SettingsScreen(Room):
    """`changed(key, value)`; `group_chosen(key)`."""

    changed = Signal(str, str)
    group_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("设置"))
        px = theme.px
        self._view = SettingsView()
        self._groups = column(gap=px(8))
        self._buttons: list[ActionButton] = []
        self._rows = column()
        self._heading = label("", "title")
        self._about = label("", "muted", wrap=True)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = column(
            self._heading, self._about, px(8), self._rows, None,
            margins=(px(24), px(16), px(24), px(16)),
        )  # fmt: skip
        self._scroll.setWidget(boxed(page))
        left = boxed(column(self._groups, None))
        left.setFixedWidth(px(220))
        body = row(left, card(theme, column(self._scroll), pad=0), gap=px(16))
        body.setStretch(1, 1)
        self.build(body)

    def show_view(self, view: SettingsView) -> None:
        """Show the groups and the chosen one's settings."""
        before, self._view = self._view, view
        self.under.setText(view.saved)
        self.show_message(view.message)
        self._show_groups(view)
        group = self._chosen(view)
        if group is not None and (before.groups, before.chosen) != (view.groups, view.chosen):
            self._show_group(group)

    def act(self, action: str) -> bool:
        """Up and down walk through the groups, Esc leaves, Enter takes what was typed."""
        if action == "back":
            return self.back()
        if action == "enter":
            if (focus := self.focusWidget()) is not None:
                focus.clearFocus()
            return True
        keys = [group.key for group in self._view.groups]
        if action in ("page_up", "page_down") and self._view.chosen in keys:
            step = 1 if action == "page_down" else -1
            place = (keys.index(self._view.chosen) + step) % len(keys)
            self.group_chosen.emit(keys[place])
            return True
        return False

    @staticmethod
    def _chosen(view: SettingsView) -> SettingGroupView | None:
        for group in view.groups:
            if group.key == view.chosen:
                return group
        return view.groups[0] if view.groups else None

    def _show_groups(self, view: SettingsView) -> None:
        if [button.text() for button in self._buttons] != [group.word for group in view.groups]:
            empty(self._groups)
            self._buttons = []
            for group in view.groups:
                button = ActionButton(self.theme, group.word, height=52)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.clicked.connect(lambda _=False, key=group.key: self.group_chosen.emit(key))
                self._groups.addWidget(button)
                self._buttons.append(button)
        for button, group in zip(self._buttons, view.groups, strict=True):
            button.set_chosen(group.key == view.chosen)

    def _show_group(self, group: SettingGroupView) -> None:
        self._heading.setText(group.word)
        self._about.setText(group.description)
        self._about.setVisible(bool(group.description))
        empty(self._rows)
        for number, setting in enumerate(group.settings):
            if number:
                self._rows.addWidget(rule())
            shown = SettingRow(self.theme, setting)
            shown.changed.connect(self.changed)
            self._rows.addWidget(shown)

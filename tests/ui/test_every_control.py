"""Every control of every screen has a name to be read aloud, a way by keys, and shows its focus."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from test_screens import ALL, DESIGN, dressed, picture, put_away, shown

from ui.theme import LIGHT
from ui.widgets.quick_keys import QuickKeys

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit)


def controls(window: QWidget) -> list[QWidget]:
    return [each for kind in CONTROLS for each in window.findChildren(kind) if each.isVisible()]


def nameless(window: QWidget) -> list[str]:
    """Controls a screen reader could only call "button"."""
    found = []
    for control in controls(window):
        spoken = QAccessible.queryAccessibleInterface(control)
        name = spoken.text(QAccessible.Text.Name) if spoken is not None else ""
        if not name.strip():
            found.append(f"{type(control).__name__} in {type(control.parentWidget()).__name__}")
    return found


@pytest.mark.parametrize("name", ALL)
def test_every_control_has_a_name(qapp: QApplication, name: str) -> None:
    window = shown(name, dressed(qapp, DESIGN, LIGHT), DESIGN)
    try:
        assert nameless(window) == []
    finally:
        put_away(window)


@pytest.mark.parametrize("name", ALL)
def test_whatever_takes_the_focus_shows_it(qapp: QApplication, name: str) -> None:
    """Walked by Tab: the picture must change where the ring goes."""
    window = shown(name, dressed(qapp, DESIGN, LIGHT), DESIGN)
    try:
        focusable = [
            each for each in controls(window)
            if each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]  # fmt: skip
        for control in focusable:
            others = [each for each in focusable if each is not control]
            if not others:
                continue
            others[0].setFocus(Qt.FocusReason.TabFocusReason)
            before = picture(control)
            control.setFocus(Qt.FocusReason.TabFocusReason)
            if not control.hasFocus():
                continue
            assert picture(control).tobytes() != before.tobytes(), control.accessibleName()
    finally:
        put_away(window)


def test_a_control_without_a_name_would_be_noticed(qapp: QApplication) -> None:
    window = shown("till", dressed(qapp, DESIGN, LIGHT), DESIGN)
    field = window.findChildren(QLineEdit)[0]
    field.setAccessibleName("")
    field.setPlaceholderText("")
    assert nameless(window)
    put_away(window)


def test_quick_keys_take_no_focus(qapp: QApplication) -> None:
    """空格 and Enter always mean the same thing, whatever was tapped last."""
    window = shown("till", dressed(qapp, DESIGN, LIGHT), DESIGN)
    (quick,) = window.findChildren(QuickKeys)
    assert quick.focusPolicy() == Qt.FocusPolicy.NoFocus
    put_away(window)

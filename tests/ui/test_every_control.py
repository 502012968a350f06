"""Every control of every screen has a name to be read aloud, a way by keys, and shows its focus."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hands import Keyboard
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from test_screens import ALL, DESIGN, dressed, picture, put_away, shown

from ui.theme import LIGHT
from ui.widgets.buttons import ActionButton, HintButton, NumberPad
from ui.widgets.notices import InlineMessage, QuestionBar
from ui.widgets.panel import Panel
from ui.widgets.quick_keys import QuickKeys
from ui.widgets.touch_pad import TouchPad
from ui.window import TillWindow

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
FOR_FINGERS = ("数字键", "收起")
"""They show and hide keys for fingers; whoever has a keyboard has those."""
NOTE = re.compile("¥[0-9]+")
"""Notes a finger adds up: on a keyboard the sum is typed."""

FIELDS = 12
"""Enter walks through so many fields before it goes on."""
Told = list[tuple[str, str, tuple[object, ...]]]


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


def keyed(window: QWidget) -> list[ActionButton]:
    """Buttons that say a key and can be pressed now: a question is answered before anything else,
    and a message before whatever has the same key."""
    buttons = [each for each in controls(window) if isinstance(each, ActionButton)]
    buttons = [each for each in buttons if each.isEnabled() and each.key]
    asked = [each for each in buttons if isinstance(each.parentWidget(), QuestionBar)]
    said = [each for each in buttons if isinstance(each.parentWidget(), InlineMessage)]
    first = {each.key for each in said}
    return asked or [*said, *(each for each in buttons if each.key not in first)]


def tab_stops(window: TillWindow) -> list[QWidget]:
    """Where Tab goes, once round; asked of the window itself, not of a property."""
    stops: list[QWidget] = []
    while len(stops) < 200:
        window.walk()
        here = window.focusWidget()
        if here is None or here in stops:
            break
        stops.append(here)
    return stops


def without_a_way(window: TillWindow) -> list[str]:
    """Controls that no key says, that Tab does not reach and that typing does not replace."""
    stops = tab_stops(window)
    return [
        control.accessibleName() or type(control).__name__
        for control in controls(window)
        if control.isEnabled()
        and control not in stops
        and not (isinstance(control, ActionButton | HintButton) and control.key)
        and not isinstance(control.parentWidget(), NumberPad | TouchPad)
        and not (isinstance(control, ActionButton) and control.text() in FOR_FINGERS)
        and not (isinstance(control, ActionButton) and NOTE.fullmatch(control.text()))
    ]


def faceless(window: TillWindow) -> list[str]:
    """Controls whose picture does not change where the ring goes."""
    stops = [each for each in tab_stops(window) if each in controls(window)]
    found = []
    for before, control in zip([*stops[1:], *stops[:1]], stops, strict=True):
        if before is control:
            continue
        before.setFocus(Qt.FocusReason.TabFocusReason)
        plain = picture(control)
        control.setFocus(Qt.FocusReason.TabFocusReason)
        if window.focusWidget() is control and picture(control).tobytes() == plain.tobytes():
            found.append(control.accessibleName())
    return found


@contextmanager
def listening(window: TillWindow) -> Iterator[Told]:
    """What the page and its panels tell their presenters while the block runs."""
    told: Told = []
    page = window.page_of(window.page)
    slots: list[tuple[SignalInstance, Callable[..., None]]] = []

    def listen(piece: QWidget, name: str) -> None:
        def slot(*what: object) -> None:
            told.append((type(piece).__name__, name, what))

        signal: SignalInstance = getattr(piece, name)
        signal.connect(slot)
        slots.append((signal, slot))

    listen(window, "acted")
    for piece in (page, *page.findChildren(Panel)):
        kinds = [kind for kind in type(piece).__mro__ if kind.__module__.startswith("ui.")]
        for name in {name for kind in kinds for name, each in vars(kind).items()
                     if isinstance(each, Signal)}:  # fmt: skip
            listen(piece, name)
    try:
        yield told
    finally:
        for signal, slot in slots:
            signal.disconnect(slot)


def press(window: TillWindow, key: str) -> None:
    """A key as it is written on a button."""
    named = key.replace("空格", "Space").replace("退格", "Backspace")
    if len(named) == 1:
        Keyboard(window).key(named)
    else:
        combined = QKeySequence(named)[0]
        Keyboard(window).key(combined.key(), combined.keyboardModifiers())
    QApplication.processEvents()
    window._filter.silence()
    QApplication.processEvents()


def same(by_finger: Told, by_key: Told) -> bool:
    """Whether a key tells what the finger told; the till's own actions go by the window."""
    if by_key and all((who, what) == ("TillWindow", "acted") for who, what, _ in by_key):
        return any(who in ("TillScreen", "PaymentPanel") for who, *_ in by_finger)
    return all(each in by_finger for each in by_key) and bool(by_key) == bool(by_finger)


def lying(window: TillWindow) -> list[str]:
    """Buttons whose key does something else than a finger on them."""
    found = []
    for button in keyed(window):
        if button.key.isdigit() and len(button.key) > 1:
            # A number of several digits is typed, and its field is walked to.
            continue
        with listening(window) as by_finger:
            button.click()
        with listening(window) as by_key:
            for _ in range(FIELDS if button.key == "Enter" else 1):
                if by_key or not by_finger:
                    break
                press(window, button.key)
        if not same(by_finger, by_key):
            found.append(f"{button.text()} {button.key}: {by_finger} by finger, {by_key} by key")
    return found


@pytest.fixture(autouse=True)
def nobody_picks_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own window would wait for somebody."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")


@pytest.mark.parametrize("name", ALL)
def test_every_control_has_a_name_a_way_by_keys_and_a_ring(qapp: QApplication, name: str) -> None:
    window = shown(name, dressed(qapp, DESIGN, LIGHT), DESIGN)
    try:
        # The keys first: Tab moves the cursor, and Enter on a button presses it.
        assert lying(window) == []
        assert nameless(window) == []
        assert without_a_way(window) == []
        assert faceless(window) == []
    finally:
        put_away(window)


@pytest.fixture
def page(qapp: QApplication) -> Iterator[Callable[[str], tuple[TillWindow, Any]]]:
    """Shows a page and puts it away again; the window and the page come back."""
    theme = dressed(qapp, DESIGN, LIGHT)
    windows: list[QWidget] = []

    def show(name: str) -> tuple[TillWindow, Any]:
        window = shown(name, theme, DESIGN)
        windows.append(window)
        assert isinstance(window, TillWindow)
        return window, window.page_of(window.page)

    yield show
    for window in windows:
        put_away(window)


Page = Callable[[str], tuple[TillWindow, Any]]


def test_whatever_is_taken_away_would_be_noticed(page: Page) -> None:
    """A name, a way by keys, and a key that does what its button says."""
    window, receipts = page("receipts")
    receipts.search.setAccessibleName("")
    receipts.search.setPlaceholderText("")
    assert nameless(window) == ["ScanField in ReceiptsScreen"]
    today = receipts._day_buttons[0]
    today.set_word(today.text(), "")
    assert without_a_way(window) == ["今天"]
    receipts._refund.set_word("退货", "F7")
    assert any(each.startswith("退货 F7") for each in lying(window))


def test_a_ring_that_is_not_painted_would_be_noticed(page: Page) -> None:
    window, devices = page("devices")
    devices._add.hasFocus = lambda: False
    assert faceless(window) == ["装打印机"]


def test_tab_does_not_leap_over_what_stands_behind_a_focus_proxy(page: Page) -> None:
    window, devices = page("devices")
    assert devices.focusProxy() is not None
    assert devices._add in tab_stops(window)


def test_the_keys_walk_and_walk_back(page: Page) -> None:
    window, _devices = page("devices")
    keyboard, stops = Keyboard(window), [window.focusWidget()]
    for _step in range(2):
        keyboard.key(Qt.Key.Key_Tab)
        stops.append(window.focusWidget())
    assert len(set(map(id, stops))) == 3
    keyboard.key(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is stops[1]


def test_quick_keys_take_no_focus(page: Page) -> None:
    """空格 and Enter always mean the same thing, whatever was tapped last."""
    window, _till = page("till")
    (quick,) = window.findChildren(QuickKeys)
    assert quick.focusPolicy() == Qt.FocusPolicy.NoFocus

"""The key map as data: which key means which action, on every screen the same.

A key belongs to one action or to none. Screens never look at keys; they are told the action's
name. Text fields keep the keys that edit text, except the fields that carry the property
`till_field`: in those only digits and letters are text, and 空格 still means 收款.
"""

import logging
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from app.errors import Refusal
from ui.language import tr

LOG = logging.getLogger(__name__)
KEY_FILE = Path(__file__).resolve().parent.parent / "resources" / "keys" / "default.toml"
OWN_KEYS = "keys.toml"
"""A shop's own keys, in its data folder: a file of the same form."""

# Actions that may go on while their key is held down; everything else counts once a press.
REPEATING = frozenset({"up", "down", "page_up", "page_down", "tab", "back_tab"})
TAB, BACK_TAB = "tab", "back_tab"
_TABS = {Qt.Key.Key_Tab: TAB, Qt.Key.Key_Backtab: BACK_TAB}
"""Every window walks by these, whatever the key map says."""

_EDITING_KEYS = frozenset(
    {Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home}
    | {Qt.Key.Key_End}
)
_SHOWN = {"Space": "空格", "Return": "Enter", "Up": "↑", "Down": "↓"}


class KeyAction(msgspec.Struct, frozen=True):
    """One action: its name, the word people know it by, its keys, its place in the bottom bar."""

    name: str
    word: str
    keys: tuple[str, ...]
    bar: int = 0


class KeyMap(msgspec.Struct, frozen=True):
    """All actions; `by_combination` is the look-up the window uses."""

    actions: tuple[KeyAction, ...]
    by_combination: dict[int, str]

    def action(self, event: QKeyEvent) -> str:
        """The action of a key press, or "" when the key means nothing here."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        combined = QKeyCombination(modifiers, Qt.Key(event.key())).toCombined()
        return self.by_combination.get(combined, "")

    def key_shown(self, name: str) -> str:
        """The first key of an action as it is written on buttons: 空格, F6, Shift+F6."""
        for action in self.actions:
            if action.name == name:
                return shown(action.keys[0])
        return ""


def shown(key: str) -> str:
    """A key as people read it."""
    if key.endswith("++"):
        # On most keyboards + itself is typed with Shift: one key cap, one name.
        return "+"
    parts = [_SHOWN.get(part, part) for part in key.split("+")]
    return "+".join(tr(part) if part == "空格" else part for part in parts)


def key_of(event: QKeyEvent) -> str:
    """A key as pages write it on their buttons: "T", "Ctrl+T", "Ctrl+1"."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return event.text().upper()
    code = event.key()
    named = Qt.Key.Key_A <= code <= Qt.Key.Key_Z or Qt.Key.Key_0 <= code <= Qt.Key.Key_9
    return f"Ctrl+{chr(code)}" if named else ""


def read_actions(path: Path = KEY_FILE) -> tuple[KeyAction, ...]:
    """The actions of one key file."""
    with path.open("rb") as file:
        rows = tomllib.load(file)["action"]
    return tuple(msgspec.convert(row, KeyAction) for row in rows)


def key_map(actions: Iterable[KeyAction]) -> KeyMap:
    """Check the actions and index their keys.

    Raises Refusal: bad_key (Qt does not know the name), key_used_twice, action_twice.
    """
    kept = tuple(actions)
    by_combination: dict[int, str] = {}
    names: set[str] = set()
    for action in kept:
        if action.name in names:
            raise Refusal("action_twice", action=action.name)
        names.add(action.name)
        for key in action.keys:
            combined = _combination(key)
            if (other := by_combination.get(combined)) is not None:
                raise Refusal("key_used_twice", key=key, first=other, second=action.name)
            by_combination[combined] = action.name
    return KeyMap(kept, by_combination)


def with_changes(
    actions: Iterable[KeyAction], changes: Iterable[KeyAction]
) -> tuple[KeyAction, ...]:
    """A shop's own keys laid over the default map.

    Raises Refusal: bad_action (a name nobody knows), bad_key (no key at all, or one that a scanner
    and a PIN are typed with).
    """
    changed = {action.name: action for action in changes}
    for action in changed.values():
        for key in action.keys or ("",):
            if not key or (len(key) == 1 and key.isalnum()):
                raise Refusal("bad_key", text=key)
    merged = tuple(
        msgspec.structs.replace(action, keys=changed.pop(action.name).keys)
        if action.name in changed
        else action
        for action in actions
    )
    for name in changed:
        raise Refusal("bad_action", text=name)
    return merged


def keys_of(folder: Path) -> KeyMap:
    """The key map of a data folder: its own keys over the default ones.

    Raises Refusal: file_unreadable, and what `with_changes` and `key_map` do.
    """
    own = folder / OWN_KEYS
    try:
        changes = read_actions(own) if own.exists() else ()
    except (OSError, ValueError, KeyError) as error:
        raise Refusal("file_unreadable", path=OWN_KEYS) from error
    return key_map(with_changes(read_actions(), changes))


def keys_at_the_door(folder: Path) -> KeyMap:
    """As `keys_of`, but a bad file changes no key: nobody is kept from selling by one."""
    try:
        return keys_of(folder)
    except Refusal as error:
        LOG.warning("%s changes no key: %s %s", OWN_KEYS, error.code, error.details)
        return key_map(read_actions())


def _combination(key: str) -> int:
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        raise Refusal("bad_key", text=key)
    combination: QKeyCombination = sequence[0]  # type: ignore[index]
    if combination.key() == Qt.Key.Key_unknown:
        raise Refusal("bad_key", text=key)
    return combination.toCombined()


def key_card(keys: KeyMap) -> list[tuple[str, str]]:
    """The printed card: (key, word), in the order of the file."""
    return [(keys_shown(action), tr(action.word)) for action in keys.actions]


def key_card_pdf(keys: KeyMap) -> bytes:
    """The card on a page of A4, with what is typed rather than pressed."""
    from printers.key_card import key_card_pdf as drawn

    notes = (
        tr("先按 3 再按 *，下一件就是三件；秤上的 1.5 是公斤，3j 或 3斤 是三斤"),
        tr("折扣 95 或 9.5 是九五折；收现金正好：空格、Enter；收 100：空格、1 0 0、Enter"),
        tr("微信、支付宝：整单扫完，直接扫顾客的付款码，不用按键"),
    )
    return drawn(f"开平优品　{tr('快捷键')}", key_card(keys), notes)


def keys_shown(action: KeyAction) -> str:
    """All keys of an action as people read them; two names for one key cap are said once."""
    return " / ".join(dict.fromkeys(shown(key) for key in action.keys))


def bar_hints(keys: KeyMap) -> list[tuple[str, str, str]]:
    """The bottom bar: (action, key, word) in bar order."""
    chosen = sorted((action for action in keys.actions if action.bar), key=lambda a: a.bar)
    return [(action.name, shown(action.keys[0]), tr(action.word)) for action in chosen]


class HotKeys:
    """Turns typed key presses into actions; `perform` returns False when nobody wanted it.

    It is the `on_key` of the scanner filter, so nothing a scanner sends ever gets here.
    """

    def __init__(self, keys: KeyMap, perform: Callable[[str], bool]) -> None:
        self._keys = keys
        self._perform = perform

    def __call__(self, event: QKeyEvent) -> bool:
        action = self._keys.action(event)
        focus = QApplication.focusWidget()
        if QApplication.activeModalWidget() is not None:
            # The system's own window (choosing a file) has keys of its own.
            return False
        if walk := _TABS.get(Qt.Key(event.key())):
            return self._perform(walk)
        if not action or _edits_text(event, focus):
            return False
        if event.isAutoRepeat() and action not in REPEATING:
            return True
        if action == "enter" and isinstance(focus, QAbstractButton) and focus.isEnabled():
            focus.click()
            return True
        return self._perform(action)


def _edits_text(event: QKeyEvent, focus: QWidget | None) -> bool:
    if isinstance(focus, QPlainTextEdit):
        return event.key() not in (Qt.Key.Key_Escape,) and not _is_function_key(event)
    if not isinstance(focus, QLineEdit):
        return False
    if event.text().isprintable() and event.text() and not focus.property("till_field"):
        return not event.modifiers() & Qt.KeyboardModifier.ControlModifier
    plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return plain and event.key() in _EDITING_KEYS and bool(focus.text())


def _is_function_key(event: QKeyEvent) -> bool:
    return Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35

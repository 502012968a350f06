"""One key, one meaning; text fields keep the keys they need."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.errors import Refusal
from tests.support.processes import ROOT
from ui.keys import (
    HotKeys,
    KeyAction,
    bar_hints,
    key_card,
    key_map,
    keys_at_the_door,
    keys_of,
    read_actions,
    with_changes,
)
from ui.presenters.stock_views import actions

PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def press(key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = PLAIN,
          *, repeat: bool = False) -> QKeyEvent:  # fmt: skip
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, repeat)


@pytest.fixture
def acted() -> list[str]:
    return []


@pytest.fixture
def hot(acted: list[str]) -> HotKeys:
    return HotKeys(key_map(read_actions()), lambda name: acted.append(name) or True)


def test_the_default_map_says_what_the_key_card_promises() -> None:
    keys = key_map(read_actions())
    promised = {
        "pay": "空格", "keys": "F1", "find": "F2", "quantity": "F3", "discount": "F4",
        "member": "F5", "hold": "F6", "take": "Shift+F6", "price": "F7", "refund": "F8",
        "reprint": "F10", "mute": "F11", "drawer": "Ctrl+F9", "remove": "Del",
        "clear": "Ctrl+Del", "back": "Esc",
    }  # fmt: skip
    assert {name: keys.key_shown(name) for name in promised} == promised
    assert keys.action(press(Qt.Key.Key_F9)) == "pay"


def test_no_page_gives_a_key_of_the_till_a_second_meaning() -> None:
    taken = {key for each in read_actions() for key in each.keys}
    texts = "".join(path.read_text("utf-8") for path in (ROOT / "ui").rglob("*.py"))
    pages = set(re.findall(r'key="(Ctrl\+\w)"', texts)) | {each.key for each in actions("Ctrl+")}
    assert len(pages) > 3
    assert not pages & taken


def test_two_actions_on_one_key_are_refused() -> None:
    actions = (KeyAction("pay", "收款", ("F9",)), KeyAction("drawer", "钱箱", ("F9",)))
    with pytest.raises(Refusal) as caught:
        key_map(actions)
    assert caught.value.code == "key_used_twice"


@pytest.mark.parametrize("name", ["", "Wurst+1", "Ctrl+K, Ctrl+C"])
def test_a_key_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        key_map((KeyAction("pay", "收款", (name,)),))
    assert caught.value.code == "bad_key"


def test_a_shop_may_move_a_key() -> None:
    moved = with_changes(read_actions(), (KeyAction("mute", "", ("Ctrl+M",)),))
    assert key_map(moved).key_shown("mute") == "Ctrl+M"
    with pytest.raises(Refusal) as caught:
        with_changes(read_actions(), (KeyAction("dance", "跳舞", ("F12",)),))
    assert caught.value.code == "bad_action"


@pytest.mark.parametrize("key", [(), ("",), ("1",), ("k",)])
def test_what_is_typed_stays_typed(key: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as caught:
        with_changes(read_actions(), (KeyAction("mute", "", key),))
    assert caught.value.code == "bad_key"


OWN = '[[action]]\nname = "mute"\nword = "静音"\nkeys = ["Ctrl+M"]\n'


def test_a_shops_own_keys_lie_in_its_folder(tmp_path: Path) -> None:
    assert keys_of(tmp_path) == key_map(read_actions())
    (tmp_path / "keys.toml").write_text(OWN, "utf-8")
    keys = keys_of(tmp_path)
    assert keys.key_shown("mute") == "Ctrl+M"
    assert keys.action(press(Qt.Key.Key_M, modifiers=CONTROL)) == "mute"
    assert keys.action(press(Qt.Key.Key_F11)) == ""
    assert keys.action(press(Qt.Key.Key_F9)) == "pay"
    assert ("Ctrl+M", "静音") in key_card(keys)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[action]", "file_unreadable"),
        ("[[actions]]\n", "file_unreadable"),
        (OWN.replace('word = "静音"\n', ""), "file_unreadable"),
        (OWN.replace("Ctrl+M", "Wurst+1"), "bad_key"),
        (OWN.replace("Ctrl+M", "F9"), "key_used_twice"),
        (OWN.replace("mute", "dance"), "bad_action"),
    ],
)
def test_a_bad_file_of_keys_changes_none_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, code: str
) -> None:
    (tmp_path / "keys.toml").write_text(text, "utf-8")
    with pytest.raises(Refusal, match=code):
        keys_of(tmp_path)
    assert keys_at_the_door(tmp_path) == key_map(read_actions())
    assert code in caplog.text


def test_the_card_lists_every_key_with_a_word() -> None:
    card = key_card(key_map(read_actions()))
    assert ("空格 / F9", "收款") in card
    assert len(card) == len(read_actions())
    assert [hint[0] for hint in bar_hints(key_map(read_actions()))][:3] == [
        "keys", "find", "quantity"]  # fmt: skip


def test_a_held_key_acts_once_but_arrows_go_on(hot: HotKeys, acted: list[str]) -> None:
    hot(press(Qt.Key.Key_F6))
    assert hot(press(Qt.Key.Key_F6, repeat=True))
    hot(press(Qt.Key.Key_Down))
    hot(press(Qt.Key.Key_Down, repeat=True))
    assert acted == ["hold", "down", "down"]


def test_space_pays_in_the_scan_field_and_is_a_letter_in_a_name(
    qtbot: QtBot, hot: HotKeys, acted: list[str]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    name, scan = QLineEdit(window), QLineEdit(window)
    scan.setProperty("till_field", True)
    window.show()
    window.activateWindow()
    name.setFocus()
    qtbot.waitUntil(name.hasFocus)
    assert not hot(press(Qt.Key.Key_Space, " "))
    scan.setFocus()
    assert hot(press(Qt.Key.Key_Space, " "))
    assert acted == ["pay"]


def test_del_edits_text_while_there_is_some_and_removes_the_line_otherwise(
    qtbot: QtBot, hot: HotKeys, acted: list[str]
) -> None:
    scan = QLineEdit()
    qtbot.addWidget(scan)
    scan.setProperty("till_field", True)
    scan.show()
    scan.activateWindow()
    scan.setFocus()
    qtbot.waitUntil(scan.hasFocus)
    scan.setText("mg")
    assert not hot(press(Qt.Key.Key_Delete, "\x7f"))
    scan.clear()
    assert hot(press(Qt.Key.Key_Delete, "\x7f"))
    assert hot(press(Qt.Key.Key_Delete, "\x7f", CONTROL))
    assert acted == ["remove", "clear"]

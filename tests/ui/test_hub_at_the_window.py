"""The way to head office as a person at the window sees it: a lamp, a card, and why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from sync.hub import office
from tests.support.hubs import RunningHub
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from ui.presenters.strip import hub_lamp

EGG_ROLL = "6900000110140"
ENTER = Qt.Key.Key_Return


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub for demo tills."""
    one = RunningHub(tmp_path / "hub", "", demo=True)
    yield one
    one.close()


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    """A cashier in front of an open till."""
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def lamp(hands: Hands) -> tuple[str, str]:
    """Head office's lamp: its state, and what it says."""
    (shown,) = hub_lamp(hands.running.till)
    return shown.state, shown.value


def join(hands: Hands, hub: RunningHub) -> None:
    """The till joins and is let in."""
    till = hands.running.till
    code = office.enrol_code(hub.hub, shop="KP01", till=till.books.till)
    digits = till.hub.enrol(hub.address, code)
    hands.until(lambda: lamp(hands)[0] == "warn", "that it is not let in yet")
    office.approve_device(hub.hub, device=till.books.journal.device, fingerprint_shown=digits)
    till.hub.ask()
    hands.until(lambda: lamp(hands) == ("ok", "正常"), "that all is sent")


def sell(hands: Hands) -> None:
    hands.scan(EGG_ROLL)
    hands.sees("38.00", 1)
    hands.press(Qt.Key.Key_Space)
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.done("0.00")


def test_a_till_on_its_own_has_no_lamp_for_head_office(hands: Hands) -> None:
    assert hub_lamp(hands.running.till) == ()
    assert "总部" not in hands.running.window.strip.accessibleName()


def test_a_cut_line_is_told_in_numbers_and_healed_by_a_touch(hands: Hands, hub: RunningHub) -> None:
    join(hands, hub)
    till, window = hands.running.till, hands.running.window
    till.hub.cut = True
    sell(hands)
    hands.until(lambda: lamp(hands)[0] == "warn", "that the line is cut")
    assert lamp(hands)[1].startswith("等 ")
    hands.until(lambda: "总部 等 " in window.strip.accessibleName(), "the strip")

    hands.running.shell.acted("devices")
    hands.until(lambda: window.page == "devices", "the devices")
    hands.button("现在传")
    said = {each.text() for each in window.findChildren(QLabel)}
    assert "连不上总部" in said
    assert any(text.startswith("等传 ") for text in said)
    till.hub.cut = False
    hands.tap("现在传")
    hands.until(lambda: lamp(hands) == ("ok", "正常"), "that all is sent")
    head = hands.count("SELECT max(seq) FROM entry")
    assert hub.rows("SELECT seq FROM hub_journal") == [(head,)]


def test_a_hub_that_never_answers_holds_no_sale(hands: Hands, hub: RunningHub) -> None:
    join(hands, hub)
    with hub.hub.database.begin():
        # The hub's one writer is taken: every push waits for it.
        for _ in range(3):
            sell(hands)
        assert lamp(hands)[1].startswith("等 ")
    hands.until(lambda: lamp(hands) == ("ok", "正常"), "that all is sent")

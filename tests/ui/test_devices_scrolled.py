"""A message takes room in 设备, and the card somebody works on stays in view under it."""

import msgspec
import pytest
import scenes_rooms
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from ui.room_views import DevicesView
from ui.screens.devices import DeviceCard, DevicesScreen
from ui.theme import Theme
from ui.views import MessageView


def many() -> DevicesView:
    view = scenes_rooms.devices()
    devices = [
        msgspec.structs.replace(each, key=f"{each.key}{n}") for n in range(3)
        for each in view.devices
    ]  # fmt: skip
    return msgspec.structs.replace(view, devices=tuple(devices))


def hidden(screen: DevicesScreen, card: QWidget) -> int:
    """Pixels of a card above the top of what is shown of all cards."""
    view = screen.findChild(QScrollArea).viewport()
    return -card.mapTo(view, QPoint(0, 0)).y()


@pytest.mark.parametrize("key", ["r1", "l1", "d1", "c1", "c2"])
def test_a_message_leaves_the_card_in_view(qapp: QApplication, key: str) -> None:
    screen = DevicesScreen(Theme())
    screen.resize(1024, 700)
    screen.show()
    screen.show_view(many())
    qapp.processEvents()
    card = next(each for each in screen.findChildren(DeviceCard)
                if (key, next(iter(each.buttons))[1]) in each.buttons)  # fmt: skip
    button = card.buttons[key, next(iter(card.buttons))[1]]
    button.setFocus()
    screen._see_focus()
    # Somebody scrolled until only the button was left of it.
    bar = screen.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.value() - hidden(screen, card) + card.height() // 2)
    screen.show_view(
        msgspec.structs.replace(many(), message=MessageView(text="测试页在打印", tone="ok"))
    )
    for _ in range(3):
        qapp.processEvents()
    assert hidden(screen, card) <= 0
    screen.close()

"""What hands do in 盘点, for every test that counts at the window."""

from PySide6.QtCore import Qt

from tests.ui.hands import LOOK_MS, Hands, wait
from ui.count_views import CountView


def view(hands: Hands) -> CountView:
    """The page of counts as it stands."""
    shown = hands.running.window.page_of("count")._view  # type: ignore[attr-defined]
    assert isinstance(shown, CountView)
    return shown


def room(hands: Hands) -> None:
    """Into 盘点, and a look at it."""
    hands.press(Qt.Key.Key_P, control=True)
    hands.until(lambda: hands.running.window.page == "count", "盘点")
    wait(LOOK_MS)


def at_shelf(hands: Hands, zone: str) -> None:
    """The shelf's label is scanned."""
    hands.scan(f"S:{zone}")
    hands.until(lambda: view(hands).under.startswith(zone), f"shelf {zone}")

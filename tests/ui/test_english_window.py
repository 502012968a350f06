"""A shop whose people read English: no room of the real window is Chinese but for names."""

from english_words import worded
from hands import LOOK_MS, at_the_window, wait
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.stories import test_papers_in_english as story
from tests.stories.counters import MANAGER, MakeShop, demo_folder, make_shop
from tests.support.foreign import untranslated
from ui.language import install_language

__all__ = ["demo_folder", "make_shop"]

ENTER = Qt.Key.Key_Return
MASKED = ("江**", "阿**")
"""Buyers as a list of invoices shows them."""


def a_shop_in_english(shop: story.ShopFloor) -> set[str]:
    """Something in every room; whatever is a name there."""
    shop.open_shift()
    shop.sign_in(MANAGER)
    shop.ok("shop", set={"language": "en", "receipt_language": "en"})
    number = story.sold(shop)
    story.stock_room(shop)
    line = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}
    shop.ok("refund", receipt=number, lines=[line], **story.BY_LEAD)
    shop.ok("invoice_request", receipt=number, buyer={"name": story.TYPED["company"]})
    shop.ok("recall", product=story.EGGS, lots=[story.TYPED["batch"]])
    shop.ok("add", product=story.TEA, quantity="1")
    shop.ok("hold", name=story.TYPED["person"])
    keys = shop.ok("shop")["settings"]["quick_keys"]
    names = story.named(shop) | {part.split("=")[0] for part in keys.splitlines()}
    shop.close()
    return names | {" ".join(part.split("=")[0] for part in keys.splitlines())}


def test_no_room_of_an_english_window_is_chinese(make_shop: MakeShop, qapp: QApplication) -> None:
    shop = make_shop("english")
    names = {*a_shop_in_english(shop), *MASKED}
    install_language(qapp, "en")
    found = {}
    with at_the_window(shop.folder) as hands:
        window, shell = hands.running.window, hands.running.shell
        hands.until(lambda: bool(hands.running.door.sign_in._people), "the people at the door")
        for word in MANAGER:
            hands.type(word)
            hands.press(ENTER)
        hands.until(lambda: window.page == "till", "the counter")
        for room in ("till", *shell._rooms):
            if room != "till":
                shell.go(room)
                hands.until(lambda room=room: window.page == room, room)
                hands.until(lambda: hands.running.work._background.waiting() == 0, "what is read")
            wait(LOOK_MS)
            if said := untranslated("\n".join(sorted(worded(window))), names):
                found[room] = said
    assert found == {}

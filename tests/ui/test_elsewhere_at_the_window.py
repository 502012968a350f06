"""设备 · 扫码看: head office says which other shop has some of an article, with its age."""

import pytest

from app.errors import Refusal
from sync.hub import office
from sync.protocol_stock import ShopStock
from tests.support.hubs import RunningHub
from tests.ui.hands import Hands
from tests.ui.test_joining_at_the_window import EGG_ROLL, hands, hub, words
from ui.console import Seat
from ui.console_hub import elsewhere

__all__ = ["hands", "hub"]


def test_a_scanned_article_says_where_else_it_is_to_be_had(
    hands: Hands, hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = hands.running.till
    code = office.enrol_code(hub.hub, shop="KP01", till="1")
    digits = till.hub.enrol(hub.address, code)
    device = till.books.journal.device
    office.approve_device(hub.hub, device=device, fingerprint_shown=digits)

    hands.scan(EGG_ROLL)
    hands.until(lambda: "别的店也没有" in words(hands), "the answer")

    def two(_product: str) -> list[ShopStock]:
        return [
            ShopStock("KP02", "塘口店", 6_000, till.books.clock.wall_ms()),
            ShopStock("KP03", "", 2_500, 0),
        ]

    with monkeypatch.context() as patch:
        patch.setattr(till.hub, "ask_elsewhere", two)
        hands.scan(EGG_ROLL)
        hands.until(lambda: any("塘口店 6 盒" in each for each in words(hands)), "塘口店")
        assert any(each.startswith("KP03 2.500 盒") for each in words(hands))
        told = elsewhere(Seat(till), product="11014")["shops"]
        assert told[0]["quantity"] == "6.000"

    hub.close()
    hands.scan(EGG_ROLL)
    hands.until(lambda: any("问不到总部" in each for each in words(hands)), "no answer")
    with pytest.raises(Refusal, match="hub_not_reached"):
        elsewhere(Seat(till), product="11014")

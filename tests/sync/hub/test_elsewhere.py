"""别店有货: a till asks which other shop has some of an article, and hears as of when."""

import msgspec

from app.facts.base import Fact
from app.facts.shop import SettingChanged
from app.facts.stock import GoodsReceived, ReceivedLine
from sync.protocol import Refused, encoded
from sync.protocol_stock import STOCK_PATH, AskStock, ShopStock, StockElsewhere, stock_in
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.hubs import RunningHub


def received(shop: str, quantity: int) -> list[Fact]:
    line = ReceivedLine(
        line=1, product="13006", lot=f"lot-{shop}", batch="B1", quantity=quantity,
        unit_cost=9_500_000,
    )  # fmt: skip
    return [
        SettingChanged(shop=shop, key="shop_name", value=f"{shop} 店"),
        GoodsReceived(shop=shop, till="1", day="2026-11-28", document=f"r-{shop}", lines=(line,)),
    ]


def joined(hub: RunningHub, shop: str, *facts: Fact) -> Writer:
    writer = Writer(shop, shop=shop)
    hub.join(writer)
    for fact in facts:
        writer.write(msgspec.structs.replace(fact, shop=shop))
    if facts:
        assert hub.push(writer).code == "ack"
    return writer


def asked(hub: RunningHub, writer: Writer, product: str = "13006") -> StockElsewhere | Refused:
    body = encoded(AskStock(product=product))
    headers = hub.signed(writer, STOCK_PATH, body, packed=False)
    return stock_in(hub.post(STOCK_PATH, body, headers).content)


def test_the_other_shops_that_have_some_are_told_the_most_first_and_as_of_when(
    hub: RunningHub,
) -> None:
    mine = joined(hub, "KP01", *received("KP01", 99_000))
    first_ms = hub.clock.wall_ms()
    joined(hub, "KP02", *received("KP02", 6_000))
    hub.clock.advance(3_600_000)
    sale = sold(("13006", 1680, 2_000), lot="lot-KP03")
    other = joined(hub, "KP03", *received("KP03", 10_000), sale)
    joined(hub, "KP04", *received("KP04", 2_000), sold(("13006", 1680, 2_000), lot="lot-KP04"))
    hub.projection.work()
    # What came since and is not worked in yet makes nothing younger.
    later_ms = hub.clock.wall_ms()
    hub.clock.advance(60_000)
    hub.push(other, [other.write(msgspec.structs.replace(sale, shop="KP03", sequence=2))])
    answer = asked(hub, mine)
    assert isinstance(answer, StockElsewhere)
    assert answer.shops == [
        ShopStock("KP03", "KP03 店", 8_000, later_ms), ShopStock("KP02", "KP02 店", 6_000, first_ms)
    ]  # fmt: skip
    nothing = asked(hub, mine, "99999")
    assert isinstance(nothing, StockElsewhere) and nothing.shops == []


def test_nobody_is_told_without_being_let_in(hub: RunningHub) -> None:
    joined(hub, "KP02", *received("KP02", 6_000))
    hub.projection.work()
    stranger = Writer("stranger", shop="KP01")
    hub.join(stranger, approved=False)
    answer = asked(hub, stranger)
    assert isinstance(answer, Refused) and answer.code == "waiting_approval"

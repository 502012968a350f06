"""T8 with two tills, head office and a hub as programs of their own, on a real PostgreSQL."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.clock import SystemClock, parse_time
from app.facts.base import Fact
from app.facts.pricing import ListedPrice, PriceListSet, Promotion, PromotionSet
from app.facts.stock import LotsRecalled
from app.ids import Ids
from sync.hub.publishing import publish
from sync.hub.state import Hub
from tests.support.chains import CASHIER, GOODS, Chain, sell
from tests.support.talkers import Talker

TEA, EGGS = "12006", "13006"
BATCH = "JJ20261108-03"
START, END = "2026-12-12T00:00:00+08:00", "2026-12-13T00:00:00+08:00"


@pytest.fixture
def chain(tmp_path: Path, database: str) -> Iterator[Chain]:
    """A hub in its own process."""
    one = Chain(tmp_path, database)
    yield one
    one.close()


class HeadOffice:
    """Publishes under the hub's key, as its acts do."""

    def __init__(self, chain: Chain) -> None:
        clock = SystemClock()
        self._hub = Hub(
            chain.folder / "hub", clock=clock, ids=Ids(clock), url=chain.database, new=False
        )

    def send(self, scope: str, *facts: Fact) -> None:
        with self._hub.database.begin() as db:
            publish(self._hub, db, scope=scope, shops=("KP01",), facts=facts,
                    order=self._hub.now_ms())  # fmt: skip

    def close(self) -> None:
        self._hub.close()


@pytest.fixture
def office(chain: Chain) -> Iterator[HeadOffice]:
    """Head office at the very hub."""
    one = HeadOffice(chain)
    yield one
    one.close()


def price_of(till: Talker, code: str) -> str:
    """What a customer would pay for one now."""
    basket = till.ok("scan", code=code)["basket"]
    net: str = basket["lines"][0]["net"]
    till.ok("cancel_basket", reason="只看价")
    return net


def prices(tills: Sequence[Talker], code: str) -> list[str]:
    return [price_of(till, code) for till in tills]


def sync(till: Talker) -> dict[str, dict[str, object]]:
    state = till.ok("sync")
    assert (state["waiting"], state["reason"]) == (0, ""), state
    feeds: dict[str, dict[str, object]] = state["feeds"]
    return feeds


def at(tills: Sequence[Talker], moment: str) -> None:
    for till in tills:
        till.ok("clock", now=moment)


def test_a_promotion_switches_both_tills_at_midnight_and_a_recall_reaches_who_can_be_reached(
    chain: Chain, office: HeadOffice
) -> None:
    words = ("--clock", "2026-12-09T15:00:00+08:00")
    one, two = tills = [chain.open_till("1", *words), chain.open_till("2", *words)]
    rule = Promotion(
        code="D12", name="双12 三色套装", kind="item_price", price=16800, products=(TEA,),
        from_ms=parse_time(START), to_ms=parse_time(END),
    )  # fmt: skip
    office.send("promotions", PromotionSet(shop="", document="v57", promotion=rule))
    cut = PriceListSet(
        shop="", document="v58", from_ms=parse_time("2026-12-01T00:00:00+08:00"),
        lines=(ListedPrice(product=GOODS, price=2980),),
    )  # fmt: skip
    before = prices(tills, GOODS)
    office.send("prices", cut)
    for till in tills:
        feeds = sync(till)
        assert [feeds[scope]["version"] for scope in ("promotions", "prices")] == [1, 1]
        assert (feeds["prices"]["held"], feeds["prices"]["age_s"]) == (0, 0)
    # Head office lowered a price at once; the promotion waits for its moment, with the line cut.
    assert before[0] == before[1] != "29.80"
    assert prices(tills, GOODS) == ["29.80", "29.80"]
    chain.line.cut()
    assert prices(tills, TEA) == ["198.00", "198.00"]
    at(tills, "2026-12-11T23:59:59+08:00")
    assert prices(tills, TEA) == ["198.00", "198.00"]
    at(tills, START)
    assert prices(tills, TEA) == ["168.00", "168.00"]
    at(tills, "2026-12-12T23:59:00+08:00")
    assert prices(tills, TEA) == ["168.00", "168.00"]
    at(tills, END)
    assert prices(tills, TEA) == ["198.00", "198.00"]

    # d) A batch is recalled while till 2 cannot be reached: till 1 blocks it and says so.
    chain.line.heal()
    for till in tills:
        sync(till)
    chain.line.cut()
    recall = LotsRecalled(shop="", till="", recall="r21", number="ZH-0021", product=EGGS,
                          batches=(BATCH,), level="1")  # fmt: skip
    office.send("recalls", recall)
    assert two.ok("sync")["reason"] in ("no_connection", "no_answer")
    chain.line.heal()
    assert sync(one)["recalls"]["version"] == 1
    sync(one)
    seen = "SELECT till, applied FROM hub_feed_seen f JOIN hub_device d USING (shop, device)"
    assert chain.rows(f"{seen} WHERE scope = 'recalls'") == [("1", 1)]
    assert sync(two)["recalls"]["version"] == 1


def test_another_tills_sales_change_no_count_and_no_number_here(chain: Chain) -> None:
    one, two = chain.open_till("1"), chain.open_till("2")
    sell(one, 2)
    x = one.ok("x_report")
    number = one.ok("find_receipt")["receipts"][0]["number"]
    sell(two, 3)
    two.ok("scan", code=GOODS)
    two.ok("hold", name="阿姨")
    sync(two)
    sync(one)
    found = one.ok("find_receipt")
    assert (len(found["receipts"]), list(found["known"])) == (5, ["2"])
    held = one.ok("held")
    assert (held["held"], [each["till"] for each in held["elsewhere"]]) == ([], ["2"])
    assert two.ok("held")["elsewhere"] == []
    assert list(one.ok("stock", product=GOODS)["known"]) == ["2"]
    assert one.ok("x_report") == x
    sell(one, 1)
    ours = [
        each["number"]
        for each in one.ok("find_receipt")["receipts"]
        if each["number"].startswith("KP01-1")
    ]
    assert int(ours[0][-4:]) == int(number[-4:]) + 1
    two.ok("resume")
    sync(two)
    sync(one)
    assert one.ok("held")["elsewhere"] == []
    one.ok("sign_in", **CASHIER)
    for till in (one, two):
        till.end()

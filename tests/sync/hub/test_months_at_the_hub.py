"""The hub adds up every month where it writes the movements, whatever comes when."""

from collections.abc import Callable

import msgspec
import pytest

from app.facts.stock import GoodsReceived, ReceivedLine
from app.reports import month_sums
from app.reports.month_sums import Moved, moved_by_month
from sync.hub import reporting
from sync.hub.tables import MEANING_TABLES
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.hubs import RunningHub
from tests.support.office import Browser, Office
from tests.support.tills import MORNING

SHOPS = ("KP01", "KP02")
DAY_MS = 86_400_000
OCTOBER, LAST_OF_OCTOBER = MORNING - 45 * DAY_MS, 1_793_462_399_999
"""MORNING is 29 November; the last millisecond of October in China."""


def months(hub: RunningHub) -> Moved:
    """What the hub added up; never anything else than the sum from the beginning."""
    with hub.hub.database.view() as db:
        summed = moved_by_month(db, SHOPS, reporting.TABLES)
        assert summed == moved_by_month(db, SHOPS, MEANING_TABLES)
    return summed


def came(writer: Writer, order_ms: int, cost: int, document: str) -> None:
    writer.order = order_ms - 1000
    line = ReceivedLine(line=1, product="13006", lot=f"lot-{document}", quantity=6_000,
                        unit_cost=cost)  # fmt: skip
    writer.write(GoodsReceived(shop=writer.shop, till="1", day="2026-10-15", document=document,
                               lines=(line,)))  # fmt: skip


def sells(writer: Writer, order_ms: int, sequence: int) -> None:
    writer.order = order_ms - 1000
    sale = sold(("13006", 1850, 2000), sequence=sequence)
    writer.write(msgspec.structs.replace(sale, shop=writer.shop))


def test_the_months_are_those_from_the_beginning_whoever_comes_late(hub: RunningHub) -> None:
    one, other, late = Writer("a"), Writer("b", shop="KP02"), Writer("c", till="2")
    for till, each in (("1", one), ("1", other), ("2", late)):
        hub.join(each, till=till)
    assert months(hub) == {}
    came(one, OCTOBER, 9_000_000, "r1")
    sells(one, LAST_OF_OCTOBER, 1)
    sells(one, LAST_OF_OCTOBER + 1, 2)
    sells(other, MORNING, 1)
    for each in (one, other):
        hub.push(each)
    hub.projection.work()
    first = months(hub)
    assert {month for _shop, _product, month in first} == {"2026-10", "2026-11"}
    assert first["KP01", "13006", "2026-10"][:2] == (6_000, 54_000_000_000)
    # A till comes home with a month that was over long ago, and sends some of it twice.
    came(late, OCTOBER + DAY_MS, 10_000_000, "r2")
    sells(late, OCTOBER + 2 * DAY_MS, 7)
    hub.push(late)
    hub.projection.work()
    hub.push(late, late.entries[1:])
    hub.push(one)
    hub.projection.work()
    then = months(hub)
    assert then["KP01", "13006", "2026-10"][:2] == (12_000, 114_000_000_000)
    before, after = (each["KP01", "13006", "2026-10"][2] for each in (first, then))
    assert (before, after) == (-2_000, -4_000)
    assert then["KP02", "13006", "2026-11"] == first["KP02", "13006", "2026-11"]


def test_a_hub_from_before_adds_its_months_up_by_itself(
    make_hub: Callable[..., RunningHub],
) -> None:
    hub, writer = make_hub(), Writer("a")
    hub.join(writer)
    came(writer, OCTOBER, 9_000_000, "r1")
    sells(writer, MORNING, 1)
    hub.push(writer)
    hub.projection.work()
    known = months(hub)
    hub.rows_changed("DROP TABLE hub_moved")
    hub.rows_changed("UPDATE hub_mark SET value = 'older' WHERE name = 'tables'")
    hub.close()
    hub = make_hub()
    assert months(hub) == {}
    hub.projection.work()
    assert months(hub) == known


@pytest.mark.parametrize("change", ["other = other + 1000", "came_value = came_value + 10000000"])
def test_a_month_that_was_changed_is_red(hub: RunningHub, change: str) -> None:
    office, writer = Office(hub), Writer("a")
    office.hire("ann", "approver")
    hub.join(writer)
    came(writer, OCTOBER, 9_000_000, "r1")
    hub.push(writer)
    hub.projection.work()
    ann = office.browser("ann")
    address = "/hq/reports/average_cost?from=2026-10-01&to=2026-10-31"
    assert said(ann, address).endswith("与流水账一致")
    hub.rows_changed(f"UPDATE hub_moved SET {change}")
    assert "对不上" in said(ann, address)


def said(ann: Browser, address: str) -> str:
    """What the page says of its check at the end."""
    return "".join(ann.framed(address)[-1:]) or ann.page


@pytest.mark.parametrize(("order_ms", "month"), [(0, "1970-01"), (2**62, "9999-12")])
def test_no_moment_is_beyond_the_calendar(order_ms: int, month: str) -> None:
    row = {"shop": "KP01", "product": "1", "order_ms": order_ms, "reason": "sold", "quantity": 1,
           "unit_cost": 0}  # fmt: skip
    assert [each["month"] for each in month_sums.summed([row])] == [month]

"""A recall is seen through at head office's pages: its clock, its notice, what came back."""

import re

import msgspec
import pytest

from app.facts.sales import LotShare, RefundCompleted, RefundLine, RefundTender
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.hubs import RunningHub
from tests.support.office import BATCH, LOT, Browser, Office, a_shop_that_sells
from tests.sync.hub.test_console import visible

HOUR_MS = 3_600_000


@pytest.fixture
def office(hub: RunningHub, writer: Writer) -> Office:
    one = Office(hub)
    one.hire("ann", "approver")
    a_shop_that_sells(hub, writer)
    return one


def recalled(ann: Browser, level: str = "1") -> str:
    """The id of a new recall of the eggs."""
    assert ann.do("recall", product="13006", batches=BATCH, level=level).status_code == 303
    found = re.search(r'href="/hq/recalls/([^"]+)"', ann.get("/hq/recalls").text)
    assert found
    return found.group(1)


@pytest.mark.parametrize(("level", "hours"), [("1", 24), ("2", 48), ("3", 72)])
def test_each_level_has_its_hours_and_the_room_says_when_they_are_over(
    office: Office, level: str, hours: int
) -> None:
    ann = office.browser("ann")
    room = f"/hq/recalls/{recalled(ann, level)}"
    office.hub.clock.advance(10 * 60_000)
    assert f"还有 {hours - 1} 小时下架完" in visible(ann.get(room).text)
    office.hub.clock.advance((hours + 1) * HOUR_MS)
    ann = office.browser("ann")
    assert "下架期限已过 1 小时" in visible(ann.get(room).text)


def test_the_notice_says_what_is_recalled_and_nothing_of_persons_or_money(office: Office) -> None:
    ann = office.browser("ann")
    recall = recalled(ann)
    assert f'href="/hq/notice/{recall}"' in ann.get(f"/hq/recalls/{recall}").text
    page = ann.get(f"/hq/notice/{recall}")
    said = visible(page.text)
    for word in ("商品召回公告", "ZH-", "金鸡皮蛋", "6枚", BATCH, "2026-11-08", "2027-05-07",
                 "HGZ-77", "金鸡镇 石迳村", "展示馆旗舰店"):  # fmt: skip
        assert word in said, word
    for hidden in ("ann", "16.80", "9.50", "KP01-1-"):
        assert hidden not in said, hidden
    stranger = Browser(office.hub).get(f"/hq/notice/{recall}")
    assert "商品召回公告" not in stranger.text and "动态码" in stranger.text
    assert ann.get("/hq/notice/nothing").status_code == 400


def test_what_customers_bring_back_stands_in_the_room_and_how_sure_it_is(
    office: Office, writer: Writer
) -> None:
    sales = []
    for sequence, known in ((3, "scanned"), (4, "assumed")):
        sale = sold(("13006", 1680, 2000), sequence=sequence, lot=LOT)
        share = msgspec.structs.replace(sale.lines[0].lots[0], known=known)
        line = msgspec.structs.replace(sale.lines[0], lots=(share,))
        sales.append(writer.write(msgspec.structs.replace(sale, lines=(line,))).fact)
    ann = office.browser("ann")
    room = f"/hq/recalls/{recalled(ann)}"
    assert "还没有顾客退回" in visible(ann.get(room).text)
    for number, (sale_id, quantity) in enumerate(zip(sales, (2000, 1000), strict=True), 10):
        writer.write(brought_back(sale_id, number, quantity))
    assert office.hub.push(writer).code == "ack"
    office.hub.projection.work()
    said = visible(ann.get(room).text)
    assert re.search(rf"KP01-1-261129-0010\s+2026-11-29\s+{BATCH}\s+2\s+凭溯源码", said)
    assert re.search(rf"KP01-1-261129-0011\s+2026-11-29\s+{BATCH}\s+1\s+可能", said)
    assert re.search(r"顾客退回\s+3\s", said)


def brought_back(sale: str, number: int, quantity: int) -> RefundCompleted:
    """Eggs of the recalled lot, put aside for the maker."""
    amount = 1680 * quantity // 1000
    line = RefundLine(
        line=1, original_line=1, product="13006", name="金鸡皮蛋", spec="6枚", unit="盒",
        weighed=0, quantity=quantity, unit_price=1680, amount=amount, tax_class="goods",
        tax_rate=13, tax=amount * 13 // 113, reason="recalled", disposition="maker",
        lots=(LotShare(lot=LOT, known="scanned", quantity=quantity),),
    )  # fmt: skip
    return RefundCompleted(
        shop="KP01", till="1", day="2026-11-29", shift="shift-1", series="", drawer="1",
        number=f"KP01-1-261129-{number:04d}", sequence=number, person="101", channel="C13",
        seller="", sale=sale, lines=(line,), amount=amount, tax=line.tax,
        tenders=(RefundTender(tender="cash", amount=amount),),
    )  # fmt: skip

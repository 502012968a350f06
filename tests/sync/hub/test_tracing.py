"""验真: what the brand says about a code on the goods, to a till and to a customer's phone."""

import msgspec
import pytest

from app.facts.catalogue import Barcode, BarcodesSet, Product, ProductsSet
from app.facts.sales import RefundCompleted, RefundLine, SaleLine
from app.facts.stock import GoodsReceived, LotsRecalled, ReceivedLine
from sync import protocol
from sync.hub.tracing import genuine, lot_of_link
from sync.protocol_trace import GENUINE_PATH, AskGenuine, Genuine
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.hubs import RunningHub

GTIN = "06901234567892"
EGGS = Product(
    code="13006", name="金鸡皮蛋", spec="6枚", unit="盒", price=1680, mark="dual",
    origin_town="金鸡镇", origin_village="石迳村", story="禾草灰腌制",
)  # fmt: skip
BATCH, LOT = "JJ20261108-03", "0193-lot-eggs"


def shop_sells(writer: Writer) -> None:
    writer.write(ProductsSet(shop="KP01", document="d", products=(EGGS,)))
    barcode = Barcode(code="6901234567892", product="13006")
    writer.write(BarcodesSet(shop="KP01", document="d", barcodes=(barcode,)))
    line = ReceivedLine(
        line=1, product="13006", lot=LOT, batch=BATCH, quantity=88_000, unit_cost=95_000,
        made="2026-11-08", expires="2027-05-07", certificate="HGZ-77", report="BG-9",
    )  # fmt: skip
    writer.write(
        GoodsReceived(shop="KP01", till="1", day="2026-11-09", document="r", lines=(line,))
    )


def sold_piece(writer: Writer, serial: str) -> str:
    sale = sold(("13006", 1680, 1000), lot=LOT)
    line = msgspec.structs.replace(sale.lines[0], serial=serial)
    assert isinstance(line, SaleLine)
    return writer.write(msgspec.structs.replace(sale, lines=(line,))).fact


def recalled(writer: Writer, *, ended: int = 0) -> None:
    writer.write(
        LotsRecalled(
            shop="KP01", till="1", recall="r1", number="ZH-0021", product="13006",
            batches=(BATCH,), level="1", ended=ended,
        )
    )  # fmt: skip


def given_back(writer: Writer, sale: str) -> None:
    line = RefundLine(
        line=1, original_line=1, product="13006", name="金鸡皮蛋", spec="", unit="盒", weighed=0,
        quantity=1000, unit_price=1680, amount=1680, tax_class="goods", tax_rate=9, tax=0,
        reason="quality", disposition="shelf",
    )  # fmt: skip
    writer.write(
        RefundCompleted(
            shop="KP01", till="1", day="2026-11-29", shift="s", number="R1", sequence=9, series="",
            drawer="1", person="101", channel="C13", seller="x", sale=sale, lines=(line,),
            amount=1680, tenders=(), tax=0,
        )
    )  # fmt: skip


@pytest.fixture
def sent(hub: RunningHub, writer: Writer) -> Writer:
    shop_sells(writer)
    return writer


def told(hub: RunningHub, writer: Writer, asked: AskGenuine) -> Genuine:
    """What a till hears once everything it wrote has arrived."""
    assert hub.push(writer).code == "ack"
    hub.projection.work()
    headers = hub.signed(writer, GENUINE_PATH, protocol.encoded(asked), packed=False)
    response = hub.post(GENUINE_PATH, protocol.encoded(asked), headers)
    text = protocol.answer_text(
        headers[protocol.NONCE_HEADER], response.status_code, response.content
    )
    signature = response.headers[protocol.SIGNATURE_HEADER]
    assert protocol.is_signed(hub.hub.public_key, signature, text)
    return msgspec.json.decode(response.content, type=Genuine)


def test_goods_the_brand_knows_are_genuine_and_tell_their_way(
    hub: RunningHub, sent: Writer
) -> None:
    one = told(hub, sent, AskGenuine(gtin=GTIN, lot=BATCH))
    assert (one.state, one.name, one.mark, one.town) == ("genuine", "金鸡皮蛋", "dual", "金鸡镇")
    assert (one.village, one.certificate, one.report) == ("石迳村", "HGZ-77", "BG-9")
    assert [(each.shop, each.name) for each in one.passed] == [("KP01", "KP01")]
    assert told(hub, sent, AskGenuine(lot=LOT)).state == "genuine"
    assert told(hub, sent, AskGenuine(product="13006", lot=BATCH)).batch == BATCH


@pytest.mark.parametrize(
    "asked",
    [
        AskGenuine(),
        AskGenuine(gtin=GTIN),
        AskGenuine(gtin=GTIN, lot="JJ1"),
        AskGenuine(gtin="04006381333931", lot=BATCH),
        AskGenuine(product="11004", lot=BATCH),
        # A batch alone may be anybody's.
        AskGenuine(lot=BATCH),
        AskGenuine(gtin=GTIN, lot="' OR 1=1 --"),
    ],
)
def test_what_nobody_took_in_is_unknown(hub: RunningHub, sent: Writer, asked: AskGenuine) -> None:
    one = told(hub, sent, asked)
    assert (one.state, one.name, one.passed) == ("unknown", "", [])


def test_a_piece_is_sold_once_and_is_nobodys_again_when_it_came_back(
    hub: RunningHub, sent: Writer
) -> None:
    piece = AskGenuine(gtin=GTIN, lot=BATCH, serial="S-1")
    assert told(hub, sent, piece).state == "genuine"
    sale = sold_piece(sent, "S-1")
    again = told(hub, sent, piece)
    assert (again.state, again.sold_day, again.sold_shop) == ("sold", "2026-11-29", "KP01")
    assert told(hub, sent, AskGenuine(gtin=GTIN, lot=BATCH, serial="S-2")).state == "genuine"
    given_back(sent, sale)
    assert told(hub, sent, piece).state == "genuine"


def test_a_recalled_lot_says_so_until_the_recall_is_over(hub: RunningHub, sent: Writer) -> None:
    recalled(sent)
    one = told(hub, sent, AskGenuine(gtin=GTIN, lot=BATCH))
    assert (one.state, one.recall) == ("recalled", "ZH-0021")
    recalled(sent, ended=1)
    assert told(hub, sent, AskGenuine(gtin=GTIN, lot=BATCH)).state == "genuine"


def test_nothing_of_a_person_and_no_amount_is_told(hub: RunningHub, sent: Writer) -> None:
    sold_piece(sent, "S-1")
    hub.push(sent)
    hub.projection.work()
    with hub.hub.database.begin() as db:
        one = genuine(db, lot_of_link(GTIN, BATCH, "S-1"), hub.clock.wall_ms())
    words = msgspec.json.encode(one).decode()
    for hidden in ("1680", "95000", "101", "wechat", "cash"):
        assert hidden not in words.replace(str(one.hub_ms), "")


def test_only_a_till_that_belongs_may_ask_here(hub: RunningHub, writer: Writer) -> None:
    body = protocol.encoded(AskGenuine(lot=LOT))
    assert hub.post(GENUINE_PATH, body).status_code == 403

"""The brand's reports in the browser of head office: the till's own, over every shop."""

import io
import json
import re
from typing import Any

import openpyxl
import pypdfium2 as pdfium
import pytest

from app.facts.catalogue import ProductsSet
from app.facts.shop import SettingChanged
from app.facts.stock import GoodsReceived, ReceivedLine
from app.reports.report import KINDS
from tests.support.entries import Writer
from tests.support.hubs import RunningHub
from tests.support.office import EGGS, Browser, Office, a_shop_that_sells
from ui.hq_lines import talk

DAYS = "from=2026-11-29&to=2026-11-29"


@pytest.fixture
def ann(hub: RunningHub, writer: Writer) -> Browser:
    office = Office(hub)
    office.hire("ann", "approver")
    a_shop_that_sells(hub, writer)
    return office.browser("ann")


def lines(hub: RunningHub, *said: dict[str, Any]) -> list[dict[str, Any]]:
    typed = io.StringIO("".join(f"{json.dumps(each)}\n" for each in said))
    out = io.StringIO()
    talk(hub.hub, typed, out, lambda _text: None)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_report_answers_and_agrees(ann: Browser) -> None:
    for name in KINDS:
        address = f"/hq/reports/{name}?{DAYS}&compare=week"
        answer = ann.get(address)
        assert answer.status_code == 200, name
        said = "".join(ann.framed(address)[-1:]) or answer.text
        assert "与流水账一致" in said and "对不上" not in said, name
    assert "621.60" in ann.get(f"/hq/reports/day?{DAYS}").text


def another_shop_takes_eggs_in(hub: RunningHub) -> None:
    """KP02 has the same eggs for less money, and they end sooner."""
    other = Writer("b", shop="KP02")
    hub.join(other)
    lot = ReceivedLine(
        line=1, product="13006", lot="0193-other", batch="JJ20261101-01", quantity=10_000,
        unit_cost=9_000_000, made="2026-11-01", expires="2026-12-05",
    )  # fmt: skip
    other.write(SettingChanged(shop="KP02", key="shop_name", value="赤坎店"))
    other.write(GoodsReceived(shop="KP02", till="1", day="2026-11-09", document="r", lines=(lot,)))
    assert hub.push(other).code == "ack"
    hub.projection.work()


def test_goods_near_their_end_and_what_they_cost_are_asked_over_all_shops(ann: Browser) -> None:
    another_shop_takes_eggs_in(ann.hub)
    text = ann.get(f"/hq/reports/near_expiry?{DAYS}").text
    assert "赤坎店" in text and "2026-12-05" in text and "JJ20261108-03" not in text
    address = re.search(r'href="(/hq/reports/near_expiry\?[^"]*row=KP02[^"]*)#papers"', text)
    assert address is not None
    assert "收货" in ann.get(address.group(1).replace("&amp;", "&")).text
    month = "from=2026-12-01&to=2026-12-31"
    text = ann.get(f"/hq/reports/average_cost?{month}").text
    # Each shop's goods cost what that shop paid: KP01 9.50, KP02 9.00.
    assert re.search(r"展示馆旗舰店.*?9\.5000.*?赤坎店.*?9\.0000", text, re.S)
    alone = ann.get(f"/hq/reports/average_cost?{month}&shop=KP02").text
    assert "9.0000" in alone and "9.5000" not in alone


def test_a_chart_is_drawn_without_a_script_or_a_style_of_its_own(ann: Browser) -> None:
    text = ann.get(f"/hq/reports/product?{DAYS}").text
    (drawn,) = re.findall(r"<svg class=\"chart\".*?</svg>", text, re.S)
    assert "金鸡皮蛋" in drawn and "<rect" in drawn
    assert "style=" not in drawn and "<script" not in text


def test_from_a_figure_down_to_its_receipts(ann: Browser) -> None:
    page = ann.get(f"/hq/reports/product?{DAYS}").text
    address = re.search(r'href="(/hq/reports/product\?[^"]*row=13006[^"]*)#papers"', page)
    assert address is not None
    text = ann.get(address.group(1).replace("&amp;", "&")).text
    behind = text[text.index('id="papers"') :]
    assert "KP01-1-261129-0" in behind and "金鸡皮蛋" in behind
    only = re.search(r'href="([^"]*product=13006[^"]*)"', behind)
    assert only is not None
    alone = ann.get(only.group(1).replace("&amp;", "&")).text
    assert "只看" in alone and "看全部" in alone


def test_pdf_and_excel_carry_the_same_rows(ann: Browser) -> None:
    answer = ann.get(f"/hq/sheets/product/pdf?{DAYS}")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "product-2026-11-29-2026-11-29.pdf" in answer.headers["Content-Disposition"]
    with pdfium.PdfDocument(answer.content) as document:
        said = document[0].get_textpage().get_text_bounded()
    book = openpyxl.load_workbook(io.BytesIO(ann.get(f"/hq/sheets/product/xlsx?{DAYS}").content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    names = [row[0] for row in rows[3:-1] if row[0]]
    assert names and all(str(name) in said for name in names)
    assert any(isinstance(cell, int | float) for cell in rows[3])


def test_it_is_said_in_english_too(ann: Browser) -> None:
    ann.get("/hq/language/en")
    text = ann.get(f"/hq/reports/channel?{DAYS}").text
    assert "Reports" in text and "agrees" in text.lower()
    assert "一致" not in text and "线下实体店" not in text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("reports/none", 400, "没有叫"),
        ("reports/day?from=2026-12-09&to=2026-12-01", 400, "日期不对"),
        ("reports/day?from=yesterday", 400, ""),
        ("reports/day?shop=KP99", 400, "不能按"),
        ("reports/day?compare=sometime", 400, "不能按"),
        (f"reports/day?{DAYS}&row=nothing", 400, "不能按"),
        ("sheets/day/exe", 404, ""),
    ],
)
def test_what_cannot_be_asked_is_said(ann: Browser, address: str, status: int, said: str) -> None:
    answer = ann.get(f"/hq/{address}")
    assert answer.status_code == status and said in answer.text


def test_a_strangers_browser_gets_no_file(ann: Browser) -> None:
    answer = Browser(ann.hub).get(f"/hq/sheets/day/xlsx?{DAYS}")
    assert answer.url.endswith("/hq/sign-in")


def test_a_hostile_name_is_text_in_the_chart_as_well(ann: Browser, writer: Writer) -> None:
    fields = {name: getattr(EGGS, name) for name in EGGS.__struct_fields__}
    goods = EGGS.__class__(**(fields | {"name": "<script>alert(1)</script>"}))
    writer.write(ProductsSet(shop="KP01", document="d3", products=(goods,)))
    ann.hub.push(writer)
    ann.hub.projection.work()
    text = ann.get(f"/hq/reports/product?{DAYS}").text
    assert "<script" not in text and "&lt;script&gt;" in text


def test_the_same_stands_in_a_line(ann: Browser) -> None:
    day = {"from": "2026-11-29", "to": "2026-11-29"}
    shop, product, papers, wrong = lines(
        ann.hub,
        {"do": "report", "name": "day", **day},
        {"do": "report", "name": "product", **day},
        {"do": "report", "name": "product", **day, "row": "13006"},
        {"do": "report", "name": "nothing"},
    )
    assert shop["check"]["ok"] and shop["totals"]["net"] == "621.60"
    assert "13006" in [row["key"] for row in product["rows"]]
    assert papers["papers"] and papers["papers"][0]["number"].startswith("KP01-")
    assert (wrong["ok"], wrong["error"]["code"]) == (False, "report_unknown")

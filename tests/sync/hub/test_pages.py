"""What stands on head office's pages and the trace page, whoever wrote it, in both languages."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.facts.catalogue import ProductsSet
from app.facts.shop import SettingChanged
from sync.hub.metrics import TOKEN_FILE
from sync.hub.reporting import SHOPS
from sync.hub.web import names
from sync.hub.web.pages import PAGES
from sync.hub.web.rendering import FOLDER
from tests.support.entries import Writer
from tests.support.hubs import TIMEOUT_S, RunningHub
from tests.support.office import BATCH, EGGS, GTIN, LOT, Browser, Office, a_shop_that_sells

HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}\'"""
SAID = re.compile(r"""\bt\((["\'])(.+?)\1""")


@pytest.fixture
def ann(hub: RunningHub, writer: Writer) -> Browser:
    office = Office(hub)
    office.hire("ann", "approver")
    a_shop_that_sells(hub, writer)
    return office.browser("ann")


def paths(browser: Browser, *more: str) -> dict[str, str]:
    """Every page's text."""
    return {name: browser.get(f"/hq/{name}" if name else "/hq").text for name in (*PAGES, *more)}


def test_every_value_is_escaped_wherever_it_stands(ann: Browser, writer: Writer) -> None:
    goods = EGGS.__class__(**{**_fields(EGGS), "code": "13007", "name": HOSTILE, "story": HOSTILE})
    writer.write(ProductsSet(shop="KP01", document="d2", products=(goods,)))
    writer.write(SettingChanged(shop="KP01", key="shop_name", value=HOSTILE))
    ann.hub.push(writer)
    ann.hub.projection.work()
    ann.do("festival", code="bad-one", name=HOSTILE[:30], town=HOSTILE[:20], active="1")
    ann.do("recall", product="13007", batches=HOSTILE.replace(" ", ""), level="1")
    shown = paths(ann, "goods/13007", f"goods?q={HOSTILE}", f"sales?from={HOSTILE}")
    shown["preview"] = ann.do("price_list", lines="13007 1.00").text
    shown["refused"] = ann.do("price_list", lines=f"{HOSTILE.replace(' ', '')} 1.00").text
    shown["trace"] = ann.get(f"/01/{GTIN}/10/{BATCH}").text
    for name, text in shown.items():
        assert "<script" not in text, name
        assert "<img" not in text, name
        assert ">49<" not in text, name
    assert "&lt;script&gt;" in shown["goods"] and "&lt;script&gt;" in shown[""]


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def test_the_pages_tell_what_the_shops_sent(ann: Browser) -> None:
    shown = paths(ann)
    assert "展示馆旗舰店" in shown[""] and "621.60" in shown[""]
    assert "金鸡皮蛋" in shown["goods"]
    assert "金鸡禽蛋节" in shown["festivals"]
    sales = ann.get("/hq/sales?from=2026-11-29&to=2026-11-29&by=shop").text
    assert "621.60" in sales and "展示馆旗舰店" in sales
    acts = ann.get("/hq/acts").text
    assert "放行收银机" in acts and "登录" in acts


def test_every_group_of_sales_adds_up_to_the_same(ann: Browser) -> None:
    for group in names.GROUP_NAMES:
        text = ann.get(f"/hq/sales?from=2026-11-29&to=2026-11-29&by={group}").text
        assert text.count("621.60") >= 2, group


def test_the_english_table_has_every_text_and_no_other() -> None:
    with (FOLDER / "en.toml").open("rb") as file:
        table = tomllib.load(file)["words"]
    used = {
        match.group(2)
        for path in (FOLDER / "pages").glob("*.html")
        for match in SAID.finditer(path.read_text(encoding="utf-8"))
    }
    used |= {word for words in names.ALL.values() for word in words.values()} | {SHOPS}
    assert used - set(table) == set()
    assert set(table) - used == set()
    for text, english in table.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english))


def test_no_chinese_stands_outside_the_table() -> None:
    bare = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,}")
    for path in sorted((FOLDER / "pages").glob("*.html")):
        text = SAID.sub("", path.read_text(encoding="utf-8"))
        found = set(bare.findall(text)) - {"开平优品", "中文"}
        assert found == set(), path.name


def test_every_page_speaks_english(ann: Browser) -> None:
    assert ann.get("/hq/language/en").status_code == 200
    shown = paths(ann)
    for name, text in shown.items():
        assert 'lang="en"' in text, name
    assert "Shops and tills" in shown[""]
    ann.get("/hq/language/xx")
    assert "Shops and tills" in ann.get("/hq").text


# --- the trace page --------------------------------------------------------------------------


def test_a_customers_phone_sees_where_goods_come_from(ann: Browser) -> None:
    stranger = Browser(ann.hub)
    for path in (f"/01/{GTIN}/10/{BATCH}", f"/01/{GTIN}/10/{BATCH}/21/S-9", f"/t/{LOT}"):
        text = stranger.get(path).text
        for said in ("正品", "金鸡皮蛋", "县镇双标识", "石迳村", "HGZ-77", "BG-9", "展示馆旗舰店"):
            assert said in text, path
        assert "16.80" not in text and "101" not in text.replace("1016", "")
    assert "width=device-width" in text


@pytest.mark.parametrize(
    "path",
    ["/t/nothing", f"/01/{GTIN}/10/other", f"/01/123/10/{BATCH}", f"/01/{GTIN[:-1]}9/10/{BATCH}"],
)
def test_a_code_nobody_knows_is_said_to_be_unknown(ann: Browser, path: str) -> None:
    answer = Browser(ann.hub).get(path)
    assert answer.status_code == 200
    assert "查不到" in answer.text and "金鸡皮蛋" not in answer.text


def test_head_office_recall_stands_on_the_trace_page_at_once(ann: Browser) -> None:
    ann.do("recall", product="13006", batches=BATCH, level="1")
    stranger = Browser(ann.hub)
    assert "已召回，请勿食用" in stranger.get(f"/01/{GTIN}/10/{BATCH}").text


def test_one_address_asks_so_often_and_no_more(ann: Browser) -> None:
    stranger = Browser(ann.hub)
    told = [stranger.get("/t/nothing").status_code for _ in range(61)]
    assert set(told[:60]) == {200} and told[60] == 429


# --- metrics ---------------------------------------------------------------------------------


def test_the_watcher_on_this_machine_gets_figures_and_no_shop(ann: Browser) -> None:
    text = ann.get("/metrics").text
    assert 'hub_tills{state="approved"} 1' in text
    assert "hub_projection_lag_batches 0" in text
    assert re.search(r'hub_requests_total{lane="pages",status="200"} [1-9]', text)
    assert "KP01" not in text


def test_whoever_stands_behind_a_relay_needs_the_token(ann: Browser) -> None:
    address = f"{ann.hub.address}/metrics"

    def asked(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return ann.session.get(address, headers=named, timeout=TIMEOUT_S).status_code

    assert asked(X_Forwarded_For="198.51.100.7") == 404
    (Path(ann.hub.folder) / TOKEN_FILE).write_text("hidden-word\n")
    assert asked() == 404
    assert asked(Authorization="Bearer wrong") == 404
    assert asked(Authorization="Bearer hidden-word", X_Forwarded_For="198.51.100.7") == 200

"""Writes every page of head office and the trace page as a real Chromium shows it.

python -m tests.sync.look_at_pages FOLDER
"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import msgspec

from app.facts.base import Fact
from app.facts.catalogue import KitPart, KitsSet, Product, ProductsSet
from app.facts.shifts import DayOpened
from app.facts.shop import SettingChanged
from sync.hub import updates
from sync.hub.offers import waiting
from sync.hub.revoking import revoke_device
from sync.hub.rights import AT_THE_MACHINE
from sync.hub.web.pages import PAGES
from sync.protocol import encoded
from sync.protocol_feeds import PULL_PATH, FeedPosition, Pull
from tests.support.chromium import DESK, PHONE, a_chromium
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.hubs import RunningHub
from tests.support.office import (
    BATCH,
    EGGS,
    GTIN,
    PASSWORD,
    TEA,
    TEA_GTIN,
    Browser,
    Office,
    a_shop_that_sells,
    tea_with_a_number,
)
from tests.ui_plain.test_updating import KEYS, made

DAYS = "from=2026-11-28&to=2026-11-30"
SMALL_DESK = (1024, 768)
TEA_BATCH = "DS20261001"
TRACED = {
    "trace-genuine": f"/01/{TEA_GTIN}/10/{TEA_BATCH}",
    "trace-sold": f"/01/{TEA_GTIN}/10/{TEA_BATCH}/21/S-7",
    "trace-recalled": f"/01/{GTIN}/10/{quote(BATCH)}",
    "trace-unknown": f"/01/{TEA_GTIN}/10/nothing",
}

TABLE = """货号,品名,规格,单位,售价,条码
21001,侨乡腊肠,500g,包,28.00,6901234567915
22001,中秋礼盒,,盒,258.00,
21002,,200g,包,9.00,
21003,台山大米,5kg,袋,0,
21004,恩平簕菜茶,100g,盒,=1+1,
"""
BOX = Product(code="22001", name="中秋礼盒", unit="盒", price=26800, kind="kit")

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("price_list", {"from": "2026-12-12", "lines": "12006 188.00 150.00", "sure": "1"}),
    ("price_list", {"lines": "13006 8.00", "sure": "1"}),
    ("promotion", {"code": "DEC12", "name": "12·12 周年庆", "kind": "item_price",
                   "from": "2026-12-12", "to": "2026-12-12", "products": "12006",
                   "price": "168.00", "sure": "1"}),
    ("promotion", {"code": "EARLY", "name": "周末早市套装", "kind": "kit", "price": "200.00",
                   "parts": "13006×2 12006", "hours": "08:00-10:00",
                   "weekday": ["6", "7"], "sure": "1"}),
    ("recall", {"product": "13006", "batches": BATCH, "level": "1"}),
    ("festival", {"code": "town-jinji", "name": "金鸡禽蛋节", "town": "金鸡镇",
                  "from": "11-20", "to": "11-22", "active": "1"}),
)  # fmt: skip
"""What the editor does at the pages."""


def a_brand_at_work(hub: RunningHub) -> tuple[Office, dict[str, str]]:
    """People (ann may approve), and the pages worth a look: name -> path."""
    office = Office(hub)
    office.hire("ann", "approver", "安女士")
    office.hire("bob", "editor", "柏先生")
    writer = Writer("a")
    hub.join(writer)
    writer.write(ProductsSet(shop="KP01", document="box", products=(BOX,)))
    writer.write(KitsSet(shop="KP01", document="box",
                         parts=(KitPart(kit="22001", part="12006", quantity=1000),)))  # fmt: skip
    a_shop_that_sells(hub, writer)
    tea_with_a_number(hub, writer)
    hub.join(Writer("b", till="2"), till="2", approved=False)
    shut_out = Writer("c", till="3")
    hub.join(shut_out, till="3")
    revoke_device(hub.hub, device="device-c", reason="机器丢了")
    hub.push(shut_out)
    pull = Pull(
        writing=writer.journal, head=len(writer.entries) + 37,
        wall_ms=hub.clock.wall_ms() - 8 * 60_000,
        feeds=(FeedPosition(scope="prices", version=2, part=0, hash="0" * 64, applied=1,
                            held="price_jump"),),
    )  # fmt: skip
    body = encoded(pull)
    hub.post(PULL_PATH, body, hub.signed(writer, PULL_PATH, body, packed=False))
    _a_second_shop(hub)
    _an_update(hub)
    bob = office.browser("bob")
    for act, fields in STEPS:
        answer = bob.do(act, **fields)
        assert answer.status_code == 303, bob.page
    with hub.hub.database.begin() as db:
        assert len(waiting(db)) == 1
        recall = db.exec_driver_sql("SELECT recall FROM recall WHERE shop = 'HQ'").scalar_one()
    pages = {name: f"/hq/{name}" for name in PAGES if name not in ("", "notice")}
    pages |= {
        "overview": "/hq", "overview-still": "/hq?still=1",
        "recall": f"/hq/recalls/{recall}", "notice": f"/hq/notice/{recall}",
        "good": "/hq/goods/12006", "gift-box": "/hq/goods/22001",
        "sales": "/hq/sales?from=2026-11-29&to=2026-11-30&by=tier",
        "reports": f"/hq/reports/product?{DAYS}&compare=week&row=13006",
        "report-shops": f"/hq/reports/category?{DAYS}&shop=KP01&shop=KP02",
        "report-tenders": f"/hq/reports/tenders?{DAYS}",
        "report-one": f"/hq/reports/day?{DAYS}&shop=KP02",
        "report-month": "/hq/reports/product?from=2026-11-01&to=2026-11-30",
        "report-hours": f"/hq/reports/hour?{DAYS}", "report-days": f"/hq/reports/day?{DAYS}",
        "nothing": "/hq/nothing",
    }  # fmt: skip
    return office, pages


def _a_second_shop(hub: RunningHub) -> None:
    """KP02, which sells the same goods on the same day and by another channel."""
    other = Writer("k", shop="KP02")
    hub.join(other)
    facts: list[Fact] = [
        SettingChanged(shop="KP02", key="shop_name", value="长沙店"),
        ProductsSet(shop="KP02", document="d", products=(EGGS, TEA)),
        DayOpened(shop="KP02", till="1", day="2026-11-29", proposed="2026-11-29"),
        *(sold(("13006", 1680, 5000), ("12006", 19800, count * 1000), sequence=count, tender=tender)
          for count, tender in ((1, "cash"), (2, "wechat"))),
    ]  # fmt: skip
    for fact in facts:
        other.write(msgspec.structs.replace(fact, shop="KP02"))
    assert hub.push(other).code == "ack"
    hub.projection.work()


def _an_update(hub: RunningHub) -> None:
    """A newer program lies at head office, and one of the shops is its first ring."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(updates, "release_keys", lambda: KEYS),
    ):
        name, _ = updates.take_in(hub.hub, AT_THE_MACHINE, made(Path(folder), "0.2.0"))
    updates.give(hub.hub, AT_THE_MACHINE, name, ["KP02"])


def answers(ann: Browser) -> dict[str, str]:
    """Pages that only a form brings up, by a path of their own."""
    preview = {"lines": "12006 138.00 130.00\n13006 9.00", "from": "2026-12-20"}
    return {
        "/preview": ann.do("price_list", **preview).text,
        "/import": ann.send("import", "中秋新品.csv", TABLE.encode(), what="products").text,
        "/kit": ann.do("kit", code="22001", parts="13006 2\n12006 1\n99999 1").text,
        "/code": ann.do("enrol_code", shop="KP01", till="3").text,
        "/factor": ann.do("person", person="cai", name="蔡女士", role="auditor",
                          password=PASSWORD).text,
        "/told": ann.do("price_list", lines="99999 1.00").text,
    }  # fmt: skip


def main(folder: Path) -> None:
    """Take every picture; each is to be opened by whoever changed a page."""
    folder.mkdir(parents=True, exist_ok=True)
    hub = RunningHub(Path(tempfile.mkdtemp()) / "hub", "")
    office, pages = a_brand_at_work(hub)
    ann = office.browser("ann")
    kept = answers(ann)
    with a_chromium() as browser:
        browser.begin(hub.address)
        browser.open("/hq/sign-in")
        browser.picture(folder / "sign-in.png")
        browser.goes_on_for(ann)
        for name, language, path, size in shots(pages, kept):
            browser.speaks(language)
            browser.size(size)
            browser.open("/hq" if path in kept else path)
            if path in kept:
                browser.shows(kept[path])
            browser.picture(folder / f"{name}.png")
            print(folder / f"{name}.png")
        browser.open(pages["notice"])
        browser.print_to(folder / "notice.pdf")
    hub.close()


Shot = tuple[str, str, str, tuple[int, int]]


def shots(pages: Mapping[str, str], kept: Mapping[str, str]) -> list[Shot]:
    """What is looked at: (name, language, path, size)."""
    found: list[Shot] = [(name, "zh", path, DESK) for name, path in pages.items()]
    found += [(path.strip("/"), "zh", path, DESK) for path in kept]
    found += [(f"{name}-en", "en", path, SMALL_DESK) for name, path in pages.items()]
    found += [(f"{name}-phone", "zh", path, PHONE) for name, path in pages.items()]
    found += [(f"{path.strip('/')}-phone", "zh", path, PHONE) for path in kept]
    return found + [(f"{name}-{language}", language, path, PHONE)
                    for name, path in TRACED.items() for language in ("zh", "en")]  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))

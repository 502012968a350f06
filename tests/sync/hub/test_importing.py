"""Head office takes in a table of goods: every row looked at, much of it by two people."""

import io
import re
from pathlib import Path

import msgspec
import pytest
from openpyxl import Workbook

from app.facts.catalogue import Product, ProductsSet
from app.pricing.actions import KINDS
from sync.hub.importing import KEPT_MS, MOST_BYTES
from sync.hub.web.names import PROMOTION_FIELDS
from tests.support.entries import Writer
from tests.support.hubs import RunningHub
from tests.support.office import EGGS, Browser, Office, a_shop_that_sells
from tests.sync.hub.test_offers import Lines, sent

HEADS = "货号,品名,单位,售价,条码"
GOODS = f"{HEADS}\n21001,侨乡腊肠,包,28.00,6901234567908\n14001,土榨花生油,桶,59.00,\n".encode()
OIL = Product(code="14001", name="土榨花生油", unit="桶", price=5800)
BOX = Product(code="22001", name="中秋礼盒", unit="盒", price=26800, kind="kit")


def a_brand(hub: RunningHub, writer: Writer) -> None:
    """A shop that sells, with oil and a gift box besides."""
    writer.write(ProductsSet(shop="KP01", document="more", products=(OIL, BOX)))
    a_shop_that_sells(hub, writer)


class Desk:
    """Two approvers and an editor at their browsers, a brand that sells in one shop."""

    def __init__(self, hub: RunningHub, writer: Writer) -> None:
        a_brand(hub, writer)
        self.hub, self.writer, self.office = hub, writer, Office(hub)
        for person, role in (("ann", "approver"), ("bea", "approver"), ("bob", "editor")):
            self.office.hire(person, role)

    def at(self, person: str) -> Browser:
        return self.office.browser(person)


@pytest.fixture
def desk(hub: RunningHub, writer: Writer) -> Desk:
    return Desk(hub, writer)


def sure(browser: Browser, **more: str) -> str:
    """Say yes to what is on the page; where that leads, or why not."""
    found = re.search(r'name="upload" value="([0-9a-f]{64})"', browser.page)
    assert found, browser.page
    answer = browser.do("import_sure", upload=found.group(1), **more)
    return answer.headers.get("Location", browser.code())


def test_a_table_is_looked_at_row_by_row_and_only_then_goes_to_every_shop(desk: Desk) -> None:
    bob = desk.at("bob")
    bad = "21002,,包,9.00,\n21003,台山大米,袋,0,\n".encode()
    assert bob.send("import", "goods.csv", GOODS + bad, what="products").status_code == 200
    for said in ("没有填写", "售价不能是 0", "21003", "侨乡腊肠", "58.00", "59.00"):
        assert said in bob.page, said
    assert sent(desk.hub, "catalogue") == []
    assert sure(bob) == "/hq/goods?done=published"
    assert sent(desk.hub, "catalogue") == [(1, "products_set@1"), (1, "barcodes_set@1")]
    bob.send("import", "goods.csv", GOODS, what="products")
    assert "没有要发布的" in bob.page
    assert sure(bob) == "nothing_chosen"
    page = bob.get("/hq/goods").text
    assert "侨乡腊肠" in page and "台山大米" not in page


def test_an_excel_of_more_than_fifty_goods_waits_for_a_second_person(desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["货号", "品名", "单位", "售价"])
    for number in range(51):
        sheet.append([f"3{number:04d}", f"新品{number}", "包", 5 + number])
    held = io.BytesIO()
    book.save(held)
    bob, ann = desk.at("bob"), desk.at("ann")
    bob.send("import", "new.xlsx", held.getvalue(), what="products")
    assert "提交第二个人核准" in bob.page
    assert sure(bob) == "/hq/waiting?done=proposed"
    assert sent(desk.hub, "catalogue") == []
    found = re.search(r'name="proposal" value="([^"]+)"', ann.get("/hq/waiting").text)
    assert found
    assert ann.do("second", proposal=found.group(1)).status_code == 303
    assert sent(desk.hub, "catalogue") == [(1, "products_set@1")]


def test_whoever_says_yes_to_many_codes_sees_each_of_them(desk: Desk) -> None:
    goods = "".join(f"4{n:04d},新品{n},包,5.00\n" for n in range(51))
    codes = "".join(f"4{n:04d},20{n:011d}X,1\n" for n in range(51))
    bob, ann = desk.at("bob"), desk.at("ann")
    bob.send("import", "goods.csv", f"货号,品名,单位,售价\n{goods}".encode(), what="products")
    sure(bob)
    found = re.search(r'name="proposal" value="([^"]+)"', ann.get("/hq/waiting").text)
    assert found
    ann.do("second", proposal=found.group(1))
    bob.send("import", "codes.csv", f"货号,条码,件数\n{codes}".encode(), what="barcodes")
    assert sure(bob) == "/hq/waiting?done=proposed"
    page = ann.get("/hq/waiting").text
    assert all(f"20{n:011d}X → 4{n:04d} ×1" in page for n in range(51))


def test_what_goes_into_a_gift_box_is_written_in_the_form_or_in_a_table(desk: Desk) -> None:
    bob = desk.at("bob")
    assert "礼盒里有什么" in bob.get("/hq/goods/22001").text
    assert "礼盒里有什么" not in bob.get("/hq/goods/13006").text
    bob.do("kit", code="22001", parts="13006 2\n12006\n99999 1")
    assert "99999" in bob.page and "×2" in bob.page
    assert sure(bob) == "/hq/goods?done=published"
    assert "13006 2\n" in bob.get("/hq/goods/22001").text
    table = "套装,部件,数量\n22001,12006,3\n".encode()
    bob.send("import", "kits.csv", table, what="kits")
    assert "拿掉" in bob.page
    assert sure(bob) == "/hq/goods?done=published"
    page = bob.get("/hq/goods/22001").text
    assert "12006 3\n" in page and "13006 2\n" not in page


def test_a_yes_is_for_the_very_file_of_the_same_person_within_the_hour(desk: Desk) -> None:
    bob, bea = desk.at("bob"), desk.at("bea")
    bob.send("import", "goods.csv", GOODS, what="products")
    bea.page = seen = bob.page
    assert sure(bea) == "upload_gone"
    desk.hub.clock.advance(KEPT_MS + 1)
    bob = desk.at("bob")
    bob.page = seen
    assert sure(bob) == "upload_gone"


@pytest.mark.parametrize(
    ("content", "what", "code"),
    [
        (b"", "products", "import_no_file"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "products", "import_old_excel"),
        (b"a,b\n1,2\n", "products", "import_columns_missing"),
        (GOODS, "prices", "import_kind_bad"),
        (b"," * (MOST_BYTES + 2_000_000), "products", "import_too_large"),
    ],
)
def test_what_is_no_table_of_goods_is_refused_in_words(
    desk: Desk, content: bytes, what: str, code: str
) -> None:
    bob = desk.at("bob")
    bob.send("import", "file", content, what=what)
    assert bob.code() == code


def test_nobody_uploads_without_a_session(desk: Desk) -> None:
    answer = Browser(desk.hub).send("import", "goods.csv", GOODS, what="products")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/hq/sign-in")


def test_the_lines_take_the_same_table(hub: RunningHub, writer: Writer, tmp_path: Path) -> None:
    a_brand(hub, writer)
    lines = Lines(hub)
    file = tmp_path / "goods.csv"
    file.write_bytes(GOODS + "21002,,包,9.00,\n".encode())
    seen = lines.say("import_goods", path=str(file), preview=True)
    assert seen["rows"] == {"rows": 3, "good": 2, "bad": 1, "blank": 0}
    assert [(each["row"], each["code"]) for each in seen["refused"]] == [(4, "missing")]
    assert sent(hub, "catalogue") == []
    assert lines.say("import_goods", path=str(file))["versions"] == {"KP01": 1}
    assert lines.say("import_goods", path=str(file))["versions"] == {}
    assert lines.code("import_goods", path=str(tmp_path)) == "import_no_file"


def test_what_stood_in_a_field_of_another_kind_of_promotion_says_nothing(desk: Desk) -> None:
    bob = desk.at("bob")
    fields = {"code": "EGGS", "name": "皮蛋特价", "kind": "item_price", "products": "13006",
              "price": "15.00", "percent": "10", "parts": "13006×2", "n": "3"}  # fmt: skip
    assert bob.do("promotion", **fields).status_code == 200, bob.page
    assert bob.do("promotion", sure="1", **fields).status_code == 303, bob.page
    with desk.hub.hub.database.begin() as db:
        rows = db.exec_driver_sql("SELECT content FROM promotion WHERE shop = 'HQ'").scalars()
        rule = msgspec.json.decode(rows.one())
    assert (rule["price"], rule["permille"], rule["parts"], rule["n"]) == (1500, 0, [], 0)


def test_the_form_shows_each_kind_of_promotion_the_fields_that_mean_something(desk: Desk) -> None:
    bob = desk.at("bob")
    said = re.findall(
        r'data-for="([^"]+)">[^<]*<input name="(\w+)"', bob.get("/hq/promotions").text
    )
    assert {name: tuple(kinds.split()) for kinds, name in said} == PROMOTION_FIELDS
    style = bob.get("/hq/look/hub.css").text
    for kind in KINDS:
        assert f'form.rule:has([value="{kind}"]:checked) [data-for~="{kind}"]' in style
    assert {kind for kinds in PROMOTION_FIELDS.values() for kind in kinds} == set(KINDS)


def test_a_promotion_of_the_form_has_weekdays_hours_and_the_parts_of_a_set(desk: Desk) -> None:
    bob = desk.at("bob")
    fields = {"code": "SET1", "name": "早市套装", "kind": "kit", "price": "200.00",
              "parts": "13006×2，12006", "hours": "08:00-10:00", "weekday": ["6", "7"]}  # fmt: skip
    assert bob.do("promotion", **fields).status_code == 200
    kept = re.findall(r'name="(weekday|hours|parts)" value="([^"]+)"', bob.page)
    assert sorted(kept) == [
        ("hours", "08:00-10:00"), ("parts", "13006×2，12006"), ("weekday", "6"), ("weekday", "7")
    ]  # fmt: skip
    assert bob.do("promotion", sure="1", **fields).status_code == 303, bob.page
    with desk.hub.hub.database.begin() as db:
        rows = db.exec_driver_sql("SELECT content FROM promotion WHERE shop = 'HQ'").scalars()
        rule = msgspec.json.decode(rows.one())
    assert (rule["weekdays"], rule["hours"]) == ([6, 7], ["08:00-10:00"])
    assert {part["product"]: part["pieces"] for part in rule["parts"]} == {"13006": 2, "12006": 1}
    page = bob.get("/hq/promotions").text
    assert "周六 周日 08:00-10:00" in page and "13006×2" in page
    assert EGGS.code in page

"""A day at a till whose people and visitors read English: no Chinese on paper but names."""

import msgspec
import pytest

from app.content import Paper, has_copy_mark
from app.demo import PEOPLE
from app.languages import traditional
from app.sales.tax_codes import SHIPPED, parse_tax_codes
from app.sales.unsure import marked
from printers.layout import lay_out
from printers.plain import plain_rows
from printers.spooler import marked_copy
from tests.stories.counters import LEAD, MANAGER, MakeShop, ShopFloor, demo_folder, make_shop
from tests.support.buyer_codes import NUMBER
from tests.support.foreign import names_in, untranslated

__all__ = ["demo_folder", "make_shop"]

EGGS, EGG_ROLLS, TEA, BAG = "13006", "11014", "12001", "99001"
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
TYPED = {
    "supplier": "金鸡合作社", "note": "找零不够", "person": "阿珍", "why": "店主说的",
    "batch": "甲一", "company": "江门某某公司",
}  # fmt: skip
"""What people typed that day."""
CALLED = [
    *(name for _number, name, _role, _pin in PEOPLE),
    *(f"*{each.name}*" for each in parse_tax_codes(SHIPPED)),
]
"""People of the demo, and what the tax office calls goods."""


def sold(shop: ShopFloor) -> str:
    """Rolls with a discount and a new price, a bag, cash rounded down; the receipt's number."""
    shop.ok("add", product=EGG_ROLLS, quantity="2")
    shop.ok("discount", line=1, percent="5", reason=TYPED["why"])
    shop.ok("add", product="16009", quantity="0.820")
    return str(shop.sell(TEA, BAG, cash="300")["receipt"]["number"])


def stock_room(shop: ShopFloor) -> None:
    """Goods come, go to another shop, are written off, counted and asked for."""
    line = {"product": EGGS, "quantity": "48", "cost": "9.5000", "lot": TYPED["batch"],
            "expires": "2027-08-01", "certificate": "HGZ-77", "report": "BG-9"}  # fmt: skip
    shop.ok("receive", supplier=TYPED["supplier"], temperature="4", lines=[line])
    shop.ok("adjust", lines=[{"product": EGGS, "quantity": "-2", "reason": "damaged"}])
    shop.ok("transfer_out", to="KP02", waybill="SF100",
            lines=[{"product": EGGS, "quantity": "4", "box": "1"}])  # fmt: skip
    sheets = shop.ok("count_open", zone=["A1"])["count"]
    shop.ok("count_line", count=sheets, zone="A1", product=EGGS, quantity="1")
    shop.ok("count_sheet", count=sheets, zone="A1")
    shop.ok("order", supplier=TYPED["supplier"], lines=[{"product": EGGS, "quantity": "35"}])


def drawer(shop: ShopFloor, number: str) -> None:
    """What a drawer goes through, and its papers."""
    shop.ok("correct_tender", receipt=number, reason=TYPED["why"], **{"from": "cash", "to": "card"},
            **BY_LEAD)  # fmt: skip
    shop.ok("cash_out", amount="20.00", reason=TYPED["note"])
    shop.ok("cash_in", amount="5.00", reason=TYPED["note"])
    shop.ok("reprint", number=number)
    line = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}
    shop.ok("refund", receipt=number, lines=[line], **BY_LEAD)
    left = shop.ok("money_leave", kind="deposit", amount="50.00", note=TYPED["person"])
    shop.ok("money_return", account=left["account"]["account"], amount="20.00",
            reason=TYPED["note"], **BY_MANAGER)  # fmt: skip
    made = shop.ok(
        "invoice_request", receipt=number, buyer={"name": TYPED["company"], "tax_number": NUMBER}
    )
    shop.till.counter.invoices.print_slip(made["invoice"])
    shop.ok("add", product=TEA, quantity="1")
    shop.ok("hold", name=TYPED["person"])
    shop.ok("open_drawer", reason=TYPED["note"])
    shop.till.counter.desk.print_x()
    shop.ok("close_shift", counted="480.00", reason=TYPED["why"], **BY_LEAD)
    shop.ok("z_report")


def papers_of(shop: ShopFloor) -> list[Paper]:
    rows = shop.rows("SELECT paper FROM print_job ORDER BY rowid")
    return [msgspec.json.decode(text, type=Paper) for (text,) in rows]


def words_of(paper: Paper) -> list[str]:
    """All that comes out, what the layout adds to it among it."""
    return [row.strip("〔〕 ") for row in plain_rows(lay_out(paper, WIDE), WIDE)]


def named(shop: ShopFloor) -> set[str]:
    """What the shop, its goods and its people are called."""
    goods = shop.rows("SELECT name, spec, unit, origin_town FROM product")
    settings = shop.rows("SELECT value FROM setting WHERE key <> 'return_rule'")
    return names_in([[list(row) for row in (*goods, *settings)], CALLED, TYPED])


WIDE = 240
"""Columns of a paper on which no name is broken."""
TAKEN_HOME = {"receipt", "refund", "money_left", "invoice_slip"}
KINDS = TAKEN_HOME | {
    "stock_document", "cash_slip", "money_returned", "shift_report", "x_report", "z_report",
}  # fmt: skip


@pytest.fixture
def shop(make_shop: MakeShop) -> ShopFloor:
    one = make_shop("english")
    one.open_shift()
    one.sign_in(MANAGER)
    return one


def a_day(shop: ShopFloor, *, people: str, visitors: str) -> dict[str, list[Paper]]:
    """Every paper of a day, by kind."""
    shop.ok("shop", set={"language": people, "receipt_language": visitors})
    number = sold(shop)
    stock_room(shop)
    drawer(shop, number)
    found: dict[str, list[Paper]] = {}
    for paper in papers_of(shop):
        found.setdefault(paper.kind, []).append(paper)
    assert found.keys() >= KINDS
    return found


def test_where_people_and_visitors_read_english_no_paper_is_chinese(shop: ShopFloor) -> None:
    names = None
    for kind, papers in a_day(shop, people="en", visitors="en").items():
        names = names or named(shop)
        for paper in papers if kind in KINDS else ():
            assert paper.language == "en"
            assert untranslated("\n".join(words_of(paper)), names) == [], kind


def test_visitors_and_people_each_read_their_own(shop: ShopFloor) -> None:
    found = a_day(shop, people="zh", visitors="en")
    for kind, papers in found.items():
        for paper in papers:
            assert paper.language == ("en" if kind in TAKEN_HOME else "zh"), kind
    # A copy is marked in the language of the paper it is a copy of.
    receipt = found["receipt"][-1]
    again = marked(receipt, 3)
    assert has_copy_mark(again.blocks[0], "en") and untranslated(str(again.blocks[0]), ()) == []
    assert sum(has_copy_mark(block, "en") for block in again.blocks) == 1
    assert marked_copy(receipt, 1) == receipt


def test_what_visitors_take_home_is_traditional_in_every_word(shop: ShopFloor) -> None:
    found = a_day(shop, people="zh", visitors="hant")
    for kind in TAKEN_HOME:
        for paper in found[kind]:
            said = {*words_of(paper)}
            assert {text: traditional(text) for text in said} == {text: text for text in said}, kind

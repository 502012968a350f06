"""Goods that leave without a sale, are found, or move between shelf and store."""

from pathlib import Path
from typing import Any

import pytest

from tests.stories.counters import LEAD, MANAGER, MakeShop, ShopFloor

EGGS, GREENS = "13006", "16009"
BY_SECOND = {"approver": "302", "approver_pin": "975318"}


@pytest.fixture
def eggs(make_shop: MakeShop) -> ShopFloor:
    """40 boxes of eggs at 9.50 in two lots, of which 2 end today; it is the day after."""
    shop = make_shop("eggs", stock=False)
    shop.open_shift()
    shop.sign_in(MANAGER)
    line = {"product": EGGS, "cost": "9.5000"}
    shop.ok("receive", lines=[
        line | {"quantity": "38", "lot": "JJ2", "expires": "2027-08-01"},
        line | {"quantity": "2", "lot": "JJ1", "expires": "2026-12-07"},
    ])  # fmt: skip
    shop.ok("clock", now="2026-12-08T09:00:00+08:00")
    return shop


def one(quantity: str, reason: str, **more: Any) -> dict[str, Any]:
    return {"lines": [{"product": EGGS, "quantity": quantity, "reason": reason}], **more}


def by_lot(shop: ShopFloor) -> dict[str, str]:
    return {lot["lot"]: lot["on_hand"] for lot in shop.ok("lots", product=EGGS)["lots"]}


@pytest.mark.without_network("货", "报损")
def test_two_boxes_past_their_date_are_written_off_at_what_they_cost(eggs: ShopFloor) -> None:
    done = eggs.ok("adjust", **one("-2", "expired"))
    assert (done["value"], done["number"]) == ("-19.00", "TZ-1-261208-01")
    (line,) = done["lines"]
    assert (line["lot"], line["quantity"], line["value"]) == ("JJ1", "-2", "-19.00")
    assert by_lot(eggs) == {"JJ1": "0", "JJ2": "38"}
    assert eggs.rows("SELECT count(*) FROM sale") == [(0,)]
    eggs.verified()


def test_without_a_lot_the_earliest_go_first_across_lots(eggs: ShopFloor) -> None:
    done = eggs.ok("adjust", **one("-5", "破损"))
    assert [(line["lot"], line["quantity"]) for line in done["lines"]] == [
        ("JJ1", "-2"), ("JJ2", "-3"),
    ]  # fmt: skip
    done = eggs.ok("adjust", lines=[
        {"product": EGGS, "quantity": "-1", "reason": "tasting", "lot": "JJ2"},
        {"product": EGGS, "quantity": "+3", "reason": "found"},
    ])  # fmt: skip
    assert [line["quantity"] for line in done["lines"]] == ["-1", "3"]
    assert done["value"] == "19.00"
    assert eggs.on_hand(EGGS) == "37"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (one("2", "expired"), "wrong_sign"),
        (one("-2", "found"), "wrong_sign"),
        (one("-2", ""), "reason_needed"),
        (one("-2", "because"), "bad_reason"),
        (one("-2", "donation"), "beneficiary_needed"),
        (one("-2", "捐赠", beneficiary="开平红十字会"), "approval_no_needed"),
        (one("-1.5", "damaged"), "fraction_of_unit"),
        (one("-0", "damaged"), "bad_quantity"),
        (one("--2", "damaged"), "bad_quantity"),
        ({"lines": []}, "nothing_changed"),
        ({"lines": [{"product": "12006", "quantity": "-1", "reason": "damaged"}]}, "not_goods"),
        ({"lines": [{"product": "0", "quantity": "-1", "reason": "damaged"}]}, "unknown_code"),
        (
            {"lines": [{"product": EGGS, "quantity": "-1", "reason": "lost", "lot": "X"}]},
            "unknown_lot",
        ),
        (
            {"lines": [{"product": EGGS, "quantity": "-1", "reason": "lost", "place": "x"}]},
            "bad_place",
        ),
    ],
)
def test_what_is_not_fully_said_changes_nothing(
    eggs: ShopFloor, command: dict[str, Any], code: str
) -> None:
    before = eggs.kinds()
    assert eggs.refused("adjust", **command) == code
    assert (eggs.kinds(), eggs.on_hand(EGGS)) == (before, "40")


def test_a_gift_names_who_got_it_and_who_agreed_and_is_no_revenue(eggs: ShopFloor) -> None:
    done = eggs.ok("adjust", **one("-10", "慰问", beneficiary="赤坎镇政府", approval_no="GW-7"))
    assert done["value"] == "-95.00"
    rows = eggs.rows("SELECT party, approval_no FROM stock_document WHERE kind = 'adjustment'")
    assert rows == [("赤坎镇政府", "GW-7")]
    assert eggs.ok("x_report")["gross"] == "0.00"


def test_a_managers_limit_is_two_thousand_at_cost(eggs: ShopFloor) -> None:
    eggs.ok("receive", lines=[{"product": EGGS, "quantity": "500", "cost": "9.5000", "lot": "L"}])
    at_limit = one("-210", "damaged")
    eggs.ok("adjust", **at_limit)
    above = one("-211", "damaged")
    assert eggs.refused("adjust", **above) == "approval_needed"
    assert eggs.refused("adjust", **above, **BY_SECOND) == "over_limit"
    eggs.sign_in(LEAD)
    assert eggs.refused("adjust", **one("-1", "damaged")) == "approval_needed"
    eggs.ok("adjust", **one("-1", "damaged"), **BY_SECOND)


def test_more_than_the_books_have_is_written_warned_of_and_a_task(eggs: ShopFloor) -> None:
    done = eggs.ok("adjust", **one("-41", "lost"))
    assert done["warnings"] == [{"negative_stock": EGGS}]
    kinds = [task["kind"] for task in eggs.ok("tasks")["tasks"]]
    assert "negative_stock" in kinds


def test_a_photo_lies_beside_the_fact_and_not_in_it(eggs: ShopFloor, tmp_path: Path) -> None:
    picture = tmp_path / "broken.jpg"
    picture.write_bytes(b"\xff\xd8\xff picture of a broken box")
    eggs.ok("adjust", **one("-1", "damaged"), photos=[str(picture)])
    assert eggs.refused("adjust", **one("-1", "lost"), photos=["/nothing"]) == "file_unreadable"
    many = [str(picture)] * 10
    assert eggs.refused("adjust", **one("-1", "lost"), photos=many) == "too_many_photos"
    ((name,),) = eggs.rows("SELECT name FROM attachment")
    content = eggs.rows("SELECT content FROM entry WHERE kind = 'stock_adjusted@1'")[0][0]
    assert name.encode() in content and b"broken" not in content


def carry(quantity: str, source: str, target: str, **more: Any) -> dict[str, Any]:
    line = {"product": EGGS, "quantity": quantity, "from": source, "to": target}
    return {"lines": [line | more]}


def test_what_is_reserved_or_in_quarantine_is_sold_by_no_till(eggs: ShopFloor) -> None:
    eggs.ok("move", **carry("2", "shelf", "quarantine", lot="JJ1"))
    eggs.ok("move", **carry("30", "shelf", "reserved"))
    stock = eggs.ok("stock", product=EGGS)
    assert (stock["on_hand"], stock["sellable"]) == ("40", "8")
    assert stock["places"] == {"shelf": "8", "store": "0", "quarantine": "2", "reserved": "30"}
    eggs.ok("add", product=EGGS, quantity="9")
    eggs.ok("pay", tender="cash")
    # The ninth box is sold all the same, and the shelf's books go below nothing.
    assert eggs.ok("stock", product=EGGS)["places"] == {
        "shelf": "-1", "store": "0", "quarantine": "2", "reserved": "30",
    }  # fmt: skip
    eggs.verified()


def test_out_of_quarantine_somebody_answers_and_what_is_recalled_stays(eggs: ShopFloor) -> None:
    eggs.sign_in()
    eggs.ok("move", **carry("2", "shelf", "quarantine", lot="JJ1"))
    back = carry("2", "quarantine", "shelf")
    assert eggs.refused("move", **back) == "approval_needed"
    eggs.ok("move", **back, **BY_SECOND)
    assert eggs.refused("move", **carry("1", "shelf", "shelf")) == "bad_place"
    assert eggs.refused("move", **carry("1", "shelf", "moon")) == "bad_place"
    assert by_lot(eggs) == {"JJ1": "2", "JJ2": "38"}

"""Goods come in: with their papers or not at all, against what was announced, by who may."""

from typing import Any

import pytest

from tests.stories.counters import MANAGER, MakeShop, ShopFloor

GREENS, EGGS = "16009", "13006"
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}


@pytest.fixture
def bare(make_shop: MakeShop) -> ShopFloor:
    """A shop that holds nothing yet; its manager stands at the counter at 14:02 on 2026-12-07."""
    shop = make_shop("bare", stock=False)
    shop.open_shift()
    shop.sign_in(MANAGER)
    return shop


def eggs(quantity: str = "48", **more: Any) -> dict[str, Any]:
    line = {"product": EGGS, "quantity": quantity, "cost": "9.5000", "lot": "JJ1201"}
    return line | {"expires": "2027-08-01", "certificate": "HGZ-0417"} | more


@pytest.mark.without_network("货", "收货、批次、合格证")
def test_a_delivery_is_on_hand_with_its_papers_and_a_number_to_call_it_by(bare: ShopFloor) -> None:
    done = bare.ok(
        "receive",
        supplier="金鸡合作社",
        temperature="3.5",
        lines=[eggs(made="2026-12-01", village="石迳村", report="JC-77", level="镇")],
    )
    assert done["number"] == "RK-1-261207-01"
    assert done["lines"][0]["warnings"] == []
    (lot,) = bare.ok("lots", product=EGGS)["lots"]
    assert (lot["lot"], lot["on_hand"], lot["cost"]) == ("JJ1201", "48", "9.5000")
    assert (lot["expires"], lot["certificate"], lot["report"]) == (
        "2027-08-01",
        "HGZ-0417",
        "JC-77",
    )
    again = bare.ok("receive", supplier="金鸡合作社", lines=[eggs()])
    assert (again["number"], bare.on_hand(EGGS)) == ("RK-1-261207-02", "96")
    bare.verified()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"product": GREENS, "certificate": " "}, "no_certificate"),
        ({"expires": "2026-12-06"}, "lot_expired"),
        ({"made": "2026-12-08"}, "bad_date"),
        ({"made": "2026-12-01", "expires": "2026-11-30"}, "bad_date"),
        ({"made": "0001-01-01"}, "bad_date"),
        ({"expires": "9999-12-31"}, "bad_date"),
        ({"expires": "明年"}, "bad_date"),
        ({"cost": "9.40", "floor": "9.41"}, "below_floor"),
        ({"cost": "99999999999999"}, "bad_amount"),
        ({"cost": "1e3"}, "bad_amount"),
        ({"product": "00000"}, "unknown_code"),
        ({"product": "12006"}, "not_goods"),
        ({"quantity": "1.5"}, "fraction_of_unit"),
        ({"quantity": "100000"}, "bad_quantity"),
        ({"level": "国家"}, "bad_level"),
        ({"place": "roof"}, "bad_place"),
    ],
)
def test_one_bad_line_and_nothing_of_the_delivery_is_written(
    bare: ShopFloor, wrong: dict[str, str], code: str
) -> None:
    before = bare.kinds()
    assert bare.refused("receive", lines=[eggs(), eggs(**wrong)]) == code
    assert bare.refused("receive", lines=[eggs()], temperature="warm") == "bad_temperature"
    assert bare.kinds() == before
    assert bare.on_hand(EGGS) == "0"


def test_what_ends_today_is_taken_in_and_yesterdays_is_not(bare: ShopFloor) -> None:
    bare.ok("receive", lines=[eggs(expires="2026-12-07")])
    assert bare.refused("receive", lines=[eggs(expires="2026-12-06")]) == "lot_expired"


def test_a_cost_below_the_farmers_floor_needs_head_offices_number(bare: ShopFloor) -> None:
    low = [eggs(cost="9.4999", floor="9.5000")]
    assert bare.refused("receive", lines=low) == "below_floor"
    bare.ok("receive", lines=[eggs(floor="9.5000")])
    bare.ok("receive", lines=low, approval_no="ZB-2026-118")
    rows = bare.rows("SELECT approval_no FROM stock_document ORDER BY order_ms")
    assert rows == [("",), ("ZB-2026-118",)]


def test_a_dearer_lot_and_a_thin_margin_are_said_and_do_not_stop_anybody(bare: ShopFloor) -> None:
    bare.ok("receive", lines=[eggs(cost="8.4000")])
    (line,) = bare.ok("receive", lines=[eggs(cost="9.4000")])["lines"]
    assert (line["cost_before"], line["cost_change"]) == ("8.4000", "11.9")
    assert line["warnings"] == ["cost_changed"]
    price = bare.ok("find", text=EGGS)["products"][0]["price"]
    (line,) = bare.ok("receive", lines=[eggs(cost=price)])["lines"]
    assert (line["margin"], line["warnings"]) == ("0.0", ["cost_changed", "margin_low"])
    (line,) = bare.ok("receive", lines=[eggs(cost="999.00")])["lines"]
    assert "below_cost" in line["warnings"]
    warm = bare.ok("receive", temperature="4.1", lines=[goose()])
    assert warm["warnings"] == ["too_warm"]
    assert bare.ok("receive", temperature="4.0", lines=[goose()])["warnings"] == []


def goose() -> dict[str, Any]:
    return {
        "product": "11002", "quantity": "30.000", "cost": "28.00", "lot": "MG1207",
        "expires": "2026-12-14", "certificate": "HGZ-9",
    }  # fmt: skip


def announced(shop: ShopFloor) -> dict[str, Any]:
    greens = {"product": GREENS, "quantity": "20.000", "cost": "5.80", "lot": "MC1123", "box": "1"}
    return shop.ok(
        "expect",
        dispatch="DB-0417",
        supplier="配送中心",
        lines=[greens | {"certificate": "HGZ-1"}, eggs(box="2"), goose() | {"box": "3"}],
    )


def came(shop: ShopFloor, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return shop.ok("receive", dispatch="DB-0417", lines=list(lines), **more)


def test_a_dispatch_comes_in_parts_and_the_rest_stays_on_its_way(bare: ShopFloor) -> None:
    announced(bare)
    assert bare.on_hand(EGGS) == "0"
    greens = {"product": GREENS, "quantity": "19.600", "cost": "5.80", "lot": "MC1123"}
    first = came(bare, greens | {"certificate": "HGZ-1", "reason": "短少"}, eggs())
    assert [line["expected"] for line in first["lines"]] == ["20.000", "48"]
    # What is short for a reason is over; the third box is still on its way.
    assert [(each["product"], each["in_transit"]) for each in first["in_transit"]] == [
        ("11002", "30.000")
    ]
    assert bare.on_hand(GREENS) == "19.600"
    (waiting,) = bare.ok("expected")["dispatches"]
    assert [line["in_transit"] for line in waiting["lines"]] == ["0.000", "0", "30.000"]
    assert [line["given_up"] for line in waiting["lines"]] == ["0.400", "0", "0.000"]
    second = came(bare, goose())
    assert (second["in_transit"], bare.ok("expected")["dispatches"]) == ([], [])
    bare.verified()


def test_more_than_was_sent_needs_a_reason_also_in_two_lines(bare: ShopFloor) -> None:
    announced(bare)
    more = {"dispatch": "DB-0417", "lines": [eggs("49")]}
    assert bare.refused("receive", **more) == "more_than_dispatched"
    two = {"dispatch": "DB-0417", "lines": [eggs("48"), eggs("1", lot="JJ1202")]}
    assert bare.refused("receive", **two) == "more_than_dispatched"
    came(bare, eggs("49", reason="多发"))
    assert bare.on_hand(EGGS) == "49"
    assert bare.refused("receive", dispatch="DB-0417", lines=[eggs("1")]) == "more_than_dispatched"


def test_the_rest_that_never_comes_is_given_up_with_a_reason(bare: ShopFloor) -> None:
    announced(bare)
    came(bare, eggs("40"))
    assert bare.refused("give_up", dispatch="DB-0417", reason="") == "reason_needed"
    assert bare.refused("give_up", dispatch="nothing", reason="x") == "unknown_document"
    left = bare.ok("give_up", dispatch="DB-0417", reason="车坏了")
    assert (left["open"], left["lines"][1]["given_up"]) == (False, "8")
    bare.verified()


def test_a_number_is_announced_once(bare: ShopFloor) -> None:
    announced(bare)
    again = bare.refused("expect", dispatch="DB-0417", lines=[eggs()])
    assert again == "dispatch_known"


def test_a_cashier_receives_with_the_managers_yes(bare: ShopFloor) -> None:
    bare.sign_in()
    assert bare.refused("receive", lines=[eggs()]) == "approval_needed"
    bare.ok("receive", lines=[eggs()], **BY_MANAGER)
    content = bare.rows("SELECT content FROM entry WHERE kind = 'goods_received@1'")[-1][0]
    assert b'"approvals":[{"person":"301","action":"receive"' in content


def test_a_long_delivery_is_several_facts_and_one_document(bare: ShopFloor) -> None:
    done = bare.ok("receive", lines=[eggs("1", lot=f"L{n}") for n in range(250)])
    kinds = bare.kinds()
    assert kinds.count("goods_received") == 3
    documents = bare.rows("SELECT DISTINCT document, number FROM stock_document")
    assert documents == [(done["document"], done["number"])]
    assert bare.on_hand(EGGS) == "250"
    bare.verified()

"""The cashier pressed another tender than the customer used: put right before the day's Z."""

from typing import Any

import pytest

from app.sales.correcting import correctable
from sync.channels.practice.server import PracticeServer
from tests.stories.counters import CASHIER, LEAD, MANAGER, ShopFloor
from tests.stories.networks import approved

TEA = "12001"
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}


def corrected(shop: ShopFloor, number: str, before: str, after: str, **more: Any) -> dict[str, Any]:
    wanted = {"receipt": number, "from": before, "to": after, "reason": "按错了"}
    return shop.say("correct_tender", **wanted | BY_LEAD | more)


def code(answer: dict[str, Any]) -> str:
    assert not answer["ok"], answer
    return str(answer["error"]["code"])


@pytest.fixture
def number(counter: ShopFloor) -> str:
    """A tea for 68.00, paid with a hundred in notes as the till was told."""
    return str(counter.sell(TEA, cash="100")["receipt"]["number"])


def test_drawer_x_z_and_reprint_follow(counter: ShopFloor, number: str) -> None:
    answer = corrected(counter, number, "cash", "card", reference="000123")
    assert answer == {
        "ok": True, "receipt": number, "from": "cash", "to": "card", "amount": "68.00",
    }  # fmt: skip
    found = counter.ok("receipt", number=number)["receipt"]
    assert found["tenders"] == [
        {
            "tender": "card",
            "amount": "68.00",
            "tendered": "68.00",
            "change": "0.00",
            "corrected_from": "cash",
        }
    ]
    assert any("银行卡（更正，原记现金）" in row for row in found["rows"])
    assert not any("找零" in row for row in found["rows"])
    closed = counter.ok("close_shift", counted="500.00")
    assert (closed["expected"], closed["difference"]) == ("500.00", "0.00")
    tenders = {
        "card": {"in": "68.00", "out": "0.00", "count": 1},
        "cash": {"in": "0.00", "out": "0.00", "count": 0},
    }
    assert closed["tenders"] == tenders
    assert counter.ok("x_report")["tenders"] == tenders
    z = counter.ok("z_report", **BY_LEAD)
    assert (z["tenders"], z["gross"], z["acts"]["tender_corrected"]) == (tenders, "68.00", 1)
    counter.verified()


def test_the_refund_goes_the_way_the_money_really_came(counter: ShopFloor, number: str) -> None:
    corrected(counter, number, "cash", "card")
    line = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}
    refunded = counter.ok("refund", receipt=number, lines=[line], **BY_LEAD)
    assert [way["tender"] for way in refunded["tenders"]] == ["card"]
    assert counter.ok("close_shift", counted="500.00")["difference"] == "0.00"
    counter.verified()


def test_it_is_put_right_twice_and_back(counter: ShopFloor, number: str) -> None:
    assert corrected(counter, number, "cash", "card")["ok"]
    assert code(corrected(counter, number, "cash", "transfer")) == "tender_not_there"
    assert corrected(counter, number, "card", "cash")["ok"]
    [tender] = counter.ok("receipt", number=number)["receipt"]["tenders"]
    assert (tender["tender"], tender["amount"]) == ("cash", "68.00")
    assert counter.ok("close_shift", counted="568.00")["difference"] == "0.00"


def test_each_time_a_tender_was_pressed_is_counted(counter: ShopFloor) -> None:
    counter.ok("add", product=TEA)
    counter.ok("pay", tender="cash", amount="20.00")
    counter.ok("pay", tender="card", amount="8.00", code="T1")
    number = counter.ok("pay", tender="cash", amount="50.00")["receipt"]["number"]
    assert corrected(counter, number, "cash", "transfer")["amount"] == "60.00"
    assert counter.ok("x_report")["tenders"] == {
        "card": {"in": "8.00", "out": "0.00", "count": 1},
        "cash": {"in": "0.00", "out": "0.00", "count": 0},
        "transfer": {"in": "60.00", "out": "0.00", "count": 2},
    }
    counter.verified()


def test_a_turn_that_ended_keeps_its_money(counter: ShopFloor, number: str) -> None:
    counter.ok("close_shift", counted="568.00")
    counter.ok("open_shift", **{"float": "500.00"})
    corrected(counter, number, "cash", "card")
    [sold] = counter.rows("SELECT DISTINCT shift FROM taking WHERE what = 'sale'")
    moved = counter.rows("SELECT DISTINCT shift FROM taking WHERE what LIKE 'corrected%'")
    assert moved == [sold]
    assert counter.ok("close_shift", counted="500.00")["difference"] == "0.00"


def test_what_a_network_took_stands(counter: ShopFloor, network: PracticeServer) -> None:
    counter.ok("shop", set={"channel_address": network.address}, **approved())
    counter.ok("add", product=TEA)
    paid = counter.ok("pay", tender="wechat", code="134567890123450055")
    number = paid["receipt"]["number"]
    assert code(corrected(counter, number, "wechat", "cash")) == "tender_captured"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"receipt": "KP01-1D-261207-9999"}, "unknown_receipt"),
        ({"receipt": ""}, "unknown_receipt"),
        ({"to": "wechat"}, "bad_tender"),
        ({"to": "room"}, "bad_tender"),
        ({"to": "cash"}, "bad_tender"),
        ({"from": "card", "to": "transfer"}, "tender_not_there"),
        ({"reason": "  "}, "reason_needed"),
        ({"to": "card", "reference": "4111 1111 1111 1111"}, "card_number"),
        ({"approver": "", "approver_pin": ""}, "approval_needed"),
        ({"approver": CASHIER[0], "approver_pin": CASHIER[1]}, "approver_same"),
        ({"to": "static_qr"}, "approval_needed"),
    ],
)
def test_what_is_no_correction_changes_nothing(
    counter: ShopFloor, number: str, wish: dict[str, str], said: str
) -> None:
    wanted = {"receipt": number, "from": "cash", "to": "card", "reason": "按错了"}
    assert counter.refused("correct_tender", **wanted | BY_LEAD | wish) == said
    assert counter.rows("SELECT count(*) FROM tender_correction") == [(0,)]


def test_nobody_says_afterwards_that_it_was_the_standing_code_but_who_may(
    counter: ShopFloor, number: str
) -> None:
    assert corrected(counter, number, "cash", "static_qr", **BY_MANAGER)["ok"]


def test_money_that_went_back_is_not_moved(counter: ShopFloor, number: str) -> None:
    line = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}
    counter.ok("refund", receipt=number, lines=[line], **BY_LEAD)
    assert code(corrected(counter, number, "cash", "card")) == "tender_gone_back"


def test_after_the_z_it_stands(counter: ShopFloor, number: str) -> None:
    counter.ok("close_shift", counted="568.00")
    counter.ok("z_report", **BY_LEAD)
    counter.ok("open_shift", **{"float": "500.00"})
    assert code(corrected(counter, number, "cash", "card")) == "tender_after_z"


def test_outside_a_turn_nothing_is_moved(counter: ShopFloor, number: str) -> None:
    counter.ok("close_shift", counted="568.00")
    assert code(corrected(counter, number, "cash", "card")) == "shift_needed"


# --- whoever keeps the shop alone ---------------------------------------------------------------


def test_a_self_approval_stands_or_falls_with_what_it_is_for(
    counter: ShopFloor, number: str
) -> None:
    counter.sign_in(MANAGER)
    counter.ok("shop", set={"single_keeper": "on"})
    wishes: list[tuple[str, dict[str, Any], str]] = [
        ("cash_out", {"amount": "20.00", "reason": "  "}, "reason_needed"),
        ("open_drawer", {"reason": ""}, "reason_needed"),
        (
            "correct_tender",
            {"receipt": number, "from": "card", "to": "cash", "reason": "按错了"},
            "tender_not_there",
        ),
        (
            "refund",
            {"receipt": number, "lines": [{"line": 1, "quantity": "2"}]},
            "over_refund",
        ),
    ]
    for do, fields, said in wishes:
        assert counter.refused(do, **fields) == said
    assert counter.rows("SELECT count(*) FROM self_approval") == [(0,)]
    done = {"receipt": number, "from": "cash", "to": "card", "reason": "按错了"}
    counter.ok("correct_tender", **done)
    counter.ok("open_drawer", reason="换零")
    assert counter.ok("close_shift", counted="440.00")["confirmed"]
    assert counter.rows("SELECT action, amount FROM self_approval ORDER BY action") == [
        ("confirm_difference", 6000),
        ("correct_tender", 6800),
        ("open_drawer", 0),
    ]
    counter.verified()


def test_half_of_the_limit_is_what_a_lone_keeper_may_be_off(counter: ShopFloor) -> None:
    counter.sign_in(MANAGER)
    counter.ok("shop", set={"single_keeper": "on"})
    closed = counter.ok("close_shift", counted="1500.01")
    assert (closed["difference"], closed["confirmed"]) == ("1000.01", False)
    assert counter.rows("SELECT count(*) FROM self_approval") == [(0,)]


def test_what_may_still_be_corrected_is_each_tender_no_network_took(
    counter: ShopFloor, number: str
) -> None:
    books, receipts = counter.till.books, counter.seat.counter.receipts
    with books.read() as db:
        assert correctable(db, books, receipts.find(number)) == ("cash",)
    counter.ok("close_shift", counted="568.00")
    counter.ok("z_report", **BY_LEAD)
    with books.read() as db:
        assert correctable(db, books, receipts.find(number)) == ()

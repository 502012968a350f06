"""换货: old goods and new ones in one sitting; the net is paid or handed back, nothing twice."""

from typing import Any

import msgspec
import pytest

from app.errors import Trouble
from app.transaction import transaction
from sync.channels.practice.server import PracticeServer
from tests.stories.counters import LEAD, MANAGER, ShopFloor
from tests.stories.networks import approved, wallet
from tests.support.rare_facts import came_back

BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
CAKES, TEA, EGG_ROLLS, BAG = "21008", "12001", "11014", "99001"
"""48.00, 68.00, 38.00 and 0.50."""


def back(line: int, quantity: str = "1", reason: str = "no_longer_wanted") -> dict[str, str | int]:
    return {"line": line, "quantity": quantity, "reason": reason, "disposition": "shelf"}


def bought(till: ShopFloor, *codes: str, **paid: str) -> str:
    for code in codes:
        till.ok("add", product=code, quantity="1")
    receipt = till.ok("pay", **({"tender": "cash"} | paid))["receipt"]
    return str(receipt["number"])


def ways(refund: dict[str, Any]) -> list[tuple[str, str]]:
    """How a refund's money goes back."""
    return [(way["tender"], way["amount"]) for way in refund["tenders"]]


def rows_of(till: ShopFloor, number: str) -> str:
    return "\n".join(till.ok("receipt", number=number)["receipt"]["rows"])


@pytest.mark.without_network("退换", "换货补差价")
def test_dearer_goods_for_cakes_cost_the_difference(counter: ShopFloor) -> None:
    first = bought(counter, CAKES)
    stand = counter.ok("exchange", receipt=first, lines=[back(1)])["basket"]
    assert (stand["due"], stand["exchange"]["amount"]) == ("-48.00", "48.00")
    basket = counter.ok("add", product=TEA, quantity="1")["basket"]
    assert (basket["gross"], basket["due"], basket["open"]) == ("68.00", "20.00", "20.00")
    paid = counter.ok("pay", tender="cash", amount="50")
    assert (paid["state"], paid["due"], paid["change"]) == ("complete", "20.00", "30.00")
    assert (paid["refund"]["number"][-4:], paid["receipt"]["number"][-4:]) == ("0002", "0003")
    report = counter.ok("x_report")
    assert (report["gross"], report["refunds"], report["net"]) == ("116.00", "48.00", "68.00")
    assert report["tenders"] == {
        "cash": {"in": "68.00", "out": "0.00", "count": 2},
        "exchange": {"in": "48.00", "out": "48.00", "count": 2},
    }
    refund, sale = counter.rows(
        "SELECT r.refund, s.sale FROM refund r JOIN sale s ON s.number = ?",
        paid["receipt"]["number"],
    )[0]
    entries = counter.rows(
        "SELECT json_extract(content, '$.exchange') FROM entry WHERE fact IN (?, ?) ORDER BY seq",
        refund,
        sale,
    )
    assert entries == [(sale,), (refund,)]
    assert counter.on_hand(CAKES) == "100"
    assert counter.ok("close_shift", counted="568.00")["difference"] == "0.00"
    counter.verified()


def test_both_papers_say_that_it_was_an_exchange(counter: ShopFloor) -> None:
    first = bought(counter, CAKES)
    counter.ok("exchange", receipt=first, lines=[back(1)])
    counter.ok("add", product=TEA, quantity="1")
    paid = counter.ok("pay", tender="cash", amount="50")
    said = rows_of(counter, paid["receipt"]["number"])
    assert "换货" in said
    assert "换货抵 " + paid["refund"]["number"] in said
    assert "48.00" in said
    assert "30.00" in said
    jobs = counter.rows("SELECT kind, paper FROM print_job ORDER BY id")
    (refund,) = [paper for kind, paper in jobs if kind == "refund"]
    assert "退货" in refund
    assert "换货" in refund
    counter.verified()


def test_what_the_old_goods_are_worth_more_goes_back_in_cash(counter: ShopFloor) -> None:
    first = bought(counter, TEA)
    pulses = counter.ok("peripherals")["drawer_pulses"]
    counter.ok("exchange", receipt=first, lines=[back(1)], **BY_LEAD)
    counter.ok("add", product=EGG_ROLLS, quantity="1")
    basket = counter.ok("add", product=BAG, quantity="1")["basket"]
    assert (basket["due"], basket["open"], basket["exchange"]["back"]) == (
        "-29.50",
        "0.00",
        "29.50",
    )
    paid = counter.ok("pay", tender="cash")
    assert (paid["state"], paid["due"], paid["change"]) == ("complete", "-29.50", "0.00")
    assert paid["refund"]["tenders"] == [
        {"tender": "cash", "amount": "29.50"},
        {"tender": "exchange", "amount": "38.50"},
    ]
    assert counter.ok("peripherals")["drawer_pulses"] == pulses + 1
    assert counter.ok("close_shift", counted="538.50")["difference"] == "0.00"
    counter.verified()


def test_a_phones_money_goes_back_to_the_phone(counter: ShopFloor, network: PracticeServer) -> None:
    counter.ok("shop", set={"channel_address": network.address}, **approved())
    counter.ok("add", product=TEA, quantity="1")
    counter.ok("pay", tender="wechat", code=wallet("55"))
    # A busy machine's network may take longer than the second the answer is waited for.
    counter.ok("wait", seconds=10)
    first = counter.ok("receipt")["receipt"]["number"]
    counter.ok("exchange", receipt=first, lines=[back(1)], **BY_LEAD)
    counter.ok("add", product=CAKES, quantity="1")
    paid = counter.ok("pay", tender="wechat")
    counter.ok("wait", seconds=30)
    (order,) = network.network.orders.values()
    assert (paid["due"], order.returned) == ("-20.00", 2000)
    # The cakes are not wanted either: their money too was the phone's.
    second = counter.ok("refund", receipt=paid["receipt"]["number"], lines=[back(1)])
    counter.ok("wait", seconds=120)
    assert [each["tender"] for each in second["tenders"]] == ["wechat"]
    assert order.returned == 6800
    counter.verified()


def test_goods_are_exchanged_and_exchanged_again_and_the_money_goes_home(
    counter: ShopFloor,
) -> None:
    counter.ok("add", product=TEA, quantity="1")
    counter.ok("pay", tender="card", amount="50", code="A-77")
    first = counter.ok("pay", tender="cash")["receipt"]["number"]
    counter.ok("exchange", receipt=first, lines=[back(1)], **BY_LEAD)
    second = bought(counter, CAKES)
    counter.ok("exchange", receipt=second, lines=[back(1)])
    third = bought(counter, EGG_ROLLS)
    last = counter.ok("refund", receipt=third, lines=[back(1)])
    assert ways(last) == [("card", "20.00"), ("cash", "18.00")]
    # 68.00 in, 20.00 and 10.00 back to the card and then 20.00 more: never above the 50.00.
    out = counter.rows(
        "SELECT tender, sum(amount) FROM refund_tender WHERE tender != 'exchange' GROUP BY tender"
    )
    assert out == [("card", 5000), ("cash", 1800)]
    counter.verified()


def test_what_was_paid_on_top_of_old_goods_is_not_the_old_goods_money(counter: ShopFloor) -> None:
    for code in (CAKES, EGG_ROLLS):
        counter.ok("add", product=code, quantity="1")
    counter.ok("pay", tender="card", amount="50", code="A-77")
    first = counter.ok("pay", tender="cash")["receipt"]["number"]
    counter.ok("exchange", receipt=first, lines=[back(1)])
    second = bought(counter, TEA)
    # 48.00 of the tea are the cakes', which the card paid; 20.00 were put on top in cash.
    tea = counter.ok("refund", receipt=second, lines=[back(1)], **BY_LEAD)
    assert ways(tea) == [("card", "48.00"), ("cash", "20.00")]
    # So all of the first receipt's cash is still there for its egg rolls.
    assert ways(counter.ok("refund", receipt=first, lines=[back(2)])) == [
        ("card", "2.00"),
        ("cash", "36.00"),
    ]
    counter.verified()


def test_a_wallet_has_nothing_to_give_where_the_old_goods_pay_for_everything(
    counter: ShopFloor, network: PracticeServer
) -> None:
    counter.ok("shop", set={"channel_address": network.address}, **approved())
    first = bought(counter, CAKES)
    counter.ok("exchange", receipt=first, lines=[back(1)])
    counter.ok("add", product=EGG_ROLLS, quantity="1")
    counter.ok("wait", seconds=2)
    assert counter.refused("scan", code=wallet("55")) == "nothing_due"
    counter.ok("checkout")
    assert counter.refused("scan", code=wallet("55")) == "nothing_due"
    assert counter.refused("pay", tender="cash", amount="20") == "nothing_due"
    assert counter.ok("pay", tender="cash")["due"] == "-10.00"
    assert network.network.orders == {}
    counter.verified()


def test_what_is_put_aside_is_listed_with_what_it_comes_to(counter: ShopFloor) -> None:
    first = bought(counter, CAKES)
    counter.ok("exchange", receipt=first, lines=[back(1)])
    counter.ok("add", product=TEA, quantity="1")
    (held,) = counter.ok("hold", name="陈生")["held"]
    assert held["due"] == "20.00"
    counter.verified()


def test_giving_the_basket_up_leaves_nothing(counter: ShopFloor) -> None:
    first = bought(counter, CAKES)
    for give_up in ({"do": "exchange"}, {"do": "cancel_basket", "reason": "顾客不要了"}):
        counter.ok("exchange", receipt=first, lines=[back(1)])
        counter.ok("add", product=TEA, quantity="1")
        basket = counter.ok(**give_up)["basket"]
        assert basket["exchange"] is None
    assert counter.rows("SELECT count(*) FROM refund") == [(0,)]
    assert counter.ok("refundable", receipt=first)["amount"] == "48.00"
    assert counter.refused("exchange") == "no_exchange"
    counter.verified()


def test_what_is_promised_to_a_basket_comes_back_no_other_way(counter: ShopFloor) -> None:
    first = bought(counter, CAKES, TEA)
    counter.ok("exchange", receipt=first, lines=[back(1)])
    assert counter.refused("refund", receipt=first, lines=[back(1)]) == "over_refund"
    assert counter.refused("exchange", receipt=first, lines=[back(2)], **BY_LEAD) == (
        "exchange_open"
    )
    counter.ok("add", product=EGG_ROLLS, quantity="1")
    counter.ok("hold", name="陈生")
    assert counter.refused("exchange", receipt=first, lines=[back(1)]) == "over_refund"
    assert counter.ok("refundable", receipt=first)["amount"] == "68.00"
    counter.restart()
    counter.ok("resume")
    paid = counter.ok("pay", tender="cash")
    assert (paid["state"], paid["due"]) == ("complete", "-10.00")
    assert counter.refused("refund", receipt=first, lines=[back(1)]) == "over_refund"
    counter.verified()


def test_rights_and_the_return_rule_are_those_of_a_refund(counter: ShopFloor) -> None:
    first = bought(counter, TEA)
    asked = {"receipt": first, "lines": [back(1)]}
    assert counter.refused("exchange", **asked) == "approval_needed"
    own = {"approver": "101", "approver_pin": "246810"}
    assert counter.refused("exchange", **asked, **own) == "approver_same"
    counter.ok("add", product="16009", quantity="0.820")
    greens = counter.ok("pay", tender="cash")["receipt"]["number"]
    fresh = {"receipt": greens, "lines": [back(1, "0.820")]}
    assert counter.refused("exchange", **fresh) == "return_policy"
    counter.ok("exchange", receipt=greens, lines=[back(1, "0.820", "quality")])
    counter.ok("checkout") if counter.ok("add", product=TEA, quantity="1") else None
    assert counter.refused("exchange") == "collecting"
    counter.ok("back")
    counter.ok("exchange")
    counter.verified()


def test_a_killed_till_stands_where_it_stood(counter: ShopFloor) -> None:
    first = bought(counter, CAKES)
    counter.ok("exchange", receipt=first, lines=[back(1)])
    counter.restart()
    assert counter.ok("basket")["basket"]["exchange"]["receipt"] == first
    assert counter.refused("pay", tender="cash") == "basket_empty"
    assert counter.refused("resume") == "basket_not_empty"
    counter.ok("add", product=TEA, quantity="1")
    counter.ok("checkout")
    counter.restart()
    basket = counter.ok("basket")["basket"]
    assert (basket["due"], basket["exchange"]["amount"]) == ("20.00", "48.00")
    assert counter.ok("pay", tender="cash")["state"] == "complete"
    counter.verified()


def test_rounding_falls_on_what_is_still_due(counter: ShopFloor) -> None:
    first = bought(counter, CAKES)
    counter.ok("exchange", receipt=first, lines=[back(1)])
    # 5.337 kg of greens at 11.60 are 61.91: 13.91 are open, 13.90 in cash.
    counter.ok("add", product="16009", quantity="5.337")
    paid = counter.ok("pay", tender="cash", amount="20")
    assert (paid["due"], paid["rounding"], paid["change"]) == ("13.90", "-0.01", "6.10")
    counter.verified()


def test_without_a_receipt_it_is_a_managers_matter(counter: ShopFloor) -> None:
    lines = [{"product": EGG_ROLLS, "quantity": "1", "price": "38.00", "reason": "quality"}]
    assert counter.refused("exchange", lines=lines) == "approval_needed"
    counter.ok("exchange", lines=lines, **BY_MANAGER)
    many = [{"product": EGG_ROLLS, "quantity": "13", "price": "38.00", "reason": "quality"}]
    # 38.00 are promised already, and the day's cap is 500.00.
    assert counter.refused("refund", lines=many, **BY_MANAGER) == "day_cap"
    number = bought(counter, CAKES)
    assert counter.ok("x_report")["refunds"] == "38.00"
    again = counter.ok("refund", receipt=number, lines=[back(1)])
    assert [way["tender"] for way in again["tenders"]] == ["cash"]
    counter.verified()


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "basket_empty"),
        ([back(9)], "no_such_line"),
        ([back(1, "2")], "over_refund"),
        ([back(1, "1", "")], "bad_reason"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    counter: ShopFloor, lines: list[dict[str, str | int]], code: str
) -> None:
    number = bought(counter, CAKES)
    assert counter.refused("exchange", receipt=number, lines=lines) == code
    assert counter.ok("basket")["basket"]["exchange"] is None


def test_a_promise_that_cannot_be_written_is_none(
    counter: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = bought(counter, CAKES)

    def full() -> None:
        raise Trouble("disk_full")

    monkeypatch.setattr(counter.seat.counter, "_flush", full)
    assert counter.refused("exchange", receipt=number, lines=[back(1)]) == "disk_full"
    monkeypatch.undo()
    assert counter.ok("basket")["basket"]["exchange"] is None


def test_old_goods_that_another_till_took_meanwhile_pay_for_nothing(counter: ShopFloor) -> None:
    number = bought(counter, CAKES)
    counter.ok("exchange", receipt=number, lines=[back(1)])
    counter.ok("add", product=TEA, quantity="1")
    sale = counter.rows("SELECT sale FROM sale WHERE number = ?", number)[0][0]
    elsewhere = came_back({"shop": "KP01", "till": "2", "day": "2026-12-07", "shift": "s2"})
    line = msgspec.structs.replace(elsewhere.lines[0], original_line=1, amount=4800)
    taken = msgspec.structs.replace(elsewhere, sale=sale, lines=(line,), amount=4800)
    with transaction(counter.till.books, staff="101") as tx:
        tx.record(taken)
    assert counter.refused("pay", tender="cash", amount="50") == "over_refund"

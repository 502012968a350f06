"""Money that goes back the way it came: never more than came, never too late, never twice."""

from typing import Any

import pytest

from app.errors import Refusal
from app.facts.payments import PaymentAttempted, PaymentMoved, RefundMoved
from app.facts.sales import BasketLine
from app.payments import queries
from app.payments.actions import (
    begin_attempt,
    begin_refund,
    channel_number,
    move,
    move_refund,
)
from app.sales import charging
from app.transaction import transaction
from tests.support.tills import SHOP, TILL, TillInFolder

HEAD: dict[str, Any] = {"shop": SHOP, "till": TILL, "day": "2026-11-29", "shift": "s-1"}
LINE = BasketLine(line=1, product="12001", name="大沙红茶", quantity=1000, amount=6800)


def attempted(till: TillInFolder, *states: str, amount: int = 6800, tender: str = "wechat") -> str:
    """An attempt that went through these states."""
    number = till.ids.new()
    fact = PaymentAttempted(
        **HEAD,
        basket="b-1",
        person="101",
        tender=tender,
        amount=amount,
        due=amount,
        out_trade_no=channel_number(number),
        lines=(LINE,),
    )
    till.record(fact, fact_id=number)
    before = "CREATED"
    for state in states:
        till.record(PaymentMoved(**HEAD, attempt=number, before=before, state=state))
        before = state
    return number


def give_back(till: TillInFolder, attempt: str, amount: int, tender: str = "wechat") -> str:
    with transaction(till.books, staff="101") as tx:
        return begin_refund(
            tx,
            refund="r-1",
            attempt=attempt,
            tender=tender,
            amount=amount,
            day="2026-11-29",
            shift="s-1",
        )


def test_a_channels_number_is_short_plain_and_unlike_any_other(till: TillInFolder) -> None:
    numbers = {channel_number(till.ids.new()) for _ in range(1000)}
    assert len(numbers) == 1000
    assert all(number.isascii() and number.isalnum() and len(number) == 26 for number in numbers)


def test_a_refund_goes_through_the_attempt_it_came_by(till: TillInFolder) -> None:
    attempt = attempted(till, "SENT", "CAPTURED")
    refund = give_back(till, attempt, 951)
    with till.books.read() as db:
        (found,) = queries.open_refunds(db, SHOP, TILL)
        assert queries.refund_by_id(db, SHOP, refund) == found
        came = queries.attempt_by_id(db, SHOP, attempt)
    assert came is not None
    assert (found.refund_attempt, found.attempt, found.amount) == (refund, attempt, 951)
    assert (found.state, found.out_trade_no) == ("CREATED", came.out_trade_no)
    assert found.out_refund_no == channel_number(refund)
    till.record(
        RefundMoved(**HEAD, refund_attempt=refund, before="CREATED", state="ASKED"),
        RefundMoved(**HEAD, refund_attempt=refund, before="ASKED", state="DONE"),
    )
    with till.books.read() as db:
        assert queries.open_refunds(db, SHOP, TILL) == []
        assert [each.state for each in queries.refunds_of(db, SHOP, attempt)] == ["DONE"]


def test_never_more_goes_back_than_came(till: TillInFolder) -> None:
    attempt = attempted(till, "SENT", "CAPTURED")
    for amount in (0, -1, 6801):
        with pytest.raises(Refusal, match="over_refund"):
            give_back(till, attempt, amount)
    give_back(till, attempt, 6000)
    with pytest.raises(Refusal, match="over_refund"):
        give_back(till, attempt, 801)
    give_back(till, attempt, 800)
    with pytest.raises(Refusal, match="over_refund"):
        give_back(till, attempt, 1)


def test_two_refunds_in_one_transaction_see_each_other(till: TillInFolder) -> None:
    attempt = attempted(till, "SENT", "CAPTURED")
    how: dict[str, Any] = {"refund": "r", "attempt": attempt, "tender": "wechat"}
    how |= {"amount": 4000, "day": "2026-11-29", "shift": "s-1"}
    with transaction(till.books) as tx:
        begin_refund(tx, **how)
        with pytest.raises(Refusal, match="over_refund"):
            begin_refund(tx, **how)


@pytest.mark.parametrize(
    "states", [(), ("SENT",), ("SENT", "UNKNOWN"), ("SENT", "DECLINED"), ("ABANDONED",)]
)
def test_money_that_never_came_cannot_go_back(till: TillInFolder, states: tuple[str, ...]) -> None:
    attempt = attempted(till, *states)
    with pytest.raises(Refusal, match="not_captured"):
        give_back(till, attempt, 1)


def test_money_that_came_too_late_can(till: TillInFolder) -> None:
    attempt = attempted(till, "SENT", "UNKNOWN", "REVERSING", "LATE_CAPTURED")
    assert give_back(till, attempt, 6800)


def test_a_whole_payment_is_sent_back_once_however_often_it_is_asked(till: TillInFolder) -> None:
    number = attempted(till, "SENT", "DECLINED", "LATE_CAPTURED")
    for _ in range(2):
        with transaction(till.books, staff="101") as tx:
            attempt = queries.attempt_by_id(tx.connection, SHOP, number)
            assert attempt is not None
            charging.send_back(tx, attempt)
    assert till.rows("SELECT attempt, amount FROM refund_attempt") == [(number, 6800)]


def test_it_goes_back_through_no_other_way(till: TillInFolder) -> None:
    attempt = attempted(till, "SENT", "CAPTURED")
    with pytest.raises(Refusal, match="unknown_attempt"):
        give_back(till, attempt, 1, tender="alipay")
    with pytest.raises(Refusal, match="unknown_attempt"):
        give_back(till, "nobody's", 1)


def test_after_a_year_and_after_fifty_parts_the_route_is_closed(till: TillInFolder) -> None:
    attempt = attempted(till, "SENT", "CAPTURED")
    for _ in range(50):
        give_back(till, attempt, 1)
    with pytest.raises(Refusal, match="refund_route_closed"):
        give_back(till, attempt, 1)
    other = attempted(till, "SENT", "CAPTURED")
    with till.books.read() as db:
        found = queries.attempt_by_id(db, SHOP, other)
    assert found is not None
    # To the last millisecond of its year, and not one more.
    till.clock.advance(found.order_ms + 365 * 86_400_000 - till.clock.wall_ms())
    give_back(till, other, 1)
    till.clock.advance(1)
    with pytest.raises(Refusal, match="refund_route_closed"):
        give_back(till, other, 1)


def test_where_an_attempt_stands_does_not_depend_on_the_order_of_arrival(
    till: TillInFolder,
) -> None:
    attempt = attempted(till, "SENT", "USERPAYING", "CAPTURED")
    with till.books.read() as db:
        assert [each.state for each in queries.attempts_of(db, SHOP, "b-1")] == ["CAPTURED"]
        assert queries.open_attempts(db, SHOP, TILL) == []
        assert queries.attempt_in_the_way(db, SHOP, "b-1") is None
    waiting = attempted(till, "SENT", "USERPAYING")
    with till.books.read() as db:
        assert [each.attempt for each in queries.open_attempts(db, SHOP, TILL)] == [waiting]
        found = queries.attempt_in_the_way(db, SHOP, "b-1")
        assert found is not None and found.attempt == waiting
        assert [each.attempt for each in queries.attempts_of_day(db, SHOP, TILL, HEAD["day"])] == [
            attempt,
            waiting,
        ]


def test_a_second_charge_for_one_basket_and_a_code_used_before_are_refused(
    till: TillInFolder,
) -> None:
    what: dict[str, Any] = {
        "basket": "b-9",
        "lines": (LINE,),
        "person": "101",
        "tender": "wechat",
        "amount": 6800,
        "due": 6800,
        "day": "2026-11-29",
        "shift": "s-1",
    }
    with transaction(till.books) as tx:
        first = begin_attempt(tx, code="130000000000000055", **what)
        with pytest.raises(Refusal, match="attempt_open"):
            begin_attempt(tx, code="130000000000000056", **what)
        with pytest.raises(Refusal, match="code_used"):
            begin_attempt(tx, code="130000000000000055", **what | {"basket": "b-10"})
        # Our own screen's code is nobody's secret, and each attempt has its own.
        shown = begin_attempt(tx, **what | {"basket": "b-11"})
    with till.books.read() as db:
        modes = [queries.attempt_by_id(db, SHOP, each) for each in (first, shown)]
    assert [each and each.mode for each in modes] == ["scan", "shown"]
    digests = till.rows("SELECT digest FROM wallet_code")
    assert len(digests) == 1 and "1300" not in str(digests[0][0])


def test_an_attempt_somebody_moved_meanwhile_is_not_moved_again(till: TillInFolder) -> None:
    attempt = attempted(till, "SENT")
    refund = give_back(till, attempted(till, "SENT", "CAPTURED"), 1)
    with till.books.read() as db:
        before = queries.attempt_by_id(db, SHOP, attempt)
        back = queries.refund_by_id(db, SHOP, refund)
    assert before is not None and back is not None
    with transaction(till.books) as tx:
        move(tx, before, "UNKNOWN", reason="timeout", trade_no="T", person="301")
        move_refund(tx, back, "ASKED", reason="r", person="301")
        with pytest.raises(AssertionError, match="meanwhile"):
            move(tx, before, "CAPTURED")
        with pytest.raises(AssertionError, match="meanwhile"):
            move_refund(tx, back, "ASKED")
    with till.books.read() as db:
        after = queries.attempt_by_id(db, SHOP, attempt)
        number = queries.refund_by_id(db, SHOP, refund)
        assert number is not None
        assert queries.refunds_numbered(db, SHOP, [number.out_refund_no]) == [number]
        assert queries.attempts_numbered(db, SHOP, [before.out_trade_no]) == [after]
    assert after is not None and (after.state, after.trade_no) == ("UNKNOWN", "T")

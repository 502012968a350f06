"""A network's bill against our attempts: every difference has its kind, and nothing else is one."""

from typing import Any

from app.payments.queries import Attempt, Refund
from app.payments.reconciling import Difference, differences
from sync.channels.answers import BillRow


def attempt(number: str, state: str, amount: int = 1000) -> Attempt:
    return Attempt(
        f"a-{number}", "1", "2026-12-07", "s", "b", "101", "wechat", amount, number, "scan", 0,
        state, "", 0,
    )  # fmt: skip


def refund(number: str, of: str, state: str = "DONE", amount: int = 300) -> Refund:
    return Refund(
        f"r-{number}", "1", "2026-12-07", "x", f"a-{of}", "wechat", amount, of, number, 0, state, 0
    )


def row(number: str, amount: int = 1000, refund: str = "") -> BillRow:
    return BillRow(out_trade_no=number, out_refund_no=refund, amount=amount)


def found(
    rows: list[BillRow],
    attempts: list[Attempt],
    refunds: list[Refund] | None = None,
    for_nothing: tuple[str, ...] = (),
) -> list[tuple[Any, ...]]:
    refunds = refunds or []
    on_day = {each.attempt for each in attempts} | {each.refund_attempt for each in refunds}
    return [key(each) for each in differences(rows, attempts, refunds, on_day, for_nothing)]


def key(each: Difference) -> tuple[Any, ...]:
    return each.kind, each.out_trade_no, each.out_refund_no, each.ours, each.theirs


def test_a_bill_that_agrees_has_no_differences() -> None:
    ours = [attempt("A", "CAPTURED"), attempt("B", "LATE_CAPTURED"), attempt("C", "DECLINED")]
    back = [refund("R", "B", amount=1000), refund("S", "A", "FAILED")]
    assert found([row("A"), row("B"), row("B", 1000, "R")], ours, back) == []


def test_money_there_that_nobody_here_knows() -> None:
    assert found([row("X", 500)], []) == [("unknown_here", "X", "", 0, 500)]


def test_money_there_for_a_charge_we_gave_up() -> None:
    for state in ("DECLINED", "REVERSED", "ABANDONED"):
        assert found([row("A")], [attempt("A", state)]) == [("not_taken", "A", "", 0, 1000)]


def test_a_charge_that_was_taken_back_there_as_well_is_no_difference() -> None:
    rows = [row("A"), row("A", 1000, "reverse")]
    assert found(rows, [attempt("A", "REVERSED")]) == []
    rows = [row("A"), row("A", 400, "reverse")]
    assert found(rows, [attempt("A", "REVERSED")]) == [("not_taken", "A", "", 0, 600)]
    assert found([row("N"), row("N", 1000, "x")], []) == [("unknown_here", "N", "", 0, 1000)]


def test_a_charge_that_is_still_unclear_here() -> None:
    for state in ("UNKNOWN", "PARKED", "RELEASED"):
        assert found([row("A")], [attempt("A", state)]) == [("still_open", "A", "", 0, 1000)]


def test_another_amount() -> None:
    assert found([row("A", 999)], [attempt("A", "CAPTURED")]) == [("amount", "A", "", 1000, 999)]


def test_money_here_that_is_not_on_the_bill() -> None:
    ours = [attempt("A", "CAPTURED"), attempt("B", "UNKNOWN")]
    assert found([], ours) == [("missing", "A", "", 1000, 0)]
    # Of another day, or too near to midnight: it stands on another bill.
    assert list(differences([], ours, [], set())) == []


def test_refunds_here_that_are_not_on_the_bill() -> None:
    ours, back = [attempt("A", "CAPTURED")], [refund("R", "A"), refund("S", "A", "ASKED")]
    assert found([row("A")], ours, back) == [("refund_missing", "A", "R", 300, 0)]
    assert list(differences([row("A")], ours, back, set())) == []


def test_refunds_there_that_are_not_ours_or_not_as_much() -> None:
    ours = [attempt("A", "CAPTURED")]
    assert found([row("A"), row("A", 300, "R")], ours) == [("refund_unknown", "A", "R", 0, 300)]
    back = [refund("R", "A")]
    rows = [row("A"), row("A", 299, "R")]
    assert found(rows, ours, back) == [("refund_amount", "A", "R", 300, 299)]
    # Known here by its number alone: the sale is another till's.
    assert found([row("N", 300, "R")], [], [refund("R", "N")]) == []
    assert found([row("N", 299, "R")], [], [refund("R", "N")]) == [
        ("refund_amount", "N", "R", 300, 299)
    ]


def test_money_that_pays_for_nothing_here_is_a_difference_as_far_as_it_is_still_there() -> None:
    ours = [attempt("A", "CAPTURED"), attempt("B", "CAPTURED")]
    told = found([row("A"), row("A", 400, "x"), row("B")], ours, [], ("a-A",))
    assert ("no_sale", "A", "", 0, 600) in told
    assert not [each for each in told if each[1] == "B"]
    gone = found([row("A"), row("A", 1000, "x")], ours[:1], [], ("a-A",))
    assert "no_sale" not in [each[0] for each in gone]

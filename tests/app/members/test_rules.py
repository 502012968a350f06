"""What a member earns, what points are worth, and what money left may do: figures alone. Fen."""

import pytest

from app.errors import Refusal
from app.members.rules import (
    Account,
    check_left,
    check_returned,
    checked_profile,
    masked_name,
    masked_phone,
    points_for,
    without_reason,
    worth_of,
)

DAY_MS = 24 * 3_600_000


def account(kind: str, **more: int) -> Account:
    amounts = dict.fromkeys(("left", "bonus", "used", "returned", "kept", "opened_ms"), 0)
    fields = amounts | {"last_ms": 10 * DAY_MS} | more
    return Account(account="a", kind=kind, member="", note="", **fields)


@pytest.mark.parametrize(
    ("paid", "per", "points"),
    [(99, 1, 0), (100, 1, 1), (299_99, 10, 29), (300_00, 10, 30), (0, 1, 0), (-5_00, 1, 0),
     (500_00, 0, 0)],
)  # fmt: skip
def test_whole_yuan_earn_points_and_parts_nothing(paid: int, per: int, points: int) -> None:
    assert points_for(paid, per) == points


def test_points_are_worth_what_the_shop_says_by_the_hundred() -> None:
    assert worth_of(100, {"points_worth": "100"}) == 1_00
    assert worth_of(700, {"points_worth": "50"}) == 3_50
    for points in (0, -100, 50, 150, 101):
        with pytest.raises(Refusal, match="bad_points"):
            worth_of(points, {"points_worth": "100"})
    with pytest.raises(Refusal, match="points_off"):
        worth_of(100, {"points_worth": "0"})


def test_a_phone_is_figures_and_a_name_is_short() -> None:
    known = checked_profile("梁" * 25, "+86 (138) 0000-5678")
    assert (known.name, known.phone) == ("梁" * 20, "+8613800005678")
    for phone in ("138X00005678", "1380000", "1" * 16, "١٣٨٠٠٠٠٥٦٧٨", "86+13800005678"):
        with pytest.raises(Refusal, match="phone_bad"):
            checked_profile("梁", phone)
    assert checked_profile("梁", "1" * 15).phone == "1" * 15
    assert (masked_phone("13800005678"), masked_phone("8800123")) == ("138****5678", "****0123")
    assert masked_name("王小明") == "王**"


def test_a_bonus_is_for_prepaid_and_stored_money_alone() -> None:
    for kind in ("prepaid", "stored"):
        check_left(kind, 100_00, 10_00, 0, 0)
    for kind in ("deposit", "earnest", "pledge"):
        with pytest.raises(Refusal, match="bad_amount"):
            check_left(kind, 100_00, 10_00, 1000_00, 0)
    for amount, bonus in ((0, 0), (-1, 0), (1, -1)):
        with pytest.raises(Refusal, match="bad_amount"):
            check_left("prepaid", amount, bonus, 0, 0)
    with pytest.raises(Refusal, match="ledger_kind_bad"):
        check_left("gift", 1, 0, 0, 0)


def test_caps_are_kept_to_the_fen() -> None:
    check_left("earnest", 20_00, 0, 100_00, 0)
    with pytest.raises(Refusal, match="earnest_too_high"):
        check_left("earnest", 20_01, 0, 100_00, 0)
    check_left("stored", 4_000_00, 500_00, 0, 500_00)
    with pytest.raises(Refusal, match="stored_too_high") as refused:
        check_left("stored", 4_000_00, 500_00, 0, 500_01)
    assert refused.value.details["most"] == "5000.00"


def test_principal_goes_first_and_alone_may_be_paid_out() -> None:
    known = account("prepaid", left=100_00, bonus=10_00, used=30_00, returned=5_00, kept=1_00)
    assert (known.balance, known.principal) == (74_00, 64_00)
    check_returned(known, 64_00)
    with pytest.raises(Refusal, match="too_much_back"):
        check_returned(known, 64_01)
    with pytest.raises(Refusal, match="bad_amount"):
        check_returned(known, 0)
    spent = account("prepaid", left=100_00, bonus=10_00, used=105_00)
    assert (spent.balance, spent.principal) == (5_00, 0)


@pytest.mark.parametrize("kind", ["deposit", "earnest", "prepaid", "pledge", "stored"])
def test_what_goes_back_without_a_reason(kind: str) -> None:
    always, for_a_week = kind in ("deposit", "pledge"), kind in ("prepaid", "stored")
    assert without_reason(account(kind), 17 * DAY_MS) is (always or for_a_week)
    assert without_reason(account(kind), 17 * DAY_MS + 1) is always

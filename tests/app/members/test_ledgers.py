"""Money customers leave: whose it is, how much may go back, and what the slip says."""

import pytest

from app.errors import Refusal
from app.members import actions, queries, rules
from app.members.actions import Left, Place
from app.members.rules import Account
from app.verification import verify_books
from tests.support.tills import TillInFolder

PLACE = Place(day="2026-12-07", shift="s-1", person="101")
DAY_MS = 24 * 3_600_000


def left(till: TillInFolder, **fields: object) -> Account:
    wish = {"kind": "deposit", "tender": "cash", "amount": 100_00} | fields
    return actions.leave_money(till.books, PLACE, Left(**wish))  # type: ignore[arg-type]


def back(till: TillInFolder, number: str, amount: int) -> Account:
    return actions.return_money(
        till.books, PLACE, number, amount=amount, tender="cash", reason="不买了"
    )


def slips(till: TillInFolder) -> list[str]:
    return [paper for (paper,) in till.rows("SELECT paper FROM print_job ORDER BY rowid")]


def member(till: TillInFolder) -> str:
    return actions.enrol(
        till.books, PLACE, name="梁", phone="13800005678", consents=("member",)
    ).member


def test_a_deposit_lies_in_the_drawer_and_goes_back_whole(till: TillInFolder) -> None:
    account = left(till, note="订单 25")
    assert (account.balance, account.principal) == (100_00, 100_00)
    assert till.rows("SELECT tender, taken, given FROM drawer_cash") == [("cash", 10000, 0)]
    assert back(till, account.account, 40_00).balance == 60_00
    with pytest.raises(Refusal, match="too_much_back"):
        back(till, account.account, 60_01)
    assert back(till, account.account, 60_00).balance == 0
    assert till.rows("SELECT tender, taken, given FROM drawer_cash") == [("cash", 10000, 10000)]
    with till.books.read() as db:
        assert queries.open_accounts(db, "KP01") == []
    assert verify_books(till.books).ok


def test_more_money_joins_an_account_of_its_kind(till: TillInFolder) -> None:
    account = left(till)
    assert left(till, account=account.account, amount=5_00).balance == 105_00
    with pytest.raises(Refusal, match="unknown_account"):
        left(till, account=account.account, kind="pledge")
    with pytest.raises(Refusal, match="unknown_account"):
        left(till, account="nothing")


def test_earnest_is_at_most_a_fifth_of_the_contract(till: TillInFolder) -> None:
    assert left(till, kind="earnest", amount=20_00, contract=100_00).balance == 20_00
    with pytest.raises(Refusal, match="earnest_too_high") as refused:
        left(till, kind="earnest", amount=20_01, contract=100_00)
    assert refused.value.details["most"] == "20.00"


def test_a_bonus_is_spent_last_and_never_paid_out(till: TillInFolder) -> None:
    account = left(till, kind="prepaid", amount=100_00, bonus=10_00)
    assert (account.balance, account.principal) == (110_00, 100_00)
    with pytest.raises(Refusal, match="too_much_back"):
        back(till, account.account, 100_01)
    assert back(till, account.account, 100_00).balance == 10_00
    with pytest.raises(Refusal, match="bad_amount"):
        left(till, bonus=1)


def test_stored_value_is_in_a_name_and_capped(till: TillInFolder) -> None:
    with pytest.raises(Refusal, match="member_needed"):
        left(till, kind="stored")
    who = member(till)
    account = left(till, kind="stored", member=who, amount=4_900_00)
    with pytest.raises(Refusal, match="stored_too_high"):
        left(till, kind="stored", member=who, amount=100_01)
    with pytest.raises(Refusal, match="member_has_money"):
        actions.forget(till.books, PLACE, who)
    back(till, account.account, 4_900_00)
    actions.forget(till.books, PLACE, who)


def test_prepaid_money_goes_back_without_a_reason_for_seven_days(till: TillInFolder) -> None:
    account = left(till, kind="prepaid")
    assert rules.without_reason(account, account.last_ms + 7 * DAY_MS)
    assert not rules.without_reason(account, account.last_ms + 7 * DAY_MS + 1)
    deposit, earnest = left(till), left(till, kind="earnest", amount=1, contract=100)
    assert rules.without_reason(deposit, deposit.last_ms + 900 * DAY_MS)
    assert not rules.without_reason(earnest, earnest.last_ms)


def test_only_earnest_and_pledges_can_be_kept(till: TillInFolder) -> None:
    pledge = left(till, kind="pledge", amount=50_00)
    after = actions.keep_money(till.books, PLACE, pledge.account, amount=30_00, reason="摔坏")
    assert (after.kept, after.balance) == (30_00, 20_00)
    with pytest.raises(Refusal, match="too_much_back"):
        actions.keep_money(till.books, PLACE, pledge.account, amount=20_01, reason="摔坏")
    with pytest.raises(Refusal, match="ledger_kind_bad"):
        actions.keep_money(till.books, PLACE, left(till).account, amount=1, reason="x")
    assert verify_books(till.books).ok


@pytest.mark.parametrize("fields", [{"amount": 0}, {"amount": -5}, {"kind": "loan"}])
def test_money_that_is_none_is_refused(till: TillInFolder, fields: dict[str, object]) -> None:
    with pytest.raises(Refusal, match=r"bad_amount|ledger_kind_bad"):
        left(till, **fields)
    assert till.rows("SELECT count(*) FROM ledger_move") == [(0,)]


def test_deposit_and_earnest_have_texts_of_their_own(till: TillInFolder) -> None:
    left(till)
    left(till, kind="earnest", amount=1_00, contract=100_00)
    first, second = slips(till)
    assert "原数退还" in first and "订金" in first
    assert "双倍返还" in second and "定金" in second


def test_each_movement_has_its_slip_and_cash_opens_the_drawer(till: TillInFolder) -> None:
    def jobs() -> list[tuple[object, ...]]:
        return till.rows("SELECT title, kick_drawer FROM print_job ORDER BY rowid")

    account = left(till, kind="pledge").account
    came = jobs()
    assert len(came) == 1
    back(till, account, 40_00)
    actions.return_money(
        till.books, PLACE, account, amount=10_00, tender="transfer", reason="不租了"
    )
    went = jobs()[1:]
    assert len(went) == 2 and went[0][0] == went[1][0] != came[0][0]
    assert [kick for _title, kick in went] == [1, 0]


def test_points_go_down_to_nought_and_no_further(till: TillInFolder) -> None:
    who = member(till)
    assert actions.adjust_points(till.books, PLACE, who, 30, "补登") == 30
    with pytest.raises(Refusal, match="bad_points"):
        actions.adjust_points(till.books, PLACE, who, -31, "更正")
    assert actions.adjust_points(till.books, PLACE, who, -30, "更正") == 0
    with pytest.raises(Refusal, match="bad_points"):
        actions.adjust_points(till.books, PLACE, who, 0, "更正")
    with pytest.raises(Refusal, match="reason_needed"):
        actions.adjust_points(till.books, PLACE, who, 5, " ")


def test_whoever_looks_at_a_phone_is_written_down_once(till: TillInFolder) -> None:
    who = member(till)
    actions.reveal(till.books, Place(day="2026-12-07", shift="s-1", person="201"), who)
    rows = till.rows("SELECT member, what, count, person, approver FROM member_shown")
    assert rows == [(who, "phone", 1, "201", "")]

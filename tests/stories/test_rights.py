"""How far each role goes alone, and what whoever keeps a shop alone may do on their own word."""

import pytest

from app.errors import Refusal
from app.staff.actions import set_person
from app.staff.rules import Approver
from app.transaction import transaction
from tests.stories.counters import CASHIER, LEAD, MANAGER, MakeShop, ShopFloor

HEAD_OFFICE, SECOND = ("501", "192837"), ("302", "975318")
PEOPLE = {"cashier": CASHIER, "lead": LEAD, "manager": MANAGER}


@pytest.fixture
def staffed(make_shop: MakeShop) -> ShopFloor:
    """One receipt sold; somebody of head office."""
    shop = make_shop()
    with transaction(shop.till.books, staff="301") as tx:
        set_person(tx, number="501", name="总部", role="head_office", pin="192837")
    shop.open_shift()
    shop.sell("11014")
    return shop


# --- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "action", "limit"),
    [
        ("cashier", "refund", 50_00),
        ("lead", "refund", 500_00),
        ("manager", "refund", 5_000_00),
        ("manager", "refund_without_receipt", 5_000_00),
        ("lead", "confirm_difference", 100_00),
        ("manager", "confirm_difference", 2_000_00),
    ],
)
def test_up_to_the_limit_alone_and_a_fen_more_with_somebody_of_a_higher_one(
    staffed: ShopFloor, role: str, action: str, limit: int
) -> None:
    staffed.sign_in(PEOPLE[role])
    desk = staffed.seat.desk
    assert desk.approved(action, amount=limit) is None
    with pytest.raises(Refusal) as refused:
        desk.approved(action, amount=limit + 1)
    assert refused.value.code == "approval_needed"
    if role == "manager":
        with pytest.raises(Refusal) as refused:
            desk.approved(action, Approver(*SECOND), amount=limit + 1)
        assert refused.value.code == "over_limit"
        return
    yes = desk.approved(action, Approver(*SECOND), amount=limit + 1)
    assert yes is not None
    assert (yes.person, yes.action, yes.self_approved) == ("302", action, 0)


# --- a shop that one person keeps ---------------------------------------------------------------


def test_whoever_keeps_a_shop_alone_is_marked_up_to_half_the_limit(staffed: ShopFloor) -> None:
    staffed.sign_in(MANAGER)
    desk = staffed.seat.desk
    assert desk.approved("refund", amount=2_500_00) is None
    staffed.ok("shop", set={"single_keeper": "on"})
    assert desk.approved("refund", amount=50_00) is None
    yes = desk.approved("refund", amount=2_500_00)
    assert yes is not None
    assert (yes.person, yes.self_approved) == ("301", 1)
    with pytest.raises(Refusal) as refused:
        desk.approved("refund", amount=2_500_01)
    assert refused.value.code == "approval_needed"
    by_another = Approver(*SECOND)
    other = desk.approved("refund", by_another, amount=2_500_01)
    assert other is not None
    assert (other.person, other.self_approved) == ("302", 0)


def test_a_self_approval_waits_in_the_list_until_somebody_else_reviews_it(
    staffed: ShopFloor,
) -> None:
    staffed.sign_in(MANAGER)
    staffed.ok("shop", set={"single_keeper": "on"})
    staffed.ok("cash_out", amount="20.00", reason="买水")
    [task] = [each for each in staffed.ok("tasks")["tasks"] if each["kind"] == "self_approved"]
    assert "301" in task["words"]
    assert task["answers"] == ["right", "wrong"]
    assert staffed.refused("settle_task", task=task["task"], answer="right") == "approver_same"
    staffed.sign_in(CASHIER)
    assert staffed.refused("settle_task", task=task["task"], answer="right") == "approval_needed"
    staffed.sign_in(HEAD_OFFICE)
    assert staffed.refused("settle_task", task=task["task"], answer="maybe") == "unknown_task"
    staffed.ok("settle_task", task=task["task"], answer="right")
    assert staffed.refused("settle_task", task=task["task"], answer="right") == "unknown_task"
    assert "self_approved" not in {each["kind"] for each in staffed.ok("tasks")["tasks"]}
    staffed.verified()

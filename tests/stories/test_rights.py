"""Who may do what at the counter: every cell of the matrix, tried by doing the thing itself."""

from typing import Any

import pytest

from app.errors import Refusal
from app.staff.actions import set_person
from app.staff.rules import MATRIX, ROLES, Approver
from app.transaction import transaction
from tests.stories.counters import AUDITOR, CASHIER, LEAD, MANAGER, MakeShop, ShopFloor

HEAD_OFFICE = ("501", "192837")
SECOND = ("302", "975318")
PEOPLE = {
    "cashier": CASHIER,
    "lead": LEAD,
    "manager": MANAGER,
    "auditor": AUDITOR,
    "head_office": HEAD_OFFICE,
}
MEANT = {
    # cashier, lead, manager, auditor, head office: + alone, ? with a different person, - never
    "sell": "+++--",
    "reprint": "+++--",
    "remove_line": "+++--",
    "discount": "+++--",
    "refund": "+++--",
    "refund_without_receipt": "??+--",
    "overrule_returns": "??+--",
    "open_drawer": "?++--",
    "cash": "?++--",
    "correct_tender": "?++--",
    "count_drawer": "+++--",
    "see_expected": "---++",
    "close_day": "?++--",
    "confirm_difference": "?++--",
    "review": "??+-+",
    "audit": "---++",
    "member_create": "+++--",
    "member_reveal": "?++--",
    "member_forget": "??+--",
    "points_adjust": "??+--",
    "money_return": "??+--",
    "static_qr": "??+--",
    "settle_unknown": "??+--",
    "unlock_pin": "??+--",
    "invoice": "+++--",
    "red_letter": "?++--",
    "invoice_export": "?++--",
    "receive": "??+--",
    "label": "+++--",
    "shield_label": "??+--",
    "catalogue": "??+-+",
    "settings": "??+-+",
    "staff": "??+-+",
}
"""Written down a second time, so that a slip in the matrix of the program is seen here."""
CELLS = [(action, role) for action in MEANT for role in ROLES]
TAKES_NO_YES = ("sell", "reprint", "count_drawer", "member_create")
"""Nobody is asked for a yes here, so there is none to look at."""
WITH_A_LIMIT = ("refund_without_receipt", "confirm_difference")
SAYS_NO = ("approval_needed", "not_allowed", "over_limit", "approver_same")


def test_the_matrix_of_the_program_is_the_one_that_was_agreed() -> None:
    signs = {"✓": "+", "L": "+", "A": "?", "–": "-"}
    found = {
        action: "".join(signs[cells[role]] for role in ROLES) for action, cells in MATRIX.items()
    }
    assert found == MEANT


@pytest.fixture
def staffed(make_shop: MakeShop) -> ShopFloor:
    """One receipt sold, one line in the basket, the number 202 locked; somebody of head office."""
    shop = make_shop()
    with transaction(shop.till.books, staff="301") as tx:
        set_person(tx, number="501", name="总部", role="head_office", pin="192837")
        set_person(tx, number="202", name="班", role="lead", pin="528491")
    shop.open_shift()
    shop.sell("11014")
    return shop


def tried(shop: ShopFloor, action: str, **yes: str) -> str:
    """Ask for the action; the code when a right was missing, else ""."""
    desk = shop.seat.desk
    match action:
        case "sell":
            asked = shop.say("add", product="11014", **yes)
        case "reprint":
            asked = shop.say("reprint", **yes)
        case "open_drawer":
            asked = shop.say("open_drawer", reason="换零", **yes)
        case "cash":
            asked = shop.say("cash_in", amount="10.00", reason="零钱", **yes)
        case "count_drawer":
            asked = shop.say("close_shift", counted="100.00", **yes)
        case "member_create":
            asked = shop.say("member_create", name="梁", phone="13800138000", consent=True, **yes)
        case "unlock_pin":
            asked = shop.say("unlock", staff="202", **yes)
        case "settings":
            asked = shop.say("shop", set={"phone": "0750"}, **yes)
        case "staff":
            asked = shop.say("staff", staff="105", name="新", pin="739164", **yes)
        case _:
            return by_the_gate(shop, action, **yes)
    assert desk.person
    code: str = "" if asked["ok"] else asked["error"]["code"]
    assert code in ("", *SAYS_NO), asked
    return code


def by_the_gate(shop: ShopFloor, action: str, approver: str = "", approver_pin: str = "") -> str:
    """The same through the one gate every room asks."""
    try:
        shop.seat.desk.approved(action, Approver(approver, approver_pin))
    except Refusal as refusal:
        return refusal.code
    return ""


def _yes(who: tuple[str, str]) -> dict[str, str]:
    return {"approver": who[0], "approver_pin": who[1]}


@pytest.mark.parametrize(("action", "role"), CELLS)
def test_every_cell_alone_and_with_somebody_elses_yes(
    staffed: ShopFloor, action: str, role: str
) -> None:
    meant = MEANT[action][ROLES.index(role)]
    staffed.sign_in(PEOPLE[role])
    before: Any = staffed.rows("SELECT count(*) FROM presence WHERE what = 'refused'")[0][0]
    alone = tried(staffed, action)
    assert alone == {"+": "", "?": "approval_needed", "-": "approval_needed"}[meant]
    refused = staffed.rows("SELECT count(*) FROM presence WHERE what = 'refused'")[0][0] - before
    assert refused == (0 if meant == "+" else 1)
    if meant == "?":
        assert tried(staffed, action, **_yes(PEOPLE[role])) == "approver_same"
        code = "over_limit" if action in WITH_A_LIMIT else "approval_needed"
        assert tried(staffed, action, **_yes(AUDITOR)) == code
        assert tried(staffed, action, **_yes(SECOND)) == ""
    if meant == "-":
        code = "approval_needed" if action in TAKES_NO_YES else "not_allowed"
        assert tried(staffed, action, **_yes(SECOND)) == code


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

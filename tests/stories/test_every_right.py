"""Who may do what at the counter: every cell of the matrix, tried by doing the thing itself."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.staff.actions import set_person
from app.staff.rules import MATRIX, ROLES
from app.transaction import transaction
from tests.stories.counters import (
    AUDITOR,
    CASHIER,
    LEAD,
    MANAGER,
    MakeShop,
    ShopFloor,
)

HEAD_OFFICE, SECOND, KEEPER = ("501", "192837"), ("302", "975318"), ("303", "604817")
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
    "audit": "--+++",
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
    "adjust": "??+-+",
    "transfer": "??+-+",
    "move": "+++--",
    "release": "??+--",
    "label": "+++--",
    "shield_label": "??+--",
    "count": "+++--",
    "count_close": "?++--",
    "count_zero": "??+--",
    "see_book": "-++++",
    "recall": "??+-+",
    "recall_found": "+++--",
    "catalogue": "??+-+",
    "settings": "??+-+",
    "staff": "??+-+",
}
"""Written down a second time, so that a slip in the matrix of the program is seen here."""
APART = ("overrule_returns", "see_expected", "see_book")
"""Not a plain yes or no: they have tests of their own below."""
CELLS = [(action, role) for action in MEANT if action not in APART for role in ROLES]
TAKES_NO_YES = (
    "sell", "reprint", "count_drawer", "member_create", "invoice", "remove_line", "discount",
    "count",
)  # fmt: skip
"""Nobody is asked for a yes here, so there is none to look at."""
STOPPED_AT_SELL = ("refund", "static_qr")
"""Who may not even sell is turned away before anybody is asked."""
WITH_A_LIMIT = (
    "refund_without_receipt", "confirm_difference", "count_close", "count_zero", "adjust",
)  # fmt: skip
SAYS_NO = ("approval_needed", "not_allowed", "over_limit", "approver_same")
AFTER_THE_GATE = {
    "settle_unknown": "unknown_task",
    "red_letter": "unknown_invoice",
    "shield_label": "lot_needed",
    "recall_found": "unknown_recall",
}
"""There is no such payment, invoice or lot; that is said to those who may, after the gate."""


def test_the_matrix_of_the_program_is_the_one_that_was_agreed() -> None:
    signs = {"✓": "+", "L": "+", "A": "?", "–": "-"}
    found = {
        action: "".join(signs[cells[role]] for role in ROLES) for action, cells in MATRIX.items()
    }
    assert found == MEANT


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> Path:
    """A shop in which every action has something to be done to; what, stands in a file."""
    folder = tmp_path_factory.mktemp("rights") / "ready"
    shutil.copytree(demo_folder, folder)
    shop = ShopFloor(folder, seed="ready")
    with transaction(shop.till.books, staff="301") as tx:
        for number, role, pin in (
            ("501", "head_office", HEAD_OFFICE[1]),
            ("202", "lead", "528491"),
            ("303", "manager", KEEPER[1]),
        ):
            set_person(tx, number=number, name="某", role=role, pin=pin)
    known = {}
    shop.open_shift("500.00")
    known["receipt"] = shop.sell("11014")["receipt"]["number"]
    shop.ok("add", product="16009", quantity="0.820")
    known["fresh"] = shop.ok("pay", tender="cash")["receipt"]["number"]
    known["count"] = shop.ok("count_open", zone="A1")["count"]
    shop.ok("count_line", count=known["count"], product="11014", quantity="99")
    member = {"name": "梁", "phone": "13800138001", "consent": True}
    known["member"] = shop.ok("member_create", **member)["member"]["member"]
    left = shop.ok("money_leave", kind="pledge", amount="50.00", note="雨伞")["account"]
    known["account"] = left["account"]
    closed = shop.ok("close_shift", counted="500.00")
    assert abs(float(closed["difference"])) < 100
    known["shift"] = closed["shift"]
    shop.sign_in(KEEPER)
    shop.ok("open_shift", **{"float": "500.00"})
    shop.ok("shop", set={"single_keeper": "on"})
    shop.ok("cash_out", amount="20.00", reason="买水")
    shop.ok("shop", set={"single_keeper": "off"})
    [task] = [each for each in shop.ok("tasks")["tasks"] if each["kind"] == "self_approved"]
    known["review"] = task["task"]
    shop.sign_in()
    shop.ok("add", product="12003")
    (folder / "known.json").write_text(json.dumps(known))
    shop.close()
    return folder


@pytest.fixture
def shop(make_shop: MakeShop, tmp_path: Path, ready: Path) -> ShopFloor:
    shutil.copytree(ready, tmp_path / "till")
    return make_shop("till")


SIMPLE: dict[str, tuple[str, dict[str, Any]]] = {
    "sell": ("add", {"product": "11014"}),
    "reprint": ("reprint", {}),
    "remove_line": ("remove", {"line": 1}),
    "discount": ("discount", {"line": 1, "percent": "5", "reason": "熟客"}),
    "open_drawer": ("open_drawer", {"reason": "换零"}),
    "cash": ("cash_in", {"amount": "10.00", "reason": "零钱"}),
    "count_drawer": ("close_shift", {"counted": "100.00"}),
    "see_expected": ("x_report", {}),
    "close_day": ("z_report", {}),
    "audit": ("entry", {"seq": 1}),
    "static_qr": ("pay", {"tender": "static_qr"}),
    "label": ("print_label", {"kind": "tag", "product": "11014"}),
    "shield_label": ("print_label", {"kind": "shield", "product": "11014", "serial_from": 1}),
    "recall": ("recall", {"product": "11014", "lots": ["JJ1"]}),
    "recall_found": ("recall_found", {"recall": "ZH-1", "lot": "JJ1", "quantity": "1"}),
}


def asked(shop: ShopFloor, action: str, **yes: str) -> dict[str, Any]:
    """Do it, with what the shop has; the console's answer."""
    known: dict[str, str] = json.loads((shop.folder / "known.json").read_text())
    receipt, who = known["receipt"], {"member": known["member"]}
    back = {"quantity": "1", "reason": "quality", "disposition": "shelf"}
    loose = back | {"product": "11014", "price": "38.00"}
    goods = {"product": "11014", "quantity": "1", "cost": "20.0000"}
    one = {"product": "11014", "quantity": "1"}
    price = {"product": "11014", "price": "39.00"}
    wishes: dict[str, tuple[str, dict[str, Any]]] = {
        **SIMPLE,
        **_counting({"count": known["count"]}),
        "refund": ("refund", {"receipt": receipt, "lines": [back | {"line": 1}]}),
        "refund_without_receipt": ("refund", {"lines": [loose]}),
        "overrule_returns": (
            "refund",
            {
                "receipt": known["fresh"],
                "lines": [{"line": 1, "reason": "no_longer_wanted", "disposition": "scrap"}],
            },
        ),
        "correct_tender": (
            "correct_tender",
            {"receipt": receipt, "from": "cash", "to": "card", "reason": "按错了"},
        ),
        "confirm_difference": (
            "settle_task",
            {"task": f"difference:{known['shift']}", "answer": "confirm"},
        ),
        "review": ("settle_task", {"task": known["review"], "answer": "right"}),
        "member_create": ("member_create", {"name": "李", "phone": "13800138002", "consent": True}),
        "member_reveal": ("member_reveal", who),
        "member_forget": ("forget", who),
        "points_adjust": ("points_adjust", who | {"points": 5, "reason": "补积分"}),
        "money_return": (
            "money_keep",
            {"account": known["account"], "amount": "10.00", "reason": "损坏"},
        ),
        "settle_unknown": ("settle_task", {"task": "bill:none", "answer": "right"}),
        "unlock_pin": ("unlock", {"staff": "202"}),
        "invoice": ("invoice_request", {"receipt": receipt, "buyer": {"name": "陈生"}}),
        "red_letter": ("invoice_red", {"invoice": "none", "reason": "refund"}),
        "invoice_export": (
            "invoice_export",
            {"format": "csv", "file": str(shop.folder.parent / "invoices.csv")},
        ),
        "receive": ("receive", {"supplier": "开平", "lines": [goods]}),
        "adjust": ("adjust", {"lines": [one | {"quantity": "-1", "reason": "damaged"}]}),
        "transfer": ("transfer_out", {"to": "KP02", "lines": [one]}),
        "move": ("move", {"lines": [one | {"from": "shelf", "to": "store"}]}),
        "release": ("move", {"lines": [one | {"from": "quarantine", "to": "shelf"}]}),
        "catalogue": ("price_list", {"lines": [price]}),
        "settings": ("shop", {"set": {"phone": "0750"}}),
        "staff": ("staff", {"staff": "105", "name": "新", "pin": "739164"}),
    }
    do, fields = wishes[action]
    return shop.say(do, **fields, **yes)


def _counting(count: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {
        "count": ("count_line", count | {"product": "12001", "quantity": "1"}),
        "count_close": ("count_close", count),
        "count_zero": ("count_zero", count | {"products": ["99001"]}),
        "see_book": ("count_status", count),
    }


def tried(shop: ShopFloor, action: str, **yes: str) -> str:
    """The code when a right was missing; "" when it was done, or at least let in."""
    answer = asked(shop, action, **yes)
    code: str = "" if answer["ok"] else answer["error"]["code"]
    if code == AFTER_THE_GATE.get(action):
        return ""
    assert code in ("", *SAYS_NO), answer
    return code


def _yes(who: tuple[str, str]) -> dict[str, str]:
    return {"approver": who[0], "approver_pin": who[1]}


def _refusals(shop: ShopFloor) -> int:
    return int(shop.rows("SELECT count(*) FROM presence WHERE what = 'refused'")[0][0])


@pytest.mark.parametrize(("action", "role"), CELLS)
def test_every_cell_alone_and_with_somebody_elses_yes(
    shop: ShopFloor, action: str, role: str
) -> None:
    meant = MEANT[action][ROLES.index(role)]
    if action == "close_day":
        shop.sign_in()
        shop.ok("cancel_basket", reason="下班")
        shop.ok("close_shift", counted="480.00")
    shop.sign_in(PEOPLE[role])
    before = _refusals(shop)
    assert tried(shop, action) == {"+": "", "?": "approval_needed", "-": "approval_needed"}[meant]
    assert _refusals(shop) - before == (0 if meant == "+" else 1)
    if meant == "?":
        assert tried(shop, action, **_yes(PEOPLE[role])) == "approver_same"
        code = "over_limit" if action in WITH_A_LIMIT else "approval_needed"
        assert tried(shop, action, **_yes(AUDITOR)) == code
        assert tried(shop, action, **_yes(SECOND)) == ""
    if meant == "-":
        code = "approval_needed" if action in (*TAKES_NO_YES, *STOPPED_AT_SELL) else "not_allowed"
        assert tried(shop, action, **_yes(SECOND)) == code


@pytest.mark.parametrize("role", ROLES)
def test_the_drawers_sum_is_told_before_the_count_to_those_who_may_see_it(
    shop: ShopFloor, role: str
) -> None:
    shop.sign_in(PEOPLE[role])
    told = "expected_cash" in asked(shop, "see_expected")
    assert told is (MEANT["see_expected"][ROLES.index(role)] == "+")
    # Nobody lends their eyes: somebody else's yes shows nothing either.
    assert ("expected_cash" in asked(shop, "see_expected", **_yes(AUDITOR))) is told


@pytest.mark.parametrize("role", ROLES)
def test_the_books_are_shown_beside_a_count_to_those_who_may_see_them(
    shop: ShopFloor, role: str
) -> None:
    shop.sign_in(PEOPLE[role])
    told = "net" in asked(shop, "see_book")
    assert told is (MEANT["see_book"][ROLES.index(role)] == "+")
    assert ("net" in asked(shop, "see_book", **_yes(AUDITOR))) is told


@pytest.mark.parametrize("role", ["cashier", "lead", "manager"])
def test_the_return_rule_is_overruled_by_a_different_person_who_may(
    shop: ShopFloor, role: str
) -> None:
    shop.sign_in(PEOPLE[role])
    for yes, code in (
        ({}, "return_policy"),
        (_yes(PEOPLE[role]), "approver_same"),
        (_yes(AUDITOR), "return_policy"),
    ):
        assert asked(shop, "overrule_returns", **yes)["error"]["code"] == code
    other = LEAD if role == "cashier" else CASHIER
    assert asked(shop, "overrule_returns", **_yes(other))["error"]["code"] == "return_policy"
    assert asked(shop, "overrule_returns", **_yes(SECOND))["ok"]


@pytest.mark.parametrize("role", ["auditor", "head_office"])
def test_who_does_not_sell_takes_nothing_back(shop: ShopFloor, role: str) -> None:
    shop.sign_in(PEOPLE[role])
    for yes in ({}, _yes(SECOND)):
        assert asked(shop, "overrule_returns", **yes)["error"]["code"] in SAYS_NO


@pytest.mark.parametrize("role", ROLES)
def test_the_chain_is_everybodys_and_who_did_what_is_the_auditors(
    shop: ShopFloor, role: str
) -> None:
    who = PEOPLE[role][0]
    shop.sign_in(PEOPLE[role])
    entries = shop.ok("journal")["entries"]
    assert len({each["hash"] for each in entries}) == len(entries)
    named = {each["staff"] for each in entries} - {""}
    sees = MEANT["audit"][ROLES.index(role)] == "+"
    assert ({"101", "303"} <= named) if sees else (named == {who})

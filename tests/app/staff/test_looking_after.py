"""Hiring, changing and letting go: what nobody may do to whom."""

import pytest

from app.errors import Refusal
from app.staff import actions
from app.staff.people import change_own_pin, set_staff
from app.staff.queries import listed, name_of
from app.staff.rules import checked_pin
from app.transaction import transaction
from tests.support.tills import TillInFolder

PINS = {"101": "246810", "201": "135791", "301": "864209", "302": "975318", "501": "192837"}
ROLES = {"101": "cashier", "201": "lead", "301": "manager", "302": "manager", "501": "head_office"}
NEW = "739164"


@pytest.fixture
def staffed(till: TillInFolder) -> TillInFolder:
    with transaction(till.books) as tx:
        for number, role in ROLES.items():
            actions.set_person(tx, number=number, name="某", role=role, pin=PINS[number])
    till.clock.advance(1000)
    return till


def done(till: TillInFolder, by: str, number: str, **wish: object) -> str:
    """The code of the refusal, "" when it was done."""
    try:
        with transaction(till.books, staff=by) as tx:
            set_staff(tx, by, number=number, **wish)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code
    return ""


def known(till: TillInFolder) -> dict[str, tuple[str, bool]]:
    with till.books.read() as db:
        return {each.person: (each.role, each.active) for each in listed(db, "KP01")}


@pytest.mark.parametrize(
    ("by", "number", "wish", "code"),
    [
        # A new PIN is given downwards only.
        ("301", "101", {"pin": NEW}, ""),
        ("301", "201", {"pin": NEW}, ""),
        ("301", "302", {"pin": NEW}, "staff_rank"),
        ("301", "501", {"pin": NEW}, "staff_rank"),
        ("501", "301", {"pin": NEW}, ""),
        ("301", "301", {"pin": NEW}, "staff_self"),
        # Nobody raises anybody above themselves, or themselves at all.
        ("301", "101", {"role": "manager"}, ""),
        ("301", "101", {"role": "head_office"}, "staff_rank"),
        ("301", "101", {"role": "owner"}, "role_unknown"),
        ("301", "301", {"role": "head_office"}, "staff_rank"),
        ("301", "301", {"role": "lead"}, "staff_self"),
        ("301", "105", {"role": "manager", "pin": NEW}, ""),
        ("301", "105", {"role": "auditor", "pin": NEW}, "staff_rank"),
        ("501", "105", {"role": "auditor", "pin": NEW}, ""),
        # Letting go.
        ("301", "101", {"active": False}, ""),
        ("301", "302", {"active": False}, ""),
        ("301", "302", {"role": "lead"}, ""),
        ("301", "501", {"active": False}, "staff_rank"),
        ("301", "301", {"active": False}, "staff_self"),
        ("301", "105", {"active": False}, "staff_number_bad"),
        ("301", "1", {"pin": NEW}, "staff_number_bad"),
        ("301", "101", {"pin": "123456"}, "pin_weak"),
        ("301", "105", {}, "pin_weak"),
    ],
)
def test_who_may_do_what_to_whom(
    staffed: TillInFolder, by: str, number: str, wish: dict[str, object], code: str
) -> None:
    before = known(staffed)
    assert done(staffed, by, number, **wish) == code
    if code:
        assert known(staffed) == before
        assert actions.check_pin(staffed.books, "301", PINS["301"]) == "manager"


def test_a_shop_never_loses_its_last_manager(staffed: TillInFolder) -> None:
    assert done(staffed, "301", "302", active=False) == ""
    assert done(staffed, "501", "301", active=False) == "staff_last_manager"
    assert done(staffed, "501", "301", role="lead") == "staff_last_manager"
    assert done(staffed, "301", "302", pin=NEW, role="manager") == ""
    assert done(staffed, "501", "301", role="lead") == ""


def test_a_new_pin_opens_and_the_old_one_does_not(staffed: TillInFolder) -> None:
    for _ in range(10):
        with pytest.raises(Refusal):
            actions.check_pin(staffed.books, "101", "000111")
    assert done(staffed, "301", "101", pin=NEW, name="新名") == ""
    assert actions.check_pin(staffed.books, "101", NEW) == "cashier"
    with pytest.raises(Refusal, match="wrong_pin"):
        actions.check_pin(staffed.books, "101", PINS["101"])
    assert staffed.rows("SELECT person, what, detail FROM presence WHERE what = 'pin_set'") == [
        ("101", "pin_set", "301")
    ]
    assert known(staffed)["101"] == ("cashier", True)


def test_who_left_has_no_pin_and_comes_back_with_a_new_one(staffed: TillInFolder) -> None:
    done(staffed, "301", "101", active=False)
    with pytest.raises(Refusal, match="wrong_pin"):
        actions.check_pin(staffed.books, "101", PINS["101"])
    done(staffed, "301", "201", active=False)
    assert done(staffed, "301", "201", role="lead") == "pin_weak"
    assert done(staffed, "301", "201", pin=NEW) == ""
    assert actions.check_pin(staffed.books, "201", NEW) == "lead"
    with staffed.books.read() as db:
        assert name_of(db, staffed.books.secrets, "201") == "某"


def test_a_name_alone_changes_no_pin(staffed: TillInFolder) -> None:
    assert done(staffed, "301", "101", name="张小三") == ""
    assert actions.check_pin(staffed.books, "101", PINS["101"]) == "cashier"
    assert staffed.rows("SELECT count(*) FROM entry WHERE kind LIKE 'staff_set%'") == [(5,)]


def test_ones_own_pin_is_changed_by_who_knows_it(staffed: TillInFolder) -> None:
    books = staffed.books
    with pytest.raises(Refusal, match="wrong_pin"):
        change_own_pin(books, "301", "000111", NEW)
    with pytest.raises(Refusal, match="pin_weak"):
        change_own_pin(books, "301", PINS["301"], "111111")
    change_own_pin(books, "301", PINS["301"], NEW)
    assert actions.check_pin(books, "301", NEW) == "manager"


@pytest.mark.parametrize(
    "pin",
    ["123123", "168168", "112233", "123321", "123654", "159753", "520131", "5201314", "110120",
     "147258369", "888666", "100200", "11223344", "12341234"],
)  # fmt: skip
def test_pins_many_people_choose_are_nobodys(pin: str) -> None:
    with pytest.raises(Refusal, match="pin_weak"):
        checked_pin(pin)


@pytest.mark.parametrize("pin", ["246810", "739164", "90817263", "135791", "1002937"])
def test_other_pins_are_good(pin: str) -> None:
    assert checked_pin(pin) == pin

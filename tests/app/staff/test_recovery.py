"""The code on the sealed sheet opens a locked number, and nothing else does."""

import msgspec
import pytest

from app.errors import Refusal
from app.staff import actions
from app.staff.papers import recovery_sheet
from app.staff.recovery import (
    ALPHABET,
    fresh_code,
    keep_recovery_code,
    unlock_with_recovery_code,
)
from app.staff.rules import MAX_PIN_FAILURES
from app.transaction import transaction
from tests.support.tills import TillInFolder

PIN, NEW_PIN = "246810", "730195"


@pytest.fixture
def locked(till: TillInFolder) -> TillInFolder:
    """The only person of the shop has tried ten wrong PINs."""
    with transaction(till.books) as tx:
        actions.set_person(tx, number="301", name="王五", role="manager", pin=PIN)
    for _ in range(MAX_PIN_FAILURES):
        with pytest.raises(Refusal):
            actions.check_pin(till.books, "301", "135790")
    return till


def new_code(till: TillInFolder) -> str:
    code = fresh_code(till.ids)
    with transaction(till.books) as tx:
        keep_recovery_code(tx, code)
    return code


def refused(till: TillInFolder, number: str, code: str, pin: str) -> str:
    with pytest.raises(Refusal) as error:
        unlock_with_recovery_code(till.books, number, code, pin)
    return error.value.code


def test_a_code_is_five_groups_of_letters_nobody_confuses(till: TillInFolder) -> None:
    code = new_code(till)
    assert [len(group) for group in code.split("-")] == [4] * 5
    assert set(code) <= {*ALPHABET, "-"}
    assert not set(ALPHABET) & set("01ILO")


def test_the_code_gives_a_locked_number_a_new_pin(locked: TillInFolder) -> None:
    code = new_code(locked)
    unlock_with_recovery_code(locked.books, "301", code, NEW_PIN)
    assert actions.check_pin(locked.books, "301", NEW_PIN) == "manager"
    with pytest.raises(Refusal):
        actions.check_pin(locked.books, "301", PIN)
    assert locked.rows("SELECT what FROM presence ORDER BY order_ms") == [
        ("pin_locked",),
        ("pin_unlocked",),
    ]


def test_a_code_may_be_typed_small_and_without_its_dashes(locked: TillInFolder) -> None:
    typed = new_code(locked).replace("-", " ").lower()
    unlock_with_recovery_code(locked.books, "301", typed, NEW_PIN)
    assert actions.check_pin(locked.books, "301", NEW_PIN) == "manager"


@pytest.mark.parametrize(
    "wrong", ["", "ABCD", "2222-2222-2222-2222-2222", "'; DROP TABLE pin", "码"]
)
def test_a_wrong_code_opens_nothing(locked: TillInFolder, wrong: str) -> None:
    new_code(locked)
    assert refused(locked, "301", wrong, NEW_PIN) == "recovery_wrong"
    with pytest.raises(Refusal) as error:
        actions.check_pin(locked.books, "301", PIN)
    assert error.value.code == "pin_locked"


def test_a_code_nobody_confirmed_opens_nothing_and_leaves_the_old_one(
    locked: TillInFolder,
) -> None:
    old = new_code(locked)
    assert refused(locked, "301", fresh_code(locked.ids), NEW_PIN) == "recovery_wrong"
    unlock_with_recovery_code(locked.books, "301", old, NEW_PIN)


def test_a_till_that_never_made_a_code_takes_none(locked: TillInFolder) -> None:
    assert refused(locked, "301", "2222-2222-2222-2222-2222", NEW_PIN) == "recovery_wrong"


def test_a_weak_pin_or_an_unknown_number_leaves_the_lock_as_it_was(locked: TillInFolder) -> None:
    code = new_code(locked)
    assert refused(locked, "301", code, "123456") == "pin_weak"
    assert refused(locked, "999", code, NEW_PIN) == "staff_number_bad"
    assert refused(locked, "x", code, NEW_PIN) == "staff_number_bad"
    assert locked.rows("SELECT what FROM presence") == [("pin_locked",)]


def test_an_old_code_is_dead_once_there_is_a_new_one(locked: TillInFolder) -> None:
    old, new = new_code(locked), new_code(locked)
    assert refused(locked, "301", old, NEW_PIN) == "recovery_wrong"
    unlock_with_recovery_code(locked.books, "301", new, NEW_PIN)


def test_the_code_survives_a_restart_and_lies_nowhere_in_the_clear(locked: TillInFolder) -> None:
    code = new_code(locked)
    locked.close()
    found = b"".join(file.read_bytes() for file in locked.path.iterdir() if file.is_file())
    assert code.encode() not in found
    assert code.replace("-", "").encode() not in found
    unlock_with_recovery_code(locked.books, "301", code, NEW_PIN)


def test_the_sheet_says_the_code_the_shop_and_what_it_is_for(till: TillInFolder) -> None:
    code = new_code(till)
    sheet = recovery_sheet(code, shop="KP01", till="1", now_ms=till.clock.wall_ms())
    words = msgspec.json.encode(sheet).decode()
    assert all(group in words for group in code.split("-"))
    assert "KP01 · 1号机" in words and "2026-11-29" in words and "新 PIN" in words
    assert "演示" not in words
    demo = recovery_sheet(code, shop="KP01", till="1", now_ms=0, banner="演示")
    assert "演示" in msgspec.json.encode(demo).decode()

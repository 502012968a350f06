"""Verifiers on their way to another device: for it alone, newer ones only, never in a fact."""

import msgspec
import pytest

from app.errors import Refusal
from app.staff import actions
from app.staff.carrying import card, export_verifiers, import_verifiers
from app.staff.people import set_staff
from app.transaction import transaction
from tests.support.tills import MakeTill, TillInFolder

OLD, NEW = "246810", "739164"


def staff(till: TillInFolder, *, pin: str = OLD, name: str = "关淑怡") -> None:
    """Two people of the shop, as a till knows them whose facts have all arrived."""
    with transaction(till.books) as tx:
        actions.set_person(tx, number="301", name="王五", role="manager", pin="864209")
        actions.set_person(tx, number="101", name=name, role="cashier", pin=pin)
    till.clock.advance(1000)


@pytest.fixture
def first(make_till: MakeTill) -> TillInFolder:
    till = make_till("first")
    till.clock.advance(5000)
    staff(till)
    return till


@pytest.fixture
def second(make_till: MakeTill) -> TillInFolder:
    """The same people, with another PIN, set earlier."""
    till = make_till("second")
    staff(till, pin="102938")
    return till


def carried(first: TillInFolder, second: TillInFolder) -> bytes:
    return export_verifiers(first.books, card(second.books), second.books.journal.public_key)


def taken(first: TillInFolder, second: TillInFolder, parcel: bytes) -> int:
    return import_verifiers(second.books, parcel, first.books.journal.public_key)


def test_the_other_device_knows_the_pin_afterwards(
    first: TillInFolder, second: TillInFolder
) -> None:
    parcel = carried(first, second)
    assert taken(first, second, parcel) == 2
    assert actions.check_pin(second.books, "101", OLD) == "cashier"
    with pytest.raises(Refusal, match="wrong_pin"):
        actions.check_pin(second.books, "101", "102938")
    said = str(second.rows("SELECT CAST(content AS TEXT) FROM entry"))
    assert "argon2" not in said


def test_an_old_parcel_brings_no_old_pin_and_no_tries_back(
    first: TillInFolder, second: TillInFolder
) -> None:
    parcel = carried(first, second)
    taken(first, second, parcel)
    second.clock.advance(60_000)
    with transaction(second.books, staff="301") as tx:
        set_staff(tx, "301", number="101", pin=NEW)
    for _ in range(3):
        with pytest.raises(Refusal):
            actions.check_pin(second.books, "101", "000111")
    assert taken(first, second, parcel) == 0
    assert second.rows("SELECT failures FROM pin WHERE person = '101'") == [(3,)]
    assert actions.check_pin(second.books, "101", NEW) == "cashier"


def test_a_number_that_was_only_guessed_at_gives_way(
    first: TillInFolder, make_till: MakeTill
) -> None:
    second = make_till("guessed")
    second.clock.advance(9_000_000)
    with pytest.raises(Refusal):
        actions.check_pin(second.books, "101", "000111")
    for fact in ("101", "301"):
        with transaction(second.books) as tx:
            from app.facts.staff import StaffSet

            tx.record(StaffSet(shop=tx.shop, person=fact, role="cashier"))
    assert taken(first, second, carried(first, second)) == 2
    assert actions.check_pin(second.books, "101", OLD) == "cashier"


def test_who_does_not_work_here_is_not_taken_over(
    first: TillInFolder, second: TillInFolder
) -> None:
    with transaction(second.books, staff="301") as tx:
        set_staff(tx, "301", number="101", active=False)
    assert taken(first, second, carried(first, second)) == 1
    with pytest.raises(Refusal, match="wrong_pin"):
        actions.check_pin(second.books, "101", OLD)


def test_nobody_else_can_read_or_change_it(
    first: TillInFolder, second: TillInFolder, make_till: MakeTill
) -> None:
    parcel = carried(first, second)
    third = make_till("third")
    for secret in ("关淑怡".encode(), b"argon2", OLD.encode()):
        assert secret not in parcel
    with pytest.raises(Refusal, match="verifiers_bad"):
        taken(first, third, parcel)
    with pytest.raises(Refusal, match="verifiers_bad"):
        import_verifiers(second.books, parcel, third.books.journal.public_key)
    signed = msgspec.json.decode(parcel)
    for changed in (
        parcel[:-20] + parcel[-19:],
        parcel.replace(b"A", b"B", 1),
        msgspec.json.encode(signed | {"body": signed["body"][4:]}),
        b"",
        b"[]",
        b"x" * 2_000_000,
    ):
        with pytest.raises(Refusal, match="verifiers_bad"):
            taken(first, second, changed)
    assert actions.check_pin(second.books, "101", "102938") == "cashier"


def test_a_card_of_somebody_else_gets_nothing(
    first: TillInFolder, second: TillInFolder, make_till: MakeTill
) -> None:
    third = make_till("third")
    with pytest.raises(Refusal, match="verifiers_bad"):
        export_verifiers(first.books, card(third.books), second.books.journal.public_key)
    parcel = carried(first, second)
    with pytest.raises(Refusal, match="verifiers_bad"):
        export_verifiers(first.books, parcel, first.books.journal.public_key)

"""Who works here: hired, changed, gone, given a new PIN; and what nobody may do to whom.

Nobody raises anybody above their own role, gives a new PIN to somebody as high as themselves, or
decides about themselves; and a shop never loses its last manager.
"""

from sqlalchemy import update

from app.errors import Refusal
from app.facts.staff import PinSet, StaffSet
from app.staff.actions import check_pin, forget_pin, reset_pin, set_person
from app.staff.queries import listed, name_of, role_of
from app.staff.rules import checked_number, checked_pin, rank
from app.staff.tables import pin as pin_table
from app.text import clean
from app.transaction import Books, Transaction, transaction

NAME = 20


def set_staff(
    tx: Transaction,
    by: str,
    *,
    number: str,
    name: str = "",
    role: str = "",
    pin: str = "",
    active: bool = True,
) -> None:
    """Hire somebody, or change what is said about somebody known; "" leaves a part as it is.

    `by` is whoever answers for it, with the right to. Raises Refusal: staff_number_bad,
    role_unknown, pin_weak, staff_rank, staff_self, staff_last_manager.
    """
    checked_number(number)
    by_role = role_of(tx.connection, tx.shop, by)
    assert by_role is not None
    known = next((each for each in listed(tx.connection, tx.shop) if each.person == number), None)
    if role:
        _within(role, by_role)
    if known is None or (active and not known.active):
        if not active:
            raise Refusal("staff_number_bad")
        # Whoever comes back is who they were, unless something else is said.
        again = role or (known.role if known else "cashier")
        _within(again, by_role)
        called = name or (name_of(tx.connection, tx.books.secrets, number) if known else "")
        set_person(tx, number=number, name=called, role=again, pin=pin)
        return
    if number == by:
        raise Refusal("staff_self")
    _within(known.role, by_role)
    new_role = role or known.role
    if known.role == "manager" and (not active or new_role != "manager"):
        _managed_without(tx, number)
    if name:
        _rename(tx, number, name)
    if not active:
        forget_pin(tx, number)
    elif pin:
        if rank(known.role) >= rank(by_role):
            raise Refusal("staff_rank")
        reset_pin(tx, number, pin)
        tx.record(PinSet(shop=tx.shop, till=tx.till, person=number, by=by))
    if new_role != known.role or not active:
        tx.record(StaffSet(shop=tx.shop, person=number, role=new_role, active=int(active)))


def change_own_pin(books: Books, number: str, old: str, new: str) -> None:
    """Whoever knows their PIN chooses another. Raises Refusal: wrong_pin, pin_locked, pin_weak."""
    checked_pin(new)
    check_pin(books, number, old)
    with transaction(books, staff=number) as tx:
        reset_pin(tx, number, new)
        tx.record(PinSet(shop=tx.shop, till=tx.till, person=number, by=number))


def _within(role: str, by_role: str) -> None:
    if _rank_of(role) > rank(by_role):
        raise Refusal("staff_rank")


def _rank_of(role: str) -> int:
    """As `rank`, of what somebody typed. Raises Refusal("role_unknown")."""
    try:
        return rank(role)
    except ValueError:
        raise Refusal("role_unknown", role=clean(role, most=20)) from None


def _managed_without(tx: Transaction, number: str) -> None:
    left = [
        each
        for each in listed(tx.connection, tx.shop)
        if each.active and each.role == "manager" and each.person != number
    ]
    if not left:
        raise Refusal("staff_last_manager")


def _rename(tx: Transaction, number: str, name: str) -> None:
    sealed = tx.books.secrets.seal(f"name:{number}", clean(name, most=NAME).encode())
    tx.execute(update(pin_table).where(pin_table.c.person == number).values(sealed_name=sealed))

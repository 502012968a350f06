"""People, as somebody at the counter with the right to looks after them."""

from pathlib import Path

from app.errors import Refusal
from app.sales.desk import Desk
from app.staff import people
from app.staff.actions import unlock_pin
from app.staff.pin_files import Exchanged, exchange
from app.staff.rules import NOBODY, Approver, has
from app.transaction import transaction


def set_staff(
    desk: Desk,
    number: str,
    *,
    name: str = "",
    role: str = "",
    pin: str = "",
    active: bool = True,
    approver: Approver = NOBODY,
) -> int:
    """Hire or change somebody; where in the journal it stands.

    Raises Refusal: approval_needed, and as `people.set_staff` does.
    """
    by = desk.allowed("staff", approver) or desk.person
    with transaction(desk.books, staff=desk.person) as tx:
        people.set_staff(tx, by, number=number, name=name, role=role, pin=pin, active=active)
        return tx.entries[-1].envelope.seq if tx.entries else 0


def unlock(desk: Desk, number: str, approver: Approver = NOBODY) -> None:
    """Give a locked number its tries back; nobody gives them to themselves.

    Raises Refusal: approval_needed, approver_same.
    """
    if number != desk.signed_in():
        by = desk.allowed("unlock_pin", approver) or desk.person
    elif approver and has(desk.approver_role(approver), "unlock_pin"):
        by = approver.number
    else:
        raise Refusal("approver_same")
    unlock_pin(desk.books, number, by=by)


def carry_pins(desk: Desk, folder: str, approver: Approver = NOBODY) -> Exchanged:
    """Bring PINs from till to till by a folder on a stick; the same act at each of them.

    Raises Refusal: approval_needed, handover_where; Trouble("handover_unread").
    """
    by = desk.allowed("staff", approver) or desk.person
    if not folder.strip():
        raise Refusal("handover_where")
    return exchange(desk.books, Path(folder.strip()), staff=desk.person, by=by)

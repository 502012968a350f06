"""Console commands of people, shifts, the drawer, X and Z."""

import logging

from app.errors import Refusal, ShopError
from app.facts.shifts import ShiftClosed, ShiftCounted
from app.journal.outbox import unsent
from app.messages import sentence
from app.money import parse_yuan, yuan
from app.sales import staffing
from app.sales.correcting import correct_tender as correct
from app.staff.people import change_own_pin
from app.staff.queries import listed, name_of
from app.text import clean
from ui.console import Answer, Commands, Seat
from ui.console_answers import positive, report_answer, tenders_answer
from ui.console_payments import open_ends
from ui.day_end import day_end

LOG = logging.getLogger(__name__)
PEOPLE = Commands()
command = PEOPLE.add
MOST_NOTES = 1_000_000


@command
def sign_in(seat: Seat, *, staff: str, pin: str) -> Answer:
    seat.desk.sign_in(staff, pin)
    return {"staff": {"staff": staff, "role": seat.desk.role, "name": seat.desk.name}}


@command
def sign_out(seat: Seat) -> Answer:
    with seat.books.read() as db:
        waits = unsent(db)
    seat.desk.sign_out()
    return {"staff": None} | ({"warning": sentence(waits)} if waits is not None else {})


@command
def unlock(seat: Seat, *, staff: str) -> Answer:
    staffing.unlock(seat.desk, staff, seat.approver)
    return {"staff": staff}


@command
def staff(
    seat: Seat,
    *,
    staff: str,
    name: str = "",
    role: str = "",
    pin: str = "",
    active: bool = True,
) -> Answer:
    version = staffing.set_staff(
        seat.desk, staff, name=name, role=role, pin=pin, active=active, approver=seat.approver
    )
    return {"staff": staff, "version": str(version)}


@command
def staff_list(seat: Seat) -> Answer:
    seat.desk.signed_in()
    with seat.books.read() as db:
        found = [
            {
                "staff": each.person,
                "name": name_of(db, seat.books.secrets, each.person),
                "role": each.role,
                "active": each.active,
                "locked": each.locked,
            }
            for each in listed(db, seat.books.shop)
        ]
    return {"people": found}


@command
def change_pin(seat: Seat, *, pin: str, new_pin: str) -> Answer:
    change_own_pin(seat.books, seat.desk.signed_in(), pin, new_pin)
    return {"staff": seat.desk.person}


@command
def carry_pins(seat: Seat, *, folder: str) -> Answer:
    """PINs go from till to till by a stick: the same at each of them, until nobody is behind."""
    done = staffing.carry_pins(seat.desk, folder, seat.approver)
    return {
        "came": list(done.came),
        "taken_from": list(done.taken),
        "written_for": list(done.written),
        "behind": list(done.behind),
        "card": done.card,
        "refused": [
            {"file": name, "code": why.code, "message": sentence(why)} for name, why in done.refused
        ],
    }


@command
def open_shift(seat: Seat, *, float_: str = "0") -> Answer:
    shift = seat.desk.open_shift(parse_yuan(float_))
    return {"shift": shift.shift, "day": shift.day, "float": yuan(shift.float_fen)}


@command
def close_shift(seat: Seat, *, counted: str | dict[str, int], reason: str = "") -> Answer:
    amount, notes = _counted(counted)
    closed = seat.desk.close_shift(amount, notes, reason, approver=seat.approver)
    return _count_answer(closed) | {"tenders": tenders_answer(closed.tenders)}


@command
def count_drawer(seat: Seat, *, counted: str | dict[str, int]) -> Answer:
    amount, notes = _counted(counted)
    made = seat.desk.count_drawer(amount, notes, approver=seat.approver)
    return {
        "staff": made.person,
        "expected": yuan(made.expected),
        "counted": yuan(made.counted),
        "difference": yuan(made.counted - made.expected),
    }


@command
def count_shift(
    seat: Seat, *, counted: str | dict[str, int], shift: str = "", reason: str = ""
) -> Answer:
    amount, notes = _counted(counted)
    late = seat.desk.count_shift(amount, notes, shift=shift, reason=reason, approver=seat.approver)
    return _count_answer(late) | {"day": late.day}


def _count_answer(fact: ShiftClosed | ShiftCounted) -> Answer:
    return {
        "shift": fact.shift,
        "expected": yuan(fact.expected),
        "counted": yuan(fact.counted),
        "difference": yuan(fact.counted - fact.expected),
        "confirmed": not fact.unconfirmed,
    }


def _counted(counted: str | dict[str, int]) -> tuple[int, dict[int, int]]:
    if isinstance(counted, str):
        return parse_yuan(counted), {}
    notes = _notes(counted)
    return sum(face * count for face, count in notes.items()), notes


def _notes(counted: dict[str, int]) -> dict[int, int]:
    """Face value in fen -> how many; the same note written in two ways adds up."""
    notes: dict[int, int] = {}
    for face, count in counted.items():
        if not 0 <= count <= MOST_NOTES:
            raise Refusal("bad_amount", text=f"{clean(face, most=20)} × {str(count)[:20]}")
        fen = positive(face)
        notes[fen] = notes.get(fen, 0) + count
    return notes


@command
def cash_in(seat: Seat, *, amount: str, reason: str, kind: str = "other") -> Answer:
    seat.desk.move_cash(positive(amount), reason, approver=seat.approver, kind=kind)
    return {}


@command
def cash_out(seat: Seat, *, amount: str, reason: str, kind: str = "other") -> Answer:
    seat.desk.move_cash(-positive(amount), reason, approver=seat.approver, kind=kind)
    return {}


@command
def open_drawer(seat: Seat, *, reason: str) -> Answer:
    seat.desk.open_drawer(reason, approver=seat.approver)
    return {}


@command
def correct_tender(
    seat: Seat, *, receipt: str, from_: str, to: str, reason: str, reference: str = ""
) -> Answer:
    fact = correct(
        seat.desk, receipt, from_, to, reason, reference=reference, approver=seat.approver
    )
    return {
        "receipt": fact.number,
        "from": fact.before,
        "to": fact.after,
        "amount": yuan(sum(fact.amounts)),
    }


@command
def x_report(seat: Seat) -> Answer:
    report = seat.desk.x_report()
    return report_answer(report, with_expected=seat.desk.sees_expected()) | open_ends(seat, report)


@command
def z_report(seat: Seat) -> Answer:
    closed, report = seat.desk.z_report(approver=seat.approver)
    try:
        day_end(seat.till, closed)
    except ShopError as error:
        # The day is closed; only its file is missing, as at the window.
        LOG.warning("the day's report was not written: %s", error)
    return report_answer(report, with_expected=True) | open_ends(seat, report)

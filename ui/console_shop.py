"""Console commands of the shop behind the counter: papers, settings, people, journal, clock."""

import json
from typing import Annotated

from msgspec import Meta

from app.clock import SettableClock, iso, parse_time
from app.errors import Refusal
from app.journal.read import content_of, entries
from app.reports.tasks import tasks as open_tasks
from app.reports.tasks import unsettled_jobs
from app.staff.recovery import unlock_with_recovery_code
from app.staff.rules import may
from app.text import clean
from printers.devices.virtual_carrier import Fault, VirtualCarrier
from ui.console import Answer, Commands, Seat
from ui.settling import settle

SHOP = Commands()
command = SHOP.add
PRINTER_FAULTS: tuple[Fault, ...] = ("paper_out", "silent_printer", "cover_open", "unplugged")
MOST_ENTRIES = 10_000
EARLIEST_MS = parse_time("2000-01-01T00:00:00+08:00")
LATEST_MS = parse_time("2100-01-01T00:00:00+08:00")
NEVER = 2**63
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[int, Meta(ge=0, le=10**9)]


@command
def print_queue(seat: Seat) -> Answer:
    with seat.books.read() as db:
        left = unsettled_jobs(db)
    return {
        "jobs": [
            {
                "job": job.id,
                "printer": job.printer,
                "kind": job.kind,
                "title": job.title,
                "state": job.state,
                "detail": job.detail or _waits_for(seat, job.printer),
            }
            for job in left
        ]
    }


def _waits_for(seat: Seat, printer: str) -> str:
    spool = seat.till.devices.spools.get(printer)
    return spool.reason if spool else ""


@command
def print_resolve(seat: Seat, *, job: str, answer: str) -> Answer:
    settle(seat.till, f"print:{job}", answer)
    return {"job": job}


@command
def peripherals(seat: Seat) -> Answer:
    devices = seat.till.devices
    return {
        "display": [
            {"lamp": shown.lamp, "amount": shown.amount}
            for shown in getattr(devices.display, "rows", [])[-20:]
        ],
        "drawer_pulses": sum(
            getattr(carrier, "drawer_pulses", 0) for carrier in devices.carriers.values()
        ),
        "printers": {
            name: getattr(carrier, "last_rows", []) for name, carrier in devices.carriers.items()
        },
    }


@command
def fault(seat: Seat, *, what: str, on: bool = True) -> Answer:
    if not seat.till.opened.demo:
        raise Refusal("demo_only")
    if what == "disk_full":
        seat.till.practise_full_disk(on)
    elif what == "channel_cut":
        seat.till.channels.cut = on
    elif what == "hub_cut":
        seat.till.hub.cut = on
    elif fault_ := next((known for known in PRINTER_FAULTS if known == what), None):
        carriers = seat.till.devices.carriers.values()
        virtual = [carrier for carrier in carriers if isinstance(carrier, VirtualCarrier)]
        if not virtual:
            # A printer of metal has its faults by itself.
            raise Refusal("unknown_fault", what=what)
        for carrier in virtual:
            carrier.fault(fault_, on)
        for spool in seat.till.devices.spools.values():
            spool.poke()
    else:
        raise Refusal("unknown_fault", what=clean(what, most=40))
    return {}


@command
def journal(seat: Seat, *, from_: Seq = 1, to: Seq = 0) -> Answer:
    with seat.books.read() as db:
        head, _, _ = seat.books.journal.head(db)
        last = min(to or head, head)
        rows = entries(db, seat.books.journal.id, from_, min(last, from_ + MOST_ENTRIES - 1))
        # That the chain holds is everybody's; who did what is for those who look into it.
        sees = may(seat.desk.role, "audit")
        found = [
            {
                "seq": row.seq,
                "kind": row.kind,
                "hash": row.hash,
                "time": iso(row.wall_ms),
                "staff": row.staff if sees or row.staff == seat.desk.person else "",
            }
            for row in rows
        ]
    return {"journal": seat.books.journal.id, "head": head, "entries": found}


@command
def entry(seat: Seat, *, seq: Seq) -> Answer:
    seat.desk.allowed("audit", approver=seat.approver)
    with seat.books.read() as db:
        content = content_of(db, seat.books.journal.id, seq)
    if content is None:
        raise Refusal("unknown_entry", seq=seq)
    return {"entry": json.loads(content)}


@command
def tasks(seat: Seat) -> Answer:
    now_ms = seat.books.clock.wall_ms()
    with seat.books.read() as db:
        skew_ms = seat.books.journal.guard.skew_ms()
        found = open_tasks(db, seat.books.shop, now_ms, skew_ms)
    return {
        "tasks": [
            {
                "task": task.id,
                "kind": task.kind,
                "words": task.words,
                "owner": task.owner,
                "since": iso(task.since_ms),
                "answers": list(task.answers),
            }
            for task in found
        ]
    }


@command
def settle_task(seat: Seat, *, task: str, answer: str = "") -> Answer:
    settle(seat.till, task, answer, seat.approver)
    return {"task": task}


@command
def shop(seat: Seat, *, set_: dict[str, str] | None = None) -> Answer:
    if set_:
        seat.desk.change_settings(set_, approver=seat.approver)
    return {"settings": dict(seat.desk.settings)}


@command
def recover(seat: Seat, *, staff: str, code: str, pin: str) -> Answer:
    unlock_with_recovery_code(seat.books, staff, code, pin)
    return {"staff": staff}


@command
def confirm_clock(seat: Seat) -> Answer:
    seat.desk.confirm_clock()
    return {"now": iso(seat.books.clock.wall_ms())}


@command
def clock(seat: Seat, *, now: str) -> Answer:
    moved = _time(now) - _settable(seat).wall_ms()
    if moved >= 0:
        return _let_pass(seat, moved)
    # Time does not run backwards: this is somebody who turned the machine's clock.
    _settable(seat).jump_wall(moved)
    return {"now": iso(_settable(seat).wall_ms())}


@command
def wait(seat: Seat, *, seconds: Seconds = 0, until: str = "") -> Answer:
    now_ms = _settable(seat).wall_ms()
    moved = _time(until) - now_ms if until else seconds * 1000
    if moved < 0 or now_ms + moved > LATEST_MS:
        raise Refusal("bad_time", text=clean(until, most=40) or str(seconds))
    return _let_pass(seat, moved)


def _time(text: str) -> int:
    """A moment between 2000 and 2100; beyond them no calendar here is tested."""
    if not EARLIEST_MS <= (moment := parse_time(text)) <= LATEST_MS:
        raise Refusal("bad_time", text=clean(text, most=40))
    return moment


def _settable(seat: Seat) -> SettableClock:
    if seat.clock is None:
        raise Refusal("clock_not_settable")
    return seat.clock


def _next_due(*moments: int | None) -> int:
    """The earliest of several moments, None among them is never."""
    return min((each for each in moments if each is not None), default=NEVER)


def _let_pass(seat: Seat, milliseconds: int) -> Answer:
    """Move time on; what falls due on the way is done when it falls due."""
    devices, payments, clock = seat.till.devices, seat.till.payments, _settable(seat)
    invoices = seat.till.invoices
    end = clock.monotonic_ms() + milliseconds
    devices.step()
    payments.settle()
    invoices.step()
    while (due := _next_due(payments.next_due(), invoices.next_due())) <= end:
        clock.advance(max(due - clock.monotonic_ms(), 0))
        payments.settle()
        invoices.step()
        devices.step()
    clock.advance(end - clock.monotonic_ms())
    seat.counter.reprice()
    if seat.desk.person and seat.desk.shift:
        # The cut-off hour may have passed on the way.
        seat.desk.in_shift()
    devices.step()
    return {"now": iso(clock.wall_ms())}

"""Console commands of the shop behind the counter: catalogue, stock, papers, settings, clock."""

from app.catalogue import search
from app.clock import iso, parse_time
from app.errors import Refusal
from app.journal.read import entries
from app.print_queue import PrintQueue
from app.quantity import shown
from app.reports.tasks import tasks as open_tasks
from app.sales.unsure import resolve_print
from app.shop.actions import change_settings
from app.staff.actions import set_person
from app.stock.queries import lots_on_shelf, quantity_on_hand
from app.transaction import transaction
from ui.console import Answer, Commands, Seat
from ui.console_answers import product_answer

SHOP = Commands()
command = SHOP.add
PRINTER_FAULTS = ("paper_out", "silent_printer", "cover_open", "unplugged")


@command
def find(seat: Seat, *, text: str) -> Answer:
    with seat.books.read() as db:
        found = search.find(db, seat.books.shop, text)
    return {"products": [product_answer(product) for product in found]}


@command
def stock(seat: Seat, *, product: str) -> Answer:
    one = seat.counter.product(product)
    weighed = bool(one.weighed)
    with seat.books.read() as db:
        lots = lots_on_shelf(db, seat.books.shop, product)
        total = quantity_on_hand(db, seat.books.shop, product)
    return {
        "product": product,
        "on_hand": shown(total, weighed=weighed),
        "lots": [
            {"lot": lot.lot, "batch": lot.batch, "on_hand": shown(lot.quantity, weighed=weighed)}
            for lot in lots
        ],
    }


@command
def print_queue(seat: Seat) -> Answer:
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
            for job in PrintQueue(seat.books).open_jobs()
        ]
    }


def _waits_for(seat: Seat, printer: str) -> str:
    spool = seat.till.devices.spools.get(printer)
    return spool.reason if spool else ""


@command
def print_resolve(seat: Seat, *, job: str, answer: str) -> Answer:
    resolve_print(seat.books, job, answer, person=seat.desk.signed_in())
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
    elif what in PRINTER_FAULTS:
        for carrier in seat.till.devices.carriers.values():
            carrier.fault(what, on)  # type: ignore[attr-defined]
        for spool in seat.till.devices.spools.values():
            spool.poke()
    else:
        raise Refusal("unknown_fault", what=what[:40])
    return {}


@command
def journal(seat: Seat, *, from_: int = 1, to: int = 0) -> Answer:
    with seat.books.read() as db:
        last = to or from_ + 999
        return {
            "entries": [
                {
                    "seq": row.seq,
                    "kind": row.kind,
                    "hash": row.hash,
                    "time": iso(row.wall_ms),
                    "staff": row.staff,
                }
                for row in entries(db, seat.books.journal.id, from_, min(last, from_ + 9_999))
            ]
        }


@command
def tasks(seat: Seat) -> Answer:
    now_ms = seat.books.clock.wall_ms()
    with seat.books.read() as db:
        found = open_tasks(db, seat.books.shop, now_ms)
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
    kind, _, name = task.partition(":")
    if kind == "print":
        resolve_print(seat.books, name, answer, person=seat.desk.signed_in())
        return {"task": task}
    raise Refusal("task_elsewhere" if kind in ("stock", "held", "pin") else "unknown_task")


@command
def shop(seat: Seat, *, set_: dict[str, str] | None = None) -> Answer:
    if set_:
        seat.desk.allowed("settings", approver=seat.approver)
        with transaction(seat.books, staff=seat.desk.person) as tx:
            change_settings(tx, set_)
        seat.desk.reload()
    return {"settings": dict(seat.desk.settings)}


@command
def staff(seat: Seat, *, staff: str, name: str = "", role: str = "cashier", pin: str) -> Answer:
    seat.desk.allowed("staff", approver=seat.approver)
    with transaction(seat.books, staff=seat.desk.person) as tx:
        set_person(tx, number=staff, name=name, role=role, pin=pin)
    return {"staff": staff}


@command
def confirm_clock(seat: Seat) -> Answer:
    seat.desk.confirm_clock()
    return {"now": iso(seat.books.clock.wall_ms())}


@command
def clock(seat: Seat, *, now: str) -> Answer:
    moved = parse_time(now) - _settable(seat).wall_ms()
    if moved >= 0:
        return _let_pass(seat, moved)
    _settable(seat).jump_wall(moved)
    return {"now": iso(_settable(seat).wall_ms())}


@command
def wait(seat: Seat, *, seconds: int = 0, until: str = "") -> Answer:
    moved = parse_time(until) - _settable(seat).wall_ms() if until else seconds * 1000
    if moved < 0:
        raise Refusal("bad_time", text=until[:40])
    return _let_pass(seat, moved)


def _settable(seat: Seat):  # type: ignore[no-untyped-def]
    if seat.clock is None:
        raise Refusal("clock_not_settable")
    return seat.clock


def _let_pass(seat: Seat, milliseconds: int) -> Answer:
    """Move time on; papers that waited get their chance on the way."""
    devices = seat.till.devices
    devices.step()
    _settable(seat).advance(milliseconds)
    devices.step()
    return {"now": iso(_settable(seat).wall_ms())}

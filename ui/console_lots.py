"""Console commands about recalls."""

from app.clock import iso
from app.errors import Refusal
from app.members.queries import masked
from app.money import yuan
from app.quantity import parse_quantity, shown
from app.reports.ending_lots import ending_lots
from app.reports.recalls import Bought, RecallSeen, recalls_seen
from app.stock.recalls import Recall, end_recall, open_recalls, put_away, recall_lots
from app.transaction import transaction
from ui.console import Answer, Commands, Seat

LOTS = Commands()
command = LOTS.add


@command
def recall(
    seat: Seat, *, product: str = "", lots: list[str] | None = None, level: str = "1",
    number: str = "", end: str = "",
) -> Answer:  # fmt: skip
    """Batches of a product are recalled; `end` names a recall that is over."""
    seat.desk.signed_in()
    seat.desk.allowed("recall", seat.approver)
    if end:
        one = _open(seat, end)
        with transaction(seat.books, staff=seat.desk.person) as tx:
            end_recall(tx, one, person=seat.desk.person)
        return {"recall": one.recall, "ended": True}
    found = seat.counter.product(product)
    with transaction(seat.books, staff=seat.desk.person) as tx:
        made = recall_lots(
            tx, found.code, lots or [], level=level, number=number, person=seat.desk.person
        )
    return {"recall": made, "version": made, "number": _open(seat, made).number}


@command
def recalls(seat: Seat) -> Answer:
    seat.desk.signed_in()
    with seat.books.read() as db:
        seen = recalls_seen(db, seat.books.shop)
    return {"recalls": [_answer(seat, each) for each in seen]}


@command
def near_expiry(seat: Seat) -> Answer:
    """Lots that end soon by the rule for their kind of goods, or ended, still on the books."""
    seat.desk.signed_in()
    with seat.books.read() as db:
        found = ending_lots(db, seat.books.shop, seat.desk.today)
    return {
        "lots": [
            {
                "product": each.product,
                "name": each.name,
                "lot": each.batch or each.lot,
                "expires": each.expires,
                "days": each.days,
                "place": each.place,
                "quantity": shown(each.quantity, weighed=each.weighed),
            }
            for each in found
        ]
    }


@command
def recall_found(seat: Seat, *, recall: str, lot: str, quantity: str) -> Answer:
    seat.desk.signed_in()
    seat.desk.allowed("recall_found", seat.approver)
    one = _open(seat, recall)
    weighed = bool(seat.counter.product(one.product).weighed)
    with transaction(seat.books, staff=seat.desk.person) as tx:
        taken = put_away(
            tx, one, lot, parse_quantity(quantity, weighed=weighed), person=seat.desk.person
        )
    return {
        "recall": one.recall,
        "held": [
            {"lot": each.batch or each.lot, "from": each.place,
             "quantity": shown(each.quantity, weighed=weighed)}
            for each in taken
        ],
    }  # fmt: skip


def _open(seat: Seat, wanted: str) -> Recall:
    with seat.books.read() as db:
        for each in open_recalls(db, seat.books.shop):
            if wanted in (each.recall, each.number):
                return each
    raise Refusal("unknown_recall", text=wanted[:40])


def _answer(seat: Seat, seen: RecallSeen) -> Answer:
    one = seen.recall
    product = seat.counter.product(one.product)
    weighed = bool(product.weighed)
    certain = [each for each in seen.receipts if each.certain]
    possible = [each for each in seen.receipts if not each.certain]
    return {
        "recall": one.recall,
        "number": one.number,
        "product": one.product,
        "name": product.name,
        "lots": list(one.batches),
        "level": one.level,
        "since": iso(one.order_ms),
        "on_shelf": shown(seen.on_shelf, weighed=weighed),
        "held": shown(seen.in_quarantine, weighed=weighed),
        "found": shown(seen.found, weighed=weighed),
        "certain": [_receipt(seat, each, weighed) for each in certain],
        "possible": [_receipt(seat, each, weighed) for each in possible],
        "exposure": yuan(sum(each.paid for each in seen.receipts)),
    }


def _receipt(seat: Seat, each: Bought, weighed: bool) -> Answer:
    return {
        "receipt": each.number,
        "day": each.day,
        "quantity": shown(each.quantity, weighed=weighed),
        "paid": yuan(each.paid),
        "member": _masked(seat, each.member),
    }


def _masked(seat: Seat, member: str) -> str | None:
    """The member's phone with its middle hidden: nobody is named in a list."""
    if not member:
        return None
    with seat.books.read() as db:
        known = masked(db, seat.books.secrets, seat.books.shop, member)
    return known.phone if known else None

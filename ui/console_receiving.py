"""Console commands of goods that come in: announced, received, given up."""

from pathlib import Path
from typing import Any

import msgspec

from app.clock import iso
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.stock import SentLine
from app.quantity import parse_quantity, shown
from app.stock.costs import cost_shown, parse_cost
from app.stock.dispatches import Dispatch, OnItsWay, dispatches
from app.stock.photos import read_photo
from app.stock.receiving import Delivery, Receiving
from app.stock.receiving_rules import Look, Wanted, iso_date, level_of, temperature_of
from app.text import clean
from ui.console import Answer, Commands, Seat

RECEIVING = Commands()
command = RECEIVING.add


class Received(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line of `receive`: cost in yuan per unit, tax included, at most four decimals."""

    product: str
    quantity: str
    cost: str
    lot: str = ""
    made: str = ""
    expires: str = ""
    certificate: str = ""
    village: str = ""
    report: str = ""
    level: str = ""
    floor: str = ""
    reason: str = ""
    box: str = ""
    place: str = "shelf"


def receiving(seat: Seat) -> Receiving:
    """The room, for whoever sits here."""
    return Receiving(seat.desk, lambda one: seat.counter.shown(one).price)


@command
def receive(
    seat: Seat,
    *,
    lines: list[Received],
    supplier: str = "",
    dispatch: str = "",
    approval_no: str = "",
    temperature: str = "",
    photos: list[str] | None = None,
) -> Answer:
    # Whoever may not receive learns that before anything about the lines.
    seat.desk.allowed("receive", approver=seat.approver)
    delivery = Delivery(
        lines=tuple(_wanted(seat, each) for each in lines),
        supplier=clean(supplier, most=60),
        dispatch=clean(dispatch, most=60),
        approval_no=clean(approval_no, most=40),
        temperature=temperature_of(temperature),
        photos=tuple(read_photo(Path(each)) for each in photos or ()),
    )
    done = receiving(seat).receive(delivery, seat.approver)
    looks = zip(done.lines, done.looks, strict=True)
    return {
        "document": done.document,
        "number": done.number,
        "lines": [
            {
                "line": line.line,
                "product": line.product,
                "lot": line.batch or line.lot,
                "lot_id": line.lot,
                "quantity": _shown(seat, line.product, line.quantity),
                "expected": _shown(seat, line.product, line.expected) if line.expected >= 0 else "",
                "reason": line.reason,
                **_look(look),
            }
            for line, look in looks
        ],
        "warnings": sorted({word for look in done.looks for word in look.warnings}),
        "in_transit": [_on_its_way(seat, each) for each in done.rest],
    }


@command
def expect(
    seat: Seat, *, dispatch: str, lines: list[Received], supplier: str = "", waybill: str = ""
) -> Answer:
    seat.desk.allowed("receive", approver=seat.approver)
    supplier = clean(supplier, most=60)
    announced = [_sent(n, _wanted(seat, each), seat, supplier) for n, each in enumerate(lines, 1)]
    found = receiving(seat).announce(
        announced,
        number=clean(dispatch, most=60),
        supplier=supplier,
        waybill=clean(waybill, most=60),
        approver=seat.approver,
    )
    return _dispatch(seat, found)


@command
def expected(seat: Seat, *, all_: bool = False) -> Answer:
    seat.desk.signed_in()
    with seat.books.read() as db:
        found = dispatches(db, seat.books.shop, open_only=not all_)
    return {"dispatches": [_dispatch(seat, each) for each in found]}


@command
def give_up(seat: Seat, *, dispatch: str, reason: str) -> Answer:
    """Nobody waits for the rest of a dispatch any longer."""
    reason = clean(reason, most=40)
    return _dispatch(seat, receiving(seat).give_up(dispatch, reason, seat.approver))


def _wanted(seat: Seat, line: Received) -> Wanted:
    code = clean(line.product, most=40)
    one = seat.counter.product(code)
    if one.kind != "goods":
        raise Refusal("not_goods", name=one.name)
    return Wanted(
        product=one.code,
        quantity=parse_quantity(line.quantity, weighed=bool(one.weighed)),
        unit_cost=parse_cost(line.cost),
        batch=clean(line.lot, most=40),
        made=iso_date(line.made),
        expires=iso_date(line.expires),
        certificate=clean(line.certificate, most=80).strip(),
        village=clean(line.village, most=40),
        report=clean(line.report, most=80),
        level=level_of(line.level),
        floor=parse_cost(line.floor) if line.floor.strip() else 0,
        reason=clean(line.reason, most=40),
        box=clean(line.box, most=40),
        place=line.place,
    )


def _sent(n: int, line: Wanted, seat: Seat, supplier: str) -> SentLine:
    return SentLine(
        line=n,
        product=line.product,
        lot=seat.books.ids.new(),
        place=line.place,
        quantity=line.quantity,
        unit_cost=line.unit_cost,
        batch=line.batch,
        made=line.made,
        expires=line.expires,
        certificate=line.certificate,
        village=line.village,
        report=line.report,
        level=line.level,
        floor=line.floor,
        supplier=supplier,
        box=line.box,
    )


def _shown(seat: Seat, product: str, quantity: int) -> str:
    one: Product = seat.counter.product(product)
    return shown(quantity, weighed=bool(one.weighed))


def _look(look: Look) -> dict[str, Any]:
    return {
        "cost_before": cost_shown(look.cost_before) if look.cost_before else "",
        "cost_change": _percent(look.change) if look.cost_before else "",
        "margin": _percent(look.margin),
        "warnings": list(look.warnings),
    }


def _percent(permille: int) -> str:
    sign, size = ("-" if permille < 0 else ""), abs(permille)
    return f"{sign}{size // 10}.{size % 10}"


def _on_its_way(seat: Seat, each: OnItsWay) -> Answer:
    line = each.line
    return {
        "product": line.product,
        "lot": line.batch or line.lot,
        "box": line.box,
        "expected": _shown(seat, line.product, line.quantity),
        "came": _shown(seat, line.product, each.came),
        "given_up": _shown(seat, line.product, each.given_up),
        "in_transit": _shown(seat, line.product, each.rest),
    }


def _dispatch(seat: Seat, found: Dispatch) -> Answer:
    return {
        "document": found.document,
        "dispatch": found.number,
        "source": found.source,
        "supplier": found.supplier,
        "waybill": found.waybill,
        "time": iso(found.order_ms),
        "open": found.open,
        "lines": [_on_its_way(seat, each) for each in found.lines],
    }

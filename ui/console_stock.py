"""Console commands of what is there: stock and lots, changed, moved, sent to another shop."""

from pathlib import Path
from typing import Any

import msgspec

from app.facts.catalogue import Product
from app.facts.stock import AdjustedLine, ArrivedLine, MovedLine, SentLine
from app.money import yuan
from app.quantity import parse_quantity, shown
from app.reports.lots import batches
from app.stock.costs import cost_shown, value_of
from app.stock.dispatches import OnItsWay, Sent
from app.stock.keeping import Carry, Change, Keeping
from app.stock.papers import TRANSFER_CODE
from app.stock.photos import read_photo
from app.stock.transfer_files import TransferFiles
from app.stock.transfers import Came, Parcel, Transfers
from app.text import clean
from ui.console import Answer, Commands, Seat

STOCK = Commands()
command = STOCK.add


class Adjusted(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line of `adjust`: minus for what is gone."""

    product: str
    quantity: str
    reason: str
    lot: str = ""
    place: str = "shelf"


class Moving(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}):
    """One line of `move`."""

    product: str
    quantity: str
    from_: str
    to: str
    lot: str = ""


class Sending(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line of `transfer_out`."""

    product: str
    quantity: str
    lot: str = ""
    place: str = "shelf"
    box: str = ""


class Coming(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line of `transfer_in`: what came of it."""

    product: str
    quantity: str
    lot: str = ""
    reason: str = ""
    place: str = "shelf"


@command
def adjust(
    seat: Seat,
    *,
    lines: list[Adjusted],
    beneficiary: str = "",
    approval_no: str = "",
    photos: list[str] | None = None,
) -> Answer:
    changes = [
        Change(
            product=_goods(seat, each.product).code,
            quantity=_signed(each.quantity, _goods(seat, each.product)),
            reason=each.reason,
            lot=clean(each.lot, most=40),
            place=each.place,
        )
        for each in lines
    ]
    done = Keeping(seat.desk).adjust(
        changes,
        beneficiary=clean(beneficiary, most=60),
        approval_no=clean(approval_no, most=40),
        photos=[read_photo(Path(each)) for each in photos or ()],
        approver=seat.approver,
    )
    return {
        "document": done.document,
        "number": done.number,
        "lines": [_adjusted(seat, line) for line in done.lines],
        "value": yuan(done.value),
        "warnings": [{"negative_stock": product} for product in done.negative],
    }


@command
def move(seat: Seat, *, lines: list[Moving], reason: str = "") -> Answer:
    carries = [
        Carry(
            product=_goods(seat, each.product).code,
            quantity=_quantity(each.quantity, _goods(seat, each.product)),
            source=each.from_,
            target=each.to,
            lot=clean(each.lot, most=40),
        )
        for each in lines
    ]
    done = Keeping(seat.desk).move(carries, reason=clean(reason, most=40), approver=seat.approver)
    return {
        "document": done.document,
        "number": done.number,
        "lines": [_moved(seat, line) for line in done.lines],
        "warnings": [{"negative_stock": product} for product in done.negative],
    }


@command
def transfer_out(
    seat: Seat, *, to: str, lines: list[Sending], waybill: str = "", file: str = ""
) -> Answer:
    parcels = [
        Parcel(
            product=_goods(seat, each.product).code,
            quantity=_quantity(each.quantity, _goods(seat, each.product)),
            lot=clean(each.lot, most=40),
            place=each.place,
            box=clean(each.box, most=40),
        )
        for each in lines
    ]
    done = Transfers(seat.desk).send(
        to, parcels, waybill=clean(waybill, most=60), approver=seat.approver
    )
    if file:
        TransferFiles(seat.desk).export(done.document, Path(file))
    return {
        "document": done.document,
        "number": done.number,
        "code": TRANSFER_CODE + done.document,
        "file": file,
        "lines": [_sent(seat, line) for line in done.lines],
    }


@command
def transfer_in(
    seat: Seat,
    *,
    document: str = "",
    lines: list[Coming] | None = None,
    file: str = "",
    temperature: str = "",
    new_key: bool = False,
    photos: list[str] | None = None,
) -> Answer:
    if file:
        taken = TransferFiles(seat.desk).take_in(
            Path(file), new_key=new_key, approver=seat.approver
        )
        document = document or taken.dispatch.document
    came = None
    if lines is not None:
        came = [
            Came(
                product=_goods(seat, each.product).code,
                quantity=_came(each.quantity, _goods(seat, each.product)),
                lot=clean(each.lot, most=40),
                reason=clean(each.reason, most=40),
                place=each.place,
            )
            for each in lines
        ]
    done = Transfers(seat.desk).arrive(
        document.removeprefix(TRANSFER_CODE),
        came,
        temperature=temperature,
        photos=[read_photo(Path(each)) for each in photos or ()],
        approver=seat.approver,
    )
    return {
        "document": done.document,
        "number": done.number,
        "lines": [_arrived(seat, line) for line in done.lines],
        "in_transit": [_on_its_way(seat, each) for each in done.rest],
    }


@command
def transfer_import(seat: Seat, *, file: str, new_key: bool = False) -> Answer:
    """Another shop's transfer is expected here from now on."""
    done = TransferFiles(seat.desk).take_in(Path(file), new_key=new_key, approver=seat.approver)
    found = done.dispatch
    return {
        "document": found.document,
        "number": found.number,
        "from": found.source,
        "new_key": done.new_key,
        "lines": [_on_its_way(seat, each) for each in found.lines],
    }


@command
def transfer_export(seat: Seat, *, document: str, file: str) -> Answer:
    """A transfer we sent, or what came of one, as a sealed file for the other shop."""
    done = TransferFiles(seat.desk).export(document.removeprefix(TRANSFER_CODE), Path(file))
    return {"file": file, "entries": len(done.entries)}


@command
def transfer_status(seat: Seat, *, document: str = "", file: str = "", lost: str = "") -> Answer:
    """What is known of goods we sent; `file` is what the other shop says, `lost` a reason to wait
    no longer."""
    seat.desk.signed_in()
    files = TransferFiles(seat.desk)
    if file:
        found = files.learn(Path(file), seat.approver)
    elif lost:
        found = files.write_off(document, clean(lost, most=40), seat.approver)
    else:
        found = files.sent(document)
    return {"lines": [_status(seat, each) for each in found]}


# --- Words ------------------------------------------------------------------------------------


def _goods(seat: Seat, code: str) -> Product:
    return seat.counter.product(clean(code, most=40))


def _quantity(text: str, one: Product) -> int:
    return parse_quantity(text, weighed=bool(one.weighed))


def _signed(text: str, one: Product) -> int:
    bare = text.strip().removeprefix("+").removeprefix("-").removeprefix("\N{MINUS SIGN}")
    sign = -1 if text.strip()[:1] in ("-", "\N{MINUS SIGN}") else 1
    return sign * _quantity(bare, one)


def _came(text: str, one: Product) -> int:
    """What came may be nothing at all."""
    return 0 if text.strip() in ("0", "0.0", "0.000") else _quantity(text, one)


def _lot(seat: Seat, lot: str) -> str:
    """What is printed on a lot, else its id."""
    with seat.books.read() as db:
        return batches(db, seat.books.shop, [lot]).get(lot, lot) if lot else ""


def _shown(seat: Seat, product: str, quantity: int) -> str:
    return shown(quantity, weighed=bool(_goods(seat, product).weighed))


def _adjusted(seat: Seat, line: AdjustedLine) -> dict[str, Any]:
    return {
        "line": line.line,
        "product": line.product,
        "lot": _lot(seat, line.lot),
        "lot_id": line.lot,
        "place": line.place,
        "quantity": _shown(seat, line.product, line.quantity),
        "reason": line.reason,
        "cost": cost_shown(line.unit_cost),
        "value": yuan(value_of(line.quantity, line.unit_cost)),
    }


def _moved(seat: Seat, line: MovedLine) -> dict[str, Any]:
    return {
        "product": line.product,
        "lot": _lot(seat, line.lot),
        "lot_id": line.lot,
        "quantity": _shown(seat, line.product, line.quantity),
        "from": line.source,
        "to": line.target,
    }


def _sent(seat: Seat, line: SentLine) -> dict[str, Any]:
    return {
        "line": line.line,
        "product": line.product,
        "lot": line.batch or line.lot,
        "lot_id": line.lot,
        "quantity": _shown(seat, line.product, line.quantity),
        "expires": line.expires,
        "certificate": line.certificate,
        "cost": cost_shown(line.unit_cost),
        "box": line.box,
    }


def _arrived(seat: Seat, line: ArrivedLine) -> dict[str, Any]:
    difference = line.quantity - line.sent.quantity
    return _sent(seat, line.sent) | {
        "quantity": _shown(seat, line.sent.product, line.quantity),
        "sent": _shown(seat, line.sent.product, line.sent.quantity),
        "difference": _shown(seat, line.sent.product, difference),
        "reason": line.reason,
    }


def _on_its_way(seat: Seat, each: OnItsWay) -> dict[str, Any]:
    return _sent(seat, each.line) | {
        "came": _shown(seat, each.line.product, each.came),
        "in_transit": _shown(seat, each.line.product, each.rest),
    }


def _status(seat: Seat, each: Sent) -> dict[str, Any]:
    return {
        "document": each.document,
        "number": each.number,
        "to": each.target,
        "product": each.product,
        "lot": _lot(seat, each.lot),
        "lot_id": each.lot,
        "sent": _shown(seat, each.product, each.quantity),
        "arrived": _shown(seat, each.product, each.arrived),
        "lost": _shown(seat, each.product, each.lost),
        "in_transit": _shown(seat, each.product, each.rest),
    }

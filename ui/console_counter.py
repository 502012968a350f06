"""Console commands of the counter: basket, money, receipts."""

from typing import Any

from app.clock import iso
from app.errors import Refusal
from app.money import parse_yuan, yuan
from app.pricing.rules import Discount, parse_percent_off
from app.reports.lots import batches
from app.sales.counter import Scan
from app.sales.documents import RefundReceipt
from app.sales.held_elsewhere import held_elsewhere, held_there, names_in
from app.sales.paying import net
from app.sales.queries import find_receipts
from app.sales.refund_queries import sale_numbers_by
from printers.layout import lay_out
from printers.plain import plain_rows
from ui.console import Answer, Commands, Seat
from ui.console_answers import (
    basket_answer,
    known_answer,
    lots_of_receipt,
    positive,
    question_answer,
    receipt_answer,
    refund_answer,
)
from ui.console_payments import charged

COUNTER = Commands()
command = COUNTER.add


def _basket(seat: Seat, **more: Any) -> Answer:
    return {**more, "basket": basket_answer(seat.counter)}


# --- The basket --------------------------------------------------------------------------------


@command
def scan(seat: Seat, *, code: str) -> Answer:
    done = seat.counter.scan(code)
    charge = seat.counter.open_attempt() if done.kind == "payment_code" else None
    if charge is not None:
        return {"kind": done.kind, **charged(seat, charge.attempt)}
    return _scanned(seat, done)


def _scanned(seat: Seat, done: Scan) -> Answer:
    more: Answer = {"kind": done.kind}
    if done.line:
        more["line"] = done.line
    if done.receipt:
        more["receipt"] = done.receipt
    if done.question:
        more["question"] = question_answer(done.question)
    return _basket(seat, **more)


@command
def add(seat: Seat, *, product: str, quantity: str = "") -> Answer:
    return _scanned(seat, seat.counter.add(product, quantity))


@command
def set_quantity(seat: Seat, *, line: int, quantity: str) -> Answer:
    seat.counter.set_quantity(line, quantity, approver=seat.approver)
    return _basket(seat)


@command
def remove(seat: Seat, *, line: int) -> Answer:
    seat.counter.remove(line, approver=seat.approver)
    return _basket(seat)


@command
def answer(seat: Seat, *, question: str, value: str) -> Answer:
    return _scanned(seat, seat.counter.answer(question, value))


@command
def override_price(seat: Seat, *, line: int, price: str, reason: str = "") -> Answer:
    seat.counter.reduce(line, price=parse_yuan(price), reason=reason, approver=seat.approver)
    return _basket(seat)


@command
def discount(
    seat: Seat, *, line: int = 0, percent: str = "", amount: str = "", reason: str = ""
) -> Answer:
    if bool(percent) == bool(amount):
        raise Refusal("bad_discount", text="")
    decided = (
        Discount(permille=parse_percent_off(percent))
        if percent
        else Discount(amount=positive(amount))
    )
    seat.counter.reduce(line, discount=decided, reason=reason, approver=seat.approver)
    return _basket(seat)


@command
def hold(seat: Seat, *, name: str = "") -> Answer:
    seat.counter.hold(name)
    return {"held": _held(seat)}


@command
def held(seat: Seat) -> Answer:
    with seat.books.read() as db:
        elsewhere = [
            {
                "id": each.basket,
                "till": each.till,
                "due": yuan(each.amount),
                "time": iso(each.held_ms),
                "names": names_in(held_there(db, each)),
            }
            for each in held_elsewhere(db, seat.books.shop, seat.books.till)
        ]
    return {"held": _held(seat), "elsewhere": elsewhere, "known": known_answer(seat.books)}


def _held(seat: Seat) -> list[Answer]:
    return [
        {
            "id": each.id,
            "name": each.name,
            "pieces": str(each.basket.pieces),
            "due": yuan(net(each.basket)),
            "time": iso(each.held_ms),
        }
        for each in seat.counter.held()
    ]


@command
def resume(seat: Seat, *, id_: str = "") -> Answer:
    seat.counter.resume(id_)
    return _basket(seat)


@command
def basket(seat: Seat) -> Answer:
    return _basket(seat)


@command
def cancel_basket(seat: Seat, *, reason: str = "") -> Answer:
    seat.counter.cancel(reason)
    return _basket(seat)


# --- Money -------------------------------------------------------------------------------------


@command
def checkout(seat: Seat) -> Answer:
    seat.counter.checkout()
    return _basket(seat)


@command
def back(seat: Seat) -> Answer:
    seat.counter.back()
    return _basket(seat)


# --- Receipts ----------------------------------------------------------------------------------


@command
def receipt(seat: Seat, *, number: str = "") -> Answer:
    found = seat.counter.receipts.document(number)
    rows = plain_rows(lay_out(seat.counter.receipts.paper(found), 48))
    if isinstance(found, RefundReceipt):
        return {"receipt": refund_answer(found, rows)}
    with seat.books.read() as db:
        names = batches(db, seat.books.shop, lots_of_receipt(found))
    return {"receipt": receipt_answer(found, rows, names)}


@command
def reprint(seat: Seat, *, number: str = "") -> Answer:
    return {"copy": seat.counter.receipts.reprint(number)}


@command
def verify_receipt(seat: Seat, *, number: str, letters: str) -> Answer:
    found = seat.counter.receipts.document(number)
    return {"matches": found.hash6 == letters.strip().upper()}


@command
def find_receipt(
    seat: Seat,
    *,
    number: str = "",
    trade_no: str = "",
    trace: str = "",
    member: str = "",
    date: str = "",
    amount: str | None = None,
) -> Answer:
    wanted = None if amount is None else parse_yuan(amount)
    shop = seat.books.shop
    with seat.books.read() as db:
        if trade_no or trace or member:
            numbers = sale_numbers_by(db, shop, trade_no=trade_no, serial=trace, who=member)
            rows = [row for each in numbers for row in find_receipts(db, shop, number=each)]
        else:
            rows = find_receipts(db, shop, number=number, day=date, amount=wanted)
    return {
        "receipts": [
            {
                "number": row.number,
                "due": yuan(row.due),
                "pieces": str(row.pieces),
                "time": iso(row.order_ms),
                "staff": row.person,
            }
            for row in rows
        ],
        "known": known_answer(seat.books),
    }

"""Console commands about goods that come back."""

from typing import Any

import msgspec

from app.errors import Refusal
from app.money import parse_yuan, yuan
from app.payments.queries import open_refunds
from app.quantity import parse_quantity, shown
from app.sales.refund_completing import Done
from app.sales.refund_lines import Loose
from app.sales.refund_rules import Back, reason_said
from app.sales.refunding import Refundables
from app.tender_names import CHANNELS
from ui.console import Answer, Commands, Seat
from ui.console_answers import basket_answer, lines_back_answer

REFUNDS = Commands()
command = REFUNDS.add


class LineBack(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A line of `refund`: of a receipt by its number, or loose goods with a price."""

    line: int = 0
    quantity: str = ""
    reason: str = "no_longer_wanted"
    disposition: str = "shelf"
    product: str = ""
    price: str = ""


@command
def refundable(seat: Seat, *, receipt: str) -> Answer:
    seen = seat.counter.refunds.look(receipt)
    return {
        "receipt": seen.receipt.sale.number,
        "amount": yuan(seen.left),
        "lines": [
            {
                "line": each.line.line,
                "product": each.line.product,
                "name": each.line.name,
                "quantity": shown(each.left.quantity, weighed=bool(each.line.weighed)),
                "amount": yuan(each.left.amount),
                "why_not": each.why_not or None,
            }
            for each in seen.lines
        ],
    }


@command
def refund(seat: Seat, *, lines: list[LineBack], receipt: str = "") -> Answer:
    refunds = seat.counter.refunds
    if receipt:
        seen = refunds.look(receipt)
        done = refunds.refund(receipt, [_back(seen, each) for each in lines], seat.approver)
    else:
        done = refunds.without_receipt([_loose(seat, each) for each in lines], seat.approver)
    return _refunded(seat, done)


@command
def exchange(seat: Seat, *, lines: list[LineBack] | None = None, receipt: str = "") -> Answer:
    """Goods come back for the basket's; `exchange` without any takes them off it again."""
    counter = seat.counter
    if not lines and not receipt:
        counter.drop_exchange()
    elif receipt:
        seen = counter.refunds.look(receipt)
        counter.exchange(receipt, [_back(seen, each) for each in lines or []], seat.approver)
    else:
        counter.exchange_loose([_loose(seat, each) for each in lines or []], seat.approver)
    return {"basket": basket_answer(counter)}


def _back(seen: Refundables, each: LineBack) -> Back:
    line = next((one for one in seen.lines if one.line.line == each.line), None)
    if line is None:
        raise Refusal("no_such_line", line=each.line)
    quantity = (
        parse_quantity(each.quantity, weighed=bool(line.line.weighed))
        if each.quantity
        else line.left.quantity
    )
    return Back(each.line, quantity, reason_said(each.reason), each.disposition)


def _loose(seat: Seat, each: LineBack) -> Loose:
    one = seat.counter.product(each.product)
    quantity = parse_quantity(each.quantity or "1", weighed=bool(one.weighed))
    price = parse_yuan(each.price) if each.price else one.price
    return Loose(one.code, quantity, price, reason_said(each.reason), each.disposition)


def _refunded(seat: Seat, done: Done) -> Answer:
    """The refund with where its money stands: a network is waited for a second."""
    if any(way.tender in CHANNELS for way in done.refund.tenders):
        seat.till.payments.step()
        seat.till.payments.settle(1.0)
    states = _states(seat, done.id)
    tenders: list[dict[str, Any]] = [
        {
            "tender": way.tender,
            "amount": yuan(way.amount),
            "state": states.get(way.attempt, "done"),
        }
        for way in done.refund.tenders
    ]
    return {
        "number": done.refund.number,
        "hash6": done.entry.hash6,
        "amount": yuan(done.refund.amount),
        "lines": lines_back_answer(done.refund.lines),
        "tenders": tenders,
    }


def _states(seat: Seat, refund_id: str) -> dict[str, str]:
    with seat.books.read() as db:
        return {
            each.attempt: "waiting"
            for each in open_refunds(db, seat.books.shop)
            if each.refund == refund_id
        }

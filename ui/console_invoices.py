"""Console commands of invoices: asked for, listed, exported, corrected, taken back in red."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from app.clock import iso
from app.errors import Refusal
from app.money import yuan
from app.quantity import shown
from app.sales.buyers import Buyer, buyer_from_code, checked_buyer
from app.sales.invoice_queries import documents
from app.sales.invoice_rules import Content
from app.sales.invoicing import Seen
from ui.console import Answer, Commands, Seat
from ui.invoice_words import WORDS, export_path, left_out_words, state_name, why_words

INVOICES = Commands()
command = INVOICES.add


class TypedBuyer(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A buyer typed in: a company with its tax number, or a private person by name."""

    name: str
    tax_number: str = ""
    address: str = ""
    bank: str = ""


def _buyer(code: str, typed: TypedBuyer | None) -> Buyer:
    if code:
        return buyer_from_code(code)
    if typed is None:
        raise Refusal("buyer_needed")
    return checked_buyer(typed.name, typed.tax_number, typed.address, typed.bank)


@command
def invoice_request(
    seat: Seat, *, receipt: str = "", buyer_code: str = "", buyer: TypedBuyer | None = None
) -> Answer:
    made_out = _buyer(buyer_code, buyer)
    number = seat.counter.receipts.find(receipt).sale.number
    return _seen(seat, seat.counter.invoices.request(number, made_out))


@command
def invoice_correct(
    seat: Seat, *, invoice: str, buyer_code: str = "", buyer: TypedBuyer | None = None
) -> Answer:
    return _seen(seat, seat.counter.invoices.correct(invoice, _buyer(buyer_code, buyer)))


@command
def invoice_slip(seat: Seat, *, invoice: str) -> Answer:
    seat.counter.invoices.print_slip(invoice)
    return {}


@command
def invoice_red(seat: Seat, *, invoice: str, reason: Literal["refund", "wrong_buyer"]) -> Answer:
    return _seen(seat, seat.counter.invoices.red_letter(invoice, reason, seat.approver))


@command
def invoices(
    seat: Seat, *, from_: str = "", to: str = "", state: str = "", receipt: str = ""
) -> Answer:
    books, desk = seat.books, seat.counter.invoices
    seat.desk.signed_in()
    sale = seat.counter.receipts.find(receipt).id if receipt else ""
    with books.read() as db:
        found = documents(db, books.shop, from_day=_day(from_), to_day=_day(to), sale=sale)
    answers = [_seen(seat, desk.look(each.document)) for each in found]
    return {"invoices": [each for each in answers if state in ("", each["state"])]}


@command
def invoice_export(
    seat: Seat,
    *,
    from_: str = "",
    to: str = "",
    format_: Literal["csv", "xlsx"] = "csv",
    file: str = "",
) -> Answer:
    path = Path(file) if file else export_path(seat.till, format_)
    if path.suffix != f".{format_}":
        raise Refusal("bad_command", detail="file")
    count = seat.counter.invoices.export(path, _day(from_), _day(to), seat.approver)
    return {"file": str(path), "invoices": count}


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Refusal("bad_date", text=text[:20]) from None


def _seen(seat: Seat, seen: Seen) -> Answer:
    known = seen.document
    state = state_name(known.kind, known.state, seen.due.amount)
    answer: dict[str, Any] = {
        "invoice": known.document,
        "kind": known.kind,
        "of": known.invoice,
        "receipt": known.number,
        "state": state,
        "words": WORDS[state],
        "why": why_words(seen, seat.till.invoices),
        "buyer": seen.buyer.shown if seen.buyer else "",
        "buyer_kind": known.buyer_kind,
        "invoice_no": known.invoice_no,
        "request_no": known.request_no,
        "time": iso(known.order_ms),
        **_content(seen.content),
        "red_letter_due": yuan(seen.due.amount),
        "red_letter_due_tax": yuan(seen.due.tax),
    }
    return answer


def _content(content: Content) -> Answer:
    return {
        "lines": [
            {
                "line": line.line,
                "product": line.product,
                "name": line.name,
                "spec": line.spec,
                "unit": line.unit,
                "quantity": shown(line.quantity, weighed=bool(line.weighed)),
                "amount": yuan(line.amount),
                "net": yuan(line.amount - line.tax),
                "tax_class": line.tax_code,
                "tax_name": line.tax_name,
                "rate": str(line.rate),
                "tax": yuan(line.tax),
            }
            for line in content.lines
        ],
        "amount": yuan(content.amount),
        "tax": yuan(content.tax),
        "net": yuan(content.amount - content.tax),
        "left_out": [
            {"why": each.why, "amount": yuan(each.amount), "words": left_out_words(each.why)}
            for each in content.left_out
        ],
    }

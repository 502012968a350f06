"""Console commands about goods: finding them, what is on hand, taking them in."""

from datetime import date

import msgspec

from app.catalogue import search
from app.catalogue.queries import certificates, products
from app.catalogue.rules import receivable
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.stock import ReceivedLine
from app.quantity import parse_quantity, shown
from app.reports.lots import LotShown, lots_of
from app.stock.actions import receive as book_in
from app.stock.queries import quantity_on_hand
from app.text import clean
from app.transaction import transaction
from ui.console import Answer, Commands, Seat
from ui.console_answers import product_answer

GOODS = Commands()
command = GOODS.add
MOST_COST_YUAN = 1_000_000
"""A unit cost above this is a typing slip."""
MOST_LINES = 500


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


@command
def find(seat: Seat, *, text: str) -> Answer:
    with seat.books.read() as db:
        found = search.find(db, seat.books.shop, text)
    return {"products": [product_answer(seat.counter, product) for product in found]}


@command
def price_check(seat: Seat, *, code: str) -> Answer:
    return {"product": product_answer(seat.counter, seat.counter.price_check(code))}


@command
def stock(seat: Seat, *, product: str) -> Answer:
    one = seat.counter.product(product)
    with seat.books.read() as db:
        total = quantity_on_hand(db, seat.books.shop, one.code)
    return {
        "product": one.code,
        "on_hand": shown(total, weighed=bool(one.weighed)),
        "lots": _lots(seat, one),
    }


@command
def lots(seat: Seat, *, product: str) -> Answer:
    one = seat.counter.product(product)
    return {"product": one.code, "lots": _lots(seat, one)}


def _lots(seat: Seat, one: Product) -> list[Answer]:
    with seat.books.read() as db:
        found = lots_of(db, seat.books.shop, one.code, seat.desk.today)
    return [_lot_answer(each, weighed=bool(one.weighed)) for each in found]


def _lot_answer(each: LotShown, *, weighed: bool) -> Answer:
    return {
        "lot": each.batch or each.lot,
        "lot_id": each.lot,
        "on_hand": shown(each.quantity, weighed=weighed),
        "cost": cost_shown(each.unit_cost),
        "made": each.made,
        "expires": each.expires,
        "state": each.state,
        "certificate": each.certificate,
        "village": each.village,
        "report": each.report,
        "supplier": each.supplier,
    }


@command
def receive(seat: Seat, *, lines: list[Received], supplier: str = "", dispatch: str = "") -> Answer:
    seat.desk.allowed("receive", approver=seat.approver)
    if not lines:
        raise Refusal("nothing_received")
    if len(lines) > MOST_LINES:
        raise Refusal("too_many_lines", most=MOST_LINES)
    known = _known(seat, lines)
    with transaction(seat.books, staff=seat.desk.person) as tx:
        booked = [
            _line(n, each, known[each.product], tx.ids.new()) for n, each in enumerate(lines, 1)
        ]
        document = book_in(
            tx,
            booked,
            supplier=clean(supplier, most=60),
            dispatch=clean(dispatch, most=60),
            day=seat.desk.business_day(),
            shift=seat.desk.shift_id,
        )
    return {
        "document": document,
        "lines": [
            {
                "line": line.line,
                "product": line.product,
                "lot": line.batch or line.lot,
                "lot_id": line.lot,
            }
            for line in booked
        ],
    }


def _known(seat: Seat, lines: list[Received]) -> dict[str, Product]:
    """The products of a delivery, every one of which may be taken in under its name."""
    shop, today = seat.books.shop, seat.desk.today
    with seat.books.read() as db:
        known = products(db, shop, [clean(line.product, most=40) for line in lines])
        held = list(certificates(db, shop).values())
    for line in lines:
        one = known.get(line.product)
        if one is None:
            raise Refusal("unknown_code", text=clean(line.product, most=40), reason="no_product")
        if one.kind != "goods":
            raise Refusal("not_goods", name=one.name)
        if (refusal := receivable(one, held, today)) is not None:
            raise refusal
        if one.needs_farm_certificate and not line.certificate.strip():
            raise Refusal("no_certificate", name=one.name, word="承诺达标合格证", kind="farm")
    return known


def _line(n: int, line: Received, one: Product, lot: str) -> ReceivedLine:
    return ReceivedLine(
        line=n,
        product=one.code,
        lot=lot,
        batch=clean(line.lot, most=40),
        quantity=parse_quantity(line.quantity, weighed=bool(one.weighed)),
        unit_cost=parse_cost(line.cost),
        made=_date(line.made),
        expires=_date(line.expires),
        certificate=clean(line.certificate, most=80),
        village=clean(line.village, most=40),
        report=clean(line.report, most=80),
    )


def _date(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refusal("bad_date", text=clean(text, most=20)) from None


def parse_cost(text: str) -> int:
    """Yuan per unit, at most four decimals, to 1/10000 fen. Raises Refusal("bad_amount")."""
    whole, point, part = text.strip().partition(".")
    digits = whole + part
    well_formed = whole and digits.isascii() and digits.isdigit() and (bool(point) == bool(part))
    if not well_formed or len(part) > 4 or len(whole) > 7 or int(whole) > MOST_COST_YUAN:
        raise Refusal("bad_amount", text=clean(text, most=20))
    return int(whole) * 1_000_000 + int(part.ljust(6, "0"))


def cost_shown(cost: int) -> str:
    """1/10000 fen as yuan with four decimals, or six where there are more."""
    whole, part = divmod(cost, 1_000_000)
    digits = f"{part:06d}"
    return f"{whole}.{digits[:4]}" if digits.endswith("00") else f"{whole}.{digits}"

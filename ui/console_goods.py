"""Console commands about goods: finding them, and what is on hand."""

from app.catalogue import search
from app.facts.catalogue import Product
from app.quantity import shown
from app.reports.lots import LotShown, lots_of
from app.stock.costs import cost_shown
from app.stock.queries import quantity_on_hand
from ui.console import Answer, Commands, Seat
from ui.console_answers import product_answer

GOODS = Commands()
command = GOODS.add


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

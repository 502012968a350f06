"""Console commands about goods: finding them, and what is on hand."""

from app.catalogue import search
from app.clock import iso
from app.facts.catalogue import Product
from app.quantity import shown
from app.reports.lots import LotShown, lots_of
from app.stock.books import on_hand
from app.stock.costs import cost_shown
from app.stock.overview import overviews
from ui.console import Answer, Commands, Seat
from ui.console_answers import known_answer, product_answer

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
    weighed = bool(one.weighed)
    with seat.books.read() as db:
        found = overviews(db, seat.books.shop, [one.code])[one.code]
    return {
        "product": one.code,
        "on_hand": shown(found.total, weighed=weighed),
        "sellable": shown(found.sellable, weighed=weighed),
        "places": {
            place: shown(quantity, weighed=weighed) for place, quantity in found.places.items()
        },
        "in_transit": shown(found.coming, weighed=weighed),
        "sent": shown(found.going, weighed=weighed),
        "late": shown(found.late, weighed=weighed),
        "last_count": {
            "time": iso(found.counted_ms),
            "quantity": shown(found.counted, weighed=weighed),
        }
        if found.counted_ms
        else None,
        "lots": _lots(seat, one),
        "known": known_answer(seat.books),
    }


@command
def lots(seat: Seat, *, product: str) -> Answer:
    one = seat.counter.product(product)
    return {"product": one.code, "lots": _lots(seat, one)}


def _lots(seat: Seat, one: Product) -> list[Answer]:
    with seat.books.read() as db:
        found = lots_of(db, seat.books.shop, one.code, seat.desk.today)
        where = on_hand(db, seat.books.shop, [one.code])
    weighed = bool(one.weighed)
    return [
        _lot_answer(each, weighed=weighed)
        | {
            "places": {
                place: shown(quantity, weighed=weighed)
                for (_product, lot, place), quantity in sorted(where.items())
                if lot == each.lot and quantity
            }
        }
        for each in found
    ]


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
        "level": each.level,
        "floor": cost_shown(each.floor) if each.floor else "",
        "supplier": each.supplier,
    }

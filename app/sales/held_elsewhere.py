"""Baskets the shop's other tills put aside, as far as their news has come, and taking them over.

Nobody asks the other till: it may be cut off. Its basket goes on here as a basket of its own, so
when both take it two sales stand, and 待办 says so.
"""

import msgspec
from sqlalchemy import Connection, bindparam, text

from app.catalogue.queries import product
from app.catalogue.rules import sellable
from app.errors import Refusal
from app.facts.sales import BasketHeld, BasketResumed, HeldLine, TwiceTakenSeen
from app.payments.queries import attempts_of
from app.payments.rules import OPEN as CHARGE_OPEN
from app.pricing.lines import NO_TAG
from app.row_writer import Prepared
from app.sales.actions import check_size, open_instead
from app.sales.basket import Basket, next_revision, with_line
from app.sales.desk import Desk
from app.sales.queries import stored
from app.sales.repricing import at_list_price, repriced
from app.sales.scanning import Goods, question_before
from app.transaction import transaction

_HELD = Prepared(
    text(
        "SELECT basket, till, amount, person, order_ms, fact FROM basket_end AS held"
        " WHERE shop = :shop AND what = 'held' AND till != :till"
        # Of one till the later word counts; of two only the name, whatever their clocks say.
        " AND NOT EXISTS (SELECT 1 FROM basket_end AS later WHERE later.shop = held.shop"
        "  AND later.basket = held.basket AND later.till = held.till"
        "  AND later.order_ms > held.order_ms)"
        " AND NOT EXISTS (SELECT 1 FROM basket_taken AS taken WHERE taken.shop = held.shop"
        "  AND taken.held = held.fact)"
        " AND NOT EXISTS (SELECT 1 FROM sale WHERE sale.shop = held.shop"
        "  AND sale.sale = held.basket)"
        " ORDER BY order_ms"
    ).bindparams(bindparam("shop"), bindparam("till"))
)
_TWICE = text(
    "SELECT kin.first, sale.sale, sale.number, sale.till, sale.order_ms FROM"
    " (SELECT shop, first, first AS basket FROM basket_taken WHERE shop = :shop"
    "  UNION SELECT shop, first, goes_on FROM basket_taken WHERE shop = :shop) AS kin"
    " JOIN sale ON sale.shop = kin.shop AND sale.sale = kin.basket"
    " WHERE NOT EXISTS (SELECT 1 FROM basket_end AS seen WHERE seen.shop = kin.shop"
    "  AND seen.basket = kin.first AND seen.what = 'seen')"
    " AND NOT EXISTS (SELECT 1 FROM refund WHERE refund.shop = kin.shop"
    "  AND refund.sale = sale.sale)"
    " ORDER BY kin.first, sale.number"
)
_FIRST = text("SELECT first FROM basket_taken WHERE shop = :shop AND goes_on = :basket")


class HeldElsewhere(msgspec.Struct, frozen=True):
    """A basket another till put aside and, as far as is known here, still has. Amount in fen."""

    basket: str
    till: str
    amount: int
    person: str
    held_ms: int
    fact: str


class TwiceSold(msgspec.Struct, frozen=True):
    """A basket two tills took back: a sale of each stands, and nothing of them came back."""

    first: str
    numbers: tuple[str, ...]
    tills: tuple[str, ...]
    order_ms: int
    """When the later of them was sold."""


def held_elsewhere(db: Connection, shop: str, till: str) -> list[HeldElsewhere]:
    """Baskets put aside on the other tills, oldest first; their names stay there."""
    return [HeldElsewhere(*row) for row in _HELD.run(db, {"shop": shop, "till": till})]


def held_there(db: Connection, other: HeldElsewhere) -> BasketHeld:
    """What that till said of it."""
    found = stored(db, other.fact).fact
    assert isinstance(found, BasketHeld), "its row was made from it"
    return found


def names_in(held: BasketHeld) -> list[str]:
    """Its goods by name, without what their containers are left for."""
    return [line.name for line in held.lines if not line.deposit_of]


def twice_sold(db: Connection, shop: str) -> list[TwiceSold]:
    """Baskets of which more than one sale stands and that nobody has looked at."""
    by_first: dict[str, list[tuple[str, str, int]]] = {}
    for first, _sale, number, till, order_ms in db.execute(_TWICE, {"shop": shop}):
        by_first.setdefault(first, []).append((number, till, order_ms))
    return [
        TwiceSold(
            first,
            tuple(number for number, _till, _ms in sales),
            tuple(till for _number, till, _ms in sales),
            max(order_ms for _number, _till, order_ms in sales),
        )
        for first, sales in by_first.items()
        if len(sales) > 1
    ]


def see_twice(desk: Desk, first: str, by: str) -> None:
    """Both sales are right. Raises Refusal("unknown_task")."""
    with transaction(desk.books, staff=by) as tx:
        if all(each.first != first for each in twice_sold(tx.connection, tx.shop)):
            raise Refusal("unknown_task")
        tx.record(
            TwiceTakenSeen(
                shop=tx.shop,
                till=tx.till,
                day=desk.day,
                shift=desk.shift_id,
                basket=first,
                person=by,
            )
        )


def take_over(desk: Desk, basket: str, fresh: Basket) -> Basket:
    """The goods of another till's basket in `fresh`, at the prices of now; what a person decided
    about them, and whose they are, stays behind.

    Raises Refusal: nothing_held, held_stays, attempt_open, take_over_asks, unknown_code and what
    scanning these goods refuses.
    """
    books, sitting = desk.books, desk.sitting()
    with books.read() as db:
        others = held_elsewhere(db, books.shop, books.till)
        other = next((each for each in others if each.basket == basket), None)
        if other is None:
            raise Refusal("nothing_held")
        held = held_there(db, other)
        if held.stays:
            raise Refusal("held_stays", till=other.till)
        if any(each.state in CHARGE_OPEN for each in attempts_of(db, books.shop, basket)):
            raise Refusal("attempt_open")
        first = db.scalar(_FIRST, {"shop": books.shop, "basket": basket}) or basket
        taken = repriced(msgspec.structs.replace(fresh, answers=held.answers), desk.prices, db)
        for line in held.lines:
            if not line.deposit_of:
                taken = _with(db, desk, taken, line)
        taken = next_revision(repriced(taken, desk.prices, db))
    check_size(books, taken, sitting)
    with transaction(books, staff=sitting.person) as tx:
        tx.record(
            BasketResumed(
                shop=tx.shop,
                till=tx.till,
                day=sitting.day,
                shift=sitting.shift,
                basket=basket,
                person=sitting.person,
                held=other.fact,
                goes_on=taken.id,
                first=first,
            )
        )
        open_instead(tx, taken)
    return taken


def _with(db: Connection, desk: Desk, basket: Basket, line: HeldLine) -> Basket:
    """The basket and one line more, by the same rules as if it were scanned here."""
    shop = desk.books.shop
    one = product(db, shop, line.product)
    if one is None:
        raise Refusal("unknown_code", text=line.product, reason="no_product")
    if (refusal := sellable(one)) is not None:
        raise refusal
    goods = at_list_price(
        Goods(
            product=one,
            quantity=line.quantity,
            label_amount=line.label_amount,
            label_weight=bool(line.label_weight),
            code=line.code,
            source=line.source or "scan",
            lot=line.lot,
            serial=line.serial,
        ),
        desk.prices,
        db,
    )
    if question_before(db, shop, basket, goods, today=desk.today) is not None:
        raise Refusal("take_over_asks", name=one.name)
    grown, _number = with_line(
        basket,
        goods.product,
        goods.quantity,
        label_amount=goods.label_amount,
        label_weight=goods.label_weight,
        code=goods.code,
        source=goods.source,
        lot=goods.lot,
        serial=goods.serial,
        tag=NO_TAG if goods.label_amount >= 0 else desk.prices.tag(db, goods.product),
    )
    return grown

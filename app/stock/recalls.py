"""召回: batches nobody may sell, and what of them still stands where a till would take it from."""

import json
from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, text

from app.errors import Refusal
from app.facts.stock import LotsRecalled, RecallFound
from app.row_writer import Prepared
from app.stock.books import on_hand
from app.stock.rules import QUARANTINE
from app.text import clean
from app.transaction import Transaction

LEVELS = ("1", "2", "3")
"""一级、二级、三级: how soon the goods must be off the shelf."""
_OPEN = (
    "SELECT recall, number, product, batches, level, order_ms FROM recall"
    " WHERE shop = :shop AND ended = 0{narrow} ORDER BY order_ms"
)
_OPEN_OF = Prepared(text(_OPEN.format(narrow=" AND product = :product")))
_OPEN_ALL = Prepared(text(_OPEN.format(narrow="")))
_LOTS = Prepared(
    text(
        "SELECT lot, batch, unit_cost FROM lot"
        " WHERE shop = :shop AND owner = :shop AND product = :product"
    )
)
_FOUND = Prepared(
    text("SELECT coalesce(sum(quantity), 0) FROM recall_found WHERE shop = :shop AND recall = :it")
)


class Recall(msgspec.Struct, frozen=True):
    """A recall that has not ended."""

    recall: str
    number: str
    product: str
    batches: tuple[str, ...]
    level: str
    order_ms: int


class Held(msgspec.Struct, frozen=True):
    """A recalled lot and what the books still say of it in one place, in thousandths."""

    lot: str
    batch: str
    place: str
    quantity: int
    unit_cost: int


def open_recalls(db: Connection, shop: str, product: str = "") -> list[Recall]:
    """Recalls of one product, or of all; usually none, and then this costs nothing."""
    if product:
        rows = _OPEN_OF.run(db, {"shop": shop, "product": product})
    else:
        rows = _OPEN_ALL.run(db, {"shop": shop})
    return [
        Recall(recall, number, code, tuple(json.loads(batches)), level, order_ms)
        for recall, number, code, batches, level, order_ms in rows
    ]


def is_recalled(recalls: Collection[Recall], lot: str, batch: str) -> str:
    """The number of the recall a lot falls under, "" when it may be sold."""
    for each in recalls:
        if lot in each.batches or (batch and batch in each.batches):
            return each.number
    return ""


def standing(db: Connection, shop: str, one: Recall) -> list[Held]:
    """Where the books still have recalled goods, quarantine included."""
    lots = {
        lot: (batch, cost)
        for lot, batch, cost in _LOTS.run(db, {"shop": shop, "product": one.product})
        if lot in one.batches or batch in one.batches
    }
    if not lots:
        return []
    return [
        Held(lot, lots[lot][0], place, quantity, lots[lot][1])
        for (_, lot, place), quantity in on_hand(db, shop, [one.product]).items()
        if lot in lots and quantity
    ]


def in_the_way(db: Connection, shop: str, recalls: Collection[Recall]) -> bool:
    """Whether recalled goods may still be in a customer's hand: on the books, not in quarantine."""
    return any(
        held.quantity > 0 and held.place != QUARANTINE
        for each in recalls
        for held in standing(db, shop, each)
    )


def found_of(db: Connection, shop: str, recall: str) -> int:
    """Thousandths that were found and put away."""
    row = _FOUND.first(db, {"shop": shop, "it": recall})
    return int(row[0]) if row else 0


def recall_lots(
    tx: Transaction, product: str, batches: Collection[str], *, level: str, number: str, person: str
) -> str:
    """召回: from now on these batches are refused; the recall's id.

    Raises Refusal: nothing_recalled, bad_level.
    """
    wanted = tuple(dict.fromkeys(clean(each, most=40) for each in batches if each.strip()))
    if not wanted:
        raise Refusal("nothing_recalled")
    if level not in LEVELS:
        raise Refusal("bad_level", text=level[:8])
    recall = tx.ids.new()
    tx.record(
        LotsRecalled(
            shop=tx.shop,
            till=tx.till,
            recall=recall,
            number=clean(number, most=20) or f"ZH-{recall[-6:].upper()}",
            product=product,
            batches=wanted,
            level=level,
            person=person,
        )
    )
    return recall


def end_recall(tx: Transaction, one: Recall, *, person: str) -> None:
    """The recall is over: nothing of it is left to find."""
    tx.record(
        LotsRecalled(
            shop=tx.shop,
            till=tx.till,
            recall=one.recall,
            number=one.number,
            product=one.product,
            batches=one.batches,
            level=one.level,
            person=person,
            ended=1,
        )
    )


def put_away(tx: Transaction, one: Recall, lot: str, quantity: int, *, person: str) -> list[Held]:
    """Recalled goods that were found go into quarantine; from where they were, by place.

    Found more than the books had is booked all the same: the shelf is right. Raises
    Refusal: unknown_lot, bad_quantity.
    """
    stands = standing(tx.connection, tx.shop, one)
    mine = [each for each in stands if lot in (each.lot, each.batch)]
    if not mine:
        raise Refusal("unknown_lot", lot=lot[:40])
    if quantity <= 0:
        raise Refusal("bad_quantity", text=str(quantity))
    places = [each for each in mine if each.place != QUARANTINE] or mine[:1]
    taken = []
    for at, each in enumerate(places):
        last = at == len(places) - 1
        part = quantity if last else min(quantity, max(each.quantity, 0))
        if part:
            tx.record(
                RecallFound(
                    shop=tx.shop,
                    till=tx.till,
                    recall=one.recall,
                    product=one.product,
                    lot=each.lot,
                    quantity=part,
                    source="shelf" if each.place == QUARANTINE else each.place,
                    unit_cost=each.unit_cost,
                    person=person,
                )
            )
            taken.append(msgspec.structs.replace(each, quantity=part))
            quantity -= part
    return taken

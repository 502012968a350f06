"""Goods meant by a scan or found by letters, for the pages of the stock room."""

from collections.abc import Sequence

import msgspec

from app.catalogue.codes import GoodsCode
from app.catalogue.queries import by_barcode
from app.facts.catalogue import Product
from app.sales.counter import Counter
from ui.room_views import RowView


class Found(msgspec.Struct, frozen=True):
    """A product, how many pieces its code stands for, and what else the code says."""

    product: Product
    pieces: int = 1
    batch: str = ""
    expires: str = ""


def goods_of(counter: Counter, text: str) -> Found:
    """What a scan means. Raises Refusal: unknown_code, not_goods_code."""
    reading = counter.desk.read_code(text).reading
    if isinstance(reading, GoodsCode):
        with counter.books.read() as db:
            found = next(
                (
                    known
                    for code in reading.spellings
                    if (known := by_barcode(db, counter.books.shop, code)) is not None
                ),
                None,
            )
        if found is not None:
            said = reading.gs1
            return Found(found[0], found[1], said.lot, said.expires or said.best_before)
    return Found(counter.price_check(text))


def goods_rows(found: Sequence[Product]) -> tuple[RowView, ...]:
    """Products as rows of a list."""
    return tuple(
        RowView(key=one.code, cells=(f"{one.name} {one.spec}".strip(), one.code)) for one in found
    )

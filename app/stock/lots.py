"""Lots as actions look for them: by what was said, and by what stands where."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.errors import Refusal
from app.facts.stock import SentLine
from app.stock.books import on_hand
from app.stock.rules import LotOnHand
from app.stock.tables import lot, recall

_FIELDS: tuple[Any, ...] = (
    lot.c.lot, lot.c.batch, lot.c.unit_cost, lot.c.made, lot.c.expires, lot.c.certificate,
    lot.c.village, lot.c.report, lot.c.level, lot.c.floor, lot.c.supplier, lot.c.received_ms,
)  # fmt: skip


class LotPapers(msgspec.Struct, frozen=True):
    """A lot with everything its papers say; cost in 1/10000 fen, dates ISO or ""."""

    lot: str
    batch: str
    unit_cost: int
    made: str
    expires: str
    certificate: str
    village: str
    report: str
    level: str
    floor: int
    supplier: str
    received_ms: int

    def sent(self, line: int, product: str, quantity: int, *, place: str, box: str) -> SentLine:
        """The lot as it leaves for another shop."""
        papers = msgspec.structs.asdict(self)
        papers.pop("received_ms")
        return SentLine(
            line=line, product=product, place=place, quantity=quantity, box=box, **papers
        )


def papers_of(db: Connection, shop: str, product: str) -> dict[str, LotPapers]:
    """Every lot of a product this shop ever had, by id."""
    rows = db.execute(
        select(*_FIELDS).where(lot.c.shop == shop, lot.c.owner == shop, lot.c.product == product)
    )
    return {row.lot: LotPapers(*row) for row in rows}


def lots_in(db: Connection, shop: str, product: str, place: str) -> list[LotOnHand]:
    """The lots of a product that have a row on a place's books."""
    papers = papers_of(db, shop, product)
    return [
        LotOnHand(
            lot=name,
            batch=papers[name].batch,
            quantity=quantity,
            unit_cost=papers[name].unit_cost,
            expires=papers[name].expires,
            received_ms=papers[name].received_ms,
        )
        for (_product, name, where), quantity in on_hand(db, shop, [product]).items()
        if where == place and name in papers
    ]


def find_lot(db: Connection, shop: str, product: str, said: str, place: str = "shelf") -> LotPapers:
    """A lot by its id, or by what is printed on it: one that stands in the place before one that
    does not, the earliest first. Raises Refusal("unknown_lot")."""
    papers = papers_of(db, shop, product)
    if said in papers:
        return papers[said]
    named = [each for each in papers.values() if each.batch == said]
    if not said or not named:
        raise Refusal("unknown_lot", lot=said[:40])
    there = {each.lot: each.quantity for each in lots_in(db, shop, product, place)}
    return min(
        named,
        key=lambda each: (
            there.get(each.lot, 0) <= 0,
            each.expires or "9999",
            each.received_ms,
            each.lot,
        ),
    )


def newest(papers: Sequence[LotPapers]) -> LotPapers | None:
    """The lot that came last: what is found without a label is most likely of it."""
    return max(papers, key=lambda each: (each.received_ms, each.lot), default=None)


def recalled_batches(db: Connection, shop: str, product: str) -> frozenset[str]:
    """The batches of a product that are recalled and not yet cleared."""
    rows = db.scalars(
        select(recall.c.batches).where(
            recall.c.shop == shop, recall.c.product == product, recall.c.ended == 0
        )
    )
    return frozenset(batch for text in rows for batch in json.loads(text))

"""Receipts, held baskets and what the next number is."""

import logging
from collections.abc import Sequence
from datetime import date

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from app.catalogue.tables import catalogue_version, taxonomy_node
from app.clock import parse_time
from app.errors import Refusal
from app.facts.base import Fact
from app.facts.registry import decode_fact
from app.facts.sales import SaleCompleted, Tender
from app.journal.entry import decode_envelope, hash6
from app.journal.tables import entry
from app.print_queue import print_job
from app.row_writer import Prepared
from app.rows import Envelope
from app.sales.basket import Basket
from app.sales.tables import (
    basket_end,
    basket_taken,
    draft,
    refund,
    reprint,
    sale,
    tender_correction,
)

LOG = logging.getLogger(__name__)
OPEN, HELD = "open", "held"
DAY_MS = 86_400_000

_LAST_SEQUENCES = tuple(
    Prepared(
        select(table.c.sequence)
        .where(
            table.c.shop == bindparam("shop"),
            table.c.till == bindparam("till"),
            table.c.day == bindparam("day"),
            table.c.series == bindparam("series"),
        )
        .order_by(table.c.sequence.desc())
        .limit(1)
    )
    for table in (sale, refund)
)
_BY_NUMBER = select(sale.c.sale).where(
    sale.c.shop == bindparam("shop"), sale.c.number == bindparam("number")
)
_LAST = (
    select(sale.c.sale)
    .where(sale.c.shop == bindparam("shop"), sale.c.till == bindparam("till"))
    .order_by(sale.c.order_ms.desc())
    .limit(1)
)
_ENTRY = select(entry.c.content, entry.c.hash).where(entry.c.fact == bindparam("fact"))
_SOLD = Prepared(select(entry.c.seq).where(entry.c.fact == bindparam("fact")))
_COPIES = select(func.count()).where(
    reprint.c.shop == bindparam("shop"), reprint.c.sale == bindparam("sale")
)
_CORRECTIONS = (
    select(tender_correction)
    .where(tender_correction.c.shop == bindparam("shop"))
    .where(tender_correction.c.sale == bindparam("sale"))
    .order_by(tender_correction.c.order_ms, tender_correction.c.fact)
)
_DRAFTS = (
    select(draft.c.basket, draft.c.name, draft.c.content, draft.c.changed_ms)
    .where(draft.c.state == bindparam("state"))
    .order_by(draft.c.changed_ms, literal_column("rowid"))
)

_held, _again = basket_end.alias("held"), basket_end.alias("again")
_TAKEN_OVER = (
    select(draft.c.basket)
    .join(basket_taken, basket_taken.c.basket == draft.c.basket)
    .join(_held, (_held.c.shop == basket_taken.c.shop) & (_held.c.fact == basket_taken.c.held))
    .where(
        draft.c.state == bindparam("state"),
        ~exists().where(
            _again.c.shop == _held.c.shop,
            _again.c.basket == _held.c.basket,
            _again.c.what == "held",
            _again.c.order_ms > _held.c.order_ms,
        ),
    )
)
"""Drafts another till took over; one that was put aside again since is here again."""

_RECEIPT_JOBS = select(func.count()).where(
    print_job.c.fact == bindparam("fact"), print_job.c.kind.in_(("receipt", "refund"))
)
_TAXONOMY = (
    select(catalogue_version.c.name)
    .where(
        catalogue_version.c.shop == bindparam("shop"),
        catalogue_version.c.subject == taxonomy_node.name,
    )
    .order_by(catalogue_version.c.version.desc())
    .limit(1)
)


class Receipt(msgspec.Struct, frozen=True):
    """A completed sale with what its entry says around it."""

    id: str
    sale: SaleCompleted
    envelope: Envelope
    hash6: str
    copies: int
    """Reprints so far."""
    tenders: tuple[Tender, ...]
    """How it was paid: as the sale says, one for one, but for what was corrected since."""

    @property
    def number(self) -> str:
        """What people call it."""
        return self.sale.number

    @property
    def paper_kind(self) -> str:
        """What its print jobs are called."""
        return "receipt"


class Stored(msgspec.Struct, frozen=True):
    """A fact with what its entry says around it."""

    fact: Fact
    envelope: Envelope
    hash6: str


class Found(msgspec.Struct, frozen=True):
    """One row of the receipts list. Amount in fen."""

    number: str
    order_ms: int
    due: int
    pieces: int
    person: str


class HeldBasket(msgspec.Struct, frozen=True):
    """A basket put aside, with the name it was given."""

    id: str
    name: str
    basket: Basket
    held_ms: int


def next_sequence(db: Connection, shop: str, till: str, day: str, series: str) -> int:
    """Receipts and refunds are counted 1, 2, 3… together in a till's business day and series."""
    where = {"shop": shop, "till": till, "day": day, "series": series}
    rows = (last.first(db, where) for last in _LAST_SEQUENCES)
    return max(int(row[0]) if row else 0 for row in rows) + 1


def receipt(db: Connection, shop: str, till: str, number: str = "") -> Receipt | None:
    """The receipt with this number, or the till's last one."""
    if number:
        sale_id = db.scalar(_BY_NUMBER, {"shop": shop, "number": number})
    else:
        sale_id = db.scalar(_LAST, {"shop": shop, "till": till})
    if sale_id is None:
        return None
    known = stored(db, sale_id)
    assert isinstance(known.fact, SaleCompleted)
    return Receipt(
        str(sale_id),
        known.fact,
        known.envelope,
        known.hash6,
        copies_of(db, shop, sale_id),
        tenders_of(db, shop, sale_id, known.fact),
    )


def stored(db: Connection, fact_id: str) -> Stored:
    """A fact of which a row says that it is there."""
    content, entry_hash = db.execute(_ENTRY, {"fact": fact_id}).one()
    envelope = decode_envelope(content)
    return Stored(decode_fact(envelope.kind, content), envelope, hash6(entry_hash))


def copies_of(db: Connection, shop: str, fact_id: str) -> int:
    """How often a sale's or refund's paper was reprinted."""
    return int(db.scalar(_COPIES, {"shop": shop, "sale": fact_id}) or 0)


def tenders_of(db: Connection, shop: str, sale_id: str, fact: SaleCompleted) -> tuple[Tender, ...]:
    """How a sale was paid, as far as is known now."""
    tenders = fact.tenders
    for row in db.execute(_CORRECTIONS, {"shop": shop, "sale": sale_id}):
        tenders = corrected(tenders, row.before, row.after, row.reference)
    return tenders


def corrected(
    tenders: tuple[Tender, ...], before: str, after: str, reference: str
) -> tuple[Tender, ...]:
    """Ways to pay after one of them turned out to have been another. Nothing was handed back."""
    return tuple(
        Tender(tender=after, amount=each.amount, tendered=each.amount, reference=reference)
        if each.tender == before and not each.attempt
        else each
        for each in tenders
    )


def numbers_of(db: Connection, shop: str, sales: Sequence[str]) -> dict[str, str]:
    """Receipt numbers by the sale's id, for those that were completed."""
    rows = db.execute(
        select(sale.c.sale, sale.c.number).where(sale.c.shop == shop, sale.c.sale.in_(sales))
    )
    return {row.sale: row.number for row in rows}


def find_receipts(
    db: Connection,
    shop: str,
    *,
    number: str = "",
    day: str = "",
    amount: int | None = None,
    most: int = 100,
) -> list[Found]:
    """Receipts newest first: by part of the number, date, amount due, or all together.

    `day` is the business day or the calendar's: after midnight a customer knows only the latter.
    Raises Refusal("bad_date").
    """
    statement = select(
        sale.c.number, sale.c.order_ms, sale.c.due, sale.c.pieces, sale.c.person
    ).where(sale.c.shop == shop)
    if number:
        statement = statement.where(sale.c.number.contains(number, autoescape=True))
    if day:
        statement = statement.where(within_day(sale, day))
    if amount is not None:
        statement = statement.where(sale.c.due == amount)
    rows = db.execute(statement.order_by(sale.c.order_ms.desc()).limit(most))
    return [Found(*row) for row in rows]


def within_day(table: Table, day: str) -> ColumnElement[bool]:
    """Rows of a business day or of the calendar's. Raises Refusal("bad_date")."""
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError:
        raise Refusal("bad_date", text=day[:20]) from None
    midnight = parse_time(f"{day}T00:00:00+08:00")
    return or_(table.c.day == day, table.c.order_ms.between(midnight, midnight + DAY_MS - 1))


def open_basket(db: Connection) -> Basket | None:
    """The basket this till was killed with, if any; one with goods in it before an empty one."""
    found = [each.basket for each in _drafts(db, OPEN)]
    return max(found, key=lambda basket: basket.begun, default=None)


def basket_of(db: Connection, basket: str) -> Basket | None:
    """An open or held basket by its id, None when it ended or never was here."""
    if is_sold(db, basket):
        return None
    return next((each for each in baskets(db) if each.id == basket), None)


def is_sold(db: Connection, basket: str) -> bool:
    """Whether a sale of this basket stands in the books, whoever wrote it: a till that was put back
    from a copy finds its baskets open again, and hears later that they were sold."""
    return _SOLD.first(db, {"fact": basket}) is not None


def baskets(db: Connection) -> list[Basket]:
    """Every basket that is open or put aside on this till."""
    return [each.basket for each in (*_drafts(db, OPEN), *held_baskets(db))]


def held_baskets(db: Connection) -> list[HeldBasket]:
    """Baskets put aside and, as far as is known, not taken over by another till; oldest first."""
    gone = set(db.scalars(_TAKEN_OVER, {"state": HELD}))
    return [each for each in _drafts(db, HELD) if each.id not in gone]


def _drafts(db: Connection, state: str) -> list[HeldBasket]:
    found = []
    for row in db.execute(_DRAFTS, {"state": state}):
        try:
            basket = msgspec.json.decode(row.content, type=Basket)
        except msgspec.ValidationError:
            # Written by a program that kept other fields: a till that does not open is worse.
            LOG.exception("draft %s cannot be read", row.basket)
            continue
        found.append(HeldBasket(row.basket, row.name, basket, row.changed_ms))
    return found


def was_printed(db: Connection, sale_id: str) -> bool:
    """Whether a paper of this sale or refund was ever queued on this till."""
    return bool(db.scalar(_RECEIPT_JOBS, {"fact": sale_id}))


def taxonomy_version(db: Connection, shop: str) -> str:
    """The version of the product taxonomy the catalogue goes by, "" before there is one."""
    return str(db.scalar(_TAXONOMY, {"shop": shop}) or "")

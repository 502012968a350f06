"""The day after: each channel's own bill against our attempts, refunds and standing codes.

What differs is kept until a person settles it (`bill_answers`); nothing here ever changes what was
recorded.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, delete, select

from app.clock import parse_time
from app.facts.sales import SaleCompleted
from app.payments.queries import (
    Attempt,
    attempts_between,
    attempts_numbered,
    refunds_between,
    refunds_numbered,
    refunds_of,
)
from app.payments.reconciling import (
    STATIC_UNMATCHED,
    UNKNOWN_HERE,
    Billed,
    Difference,
    differences,
)
from app.payments.rules import CAPTURED, LATE_CAPTURED
from app.payments.tables import bill_difference
from app.sales.queries import baskets, is_sold, stored
from app.sales.tables import sale, sale_tender, tender_correction
from app.transaction import Books, Transaction, transaction

DAY_MS = 86_400_000
MIDNIGHT_MS = 300_000
"""Around midnight a channel may book a charge on the other day."""
_AT_ONCE = 500


def reconcile(
    books: Books, day: str, bills: Mapping[str, Sequence[Billed]], person: str
) -> list[tuple[str, Difference]]:
    """Compare the channels' bills of a calendar day (ISO) with what this till knows, by tender;
    what differs is kept in place of what was found before. Raises Refusal("bad_time")."""
    start = parse_time(f"{day}T00:00:00+08:00")
    with books.read() as db:
        static = _static(db, books.shop, books.till, start)
        found = {
            tender: _compare(db, books.shop, books.till, tender, rows, start)
            for tender, rows in bills.items()
        }
    for tender, each in found.items():
        found[tender], static = _matched(each, static)
    found["static_qr"] = [
        Difference(kind=STATIC_UNMATCHED, out_trade_no=number, ours=amount)
        for number, amount in static
    ]
    with transaction(books, staff=person) as tx:
        for tender, each in found.items():
            _keep(tx, day, tender, each)
    return [(tender, each) for tender, several in found.items() for each in several]


def _keep(tx: Transaction, day: str, tender: str, found: Sequence[Difference]) -> None:
    here = (bill_difference.c.day == day) & (bill_difference.c.tender == tender)
    done = tx.read(
        select(bill_difference.c.out_trade_no, bill_difference.c.kind).where(
            here, bill_difference.c.settled == 1
        )
    )
    settled = {tuple(row) for row in done}
    tx.execute(delete(bill_difference).where(here))
    for n, each in enumerate(found, 1):
        tx.insert(
            bill_difference,
            {
                "day": day,
                "tender": tender,
                "n": n,
                "found_ms": tx.now_ms,
                "settled": int((each.out_trade_no, each.kind) in settled),
                **msgspec.structs.asdict(each),
            },
        )


def _compare(
    db: Connection, shop: str, till: str, tender: str, rows: Sequence[Billed], start: int
) -> list[Difference]:
    end = start + DAY_MS
    attempts = attempts_between(db, shop, till, tender, start, end)
    refunds = refunds_between(db, shop, till, tender, start, end)
    sure = range(start + MIDNIGHT_MS, end - MIDNIGHT_MS)
    on_day = {each.attempt for each in attempts if each.order_ms in sure}
    on_day |= {each.refund_attempt for each in refunds if each.since_ms in sure}
    known = {each.out_trade_no for each in attempts}
    numbers = sorted({row.out_trade_no for row in rows} - known)
    backs = {each.out_refund_no for each in refunds}
    back_numbers = sorted({row.out_refund_no for row in rows if row.out_refund_no} - backs)
    for some in _parts(numbers):
        attempts += attempts_numbered(db, shop, some)
    for some in _parts(back_numbers):
        refunds += refunds_numbered(db, shop, some)
    loose = pays_for_nothing(db, shop, [each for each in attempts if each.till == till])
    return list(differences(rows, attempts, refunds, on_day, loose))


def pays_for_nothing(db: Connection, shop: str, attempts: Sequence[Attempt]) -> set[str]:
    """Which of these charges of this till were paid and belong to no sale, no basket on its
    counter and no tab, and do not go back either.

    A till put back from a copy hears what its lost self charged, but not of the basket it was for.
    """
    taken = [each for each in attempts if each.state in (CAPTURED, LATE_CAPTURED)]
    used = {money.attempt for basket in baskets(db) for money in basket.handed}
    for basket in {each.basket for each in taken if is_sold(db, each.basket)}:
        match stored(db, basket).fact:
            case SaleCompleted(tenders=tenders):
                used |= {each.attempt for each in tenders}
            case _:
                # A tab: what it is paid with is not looked at one by one.
                used |= {each.attempt for each in taken if each.basket == basket}
    loose = {each.attempt for each in taken} - used
    return {each for each in loose if not refunds_of(db, shop, each)}


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(names), _AT_ONCE):
        yield names[at : at + _AT_ONCE]


def _static(db: Connection, shop: str, till: str, start: int) -> list[tuple[str, int]]:
    """(receipt number, fen) of the day's payments by the shop's standing code."""
    rows = db.execute(
        select(sale.c.number, sale_tender.c.amount)
        .join_from(
            sale,
            sale_tender,
            (sale_tender.c.shop == sale.c.shop) & (sale_tender.c.sale == sale.c.sale),
        )
        .where(
            sale.c.shop == shop,
            sale.c.till == till,
            sale_tender.c.tender == "static_qr",
            sale.c.order_ms.between(start, start + DAY_MS - 1),
        )
    )
    found = [(row.number, row.amount) for row in rows]
    corrections = db.execute(
        select(sale.c.number, tender_correction)
        .join_from(
            sale,
            tender_correction,
            (tender_correction.c.shop == sale.c.shop) & (tender_correction.c.sale == sale.c.sale),
        )
        .where(
            sale.c.shop == shop,
            sale.c.till == till,
            sale.c.order_ms.between(start, start + DAY_MS - 1),
        )
        .order_by(tender_correction.c.order_ms)
    )
    for row in corrections:
        if row.before == "static_qr":
            found = [each for each in found if each[0] != row.number]
        if row.after == "static_qr":
            found.append((row.number, row.amount))
    return found


def _matched(
    found: list[Difference], static: list[tuple[str, int]]
) -> tuple[list[Difference], list[tuple[str, int]]]:
    """A payment nobody here knows may be one by the standing code: same day, same amount.

    Returns what still differs, and the standing code's payments that found no match.
    """
    left, static = [], list(static)
    for each in found:
        match = next((one for one in static if one[1] == each.theirs), None)
        if each.kind == UNKNOWN_HERE and match is not None:
            static.remove(match)
        else:
            left.append(each)
    return left, static

"""Prices and promotions published, tried and taken back by whoever stands at the counter.

One way for console and window: the right is asked here, the same checks run, the same facts come.
"""

from collections.abc import Callable

import msgspec
from sqlalchemy import Connection, func, select

from app.catalogue.reading import Told, silent
from app.pricing.actions import (
    check,
    set_prices,
    set_promotion,
    withdraw_prices,
    withdraw_promotion,
)
from app.pricing.drafts import PriceListDraft, PromotionDraft, listed_prices, promotion_of
from app.pricing.windows import parse_from, parse_to
from app.sales.desk import Desk
from app.sales.tables import sale
from app.sales.trying import Trial, sold_on, try_promotion
from app.staff.rules import NOBODY, Approver
from app.text import clean
from app.transaction import Transaction, transaction


class Published(msgspec.Struct, frozen=True):
    """What stands now: its document ("" when something was taken back) and its place."""

    document: str
    seq: int


def now_of(desk: Desk) -> int:
    """The moment prices are valid at, trusted ms."""
    with desk.books.read() as db:
        return desk.prices.moment(db)


def publish_prices(
    desk: Desk, draft: PriceListDraft, approver: Approver = NOBODY, told: Told = silent
) -> Published:
    """Publish a price list; `told` hears how many lines are written.

    Raises Refusal: approval_needed…, bad_amount, bad_time, bad_price_list, no_such_product,
    below_floor.
    """
    desk.allowed("catalogue", approver)
    from_ms = parse_from(draft.from_) if draft.from_ else now_of(desk)
    lines, to_ms = listed_prices(draft), parse_to(draft.to)
    group, zone = clean(draft.group, most=20), clean(draft.zone, most=20)
    return _recorded(
        desk,
        lambda tx: set_prices(
            tx, lines, from_ms=from_ms, to_ms=to_ms, group=group, zone=zone, told=told
        ),
    )


def withdraw_price_list(desk: Desk, document: str, approver: Approver = NOBODY) -> Published:
    """Take a price list back. Raises Refusal("approval_needed")…"""
    desk.allowed("catalogue", approver)
    wanted = clean(document, most=40)

    def back(tx: Transaction) -> str:
        withdraw_prices(tx, wanted)
        return wanted

    return _recorded(desk, back)


def publish_promotion(desk: Desk, draft: PromotionDraft, approver: Approver = NOBODY) -> Published:
    """Publish a promotion, or a new version of it.

    Raises Refusal: approval_needed…, bad_promotion, bad_amount, bad_discount, bad_time,
    no_such_product, below_floor, base_price_too_high.
    """
    desk.allowed("catalogue", approver)
    rule = promotion_of(draft, now_of(desk))
    return _recorded(desk, lambda tx: set_promotion(tx, rule))


def end_promotion(desk: Desk, code: str, approver: Approver = NOBODY) -> Published:
    """Take a promotion back, a running one too. Raises Refusal: no_such_promotion…"""
    desk.allowed("catalogue", approver)
    wanted = clean(code, most=40)

    def back(tx: Transaction) -> str:
        withdraw_promotion(tx, wanted)
        return ""

    return _recorded(desk, back)


def try_draft(desk: Desk, draft: PromotionDraft, day: str, approver: Approver = NOBODY) -> Trial:
    """What a promotion would have done on a day's receipts; nothing is published.

    Raises Refusal as `publish_promotion` does.
    """
    desk.allowed("catalogue", approver)
    rule = promotion_of(draft, now_of(desk))
    parse_from(day)
    books = desk.books
    with books.read() as db:
        check(db, books.shop, rule)
        standing = [each.promotion for each in desk.prices.published(db)]
        return try_promotion(db, books.shop, sold_on(db, books.shop, day), rule, standing)


def day_to_try(db: Connection, shop: str, today: str) -> str:
    """The last day before today with a receipt; today when there is none, ISO."""
    found = db.execute(
        select(func.max(sale.c.day)).where(sale.c.shop == shop, sale.c.day < today)
    ).scalar()
    return str(found or today)


def _recorded(desk: Desk, record: Callable[[Transaction], str]) -> Published:
    with transaction(desk.books, staff=desk.person) as tx:
        document = record(tx)
        return Published(document, tx.entries[-1].envelope.seq)

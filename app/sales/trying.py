"""A promotion tried on receipts that are there before it is published. Reads, changes nothing.

Each receipt is priced twice under the promotions that stand now: as it was sold, and with the
promotion to be tried as if it had been valid that day. What people decided then stays.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, select

from app.catalogue.queries import products
from app.facts.catalogue import Product
from app.facts.pricing import Promotion
from app.facts.registry import decode_fact
from app.facts.sales import SaleCompleted, SaleLine
from app.journal.entry import decode_envelope
from app.journal.tables import entry
from app.pricing.lines import NO_TAG, Discount, LineToPrice, Priced, ShelfTag
from app.pricing.queries import listed, price_at
from app.pricing.rules import price_basket
from app.pricing.windows import valid_at
from app.sales.tables import sale


class Sold(msgspec.Struct, frozen=True):
    """A receipt as it was, with the moment it was completed at."""

    sale: SaleCompleted
    order_ms: int


class Tried(msgspec.Struct, frozen=True):
    """One receipt before and after, in fen."""

    number: str
    before: int
    after: int


class Touched(msgspec.Struct, frozen=True):
    """One product over all receipts: thousandths it lowered, fen more that came off."""

    product: str
    name: str
    quantity: int
    off: int


class Trial(msgspec.Struct, frozen=True):
    """What the promotion would have done. Only receipts it changes are named."""

    receipts: int
    changed: tuple[Tried, ...]
    before: int
    after: int
    products: tuple[Touched, ...]
    below_floor: tuple[str, ...]
    """Product codes it would have sold below their floor."""
    below_cost: tuple[str, ...]


def sold_on(db: Connection, shop: str, day: str) -> list[Sold]:
    """Every receipt of a business day, oldest first."""
    rows = db.execute(
        select(entry.c.content, sale.c.order_ms)
        .join(entry, entry.c.fact == sale.c.sale)
        .where(sale.c.shop == shop, sale.c.day == day)
        .order_by(sale.c.order_ms)
    )
    found = []
    for content, order_ms in rows:
        fact = decode_fact(decode_envelope(content).kind, content)
        assert isinstance(fact, SaleCompleted)
        found.append(Sold(fact, order_ms))
    return found


def try_promotion(
    db: Connection,
    shop: str,
    receipts: Sequence[Sold],
    promotion: Promotion,
    standing: Iterable[Promotion],
) -> Trial:
    """Price the receipts with and without it. `standing` are the promotions published now."""
    others = [each for each in standing if each.code != promotion.code]
    anytime = msgspec.structs.replace(promotion, from_ms=0, to_ms=0)
    codes = {line.product for each in receipts for line in each.sale.lines}
    goods = products(db, shop, sorted(codes))
    changed, touched = [], dict[str, Touched]()
    before = after = 0
    below: dict[str, set[str]] = {"floor": set(), "cost": set()}
    for each in receipts:
        without, tried = _both(each, others, anytime)
        before, after = before + without.due, after + tried.due
        if without.due == tried.due:
            continue
        changed.append(Tried(each.sale.number, without.due, tried.due))
        pairs = zip(each.sale.lines, without.lines, tried.lines, strict=True)
        for line, was, now in pairs:
            if now.net < was.net:
                touched[line.product] = _more(touched.get(line.product), line, now.net - was.net)
                _sort(db, shop, goods.get(line.product), line, now.net, each.order_ms, below)
    return Trial(
        receipts=len(receipts),
        changed=tuple(changed),
        before=before,
        after=after,
        products=tuple(one for _, one in sorted(touched.items())),
        below_floor=tuple(sorted(below["floor"])),
        below_cost=tuple(sorted(below["cost"])),
    )


def _both(each: Sold, others: Sequence[Promotion], tried: Promotion) -> tuple[Priced, Priced]:
    """The receipt without and with the promotion, both under today's rules."""
    member = each.sale.member
    valid = [
        one
        for one in (*others, tried)
        if valid_at(one, each.order_ms)
        and (member or not (one.member_cap or one.kind == "member"))
        and (one is tried or not one.needs_code)
    ]
    lines = [_line(line, frozenset(one.code for one in valid)) for line in each.sale.lines]
    off = sum(
        one.amount
        for line in each.sale.lines
        for one in line.reductions
        if one.kind == "basket_discount"
    )
    discount = Discount(amount=-off)
    old = [one for one in valid if one is not tried]
    return (
        price_basket(lines, promotions=old, basket_discount=discount),
        price_basket(lines, promotions=valid, basket_discount=discount),
    )


def _line(line: SaleLine, codes: frozenset[str]) -> LineToPrice:
    """The line as it was priced: a person's price and discount as the amounts they came to."""
    by_kind = {one.kind: one.amount for one in line.reductions}
    override = -1
    if "override" in by_kind:
        override = (line.amount + by_kind["override"]) * 1000 // line.quantity
    return LineToPrice(
        line=line.line,
        list_price=line.list_price,
        quantity=line.quantity,
        weighed=bool(line.weighed),
        reducible=bool(line.reducible),
        label_amount=line.amount if line.source == "label" else -1,
        label_weight="label_price" in by_kind,
        tag=_tag(line),
        override=override,
        discount=Discount(amount=-by_kind.get("line_discount", 0)),
        product="" if line.kind == "deposit" else line.product,
        promotions=codes,
    )


def _tag(line: SaleLine) -> ShelfTag:
    """The shelf's tag that decided this line, from what was left when it had."""
    left = line.amount
    for one in line.reductions:
        left += one.amount
        if one.kind == "tag_price":
            return ShelfTag(left * 1000 // line.quantity, one.rule)
    return NO_TAG


def _more(before: Touched | None, line: SaleLine, off: int) -> Touched:
    quantity, so_far = (before.quantity, before.off) if before else (0, 0)
    return Touched(line.product, line.name, quantity + line.quantity, so_far + off)


def _sort(
    db: Connection,
    shop: str,
    product: Product | None,
    line: SaleLine,
    net: int,
    moment: int,
    below: dict[str, set[str]],
) -> None:
    """Note goods that would have been sold below their floor or cost."""
    if product is None:
        return
    _, row = price_at(listed(db, shop, line.product), product.price, moment=moment)
    if row is not None and net * 1000 < row.floor * line.quantity:
        below["floor"].add(line.product)
    # Cost is kept in 1/10000 fen per unit.
    if net * 1000 * 10_000 < product.cost * line.quantity:
        below["cost"].add(line.product)

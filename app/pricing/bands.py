"""Prices nobody can mean: nought, less than nought, ten times up or down at one stroke.

Head office says prices from far away, and a slip there, or a hand that is not its own, would empty
a shop before anybody looks. A till holds such a version and goes on at the prices that counted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from app.catalogue.queries import products
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.pricing import (
    PriceListSet,
    PriceListWithdrawn,
    Promotion,
    PromotionSet,
    PromotionWithdrawn,
)
from app.pricing.tables import listed_price

MOST_TIMES = 10
"""In one step: head office that does mean it says so in two."""
MOST_PERMILLE = 1000
_AT_ONCE = 500
Said = tuple[str, int]
"""A product's code and a price in fen."""


def why_no_price(db: Connection, shop: str, facts: Sequence[Fact]) -> str:
    """price_zero, price_jump, reduction_too_great, or "" when every price may be meant.

    Of what the facts say of one thing the last counts; they are held against what counts here now.
    """
    if any(price <= 0 for _, price in _prices(facts)):
        return "price_zero"
    if wrong_promotions(facts):
        return "reduction_too_great"
    return "price_jump" if wrong_prices(db, shop, facts) else ""


def wrong_prices(db: Connection, shop: str, facts: Sequence[Fact]) -> list[Said]:
    """Prices that cannot be meant: those of nought or less, else those that jump."""
    said = list(_prices(facts))
    if nought := [each for each in said if each[1] <= 0]:
        return nought
    present = _present(db, shop, {code for code, _ in said})
    return [(code, price) for code, price in said if _jumps(price, present.get(code, ()))]


def wrong_promotions(facts: Sequence[Fact]) -> list[Promotion]:
    """Promotions that would give more away than there is."""
    return [each for each in _promotions(facts) if _too_great(each)]


def _prices(facts: Sequence[Fact]) -> Iterator[Said]:
    goods: dict[str, Product] = {}
    listed: dict[tuple[str, str], int] = {}
    withdrawn = {fact.document for fact in facts if isinstance(fact, PriceListWithdrawn)}
    for fact in facts:
        match fact:
            case ProductsSet(products=some):
                goods |= {one.code: one for one in some}
            case PriceListSet(document=document, lines=lines) if document not in withdrawn:
                # A list that was taken back prices nothing, whatever stands in it.
                listed |= {(document, line.product): line.price for line in lines}
    for one in goods.values():
        if one.price or not one.display_only:
            yield one.code, one.price
    for (_, code), price in listed.items():
        yield code, price
    for rule in _promotions(facts):
        if rule.kind in ("item_price", "member") and rule.price != -1:
            yield from ((code, rule.price) for code in rule.products or ("",))


def _promotions(facts: Iterable[Fact]) -> Iterable[Promotion]:
    standing: dict[str, Promotion] = {}
    for fact in facts:
        match fact:
            case PromotionSet(promotion=rule):
                standing[rule.code] = rule
            case PromotionWithdrawn(code=code):
                standing.pop(code, None)
    return standing.values()


def _too_great(rule: Promotion) -> bool:
    shares = (rule.permille, *(step.permille for step in rule.steps))
    amounts = (step for step in rule.steps if rule.kind == "spend_get")
    return (
        rule.price < -1
        or any(not 0 <= share <= MOST_PERMILLE for share in shares)
        or any(step.off < 0 or (step.off and step.off >= step.spend) for step in amounts)
    )


def _present(db: Connection, shop: str, codes: Collection[str]) -> Mapping[str, set[int]]:
    """Every price that stands for these products here, a list's and the catalogue's."""
    wanted = sorted(codes)
    found = {one.code: {one.price} for one in products(db, shop, wanted).values()}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = db.execute(
            select(listed_price.c.product, listed_price.c.price).where(
                listed_price.c.shop == shop,
                listed_price.c.product.in_(wanted[start : start + _AT_ONCE]),
            )
        )
        for code, price in rows:
            found.setdefault(code, set()).add(price)
    return found


def _jumps(price: int, present: Collection[int]) -> bool:
    known = [each for each in present if each > 0]
    return bool(known) and not any(
        price < each * MOST_TIMES and each < price * MOST_TIMES for each in known
    )

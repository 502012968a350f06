"""Publishing prices and promotions: what is checked before a fact stands, and taking back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection

from app.catalogue.queries import products
from app.catalogue.reading import Told, silent
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.pricing import (
    ListedPrice,
    PriceListSet,
    PriceListWithdrawn,
    Promotion,
    PromotionSet,
    PromotionWithdrawn,
)
from app.money import yuan
from app.pricing.items import ITEM_KINDS
from app.pricing.lines import WHOLE, price_after
from app.pricing.queries import base_price, listed, price_at, promotions
from app.pricing.windows import minutes_of
from app.transaction import Transaction

MOST_LINES = 500
"""Prices in one fact; a longer list is several facts under one document."""
MOST_PRODUCTS = 2000
KINDS = (*ITEM_KINDS, "spend_get", "swap", "member")
_NEEDS: dict[str, tuple[str, ...]] = {
    "item_price": ("products", "price"),
    "percent": ("permille",),
    "nth": ("n",),
    "buy_get": ("n", "get"),
    "spend_get": ("steps",),
    "swap": ("products", "price", "steps"),
    "kit": ("parts", "price"),
    "member": (),
}


def set_prices(
    tx: Transaction,
    lines: Sequence[ListedPrice],
    *,
    from_ms: int,
    to_ms: int = 0,
    group: str = "",
    zone: str = "",
    told: Told = silent,
) -> str:
    """Publish a price list; the document that is its identity. `told` hears of lines written.

    Raises Refusal: bad_price_list, no_such_product, below_floor (a price below its own floor).
    """
    codes = check_list(lines, from_ms=from_ms, to_ms=to_ms)
    check_floors(lines, _known(tx.connection, tx.shop, codes))
    document = tx.ids.new()
    for part, fact in enumerate(
        list_facts(tx.shop, document, lines, from_ms=from_ms, to_ms=to_ms, group=group, zone=zone),
        1,
    ):
        tx.record(fact)
        told(min(part * MOST_LINES, len(lines)))
    return document


def check_list(lines: Sequence[ListedPrice], *, from_ms: int, to_ms: int) -> list[str]:
    """The codes a price list names. Raises Refusal("bad_price_list")."""
    codes = [line.product for line in lines]
    if not lines or (to_ms and to_ms <= from_ms) or len(set(codes)) < len(codes):
        raise Refusal("bad_price_list")
    return codes


def check_floors(lines: Sequence[ListedPrice], known: Mapping[str, Product]) -> None:
    """Raises Refusal: bad_price_list, below_floor."""
    for line in lines:
        if line.price < 0 or line.floor < 0:
            raise Refusal("bad_price_list")
        if line.price < line.floor:
            raise Refusal("below_floor", name=known[line.product].name)


def list_facts(
    shop: str,
    document: str,
    lines: Sequence[ListedPrice],
    *,
    from_ms: int,
    to_ms: int,
    group: str = "",
    zone: str = "",
) -> Iterator[PriceListSet]:
    """A price list as facts, several for a long one."""
    parts = -(-len(lines) // MOST_LINES)
    for part, some in enumerate(_chunks(lines), 1):
        yield PriceListSet(
            shop=shop,
            document=document,
            part=part,
            parts=parts,
            group=group,
            zone=zone,
            from_ms=from_ms,
            to_ms=to_ms,
            lines=tuple(some),
        )


def _chunks(lines: Sequence[ListedPrice]) -> Iterator[Sequence[ListedPrice]]:
    return (lines[at : at + MOST_LINES] for at in range(0, len(lines), MOST_LINES))


def _known(db: Connection, shop: str, codes: Iterable[str]) -> dict[str, Product]:
    wanted = list(dict.fromkeys(codes))
    found = products(db, shop, wanted)
    if missing := [code for code in wanted if code not in found]:
        raise Refusal("no_such_product", product=missing[0][:40])
    return found


def withdraw_prices(tx: Transaction, document: str) -> None:
    """Take a price list back."""
    tx.record(PriceListWithdrawn(shop=tx.shop, document=document))


def set_promotion(tx: Transaction, promotion: Promotion) -> str:
    """Publish a promotion, or a new version of it; the document of this version.

    Raises Refusal: bad_promotion (which field), no_such_product, below_floor,
    base_price_too_high (the price before, as stated, was not the lowest of seven days).
    """
    check(tx.connection, tx.shop, promotion)
    document = tx.ids.new()
    tx.record(PromotionSet(shop=tx.shop, document=document, promotion=promotion))
    return document


def withdraw_promotion(tx: Transaction, code: str) -> None:
    """Take a promotion back. Raises Refusal("no_such_promotion")."""
    if all(each.promotion.code != code for each in promotions(tx.connection, tx.shop)):
        raise Refusal("no_such_promotion", code=code[:40])
    tx.record(PromotionWithdrawn(shop=tx.shop, code=code))


def check(db: Connection, shop: str, promotion: Promotion) -> None:
    """Whether it may be published as it stands. Raises Refusal as `set_promotion`."""
    check_shape(promotion)
    parts = [part.product for part in promotion.parts]
    goods = _known(db, shop, (*promotion.products, *promotion.gifts, *parts))
    for code in promotion.products:
        _check_price(db, shop, promotion, goods[code])


def check_shape(promotion: Promotion) -> None:
    """Whether its fields make sense for its kind. Raises Refusal("bad_promotion", field)."""
    if promotion.kind not in KINDS:
        raise Refusal("bad_promotion", field="kind")
    if not promotion.code or not promotion.name:
        raise Refusal("bad_promotion", field="code" if not promotion.code else "name")
    if promotion.to_ms and promotion.to_ms <= promotion.from_ms:
        raise Refusal("bad_promotion", field="to")
    if any(not 1 <= day <= 7 for day in promotion.weekdays):
        raise Refusal("bad_promotion", field="weekdays")
    for window in promotion.hours:
        minutes_of(window)
    if len(promotion.products) > MOST_PRODUCTS:
        raise Refusal("bad_promotion", field="products")
    _check_numbers(promotion)


def _check_numbers(promotion: Promotion) -> None:
    for field in _NEEDS[promotion.kind]:
        value = getattr(promotion, field)
        if not value and not (field == "price" and value == 0):
            raise Refusal("bad_promotion", field=field)
    by_price = promotion.price >= 0
    by_share = 0 < promotion.permille < WHOLE
    free = promotion.kind == "nth" and promotion.permille == WHOLE
    if "price" in _NEEDS[promotion.kind] and not by_price:
        raise Refusal("bad_promotion", field="price")
    if promotion.kind in ("percent", "nth", "member") and by_price == (by_share or free):
        raise Refusal("bad_promotion", field="percent")
    if promotion.kind == "nth" and promotion.n < 2:
        raise Refusal("bad_promotion", field="n")
    whole = [part.pieces - 1 for part in promotion.parts]
    whole += [promotion.n, promotion.get, promotion.most_off, promotion.base]
    whole += [promotion.basket_cap, promotion.member_cap]
    if min(whole) < 0:
        raise Refusal("bad_promotion", field="params")
    if promotion.kind == "member" and (promotion.basket_cap or promotion.member_cap):
        raise Refusal("bad_promotion", field="cap")
    _check_steps(promotion)


def _check_steps(promotion: Promotion) -> None:
    for step in promotion.steps:
        lowers = 0 < step.off <= step.spend or 0 < step.permille < WHOLE
        if step.spend <= 0 or (promotion.kind == "spend_get" and not lowers):
            raise Refusal("bad_promotion", field="steps")


def _check_price(db: Connection, shop: str, promotion: Promotion, product: Product) -> None:
    rows = listed(db, shop, product.code)
    before, _ = price_at(rows, product.price, moment=promotion.from_ms - 1)
    if promotion.base:
        most = base_price(db, shop, product.code, promotion.from_ms, before)
        if promotion.base > most:
            raise Refusal("base_price_too_high", name=product.name, most=yuan(most))
    if promotion.kind not in ("item_price", "percent", "member"):
        return
    price, row = price_at(rows, product.price, moment=promotion.from_ms)
    lowered = promotion.price if promotion.price >= 0 else price_after(price, promotion.permille)
    if row is not None and lowered < row.floor:
        raise Refusal("below_floor", name=product.name)

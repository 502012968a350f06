"""What a person wrote becomes an offer with its effect: checked, and not yet published."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from app.errors import Refusal
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.pricing import Promotion, PromotionSet
from app.facts.staff import StaffSet
from app.money import yuan
from app.pricing.actions import check_floors, check_list, check_shape, list_facts
from app.pricing.drafts import PriceListDraft, PromotionDraft, listed_prices, promotion_of
from app.pricing.windows import parse_from, parse_to
from app.staff.rules import ROLES, checked_number
from app.text import clean
from sync.hub.catalogue import brand_goods, known_products, shops
from sync.hub.offers import Offer
from sync.hub.office_apply import HQ
from sync.hub.prices import (
    Effect,
    PriceMove,
    base_price,
    effect_of_list,
    effect_of_promotion,
    lists_of,
)
from sync.hub.state import Hub

MOST_GOODS = 100
"""Products in one fact, so that an entry stays short enough."""
Drafted = tuple[Offer, Effect]


def chosen_shops(db: Connection, wanted: Sequence[str]) -> tuple[str, ...]:
    """The shops a publication is for, all of them when none is named.

    Raises Refusal: no_such_shop, no_shops.
    """
    known = shops(db)
    for shop in wanted:
        if shop not in known:
            raise Refusal("no_such_shop", shop=clean(shop, most=20))
    if not known:
        raise Refusal("no_shops")
    return tuple(sorted(set(wanted))) or tuple(known)


def price_list(
    hub: Hub, db: Connection, draft: PriceListDraft, wanted: Sequence[str] = ()
) -> Drafted:
    """A price list for some shops.

    Raises Refusal: bad_price_list, bad_amount, bad_time, no_such_product, below_floor,
    no_such_shop, no_shops.
    """
    targets = chosen_shops(db, wanted)
    from_ms = parse_from(draft.from_) if draft.from_ else hub.now_ms()
    lines, to_ms = listed_prices(draft), parse_to(draft.to)
    codes = check_list(lines, from_ms=from_ms, to_ms=to_ms)
    known = _known_everywhere(db, targets, codes)
    check_floors(lines, known)
    document = hub.ids.new()
    facts = list_facts(
        HQ, document, lines, from_ms=from_ms, to_ms=to_ms,
        group=clean(draft.group, most=20), zone=clean(draft.zone, most=20),
    )  # fmt: skip
    offer = Offer("publish", "prices", document, targets, tuple(facts))
    return offer, effect_of_list(db, targets, lines, from_ms=from_ms)


def promotion(
    hub: Hub, db: Connection, draft: PromotionDraft, wanted: Sequence[str] = ()
) -> Drafted:
    """A promotion, or a new version of one, for some shops.

    Raises Refusal: bad_promotion, bad_amount, bad_discount, bad_time, no_such_product, below_floor,
    base_price_too_high, no_such_shop, no_shops.
    """
    targets = chosen_shops(db, wanted)
    rule = promotion_of(draft, hub.now_ms())
    check_shape(rule)
    parts = [part.product for part in rule.parts]
    known = _known_everywhere(db, targets, (*rule.products, *rule.gifts, *parts))
    if rule.base:
        for shop in targets:
            _check_base(db, shop, rule, known)
    effect = effect_of_promotion(db, targets, rule)
    for move in effect.below_floor:
        raise Refusal("below_floor", name=move.name)
    fact = PromotionSet(shop=HQ, document=hub.ids.new(), promotion=rule)
    return Offer("publish", "promotions", rule.code, targets, (fact,)), effect


def products_set(
    hub: Hub, db: Connection, goods: Sequence[Product], wanted: Sequence[str] = ()
) -> Drafted:
    """Articles of the brand's catalogue, new or changed.

    Raises Refusal: nothing_chosen, bad_price_list, no_such_shop, no_shops.
    """
    targets = chosen_shops(db, wanted)
    if not goods:
        raise Refusal("nothing_chosen")
    if any(each.price < 0 or not each.code or not each.name for each in goods):
        raise Refusal("bad_price_list")
    document = hub.ids.new()
    parts = [goods[at : at + MOST_GOODS] for at in range(0, len(goods), MOST_GOODS)]
    facts = tuple(
        ProductsSet(shop=HQ, document=document, part=n, parts=len(parts), products=tuple(some))
        for n, some in enumerate(parts, 1)
    )
    return Offer("catalogue", "catalogue", document, targets, facts), changed(db, targets, goods)


def staff_set(db: Connection, *, shop: str, person: str, role: str, active: bool = True) -> Drafted:
    """Somebody's role in a shop, "" for all; PINs are given there, by whoever stands beside them.

    Raises Refusal: staff_number_bad, role_unknown, no_such_shop.
    """
    targets = chosen_shops(db, [shop] if shop else [])
    checked_number(person)
    if role not in ROLES:
        raise Refusal("role_unknown", role=clean(role, most=20))
    fact: Fact = StaffSet(shop=HQ, person=person, role=role, active=int(active))
    return Offer("staff", "staff", person, targets, (fact,)), Effect(targets)


def adopted(db: Connection, codes: Sequence[str], shop: str) -> list[Product]:
    """A shop's own articles, to become the brand's. Raises Refusal("no_such_product")."""
    found = known_products(db, shop, codes)
    for code in codes:
        if code not in found:
            raise Refusal("no_such_product", product=clean(code, most=40))
    return list(found.values())


def edited(
    db: Connection, code: str, *, name: str, spec: str, price: int, story: str, active: bool
) -> Product:
    """An article with what a person changed. Raises Refusal("no_such_product")."""
    for one in brand_goods(db):
        if one.code == code:
            return msgspec.structs.replace(
                one, name=clean(name, most=60) or one.name, spec=clean(spec, most=40),
                price=price, story=clean(story, most=400), active=int(active),
            )  # fmt: skip
    raise Refusal("no_such_product", product=clean(code, most=40))


def _known_everywhere(
    db: Connection, targets: Sequence[str], codes: Sequence[str]
) -> dict[str, Product]:
    wanted = list(dict.fromkeys(codes))
    found: dict[str, Product] = {}
    for shop in targets:
        found |= known_products(db, shop, wanted)
    for code in wanted:
        if code not in found:
            raise Refusal("no_such_product", product=code[:40])
    return found


def _check_base(db: Connection, shop: str, rule: Promotion, known: dict[str, Product]) -> None:
    lists = lists_of(db, shop, rule.products)
    for code in rule.products:
        standing = [each for each in lists.get(code, ()) if each.from_ms < rule.from_ms]
        before = standing[0].price if standing else known[code].price
        most = base_price(db, shop, code, rule.from_ms, before)
        if rule.base > most:
            raise Refusal("base_price_too_high", name=known[code].name, most=yuan(most))


def changed(db: Connection, targets: Sequence[str], goods: Sequence[Product]) -> Effect:
    """An article's own price moves where no list has the word."""
    moves = []
    for shop in targets:
        before = known_products(db, shop, [each.code for each in goods])
        lists = lists_of(db, shop, [each.code for each in goods])
        moves += [
            PriceMove(
                shop, each.code, each.name, before[each.code].price, each.price,
                below_floor=False, below_cost=each.price * 10_000 < each.cost, tags=0,
            )
            for each in goods
            if each.code in before and each.code not in lists
        ]  # fmt: skip
    return Effect(tuple(targets), tuple(moves), articles=len(goods))

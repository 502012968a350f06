"""What everything costs now, kept in memory between two scans until a fact changes it."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from app.catalogue.queries import all_products, products
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.pricing import (
    PriceListSet,
    PriceListWithdrawn,
    Promotion,
    PromotionSet,
    PromotionWithdrawn,
)
from app.pricing.lines import NO_TAG, LineToPrice, ShelfTag
from app.pricing.queries import (
    Listed,
    Published,
    list_changes,
    listed,
    price_at,
    promotions,
    used_by,
    versions,
)
from app.pricing.rules import price_basket
from app.pricing.windows import lasts, valid_at, valid_between
from app.transaction import Books

_CHANGES = (PriceListSet, PriceListWithdrawn, PromotionSet, PromotionWithdrawn, ProductsSet)
_SHOWN = ("item_price", "percent")
MEMBERS = "member"
"""The customer group whose lists are member prices at the till."""


class PriceChange(msgspec.Struct, frozen=True):
    """What one piece or kilogram costs anybody before and after a moment, in fen."""

    product: Product
    moment: int
    before: int
    after: int


class PriceBoard:
    """Price lists and promotions of one shop; `zone` says which price zone it lies in."""

    def __init__(
        self,
        books: Books,
        zone: Callable[[], str],
        tag: Callable[[Connection, str], ShelfTag] = lambda db, product: NO_TAG,
    ) -> None:
        """`tag` is what the shelves' tags say of a product."""
        self._books = books
        self._zone = zone
        self._tag = tag
        self._lists: dict[str, tuple[Listed, ...]] = {}
        self._promotions: tuple[Published, ...] | None = None
        self._versions: tuple[str, str] | None = None
        books.listeners.append(self._heard)

    def forget(self) -> None:
        """Read everything again at the next question."""
        self._lists, self._promotions, self._versions = {}, None, None

    def _heard(self, facts: Sequence[Fact]) -> None:
        if any(isinstance(fact, _CHANGES) for fact in facts):
            self.forget()

    def moment(self, db: Connection) -> int:
        """The moment prices are valid at: the till's trusted time, in ms."""
        return self._books.journal.trusted_ms(db)

    def versions(self) -> tuple[str, str]:
        """(price list, promotions) as a sale's header freezes them."""
        if self._versions is None:
            with self._books.read() as db:
                self._versions = versions(db, self._books.shop)
        return self._versions

    def published(self, db: Connection) -> tuple[Published, ...]:
        """Every promotion that was not taken back, by code."""
        if self._promotions is None:
            self._promotions = promotions(db, self._books.shop)
        return self._promotions

    def _of(self, db: Connection, product: str) -> tuple[Listed, ...]:
        if (rows := self._lists.get(product)) is None:
            rows = self._lists[product] = listed(db, self._books.shop, product)
        return rows

    def list_of(self, db: Connection, product: Product, moment: int) -> Listed | None:
        """The list that prices a product for everybody at a moment, None = the catalogue."""
        rows = self._of(db, product.code)
        return price_at(rows, product.price, moment=moment, zone=self._zone())[1]

    def listed(self, db: Connection, product: Product, moment: int | None = None) -> Product:
        """The product at its list price, now or at another moment."""
        if not (rows := self._of(db, product.code)):
            return product
        when = self.moment(db) if moment is None else moment
        price, _ = price_at(rows, product.price, moment=when, zone=self._zone())
        if price == product.price:
            return product
        return msgspec.structs.replace(product, price=price)

    def tag(self, db: Connection, product: Product) -> ShelfTag:
        """The tag that promises less than this price of a product, NO_TAG when none does."""
        found = self._tag(db, product.code)
        return found if 0 <= found.price < product.price else NO_TAG

    def shown(self, db: Connection, product: Product, at_ms: int | None = None) -> Product:
        """The product at what one piece or kilogram costs anybody now or at another moment,
        promotions included."""
        found = self.published(db)
        moment = self.moment(db) if at_ms is None else at_ms
        one = self.listed(db, product, moment)
        rules = [
            msgspec.structs.replace(each.promotion, basket_cap=0)
            for each in found
            if each.promotion.kind in _SHOWN
            and not each.promotion.needs_code
            and not each.promotion.member_cap
            and valid_at(each.promotion, moment)
        ]
        if not rules or not one.reducible:
            return one
        line = LineToPrice(
            line=1,
            list_price=one.price,
            quantity=1000,
            weighed=bool(one.weighed),
            reducible=True,
            product=one.code,
            promotions=frozenset(each.code for each in rules),
        )
        return msgspec.structs.replace(one, price=price_basket([line], promotions=rules).due)

    def changes(self, db: Connection, since: int, until: int) -> list[PriceChange]:
        """Every change of a price for everybody in (since, until], oldest first: the tags that
        will lie. Promotions by the clock within a day change no tag."""
        goods: dict[int, set[str]] = {}
        for moment, code in list_changes(db, self._books.shop, since, until):
            goods.setdefault(moment, set()).add(code)
        for each in self.published(db):
            rule = each.promotion
            for moment in (rule.from_ms, rule.to_ms):
                tagged = rule.kind in _SHOWN and not rule.hours and not rule.weekdays
                if tagged and since < moment <= until:
                    codes = rule.products or all_products(db, self._books.shop)
                    goods.setdefault(moment, set()).update(codes)
        known = products(db, self._books.shop, sorted(set[str]().union(*goods.values())))
        found = []
        for moment, changing in sorted(goods.items()):
            for one in (known[code] for code in sorted(changing) if code in known):
                before, after = (self.shown(db, one, at).price for at in (moment - 1, moment))
                if before != after and one.active:
                    found.append(PriceChange(one, moment, before, after))
        return found

    def for_basket(
        self,
        db: Connection,
        goods: Iterable[Product],
        *,
        since: int,
        until: int,
        member: str = "",
        codes: Sequence[str] = (),
    ) -> tuple[Promotion, ...]:
        """Promotions a basket may have that was valid at some moment of [since, until].

        Those that need a member or a code come only with it; caps are what is left of them; each
        names of its products only those in the basket.
        """
        products = {one.code: one for one in goods}
        found = [
            _trimmed(each.promotion, products)
            for each in self.published(db)
            if valid_between(each.promotion, since, until)
            and (each.promotion.needs_code in ("", *codes))
            and (member or not (each.promotion.member_cap or each.promotion.kind == "member"))
            and _touches(each.promotion, products)
        ]
        if any(each.member_cap for each in found):
            used = used_by(db, self._books.shop, member)
            found = [left for each in found if (left := _left(each, used))]
        if member:
            found += self._member_prices(db, products, since, until)
        return tuple(found)

    def swaps_on_offer(
        self, db: Connection, *, at: int, member: str, codes: Sequence[str]
    ) -> list[Promotion]:
        """换购 that anybody with this member and these codes may have now."""
        return [
            each.promotion
            for each in self.published(db)
            if each.promotion.kind == "swap"
            and valid_at(each.promotion, at)
            and each.promotion.needs_code in ("", *codes)
            and (member or not each.promotion.member_cap)
        ]

    def used_up(
        self, db: Connection, goods: Iterable[Product], *, at: int, member: str
    ) -> list[Promotion]:
        """Promotions on these goods that this member has had as often as anybody may."""
        products = {one.code: one for one in goods}
        capped = [
            each.promotion
            for each in self.published(db)
            if each.promotion.member_cap
            and valid_at(each.promotion, at)
            and _touches(each.promotion, products)
        ]
        if not capped or not member:
            return []
        used = used_by(db, self._books.shop, member)
        return [each for each in capped if _left(each, used) is None]

    def out_of_reach(
        self, db: Connection, product: Product, *, at: int, member: str, codes: Sequence[str]
    ) -> list[tuple[Promotion, str]]:
        """Promotions on a product that are valid and still not this basket's, with the reason."""
        used = used_by(db, self._books.shop, member) if member else {}
        found = []
        for each in self.published(db):
            rule, reason = each.promotion, ""
            if not valid_at(rule, at) or not _touches(rule, {product.code: product}):
                continue
            if rule.needs_code and rule.needs_code not in codes:
                reason = "要出示优惠码"
            elif (rule.kind == "member" or rule.member_cap) and not member:
                reason = "会员才有"
            elif rule.member_cap and _left(rule, used) is None:
                reason = f"每位会员 {rule.member_cap} 次，已经用完"
            if reason:
                found.append((rule, reason))
        return found

    def _member_prices(
        self, db: Connection, products: dict[str, Product], since: int, until: int
    ) -> list[Promotion]:
        """Price lists for members, as the rules they mean."""
        found = {}
        for code in products:
            for row in self._of(db, code):
                meant = row.group == MEMBERS and row.zone in ("", self._zone())
                valid = lasts(row.from_ms, row.to_ms, until) or since <= row.from_ms <= until
                if meant and valid and code not in found:
                    found[code] = Promotion(
                        code=f"{row.document}:{code}",
                        name="会员价",
                        kind="member",
                        from_ms=row.from_ms,
                        to_ms=row.to_ms,
                        products=(code,),
                        price=row.price,
                    )
        return list(found.values())


def _touches(promotion: Promotion, products: dict[str, Product]) -> bool:
    if promotion.kind == "kit":
        return all(part.product in products for part in promotion.parts)
    named = (*promotion.products, *promotion.gifts)
    return not promotion.products or any(code in products for code in named)


def _trimmed(promotion: Promotion, products: dict[str, Product]) -> Promotion:
    """Without the products that are not in the basket: a draft holds it many times a minute."""
    if len(promotion.products) <= 1:
        return promotion
    kept = tuple(code for code in promotion.products if code in products)
    # None of them must not come to mean all of them.
    return msgspec.structs.replace(promotion, products=kept or promotion.products[:1])


def _left(promotion: Promotion, used: dict[str, int]) -> Promotion | None:
    """What the member may still have of it, None when it is used up."""
    if not promotion.member_cap:
        return promotion
    left = promotion.member_cap - used.get(promotion.code, 0)
    if left <= 0:
        return None
    cap = min(promotion.basket_cap, left) if promotion.basket_cap else left
    return msgspec.structs.replace(promotion, basket_cap=cap)

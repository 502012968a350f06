"""From a basket to the completed sale's fact: everything worked out once, then frozen. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from app.facts.catalogue import KitPart, Product
from app.facts.sales import (
    LotShare,
    PromotionUsed,
    Reduction,
    SaleCompleted,
    SaleLine,
    SoldPart,
    Tender,
)
from app.members.rules import points_for
from app.money import split
from app.pricing.rules import Priced, PricedLine, rounding_shares, taxes
from app.sales.basket import Basket, Line, priced
from app.sales.exchange import TakenBack
from app.stock.rules import LotOnHand, allocate, less

COUNTY_BRAND = "开平优品"
DEPOSIT_CLASS = "deposit"
"""押金 is not turnover: its own class, no tax."""


class Sitting(msgspec.Struct, frozen=True, kw_only=True):
    """Who sells where: what a sale's header freezes besides the basket."""

    shop: str
    till: str
    drawer: str
    series: str
    day: str
    shift: str
    person: str
    role: str
    channel: str
    seller: str
    rounding_step: int
    today: str
    """The calendar's date: goods end by it, whatever business day is still open."""
    price_list: str
    promotions: str
    rights: str
    taxonomy: str
    points_per: int
    """Whole yuan that earn a member one point, 0 = none."""


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """What the books say of the goods in a basket at the moment it completes."""

    kits: Mapping[str, Sequence[KitPart]]
    products: Mapping[str, Product]
    """The kits' parts."""
    lots: Mapping[str, Sequence[LotOnHand]]


def products_taken(basket: Basket, kits: Mapping[str, Sequence[KitPart]]) -> list[str]:
    """Every product whose stock this basket moves: a kit moves its parts."""
    codes: dict[str, None] = {}
    for line in basket.lines:
        if line.deposit_of or line.product.kind == "service":
            continue
        parts = kits.get(line.product.code, ())
        codes.update(dict.fromkeys([part.part for part in parts] or [line.product.code]))
    return list(codes)


def sale_number(sitting: Sitting, sequence: int) -> str:
    """What people call a receipt: shop-till+series-yymmdd-sequence."""
    day = sitting.day.replace("-", "")[2:]
    return f"{sitting.shop}-{sitting.till}{sitting.series}-{day}-{sequence:04d}"


def completed_sale(
    basket: Basket,
    sitting: Sitting,
    goods: Goods,
    *,
    sequence: int,
    back: TakenBack | None = None,
) -> SaleCompleted:
    """The fact. Asserts that lines, due and tenders agree to the fen."""
    total = priced(basket, rounding_step=sitting.rounding_step)
    lines = _lines(basket, total, goods, sitting.today)
    tenders = tuple(Tender(**msgspec.structs.asdict(each)) for each in basket.handed)
    tenders = (*(back.tenders if back else ()), *tenders)
    assert sum(line.paid for line in lines) == total.due == sum(each.amount for each in tenders)
    assert all(each.tendered - each.change == each.amount for each in tenders)
    return SaleCompleted(
        shop=sitting.shop,
        till=sitting.till,
        day=sitting.day,
        shift=sitting.shift,
        number=sale_number(sitting, sequence),
        sequence=sequence,
        series=sitting.series,
        drawer=sitting.drawer,
        person=sitting.person,
        channel=sitting.channel,
        seller=sitting.seller,
        opened_ms=basket.opened_ms,
        lines=lines,
        pieces=basket.pieces,
        gross=total.gross,
        reduced=total.reduced,
        rounding=total.rounding,
        due=total.due,
        tenders=tenders,
        change=sum(each.change for each in tenders),
        tax=sum(line.tax for line in lines),
        answers=basket.answers,
        approvals=basket.approvals,
        member=basket.member,
        points_earned=_points(basket, lines, sitting),
        points_used=total.points,
        price_list=sitting.price_list,
        promotions=sitting.promotions,
        used=tuple(PromotionUsed(code=c, times=n) for c, n in sorted(total.used.items())),
        rights=sitting.rights,
        taxonomy=sitting.taxonomy,
        exchange=back.id if back else "",
    )


def _points(basket: Basket, lines: Sequence[SaleLine], sitting: Sitting) -> int:
    """What a member's sale earns: on goods only, never on bags or containers' deposits."""
    if not basket.member:
        return 0
    return points_for(sum(line.paid for line in lines if line.reducible), sitting.points_per)


def _lines(basket: Basket, total: Priced, goods: Goods, day: str) -> tuple[SaleLine, ...]:
    """Every line with its share of 抹零 and tax, and the lots it takes, in the basket's order."""
    rounding = rounding_shares(total, [line.reducible for line in basket.lines])
    paid = [each.net + share for each, share in zip(total.lines, rounding, strict=True)]
    tax = taxes(
        [
            (DEPOSIT_CLASS, 0, amount)
            if line.deposit_of
            else (line.product.tax_class, line.product.tax_rate, amount)
            for line, amount in zip(basket.lines, paid, strict=True)
        ]
    )
    lots: Lots = dict(goods.lots)
    lines = []
    for index, line in enumerate(basket.lines):
        reductions = total.lines[index].reductions
        if rounding[index]:
            reductions = (*reductions, _rounding(rounding[index]))
        taken, parts, lots = _take(line, goods, lots, day)
        share = _Share(total.lines[index], reductions, paid[index], tax[index])
        lines.append(_frozen(line, share, taken, _with_shares(parts, paid[index], goods)))
    return tuple(lines)


def _with_shares(parts: tuple[SoldPart, ...], paid: int, goods: Goods) -> tuple[SoldPart, ...]:
    """A kit's parts with what was paid for each, by what the parts would cost alone."""
    if not parts:
        return ()
    weights = [
        goods.products[part.product].price * part.quantity if part.product in goods.products else 0
        for part in parts
    ]
    return tuple(
        msgspec.structs.replace(part, paid=share)
        for part, share in zip(parts, split(paid, weights), strict=True)
    )


def lots_to_take(basket: Basket, goods: Goods, today: str) -> dict[int, tuple[LotShare, ...]]:
    """By line the lots this basket would take if it were completed now; a kit has none itself."""
    lots: Lots = dict(goods.lots)
    found = {}
    for line in basket.lines:
        found[line.line], _, lots = _take(line, goods, lots, today)
    return found


def _rounding(share: int) -> Reduction:
    return Reduction(rule="rounding", kind="rounding", name="抹零", amount=share)


Lots = dict[str, Sequence[LotOnHand]]


class _Share(msgspec.Struct, frozen=True):
    """A line's share of everything that was worked out on the whole sale."""

    priced: PricedLine
    reductions: tuple[Reduction, ...]
    paid: int
    tax: int


def _take(
    line: Line, goods: Goods, lots: Lots, day: str
) -> tuple[tuple[LotShare, ...], tuple[SoldPart, ...], Lots]:
    """The line's lots and parts, and the lots that remain for the next line."""
    if line.deposit_of or line.product.kind == "service":
        return (), (), lots
    if not (kit := goods.kits.get(line.product.code, ())):
        taken = allocate(line.quantity, lots.get(line.product.code, ()), day=day, scanned=line.lot)
        remain = less(lots.get(line.product.code, ()), taken)
        return taken, (), lots | {line.product.code: remain}
    parts = []
    for part in kit:
        quantity = part.quantity * line.quantity // 1000
        taken = allocate(quantity, lots.get(part.part, ()), day=day)
        lots = lots | {part.part: less(lots.get(part.part, ()), taken)}
        name = goods.products[part.part].name if part.part in goods.products else part.part
        parts.append(SoldPart(product=part.part, name=name, quantity=quantity, lots=taken))
    return (), tuple(parts), lots


def _frozen(
    line: Line, share: _Share, lots: tuple[LotShare, ...], parts: tuple[SoldPart, ...]
) -> SaleLine:
    product = line.product
    deposit = bool(line.deposit_of)
    return SaleLine(
        line=line.line,
        product=product.code,
        name=line.name,
        spec=product.spec,
        unit=product.unit,
        weighed=product.weighed,
        quantity=line.quantity,
        list_price=line.price,
        unit_price=share.priced.unit_price,
        amount=share.priced.amount,
        reductions=share.reductions,
        paid=share.paid,
        charged=share.priced.charged,
        tax_class=DEPOSIT_CLASS if deposit else product.tax_class,
        tax_rate=0 if deposit else product.tax_rate,
        tax=share.tax,
        mark=product.mark,
        brand=COUNTY_BRAND if product.mark in ("county", "dual") else "",
        brand_town=product.brand_town,
        origin_town=product.origin_town,
        origin_village=product.origin_village,
        category=product.category,
        subcategory=product.subcategory,
        three_origin=product.three_origin,
        tier=product.tier,
        kind="deposit" if deposit else product.kind,
        reducible=int(line.reducible),
        lots=lots,
        serial=line.serial,
        parts=parts,
        source=line.source,
        code=line.code,
    )

"""Facts as a shop would record them: a few fixed ones, and any number of random valid ones."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from app.facts import (
    catalogue,
    sales,
    shifts,
    shop,
    staff,
    stock,
)
from app.facts.base import Fact
from app.money import line_amount, split

SHOP, TILL, DAY = "KP01", "1", "2026-11-29"
PRODUCTS = ("KP-A001", "KP-A002", "KP-F010", "KP01-7")
LOTS = ("", "lot-1", "lot-2")
SHIFTS = ("", "shift-1", "shift-2")
TENDERS = ("cash", "wechat", "alipay", "card")


def setting(key: str = "shop_name", value: str = "赤坎店") -> shop.SettingChanged:
    """The shop was given a name."""
    return shop.SettingChanged(shop=SHOP, key=key, value=value)


def received(
    *quantities: int, product: str = "KP-A001", document: str = "doc-1"
) -> stock.GoodsReceived:
    """Goods came in, one lot for each quantity (thousandths)."""
    return stock.GoodsReceived(
        shop=SHOP,
        till=TILL,
        day=DAY,
        document=document,
        lines=tuple(
            stock.ReceivedLine(
                line=n,
                product=product,
                lot=f"{document}-{n}",
                quantity=quantity,
                unit_cost=185_000,
                expires="2027-02-01",
            )
            for n, quantity in enumerate(quantities, 1)
        ),
    )


def sold(
    *lines: tuple[str, int, int],
    sequence: int = 1,
    shift: str = "shift-1",
    tender: str = "cash",
    lot: str = "",
    series: str = "",
) -> sales.SaleCompleted:
    """A sale of (product, price in fen, quantity in thousandths) lines, paid in one tender."""
    made = tuple(
        _line(n, product, price, quantity, lot)
        for n, (product, price, quantity) in enumerate(lines or (("KP-A001", 1850, 2000),), 1)
    )
    return _sale(made, sequence=sequence, shift=shift, series=series, tenders=(tender,))


def _line(
    n: int, product: str, price: int, quantity: int, lot: str, reduction: int = 0
) -> sales.SaleLine:
    amount = line_amount(price, quantity)
    reduction = -min(reduction, amount)
    return sales.SaleLine(
        line=n,
        product=product,
        name="恩平簕菜茶",
        spec="100 g",
        unit="盒",
        weighed=0,
        quantity=quantity,
        list_price=price,
        unit_price=price,
        amount=amount,
        reductions=(
            (sales.Reduction(rule="r", kind="line_discount", name="单品折扣", amount=reduction),)
            if reduction
            else ()
        ),
        paid=amount + reduction,
        tax_class="goods",
        tax_rate=13,
        tax=(amount + reduction) * 13 // 113,
        lots=(
            sales.LotShare(
                lot=lot, known="assumed" if lot else "none", quantity=quantity, unit_cost=185_000
            ),
        ),
    )


def _sale(
    lines: Sequence[sales.SaleLine],
    *,
    sequence: int,
    shift: str,
    tenders: Sequence[str],
    series: str = "",
    rounding: int = 0,
) -> sales.SaleCompleted:
    due = sum(line.paid for line in lines)
    return sales.SaleCompleted(
        shop=SHOP,
        till=TILL,
        day=DAY,
        shift=shift,
        number=f"{SHOP}-{TILL}{series}-261129-{sequence:04d}",
        sequence=sequence,
        series=series,
        drawer="1",
        person="101",
        channel="C13",
        seller="",
        opened_ms=1_795_912_200_000,
        lines=tuple(lines),
        pieces=len(lines),
        gross=sum(line.amount for line in lines),
        reduced=sum(line.paid - line.amount for line in lines),
        rounding=-rounding,
        due=due,
        tenders=tuple(
            sales.Tender(tender=tender, amount=amount, tendered=amount + 50, change=50)
            for tender, amount in zip(tenders, split(due, [1] * len(tenders)), strict=True)
        ),
        change=50 * len(tenders),
        tax=sum(line.tax for line in lines),
    )


def a_shop_day() -> list[Fact]:
    """A short day as a till records it: everything `verify` has something to say about."""
    head: dict[str, Any] = {"shop": SHOP, "till": TILL, "day": DAY, "shift": "shift-1"}
    basket = sales.BasketLine(line=1, product="KP-A002", name="鱼干", quantity=1000, amount=2500)
    return [
        setting(),
        staff.StaffSet(shop=SHOP, person="101", role="cashier"),
        catalogue.ProductsSet(
            shop=SHOP,
            document="doc-p",
            products=(
                catalogue.Product(code="KP-A001", name="恩平簕菜茶", unit="盒", price=1850),
                catalogue.Product(code="KP-A002", name="广海咸鱼干", unit="包", price=2500),
            ),
        ),
        catalogue.BarcodesSet(
            shop=SHOP,
            document="doc-b",
            barcodes=(catalogue.Barcode(code="6901234567892", product="KP-A001"),),
        ),
        received(50_000, 20_000),
        shifts.DayOpened(**head, proposed=DAY),
        shifts.ShiftOpened(**head, drawer="1", person="101", float_fen=50_000),
        staff.SignedIn(**head, person="101"),
        sold(lot="doc-1-1"),
        sold(("KP-A001", 1850, 1000), ("KP-A002", 2500, 3000), sequence=2, tender="wechat"),
        sales.LineRemoved(**head, basket="b-3", person="101", removed=basket),
        sales.BasketCancelled(
            **head, basket="b-4", person="101", reason="顾客不要了", lines=(basket,), amount=2500
        ),
        sold(("KP-A002", 2500, 1000), sequence=3, lot="doc-1-2"),
        shifts.CashMoved(**head, amount=-20_000, reason="交存银行"),
        shifts.DrawerOpened(**head, reason="换零钱"),
        sales.ReceiptReprinted(**head, sale="s", number="n", person="101", copy=1),
    ]


# --- random ones ------------------------------------------------------------------------------

_fen = st.integers(0, 99_999_99)
_milli = st.integers(1, 99_999)
_product = st.sampled_from(PRODUCTS)
_names = st.text('盒包茶鱼干ABCabc 0189×·\\"/é', max_size=12)
_head: dict[str, Any] = {
    "shop": st.just(SHOP),
    "till": st.sampled_from(("1", "2")),
    "day": st.sampled_from((DAY, "2026-11-30")),
    "shift": st.sampled_from(SHIFTS),
}


@st.composite
def sales_completed(draw: st.DrawFn) -> sales.SaleCompleted:
    """A sale that adds up."""
    lines = [
        _line(
            n,
            draw(_product),
            draw(st.integers(0, 9_999)),
            draw(_milli),
            draw(st.sampled_from(LOTS)),
            draw(st.integers(0, 500)),
        )
        for n in range(1, draw(st.integers(1, 4)) + 1)
    ]
    return _sale(
        lines,
        sequence=draw(st.integers(1, 500)),
        shift=draw(st.sampled_from(SHIFTS)),
        tenders=draw(st.lists(st.sampled_from(TENDERS), min_size=1, max_size=3)),
    )


@st.composite
def goods_received(draw: st.DrawFn) -> stock.GoodsReceived:
    """Goods came in; no two lots ever share an id."""
    document = draw(st.uuids(version=4)).hex
    return received(
        *draw(st.lists(_milli, min_size=1, max_size=4)), product=draw(_product), document=document
    )


def _catalogue() -> st.SearchStrategy[Fact]:
    products = st.builds(
        catalogue.Product,
        code=_product,
        name=_names,
        unit=st.sampled_from(("盒", "kg")),
        price=_fen,
        aliases=st.lists(_names, max_size=2).map(tuple),
        active=st.integers(0, 1),
    )
    barcodes = st.builds(
        catalogue.Barcode,
        code=st.sampled_from(("690", "691", "692")),
        product=_product,
        pack=st.integers(1, 12),
    )
    parts = st.builds(catalogue.KitPart, kit=_product, part=_product, quantity=st.integers(0, 5000))
    named = {"shop": st.just(SHOP), "document": st.sampled_from(("d1", "d2"))}
    return st.one_of(
        st.builds(
            catalogue.ProductsSet, **named, products=st.lists(products, max_size=4).map(tuple)
        ),
        st.builds(
            catalogue.BarcodesSet, **named, barcodes=st.lists(barcodes, max_size=4).map(tuple)
        ),
        st.builds(catalogue.KitsSet, **named, parts=st.lists(parts, max_size=4).map(tuple)),
    )


def any_fact() -> st.SearchStrategy[Fact]:
    """One valid fact of those that meet in rows, sums and registers."""
    return st.one_of(
        sales_completed(),
        goods_received(),
        _catalogue(),
        st.builds(
            shifts.ShiftOpened, **_head, drawer=st.just("1"), person=st.just("101"), float_fen=_fen
        ),
        st.builds(shifts.CashMoved, **_head, amount=st.integers(-50_000, 50_000), reason=_names),
        st.builds(
            shop.SettingChanged,
            shop=st.just(SHOP),
            key=st.sampled_from(("shop_name", "phone")),
            value=_names,
        ),
        st.builds(
            staff.StaffSet,
            shop=st.just(SHOP),
            person=st.sampled_from(("101", "102")),
            role=st.sampled_from(("cashier", "manager")),
            active=st.integers(0, 1),
        ),
        st.builds(staff.SignedIn, **_head, person=st.just("101")),
    )

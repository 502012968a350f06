"""What 库存 reads and posts: everything here runs on the worker, off the window."""

from app.catalogue.queries import products
from app.catalogue.search import find
from app.errors import Refusal
from app.facts.catalogue import Product
from app.money import yuan_shown
from app.reports.lots import lots_of
from app.sales.counter import Counter
from app.sales.desk import Desk
from app.staff.rules import Approver
from app.stock.books import on_hand
from app.stock.costs import value_of
from app.stock.keeping import Keeping
from app.stock.overview import overviews, stocked
from app.stock.rules import PLACES
from app.stock.transfers import Transfers
from ui.document_views import DocumentView
from ui.language import error_words
from ui.presenters import stock_views as views
from ui.presenters.sisters_news import old_news
from ui.presenters.stock_sheet import ADJUST, MOVE, StockLine, StockSheet

MOST_LISTED = 500
"""Rows of a list: more is looked for by letters."""


def goods_page(counter: Counter, typed: str, picking: bool) -> tuple[list[Product], DocumentView]:
    """Goods by letters; without any, what is on the books (nothing while goods are picked)."""
    shop = counter.books.shop
    with counter.books.read() as db:
        if typed:
            found = [one for one in find(db, shop, typed) if one.kind == "goods"]
        else:
            codes = [] if picking else stocked(db, shop, MOST_LISTED)
            found = list(products(db, shop, codes).values())
        seen = overviews(db, shop, [one.code for one in found])
    return found, views.goods_view([(one, seen[one.code]) for one in found])


def lots_page(counter: Counter, code: str) -> tuple[Product, DocumentView]:
    """A product and its lots. Raises Refusal("unknown_code")."""
    one, shop = counter.product(code), counter.books.shop
    with counter.books.read() as db:
        seen = overviews(db, shop, [one.code])[one.code]
        found = lots_of(db, shop, one.code, counter.desk.today)
        where = on_hand(db, shop, [one.code])
    by_lot = [
        (each, {place: where.get((one.code, each.lot, place), 0) for place in PLACES})
        for each in found
    ]
    return one, views.lots_view(one, seen, by_lot, old_news(counter.books))


def lots_named(counter: Counter, product: str) -> list[tuple[str, str, str]]:
    """(lot, what is printed on it, when it ends) of a product."""
    with counter.books.read() as db:
        found = lots_of(db, counter.books.shop, product, counter.desk.today)
    return [(each.lot, each.batch or each.lot[-8:], each.expires) for each in found]


def there(counter: Counter, line: StockLine) -> int:
    """Everything the books have of a line's lot in its place, in thousandths."""
    with counter.books.read() as db:
        found = on_hand(db, counter.books.shop, [line.product])
    return sum(
        quantity
        for (_product, lot, place), quantity in found.items()
        if place == line.source and line.lot in ("", lot)
    )


def looked(desk: Desk, sheet: StockSheet) -> tuple[str, str]:
    """Why a document could not be posted, and what it is worth at cost."""
    if sheet.kind != ADJUST or not sheet.begun():
        return "", ""
    try:
        lines = Keeping(desk).look(
            sheet.changes(), beneficiary=sheet.beneficiary, approval_no=sheet.approval_no
        )
    except Refusal as refusal:
        return error_words(refusal), ""
    return "", yuan_shown(sum(value_of(line.quantity, line.unit_cost) for line in lines))


def posted(desk: Desk, sheet: StockSheet, approver: Approver) -> str:
    """Post it; its number. Raises Refusal as the stock room does."""
    if sheet.kind == ADJUST:
        return (
            Keeping(desk)
            .adjust(
                sheet.changes(),
                beneficiary=sheet.beneficiary,
                approval_no=sheet.approval_no,
                approver=approver,
            )
            .number
        )
    if sheet.kind == MOVE:
        return Keeping(desk).move(sheet.carries(), approver=approver).number
    return (
        Transfers(desk)
        .send(sheet.to, sheet.parcels(), waybill=sheet.waybill, approver=approver)
        .number
    )

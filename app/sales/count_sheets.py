"""盘点表: a zone's articles on numbered lines, counted by hand and typed back by line number.

The paper says nothing of the books. Nobody knows when between printing and typing a line was
counted, so what moved meanwhile is counted again (`CountEntered.since`).
"""

import msgspec
from sqlalchemy import Connection, text

from app import print_queue
from app.catalogue.queries import products
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.stock import CountSheetPrinted
from app.sales.stocktaking import Entered, Stocktaking, running_count
from app.stock import count_queries
from app.stock.count_papers import SHEET_CODE, SheetLine, sheet_slip
from app.stock.counting_rules import standing
from app.text import clean
from app.transaction import Transaction, transaction

MOST_LINES = 5_000
PRODUCTS_PER_FACT = 500
_KNOWN_ZONES = text(
    "SELECT zone, product FROM shelf_tag WHERE shop = :shop AND owner = :shop"
    " UNION SELECT zone, product FROM count_entry WHERE shop = :shop AND known = 1"
    " AND undoes = ''"
)
_SHEET = text(
    "SELECT count, zone, line, product, order_ms, fact FROM count_sheet"
    " WHERE shop = :shop AND sheet = :sheet ORDER BY line, order_ms"
)
_SHEETS = text(
    "SELECT DISTINCT sheet FROM count_sheet WHERE shop = :shop AND count = :count ORDER BY sheet"
)
_HOW_MANY = text(
    "SELECT count(DISTINCT sheet) FROM count_sheet WHERE shop = :shop AND till = :till"
)


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as it was printed. Lines are numbered from 1."""

    code: str
    count: str
    zone: str
    printed_ms: int
    products: tuple[str, ...]


class Typed(msgspec.Struct, frozen=True):
    """A line of a sheet beside what was typed back of it (thousandths, None: nothing yet)."""

    line: int
    code: str
    product: Product | None
    quantity: int | None


class CountSheets:
    """Prints sheets of a count, and takes them back."""

    def __init__(self, taking: Stocktaking) -> None:
        self._taking = taking
        self._books = taking.desk.books

    def make(self, count: str, zone: str, *, roll: bool) -> Sheet:
        """A sheet of what lies in a zone; with `roll` it comes out of the receipt printer.

        Raises Refusal: no_such_count, count_closed, no_such_zone, nothing_on_sheet,
        too_many_lines, approval_needed.
        """
        self._taking.desk.allowed("count")
        who, shop = self._taking.who(), self._books.shop
        with transaction(self._books, staff=who.person) as tx:
            one = running_count(count_queries.counts(tx.connection, shop, count))
            if zone not in one.zones:
                raise Refusal("no_such_zone", zone=zone)
            known = _articles(tx.connection, shop, zone, one.zones[zone])
            if not known:
                raise Refusal("nothing_on_sheet", zone=zone)
            if len(known) > MOST_LINES:
                raise Refusal("too_many_lines", most=MOST_LINES)
            codes, name = tuple(known), _next_code(tx)
            for start in range(0, len(codes), PRODUCTS_PER_FACT):
                entry = tx.record(
                    CountSheetPrinted(
                        shop=shop,
                        till=tx.till,
                        day=who.day,
                        shift=who.shift,
                        count=count,
                        zone=zone,
                        sheet=name,
                        first=start + 1,
                        products=codes[start : start + PRODUCTS_PER_FACT],
                        person=who.person,
                    )
                )
            if roll:
                lines = [SheetLine(n, each) for n, each in enumerate(known.values(), 1)]
                print_queue.put(
                    tx,
                    printer=print_queue.RECEIPT_PRINTER,
                    kind="stock_document",
                    fact=entry.envelope.fact,
                    title=f"盘点表 {name}",
                    paper=sheet_slip(
                        name, shop, zone, lines, tx.now_ms, self._books.journal.series
                    ),
                )
            return Sheet(
                code=name,
                count=count,
                zone=zone,
                printed_ms=entry.envelope.order,
                products=codes,
            )

    def sheet(self, code: str) -> Sheet:
        """A sheet by the code on it, typed or scanned. Raises Refusal("no_such_sheet")."""
        wanted = clean(code, most=40).strip().upper().removeprefix(SHEET_CODE)
        with self._books.read() as db:
            rows = db.execute(_SHEET, {"shop": self._books.shop, "sheet": wanted}).all()
        if not rows:
            raise Refusal("no_such_sheet", text=wanted[:20])
        return Sheet(
            code=wanted,
            count=rows[0].count,
            zone=rows[0].zone,
            printed_ms=max(row.order_ms for row in rows),
            products=tuple(row.product for row in rows),
        )

    def sheets(self, count: str) -> list[str]:
        """The codes of a count's sheets."""
        with self._books.read() as db:
            values = {"shop": self._books.shop, "count": count}
            return list(db.scalars(_SHEETS, values))

    def typed(self, sheet: Sheet) -> list[Typed]:
        """Every line, and what was typed of it so far."""
        shop = self._books.shop
        with self._books.read() as db:
            known = products(db, shop, list(sheet.products))
            entries = standing(count_queries.entries_of(db, shop, sheet.count))
        said = {each.sheet: each.quantity for each in entries if each.paper == sheet.code}
        return [
            Typed(line, code, known.get(code), said.get(line))
            for line, code in enumerate(sheet.products, 1)
        ]

    def enter(self, sheet: Sheet, line: int, quantity: str, counter: str = "") -> Entered:
        """Type one line; typed again it stands for what was typed before.

        Raises Refusal: no_sheet_line, bad_quantity, and as `Stocktaking.enter`.
        """
        if not 1 <= line <= len(sheet.products):
            raise Refusal("no_sheet_line", most=len(sheet.products))
        if not quantity.strip():
            raise Refusal("bad_quantity", text="")
        return self._taking.enter(
            sheet.count,
            sheet.products[line - 1],
            quantity.strip(),
            zone=sheet.zone,
            counter=counter,
            since_ms=sheet.printed_ms,
            sheet=line,
            paper=sheet.code,
        )


def _articles(db: Connection, shop: str, zone: str, place: str) -> dict[str, Product]:
    """What a zone's sheet lists: what hangs or was once counted there; of a zone nobody knows
    anything of, all that the books hold in its place and no other zone has."""
    zones: dict[str, set[str]] = {}
    for where, product in db.execute(_KNOWN_ZONES, {"shop": shop}):
        zones.setdefault(product, set()).add(where)
    here = [product for product, where in zones.items() if zone in where]
    if not here:
        held = count_queries.articles_in(db, shop, (place,))
        here = [product for product in held if not zones.get(product, set()) - {""}]
    known = products(db, shop, sorted(here))
    return {code: one for code, one in known.items() if one.kind == "goods"}


def _next_code(tx: Transaction) -> str:
    """Digits alone, so that a keypad can type them: the till, then its sheets counted."""
    values = {"shop": tx.shop, "till": tx.till}
    return f"{tx.till}{int(tx.connection.scalar(_HOW_MANY, values) or 0) + 1:04d}"

"""库存: what leaves without a sale, what is found, and what moves between shelf and store."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from sqlalchemy import Connection

from app import print_queue
from app.catalogue.queries import products
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.stock import AdjustedLine, GoodsMoved, MovedLine, StockAdjusted
from app.quantity import MAX_MILLI
from app.staff.rules import NOBODY, Approver
from app.stock.books import on_hand
from app.stock.costs import value_of
from app.stock.desk import LINES_PER_FACT, StockDesk, next_number
from app.stock.lots import find_lot, lots_in, newest, papers_of, recalled_batches
from app.stock.papers import adjusted_slip
from app.stock.photos import check_photos, keep_photos
from app.stock.reasons import Reason, check, reason_of
from app.stock.rules import PLACES, QUARANTINE, SHELF, allocate
from app.transaction import Transaction, transaction

MOST_LINES = 500


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the books as somebody said it. Quantity signed, in thousandths."""

    product: str
    quantity: int
    reason: str
    lot: str = ""
    """Id or batch; "" = the earliest lots there are, of what was found the newest."""
    place: str = SHELF


class Carry(msgspec.Struct, frozen=True, kw_only=True):
    """So much of a product from one place to another."""

    product: str
    quantity: int
    source: str
    target: str
    lot: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A posted document: its lines by lot, what they are worth (fen), and what is now negative."""

    document: str
    number: str
    lines: tuple[AdjustedLine, ...]
    value: int
    negative: tuple[str, ...]


class Moved(msgspec.Struct, frozen=True):
    """A posted move."""

    document: str
    number: str
    lines: tuple[MovedLine, ...]
    negative: tuple[str, ...]


class Keeping:
    """What the person at the desk does with goods that are there."""

    def __init__(self, desk: StockDesk) -> None:
        self._desk = desk
        self._books = desk.books

    def look(
        self, changes: Sequence[Change], *, beneficiary: str = "", approval_no: str = ""
    ) -> tuple[AdjustedLine, ...]:
        """The lines as they would be posted, each with its lot and cost.

        Raises Refusal: nothing_changed, too_many_lines, unknown_code, not_goods, bad_quantity,
        fraction_of_unit, bad_place, unknown_lot, bad_reason, reason_needed, wrong_sign,
        beneficiary_needed, approval_no_needed.
        """
        with self._books.read() as db:
            return self._lines(db, changes, beneficiary, approval_no)

    def adjust(
        self,
        changes: Sequence[Change],
        *,
        beneficiary: str = "",
        approval_no: str = "",
        photos: Sequence[bytes] = (),
        approver: Approver = NOBODY,
    ) -> Kept:
        """Write down what is gone or was found, at what it cost; nothing of it is revenue.

        Raises Refusal as `look` does, and approval_needed, over_limit, approver_same,
        too_many_photos.
        """
        desk = self._desk
        check_photos(photos)
        lines = self.look(changes, beneficiary=beneficiary, approval_no=approval_no)
        yes = desk.approved("adjust", approver, amount=_size(lines))
        day = desk.business_day()
        with transaction(self._books, staff=desk.person) as tx:
            # A sale in between may have taken what the lines were looked up from.
            lines = self._lines(tx.connection, changes, beneficiary, approval_no)
            name, number = tx.ids.new(), next_number(tx, "adjustment", desk.today)
            names = keep_photos(tx, name, photos)
            for start in range(0, len(lines), LINES_PER_FACT):
                fact = StockAdjusted(
                    shop=tx.shop,
                    till=tx.till,
                    day=day,
                    shift=desk.shift_id,
                    document=name,
                    number=number,
                    beneficiary=beneficiary,
                    approval_no=approval_no,
                    person=desk.person,
                    approvals=(yes,) if yes else (),
                    photos=names if start == 0 else (),
                    lines=lines[start : start + LINES_PER_FACT],
                )
                entry = tx.record(fact)
            known = products(tx.connection, tx.shop, [line.product for line in lines])
            print_queue.put(
                tx,
                printer=print_queue.RECEIPT_PRINTER,
                kind="stock_document",
                fact=entry.envelope.fact,
                title=f"调整单 {number}",
                paper=adjusted_slip(fact, lines, known, tx.now_ms, tx.books.journal.series),
            )
            value = sum(value_of(line.quantity, line.unit_cost) for line in lines)
            return Kept(name, number, lines, value, negative(tx, lines))

    def move(
        self, carries: Sequence[Carry], *, reason: str = "", approver: Approver = NOBODY
    ) -> Moved:
        """Put goods into another place of the shop. Out of quarantine somebody answers for it.

        Raises Refusal: nothing_changed, too_many_lines, unknown_code, not_goods, bad_quantity,
        bad_place, unknown_lot, lot_recalled, approval_needed.
        """
        desk = self._desk
        freed = any(each.source == QUARANTINE for each in carries)
        yes = desk.approved("release" if freed else "move", approver)
        day = desk.business_day()
        with transaction(self._books, staff=desk.person) as tx:
            lines = self._moves(tx.connection, carries)
            name, number = tx.ids.new(), next_number(tx, "move", desk.today)
            for start in range(0, len(lines), LINES_PER_FACT):
                tx.record(
                    GoodsMoved(
                        shop=tx.shop,
                        till=tx.till,
                        day=day,
                        shift=desk.shift_id,
                        document=name,
                        number=number,
                        reason=reason,
                        person=desk.person,
                        approvals=(yes,) if yes else (),
                        lines=lines[start : start + LINES_PER_FACT],
                    )
                )
            return Moved(name, number, lines, negative(tx, lines))

    # --- Inside ----------------------------------------------------------------------------

    def _lines(
        self, db: Connection, changes: Sequence[Change], beneficiary: str, approval_no: str
    ) -> tuple[AdjustedLine, ...]:
        known = goods_of(db, self._books.shop, changes)
        found: list[AdjustedLine] = []
        taken: dict[tuple[str, str, str], int] = {}
        for each in changes:
            reason = reason_of(each.reason)
            check_place(each.place)
            check_quantity(each.quantity, known[each.product])
            check(reason, each.quantity, beneficiary, approval_no)
            for lot_id, quantity, cost in self._shares(db, each, known[each.product], taken):
                found.append(_adjusted(len(found) + 1, each, reason, lot_id, quantity, cost))
        return tuple(found)

    def _shares(
        self,
        db: Connection,
        change: Change,
        one: Product,
        taken: dict[tuple[str, str, str], int],
    ) -> Iterator[tuple[str, int, int]]:
        """(lot, signed quantity, unit cost): of the lot that was said, or as the books have it."""
        shop, place = self._books.shop, change.place
        if change.lot:
            lot = find_lot(db, shop, change.product, change.lot, place)
            yield lot.lot, change.quantity, lot.unit_cost
        elif change.quantity > 0:
            last = newest(list(papers_of(db, shop, change.product).values()))
            yield (
                (last.lot, change.quantity, last.unit_cost)
                if last
                else (
                    "",
                    change.quantity,
                    one.cost,
                )
            )
        else:
            yield from out_of(db, shop, change.product, place, -change.quantity, one, taken)

    def _moves(self, db: Connection, carries: Sequence[Carry]) -> tuple[MovedLine, ...]:
        shop = self._books.shop
        known = goods_of(db, shop, carries)
        taken: dict[tuple[str, str, str], int] = {}
        found: list[MovedLine] = []
        for each in carries:
            check_place(each.source)
            check_place(each.target)
            if each.source == each.target or each.quantity < 0:
                raise Refusal("bad_place", text=each.target)
            check_quantity(each.quantity, known[each.product])
            if each.lot:
                lot = find_lot(db, shop, each.product, each.lot, each.source)
                shares = [(lot.lot, -each.quantity, lot.unit_cost)]
            else:
                one = known[each.product]
                shares = list(
                    out_of(db, shop, each.product, each.source, each.quantity, one, taken)
                )
            if each.source == QUARANTINE:
                self._not_recalled(db, each.product, known, [lot_id for lot_id, _, _ in shares])
            found += [
                MovedLine(
                    product=each.product,
                    lot=lot_id,
                    quantity=-quantity,
                    source=each.source,
                    target=each.target,
                    unit_cost=cost,
                )
                for lot_id, quantity, cost in shares
            ]
        return tuple(found)

    def _not_recalled(
        self, db: Connection, product: str, known: dict[str, Product], lots: Iterable[str]
    ) -> None:
        batches = recalled_batches(db, self._books.shop, product)
        papers = papers_of(db, self._books.shop, product)
        for lot_id in lots:
            if lot_id in papers and papers[lot_id].batch in batches:
                raise Refusal("lot_recalled", name=known[product].name, kind="held")


def goods_of(
    db: Connection, shop: str, lines: Sequence[Change] | Sequence[Carry]
) -> dict[str, Product]:
    """The products of a document.

    Raises Refusal: nothing_changed, too_many_lines, unknown_code, not_goods.
    """
    if not lines:
        raise Refusal("nothing_changed")
    if len(lines) > MOST_LINES:
        raise Refusal("too_many_lines", most=MOST_LINES)
    known = products(db, shop, [each.product for each in lines])
    for each in lines:
        if each.product not in known:
            raise Refusal("unknown_code", text=each.product[:40], reason="no_product")
        if known[each.product].kind != "goods":
            raise Refusal("not_goods", name=known[each.product].name)
    return known


def check_place(place: str) -> None:
    """Raises Refusal("bad_place")."""
    if place not in PLACES:
        raise Refusal("bad_place", text=place[:20])


def check_quantity(quantity: int, one: Product) -> None:
    """Raises Refusal: bad_quantity, fraction_of_unit."""
    if not 0 < abs(quantity) <= MAX_MILLI:
        raise Refusal("bad_quantity", text=str(quantity))
    if not one.weighed and quantity % 1000:
        raise Refusal("fraction_of_unit")


def out_of(
    db: Connection,
    shop: str,
    product: str,
    place: str,
    quantity: int,
    one: Product,
    taken: dict[tuple[str, str, str], int],
) -> Iterator[tuple[str, int, int]]:
    """(lot, minus quantity, unit cost) of what leaves a place: the earliest lots first.

    `taken` remembers what earlier lines of the same document took.
    """
    lots = [
        msgspec.structs.replace(
            each, quantity=each.quantity - taken.get((product, each.lot, place), 0)
        )
        for each in lots_in(db, shop, product, place)
    ]
    # Compared with no day at all, every lot is fresh: what is past its date leaves first.
    for share in allocate(quantity, lots, day=""):
        key = (product, share.lot, place)
        taken[key] = taken.get(key, 0) + share.quantity
        yield share.lot, -share.quantity, share.unit_cost if share.lot else one.cost


def negative(tx: Transaction, lines: Sequence[AdjustedLine | MovedLine]) -> tuple[str, ...]:
    """Products of which a lot's books are below nothing now: a warning, never a refusal."""
    tx.flush()
    touched = sorted({line.product for line in lines})
    lots = {(line.product, line.lot) for line in lines}
    return tuple(
        product
        for product in touched
        if any(
            quantity < 0 and (product, lot_id) in lots
            for (_product, lot_id, _place), quantity in on_hand(
                tx.connection, tx.shop, [product]
            ).items()
        )
    )


def _size(lines: Sequence[AdjustedLine]) -> int:
    """What a document moves at cost, both ways, in fen: what a right's limit is held against."""
    return sum(abs(value_of(line.quantity, line.unit_cost)) for line in lines)


def _adjusted(
    n: int, change: Change, reason: Reason, lot_id: str, quantity: int, cost: int
) -> AdjustedLine:
    return AdjustedLine(
        line=n,
        product=change.product,
        lot=lot_id,
        place=change.place,
        quantity=quantity,
        reason=reason.code,
        unit_cost=cost,
    )

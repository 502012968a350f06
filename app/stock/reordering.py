"""要货: what the sales of the last days ask for (以销定采), and the order that is made of it."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, func, select

from app import print_queue
from app.catalogue.queries import products
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.dispatches import GoodsOrdered, OrderedLine
from app.staff.rules import NOBODY, Approver
from app.stock.books import on_hand
from app.stock.desk import LINES_PER_FACT, StockDesk
from app.stock.dispatch_tables import dispatch, order, order_line
from app.stock.dispatches import dispatches
from app.stock.papers import order_slip
from app.stock.rules import SHELF, STORE
from app.stock.tables import arrived, movement
from app.transaction import Transaction, transaction

DAY_MS = 86_400_000
MOST_DAYS = 400
MOST_LINES = 2_000
SOLD = ("sold", "returned")


class Need(msgspec.Struct, frozen=True):
    """What one product needs. Quantities in thousandths."""

    product: str
    sold: int
    """In the days looked at."""
    here: int
    """On shelf and in store: what is reserved or in quarantine sells to nobody."""
    coming: int
    suggested: int


class Order(msgspec.Struct, frozen=True):
    """An order as it stands: what was asked for, and what came of it."""

    document: str
    number: str
    supplier: str
    ended: bool
    order_ms: int
    lines: tuple[tuple[str, int, int], ...]
    """(product, asked for, came)."""

    @property
    def open(self) -> bool:
        return not self.ended and any(came < asked for _code, asked, came in self.lines)


def suggestion(
    sold: int, here: int, coming: int, *, days: int, lead: int, cover: int, weighed: bool
) -> int:
    """How much to ask for so that goods last until the delivery after the next: what sells a day
    times lead and cover days, less what is here and on its way, up to whole units (weighed goods
    to whole 100 g). Pure."""
    wanted = -(-max(0, sold) * (lead + cover) // days)
    short = wanted - here - coming
    step = 100 if weighed else 1000
    return -(-short // step) * step if short > 0 else 0


def needs(
    db: Connection, shop: str, now_ms: int, *, days: int, lead: int, cover: int
) -> list[Need]:
    """Every product that was sold in the last days, and those of which something is missing first.

    Raises Refusal("bad_days").
    """
    if not (1 <= days <= MOST_DAYS and 0 <= lead <= MOST_DAYS and 0 <= cover <= MOST_DAYS):
        raise Refusal("bad_days", most=MOST_DAYS)
    rows = db.execute(
        select(movement.c.product, func.sum(movement.c.quantity))
        .where(
            movement.c.shop == shop,
            movement.c.reason.in_(SOLD),
            movement.c.order_ms >= now_ms - days * DAY_MS,
        )
        .group_by(movement.c.product)
    )
    sold = {product: -int(quantity) for product, quantity in rows}
    known = products(db, shop, sorted(sold))
    here: dict[str, int] = {}
    for (product, _lot, place), quantity in on_hand(db, shop, list(known)).items():
        if place in (SHELF, STORE):
            here[product] = here.get(product, 0) + quantity
    coming = on_its_way(db, shop)
    found = [
        Need(
            code,
            sold[code],
            here.get(code, 0),
            coming.get(code, 0),
            suggestion(
                sold[code],
                here.get(code, 0),
                coming.get(code, 0),
                days=days,
                lead=lead,
                cover=cover,
                weighed=bool(one.weighed),
            ),
        )
        for code, one in known.items()
        if one.active
    ]
    return sorted(found, key=lambda need: (-bool(need.suggested), need.product))


def on_its_way(db: Connection, shop: str) -> dict[str, int]:
    """Announced and not here yet, or asked for and not announced yet, by product."""
    found: dict[str, int] = {}
    for each in dispatches(db, shop):
        for product, rest in each.rest().items():
            found[product] = found.get(product, 0) + rest
    for asked in orders(db, shop):
        for product, quantity, came in asked.lines:
            found[product] = found.get(product, 0) + max(0, quantity - came)
    return found


def orders(db: Connection, shop: str, *, open_only: bool = True) -> list[Order]:
    """Orders, the oldest first. What is received under an order's number came of it."""
    rows = db.execute(
        select(order).where(order.c.shop == shop, order.c.owner == shop).order_by(order.c.order_ms)
    ).all()
    found = [_order(db, shop, row) for row in rows]
    return [each for each in found if each.open or not open_only]


def _order(db: Connection, shop: str, row: object) -> Order:
    values = row._mapping  # type: ignore[attr-defined]
    lines = db.execute(
        select(order_line.c.product, func.sum(order_line.c.quantity))
        .where(order_line.c.shop == shop, order_line.c.document == values["document"])
        .group_by(order_line.c.product)
        .order_by(func.min(order_line.c.line))
    ).all()
    # Somebody announced it under the order's own number: then it is counted as a dispatch.
    announced = db.scalar(
        select(func.count())
        .select_from(dispatch)
        .where(dispatch.c.shop == shop, dispatch.c.number == values["number"])
    )
    rows = db.execute(
        select(arrived.c.product, func.sum(arrived.c.quantity))
        .where(
            arrived.c.shop == shop,
            arrived.c.dispatch.in_((values["document"], values["number"])),
        )
        .group_by(arrived.c.product)
    )
    came = {product: int(quantity) for product, quantity in rows}
    return Order(
        document=values["document"],
        number=values["number"],
        supplier=values["supplier"],
        ended=bool(values["ended"] or announced),
        order_ms=values["order_ms"],
        lines=tuple((code, int(asked), came.get(code, 0)) for code, asked in lines),
    )


class Ordering:
    """What the person at the desk does with orders."""

    def __init__(self, desk: StockDesk) -> None:
        self._desk = desk
        self._books = desk.books

    def needs(self, *, days: int, lead: int, cover: int) -> list[Need]:
        """What should be asked for. Raises Refusal("bad_days")."""
        with self._books.read() as db:
            now_ms = self._books.clock.wall_ms()
            return needs(db, self._books.shop, now_ms, days=days, lead=lead, cover=cover)

    def order(
        self,
        lines: Sequence[tuple[str, int, int]],
        *,
        supplier: str = "",
        approver: Approver = NOBODY,
    ) -> Order:
        """Ask for goods: (product, quantity, what was suggested or -1). Its paper goes out.

        Raises Refusal: nothing_changed, too_many_lines, line_twice, unknown_code, not_goods,
        approval_needed.
        """
        desk = self._desk
        desk.approved("receive", approver)
        if not lines:
            raise Refusal("nothing_changed")
        if len(lines) > MOST_LINES:
            raise Refusal("too_many_lines", most=MOST_LINES)
        if len({code for code, _quantity, _said in lines}) != len(lines):
            raise Refusal("line_twice")
        day = desk.business_day()
        with transaction(self._books, staff=desk.person) as tx:
            known = _goods(tx.connection, tx.shop, [code for code, _quantity, _said in lines])
            name, number = tx.ids.new(), _number(tx, desk.today)
            asked = tuple(
                OrderedLine(line=n, product=code, quantity=quantity, suggested=said)
                for n, (code, quantity, said) in enumerate(lines, 1)
            )
            for start in range(0, len(asked), LINES_PER_FACT):
                fact = GoodsOrdered(
                    shop=tx.shop,
                    till=tx.till,
                    day=day,
                    shift=desk.shift_id,
                    document=name,
                    number=number,
                    supplier=supplier,
                    person=desk.person,
                    lines=asked[start : start + LINES_PER_FACT],
                )
                entry = tx.record(fact)
            print_queue.put(
                tx,
                printer=print_queue.RECEIPT_PRINTER,
                kind="stock_document",
                fact=entry.envelope.fact,
                title=f"要货单 {number}",
                paper=order_slip(fact, asked, known, tx.now_ms, tx.books.journal.series),
            )
            tx.flush()
            return next(
                each
                for each in orders(tx.connection, tx.shop, open_only=False)
                if each.document == name
            )

    def end(self, name: str, approver: Approver = NOBODY) -> Order:
        """Nothing more will come of an order. Raises Refusal: unknown_document, approval_needed."""
        desk = self._desk
        desk.approved("receive", approver)
        day = desk.business_day()
        with transaction(self._books, staff=desk.person) as tx:
            known = orders(tx.connection, tx.shop, open_only=False)
            found = next((each for each in known if name in (each.document, each.number)), None)
            if found is None:
                raise Refusal("unknown_document", text=name[:40])
            tx.record(
                GoodsOrdered(
                    shop=tx.shop,
                    till=tx.till,
                    day=day,
                    shift=desk.shift_id,
                    document=found.document,
                    number=found.number,
                    supplier=found.supplier,
                    person=desk.person,
                    ended=1,
                )
            )
        return msgspec.structs.replace(found, ended=True)


def _number(tx: Transaction, today: str) -> str:
    start = f"YH-{tx.till}-{today[2:].replace('-', '')}-"
    count = tx.read(
        select(func.count())
        .select_from(order)
        .where(order.c.shop == tx.shop, order.c.number.startswith(start))
    )
    return f"{start}{int(count[0][0]) + 1:02d}"


def _goods(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, Product]:
    known = products(db, shop, codes)
    for code in codes:
        if code not in known:
            raise Refusal("unknown_code", text=code[:40], reason="no_product")
        if known[code].kind != "goods":
            raise Refusal("not_goods", name=known[code].name)
    return known

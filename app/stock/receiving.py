"""收货: goods come in, by hand or against what was announced; each line makes one lot.

What the papers do not allow is refused before anything is written; what is only worth a look is
said in the answer.
"""

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection, select

from app import print_queue
from app.catalogue.queries import certificates, products
from app.catalogue.rules import receivable
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.dispatches import DispatchExpected
from app.facts.sales import Approval
from app.facts.stock import GoodsReceived, ReceivedLine, SentLine
from app.staff.rules import NOBODY, Approver
from app.stock.desk import LINES_PER_FACT, StockDesk, next_number
from app.stock.dispatches import Dispatch, OnItsWay, find_dispatch
from app.stock.drafts import drop_draft
from app.stock.papers import received_slip
from app.stock.photos import check_photos, keep_photos
from app.stock.receiving_rules import Look, Wanted, check, check_sums, look_at
from app.stock.rules import PLACES
from app.stock.settling import give_up_short
from app.stock.tables import document, lot
from app.transaction import Transaction, transaction

MOST_LINES = 5_000
PriceOf = Callable[[Product], int]
"""What goods cost at the till now, fen per unit."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Everything somebody said of one delivery."""

    lines: tuple[Wanted, ...]
    supplier: str = ""
    dispatch: str = ""
    """The number or id of what was announced, or whatever the supplier's slip says."""
    approval_no: str = ""
    temperature: str = ""
    document: str = ""
    """The id of its draft, "" = a new one."""
    photos: tuple[bytes, ...] = ()


class Seen(msgspec.Struct, frozen=True):
    """A delivery looked at before it is posted."""

    delivery: Delivery
    dispatch: Dispatch | None
    looks: tuple[Look, ...]


class Received(msgspec.Struct, frozen=True):
    """A posted delivery."""

    document: str
    number: str
    lines: tuple[ReceivedLine, ...]
    looks: tuple[Look, ...]
    rest: tuple[OnItsWay, ...]
    """What of the dispatch is still on its way."""


class Receiving:
    """What the person at the desk does with goods that come in."""

    def __init__(self, desk: StockDesk, price_of: PriceOf) -> None:
        self._desk = desk
        self._books = desk.books
        self._price_of = price_of

    def look(self, delivery: Delivery) -> Seen:
        """See what would be posted and what is worth a look.

        Raises Refusal: nothing_received, too_many_lines, unknown_code, not_goods, no_certificate,
        too_many_photos, claim_not_approved, bad_date, lot_expired, below_floor,
        more_than_dispatched, bad_place, document_posted, transfer_elsewhere.
        """
        with self._books.read() as db:
            return self._look(db, delivery)

    def receive(self, delivery: Delivery, approver: Approver = NOBODY) -> Received:
        """Book a delivery in. Raises Refusal as `look` does, and approval_needed, approver_same."""
        yes = self._desk.approved("receive", approver)
        # Whoever may not receive learns that first; then nothing half right is written.
        seen = self.look(delivery)
        day = self._desk.business_day()
        with transaction(self._books, staff=self._desk.person) as tx:
            return self._post(tx, seen, day, (yes,) if yes else ())

    def announce(
        self,
        lines: Sequence[SentLine],
        *,
        number: str,
        supplier: str = "",
        waybill: str = "",
        approver: Approver = NOBODY,
    ) -> Dispatch:
        """Write down what a supplier says is coming; the number on its paper finds it again.

        Raises Refusal: nothing_received, too_many_lines, unknown_code, not_goods,
        dispatch_known, approval_needed.
        """
        desk = self._desk
        desk.approved("receive", approver)
        if not lines:
            raise Refusal("nothing_received")
        if len(lines) > MOST_LINES:
            raise Refusal("too_many_lines", most=MOST_LINES)
        day = desk.business_day()
        with transaction(self._books, staff=desk.person) as tx:
            if find_dispatch(tx.connection, tx.shop, number) is not None:
                raise Refusal("dispatch_known", number=number)
            _known(tx.connection, tx.shop, [line.product for line in lines])
            name = tx.ids.new()
            label = number or next_number(tx, "dispatch", desk.today)
            for start in range(0, len(lines), LINES_PER_FACT):
                tx.record(
                    DispatchExpected(
                        shop=tx.shop,
                        till=tx.till,
                        day=day,
                        shift=desk.shift_id,
                        document=name,
                        number=label,
                        supplier=supplier,
                        waybill=waybill,
                        person=desk.person,
                        lines=tuple(lines[start : start + LINES_PER_FACT]),
                    )
                )
            tx.flush()
            found = find_dispatch(tx.connection, tx.shop, name)
        assert found is not None
        return found

    def give_up(self, name: str, reason: str, approver: Approver = NOBODY) -> Dispatch:
        """Nobody waits for the rest of a dispatch any longer.

        Raises Refusal: unknown_document, reason_needed, approval_needed.
        """
        self._desk.approved("receive", approver)
        if not reason:
            raise Refusal("reason_needed")
        day = self._desk.business_day()
        with transaction(self._books, staff=self._desk.person) as tx:
            found = find_dispatch(tx.connection, tx.shop, name)
            if found is None:
                raise Refusal("unknown_document", text=name[:40])
            reasons = {(each.line.product, ""): reason for each in found.lines}
            give_up_short(tx, self._desk, found.document, reasons, day=day)
            tx.flush()
            after = find_dispatch(tx.connection, tx.shop, found.document)
        assert after is not None
        return after

    # --- Inside ----------------------------------------------------------------------------

    def _look(self, db: Connection, delivery: Delivery) -> Seen:
        shop, today = self._books.shop, self._desk.today
        lines = delivery.lines
        check_photos(delivery.photos)
        if not lines:
            raise Refusal("nothing_received")
        if len(lines) > MOST_LINES:
            raise Refusal("too_many_lines", most=MOST_LINES)
        posted = select(document.c.fact).where(
            document.c.shop == shop, document.c.document == delivery.document
        )
        if delivery.document and db.execute(posted).first() is not None:
            raise Refusal("document_posted")
        known = _known(db, shop, [line.product for line in lines])
        held = list(certificates(db, shop).values())
        for line in lines:
            if (refusal := receivable(known[line.product], held, today)) is not None:
                raise refusal
            if line.place not in PLACES:
                raise Refusal("bad_place", text=line.place[:20])
            check(line, known[line.product], today, delivery.approval_no)
        announced = find_dispatch(db, shop, delivery.dispatch)
        if announced is not None and announced.source:
            raise Refusal("transfer_elsewhere", number=announced.number)
        if announced is not None:
            check_sums(lines, announced.rest(), known)
        before = last_costs(db, shop, list(known))
        looks = tuple(
            look_at(
                line,
                known[line.product],
                before=before.get(line.product, 0),
                price=self._price_of(known[line.product]),
                temperature=delivery.temperature,
            )
            for line in lines
        )
        return Seen(delivery, announced, looks)

    def _post(
        self, tx: Transaction, seen: Seen, day: str, approvals: tuple[Approval, ...]
    ) -> Received:
        desk, delivery = self._desk, seen.delivery
        # Another till or a double press may have posted it since somebody looked.
        seen = self._look(tx.connection, delivery)
        announced = seen.dispatch
        waiting = list(announced.lines) if announced else []
        lines = tuple(
            _line(n, each, waiting, tx.ids.new()) for n, each in enumerate(delivery.lines, 1)
        )
        name = delivery.document or tx.ids.new()
        photos = keep_photos(tx, name, delivery.photos)
        number = next_number(tx, "receiving", desk.today)
        facts = [
            GoodsReceived(
                shop=tx.shop,
                till=tx.till,
                day=day,
                shift=desk.shift_id,
                document=name,
                number=number,
                supplier=delivery.supplier or (announced.supplier if announced else ""),
                dispatch=announced.document if announced else delivery.dispatch,
                temperature=delivery.temperature,
                approval_no=delivery.approval_no,
                person=desk.person,
                approvals=approvals,
                photos=photos if start == 0 else (),
                lines=lines[start : start + LINES_PER_FACT],
            )
            for start in range(0, len(lines), LINES_PER_FACT)
        ]
        for fact in facts:
            entry = tx.record(fact)
        rest: tuple[OnItsWay, ...] = ()
        if announced is not None:
            reasons = {(each.product, ""): each.reason for each in delivery.lines if each.reason}
            rest = give_up_short(tx, desk, announced.document, reasons, day=day)
        drop_draft(tx, name)
        known = products(tx.connection, tx.shop, [line.product for line in lines])
        print_queue.put(
            tx,
            printer=print_queue.RECEIPT_PRINTER,
            kind="stock_document",
            fact=entry.envelope.fact,
            title=f"入库单 {number}",
            paper=received_slip(facts, known, tx.now_ms, tx.books.journal.series),
        )
        return Received(name, number, lines, seen.looks, rest)


def _known(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, Product]:
    """The products of a document. Raises Refusal: unknown_code, not_goods."""
    known = products(db, shop, codes)
    for code in codes:
        if code not in known:
            raise Refusal("unknown_code", text=code[:40], reason="no_product")
        if known[code].kind != "goods":
            raise Refusal("not_goods", name=known[code].name)
    return known


def last_costs(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, int]:
    """What the lot that came last cost, by product."""
    statement = (
        select(lot.c.product, lot.c.unit_cost)
        .where(lot.c.shop == shop, lot.c.product.in_(codes))
        .order_by(lot.c.received_ms, lot.c.lot)
    )
    return {product: int(cost) for product, cost in db.execute(statement)}


def _line(n: int, wanted: Wanted, waiting: list[OnItsWay], lot_id: str) -> ReceivedLine:
    """The fact's line: goods that come exactly as announced are the lot that was announced."""
    match = next((each for each in waiting if _same(each.line, wanted)), None) or next(
        (each for each in waiting if each.line.product == wanted.product), None
    )
    expected = wanted.expected
    if match is not None:
        waiting.remove(match)
        expected = match.rest
        if _same(match.line, wanted) and match.line.lot:
            lot_id = match.line.lot
    return ReceivedLine(
        line=n,
        product=wanted.product,
        lot=wanted.lot or lot_id,
        batch=wanted.batch,
        quantity=wanted.quantity,
        unit_cost=wanted.unit_cost,
        made=wanted.made,
        expires=wanted.expires,
        certificate=wanted.certificate,
        village=wanted.village,
        report=wanted.report,
        level=wanted.level,
        floor=wanted.floor,
        expected=expected,
        reason=wanted.reason,
        box=wanted.box,
        place=wanted.place,
    )


def _same(line: SentLine, wanted: Wanted) -> bool:
    """Whether these goods are the announced lot: the same in everything that is the lot's own."""
    return all(
        getattr(line, name) == getattr(wanted, name)
        for name in ("product", "batch", "made", "expires", "unit_cost")
    )

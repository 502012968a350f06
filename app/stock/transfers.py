"""调拨: goods on their way to another shop and home from one; a lot keeps its id and papers."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from app import print_queue
from app.catalogue.queries import products
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.stock import ArrivedLine, SentLine, TransferReceived, TransferSent
from app.quantity import shown
from app.staff.rules import NOBODY, Approver
from app.stock.desk import LINES_PER_FACT, StockDesk, next_number
from app.stock.dispatches import Dispatch, OnItsWay, find_dispatch
from app.stock.drafts import drop_draft
from app.stock.keeping import (
    Change,
    check_place,
    check_quantity,
    goods_of,
    out_of,
)
from app.stock.lots import find_lot, papers_of, recalled_batches
from app.stock.papers import sent_slip
from app.stock.photos import check_photos, keep_photos
from app.stock.receiving_rules import temperature_of
from app.stock.rules import SHELF
from app.stock.settling import give_up_short
from app.text import clean
from app.transaction import transaction


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """So much of a product for another shop."""

    product: str
    quantity: int
    lot: str = ""
    place: str = SHELF
    box: str = ""


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one lot."""

    product: str
    quantity: int
    lot: str = ""
    """Id or batch, "" = the product's only one."""
    reason: str = ""
    place: str = SHELF


class Posted(msgspec.Struct, frozen=True):
    """A transfer as it left."""

    document: str
    number: str
    lines: tuple[SentLine, ...]


class Arrived(msgspec.Struct, frozen=True):
    """A transfer as it came, and what of it is still on its way."""

    document: str
    number: str
    lines: tuple[ArrivedLine, ...]
    rest: tuple[OnItsWay, ...]


class Transfers:
    """What the person at the desk does with goods that go to or come from another shop."""

    def __init__(self, desk: StockDesk) -> None:
        self._desk = desk
        self._books = desk.books

    def send(
        self,
        to: str,
        parcels: Sequence[Parcel],
        *,
        waybill: str = "",
        approver: Approver = NOBODY,
    ) -> Posted:
        """Goods leave for another shop; until it says what came they are in transit.

        Raises Refusal: bad_shop, nothing_changed, too_many_lines, unknown_code, not_goods,
        bad_quantity, fraction_of_unit, bad_place, unknown_lot, lot_recalled, lot_expired,
        approval_needed.
        """
        desk = self._desk
        to = clean(to, most=20)
        if not to or to == self._books.shop:
            raise Refusal("bad_shop", text=to)
        yes = desk.approved("transfer", approver)
        day = desk.business_day()
        with transaction(self._books, staff=desk.person) as tx:
            lines = self._sent(tx.connection, parcels)
            name, number = tx.ids.new(), next_number(tx, "transfer_out", desk.today)
            for start in range(0, len(lines), LINES_PER_FACT):
                fact = TransferSent(
                    shop=tx.shop,
                    till=tx.till,
                    day=day,
                    shift=desk.shift_id,
                    document=name,
                    number=number,
                    to=to,
                    waybill=waybill,
                    person=desk.person,
                    approvals=(yes,) if yes else (),
                    lines=lines[start : start + LINES_PER_FACT],
                )
                entry = tx.record(fact)
            known = products(tx.connection, tx.shop, [line.product for line in lines])
            print_queue.put(
                tx,
                printer=print_queue.RECEIPT_PRINTER,
                kind="stock_document",
                fact=entry.envelope.fact,
                title=f"调拨单 {number}",
                paper=sent_slip(fact, lines, known, tx.now_ms, tx.books.journal.series),
            )
        return Posted(name, number, lines)

    def arrive(
        self,
        name: str,
        came: Sequence[Came] | None = None,
        *,
        temperature: str = "",
        draft: str = "",
        photos: Sequence[bytes] = (),
        approver: Approver = NOBODY,
    ) -> Arrived:
        """What another shop sent is here, all of it or as `came` says. Less without a reason stays
        on its way; less with one is given up; more needs one.

        Raises Refusal: unknown_document, document_posted, no_such_lot, more_than_dispatched,
        bad_quantity, bad_place, lot_expired, too_many_photos, approval_needed.
        """
        desk = self._desk
        yes = desk.approved("receive", approver)
        temperature = temperature_of(temperature)
        check_photos(photos)
        day = desk.business_day()
        with transaction(self._books, staff=desk.person) as tx:
            found = find_dispatch(tx.connection, tx.shop, name)
            if found is None or not found.source:
                raise Refusal("unknown_document", text=name[:40])
            if not found.open:
                raise Refusal("document_posted")
            known = products(tx.connection, tx.shop, [each.line.product for each in found.lines])
            lines = _arrived(found, came, known, desk.today)
            number = next_number(tx, "transfer_in", desk.today)
            names = keep_photos(tx, found.document, photos)
            for start in range(0, len(lines), LINES_PER_FACT):
                tx.record(
                    TransferReceived(
                        shop=tx.shop,
                        till=tx.till,
                        day=day,
                        shift=desk.shift_id,
                        document=found.document,
                        number=number,
                        source=found.source,
                        temperature=temperature,
                        person=desk.person,
                        approvals=(yes,) if yes else (),
                        photos=names if start == 0 else (),
                        lines=lines[start : start + LINES_PER_FACT],
                    )
                )
            reasons = {(e.sent.product, e.sent.lot): e.reason for e in lines if e.reason}
            rest = give_up_short(tx, desk, found.document, reasons, day=day)
            if draft:
                drop_draft(tx, draft)
        return Arrived(found.document, number, lines, rest)

    # --- Inside ----------------------------------------------------------------------------

    def _sent(self, db: Connection, parcels: Sequence[Parcel]) -> tuple[SentLine, ...]:
        shop, today = self._books.shop, self._desk.today
        changes = [Change(product=p.product, quantity=-p.quantity, reason="") for p in parcels]
        known = goods_of(db, shop, changes)
        taken: dict[tuple[str, str, str], int] = {}
        found: list[SentLine] = []
        for each in parcels:
            one = known[each.product]
            check_place(each.place)
            if each.quantity < 0:
                raise Refusal("bad_quantity", text=shown(each.quantity, weighed=True))
            check_quantity(each.quantity, one)
            papers = papers_of(db, shop, each.product)
            recalled = recalled_batches(db, shop, each.product)
            if each.lot:
                lot = find_lot(db, shop, each.product, each.lot, each.place)
                shares = [(lot.lot, -each.quantity, lot.unit_cost)]
            else:
                shares = list(out_of(db, shop, each.product, each.place, each.quantity, one, taken))
            for lot_id, quantity, _cost in shares:
                if lot_id not in papers:
                    raise Refusal("unknown_lot", lot=one.name)
                lot = papers[lot_id]
                if lot.batch in recalled:
                    raise Refusal("lot_recalled", name=one.name, kind="held")
                if lot.expires and lot.expires < today:
                    raise Refusal("lot_expired", name=one.name, expires=lot.expires)
                found.append(
                    lot.sent(
                        len(found) + 1, each.product, -quantity, place=each.place, box=each.box
                    )
                )
        return tuple(found)


def _arrived(
    found: Dispatch, came: Sequence[Came] | None, known: Mapping[str, Product], today: str
) -> tuple[ArrivedLine, ...]:
    """Every line somebody said something of, or every line that is still on its way."""
    if came is None:
        waiting = [each for each in found.lines if each.rest]
        return tuple(_checked(each, each.rest, "", SHELF, known, today) for each in waiting)
    if not came:
        raise Refusal("nothing_received")
    lines = []
    for said in came:
        match = _match(found, said)
        lines.append(_checked(match, said.quantity, said.reason, said.place, known, today))
    keys = [(line.sent.product, line.sent.lot) for line in lines]
    if len(set(keys)) != len(keys):
        raise Refusal("line_twice")
    return tuple(lines)


def _match(found: Dispatch, said: Came) -> OnItsWay:
    """The line that is meant. Raises Refusal("no_such_lot")."""
    own = [each for each in found.lines if each.line.product == said.product]
    if said.lot:
        own = [each for each in own if said.lot in (each.line.lot, each.line.batch)]
    waiting = [each for each in own if each.rest] or own
    if not waiting or (len(waiting) > 1 and not said.lot):
        raise Refusal("no_such_lot", text=said.product[:40])
    return waiting[0]


def _checked(
    each: OnItsWay,
    quantity: int,
    reason: str,
    place: str,
    known: Mapping[str, Product],
    today: str,
) -> ArrivedLine:
    line, one = each.line, known.get(each.line.product)
    if one is None:
        raise Refusal("unknown_code", text=line.product[:40], reason="no_product")
    check_place(place)
    if quantity:
        check_quantity(quantity, one)
    if quantity < 0:
        raise Refusal("bad_quantity", text=shown(quantity, weighed=True))
    if quantity and line.expires and line.expires < today:
        raise Refusal("lot_expired", name=one.name, expires=line.expires, kind="arrival")
    if quantity > each.rest and not reason:
        weighed = bool(one.weighed)
        raise Refusal(
            "more_than_dispatched",
            name=one.name,
            quantity=shown(quantity, weighed=weighed),
            expected=shown(each.rest, weighed=weighed),
        )
    return ArrivedLine(sent=line, quantity=quantity, reason=reason, place=place)

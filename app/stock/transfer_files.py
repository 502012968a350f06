"""Two shops that no hub joins hand each other sealed files: the very entries with their signatures.

The sending shop's says what is on its way; the receiving shop's says back what came.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from app.errors import Refusal
from app.facts.dispatches import DispatchExpected, SettledLine, TransitSettled
from app.facts.stock import TransferReceived, TransferSent
from app.quantity import MAX_MILLI
from app.staff.rules import NOBODY, Approver
from app.stock.desk import LINES_PER_FACT, StockDesk
from app.stock.dispatch_tables import dispatch
from app.stock.dispatches import Dispatch, Sent, find_dispatch, sent_lines
from app.stock.sealed import Opened, Sealed, opened, read_file, sealed, write_file
from app.stock.settling import settle
from app.transaction import Transaction, transaction


class Imported(msgspec.Struct, frozen=True):
    """A sealed file's dispatch, and whether its shop signs with a key never seen before."""

    dispatch: Dispatch
    new_key: bool


class TransferFiles:
    """What the person at the desk does with such files."""

    def __init__(self, desk: StockDesk) -> None:
        self._desk = desk
        self._books = desk.books

    def export(self, name: str, path: Path) -> Sealed:
        """Write a transfer, or what came of one, as a sealed file for the other shop.

        Raises Refusal: unknown_document, export_failed.
        """
        self._desk.approved("move")
        with self._books.read() as db:
            # Whoever received it calls it by the sender's number.
            coming = find_dispatch(db, self._books.shop, name)
            found = sealed(db, self._books, coming.document if coming else name)
        if found is None:
            raise Refusal("unknown_document", text=name[:40])
        write_file(path, found)
        return found

    def take_in(
        self, path: Path, *, new_key: bool = False, approver: Approver = NOBODY
    ) -> Imported:
        """Read another shop's sealed transfer: from now on it is expected here. Twice is once.

        Raises Refusal: file_unreadable, seal_broken, not_for_us, sender_key_changed (until
        somebody says `new_key`), other_content, wrong_file, approval_needed.
        """
        self._desk.approved("receive", approver)
        said = opened(read_file(path), TransferSent)
        first = said.facts[0]
        if first.to != self._books.shop:
            raise Refusal("not_for_us", text=first.to)
        lines = tuple(line for fact in said.facts for line in fact.lines)
        if any(not 0 < line.quantity <= MAX_MILLI or line.unit_cost < 0 for line in lines):
            raise Refusal("wrong_file")
        day = self._desk.business_day()
        with transaction(self._books, staff=self._desk.person) as tx:
            before = find_dispatch(tx.connection, tx.shop, first.document)
            if before is not None:
                if tuple(each.line for each in before.lines) != lines:
                    raise Refusal("other_content", number=before.number)
                return Imported(before, False)
            unknown = self._check_key(tx, first.shop, said.public_key, new_key)
            for start in range(0, len(lines), LINES_PER_FACT):
                tx.record(
                    DispatchExpected(
                        shop=tx.shop,
                        till=tx.till,
                        day=day,
                        shift=self._desk.shift_id,
                        document=first.document,
                        number=first.number or first.document[-8:],
                        source=first.shop,
                        waybill=first.waybill,
                        sender_key=said.public_key,
                        person=self._desk.person,
                        lines=lines[start : start + LINES_PER_FACT],
                    )
                )
            tx.flush()
            found = find_dispatch(tx.connection, tx.shop, first.document)
        assert found is not None
        return Imported(found, unknown)

    def learn(self, path: Path, approver: Approver = NOBODY) -> list[Sent]:
        """Read what the other shop says came of our transfer. Twice is once.

        Raises Refusal: file_unreadable, seal_broken, wrong_file, unknown_document, not_for_us,
        sender_key_changed, approval_needed.
        """
        self._desk.approved("transfer", approver)
        said = opened(read_file(path), TransferReceived, TransitSettled)
        name = said.document
        arrived: dict[tuple[str, str], int] = {}
        lost: dict[tuple[str, str], int] = {}
        for fact in said.facts:
            if isinstance(fact, TransferReceived):
                if fact.source != self._books.shop:
                    raise Refusal("not_for_us", text=fact.source)
                for line in fact.lines:
                    key = (line.sent.product, line.sent.lot)
                    arrived[key] = arrived.get(key, 0) + line.quantity
            elif isinstance(fact, TransitSettled):
                for gone in fact.lines:
                    key = (gone.product, gone.lot)
                    lost[key] = lost.get(key, 0) + gone.lost
        return self._learnt(name, arrived, lost, signed=said)

    def write_off(self, name: str, reason: str, approver: Approver = NOBODY) -> list[Sent]:
        """Nobody waits for the rest of what we sent: it is lost on the way.

        Raises Refusal: unknown_document, reason_needed, approval_needed.
        """
        self._desk.approved("transfer", approver)
        if not reason:
            raise Refusal("reason_needed")
        with self._books.read() as db:
            open_lines = sent_lines(db, self._books.shop, name)
        known = {(each.product, each.lot): each for each in open_lines}
        lost = {key: each.lost + each.rest for key, each in known.items()}
        came = {key: each.arrived for key, each in known.items()}
        return self._learnt(name, came, lost, reason=reason)

    def sent(self, name: str = "") -> list[Sent]:
        """What is known of what we sent; without a name, of everything still on its way."""
        with self._books.read() as db:
            return sent_lines(db, self._books.shop, name, open_only=not name)

    # --- Inside ----------------------------------------------------------------------------

    def _learnt(
        self,
        name: str,
        arrived: Mapping[tuple[str, str], int],
        lost: Mapping[tuple[str, str], int],
        *,
        reason: str = "",
        signed: Opened[Any] | None = None,
    ) -> list[Sent]:
        day = self._desk.business_day()
        with transaction(self._books, staff=self._desk.person) as tx:
            before = sent_lines(tx.connection, tx.shop, name)
            if not before:
                raise Refusal("unknown_document", text=name[:40])
            if signed is not None and signed.shop != before[0].target:
                raise Refusal("not_for_us", text=signed.shop)
            if signed is not None:
                self._check_key(tx, signed.shop, signed.public_key, accepted=False)
            news = tuple(
                SettledLine(
                    product=each.product,
                    lot=each.lot,
                    arrived=arrived.get((each.product, each.lot), 0) - each.arrived,
                    lost=lost.get((each.product, each.lot), 0) - each.lost,
                )
                for each in before
            )
            news = tuple(each for each in news if each.arrived > 0 or each.lost > 0)
            settle(tx, self._desk, before[0].document, news, reason=reason, day=day)
            tx.flush()
            return sent_lines(tx.connection, tx.shop, before[0].document)

    def _check_key(self, tx: Transaction, shop: str, key: str, accepted: bool) -> bool:
        """Whether the shop was never heard of; one whose key changed needs a person's word."""
        known = {
            row[0]
            for row in tx.read(
                select(dispatch.c.sender_key)
                .where(dispatch.c.shop == tx.shop, dispatch.c.source == shop)
                .distinct()
            )
        }
        if known and key not in known and not accepted:
            raise Refusal("sender_key_changed", shop=shop)
        return key not in known

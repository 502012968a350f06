"""A platform to practise on, with its bad days, for folders that are not a real shop's.

The last two digits of the buyer's name choose the day: `01` issued, but the answer is lost · `02`
refused: the buyer is not known · `03` nothing answers, nothing was taken; asked again it is ·
`04` works on it for three questions · any other: taken, and issued two seconds later. What was
taken stands in a file of its own, so a till that is killed finds it again as on a real platform.
"""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from app.clock import Clock, iso
from app.sales.invoice_sending import Order
from sync.invoicing.gateway import (
    ISSUED,
    NO_CONNECTION,
    NOT_KNOWN,
    REFUSED,
    UNCLEAR,
    WORKING,
    Heard,
)

MOMENT_MS = 2_000
LEDGER = "practice_invoices.jsonl"
LOST, UNKNOWN_BUYER, SILENT, SLOW = "01", "02", "03", "04"
SLOW_ASKS = 3
_DAY = re.compile(r"[0-9]{2}$")


class Taken(msgspec.Struct, kw_only=True):
    """A request as the platform keeps it."""

    request_no: str
    kind: str
    amount: int
    tax: int
    original_no: str
    day: str
    taken_ms: int
    invoice_no: str


class PracticeGateway:
    """Remembers what it took, and how often it was asked in this process."""

    def __init__(self, folder: Path, clock: Clock, *, cut: Callable[[], bool]) -> None:
        self._path = folder / LEDGER
        self._clock = clock
        self._cut = cut
        self._asked: dict[str, int] = {}
        self.taken = self._read()

    def why_off(self) -> str:
        return NO_CONNECTION if self._cut() else ""

    def issue(self, order: Order) -> Heard:
        """Take a request once, however often it comes."""
        if self._cut():
            return Heard(UNCLEAR, reason=NO_CONNECTION)
        asked = self._asked[order.request_no] = self._asked.get(order.request_no, 0) + 1
        match = _DAY.search(order.buyer.name)
        day = match.group() if match else ""
        if order.request_no in self.taken:
            return self._stands(order.request_no)
        if day == SILENT and asked == 1:
            return Heard(UNCLEAR, reason="no_answer")
        if day == UNKNOWN_BUYER:
            return Heard(REFUSED, reason="buyer_not_found")
        issued = {each.invoice_no for each in self.taken.values()}
        if order.kind == "red" and order.original_no not in issued:
            return Heard(REFUSED, reason="original_not_found")
        self._take(order, day)
        if day == LOST:
            return Heard(UNCLEAR, reason="no_answer")
        return Heard(WORKING, reason="working")

    def query(self, request_no: str) -> Heard:
        """What became of a request."""
        if self._cut():
            return Heard(UNCLEAR, reason=NO_CONNECTION)
        if request_no not in self.taken:
            return Heard(NOT_KNOWN)
        self._asked[request_no] = self._asked.get(request_no, 0) + 1
        return self._stands(request_no)

    def _stands(self, request_no: str) -> Heard:
        taken = self.taken[request_no]
        ready = taken.taken_ms + (0 if taken.day == LOST else MOMENT_MS)
        slow = taken.day == SLOW and self._asked.get(request_no, 0) <= SLOW_ASKS
        if slow or self._clock.wall_ms() < ready:
            return Heard(WORKING, reason="working")
        return Heard(ISSUED, taken.invoice_no, iso(ready))

    def _take(self, order: Order, day: str) -> None:
        figures = int.from_bytes(hashlib.sha256(order.request_no.encode()).digest()[:8], "big")
        taken = Taken(
            request_no=order.request_no,
            kind=order.kind,
            amount=order.amount,
            tax=order.tax,
            original_no=order.original_no,
            day=day,
            taken_ms=self._clock.wall_ms(),
            # 20 figures, as on a 数电票; the same request never gets another number.
            invoice_no=f"99{figures % 10**18:018d}",
        )
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(taken) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.taken[order.request_no] = taken

    def _read(self) -> dict[str, Taken]:
        if not self._path.exists():
            return {}
        found = {}
        for line in self._path.read_bytes().splitlines():
            try:
                taken = msgspec.json.decode(line, type=Taken)
            except msgspec.DecodeError:
                # The power went while it was written: it was never taken.
                continue
            found[taken.request_no] = taken
        return found

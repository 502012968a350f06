"""Sends what was asked for to whoever issues invoices, and asks until it is known.

Nobody waits for an invoice, so one thread does it all, call by call, and a slow platform holds up
nothing else. In the window `start` lets it run by itself; without one `step` is called, so that
time may stand still. Every moment is on the clock that is handed in.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.errors import Refusal, ShopError
from app.facts.base import Fact
from app.facts.invoices import (
    InvoiceAskedAgain,
    InvoiceBuyerCorrected,
    InvoiceRequested,
    InvoiceWithdrawn,
    RedLetterRequested,
)
from app.loop import Loop
from app.sales import invoice_sending as sending
from app.sales.invoice_queries import Document, document, documents
from app.sales.invoice_rules import REQUESTED, SENT
from app.sales.tax_codes import TaxCode
from app.transaction import Books
from sync.invoicing.gateway import (
    ISSUED,
    NOT_KNOWN,
    REASONS,
    REFUSED,
    UNCLEAR,
    Gateway,
    Heard,
)

LOG = logging.getLogger(__name__)
PAUSE_S = 1.0
OFF_AGAIN_MS = 30_000
"""While nobody can be asked, so often it is tried whether that has changed."""
ASK_AGAIN_MS = (2_000, 5_000, 10_000, 30_000, 60_000, 300_000)
"""After the first question, the second…; the last goes on for ever."""
NEW_WORK = (
    InvoiceRequested,
    InvoiceBuyerCorrected,
    InvoiceAskedAgain,
    InvoiceWithdrawn,
    RedLetterRequested,
)


@dataclass
class _Watched:
    """A document of this till that is not settled."""

    state: str
    due_at: int
    """On the monotonic clock."""
    asks: int = 0
    reason: str = ""


@dataclass
class InvoiceRunner:
    """The carrier of one till's invoices."""

    books: Books
    gateway: Gateway
    codes: Callable[[], Sequence[TaxCode]]
    _watched: dict[str, _Watched] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _stale: threading.Event = field(default_factory=threading.Event)
    loop: Loop = field(init=False)

    def __post_init__(self) -> None:
        self.loop = Loop("invoices", self.step, lambda: PAUSE_S, after_bug_s=5)
        self._stale.set()
        self.books.listeners.append(self._recorded)

    def _recorded(self, facts: Sequence[Fact]) -> None:
        if any(isinstance(fact, NEW_WORK) for fact in facts):
            self._stale.set()
            self.loop.wake()

    # --- for people ------------------------------------------------------------------------

    def reason(self, name: str) -> str:
        """Why it is not issued yet, in words; "" when nothing stands in the way."""
        watched = self._watched.get(name)
        return REASONS.get(watched.reason, watched.reason) if watched else ""

    def why_off(self) -> str:
        """Why nothing can be issued now, in words."""
        return REASONS[self.gateway.why_off()]

    def ask_now(self, name: str) -> None:
        """Have it asked at the next step, grace or pause notwithstanding.

        Raises Refusal: unknown_invoice (or nothing about it is open).
        """
        with self._lock:
            self._load()
            if name not in self._watched:
                raise Refusal("unknown_invoice")
            self._watched[name].due_at = self.books.clock.monotonic_ms()
        self.loop.wake()

    # --- running ---------------------------------------------------------------------------

    def close(self) -> None:
        """Begin nothing new. What is under way is asked about after the next start."""
        self.loop.close()

    def next_due(self) -> int | None:
        """When something falls due on the monotonic clock, None for never."""
        with self._lock:
            self._load()
            return min((each.due_at for each in self._watched.values()), default=None)

    def step(self) -> None:
        """Do everything that is due."""
        with self._lock:
            self._load()
            now = self.books.clock.monotonic_ms()
            for name, watched in list(self._watched.items()):
                if watched.due_at > now or self.loop.closing:
                    continue
                try:
                    self._one(name, watched)
                except ShopError as error:
                    # The disk, most likely: it is tried again like everything else.
                    LOG.warning("invoice %s: %s", name, error)
                    self._later(watched, error.code)

    def _load(self) -> None:
        """Take up what is open, let go of what has ended."""
        if not self._stale.is_set():
            return
        self._stale.clear()
        books = self.books
        try:
            with books.read() as db:
                found = documents(db, books.shop, till=books.till, states=(REQUESTED, SENT))
        except BaseException:
            self._stale.set()
            raise
        now, wall = books.clock.monotonic_ms(), books.clock.wall_ms()
        open_ = {each.document: each for each in found}
        for name, each in open_.items():
            known = self._watched.get(name)
            if known is None or known.state != each.state:
                grace = min(max(each.since_ms + sending.GRACE_MS - wall, 0), sending.GRACE_MS)
                wait = grace if each.state == REQUESTED else 0
                self._watched[name] = _Watched(each.state, now + wait)
        for name in [each for each in self._watched if each not in open_]:
            del self._watched[name]

    def _one(self, name: str, watched: _Watched) -> None:
        if off := self.gateway.why_off():
            watched.reason = off
            watched.due_at = self.books.clock.monotonic_ms() + OFF_AGAIN_MS
            return
        if watched.state == REQUESTED:
            sent = sending.send(self.books, name, self.codes())
            if sent is None:
                self._watched.pop(name, None)
                return
            watched.state, watched.asks = SENT, 0
            self._issue(sent, watched)
            return
        with self.books.read() as db:
            sent = document(db, self.books.shop, name)
        if sent is None or sent.state != SENT:
            self._watched.pop(name, None)
            return
        heard = self.gateway.query(sent.request_no)
        if heard.outcome == NOT_KNOWN:
            # It never arrived. Under the same number it is the same request, whatever is true.
            self._issue(sent, watched)
        else:
            self._heard(sent, watched, heard)

    def _issue(self, sent: Document, watched: _Watched) -> None:
        order = sending.order_of(self.books, sent)
        if order is None:
            self._heard(sent, watched, Heard(REFUSED, reason="buyer_forgotten"))
            return
        self._heard(sent, watched, self.gateway.issue(order))

    def _heard(self, sent: Document, watched: _Watched, heard: Heard) -> None:
        if heard.outcome == ISSUED:
            sending.issued(self.books, sent, heard.invoice_no, heard.issued_at)
            self._watched.pop(sent.document, None)
        elif heard.outcome == REFUSED:
            sending.failed(self.books, sent, heard.reason)
            self._watched.pop(sent.document, None)
        else:
            self._later(watched, heard.reason or ("no_answer" if heard.outcome == UNCLEAR else ""))

    def _later(self, watched: _Watched, reason: str) -> None:
        pause = ASK_AGAIN_MS[min(watched.asks, len(ASK_AGAIN_MS) - 1)]
        watched.asks += 1
        watched.reason = reason
        watched.due_at = self.books.clock.monotonic_ms() + pause

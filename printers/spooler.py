"""Drains the print queue of one printer: one step, one job at most, no thread inside.

Rules. A job is SENDING on the disk before its first byte leaves. What could not begin stays
WAITING with a reason somebody can mend. What began and was not confirmed is UNSURE: a person
says what came out, the till never prints it again by itself. The drawer is kicked at most once
per job, only while the customer is still there, and never because a till was started again.
Each printer has its own spool (and, in the till, its own thread), so a dead one blocks no other.
"""

import logging
import threading
from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

import msgspec

from app.clock import Clock
from app.content import LABELS, Paper, copy_mark, has_copy_mark
from app.errors import ShopError, Trouble
from printers.devices.carrier import Carrier
from printers.devices.status import PrinterStatus
from printers.encoder import paper_bytes
from printers.escpos_text import drawer_kick, drawer_kick_now
from printers.profile import Profile

State = Literal["WAITING", "SENDING", "PRINTED", "UNSURE", "FAILED", "EXPIRED"]

KICK_LIFE_MS = 10_000
"""An older kick would open the drawer at the next customer."""
BACKOFF_MS = (1000, 2000, 4000, 5000)
"""Short at the top: paper was put in, and somebody is waiting in front of the till."""

LOG = logging.getLogger(__name__)


class Job(Protocol):
    """What the spool reads of a queued job."""

    @property
    def id(self) -> str: ...
    @property
    def paper(self) -> Paper: ...
    @property
    def kick_drawer(self) -> bool: ...
    @property
    def state(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def created_ms(self) -> int: ...
    @property
    def expires_ms(self) -> int: ...
    @property
    def copies_printed(self) -> int: ...


class Queue(Protocol):
    """The durable queue; every `mark` is on the disk when it returns."""

    def next_job(self, printer: str, now_ms: int) -> Job | None:
        """The oldest job of a printer that is WAITING (or was left SENDING)."""
        ...

    def mark(self, job: str, state: str, detail: str, now_ms: int) -> None:
        """Put a job into a state, with a reason code."""
        ...


class Outcome(NamedTuple):
    """What a step did."""

    job: str
    state: State
    detail: str


# --- Decisions -----------------------------------------------------------------------------


def kick_allowed(job: Job, kicked: bool, started_ms: int, now_ms: int) -> bool:
    """Whether this job may still open the drawer."""
    age = now_ms - job.created_ms
    fresh = 0 <= age <= KICK_LIFE_MS and job.created_ms >= started_ms
    return job.kick_drawer and fresh and not kicked and job.copies_printed == 0


def verdict(profile: Profile, after: PrinterStatus) -> tuple[State, str]:
    """What became of a job whose bytes were all taken, from the status asked afterwards."""
    if profile.status == "none":
        return ("PRINTED", "unconfirmed") if profile.trust else ("UNSURE", "unconfirmed")
    if after.trouble:
        return "UNSURE", after.trouble
    if not after.ready:
        return "UNSURE", "no_answer"
    return "PRINTED", "paper_near_end" if after.paper == "near_end" else ""


def marked_copy(paper: Paper, copies_printed: int) -> Paper:
    """The paper with 重印 n over it when it already came out; no copy goes unmarked.

    A label proves no sale: printed again it is the same label.
    """
    if paper.kind == LABELS or not paper.blocks:
        return paper
    language = paper.language
    if copies_printed == 0 or any(has_copy_mark(block, language) for block in paper.blocks):
        return paper
    return msgspec.structs.replace(
        paper, blocks=(copy_mark(copies_printed, language), *paper.blocks)
    )


# --- The spool -----------------------------------------------------------------------------


class PrinterSpool:
    """Remembers when to try again, what it kicked, and since when it runs."""

    def __init__(
        self,
        name: str,
        profile: Profile,
        carrier: Carrier,
        queue: Queue,
        clock: Clock,
        render: Callable[[Paper, Profile], bytes] = paper_bytes,
    ) -> None:
        self.name = name
        self.profile = profile
        self.carrier = carrier
        self.reason = ""
        """Why the job at the head waits: offline, paper_out, cover_open, or empty."""
        self._queue = queue
        self._clock = clock
        self._render = render
        self._started_ms = clock.wall_ms()
        self._kicked: set[str] = set()
        self._tries = 0
        self._carrying = threading.Lock()
        self._next_try_ms = clock.monotonic_ms()

    def poke(self) -> None:
        """Try at once: somebody put paper in and pressed the button."""
        self._next_try_ms = self._clock.monotonic_ms()

    def send_unqueued(self, paper: Paper) -> None:
        """Print a paper no disk may keep. Raises Trouble: printer_unreachable, printer_broke_off.

        May be called beside the thread that steps: one paper at a time goes to the printer.
        """
        data = self._render(paper, self.profile)
        with self._carrying:
            try:
                self.carrier.open()
                if trouble := self.carrier.status().trouble:
                    raise Trouble("printer_unreachable", reason=trouble)
                self.carrier.send(data)
            finally:
                self.carrier.close()

    def step(self) -> Outcome | None:
        """Take the job at the head as far as it goes; None = nothing to do yet."""
        now_ms = self._clock.wall_ms()
        job = self._queue.next_job(self.name, now_ms)
        if job is None:
            self.reason, self._tries = "", 0
            return None
        if job.state == "SENDING":
            # Nobody is sending but us, so this one was left by a till that died.
            return self._rest(job, "UNSURE", "restart")
        if job.expires_ms <= now_ms:
            return self._rest(job, "EXPIRED", "")
        if self._clock.monotonic_ms() < self._next_try_ms:
            return None
        try:
            data = self._render(marked_copy(job.paper, job.copies_printed), self.profile)
        except ShopError as problem:
            return self._rest(job, "FAILED", problem.code)
        except Exception:
            # Our bug. The paper stays in the queue for whoever mends it; the next one prints.
            LOG.exception("job %s cannot be turned into bytes", job.id)
            return self._rest(job, "FAILED", "bug")
        with self._carrying:
            try:
                return self._carry(job, data)
            finally:
                self.carrier.close()

    def _carry(self, job: Job, data: bytes) -> Outcome:
        try:
            self.carrier.open()
        except Trouble:
            return self._wait(job, "offline")
        if trouble := self.carrier.status().trouble:
            self._kick_offline(job)
            return self._wait(job, trouble)
        kick = b""
        if self._may_kick(job):
            self._kicked.add(job.id)
            kick = drawer_kick(self.profile.drawer)
        if not kick and not data:
            return self._rest(job, "EXPIRED", "kick_too_late")
        self._queue.mark(job.id, "SENDING", "", self._clock.wall_ms())
        try:
            # The drawer first: it opens while the receipt is still printing.
            self.carrier.send(kick + data)
        except Trouble:
            return self._rest(job, "UNSURE", "broke_off")
        return self._rest(job, *verdict(self.profile, self.carrier.status()))

    def _may_kick(self, job: Job) -> bool:
        kicked = job.id in self._kicked
        return kick_allowed(job, kicked, self._started_ms, self._clock.wall_ms())

    def _kick_offline(self, job: Job) -> None:
        """The customer's change does not wait for paper, if the printer can open the drawer."""
        if not self.profile.drawer.real_time or not self._may_kick(job):
            return
        self._kicked.add(job.id)
        try:
            self.carrier.send(drawer_kick_now(self.profile.drawer))
        except Trouble:
            LOG.warning("drawer of %s did not take its pulse", self.name)

    def _wait(self, job: Job, reason: str) -> Outcome:
        delay = BACKOFF_MS[min(self._tries, len(BACKOFF_MS) - 1)]
        self._tries += 1
        self._next_try_ms = self._clock.monotonic_ms() + delay
        self.reason = reason
        if job.detail != reason:
            self._queue.mark(job.id, "WAITING", reason, self._clock.wall_ms())
        return Outcome(job.id, "WAITING", reason)

    def _rest(self, job: Job, state: State, detail: str) -> Outcome:
        self._queue.mark(job.id, state, detail, self._clock.wall_ms())
        self.reason, self._tries = "", 0
        self._next_try_ms = self._clock.monotonic_ms()
        return Outcome(job.id, state, detail)

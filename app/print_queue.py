"""What must come out on paper: a durable queue that actions fill and the spooler drains.

WAITING -> SENDING -> PRINTED or UNSURE. SENDING is on the disk before the first byte leaves, so a
till that died in between finds the job UNSURE and asks; nothing prints twice by itself.
"""

import msgspec
from sqlalchemy import Column, Index, Integer, Table, Text, bindparam, select, text, update

from app.content import LABELS, Paper
from app.database import Priority
from app.languages import in_language
from app.rows import LOCAL, METADATA
from app.shop.queries import settings
from app.transaction import Books, Transaction, transaction

RECEIPT_LIFE_MS = 2 * 3_600_000
"""A receipt nobody could print for two hours is no longer wanted by itself."""
RECEIPT_PRINTER = "receipt"
"""The counter's own printer by the part it plays; the till says which device that is."""
LABEL_PRINTER = "label"
LABEL_LIFE_MS = 12 * 3_600_000
"""Labels of the morning are still wanted at night, not the next day."""

print_job = Table(
    "print_job",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("printer", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("paper", Text, nullable=False),
    Column("kick_drawer", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("changed_ms", Integer, nullable=False),
    Column("expires_ms", Integer, nullable=False),
    Column("copies_printed", Integer, nullable=False),
    Index("ix_print_job_state", "state", "printer", "id"),
    info=LOCAL,
    sqlite_strict=True,
)

_AS_IT_IS = frozenset({"receipt", "refund", "drawer", LABELS})
_SETTING = {"money_left": "receipt_language", "invoice_slip": "receipt_language"}
"""Kinds a customer takes home -> the setting of their language; others are the till's people's."""


class Job(msgspec.Struct, frozen=True):
    """One paper for one printer."""

    id: str
    printer: str
    kind: str
    fact: str
    title: str
    paper: Paper
    kick_drawer: bool
    state: str
    detail: str
    created_ms: int
    changed_ms: int
    expires_ms: int
    copies_printed: int


_NEXT = (
    select(print_job)
    .where(print_job.c.printer == bindparam("printer"), print_job.c.state == "WAITING")
    .order_by(text("rowid"))
    .limit(1)
)
_OPEN = (
    select(print_job)
    .where(print_job.c.state.in_(("WAITING", "SENDING", "UNSURE")))
    .order_by(text("rowid"))
)
_LAST = (
    select(print_job)
    .where(print_job.c.printer == bindparam("printer"), print_job.c.kind != "drawer")
    .where(print_job.c.state.in_(("PRINTED", "UNSURE")))
    .order_by(print_job.c.changed_ms.desc(), text("rowid DESC"))
    .limit(1)
)
_ONE = select(print_job).where(print_job.c.id == bindparam("job"))


def drawer_only() -> Paper:
    """A job without a word: the drawer opens, nothing is printed."""
    return Paper(kind="drawer", blocks=(), cut=False)


def put(
    tx: Transaction,
    *,
    printer: str,
    kind: str,
    fact: str,
    title: str,
    paper: Paper,
    kick_drawer: bool = False,
    life_ms: int = RECEIPT_LIFE_MS,
) -> str:
    """Queue a paper in the action's own transaction; the job's id.

    A receipt or refund comes in its language already, any other paper is put into it here.
    """
    job = tx.ids.new()
    if kind not in _AS_IT_IS:
        chosen = settings(tx.connection, tx.shop)
        paper = in_language(paper, chosen[_SETTING.get(kind, "language")])
    now = tx.now_ms
    tx.insert(
        print_job,
        {
            "id": job,
            "printer": printer,
            "kind": kind,
            "fact": fact,
            "title": title,
            "paper": msgspec.json.encode(paper).decode(),
            "kick_drawer": int(kick_drawer),
            "state": "WAITING",
            "detail": "",
            "created_ms": now,
            "changed_ms": now,
            "expires_ms": now + life_ms,
            "copies_printed": 0,
        },
    )
    return job


class PrintQueue:
    """The spooler's door to the queue: each step is durable before it returns."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def next_job(self, printer: str, now_ms: int) -> Job | None:
        """The oldest waiting job of a printer; ones past their time are marked EXPIRED first."""
        while True:
            with self._books.read() as db:
                row = db.execute(_NEXT, {"printer": printer}).first()
            if row is None:
                return None
            if row.expires_ms > now_ms:
                return _job(row)
            self.mark(row.id, "EXPIRED", "", now_ms)

    def open_jobs(self) -> list[Job]:
        """Everything waiting, being sent or unsure, oldest first."""
        with self._books.read() as db:
            return [_job(row) for row in db.execute(_OPEN)]

    def job(self, job: str) -> Job | None:
        """One job by its id."""
        with self._books.read() as db:
            row = db.execute(_ONE, {"job": job}).first()
        return None if row is None else _job(row)

    def last_printed(self, printer: str) -> Job | None:
        """The paper that came out last, or may have."""
        with self._books.read() as db:
            row = db.execute(_LAST, {"printer": printer}).first()
        return None if row is None else _job(row)

    def mark(self, job: str, state: str, detail: str, now_ms: int) -> None:
        """Put a job into a state, with the reason a person will read."""
        values = {"state": state, "detail": detail, "changed_ms": now_ms}
        if state == "PRINTED":
            values["copies_printed"] = print_job.c.copies_printed + 1
        with transaction(self._books, priority=Priority.BACKGROUND) as tx:
            tx.execute(update(print_job).where(print_job.c.id == job).values(**values))

    def after_restart(self, now_ms: int) -> int:
        """Jobs caught in the middle of sending become UNSURE; how many there were."""
        caught = [job for job in self.open_jobs() if job.state == "SENDING"]
        for job in caught:
            self.mark(job.id, "UNSURE", "restart", now_ms)
        return len(caught)


def _job(row: object) -> Job:
    fields = dict(row._mapping)  # type: ignore[attr-defined]
    fields["paper"] = msgspec.json.decode(fields["paper"], type=Paper)
    fields["kick_drawer"] = bool(fields["kick_drawer"])
    return Job(**fields)

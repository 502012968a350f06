"""The till that some copies on a second disk are of: which, how far they reach, what is broken.

Read before anything is restored, so that whoever stands there sees that it is their shop.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import Refusal, Trouble
from app.facts.journals import JournalOpened
from app.facts.sales import RefundCompleted, SaleCompleted
from app.facts.staff import StaffSet
from app.journal.copied import copies_in, read_copies
from app.journal.entry import decode_envelope
from app.journal.problems import Problem
from app.journal.rebuild import read
from app.journal.stored import StoredEntry
from app.journal.verify import JournalCheck
from app.own_journals import next_series
from app.staff.recovery import typed_code

APART = ("D", "T")
"""Demo and training are tills of their own beside the real one."""


@dataclass(slots=True)
class CopiedTill:
    """What lies in the copies of one till, its entries in order."""

    entries: Sequence[StoredEntry]
    problems: Sequence[Problem]
    opened: list[tuple[StoredEntry, JournalOpened]] = field(default_factory=list)
    """Every journal's first entry, the newest last."""
    managers: list[str] = field(default_factory=list)
    """Numbers that were managers last."""
    last_ms: int = 0
    """The wall clock of the last entry."""
    last_number: str = ""
    """The last receipt or refund."""

    @property
    def shop(self) -> str:
        return self.opened[-1][1].shop

    @property
    def till(self) -> str:
        return self.opened[-1][1].till

    @property
    def next_series(self) -> str:
        """The letter of the receipts that follow a restore: no number is ever given again.

        Raises Refusal("series_used_up").
        """
        return next_series([fact.series for _entry, fact in self.opened])


def copied_till(copies: Path, code: str = "", *, beside: Path | None = None) -> CopiedTill:
    """Look at the copies in a folder, or at one database file; `code` opens sealed ones.

    Where something is broken only authentic entries are left, beside the problems. Raises Trouble:
    copy_failed, copy_missing, copy_damaged (nothing is left), copy_foreign, Refusal: copies_sealed,
    recovery_wrong, copies_of_several (with the folders or tills that lie there).
    """
    entries, problems = read_copies(copies_in(copies), code=typed_code(code), beside=beside)
    found = CopiedTill(_authentic(entries) if problems else entries, problems)
    _read(found)
    if not found.opened and problems:
        raise damaged(problems)
    if not found.opened:
        raise Trouble("copy_missing")
    tills = {_name(fact) for _entry, fact in found.opened}
    if len(tills) > 1:
        raise Refusal("copies_of_several", tills="、".join(sorted(tills)))
    return found


def damaged(problems: Sequence[Problem]) -> Trouble:
    """Where the copies are broken first, and how often."""
    first = problems[0]
    return Trouble(
        "copy_damaged", journal=first.journal, seq=first.seq, detail=first.code, count=len(problems)
    )


def _read(found: CopiedTill) -> None:
    roles: dict[str, str] = {}
    last_order = -1
    for entry in found.entries:
        if (said := read(entry)) is None:
            continue
        envelope, fact = said
        if isinstance(fact, JournalOpened):
            found.opened.append((entry, fact))
        elif isinstance(fact, StaffSet):
            roles[fact.person] = fact.role if fact.active else ""
        elif isinstance(fact, SaleCompleted | RefundCompleted) and envelope.order > last_order:
            last_order, found.last_number = envelope.order, fact.number
    found.managers = sorted(number for number, role in roles.items() if role == "manager")
    if found.entries:
        found.last_ms = decode_envelope(found.entries[-1].content).wall


def _name(fact: JournalOpened) -> str:
    return f"{fact.shop}-{fact.till}{fact.series if fact.series in APART else ''}"


def _authentic(entries: Sequence[StoredEntry]) -> list[StoredEntry]:
    """The entries a report finds nothing against but that their neighbours are missing."""
    kept: list[StoredEntry] = []
    checks: dict[str, JournalCheck] = {}
    for each in entries:
        check = checks.setdefault(each.journal, JournalCheck(each.journal))
        told = len(check.problems)
        check.take(each)
        if {found.code for found in check.problems[told:]} <= {"entry_missing", "chain_broken"}:
            kept.append(each)
    return kept

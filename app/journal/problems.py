"""What a check found: one problem, one journal, the whole answer."""

from collections.abc import Sequence

import msgspec

MOST_PROBLEMS = 1000
"""A report longer than this is not read by anybody; the last problem says that it was cut."""


class Problem(msgspec.Struct, frozen=True):
    """One thing that is not as it was written, and where.

    Entries: entry_missing, entry_misplaced, content_changed, hash_changed, signature_bad,
    signature_unchecked, chain_broken, columns_changed, order_not_rising, entry_unreadable,
    fact_unreadable, entry_too_long, journal_not_opened, key_changed, previous_cut,
    previous_went_on, number_missing, number_twice, number_out_of_order, head_missing.
    Feeds: feed_changed, feed_signature_bad.
    Tables: database_damaged, schema_differs, meaning_failed, row_changed, row_missing, row_extra,
    sum_wrong, paper_without_fact.
    """

    code: str
    journal: str = ""
    seq: int = 0
    """0 when the problem lies in no entry."""
    detail: str = ""


class JournalReport(msgspec.Struct, frozen=True):
    """What one journal turned out to be."""

    journal: str
    shop: str
    till: str
    series: str
    reason: str
    public_key: str
    entries: int
    unknown_kinds: int
    """Entries a newer program wrote: authentic, but not readable here."""
    head_seq: int
    head: str
    head6: str
    """The last hash, as Z prints it, and its six letters."""


class Report(msgspec.Struct, frozen=True):
    """The answer of `verify`: `ok` is true only when nothing at all was found."""

    ok: bool
    journals: tuple[JournalReport, ...]
    entries: int
    problems: tuple[Problem, ...]


def report(journals: Sequence[JournalReport], problems: Sequence[Problem]) -> Report:
    """Put an answer together; a very long list of problems is cut."""
    shown = tuple(problems[:MOST_PROBLEMS])
    if len(problems) > MOST_PROBLEMS:
        shown += (Problem("more_problems", detail=str(len(problems) - MOST_PROBLEMS)),)
    return Report(
        ok=not problems,
        journals=tuple(journals),
        entries=sum(journal.entries for journal in journals),
        problems=shown,
    )

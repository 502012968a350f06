"""What facts about journals mean."""

from collections.abc import Iterator

from app.facts.base import Fact
from app.facts.journals import ClockConfirmed, JournalOpened
from app.journal.tables import clock_confirmed, journal_opened
from app.rows import Apply, Change, Envelope, Row


def opened(entry: Envelope, fact: JournalOpened) -> Iterator[Change]:
    """The journal's public key and what it goes on from."""
    yield Row(
        journal_opened,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "journal": entry.journal,
            "till": fact.till,
            "device": fact.device,
            "public_key": fact.public_key,
            "previous": fact.previous,
            "previous_hash": fact.previous_hash,
            "reason": fact.reason,
            "series": fact.series,
        },
    )


def confirmed(entry: Envelope, fact: ClockConfirmed) -> Iterator[Change]:
    """Who vouched for the clock, for the auditor."""
    yield Row(
        clock_confirmed,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "till": fact.till,
            "person": entry.staff,
            "expected_ms": fact.expected_ms,
            "shown_ms": fact.shown_ms,
        },
    )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    JournalOpened: (opened,),
    ClockConfirmed: (confirmed,),
}

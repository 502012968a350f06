"""Where entries of a till that was shut out wait: kept like any, meaning nothing yet."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, select

from sync.hub.enrolling import Signer
from sync.hub.tables import hub_quarantine

QUARANTINED = "quarantined"


class Proved(Protocol):
    """An entry whose hash was worked out and whose signature holds."""

    @property
    def seq(self) -> int: ...
    @property
    def hash(self) -> bytes: ...
    @property
    def sig(self) -> bytes: ...
    @property
    def content(self) -> bytes: ...


def last_of(db: Connection, shop: str, journal: str) -> tuple[int, str] | None:
    """How far a journal is here: its last entry and that one's hash."""
    row = db.execute(
        select(hub_quarantine.c.seq, hub_quarantine.c.hash)
        .where(hub_quarantine.c.shop == shop, hub_quarantine.c.journal == journal)
        .order_by(hub_quarantine.c.seq.desc())
        .limit(1)
    ).first()
    return (row.seq, bytes(row.hash).hex()) if row else None


def set_aside(
    db: Connection, signer: Signer, journal: str, new: Sequence[Proved], now_ms: int
) -> None:
    """Keep entries here."""
    rows = [
        {"shop": signer.shop, "journal": journal, "seq": each.seq, "device": signer.device,
         "hash": each.hash, "sig": each.sig, "content": each.content, "heard_ms": now_ms}
        for each in new
    ]  # fmt: skip
    db.execute(hub_quarantine.insert(), rows)

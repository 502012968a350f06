"""What head office and machines look at: is it alive, who is how far, what needs a person."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from app import __version__
from sync.hub.state import Hub
from sync.hub.tables import (
    hub_cursor,
    hub_device,
    hub_device_older,
    hub_device_said,
    hub_feed_seen,
    hub_fork,
    hub_journal,
    hub_quarantine,
    hub_shop,
    hub_unread,
)
from sync.protocol import fingerprint


class Health(msgspec.Struct, frozen=True):
    """For whoever watches machines; it names no shop and no amount."""

    ok: bool
    version: str
    lag: int
    """Batches that are stored and not yet worked into the tables."""
    unread: int
    """Entries kept that mean nothing here yet."""
    forks: int


class JournalState(msgspec.Struct, frozen=True):
    """How far a journal is here."""

    journal: str
    seq: int
    hash: str


class DeviceState(msgspec.Struct, frozen=True):
    """One till, as the hub sees it."""

    shop: str
    till: str
    device: str
    state: str
    fingerprint: str
    flags: list[str]
    program: str
    seen_ms: int
    journals: list[JournalState]
    backlog: int | None
    """Entries of all its journals that it had and we have not, when it last said so; None when it
    never did."""
    ahead_ms: int | None
    """By how much its clock was ahead of ours then, negative for behind."""
    quarantined: int
    """Entries it sent after it was shut out, waiting for a person."""


class Status(msgspec.Struct, frozen=True):
    """The whole of it, for head office."""

    health: Health
    devices: list[DeviceState]


def health(hub: Hub) -> Health:
    """Asks the database; whatever it raises means not healthy."""
    with hub.database.begin() as db:
        return _health(db)


def _health(db: Connection) -> Health:
    stored = db.scalar(select(func.coalesce(func.sum(hub_shop.c.position), 0)))
    worked = db.scalar(select(func.coalesce(func.sum(hub_cursor.c.position), 0)))
    return Health(
        ok=True,
        version=__version__,
        lag=int(stored or 0) - int(worked or 0),
        unread=int(db.scalar(select(func.count()).select_from(hub_unread)) or 0),
        forks=int(db.scalar(select(func.count()).select_from(hub_fork)) or 0),
    )


def status(hub: Hub) -> Status:
    """Every till and how far its journals are here."""
    with hub.database.begin() as db:
        return status_in(db)


def status_in(db: Connection) -> Status:
    """The same inside the caller's transaction."""
    devices = db.execute(
        select(hub_device).order_by(hub_device.c.shop, hub_device.c.till, hub_device.c.device)
    ).all()
    journals: dict[tuple[str, str], list[JournalState]] = {}
    for row in db.execute(select(hub_journal).order_by(hub_journal.c.journal)):
        journals.setdefault((row.shop, row.till), []).append(
            JournalState(row.journal, row.seq, row.hash)
        )
    said = {(row.shop, row.device): row for row in db.execute(select(hub_device_said))}
    heads = {key: {row.journal: int(row.head)} for key, row in said.items()}
    for row in db.execute(select(hub_device_older)):
        heads.setdefault((row.shop, row.device), {})[row.journal] = int(row.head)
    counted = select(hub_quarantine.c.shop, hub_quarantine.c.device, func.count().label("n"))
    grouped = counted.group_by(hub_quarantine.c.shop, hub_quarantine.c.device)
    aside = {(row.shop, row.device): int(row.n) for row in db.execute(grouped)}
    return Status(
        _health(db),
        [
            DeviceState(
                row.shop, row.till, row.device, row.state, fingerprint(row.public_key),
                row.flags.split(), row.program, row.seen_ms, here,
                _backlog(heads[row.shop, row.device], here) if one is not None else None,
                int(one.ahead_ms) if one is not None else None,
                aside.get((row.shop, row.device), 0),
            )
            for row in devices
            for here in [journals.get((row.shop, row.till), [])]
            for one in [said.get((row.shop, row.device))]
        ],
    )  # fmt: skip


def _backlog(heads: Mapping[str, int], here: list[JournalState]) -> int:
    known = {each.journal: each.seq for each in here}
    return sum(max(head - known.get(journal, 0), 0) for journal, head in heads.items())


def feeds_seen(db: Connection) -> list[Any]:
    """What each till says of its feeds, by scope."""
    return list(db.execute(select(hub_feed_seen).order_by(hub_feed_seen.c.scope)))

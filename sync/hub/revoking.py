"""Shuts a till out, and takes in later what it wrote after that.

A till that was shut out goes on sending: what it sold is no less sold. Its entries are proved like
any, and wait in quarantine, where they mean nothing, until a person has looked.
"""

from sqlalchemy import delete, func, select, update

from app.errors import Refusal
from app.facts.office import DeviceReleased, DeviceRevoked
from sync.hub.brand import lock, record
from sync.hub.database import HubDatabase
from sync.hub.enrolling import APPROVED, REVOKED, Signer
from sync.hub.ingest import take
from sync.hub.office_apply import HQ
from sync.hub.quarantine import QUARANTINED
from sync.hub.rights import AT_THE_MACHINE, Actor, demand
from sync.hub.state import Hub
from sync.hub.tables import hub_device, hub_quarantine
from sync.protocol import MOST_ENTRIES, Push, PushedEntry


def revoke_device(hub: Hub, *, device: str, reason: str = "", by: Actor = AT_THE_MACHINE) -> None:
    """From now on it is told so, gets nothing and what it sends is set aside.

    Raises Refusal: office_right_needed, unknown_device.
    """
    demand(by, "revoke_device")
    with hub.database.begin() as db:
        lock(hub, db)
        row = db.execute(
            select(hub_device).where(hub_device.c.device == device).with_for_update()
        ).first()
        if row is None:
            raise Refusal("unknown_device")
        if row.state == REVOKED:
            return
        this = (hub_device.c.shop == row.shop) & (hub_device.c.device == device)
        db.execute(update(hub_device).where(this), {"state": REVOKED})
        fact = DeviceRevoked(
            shop=HQ, target=row.shop, till=row.till, device=device, reason=reason,
            person=by.person,
        )  # fmt: skip
        record(hub, db, fact, staff=by.person)


def release(hub: Hub, *, device: str, by: Actor = AT_THE_MACHINE) -> int:
    """Take in what waits in quarantine of this till; how many entries that were.

    Whether the till itself is let in again is another question.
    Raises Refusal: office_right_needed, unknown_device.
    """
    demand(by, "revoke_device")
    with hub.database.begin() as db:
        row = db.execute(select(hub_device).where(hub_device.c.device == device)).first()
        if row is None:
            raise Refusal("unknown_device")
        theirs = (hub_quarantine.c.shop == row.shop) & (hub_quarantine.c.device == device)
        journals = db.scalars(
            select(hub_quarantine.c.journal)
            .where(theirs)
            .group_by(hub_quarantine.c.journal)
            .order_by(func.min(hub_quarantine.c.heard_ms), hub_quarantine.c.journal)
        ).all()
    signer = Signer(row.shop, device, row.till, APPROVED)
    taken = 0
    for journal in journals:
        while pushed := _next(hub.database, row.shop, journal):
            push = Push(journal=journal, entries=pushed)
            take(hub.database, signer, push, incarnation=hub.incarnation, now_ms=hub.now_ms())
            with hub.database.begin() as db:
                db.execute(
                    delete(hub_quarantine).where(
                        hub_quarantine.c.shop == row.shop,
                        hub_quarantine.c.journal == journal,
                        hub_quarantine.c.seq <= pushed[-1].seq,
                    )
                )
            taken += len(pushed)
    with hub.database.begin() as db:
        lock(hub, db)
        this = (hub_device.c.shop == row.shop) & (hub_device.c.device == device)
        flags = str(db.scalar(select(hub_device.c.flags).where(this))).split()
        left = " ".join(flag for flag in flags if flag != QUARANTINED)
        db.execute(update(hub_device).where(this), {"flags": left})
        if taken:
            fact = DeviceReleased(
                shop=HQ, target=row.shop, till=row.till, device=device, entries=taken,
                person=by.person,
            )  # fmt: skip
            record(hub, db, fact, staff=by.person)
    return taken


def _next(database: HubDatabase, shop: str, journal: str) -> list[PushedEntry]:
    with database.begin() as db:
        rows = db.execute(
            select(hub_quarantine)
            .where(hub_quarantine.c.shop == shop, hub_quarantine.c.journal == journal)
            .order_by(hub_quarantine.c.seq)
            .limit(MOST_ENTRIES)
        )
        return [
            PushedEntry(row.seq, bytes(row.content).decode(), bytes(row.sig).hex()) for row in rows
        ]

"""Answers tills about themselves: how far they are here, and under which key they come.

A till shows the hub its own signed words. If it signed for entries that are not here, the database
was put back from a copy and nobody said so: the hub begins a new incarnation by itself, and every
till that hears of it sends again what is missing.
"""

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from sqlalchemy import Connection, select, update

from app.journal.entry import BadEntry, decode_envelope, hash_of
from sync.hub.enrolling import Signer, first_fact
from sync.hub.signed_line import signer_in
from sync.hub.state import Hub
from sync.hub.tables import hub_device, hub_entry, hub_journal, hub_sealed
from sync.hub.till_paths import said, till_path
from sync.protocol import Ack, Refused, is_signed
from sync.protocol_standing import (
    REKEY_PATH,
    STANDING_PATH,
    AskStanding,
    JournalStanding,
    Rekey,
    Rekeyed,
    Standing,
    acknowledged_in,
)

LOG = logging.getLogger(__name__)
REKEYED = "rekeyed"


def standing(hub: Hub, signer: Signer, ask: AskStanding) -> Standing:
    """How far the till's own journals are here; finds out that this hub was put back."""
    with hub.database.begin() as db:
        rows = db.execute(
            select(hub_journal)
            .where(hub_journal.c.shop == signer.shop, hub_journal.c.till == signer.till)
            .where(hub_journal.c.journal.in_(ask.journals))
            .order_by(hub_journal.c.journal)
        ).all()
        said = [acknowledged_in(each, hub.public_key) for each in ask.words]
        lost = [each for each in said if each and _is_lost(hub, db, signer, each)]
    if lost:
        LOG.error("this hub once had %s up to %s: it was put back", lost[0].journal, lost[0].seq)
        hub.renew(lost[0].incarnation)
    return Standing(
        incarnation=hub.incarnation,
        journals=[JournalStanding(row.journal, row.seq, row.hash) for row in rows],
        hub_ms=hub.now_ms(),
    )


def _is_lost(hub: Hub, db: Connection, signer: Signer, ack: Ack) -> bool:
    """Whether this incarnation signed for an entry that is not here, or is another one here."""
    if ack.incarnation != hub.incarnation:
        return False
    found = db.scalar(
        select(hub_entry.c.hash).where(
            hub_entry.c.shop == signer.shop,
            hub_entry.c.journal == ack.journal,
            hub_entry.c.seq == ack.seq,
        )
    )
    return found is None or bytes(found).hex() != ack.hash


def rekey(hub: Hub, signer: Signer, wish: Rekey) -> Rekeyed | Refused:
    """Take the key of a till's next journal in place of the one that signed this request."""
    now = hub.now_ms()
    content = wish.opened.content.encode(errors="replace")
    try:
        envelope, opened = decode_envelope(content), first_fact(content)
    except (BadEntry, msgspec.DecodeError):
        return Refused(code="not_authentic", hub_ms=now)
    if not is_signed(opened.public_key, wish.opened.sig, hash_of(content)):
        return Refused(code="not_authentic", hub_ms=now)
    if (opened.shop, opened.till, opened.device) != (signer.shop, signer.till, signer.device):
        return Refused(code="wrong_shop", hub_ms=now)
    if opened.reason != REKEYED or not opened.previous:
        return Refused(code="not_authentic", hub_ms=now)
    with hub.database.begin() as db:
        this = (hub_device.c.shop == signer.shop) & (hub_device.c.device == signer.device)
        theirs = this & (hub_device.c.signer == signer.journal)
        changed = {"signer": envelope.journal, "public_key": opened.public_key}
        if db.execute(update(hub_device).where(theirs), changed).rowcount == 0:
            return Refused(code="not_enrolled", hub_ms=now)
        seal = hub.database.insert(hub_sealed).on_conflict_do_nothing()
        db.execute(
            seal,
            {"shop": signer.shop, "journal": opened.previous, "hash": opened.previous_hash},
        )
    return Rekeyed(incarnation=hub.incarnation, journal=envelope.journal, hub_ms=now)


def standing_routes(hub: Hub) -> list[HTTPRouteHandler]:
    """The paths a till asks about itself on."""

    @till_path(STANDING_PATH, Standing)
    def asked(data: JSONBody[AskStanding], request: Request[Any, Any, Any]) -> Response[bytes]:
        """How far the hub has a till's own journals. The till shows what it was told before."""
        return said(standing(hub, signer_in(request.scope), data))

    @till_path(REKEY_PATH, Rekeyed)
    def changed(data: JSONBody[Rekey], request: Request[Any, Any, Any]) -> Response[bytes]:
        """A till's requests come under a new key from now on; the old one signed this."""
        return said(rekey(hub, signer_in(request.scope), data))

    return [asked, changed]

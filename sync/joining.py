"""A till joins a hub: a one-time code, six digits two people compare, and the hub's key kept.

It leaves again by forgetting all that; the hub keeps what it has.
"""

import ssl
from collections.abc import Callable
from pathlib import Path

from app import __version__, attachments, feeds
from app.errors import Refusal
from app.facts.base import Fact
from app.journal import outbox
from app.journal.outbox import Link
from app.transaction import Books, transaction
from sync import protocol
from sync.hub_line import HubLine, LineTrouble, tidy_address, tidy_authority
from sync.sealing import SEED_BYTES, Sealing

SEALING_SECRET = "hub_sealing"


MOST_AUTHORITY = 64 * 1024
"""Bytes of a file with certificates: a chain of them is a tenth of it."""


def authority_in(path: Path) -> str:
    """The certificates (PEM) in a file a brand gave, PEM or a single one in DER as Windows
    writes it. Raises Refusal("hub_authority_bad")."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_AUTHORITY)
        text = (
            content.decode("ascii")
            if b"-----BEGIN" in content
            else ssl.DER_cert_to_PEM_cert(content)
        )
    except (OSError, ValueError):
        raise Refusal("hub_authority_bad") from None
    if tidy := tidy_authority(text):
        return tidy
    raise Refusal("hub_authority_bad")


def enrol(
    books: Books, address: str, code: str, *, cut: Callable[[], bool], authority: str = ""
) -> str:
    """Ask the hub to take this till; the six digits to compare with the hub's.

    `authority`: certificates (PEM) the brand signs its hub's with, "" for a public one's.
    Raises Refusal: hub_address_bad, hub_needs_tls, hub_authority_bad, hub_not_reached, hub_refused.
    """
    journal = books.journal
    authority = tidy_authority(authority)
    tidy = tidy_address(address)
    line = HubLine(
        tidy,
        journal=journal.id,
        sign=journal.sign,
        clock=books.clock,
        ids=books.ids,
        cut=cut,
        authority=authority,
    )
    with books.read() as db:
        (opened,) = outbox.batch(db, journal.id, 0, 1)
    wish = protocol.Enrol(
        opened=protocol.pushed(opened),
        proof=protocol.till_proof(code, journal.public_key),
        app=__version__,
        sealing_key=sealing_of(books).public,
    )
    try:
        enrolled = line.enrol(wish, code, journal.public_key)
    except LineTrouble as trouble:
        raise Refusal("hub_not_reached", reason=trouble.reason) from trouble
    link = Link(
        journal=journal.id,
        address=tidy,
        hub_key=enrolled.hub_key,
        incarnation=enrolled.incarnation,
        joined_ms=books.clock.wall_ms(),
        authority=authority,
        sealing_key=enrolled.sealing_key or "",
    )
    gone: list[Fact] = []
    with transaction(books) as tx:
        before = outbox.link_of(tx.connection)
        if before is not None and before.hub_key != link.hub_key:
            gone = feeds.forget(tx)
        outbox.join(tx.connection, link)
        # What this hub has already it answers at once.
        attachments.none_sent(tx)
    books.tell(gone)
    return protocol.fingerprint(journal.public_key)


def sealing_of(books: Books) -> Sealing:
    """The key that opens what is sealed for this till, made when it is first needed."""
    with books.read() as db:
        seed = books.secrets.load(db, SEALING_SECRET)
    if seed is None:
        seed = books.ids.random_bytes(SEED_BYTES)
        with transaction(books) as tx:
            books.secrets.save(tx.connection, SEALING_SECRET, seed)
    return Sealing(seed)


def leave(books: Books, *, anyway: bool) -> None:
    """Belong to no hub any more.

    Raises Refusal: not_enrolled; facts_unsent (not `anyway`) with how many wait and since when.
    """
    with transaction(books) as tx:
        if outbox.link_of(tx.connection) is None:
            raise Refusal("not_enrolled")
        waits = outbox.unsent(tx.connection)
        if waits is not None and not anyway:
            raise waits
        outbox.leave(tx.connection)
        gone = feeds.forget(tx)
    books.tell(gone)

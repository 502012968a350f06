"""A till joins a hub: a one-time code, six digits two people compare, and the hub's key kept."""

from collections.abc import Callable

from app import __version__
from app.errors import Refusal
from app.journal import outbox
from app.journal.outbox import Link
from app.transaction import Books, transaction
from sync import protocol
from sync.hub_line import HubLine, LineTrouble, tidy_address, tidy_authority


def enrol(
    books: Books, address: str, code: str, *, cut: Callable[[], bool], authority: str = ""
) -> str:
    """Ask the hub to take this till; the six digits to compare with the hub's.

    `authority`: certificates (PEM) the brand signs its hub's with, "" for a public one's.
    Raises Refusal: hub_address_bad, hub_needs_tls, hub_authority_bad, hub_not_reached, hub_refused.
    """
    journal = books.journal
    authority = tidy_authority(authority)
    line = HubLine(
        tidy_address(address),
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
    )
    try:
        enrolled = line.enrol(wish, code, journal.public_key)
    except LineTrouble as trouble:
        raise Refusal("hub_not_reached", reason=trouble.reason) from trouble
    link = Link(
        journal=journal.id,
        address=tidy_address(address),
        hub_key=enrolled.hub_key,
        incarnation=enrolled.incarnation,
        joined_ms=books.clock.wall_ms(),
        authority=authority,
    )
    with transaction(books) as tx:
        outbox.join(tx.connection, link)
    return protocol.fingerprint(journal.public_key)

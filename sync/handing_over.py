"""The till's side of handing over by USB: its backlog out, the hub's word and feeds in.

Nothing is done with here because it lies in a file: an entry counts as acknowledged only when the
hub's signed answer came back, over the line or in a file of its own.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app import feeds, siblings
from app.clock import local
from app.errors import Refusal
from app.feeds import HostileFeed
from app.journal import outbox
from app.journal.feeds import BadFeed, decoded
from app.journal.outbox import Link, Way
from app.own_journals import signature_of
from app.siblings import HostileEntries
from app.transaction import Books, transaction
from sync import protocol
from sync.hand_over_file import HandOver, Head, Span, bad, write
from sync.joining import sealing_of
from sync.protocol import Ack, Gap, Hostile, believed
from sync.protocol_feeds import Pulled, SentPart, pulled_in
from sync.protocol_standing import words_in
from sync.pull_lane import positions, turns
from sync.sealing import SEED_BYTES, Sealing

BITE = 200
SUFFIX = ".pos"


class HandedOver(msgspec.Struct, frozen=True):
    """What lies in a file now."""

    file: Path
    entries: int
    spans: tuple[Span, ...]


class Taken(msgspec.Struct, frozen=True):
    """What a file from the hub brought."""

    acknowledged: int
    """Entries the hub turned out to have."""
    waiting: int
    """Entries it still does not have."""
    feeds: dict[str, int]
    """Scope -> version, of what was new."""
    sisters: int
    """Entries of the shop's other tills that were new."""


def file_name(books: Books) -> str:
    """What a backlog's file is called: whose it is, and of which moment."""
    moment = local(books.clock.wall_ms()).strftime("%y%m%d-%H%M%S")
    return f"{books.shop}-{books.till}-to-hub-{moment}{SUFFIX}"


def answers_on(books: Books, place: Path) -> list[Path]:
    """Files for this till that lie in a folder, the newest first; by their names, not looked at."""
    with suppress(OSError):
        return sorted(place.glob(f"{books.shop}-{books.till}-from-hub-*{SUFFIX}"), reverse=True)
    return []


def export_facts(books: Books, path: Path) -> HandedOver:
    """Write what the hub does not have into a file for it; into a folder under a name of its own.

    Raises Refusal: not_enrolled, handover_unsealed, handover_nothing; Trouble("handover_disk").
    """
    # A name too long for a disk is no folder; writing it says so.
    with suppress(OSError):
        if path.is_dir():
            path /= file_name(books)
    with books.read() as db:
        link = _joined(db)
        if not link.sealing_key:
            raise Refusal("handover_unsealed")
        waiting = [way for way in outbox.ways(db) if way.head > way.acked]
        if not waiting:
            raise Refusal("handover_nothing")
        spans = tuple(Span(way.journal, way.acked + 1, way.head) for way in waiting)
        once = Sealing(books.ids.random_bytes(SEED_BYTES))
        head = Head(
            way="up", shop=books.shop, till=books.till, device=books.journal.device,
            signer=link.journal, hub_key=link.hub_key, once=once.public,
            made_ms=books.clock.wall_ms(), spans=spans,
            wants=positions(db, books.journal.id, link.incarnation),
        )  # fmt: skip
        write(
            path, _words(head), head,
            sign=signature_of(books, link.journal),
            frames=once.frames_with(
                link.sealing_key, sealed_by=once.public, sealed_for=link.sealing_key
            ),
            messages=_pushes(db, waiting),
        )  # fmt: skip
    return HandedOver(path, _count(spans), spans)


def _joined(db: Connection) -> Link:
    link = outbox.link_of(db)
    if link is None:
        raise Refusal("not_enrolled")
    return link


def _count(spans: tuple[Span, ...]) -> int:
    return sum(span.last - span.first + 1 for span in spans)


def _words(head: Head) -> str:
    parts = "、".join(f"第 {span.first} 至 {span.last} 条" for span in head.spans[:9])
    moment = local(head.made_ms).strftime("%Y-%m-%d %H:%M")
    return (
        f"开平优品交接文件 · {head.shop} 店 {head.till} 号机交总部 · "
        f"{_count(head.spans)} 条（{parts}）· {moment} · 请交给总部读入"
    )


def _pushes(db: Connection, waiting: list[Way]) -> Iterator[bytes]:
    """The entries as the pushes they would have travelled in."""
    for way in waiting:
        behind = way.acked
        while behind < way.head:
            entries = outbox.batch(db, way.journal, behind, min(BITE, way.head - behind))
            push = protocol.Push(
                journal=way.journal, entries=[protocol.pushed(each) for each in entries]
            )
            body, count = protocol.packed(push)
            behind = entries[count - 1].seq
            yield body


def import_feed(books: Books, path: Path) -> Taken:
    """Take in what the hub wrote for this till.

    Raises Refusal: not_enrolled, handover_bad, handover_newer, handover_foreign, handover_known
    (there is nothing new in it); Trouble("handover_unread").
    """
    with books.read() as db:
        link = _joined(db)
        before = outbox.backlog(db).waiting
    brought = HandOver(path)
    head = brought.head
    here = (books.shop, books.till, books.journal.device)
    if (head.way, head.hub_key) != ("down", link.hub_key) or (
        (head.shop, head.till, head.device) != here
    ):
        raise Refusal("handover_foreign", shop=head.shop, till=head.till)
    brought.demand_signature(link.hub_key)
    sealing = sealing_of(books)
    messages = brought.messages(
        lambda: sealing.frames_with(head.once, sealed_by=head.once, sealed_for=sealing.public)
    )
    with books.read() as db:
        stood = _versions(db)
    sisters = sum(_take(books, link, message) for message in messages)
    with books.read() as db:
        waiting, stands = outbox.backlog(db).waiting, _versions(db)
    new = {
        scope: kept for scope, (kept, _part) in stands.items() if stood.get(scope) != stands[scope]
    }
    if waiting == before and not new and not sisters:
        raise Refusal("handover_known")
    return Taken(max(before - waiting, 0), waiting, new, sisters)


def _versions(db: Connection) -> dict[str, tuple[int, int]]:
    """Scope -> (version, part) that is kept."""
    return {each.scope: (each.version, each.part) for each in feeds.standings(db)}


def _take(books: Books, link: Link, message: bytes) -> int:
    """Take in one message; how many entries of other tills were new in it."""
    words = words_in(message)
    try:
        if words is None:
            pulled = pulled_in(message)
            return _pulled(books, link, pulled) if isinstance(pulled, Pulled) else 0
        body = words.body.encode()
        answer = believed(link.hub_key, words.nonce, words.status, words.signature, body)
    except Hostile:
        raise bad() from None
    match answer:
        case Ack():
            _acknowledged(books, answer, message)
        case Gap():
            _sent_again(books, answer, message)
        case _:
            # A fork is told again over the line, where the till goes on in its next journal.
            pass
    return 0


def _pulled(books: Books, link: Link, answer: Pulled) -> int:
    """What the line would have brought; of a file that comes late only what is still new."""
    try:
        with books.read() as db:
            stood = _versions(db)
        sent = [
            feeds.Sent(part.content.encode(), bytes.fromhex(part.sig))
            for part in answer.parts
            if _is_new(stood, part)
        ]
        if sent:
            feeds.take(books, sent, hub_key=link.hub_key)
        return sum(siblings.take(books, some) for some in turns(answer.entries))
    except (HostileFeed, HostileEntries, BadFeed) as error:
        raise Refusal("handover_unbelieved", reason=str(error)) from error


def _is_new(stood: dict[str, tuple[int, int]], sent: SentPart) -> bool:
    part = decoded(sent.content.encode())
    return (part.version, part.part) > stood.get(part.scope, (0, 0))


def _sent_again(books: Books, gap: Gap, evidence: bytes) -> None:
    """The hub has less than it said, as after a copy was put back: it gets again what it lost."""
    with transaction(books) as tx:
        db = tx.connection
        way = _way(db, gap.journal)
        if way is not None and gap.expected_seq <= way.acked:
            _remember(books, db, gap.journal, gap.expected_seq - 1, gap.hub_ms, evidence)


def _acknowledged(books: Books, ack: Ack, evidence: bytes) -> None:
    """The hub has this much, if what it has is what stands here; never less than before."""
    with transaction(books) as tx:
        db = tx.connection
        way = _way(db, ack.journal)
        if way is None or not way.acked < ack.seq <= way.head:
            return
        (here,) = outbox.batch(db, ack.journal, ack.seq - 1, 1)
        if here.hash.hex() == ack.hash:
            _remember(books, db, ack.journal, ack.seq, ack.hub_ms, evidence)


def _way(db: Connection, journal: str) -> Way | None:
    return next((each for each in outbox.ways(db) if each.journal == journal), None)


def _remember(
    books: Books, db: Connection, journal: str, seq: int, hub_ms: int, evidence: bytes
) -> None:
    heard_ms = books.clock.wall_ms()
    outbox.remember(db, journal, seq, hub_ms=hub_ms, heard_ms=heard_ms, evidence=evidence)

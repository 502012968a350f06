"""The hub's side of handing over by USB: a till's file in, a signed answer back out.

What is in the file goes the way every push goes, so a file that is read twice, or after the line
came back, changes nothing and is answered the same.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import msgspec
from sqlalchemy import select

from app.clock import local
from app.errors import Refusal
from app.journal.entry import hash_of
from app.journal.feeds import SCOPES, decoded
from sync import protocol
from sync.hand_over_file import HandOver, Head, bad, packed, write
from sync.hub.enrolling import APPROVED, REVOKED, Signer
from sync.hub.feeding import note_positions, what_follows
from sync.hub.ingest import take
from sync.hub.state import Hub
from sync.hub.tables import hub_device, hub_feed
from sync.protocol import Ack, Answer, Push
from sync.protocol_feeds import FeedPosition, JournalPosition, Pull, Pulled
from sync.protocol_standing import kept_words
from sync.sealing import SEED_BYTES, Sealing

OK = 200
"""The status the words would have had over the line."""
MOST_NEWS = 2_000
"""Answers in one file; what is left over comes with the next."""
_pushes = msgspec.json.Decoder(Push)


class HandedIn(msgspec.Struct, frozen=True):
    """What came of a till's file."""

    shop: str
    till: str
    entries: int
    """Entries in it."""
    acknowledged: dict[str, int]
    """Journal -> how far it is here now."""
    trouble: dict[str, str]
    """Journal -> gap or fork."""
    answer: str
    """Where the file for the till lies; "" when none was wanted."""


def import_facts(hub: Hub, path: Path, answer: Path | None) -> HandedIn:
    """Read a till's file in, and write the answer for it.

    Raises Refusal: handover_bad, handover_newer, handover_foreign, handover_refused; Trouble:
    handover_unread, handover_disk.
    """
    brought = HandOver(path)
    head = brought.head
    if (head.way, head.hub_key) != ("up", hub.public_key):
        raise Refusal("handover_foreign", shop=head.shop, till=head.till)
    signer, sealing_key = _signer(hub, brought)
    count = 0
    answers: dict[str, Answer] = {}
    for message in brought.messages(
        lambda: hub.sealing.frames_with(
            head.once, sealed_by=head.once, sealed_for=hub.sealing.public
        )
    ):
        try:
            push = _pushes.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise bad() from None
        said = take(hub.database, signer, push, incarnation=hub.incarnation, now_ms=hub.now_ms())
        if isinstance(said, protocol.Refused):
            raise Refusal("handover_refused", reason=said.code)
        answers[push.journal] = said
        count += len(push.entries)
    if head.wants is not None:
        with hub.database.begin() as db:
            note_positions(hub, db, signer, head.wants)
    if answer is not None:
        wants = head.wants or Pull(writing=head.signer)
        answer = _write(hub, answer, signer, sealing_key, wants, list(answers.values()))
    return HandedIn(
        shop=head.shop,
        till=head.till,
        entries=count,
        acknowledged={each.journal: each.seq for each in answers.values()
                      if isinstance(each, Ack)},
        trouble={journal: type(each).__name__.lower() for journal, each in answers.items()
                 if not isinstance(each, Ack)},
        answer=str(answer or ""),
    )  # fmt: skip


def _signer(hub: Hub, brought: HandOver) -> tuple[Signer, str]:
    """The till whose key signed the file, and the key to seal for it."""
    head = brought.head
    with hub.database.begin() as db:
        row = db.execute(select(hub_device).where(hub_device.c.signer == head.signer)).first()
    if row is None or (row.shop, row.till, row.device) != (head.shop, head.till, head.device):
        raise Refusal("handover_foreign", shop=head.shop, till=head.till)
    brought.demand_signature(row.public_key)
    if row.state not in (APPROVED, REVOKED):
        raise Refusal("handover_refused", reason="waiting_approval")
    return Signer(row.shop, row.device, row.till, row.state), row.sealing_key


def export_feed(hub: Hub, *, shop: str, till: str, path: Path) -> Path:
    """Write for one till what head office and its sisters said; where the file lies.

    Everything is in it that the hub does not know the till to have. Raises Refusal: unknown_device,
    handover_unsealed; Trouble("handover_disk").
    """
    with hub.database.begin() as db:
        this = (hub_device.c.shop == shop) & (hub_device.c.till == till)
        row = db.execute(
            select(hub_device).where(this, hub_device.c.state == APPROVED)
            .order_by(hub_device.c.enrolled_ms.desc()).limit(1)
        ).first()  # fmt: skip
    if row is None:
        raise Refusal("unknown_device")
    signer = Signer(row.shop, row.device, row.till, row.state)
    return _write(hub, path, signer, row.sealing_key, Pull(writing=row.signer), [])


def _write(
    hub: Hub,
    path: Path,
    signer: Signer,
    sealing_key: str,
    wants: Pull,
    answers: Sequence[Answer],
) -> Path:
    """A file for this till, into a folder under a name of its own."""
    if not sealing_key:
        raise Refusal("handover_unsealed")
    if path.is_dir():
        path /= f"{signer.shop}-{signer.till}-from-hub-{_moment(hub, '%y%m%d-%H%M%S')}.pos"
    once = Sealing(hub.ids.random_bytes(SEED_BYTES))
    head = Head(
        way="down", shop=signer.shop, till=signer.till, device=signer.device, signer="",
        hub_key=hub.public_key, once=once.public, made_ms=hub.now_ms(),
    )  # fmt: skip
    # Each in words that prove themselves, as over the line: the till keeps them as evidence.
    said = [_proved(hub, once.public, protocol.encoded(each)) for each in answers]
    feeds = "、".join(f"{scope} v{version}" for scope, version in _versions(hub, signer.shop))
    words = " · ".join(
        filter(
            None,
            (
                f"开平优品交接文件 · 总部交 {head.shop} 店 {head.till} 号机",
                f"回执 {len(answers)} 份" if answers else "",
                f"下发到 {feeds}" if feeds else "",
                _moment(hub, "%Y-%m-%d %H:%M"),
                "请在设备里读入",
            ),
        )
    )
    write(
        path, words, head,
        sign=hub.sign,
        frames=once.frames_with(sealing_key, sealed_by=once.public, sealed_for=sealing_key),
        messages=(packed(each) for each in chain(said, _news(hub, signer, wants))),
    )  # fmt: skip
    return path


def _versions(hub: Hub, shop: str) -> list[tuple[str, int]]:
    with hub.database.begin() as db:
        this = hub_feed.c.shop == shop
        rows = db.execute(select(hub_feed.c.scope, hub_feed.c.version).where(this))
        found = {row.scope: row.version for row in rows}
    return [(scope, found[scope]) for scope in SCOPES if scope in found]


def _proved(hub: Hub, nonce: str, body: bytes) -> bytes:
    return kept_words(nonce, OK, hub.sign_answer(nonce, OK, body), body)


def _news(hub: Hub, signer: Signer, wants: Pull) -> Iterator[bytes]:
    """What the till would hear if it asked until nothing is new; nothing for one shut out."""
    if signer.state != APPROVED:
        return
    for _answer in range(MOST_NEWS):
        with hub.database.begin() as db:
            answer = what_follows(hub, db, signer.shop, wants)
        if answer.parts or answer.entries:
            yield protocol.encoded(answer)
        if not answer.more:
            return
        wants = _behind(wants, answer)


def _behind(wants: Pull, answer: Pulled) -> Pull:
    """The question of a till that has taken this in."""
    feeds = {each.scope: each for each in wants.feeds if wants.incarnation == answer.incarnation}
    for sent in answer.parts:
        content = sent.content.encode()
        part = decoded(content)
        feeds[part.scope] = FeedPosition(
            scope=part.scope, version=part.version, part=part.part, hash=hash_of(content).hex()
        )
    journals = {each.journal: each.seq for each in wants.journals}
    journals |= {each.journal: each.seq for each in answer.entries}
    return msgspec.structs.replace(
        wants,
        incarnation=answer.incarnation,
        feeds=tuple(feeds.values()),
        journals=tuple(JournalPosition(*each) for each in journals.items()),
    )


def _moment(hub: Hub, form: str) -> str:
    return local(hub.now_ms()).strftime(form)

"""The hub's side of handing over by USB: a till's file in, a signed answer back out.

What is in the file goes the way every push goes, so a file that is read twice, or after the line
came back, changes nothing and is answered the same.
"""

from pathlib import Path

import msgspec
from sqlalchemy import select

from app.clock import local
from app.errors import Refusal
from sync import protocol
from sync.hand_over_file import HandOver, Head, bad, packed, write
from sync.hub.enrolling import APPROVED, REVOKED, Signer
from sync.hub.ingest import take
from sync.hub.state import Hub
from sync.hub.tables import hub_device
from sync.protocol import Ack, Answer, Push
from sync.sealing import SEED_BYTES, Sealing

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
    if answer is not None:
        if answer.is_dir():
            answer /= f"{head.shop}-{head.till}-from-hub-{_moment(hub, '%y%m%d-%H%M%S')}.pos"
        _write_answer(hub, answer, head, sealing_key, answers)
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


def _write_answer(
    hub: Hub, path: Path, asked: Head, sealing_key: str, answers: dict[str, Answer]
) -> None:
    if not sealing_key:
        raise Refusal("handover_unsealed")
    once = Sealing(hub.ids.random_bytes(SEED_BYTES))
    head = Head(
        way="down", shop=asked.shop, till=asked.till, device=asked.device, signer="",
        hub_key=hub.public_key, once=once.public, made_ms=hub.now_ms(),
    )  # fmt: skip
    words = (
        f"开平优品交接文件 · 总部交 {head.shop} 店 {head.till} 号机 · "
        f"回执 {len(answers)} 份 · {_moment(hub, '%Y-%m-%d %H:%M')} · 请在设备里读入"
    )
    write(
        path, words, head,
        sign=hub.sign,
        frames=once.frames_with(sealing_key, sealed_by=once.public, sealed_for=sealing_key),
        messages=(packed(each) for each in answers.values()),
    )  # fmt: skip


def _moment(hub: Hub, form: str) -> str:
    return local(hub.now_ms()).strftime(form)

"""Newer programs for tills: taken in under a release key's signature, given to shops ring by ring.

The file lies here as the pieces tills fetch. Which shops get it is a fact of head office, so a
first ring of shops can try it before the others are named, and naming none takes it back.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import msgspec
from sqlalchemy import Connection, select, update

from app.clock import local
from app.errors import Refusal
from app.facts.office import UpdateOffered
from app.update_file import (
    Manifest,
    copy_checked,
    is_newer,
    opened_update,
    release_keys,
)
from sync.hub.brand import lock, record
from sync.hub.drafting import chosen_shops
from sync.hub.enrolling import Signer
from sync.hub.office_apply import HQ
from sync.hub.office_tables import office_update
from sync.hub.rights import Actor, demand
from sync.hub.state import Hub
from sync.hub.tables import hub_device, hub_update_piece
from sync.protocol import Refused
from sync.protocol_updates import (
    MOST_UPDATE_BYTES,
    PIECE_BYTES,
    AskUpdate,
    GetUpdate,
    UpdateAnswer,
    UpdateOffer,
    UpdatePiece,
)


class _Nowhere:
    """Takes what is only looked at."""

    def write(self, piece: bytes) -> int:
        return len(piece)


def take_in(hub: Hub, by: Actor, path: Path) -> tuple[str, Manifest]:
    """Keep an update file; its name (the hash of its bytes) and its list. No shop gets it yet.

    Raises Refusal: office_right_needed, update_known, update_too_large, update_expired, and what
    `opened_update` does.
    """
    demand(by, "update")
    with opened_update(path, release_keys()) as (found, archive):
        for listed in found.files:
            nowhere: IO[bytes] = _Nowhere()  # type: ignore[assignment]
            with archive.open(listed.path) as member:
                copy_checked(member, nowhere, listed)
    if found.expires < local(hub.now_ms()).date().isoformat():
        raise Refusal("update_expired", day=found.expires)
    size = path.stat().st_size
    if size > MOST_UPDATE_BYTES:
        raise Refusal("update_too_large", most=MOST_UPDATE_BYTES // 1_000_000)
    with path.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        with hub.database.begin() as db:
            lock(hub, db)
            if _row(db, name) is not None:
                raise Refusal("update_known", version=found.version)
            for number in range(-(-size // PIECE_BYTES)):
                row = {"shop": HQ, "name": name, "piece": number, "content": file.read(PIECE_BYTES)}
                db.execute(hub_update_piece.insert(), row)
            fact = UpdateOffered(
                shop=HQ, update=name, program=found.version, machine=found.machine, size=size,
                shops=(), person=by.person,
            )  # fmt: skip
            record(hub, db, fact, staff=by.person)
    return name, found


def give(
    hub: Hub, by: Actor, name: str, wanted: Sequence[str], *, none: bool = False
) -> tuple[str, ...]:
    """Give an update to these shops and no others: all when none is named, or to `none` any more.

    Raises Refusal: office_right_needed, no_such_update, no_such_shop, no_shops.
    """
    demand(by, "update")
    with hub.database.begin() as db:
        lock(hub, db)
        row = _row(db, name)
        if row is None:
            raise Refusal("no_such_update")
        shops = () if none else chosen_shops(db, wanted)
        fact = UpdateOffered(
            shop=HQ, update=name, program=row.program, machine=row.machine, size=row.size,
            shops=shops, person=by.person,
        )  # fmt: skip
        record(hub, db, fact, staff=by.person)
    return shops


def updates(db: Connection) -> list[Any]:
    """Every update that was taken in, the newest program first; `shops` is JSON."""
    rows = db.execute(select(office_update).where(office_update.c.shop == HQ)).all()
    return sorted(rows, key=lambda row: [int(n) for n in row.program.split(".")], reverse=True)


def programs(db: Connection) -> dict[tuple[str, str], int]:
    """How many approved tills of each shop run which program."""
    found: dict[tuple[str, str], int] = {}
    rows = db.execute(
        select(hub_device.c.shop, hub_device.c.program).where(hub_device.c.state == "approved")
    )
    for row in rows:
        found[row.shop, row.program] = found.get((row.shop, row.program), 0) + 1
    return found


def offered(hub: Hub, signer: Signer, ask: AskUpdate) -> UpdateAnswer:
    """The newest program this till's shop is given, if it is newer than what runs there."""
    with hub.database.begin() as db:
        this = (hub_device.c.shop == signer.shop) & (hub_device.c.device == signer.device)
        db.execute(
            update(hub_device).where(this, hub_device.c.program != ask.program),
            {"program": ask.program},
        )
        for row in updates(db):
            fits = row.machine == ask.machine and is_newer(row.program, ask.program)
            if fits and signer.shop in msgspec.json.decode(row.shops):
                return UpdateOffer(
                    name=row.name, program=row.program, size=row.size, hub_ms=hub.now_ms()
                )
    return UpdateOffer(name="", hub_ms=hub.now_ms())


def piece(hub: Hub, signer: Signer, get: GetUpdate) -> UpdateAnswer:
    """A piece of an update that this till's shop is given."""
    with hub.database.begin() as db:
        row = _row(db, get.name)
        content = db.scalar(
            select(hub_update_piece.c.content).where(
                hub_update_piece.c.shop == HQ,
                hub_update_piece.c.name == get.name,
                hub_update_piece.c.piece == get.piece,
            )
        )
    if row is None or content is None or signer.shop not in msgspec.json.decode(row.shops):
        return Refused(code="no_such_file", hub_ms=hub.now_ms())
    return UpdatePiece(name=get.name, piece=get.piece, content=bytes(content), hub_ms=hub.now_ms())


def _row(db: Connection, name: str) -> Any:
    this = (office_update.c.shop == HQ) & (office_update.c.name == name)
    return db.execute(select(office_update).where(this)).first()

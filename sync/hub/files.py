"""Attachments at the hub: kept as the ciphertext they are, and dropped when somebody is forgotten.

A till of another shop neither finds nor replaces anything here: every key starts with the shop.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from app.facts.base import Fact
from app.facts.members import MemberForgotten
from sync.hub.database import HubDatabase
from sync.hub.enrolling import Signer
from sync.hub.state import Hub
from sync.hub.tables import hub_file, hub_file_gone, hub_file_piece
from sync.protocol import Refused
from sync.protocol_files import (
    FileAnswer,
    FileFound,
    FileGet,
    FileKept,
    FilePut,
    piece_length,
    pieces_of,
)


def keep(hub: Hub, signer: Signer, put: FilePut) -> FileAnswer:
    """Keep one piece, in one transaction."""
    now = hub.now_ms()
    if len(put.content) != piece_length(put.size, put.piece):
        return Refused(code="bad_request", detail="length", hub_ms=now)
    with hub.database.begin() as db:
        _in_turn(hub.database, db, signer.shop)
        if _is_gone(db, signer.shop, put.subject):
            return FileKept(name=put.name, next=0, state="erased", hub_ms=now)
        row = _begun(hub.database, db, signer.shop, put, now)
        if (row.subject, row.size) != (put.subject, put.size):
            return Refused(code="file_differs", hub_ms=now)
        if not row.whole:
            _add(hub.database, db, signer.shop, put)
        have = _have(db, signer.shop, put.name)
        if have < pieces_of(put.size):
            return FileKept(name=put.name, next=have, state="coming", hub_ms=now)
        if not row.whole and not _completed(db, signer.shop, put.name):
            _drop(db, signer.shop, [put.name])
            return Refused(code="wrong_hash", hub_ms=now)
        return FileKept(name=put.name, next=have, state="whole", hub_ms=now)


def _in_turn(database: HubDatabase, db: Connection, shop: str) -> None:
    """One of a shop's senders and forgetters after the other: what is forgotten while a piece of it
    comes in may not outlive that."""
    made = database.insert(hub_file_gone).on_conflict_do_nothing()
    db.execute(made, {"shop": shop, "subject": ""})
    this = (hub_file_gone.c.shop == shop) & (hub_file_gone.c.subject == "")
    db.execute(select(hub_file_gone).where(this).with_for_update())


def _is_gone(db: Connection, shop: str, subject: str) -> bool:
    this = (hub_file_gone.c.shop == shop) & (hub_file_gone.c.subject == subject)
    return db.scalar(select(hub_file_gone.c.subject).where(this)) is not None


def _begun(database: HubDatabase, db: Connection, shop: str, put: FilePut, now_ms: int) -> Any:
    """The file's row, made with its first piece; two senders of one file wait for each other."""
    made = database.insert(hub_file).on_conflict_do_nothing()
    db.execute(made, {"shop": shop, "name": put.name, "subject": put.subject, "size": put.size,
                      "whole": 0, "heard_ms": now_ms})  # fmt: skip
    this = (hub_file.c.shop == shop) & (hub_file.c.name == put.name)
    return db.execute(select(hub_file).where(this).with_for_update()).one()


def _add(database: HubDatabase, db: Connection, shop: str, put: FilePut) -> None:
    added = database.insert(hub_file_piece).on_conflict_do_nothing()
    row = {"shop": shop, "name": put.name, "piece": put.piece, "content": put.content}
    db.execute(added, row)


def _have(db: Connection, shop: str, name: str) -> int:
    """How many pieces lie here without a gap from the first on."""
    this = (hub_file_piece.c.shop == shop) & (hub_file_piece.c.name == name)
    pieces = db.scalars(select(hub_file_piece.c.piece).where(this).order_by(hub_file_piece.c.piece))
    count = 0
    for piece in pieces:
        if piece != count:
            break
        count += 1
    return count


def _completed(db: Connection, shop: str, name: str) -> bool:
    """Whether all pieces together are what the name says; marked as whole then."""
    this = (hub_file_piece.c.shop == shop) & (hub_file_piece.c.name == name)
    digest = hashlib.sha256()
    for content in db.scalars(
        select(hub_file_piece.c.content).where(this).order_by(hub_file_piece.c.piece)
    ):
        digest.update(bytes(content))
    if digest.hexdigest() != name:
        return False
    one = (hub_file.c.shop == shop) & (hub_file.c.name == name)
    db.execute(update(hub_file).where(one), {"whole": 1})
    return True


def _drop(db: Connection, shop: str, names: Sequence[str]) -> None:
    for table in (hub_file_piece, hub_file):
        db.execute(delete(table).where(table.c.shop == shop, table.c.name.in_(names)))


def find(hub: Hub, signer: Signer, get: FileGet) -> FileAnswer:
    """A piece of what a till of this shop sent."""
    now = hub.now_ms()
    with hub.database.begin() as db:
        row = db.execute(
            select(hub_file.c.subject, hub_file.c.size, hub_file_piece.c.content)
            .join(
                hub_file_piece,
                (hub_file_piece.c.shop == hub_file.c.shop)
                & (hub_file_piece.c.name == hub_file.c.name),
            )
            .where(
                hub_file.c.shop == signer.shop,
                hub_file.c.name == get.name,
                hub_file.c.whole == 1,
                hub_file_piece.c.piece == get.piece,
            )
        ).first()
    if row is None:
        return Refused(code="no_such_file", hub_ms=now)
    return FileFound(
        name=get.name, subject=row.subject, size=row.size, piece=get.piece,
        content=bytes(row.content), hub_ms=now,
    )  # fmt: skip


def erase(database: HubDatabase, db: Connection, shop: str, facts: Sequence[Fact]) -> None:
    """Drop what a shop sent about whoever its facts forget, and take nothing more about them."""
    forgotten = [fact.member for fact in facts if isinstance(fact, MemberForgotten)]
    if forgotten:
        _in_turn(database, db, shop)
    for subject in forgotten:
        gone = database.insert(hub_file_gone).on_conflict_do_nothing()
        db.execute(gone, {"shop": shop, "subject": subject})
        this = (hub_file.c.shop == shop) & (hub_file.c.subject == subject)
        _drop(db, shop, list(db.scalars(select(hub_file.c.name).where(this))))

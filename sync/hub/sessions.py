"""Who is signed in at head office's pages: twelve hours at most, half an hour without a word."""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select, update

from app.facts.office import OfficeSignedOut
from sync.hub.brand import lock, record
from sync.hub.office_apply import HQ
from sync.hub.office_tables import office_session
from sync.hub.people import role_of
from sync.hub.rights import Actor
from sync.hub.state import Hub

LONGEST_MS = 12 * 3_600_000
IDLE_MS = 30 * 60_000
SEEN_EVERY_MS = 60_000
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in, and the word their forms have to carry."""

    actor: Actor
    csrf: str


def begin(hub: Hub, actor: Actor) -> str:
    """A new session; what the browser is to hold."""
    token = hub.ids.random_bytes(TOKEN_BYTES).hex()
    now = hub.now_ms()
    with hub.database.begin() as db:
        db.execute(office_session.delete().where(office_session.c.begun_ms < now - LONGEST_MS))
        db.execute(
            office_session.insert(),
            {"shop": HQ, "token": _hidden(token), "person": actor.person,
             "csrf": hub.ids.random_bytes(TOKEN_BYTES).hex(), "begun_ms": now, "seen_ms": now},
        )  # fmt: skip
    return token


def session_of(hub: Hub, token: str) -> Session | None:
    """The session a browser holds, None when it is over or never was."""
    if not token:
        return None
    now = hub.now_ms()
    with hub.database.begin() as db:
        row = db.execute(select(office_session).where(_this(token))).first()
        if row is None:
            return None
        role = role_of(db, row.person)
        if now - row.begun_ms >= LONGEST_MS or now - row.seen_ms >= IDLE_MS or not role:
            _end(hub, db, token, row.person, "idle")
            return None
        if now - row.seen_ms >= SEEN_EVERY_MS:
            db.execute(update(office_session).where(_this(token)), {"seen_ms": now})
        return Session(Actor(row.person, role), row.csrf)


def end(hub: Hub, token: str) -> None:
    """Sign out."""
    with hub.database.begin() as db:
        row = db.execute(select(office_session).where(_this(token))).first()
        if row is not None:
            _end(hub, db, token, row.person, "left")


def is_from_its_own_form(session: Session, word: str) -> bool:
    """Whether a form carries the word of this very session."""
    return hmac.compare_digest(session.csrf.encode(), word.encode(errors="replace"))


def _end(hub: Hub, db: Connection, token: str, person: str, reason: str) -> None:
    lock(hub, db)
    if db.execute(office_session.delete().where(_this(token))).rowcount:
        fact = OfficeSignedOut(shop=HQ, person=person, reason=reason)
        record(hub, db, fact, staff=person)


def _this(token: str) -> ColumnElement[bool]:
    return (office_session.c.shop == HQ) & (office_session.c.token == _hidden(token))


def _hidden(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()

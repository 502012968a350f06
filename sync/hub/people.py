"""People of head office: who they are, and how they prove it with two factors.

Role and activity are facts. Names, Argon2id verifiers and the second factor's secrets lie beside
them, in no fact; the secrets are sealed by the brand's key file. Ten failures lock a number.
"""

import base64
import hmac
from dataclasses import dataclass
from urllib.parse import quote

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import ColumnElement, Connection, func, select, update

from app.errors import Refusal
from app.facts.office import (
    OfficePersonSet,
    OfficeSecretSet,
    OfficeSignedIn,
    OfficeSignInFailed,
    OfficeUnlocked,
)
from app.journal.secrets import SecretStore
from app.text import clean
from sync.hub.brand import KEY_FILE, lock, record
from sync.hub.office_apply import HQ
from sync.hub.office_tables import office_person, office_secret, office_session
from sync.hub.rights import AT_THE_MACHINE, ROLES, Actor, demand
from sync.hub.state import Hub, key_in

MOST_FAILURES = 10
LEAST_PASSWORD = 8
"""Enough, because nobody signs in without a second factor."""
MOST_PASSWORD = 200
STEP_S = 30
DIGITS = 6
FACTOR_BYTES = 20
FIRST_TRIED = frozenset(
    (
        *("password", "passw0rd", "password1", "12345678", "123456789", "1234567890"),
        *("87654321", "11111111", "88888888", "00000000", "qwertyui", "qwerty123"),
        *("1q2w3e4r", "1qaz2wsx", "abcd1234", "a1234567", "iloveyou", "woaini520"),
        *("woaini1314", "5201314520", "kaiping123", "kaipingyoupin", "youpin123", "admin123"),
        *("admin888", "administrator", "letmein1"),
    )
)
"""What a thief tries first; so are a person's own number and one sign again and again."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at head office, as a list shows them."""

    person: str
    name: str
    role: str
    active: bool
    locked: bool


def people(db: Connection) -> list[Person]:
    """Everybody there ever was, by number."""
    beside = (office_secret.c.shop == office_person.c.shop) & (
        office_secret.c.person == office_person.c.person
    )
    rows = db.execute(
        select(office_person, office_secret.c.name, office_secret.c.failures)
        .join_from(office_person, office_secret, beside, isouter=True)
        .where(office_person.c.shop == HQ)
        .order_by(office_person.c.person)
    )
    return [
        Person(row.person, row.name or "", row.role, bool(row.active),
               (row.failures or 0) >= MOST_FAILURES)
        for row in rows
    ]  # fmt: skip


def role_of(db: Connection, person: str) -> str:
    """The role of somebody who works here, else ""."""
    this = (office_person.c.shop == HQ) & (office_person.c.person == person)
    row = db.execute(select(office_person.c.role, office_person.c.active).where(this)).first()
    return str(row.role) if row and row.active else ""


# --- who there is ----------------------------------------------------------------------------


def set_person(hub: Hub, by: Actor, *, person: str, name: str, role: str, password: str) -> str:
    """Somebody new, or somebody known with a new role, password and second factor; its secret as
    an otpauth link, shown once.

    Raises Refusal: office_right_needed, office_person_bad, office_role_bad, password_weak,
    office_self.
    """
    demand(by, "people")
    _check_number(person)
    if role not in ROLES:
        raise Refusal("office_role_bad", role=clean(role, most=20))
    if person == by.person:
        raise Refusal("office_self")
    check_password(password, person)
    secret = hub.ids.random_bytes(FACTOR_BYTES)
    verifier = _hasher.hash(password, salt=hub.ids.random_bytes(16))
    with hub.database.begin() as db:
        record(hub, db, OfficePersonSet(shop=HQ, person=person, role=role, by=by.person),
               staff=by.person)  # fmt: skip
        for what in ("password", "second_factor"):
            fact = OfficeSecretSet(shop=HQ, person=person, what=what, by=by.person)
            record(hub, db, fact, staff=by.person)
        sealed = _sealing(hub).seal(f"factor:{person}", secret)
        _forget(db, person)
        db.execute(
            office_secret.insert(),
            {"shop": HQ, "person": person, "name": clean(name, most=20), "verifier": verifier,
             "sealed_factor": sealed, "factor_step": 0, "failures": 0},
        )  # fmt: skip
    letters = base64.b32encode(secret).decode()
    label = quote(f"开平优品总部:{person}")
    return f"otpauth://totp/{label}?secret={letters}&issuer={quote('开平优品总部')}"


def end_person(hub: Hub, by: Actor, person: str) -> None:
    """Somebody does not work here any more: their sessions and secrets are gone.

    Raises Refusal: office_right_needed, office_person_bad, office_self.
    """
    demand(by, "people")
    if person == by.person:
        raise Refusal("office_self")
    with hub.database.begin() as db:
        role = _role_of_anybody(db, person)
        fact = OfficePersonSet(shop=HQ, person=person, role=role, active=0, by=by.person)
        record(hub, db, fact, staff=by.person)
        _forget(db, person)


def unlock(hub: Hub, by: Actor, person: str) -> None:
    """Let a number try again. Raises Refusal: office_right_needed, office_person_bad."""
    demand(by, "people")
    with hub.database.begin() as db:
        _role_of_anybody(db, person)
        record(hub, db, OfficeUnlocked(shop=HQ, person=person, by=by.person), staff=by.person)
        db.execute(update(office_secret).where(_this(person)), {"failures": 0})


def _forget(db: Connection, person: str) -> None:
    db.execute(office_secret.delete().where(_this(person)))
    db.execute(
        office_session.delete().where(
            office_session.c.shop == HQ, office_session.c.person == person
        )
    )


def _role_of_anybody(db: Connection, person: str) -> str:
    this = (office_person.c.shop == HQ) & (office_person.c.person == person)
    role = db.scalar(select(office_person.c.role).where(this))
    if role is None:
        raise Refusal("office_person_bad")
    return str(role)


def _this(person: str) -> ColumnElement[bool]:
    return (office_secret.c.shop == HQ) & (office_secret.c.person == person)


def _check_number(person: str) -> None:
    plain = person.isascii() and person.isalnum() and person == person.lower()
    if not plain or not 2 <= len(person) <= 20 or person == AT_THE_MACHINE.person:
        raise Refusal("office_person_bad")


def check_password(password: str, person: str) -> None:
    """Raises Refusal("password_weak")."""
    low = password.lower()
    own = len(person) > 2 and person in low and len(low) < len(person) + 5
    if (
        not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD
        or len(set(low)) < 4
        or low in FIRST_TRIED
        or own
    ):
        raise Refusal("password_weak", least=LEAST_PASSWORD)


# --- proving it ------------------------------------------------------------------------------


def sign_in(hub: Hub, *, person: str, password: str, code: str) -> Actor:
    """Who it is, if password and code of the second factor are right. Each try is a fact.

    Raises Refusal: office_sign_in_wrong (never says which half), office_locked.
    """
    with hub.database.begin() as db:
        lock(hub, db)
        # Counted before it is judged: a crash in between gives no try back.
        one_more = office_secret.c.failures + 1
        counted = update(office_secret).where(_this(person)).values(failures=one_more)
        row = db.execute(counted.returning(office_secret)).first()
        role = role_of(db, person)
        if row is None:
            record(hub, db, OfficeSignInFailed(shop=HQ, person="", reason="unknown"), staff="")
    if row is not None and row.failures > MOST_FAILURES:
        raise Refusal("office_locked")
    right = _is_password(row.verifier if row is not None else _NOBODYS, password)
    if row is None:
        raise Refusal("office_sign_in_wrong")
    step = _factor_step(hub, person, bytes(row.sealed_factor), code)
    wrong = "password" if not right else "code" if step <= row.factor_step else ""
    with hub.database.begin() as db:
        lock(hub, db)
        if not wrong and role and _take_step(db, person, step):
            record(hub, db, OfficeSignedIn(shop=HQ, person=person), staff=person)
            return Actor(person, role)
        failures = row.failures
        reason = "locked" if failures >= MOST_FAILURES else wrong or "code"
        fact = OfficeSignInFailed(shop=HQ, person=person, reason=reason, failures=failures)
        record(hub, db, fact, staff="")
    raise Refusal("office_locked" if failures >= MOST_FAILURES else "office_sign_in_wrong")


_NOBODYS = _hasher.hash("nobody's", salt=b"nobody's nobody's")
"""A stranger's number takes as long as a known one's."""


def _is_password(verifier: str, password: str) -> bool:
    try:
        return _hasher.verify(verifier, password[:MOST_PASSWORD].encode(errors="replace"))
    except VerifyMismatchError:
        return False


def _take_step(db: Connection, person: str, step: int) -> bool:
    """Use a code up: of two who come with the same one, only the first gets in."""
    free = office_secret.c.factor_step < step
    used = update(office_secret).where(_this(person), free)
    return db.execute(used.values(factor_step=step, failures=0)).rowcount == 1


def _factor_step(hub: Hub, person: str, sealed: bytes, code: str) -> int:
    """The half minute a code belongs to, this one or a neighbour; 0 = none."""
    secret = _sealing(hub).open(f"factor:{person}", sealed)
    now = hub.now_ms() // 1000 // STEP_S
    for step in (now, now - 1, now + 1):
        try:
            factor(secret).verify(code.encode(errors="replace"), step * STEP_S)
        except InvalidToken:
            continue
        return step
    return 0


def factor(secret: bytes) -> TOTP:
    """The second factor as authenticator apps work it out (RFC 6238)."""
    return TOTP(secret, DIGITS, SHA1(), STEP_S)


def _sealing(hub: Hub) -> SecretStore:
    """What seals second factors: bound to the brand's key file."""
    seed = key_in(hub.folder / KEY_FILE, hub.ids, known=None).private_bytes_raw()
    key = hmac.digest(seed, b"second factors of head office 1", "sha256")
    return SecretStore(key, hub.ids.random_bytes)


def is_anybody(db: Connection) -> bool:
    """Whether head office has people yet."""
    return bool(db.scalar(select(func.count()).select_from(office_person)))

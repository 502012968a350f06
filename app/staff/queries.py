"""Who works here."""

import msgspec
from sqlalchemy import Connection, bindparam, exists, select

from app.journal.secrets import SecretStore
from app.staff.rules import MAX_PIN_FAILURES
from app.staff.tables import person, pin, self_approval, self_approval_review

_PERSON = select(person.c.role, person.c.active, person.c.owner).where(
    person.c.shop == bindparam("shop"), person.c.person == bindparam("person")
)
_PIN = select(pin).where(pin.c.person == bindparam("person"))


class Person(msgspec.Struct, frozen=True):
    """Somebody who may stand at the till; `name` was unsealed for the screen."""

    person: str
    role: str
    name: str


class SelfApproval(msgspec.Struct, frozen=True):
    """What somebody approved for themselves and nobody else has looked at yet."""

    fact: str
    person: str
    action: str
    amount: int
    order_ms: int


def unreviewed(db: Connection, shop: str) -> list[SelfApproval]:
    """Self approvals without a review, oldest first."""
    rows = db.execute(
        select(*[self_approval.c[name] for name in SelfApproval.__struct_fields__])
        .where(
            self_approval.c.shop == shop,
            ~exists().where(
                self_approval_review.c.shop == shop,
                self_approval_review.c.approval == self_approval.c.fact,
            ),
        )
        .order_by(self_approval.c.order_ms, self_approval.c.fact)
    )
    return [SelfApproval(*row) for row in rows]


def role_of(db: Connection, shop: str, number: str) -> str | None:
    """The role of an active person, None when nobody active has that number."""
    rows = db.execute(_PERSON, {"shop": shop, "person": number}).all()
    for row in sorted(rows, key=lambda row: row.owner == shop):
        return row.role if row.active else None
    return None


def name_of(db: Connection, secrets: SecretStore, number: str) -> str:
    """The person's name, or the number where no name is kept here."""
    row = db.execute(_PIN, {"person": number}).first()
    if row is None:
        return number
    return secrets.open(f"name:{number}", row.sealed_name).decode() or number


class Known(msgspec.Struct, frozen=True):
    """A number that was ever given to somebody, and whether they still work here."""

    person: str
    role: str
    active: bool
    locked: bool


def listed(db: Connection, shop: str) -> list[Known]:
    """Everybody who works or worked here, by number; head office's row stands above the shop's."""
    rows = db.execute(select(person).where(person.c.shop == shop)).all()
    newest = {row.person: row for row in sorted(rows, key=lambda row: row.owner != shop)}
    full = select(pin.c.person).where(pin.c.failures >= MAX_PIN_FAILURES)
    locked = set(db.scalars(full))
    return [
        Known(number, row.role, bool(row.active), number in locked)
        for number, row in sorted(newest.items())
    ]


def anybody(db: Connection, shop: str) -> bool:
    """Whether anybody was ever set up here."""
    return (
        db.execute(select(person.c.person).where(person.c.shop == shop).limit(1)).first()
        is not None
    )


def people(db: Connection, shop: str, secrets: SecretStore) -> list[Person]:
    """Everybody active, by number."""
    numbers = db.scalars(
        select(person.c.person).where(person.c.shop == shop).distinct().order_by(person.c.person)
    ).all()
    found = [(number, role_of(db, shop, number)) for number in numbers]
    return [Person(number, role, name_of(db, secrets, number)) for number, role in found if role]

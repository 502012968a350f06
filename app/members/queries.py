"""Finding members and reading what stands to their account."""

import hashlib
import hmac

import msgspec
from sqlalchemy import Connection, func, select

from app.attachments import detail
from app.journal.secrets import SecretStore
from app.members.rules import TAIL, Account, Profile, masked_name, masked_phone
from app.members.tables import (
    ledger_account,
    ledger_move,
    member,
    member_end,
    member_lookup,
    member_profile,
    points,
    points_move,
)

LOOKUP_KEY = "member_lookup"
"""The sealed key under which phones are hashed for finding."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member as people at the counter see them: masked."""

    member: str
    number: str
    name: str
    phone: str
    points: int
    consents: tuple[str, ...] = ()


def phone_hash(key: bytes, text: str) -> str:
    """A phone, or its tail, as the look-up table knows it."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def by_number(db: Connection, shop: str, number: str) -> str | None:
    """The member of a card's number, None when nobody living has it."""
    found = db.scalar(
        select(member.c.member).where(member.c.shop == shop, member.c.number == number.upper())
    )
    return None if found is None or is_forgotten(db, shop, found) else str(found)


def is_forgotten(db: Connection, shop: str, who: str) -> bool:
    """Whether a member asked to be forgotten."""
    end = select(member_end.c.fact).where(member_end.c.shop == shop, member_end.c.member == who)
    return db.execute(end).first() is not None


def by_phone(
    db: Connection, secrets: SecretStore, shop: str, phone: str, name: str = ""
) -> list[str]:
    """Members by a whole phone, or by its last four figures (and the beginning of the name)."""
    key = secrets.load(db, LOOKUP_KEY)
    if key is None:
        return []
    column = member_lookup.c.tail if len(phone) <= TAIL else member_lookup.c.phone
    rows = db.scalars(select(member_lookup.c.member).where(column == phone_hash(key, phone)))
    found = [str(who) for who in rows]
    if name:
        found = [who for who in found if _begins(profile(db, secrets, shop, who), name)]
    return sorted(found)


def _begins(known: Profile | None, name: str) -> bool:
    return known is not None and known.name.startswith(name)


def profile(db: Connection, secrets: SecretStore, shop: str, who: str) -> Profile | None:
    """Name and phone in clear, None for somebody forgotten. Callers mask it or record it."""
    name = db.scalar(
        select(member_profile.c.profile).where(
            member_profile.c.shop == shop, member_profile.c.member == who
        )
    )
    said = detail(db, secrets, name) if name else None
    return None if said is None else msgspec.json.decode(said, type=Profile)


def masked(db: Connection, secrets: SecretStore, shop: str, who: str) -> Member | None:
    """A member as the counter sees them; None when there is no such member."""
    row = db.execute(
        select(member.c.number, member_profile.c.consents)
        .join(
            member_profile,
            (member_profile.c.shop == member.c.shop) & (member_profile.c.member == member.c.member),
        )
        .where(member.c.shop == shop, member.c.member == who)
    ).first()
    if row is None:
        return None
    known = profile(db, secrets, shop, who)
    return Member(
        member=who,
        number=row.number,
        name=masked_name(known.name) if known else "",
        phone=masked_phone(known.phone) if known else "",
        points=balance(db, shop, who),
        consents=tuple(row.consents.split()),
    )


def balance(db: Connection, shop: str, who: str) -> int:
    """A member's points as this till knows them."""
    found = select(points.c.points).where(points.c.shop == shop, points.c.member == who)
    return int(db.scalar(found) or 0)


def next_sequence(db: Connection, shop: str, till: str) -> int:
    """Counts the cards this till gave out."""
    most = select(func.max(member.c.sequence)).where(member.c.shop == shop, member.c.till == till)
    return int(db.scalar(most) or 0) + 1


def account(db: Connection, shop: str, number: str) -> Account | None:
    """Money left under an account, None when there is none."""
    found = _accounts(db, shop, account_id=number)
    return found[0] if found else None


def accounts_of(db: Connection, shop: str, who: str) -> list[Account]:
    """A member's accounts with something in them, oldest first."""
    return [each for each in _accounts(db, shop, who=who) if each.balance]


def open_accounts(db: Connection, shop: str) -> list[Account]:
    """Every account of the shop with something in it, oldest first."""
    return [each for each in _accounts(db, shop) if each.balance]


class Overdrawn(msgspec.Struct, frozen=True):
    """More was used than there was: two tills that did not hear of each other, or points whose
    goods came back after they were spent."""

    name: str
    """A member's number, or an account."""
    amount: int
    since_ms: int


def overdrawn_points(db: Connection, shop: str) -> list[Overdrawn]:
    """Members who gave points they do not have."""
    rows = db.execute(
        select(
            member.c.number,
            points.c.points,
            select(func.max(points_move.c.order_ms))
            .where(points_move.c.shop == shop, points_move.c.member == points.c.member)
            .scalar_subquery(),
        )
        .join(member, (member.c.shop == points.c.shop) & (member.c.member == points.c.member))
        .where(points.c.shop == shop, points.c.points < 0)
        .order_by(member.c.number)
    )
    return [Overdrawn(number, -left, since or 0) for number, left, since in rows]


def overdrawn_accounts(db: Connection, shop: str) -> list[Overdrawn]:
    """Accounts of which more was used than was left in them."""
    gone = ledger_account.c.used + ledger_account.c.returned + ledger_account.c.kept
    left = ledger_account.c.principal + ledger_account.c.bonus - gone
    rows = db.execute(
        select(
            ledger_account.c.account,
            left,
            select(func.max(ledger_move.c.order_ms))
            .where(ledger_move.c.shop == shop, ledger_move.c.account == ledger_account.c.account)
            .scalar_subquery(),
        )
        .where(ledger_account.c.shop == shop, left < 0)
        .order_by(ledger_account.c.account)
    )
    return [Overdrawn(name, -int(short), since or 0) for name, short, since in rows]


def _accounts(db: Connection, shop: str, *, account_id: str = "", who: str = "") -> list[Account]:
    left = (
        select(
            ledger_move.c.account,
            func.min(ledger_move.c.kind).label("kind"),
            func.min(ledger_move.c.member).label("member"),
            func.min(ledger_move.c.note).label("note"),
            func.min(ledger_move.c.order_ms).label("opened_ms"),
            func.max(ledger_move.c.order_ms).label("last_ms"),
        )
        .where(ledger_move.c.shop == shop, ledger_move.c.what == "left")
        .group_by(ledger_move.c.account)
    )
    if account_id:
        left = left.where(ledger_move.c.account == account_id)
    if who:
        left = left.where(ledger_move.c.member == who)
    opened = left.subquery()
    rows = db.execute(
        select(opened, ledger_account)
        .join(
            ledger_account,
            (ledger_account.c.shop == shop) & (ledger_account.c.account == opened.c.account),
        )
        .order_by(opened.c.opened_ms, opened.c.account)
    )
    return [
        Account(
            account=row.account,
            kind=row.kind,
            member=row.member,
            note=row.note,
            left=row.principal,
            bonus=row.bonus,
            used=row.used,
            returned=row.returned,
            kept=row.kept,
            opened_ms=row.opened_ms,
            last_ms=row.last_ms,
        )
        for row in rows
    ]

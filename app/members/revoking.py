"""A till that head office has shut out: what it may no longer do, and what it no longer knows.

It never stops selling for cash, giving money back or closing its shift; what it wrote still goes
up. It takes no wallet codes, and the members it knew are destroyed here, key and all.
"""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.attachments import attachment, subject_key
from app.errors import Refusal
from app.journal.tables import mark
from app.members.tables import member_lookup
from app.transaction import Transaction

REVOKED_MARK = "hub.revoked"
"""When the hub said so, in its own UTC ms."""


def is_revoked(db: Connection) -> bool:
    """Whether the hub has shut this till out."""
    return db.scalar(select(mark.c.value).where(mark.c.name == REVOKED_MARK)) is not None


def demand_standing(db: Connection) -> None:
    """Raises Refusal("till_revoked")."""
    if is_revoked(db):
        raise Refusal("till_revoked")


def revoke(tx: Transaction, hub_ms: int) -> None:
    """Keep the hub's word and destroy what is known of members. Twice is as good as once."""
    put = insert(mark).values(name=REVOKED_MARK, value=str(hub_ms)).on_conflict_do_nothing()
    tx.execute(put)
    members = select(member_lookup.c.member)
    tx.execute(delete(subject_key).where(subject_key.c.subject.in_(members)))
    tx.execute(delete(attachment).where(attachment.c.subject.in_(members)))
    tx.execute(delete(member_lookup))


def let_in_again(tx: Transaction) -> None:
    """Head office has taken it back. What was destroyed stays so."""
    tx.execute(delete(mark).where(mark.c.name == REVOKED_MARK))

"""Documents somebody has half received: kept on the disk line by line, so a killed till goes on.

A draft's id is the id of the document it becomes: posting it twice is seen.
"""

import msgspec
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.stock.dispatch_tables import draft
from app.transaction import Books, Transaction, transaction


class Draft(msgspec.Struct, frozen=True):
    """A half-done document: `content` is its own room's JSON."""

    document: str
    kind: str
    content: str
    person: str
    changed_ms: int


def save_draft(books: Books, document: str, kind: str, content: str, person: str) -> None:
    """Keep a document as it stands now; durable when this returns."""
    with transaction(books, staff=person) as tx:
        values = {
            "document": document,
            "kind": kind,
            "content": content,
            "person": person,
            "changed_ms": tx.now_ms,
        }
        put = insert(draft).values(**values)
        tx.execute(put.on_conflict_do_update(index_elements=["document"], set_=values))


def drafts(db: Connection, kind: str = "") -> list[Draft]:
    """Everything half done, what was touched last first."""
    statement = select(draft).order_by(draft.c.changed_ms.desc(), draft.c.document)
    if kind:
        statement = statement.where(draft.c.kind == kind)
    return [Draft(*row) for row in db.execute(statement)]


def drop_draft(tx: Transaction, document: str) -> None:
    """Forget a draft: it was posted, or nobody wants it."""
    tx.execute(delete(draft).where(draft.c.document == document))

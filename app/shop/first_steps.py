"""What the first-run guide still has to ask at this till: its own matter, so no fact.

The till can sell without any of it; the guide takes the list up again at the next start.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.journal.tables import mark
from app.transaction import Books, Transaction

_NAME = "guide.left"
STEPS = ("printer", "recovery", "goods", "scan")
"""In the order they are asked."""


def steps_left(books: Books) -> tuple[str, ...]:
    """The steps nobody has answered or put off yet."""
    with books.read() as db:
        value = db.scalar(select(mark.c.value).where(mark.c.name == _NAME))
    return tuple(step for step in STEPS if step in str(value or "").split())


def keep_steps(tx: Transaction, steps: Sequence[str]) -> None:
    """Say what is left."""
    value = " ".join(steps)
    put = insert(mark).values(name=_NAME, value=value)
    tx.execute(put.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

"""What a lift of the schema has to show before it is kept: every entry, every local row, sums.

It runs inside the lift's one transaction. Tables of meaning that a step emptied are filled from the
entries here, so a file is lifted, filled and looked at, or it is what it was and the program that
wrote it opens it.
"""

import hashlib
from collections.abc import Callable

import msgspec
from sqlalchemy import Connection, delete, func, select

from app import schema
from app.catalogue import search
from app.errors import Trouble
from app.journal import verify_tables
from app.journal.entry import BadEntry
from app.journal.rebuild import rebuild
from app.journal.tables import entry, mark
from app.meaning import MEANING, SUMS
from app.verification import TABLES

_ENTRIES = select(entry.c.journal, entry.c.seq, entry.c.hash, entry.c.sig, entry.c.content)
_AT_ONCE = 500


def prove_lift(connection: Connection) -> Callable[[], None]:
    """Note what stands before the first step; the answer looks at it after the last.

    What that raises takes the whole lift back: Trouble("upgrade_failed") with what went wrong.
    """
    entries, rows = _print_of_entries(connection), _local_rows(connection)

    def prove() -> None:
        try:
            _fill(connection)
        except (BadEntry, msgspec.DecodeError, OverflowError) as error:
            raise _failed(f"an entry cannot be read: {error}") from error
        if _print_of_entries(connection) != entries:
            raise _failed("entries changed")
        now = _local_rows(connection)
        if lost := [name for name, count in rows.items() if now.get(name, 0) < count]:
            raise _failed(f"rows lost in {', '.join(lost)}")
        if (wrong := next(iter(verify_tables.differing_sums(connection, SUMS)), None)) is not None:
            raise _failed(wrong.detail)
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if said != "ok":
            raise _failed(str(said))

    return prove


def _failed(detail: str) -> Trouble:
    return Trouble("upgrade_failed", detail=detail[:120])


def _fill(connection: Connection) -> None:
    """Fill the tables a step emptied, if one did, from the entries and from what head office sent;
    the search knows the goods again."""
    due = connection.execute(select(mark.c.value).where(mark.c.name == schema.MAKE_ANEW)).first()
    if due is None:
        return
    rebuild(connection, MEANING, TABLES)
    for shop in connection.exec_driver_sql("SELECT DISTINCT shop FROM product").scalars().all():
        search.make_anew(connection, shop)
    connection.execute(delete(mark).where(mark.c.name == schema.MAKE_ANEW))


def _print_of_entries(connection: Connection) -> str:
    """One hash over all entries as they stand, whatever else the schema does with them."""
    seen = hashlib.sha256()
    rows = connection.execute(_ENTRIES.order_by(entry.c.journal, entry.c.seq))
    for some in rows.partitions(_AT_ONCE):
        for row in some:
            for value in row:
                seen.update(str(value).encode() if not isinstance(value, bytes) else value)
                seen.update(b"\0")
    return seen.hexdigest()


def _local_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table holds that stand nowhere else."""
    there = set(
        connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars()
    )
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in schema.all_tables()
        if table.info["kind"] == "local" and table.name in there and table.name != mark.name
    }

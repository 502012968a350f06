"""Writes the newest step down as SQL: what lifts the schema of the step before to today's.

Run by hand whenever a table was added or changed: `python -m app.migrations.freeze`. Once the
release is out the file stays what it was, and the next change begins the next step.

Tables with meaning are made from entries, so a changed one is simply dropped and made anew, and
filled again when the folder is opened. Others hold what stands nowhere else: changing one of them
needs a step written by hand.
"""

import re
from pathlib import Path

from sqlalchemy import Connection

from app import schema
from app.catalogue import search
from app.database import scratch

VERSIONS = Path(__file__).parent / "versions"
TARGET = VERSIONS / f"{schema.HEAD}.sql"
SEPARATOR = ";\n\n"
_REMADE = ("meaning", "received")


def statements_of(path: Path) -> list[str]:
    """The SQL of a frozen step, one statement each."""
    text = path.read_text(encoding="utf-8")
    return [part.rstrip(";\n") for part in text.split(SEPARATOR) if part.strip()]


def todays_step() -> str:
    """The newest step: from what the frozen steps before it make, to today's tables."""
    with scratch() as connection:
        for path in sorted(VERSIONS.glob("*.sql")):
            if path.name < TARGET.name:
                for statement in statements_of(path):
                    connection.exec_driver_sql(statement)
        before = _objects(connection)
    with scratch() as connection:
        schema.create(connection)
        today = _objects(connection)
    return SEPARATOR.join(_lifting(before, today)) + ";\n"


Objects = dict[str, tuple[str, str]]
"""By name: the table it belongs to, and its SQL."""


def _objects(connection: Connection) -> Objects:
    """Tables and indexes but those of the search, which is made anew each time."""
    with scratch() as other:
        search.create(other)
        ours_not = set(other.exec_driver_sql("SELECT name FROM sqlite_schema").scalars())
    rows = connection.exec_driver_sql(
        "SELECT name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        " ORDER BY type DESC, name"
    ).all()
    # Ends of lines carry spaces that no editor would leave alone.
    return {
        name: (table, re.sub(r"[ \t]+\n", "\n", sql).rstrip())
        for name, table, sql in rows
        if name not in ours_not and name != "alembic_version"
    }


def _lifting(before: Objects, today: Objects) -> list[str]:
    gone = {name for name, (table, sql) in before.items() if today.get(name) != (table, sql)}
    tables = {name for name in gone if before[name][0] == name}
    by_hand = {
        table.name
        for table in schema.all_tables()
        if table.name in tables and table.info["kind"] not in _REMADE
    }
    if by_hand:
        raise ValueError(f"write this step by hand, it changes {', '.join(sorted(by_hand))}")
    dropped = {name for name, (table, _sql) in before.items() if table in tables}
    return [
        *(f"DROP TABLE {name}" for name in sorted(tables)),
        *(f"DROP INDEX {name}" for name in sorted(gone - dropped)),
        *(
            sql
            for name, (_table, sql) in today.items()
            if name in gone | dropped or name not in before
        ),
    ]


if __name__ == "__main__":
    TARGET.write_text(todays_step(), encoding="utf-8")

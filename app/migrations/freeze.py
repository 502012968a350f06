"""Writes today's schema down as SQL, for the step of a release that begins with it.

Run by hand when a release is made: `python -m app.migrations.freeze`. A step must stay what it
was, so it may not ask tomorrow's tables what they looked like today.
"""

import re
from pathlib import Path

from app import schema
from app.catalogue import search
from app.database import scratch

TARGET = Path(__file__).parent / "versions" / f"{schema.HEAD}.sql"
SEPARATOR = ";\n\n"


def todays_schema() -> str:
    """Every table and index of a new till but the search index, which is made anew each time."""
    with scratch() as connection:
        search.create(connection)
        others = set(connection.exec_driver_sql("SELECT name FROM sqlite_schema").scalars())
    with scratch() as connection:
        schema.create(connection)
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name"
        ).all()
    wanted = [sql for name, sql in rows if name not in others and name != "alembic_version"]
    # Ends of lines carry spaces that no editor would leave alone.
    return SEPARATOR.join(re.sub(r"[ \t]+\n", "\n", sql) for sql in wanted) + ";\n"


if __name__ == "__main__":
    TARGET.write_text(todays_schema(), encoding="utf-8")

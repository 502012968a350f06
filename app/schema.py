"""The tables of a new folder, and the version they stand at.

A new folder gets all tables at once and the mark of the newest migration; an older one is lifted
by Alembic, which is imported only then (it costs a third of a second).
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from app.catalogue import search
from app.errors import Trouble
from app.rows import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0001"
"""The newest migration; a test holds it against the migration files."""


def version_of(connection: Connection) -> str:
    """The schema's version, "" for an empty file."""
    known = connection.exec_driver_sql(
        "SELECT count(*) FROM sqlite_schema WHERE name='alembic_version'"
    ).scalar_one()
    if not known:
        return ""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def create(connection: Connection) -> None:
    """Every table of a new till, in one transaction."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    METADATA.create_all(connection)
    search.create(connection)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY) STRICT")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))
    connection.exec_driver_sql("COMMIT")


def bring_up_to_date(connection: Connection, back_up: Callable[[], None]) -> None:
    """Create or lift the schema; `back_up` copies the file before it is changed.

    Raises Trouble("schema_newer") when a newer program has been here.
    """
    standing = version_of(connection)
    if standing == "":
        create(connection)
    elif standing > HEAD:
        raise Trouble("schema_newer", version=standing)
    elif standing < HEAD:
        back_up()
        from app.migrations.run import upgrade

        upgrade(connection)

"""The tables of a new folder, and the version they stand at.

A new folder gets all tables at once and the mark of the newest migration; an older one is lifted
by Alembic, which is imported only then (it costs a third of a second).
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table

from app import attachments, print_queue
from app.catalogue import search
from app.catalogue import tables as catalogue
from app.errors import Trouble
from app.journal import tables as journal
from app.members import tables as members
from app.payments import tables as payments
from app.pricing import tables as pricing
from app.reports import tables as reports
from app.rows import METADATA
from app.sales import invoice_tables
from app.sales import tables as sales
from app.shifts import tables as shifts
from app.shop import tables as shop
from app.staff import tables as staff
from app.stock import dispatch_tables
from app.stock import tables as stock

_DECLARED_IN = (
    journal,
    print_queue,
    attachments,
    shop,
    staff,
    catalogue,
    stock,
    dispatch_tables,
    shifts,
    members,
    payments,
    pricing,
    sales,
    invoice_tables,
    reports,
)
"""A table exists only once its module was imported, so they are all named here.

A test finds a module with tables that is missing."""
MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0002"
"""The newest migration; a test holds it against the migration files."""


MAKE_ANEW = "make_anew"
"""The mark of a file whose tables with meaning a step has emptied: filled before a lift is kept."""


def all_tables() -> list[Table]:
    """Every table of a till, by name: none refers to another, so they can be made in any order."""
    assert all(isinstance(module.METADATA, MetaData) for module in _DECLARED_IN)
    return [METADATA.tables[name] for name in sorted(METADATA.tables)]


def version_of(connection: Connection) -> str:
    """The schema's version, "" for an empty file. Raises Trouble("database_damaged")."""
    known = connection.exec_driver_sql(
        "SELECT count(*) FROM sqlite_schema WHERE name='alembic_version'"
    ).scalar_one()
    if not known:
        return ""
    rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    if len(rows) != 1:
        raise Trouble("database_damaged", detail="version")
    return str(rows[0])


def create(connection: Connection) -> None:
    """Every table of a new till, in one transaction."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    METADATA.create_all(connection, tables=all_tables())
    search.create(connection)
    create_version_table(connection)
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))
    connection.exec_driver_sql("COMMIT")


def create_version_table(connection: Connection) -> None:
    """Where the schema's version is kept; made here, so that new and old files have the same."""
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT PRIMARY KEY) STRICT"
    )


def bring_up_to_date(
    connection: Connection,
    back_up: Callable[[], None],
    prove: Callable[[Connection], Callable[[], None]],
) -> None:
    """Create or lift the schema; `back_up` copies the file before it is changed, `prove` looks at
    a lifted one before it is kept.

    Raises Trouble("schema_newer") when a newer program has been here, and what a lift does.
    """
    standing = version_of(connection)
    if standing == "":
        create(connection)
    elif standing > HEAD:
        raise Trouble("schema_newer", version=standing)
    elif standing < HEAD:
        back_up()
        from app.migrations.run import upgrade

        upgrade(connection, prove=prove)

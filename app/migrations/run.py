"""Lifts a till's file to the newest schema: all steps in one transaction, or none of them.

A kill, a full disk or a bad step in the middle leaves the file as it was, and the program that
wrote it still opens it. Alembic keeps the order of the steps; it needs no ini file.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app import schema
from app.catalogue import search
from app.database import DriverError, trouble_of
from app.errors import Trouble

Prove = Callable[[Connection], Callable[[], None]]
"""Notes what stands before the first step; its answer looks at it after the last, and raises."""


def upgrade(connection: Connection, steps: Path | None = None, prove: Prove | None = None) -> None:
    """Run every step that is missing. Raises Trouble: disk_full, disk_error, upgrade_failed.

    `connection` is the writer's, outside of any transaction; `steps` is the folder of migrations.
    What `prove` raises takes everything back.
    """
    # Rebuilding a table drops it for a moment, so rows that refer to it must not be looked at
    # until the end; SQLite changes this only outside of transactions.
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            proved = prove(connection) if prove else lambda: None
            schema.create_version_table(connection)
            command.upgrade(_config(connection, steps or schema.MIGRATIONS), "head")
            search.create(connection)
            proved()
            _check_references(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            with suppress(DBAPIError, DriverError):
                connection.exec_driver_sql("ROLLBACK")
            raise
    except (DBAPIError, DriverError, CommandError) as error:
        trouble = trouble_of(error)
        raise trouble or Trouble("upgrade_failed", detail=str(error)[:120]) from error
    finally:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _config(connection: Connection, steps: Path) -> Config:
    config = Config()
    # The option goes through a format with per cent signs.
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _check_references(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise Trouble("upgrade_failed", detail=f"{broken[0]} refers to nothing")

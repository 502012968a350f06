"""`./pos setup`, `restore`, `update`: a till begins, begins anew, or gets a newer program."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from app.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
KEYSTORES = ("keyring", "file", "passphrase")


def add(commands: Subparsers, default_data: Callable[[], Path]) -> None:
    """Add these commands; without --data a till is set up where this machine keeps its own."""
    restore = commands.add_parser("restore", help="make a till anew from its copies")
    restore.add_argument("--data", type=Path, required=True, help="an empty folder")
    restore.add_argument(
        "--from", dest="copies", type=Path, required=True, metavar="COPIES",
        help="their folder or stick, or one whole copy (till-full.db, till-full.sealed)",
    )  # fmt: skip
    restore.add_argument("--code", default="", help="the recovery code; asked for when needed")
    restore.add_argument("--keystore", choices=KEYSTORES, default="keyring")
    restore.add_argument("--accept-damage", action="store_true", help="leave out what is broken")
    restore.set_defaults(run=_restore)

    setup = commands.add_parser("setup", help="set a till up from a file, or put it on the desktop")
    setup.add_argument("--from", dest="file", type=Path, metavar="till.toml")
    setup.add_argument("--till", default="", help="which till of the file this machine is")
    setup.add_argument("--data", type=Path, help="the till's folder")
    setup.add_argument(
        "--pins", type=Path, metavar="FILE", help="lines of number and PIN, mode 600"
    )
    setup.add_argument(
        "--new-pins", action="store_true",
        help="throw PINs and print each once, to be handed over and changed",
    )  # fmt: skip
    setup.add_argument("--desktop", action="store_true", help="an entry among the programs")
    setup.add_argument("--autostart", action="store_true", help="and open it with the session")
    setup.add_argument("--kiosk", action="store_true", help="and take the whole screen")
    setup.set_defaults(run=lambda parsed: _setup(parsed, default_data))

    update = commands.add_parser("update", help="install a newer program from a signed file")
    update.add_argument("--from", dest="file", type=Path, metavar="FILE.kpupdate")
    update.add_argument("--back", action="store_true", help="the version before, from now on")
    update.add_argument("--data", type=Path, help="the till's folder")
    update.add_argument("--anyway", action="store_true", help="though entries are unsent")
    update.set_defaults(run=lambda parsed: _update(parsed, parsed.data or default_data()))


def _restore(parsed: argparse.Namespace) -> int:
    from app.opening import OpenFolder, restore_folder
    from app.staff.recovery import fresh_code
    from app.verification import verify_books
    from ui.startup import system_ids

    clock, ids = system_ids()
    fresh = fresh_code(ids)
    passphrase = getpass("passphrase: ") if parsed.keystore == "passphrase" else ""

    def restored(code: str) -> OpenFolder:
        return restore_folder(
            parsed.data,
            parsed.copies,
            clock=clock,
            ids=ids,
            keystore=parsed.keystore,
            passphrase=passphrase,
            code=code,
            next_code=fresh,
            accept_damage=parsed.accept_damage,
        )

    code = parsed.code
    try:
        opened = restored(code)
    except Refusal as refusal:
        if refusal.code != "copies_sealed" or code:
            raise
        code = getpass("恢复码 / recovery code: ")
        opened = restored(code)
    try:
        report = verify_books(opened.books)
    finally:
        opened.close()
    print(msgspec.json.encode(report).decode())
    if not code:
        print(f"恢复码 / recovery code: {fresh}", file=sys.stderr)
    print("PIN 不在备份里：在登录页按“用恢复码”，给自己设一个新的。\n"
          "(PINs were not copied: set a new one by the recovery code at the sign-in page.)",
          file=sys.stderr)  # fmt: skip
    return 0 if report.ok or parsed.accept_damage else 1


def _setup(parsed: argparse.Namespace, default_data: Callable[[], Path]) -> int:
    if parsed.file is None and not (parsed.desktop or parsed.autostart):
        raise Refusal("setup_nothing")
    if parsed.file is not None:
        print(msgspec.json.encode(_set_up(parsed, parsed.data or default_data())).decode())
    if parsed.desktop or parsed.autostart:
        from ui.setting_up import put_on_desktop
        from ui.startup import RESOURCES

        built = getattr(sys, "frozen", False)
        starter = Path(sys.executable) if built else RESOURCES.parent / "pos"
        for path in put_on_desktop(
            str(starter.resolve()), RESOURCES / "till.svg", data=parsed.data,
            kiosk=parsed.kiosk, autostart=parsed.autostart, home=Path.home(),
        ):  # fmt: skip
            print(path)
    return 0


def _set_up(parsed: argparse.Namespace, data: Path) -> msgspec.Struct:
    from ui.setting_up import fresh_pin, read_pins, set_up
    from ui.setup_file import read_setup
    from ui.startup import system_ids

    clock, ids = system_ids()

    def thrown(number: str, name: str) -> str:
        pin = fresh_pin(ids)
        print(f"{number} {name} {pin}", file=sys.stderr)
        return pin

    def asked(number: str, name: str) -> str:
        return getpass(f"{number} {name} PIN: ") if sys.stdin.isatty() else ""

    ask = read_pins(parsed.pins) if parsed.pins else thrown if parsed.new_pins else asked
    return set_up(
        read_setup(parsed.file), parsed.till, parsed.file.parent, data=data, ask_pin=ask,
        ask_passphrase=lambda: getpass("passphrase: "), clock=clock, ids=ids,
    )  # fmt: skip


def _update(parsed: argparse.Namespace, data: Path) -> int:
    from app.clock import SystemClock
    from ui.updating import go_back, here, install, program_folder

    with _closed_till(data) as (standing, unsent):
        if parsed.back:
            name = go_back(program_folder(), standing)
            print(f"下次打开用原来的版本 / the version before from now on: {name or 'first'}")
            return 0
        if parsed.file is None:
            raise Refusal("update_nothing")
        if unsent and not parsed.anyway:
            raise Refusal("update_unsent", count=unsent)
        found = install(parsed.file, program_folder(), here(SystemClock(), standing))
    print(f"装好了，下次打开就是 {found.version} / installed, runs from the next start on")
    return 0


@contextmanager
def _closed_till(data: Path) -> Iterator[tuple[str, int]]:
    """The tables and the unsent entries of a data folder that nobody opens meanwhile.

    Raises Refusal("till_already_open").
    """
    from app import folder, schema
    from app.database import FILE_NAME, Database

    if not (data / FILE_NAME).exists():
        yield "", 0
        return
    lock = folder.FolderLock(data)
    try:
        database = Database(data / FILE_NAME)
        try:
            with database.read() as db:
                standing = schema.version_of(db)
                unsent = unsent_entries(db) if standing == schema.HEAD else 0
        finally:
            database.close()
        yield standing, unsent
    finally:
        lock.release()


def unsent_entries(db: Connection) -> int:
    """How much a hub that was joined does not have yet; a till on its own owes nobody anything."""
    from app.journal.outbox import backlog, link_of

    return backlog(db).waiting if link_of(db) is not None else 0

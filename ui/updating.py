"""Installs an update beside the running program and switches over in one step, with a way back.

The program that was installed first stays where it is and starts the newest: `updates/current` in
its folder says which folder beside it that is. A version is on trial until it has opened a till's
books (`first_start`); if it broke off before, the next start takes the one before, and so does one
that cannot lift the books. Killed anywhere, `current` says what it said, or the new name.
"""

import os
import platform
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from app import __version__, schema
from app.clock import Clock, local
from app.errors import Refusal
from app.update_file import (
    SUFFIX,
    Here,
    Manifest,
    check_update,
    copy_checked,
    opened_update,
    release_keys,
)

FOLDER = "updates"
CURRENT, LIST_KEPT, FIRST = "current", "list.json", "first.json"
STARTER = "pos.exe" if sys.platform == "win32" else "pos"
WINDOW = "kaiping-till.exe" if sys.platform == "win32" else "kaiping-till"
NEW, TRIED, GOOD = "new", "tried", "good"
_PATIENCE_S = 60
_SPARE_BYTES = 256 * 1024 * 1024


class _Schema(msgspec.Struct, frozen=True):
    """Which tables a version makes."""

    schema: str


class Current(msgspec.Struct, frozen=True):
    """Which version is started, and how it does."""

    name: str
    """A folder in `updates`, "" for the program that was installed first."""
    before: str = ""
    state: str = GOOD
    gave_way: str = ""
    """One that could not open the books here."""


def program_folder() -> Path | None:
    """Where the installed program lies, None in a source folder."""
    if not getattr(sys, "frozen", False):
        return None
    folder = Path(sys.executable).resolve().parent
    return folder.parent.parent if folder.parent.name == FOLDER else folder


def this_machine() -> str:
    """What a program has to be made for to run here: "linux-x86_64"."""
    return f"{sys.platform}-{platform.machine().lower()}"


# --- Which one runs ------------------------------------------------------------------------------


def read_current(program: Path) -> Current:
    """What is started; the first program where nothing, or nothing that can be read, says more."""
    try:
        return msgspec.json.decode((program / FOLDER / CURRENT).read_bytes(), type=Current)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Current("")


def keep_current(program: Path, current: Current) -> None:
    """Say what is started from now on, in one step. May raise OSError."""
    folder = program / FOLDER
    part = folder / f"{CURRENT}.new"
    with open(part, "wb") as file:
        file.write(msgspec.json.encode(current))
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, folder / CURRENT)
    _sync(folder)


def newer_starter(program: Path, window: bool) -> Path | None:
    """The starter of the version that should run instead of this one, None for none.

    One that was tried and never showed that it runs gives way to the one before.
    """
    current = read_current(program)
    if current.state == TRIED:
        current = Current(current.before)
        keep_current(program, current)
    if not current.name:
        return None
    starter = program / FOLDER / current.name / (WINDOW if window else STARTER)
    if not starter.is_file():
        return None
    if current.state == NEW:
        keep_current(program, msgspec.structs.replace(current, state=TRIED))
    return starter


def hand_over() -> None:
    """Become the newest version, if another one is installed; else do nothing."""
    folder = program_folder()
    if folder is None or Path(sys.executable).resolve().parent != folder:
        return
    if not (folder / FOLDER / CURRENT).exists():
        return
    with suppress(OSError):
        starter = newer_starter(folder, Path(sys.executable).stem == Path(WINDOW).stem)
        if starter is not None:
            _become(starter)


def _become(starter: Path, *, stay: bool = True) -> None:
    """Run another version in the place of this process. Windows has no such thing: there this one
    waits for its end, or with `stay` off leaves it alone."""
    # What the first program's loader told its own child must not reach the other's.
    environment = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    environment.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        environment["LD_LIBRARY_PATH"] = before
    words = [str(starter), *sys.argv[1:]]
    if sys.platform == "win32":
        if not stay:
            subprocess.Popen(words, env=environment)
            return
        sys.exit(subprocess.run(words, env=environment, check=False).returncode)
    os.execve(starter, words, environment)


def runs_well() -> None:
    """This version has opened a till's books, or is about to lift them: it stays."""
    folder, mine = program_folder(), Path(sys.executable).resolve().parent.name
    current = Current("") if folder is None else read_current(folder)
    if current.name == mine:
        _mark(GOOD)
    elif folder is not None and current.state == GOOD:
        # Two starts at once: the second took this one, still loading, for one that broke off.
        with suppress(OSError):
            keep_current(folder, Current(mine, current.name))


def stays_on_trial() -> None:
    """This version was started and ended in order without any books: tried again next time."""
    if _trial()[1].state == TRIED:
        _mark(NEW)


def give_way(*, lift_failed: bool) -> bool:
    """Let the version before run from now on; whether it does.

    A version that opened books before gives way only when it cannot lift others.
    """
    folder, current = _trial()
    if folder is None or (current.state == GOOD and not lift_failed):
        return False
    try:
        keep_current(folder, Current(current.before, gave_way=current.name))
    except OSError:
        return False
    return True


def next_version() -> str:
    """The version that was installed and runs from the next start on, "" for the one that runs."""
    folder = program_folder()
    current = Current("") if folder is None else read_current(folder)
    mine = Path(sys.executable).resolve().parent.name
    return current.name.partition("-")[0] if current.state == NEW and current.name != mine else ""


def start_again() -> None:
    """Leave this process to the version that runs from now on."""
    folder = program_folder()
    if folder is not None:
        _become(folder / WINDOW, stay=False)


def _trial() -> tuple[Path | None, Current]:
    """The program's folder and what is started there, if that is this very version."""
    folder = program_folder()
    current = Current("") if folder is None else read_current(folder)
    mine = current.name and Path(sys.executable).resolve().parent.name == current.name
    return (folder, current) if mine else (None, Current(""))


def _mark(state: str) -> None:
    folder, current = _trial()
    if folder is not None and current.state != state:
        with suppress(OSError):
            keep_current(folder, msgspec.structs.replace(current, state=state))


# --- Installing ----------------------------------------------------------------------------------


def here(clock: Clock, standing: str) -> Here:
    """This program, this machine, the tables of a data folder ("" without one)."""
    today = local(clock.wall_ms()).strftime("%Y-%m-%d")
    program = program_folder()
    gave_way = read_current(program).gave_way if program is not None else ""
    return Here(
        version=__version__, machine=this_machine(), schema=standing, today=today, gave_way=gave_way
    )


def install(path: Path, program: Path | None, known: Here, keys: tuple[str, ...] = ()) -> Manifest:
    """Unpack an update beside the program and start it from the next time on.

    Raises Refusal: update_not_built, update_no_room, update_failed, update_not_yours (installed by
    an administrator for everybody), update_does_not_run, and what reading and holding it against
    this machine do. Until the last step nothing has changed.
    """
    if program is None:
        raise Refusal("update_not_built")
    with opened_update(path, keys or release_keys()) as (found, archive):
        check_update(found, known)
        needed = sum(each.size for each in found.files)
        free = shutil.disk_usage(program).free
        if free < needed + _SPARE_BYTES:
            raise Refusal("update_no_room", needed=needed // 1_000_000, free=free // 1_000_000)
        updates = program / FOLDER
        fresh, target = updates / f".{found.name}.part", updates / found.name
        try:
            _tidy(program)
            fresh.mkdir(parents=True)
            if not read_current(program).name:
                (updates / FIRST).write_bytes(msgspec.json.encode(_Schema(schema.HEAD)))
            for listed in found.files:
                place = fresh / listed.path
                place.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(listed.path) as member, open(place, "wb") as file:
                    copy_checked(member, file, listed)
                    file.flush()
                    os.fsync(file.fileno())
                if listed.run:
                    place.chmod(0o755)
            for link in found.links:
                place = fresh / link.path
                place.parent.mkdir(parents=True, exist_ok=True)
                os.symlink(link.to, place)
            (fresh / LIST_KEPT).write_bytes(msgspec.json.encode(found))
            _demand_that_it_runs(fresh, found)
            shutil.rmtree(target, ignore_errors=True)
            os.replace(fresh, target)
            _sync(updates)
            keep_current(program, Current(found.name, read_current(program).name, NEW))
        except PermissionError as error:
            raise Refusal("update_not_yours") from error
        except OSError as error:
            raise Refusal("update_failed", detail=error.strerror or "") from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return found


def _demand_that_it_runs(fresh: Path, found: Manifest) -> None:
    try:
        said = subprocess.run(
            [str(fresh / STARTER), "--version"], capture_output=True, text=True,
            timeout=_PATIENCE_S, check=False, env={"PYINSTALLER_RESET_ENVIRONMENT": "1"},
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        said = ""
    if not said.startswith(found.version):
        raise Refusal("update_does_not_run")


def _tidy(program: Path) -> None:
    """Take away what neither runs nor is the way back: half-unpacked ones, older ones."""
    current = read_current(program)
    for folder in (program / FOLDER).glob("*"):
        if folder.is_dir() and folder.name not in (current.name, current.before):
            shutil.rmtree(folder, ignore_errors=True)


def go_back(program: Path | None, standing: str) -> str:
    """Start the version before from the next time on; its name, "" for the one installed first.

    `standing`: the tables of the data folder. Raises Refusal: update_not_built,
    update_no_way_back, update_lifted, update_failed.
    """
    if program is None:
        raise Refusal("update_not_built")
    current = read_current(program)
    if not current.name:
        raise Refusal("update_no_way_back")
    if standing > _schema_of(program, current.before):
        raise Refusal("update_lifted")
    try:
        keep_current(program, Current(current.before))
    except OSError as error:
        raise Refusal("update_failed", detail=error.strerror or "") from error
    return current.before


def _schema_of(program: Path, name: str) -> str:
    """The tables a version makes; of the first program nobody wrote it down but itself."""
    kept = program / FOLDER / name / LIST_KEPT if name else program / FOLDER / FIRST
    try:
        return msgspec.json.decode(kept.read_bytes(), type=_Schema).schema
    except (OSError, msgspec.DecodeError):
        return ""


def updates_on(places: list[Path]) -> list[Path]:
    """Update files on plugged disks, the one changed last first."""
    found: list[Path] = []
    for place in places:
        with suppress(OSError):
            found += place.glob(f"*{SUFFIX}")
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

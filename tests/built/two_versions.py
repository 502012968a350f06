"""From one built version to the next: `python -m tests.built.two_versions [--first FOLDER]`.

Builds this source, and a copy that says a later version and has one step more for the tables. The
first is installed on a shop with sales and takes the later one from a stick, and from a hub; its
own starter becomes it, which lifts the books, verifies them and sells on. Then later versions that
cannot: one whose step stumbles, one whose step loses rows, one without a window, one that is killed
while it starts. Each time the first version is back by itself, with every sale, and sells on.
One JSON line a story; exit 0 only if all of them end well. Half an hour of one core.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app import __version__, schema
from app.database import FILE_NAME, Database
from app.update_file import KEYS, SUFFIX
from tests.built.__main__ import POS, SALE, STARTER, bare, build, run
from tests.built.far_parts import MANAGER, lines, shop
from tests.built.release import manifest_of, write_update
from tests.support.processes import ROOT
from tests.support.real_screen import Typist, first_sale, real_screen
from ui.updating import FOLDER, GOOD, TRIED, Current, read_current

KEY = Ed25519PrivateKey.from_private_bytes(b"only two built versions trust it")
LATER = f"{__version__.split('.')[0]}.{int(__version__.split('.')[1]) + 1}.0"
STEP_NUMBER = f"{int(schema.HEAD) + 1:04}"
STEP_FILE = Path("app", "migrations", "versions", f"v{STEP_NUMBER}_later.py")
STEP = f'''"""What a later version changes: a table of its own, and lines that are made anew.

Revision: {STEP_NUMBER}
"""

from alembic import op

from app.schema import MAKE_ANEW

revision = "{STEP_NUMBER}"
down_revision = "{schema.HEAD}"


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    run("CREATE TABLE later (n INTEGER NOT NULL) STRICT")
    run("DROP INDEX ix_sale_line_product")
    run("CREATE INDEX ix_sale_line_product ON sale_line (shop, product)")
    run("DELETE FROM sale_line")
    run("INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)", (MAKE_ANEW, revision))
'''
SAID_ELSEWISE = (
    ("app/__init__.py", f'__version__ = "{__version__}"', f'__version__ = "{LATER}"'),
    ("app/schema.py", f'HEAD = "{schema.HEAD}"', f'HEAD = "{STEP_NUMBER}"'),
)
PATIENCE_S = 90
A_LOOK_S = 2
"""Somebody reads what the window says before they press Enter."""
Screen = dict[str, str]


def later_source(place: Path) -> Path:
    """This source as its next version."""
    for name in ("app", "printers", "sync", "ui", "resources", "build.spec"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    for name, before, after in SAID_ELSEWISE:
        text = (place / name).read_text(encoding="utf-8")
        assert before in text, name
        (place / name).write_text(text.replace(before, after), encoding="utf-8")
    (place / STEP_FILE).write_text(STEP, encoding="utf-8")
    return place


def trusting(program: Path) -> Path:
    """A built program that trusts the key of these stories."""
    keys = program / "_internal" / KEYS.relative_to(ROOT)
    keys.unlink()
    keys.write_text(KEY.public_key().public_bytes_raw().hex() + "\n", encoding="ascii")
    return program


def linked(program: Path, target: Path) -> Path:
    """A copy that takes no room; whoever changes a file of it makes a new one."""
    shutil.copytree(program, target, symlinks=True, copy_function=os.link)
    return target


def signed(program: Path, out: Path) -> Path:
    """The update file of a program."""
    write_update(program, manifest_of(program, schema=STEP_NUMBER), KEY, out, level=1)
    return out


# --- Later versions that cannot -------------------------------------------------------------------


def rewritten(program: Path, more: str) -> None:
    """Its step does something else besides."""
    path = program / "_internal" / STEP_FILE
    path.unlink()
    path.write_text(STEP + f"    {more}\n", encoding="utf-8")


def stumbles(program: Path) -> None:
    """Nobody foresaw what its step finds."""
    rewritten(program, "1 / 0")


def loses(program: Path) -> None:
    """Its step takes away what stands nowhere else."""
    rewritten(program, 'run("DELETE FROM print_job")')


def blind(program: Path) -> None:
    """It says its version, and cannot open a window."""
    next((program / "_internal" / "PySide6").glob("QtWidgets.*")).unlink()


BAD: dict[str, Callable[[Path], None]] = {
    "its step stumbles": stumbles,
    "its step loses rows": loses,
    "no window": blind,
    "killed while it starts": lambda _program: None,
}


# --- A machine in a shop --------------------------------------------------------------------------


class Machine:
    """An installed program, a shop with sales, and a stick."""

    def __init__(self, first: Path, work: Path, screen: Screen) -> None:
        work.mkdir(parents=True)
        self.work, self.screen = work, screen
        self.program = linked(first, work / "program")
        self.data = work / "shop"
        self.run = partial(run, self.program, work)
        shop(self.data)
        self.numbers = [self.sell() for _ in range(3)]

    def sell(self) -> str:
        """One sale in a shift of its own; the number of its receipt."""
        sold = lines(self.run, self.data, *SALE, {"do": "close_shift", "counted": "900.00"})
        return str(sold[len(SALE) - 1]["receipt"]["number"])

    def take(self, file: Path) -> None:
        """The update from wherever it lies."""
        done = self.run("update", "--from", str(file), "--data", str(self.data), "--anyway")
        assert done.returncode == 0, done.stderr
        assert read_current(self.program).state == "new"

    @contextmanager
    def started(self) -> Iterator[subprocess.Popen[bytes]]:
        """The icon on the desktop is clicked."""
        with (self.work / "said.txt").open("ab") as said:
            till = subprocess.Popen(
                [str(self.program / STARTER), "--data", str(self.data)], cwd=self.work,
                env=bare(self.work, DISPLAY=self.screen["DISPLAY"]), stderr=said,
            )  # fmt: skip
            try:
                yield till
            finally:
                if till.poll() is None:
                    till.kill()
                till.wait()

    def sells_in_window(self, till: subprocess.Popen[bytes], version: str) -> None:
        """Somebody sells there until the window is closed; the log says which version it was."""
        self.until(lambda: self.log().endswith(f"version {version}"), f"version {version}")
        first_sale(Typist(self.screen, till))
        self.numbers = [*self.numbers, ""]

    def until(self, so: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not so():
            assert time.monotonic() < end, f"never came: {what}; {self.log()}"
            time.sleep(0.1)

    def log(self) -> str:
        """The last time the log says that a till is open."""
        path = self.data / "logs" / "till.log"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        said = [json.loads(line)["says"] for line in text.splitlines()]
        return next((each for each in reversed(said) if "is open, version" in each), "")

    def whole(self, version: str, tables: str) -> dict[str, Any]:
        """Nothing is lost: the entries verify, every receipt is found, the tables are these."""
        said = self.run("--version").stdout
        assert said.startswith(version), said
        report = json.loads(self.run("verify", "--data", str(self.data)).stdout)
        assert report["ok"], report
        asked = [{"do": "receipt", "number": each} for each in self.numbers if each]
        lines(self.run, self.data, MANAGER, *asked)
        database = Database(self.data / FILE_NAME)
        try:
            db = database.writer
            assert schema.version_of(db) == tables
            sales = db.exec_driver_sql("SELECT count(*) FROM sale").scalar_one()
            sold = db.exec_driver_sql("SELECT count(DISTINCT sale) FROM sale_line").scalar_one()
        finally:
            database.close()
        assert sales == sold == len(self.numbers), (sales, sold, self.numbers)
        return {"version": said.split()[0], "entries": report["entries"], "sales": sales}


# --- Stories --------------------------------------------------------------------------------------


def taken_over(machine: Machine, file: Path) -> dict[str, Any]:
    """The later version opens what the first one wrote, and sells on."""
    before = machine.whole(__version__, schema.HEAD)
    machine.take(file)
    with machine.started() as till:
        machine.sells_in_window(till, LATER)
    after = machine.whole(LATER, STEP_NUMBER)
    assert read_current(machine.program).state == GOOD
    assert (machine.data / f"before-upgrade-{schema.HEAD}.db").exists()
    back = machine.run("update", "--back", "--data", str(machine.data))
    assert "update_lifted" in back.stderr, back.stderr
    return {"before": before, "after": after}


def from_a_stick(machine: Machine, file: Path) -> dict[str, Any]:
    """Somebody brings it."""
    stick = machine.work / "stick"
    stick.mkdir()
    return taken_over(machine, Path(shutil.copy(file, stick)))


def from_the_hub(machine: Machine, file: Path) -> dict[str, Any]:
    """Head office gives it, and the till fetches it by itself in pieces."""
    with hub_at(machine) as (address, hq):
        code = hq({"do": "enrol_code", "shop": "KP01", "till": "1"})["code"]
        joining = {"do": "enrol", "hub": address, "code": code}
        answer = lines(machine.run, machine.data, MANAGER, joining)[1]
        hq({"do": "approve_device", "device": answer["device"],
            "fingerprint": answer["fingerprint"]})  # fmt: skip
        name = hq({"do": "update", "path": str(file)})["update"]
        hq({"do": "give_update", "update": name})
        began = time.monotonic()
        till = subprocess.Popen(
            [str(machine.program / POS), "console", "--data", str(machine.data), "--demo"],
            env=bare(machine.work), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        came = machine.data / "updates" / f"{name}{SUFFIX}"
        try:
            end = time.monotonic() + 600
            while not came.exists():
                assert time.monotonic() < end and till.poll() is None, "it never came"
                time.sleep(0.5)
        finally:
            till.communicate(timeout=60)
        took = round(time.monotonic() - began)
    return {"seconds on its way": took, **taken_over(machine, came)}


@contextmanager
def hub_at(machine: Machine) -> Iterator[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]]:
    """A hub of the same built program: its address, and head office's lines."""
    data = str(machine.work / "hub")
    hub = subprocess.Popen(
        [str(machine.program / POS), "hub", "--data", data, "--port", "0", "--demo"],
        cwd=machine.work, env=bare(machine.work), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def hq(line: dict[str, Any]) -> dict[str, Any]:
        said = machine.run("hq", "--data", data, lines=json.dumps(line) + "\n")
        answer: dict[str, Any] = json.loads(said.stdout)
        assert answer["ok"], answer
        return answer

    try:
        assert hub.stdout is not None
        found = re.match(r"hub (\S+)", hub.stdout.readline())
        assert found is not None
        yield found[1], hq
    finally:
        hub.terminate()
        hub.communicate(timeout=30)


def given_up(machine: Machine, file: Path, what: str) -> dict[str, Any]:
    """The later version cannot; the first one is back, with everything, and sells."""
    machine.take(file)
    with machine.started() as till:
        if what == "no window":
            assert till.wait(PATIENCE_S) != 0
        elif what.startswith("killed"):
            running = Path("/proc", str(till.pid), "exe")
            machine.until(lambda: running.resolve().parent.parent.name == FOLDER, "its process")
            till.send_signal(signal.SIGKILL)
            till.wait()
            assert read_current(machine.program).state == TRIED
        else:
            machine.until(lambda: read_current(machine.program) == Current(""), "giving way")
            obstacle = Typist(machine.screen, till)
            time.sleep(A_LOOK_S)
            obstacle.picture().save(machine.work / "obstacle.png")
            # The same process becomes the first version, which opens the books.
            obstacle.keys("Return")
            machine.sells_in_window(till, __version__)
    if what == "no window" or what.startswith("killed"):
        with machine.started() as till:
            machine.sells_in_window(till, __version__)
    assert read_current(machine.program) == Current("")
    return machine.whole(__version__, schema.HEAD)


def main(words: Sequence[str] | None = None) -> int:
    """Build what was not handed in, tell every story."""
    parser = argparse.ArgumentParser(prog="python -m tests.built.two_versions", description=__doc__)
    parser.add_argument("--first", type=Path, help="this source, built before")
    parser.add_argument("--later", type=Path, help="its later version, built before")
    parser.add_argument("--keep", type=Path, help="a folder for what was made")
    parser.add_argument("stories", nargs="*", help="some of them; else all")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="versions-") as place:
        work = Path(options.keep or place).resolve()
        first = trusting(linked(options.first or build(work / "first"), work / "one"))
        built = options.later or build(work / "later", later_source(work / "source"))
        later = trusting(linked(built, work / "two"))
        good = True
        with real_screen() as screen:
            for name, story in stories(first, later, work, screen).items():
                if not options.stories or name in options.stories:
                    good &= told(name, story)
    return 0 if good else 1


def stories(
    first: Path, later: Path, work: Path, screen: Screen
) -> dict[str, Callable[[], dict[str, Any]]]:
    """By name; each on a machine of its own."""

    def machine(name: str) -> Machine:
        return Machine(first, work / name, screen)

    def bad(what: str) -> dict[str, Any]:
        program = linked(later, work / f"{what}, built")
        BAD[what](program)
        file = signed(program, work / f"{what}{SUFFIX}")
        return given_up(machine(what), file, what)

    file = signed(later, work / f"later{SUFFIX}")
    return {
        "from a stick": lambda: from_a_stick(machine("from a stick"), file),
        "from the hub": lambda: from_the_hub(machine("from the hub"), file),
        **{what: partial(bad, what) for what in BAD},
    }


def told(name: str, story: Callable[[], dict[str, Any]]) -> bool:
    """Tell one story in one line."""
    began = time.monotonic()
    said: dict[str, Any] = {"story": name}
    try:
        said |= story()
    except AssertionError as error:
        said["failed"] = str(error)[-600:]
    said["seconds"] = round(time.monotonic() - began)
    print(json.dumps(said, ensure_ascii=False), flush=True)
    return "failed" not in said


if __name__ == "__main__":
    sys.exit(main())

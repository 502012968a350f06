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

from app import __version__, schema
from app.database import FILE_NAME, Database
from app.update_file import SUFFIX
from tests.built.__main__ import POS, SALE, STARTER, bare, build, run
from tests.built.far_parts import DEVICES, MANAGER, into_room, lines, shop
from tests.built.later_version import (
    BAD,
    LATER,
    STEP_NUMBER,
    later_source,
    linked,
    signed,
    trusting,
)
from tests.support.real_screen import Typist, first_sale, real_screen, shift_begun, signed_in
from ui.updating import FOLDER, GOOD, NEW, TRIED, read_current

PATIENCE_S = 90
MOST_ON_ITS_WAY_S = 600
A_LOOK_S = 2
"""Somebody reads what the window says before they press Enter."""
Screen = dict[str, str]


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
        assert read_current(self.program).state == NEW

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

    def sells_in_window(
        self, till: subprocess.Popen[bytes], version: str, *, in_a_shift: bool = False
    ) -> None:
        """Somebody sells there until the window is closed; the log says which version it was."""
        self.until(lambda: self.log().endswith(f"version {version}"), f"version {version}")
        first_sale(Typist(self.screen, till), in_a_shift=in_a_shift)
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


def taken_over(machine: Machine, *, in_a_shift: bool = False) -> dict[str, Any]:
    """The later version opens what the first one wrote, and sells on."""
    with machine.started() as till:
        machine.sells_in_window(till, LATER, in_a_shift=in_a_shift)
    after = machine.whole(LATER, STEP_NUMBER)
    assert read_current(machine.program).state == GOOD
    assert (machine.data / f"before-upgrade-{schema.HEAD}.db").exists()
    back = machine.run("update", "--back", "--data", str(machine.data))
    assert "update_lifted" in back.stderr, back.stderr
    return after


def from_a_stick(machine: Machine, file: Path) -> dict[str, Any]:
    """Somebody brings it."""
    stick = machine.work / "stick"
    stick.mkdir()
    before = machine.whole(__version__, schema.HEAD)
    machine.take(Path(shutil.copy(file, stick)))
    return {"before": before, "after": taken_over(machine)}


def from_the_hub(machine: Machine, file: Path) -> dict[str, Any]:
    """Head office gives it, the open till fetches it in pieces, and somebody installs it there."""
    with hub_at(machine) as (address, hq):
        code = hq({"do": "enrol_code", "shop": "KP01", "till": "1"})["code"]
        joining = {"do": "enrol", "hub": address, "code": code}
        answer = lines(machine.run, machine.data, MANAGER, joining)[-1]
        hq({"do": "approve_device", "device": answer["device"],
            "fingerprint": answer["fingerprint"]})  # fmt: skip
        name = hq({"do": "update", "path": str(file)})["update"]
        hq({"do": "give_update", "update": name})
        before = machine.whole(__version__, schema.HEAD)
        took = installed_in_window(machine, machine.data / "updates" / f"{name}{SUFFIX}")
    after = taken_over(machine, in_a_shift=True)
    return {"seconds on its way": took, "before": before, "after": after}


def installed_in_window(machine: Machine, came: Path) -> int:
    """The till is open and fetches it; then somebody presses 设备 · 程序 · 装上. How long it was on
    its way, in seconds."""
    with machine.started() as till:
        machine.until(lambda: machine.log().endswith(f"version {__version__}"), "the till")
        began = time.monotonic()
        typist = Typist(machine.screen, till)
        signed_in(typist, "301", "864209")
        shift_begun(typist)
        while not came.exists():
            assert time.monotonic() - began < MOST_ON_ITS_WAY_S, "it never came"
            time.sleep(0.5)
        took = round(time.monotonic() - began)
        time.sleep(A_LOOK_S)
        typist.begin_anew()
        into_room(typist, DEVICES)
        # Over the top to the last button but one: behind it stands a new printer.
        typist.keys("Up", "Up")
        time.sleep(A_LOOK_S)
        typist.picture().save(machine.work / "offered.png")
        typist.keys("Return")
        machine.until(lambda: read_current(machine.program).state == NEW, "installed")
        time.sleep(A_LOOK_S)
        typist.picture().save(machine.work / "installed.png")
        typist.close()
    return took


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
            machine.until(lambda: read_current(machine.program).gave_way == LATER, "giving way")
            obstacle = Typist(machine.screen, till)
            time.sleep(A_LOOK_S)
            obstacle.picture().save(machine.work / "obstacle.png")
            # The same process becomes the first version, which opens the books.
            obstacle.keys("Return")
            machine.sells_in_window(till, __version__)
    if what == "no window" or what.startswith("killed"):
        with machine.started() as till:
            machine.sells_in_window(till, __version__)
    assert read_current(machine.program).name == ""
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

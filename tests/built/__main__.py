"""The program as a shop gets it, built and tried: `python -m tests.built [--dist FOLDER]`.

Builds with build.spec, moves the folder elsewhere, and runs it with an environment that holds no
Python: the window sells and prints on a real X server and opens every room, then console, verify,
doctor, hub and what else is loaded late (`far_parts`). One JSON line of figures; exit 0 only if all
of it works, it is small enough, and it starts about as fast as the source. A build takes about a
minute, so the suite does this in a soak only.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from app.clock import SystemClock
from app.ids import Ids
from app.opening import open_folder
from app.sales.devices import keep_device
from tests.built import far_parts
from tests.support.processes import ROOT
from tests.support.real_screen import Typist, first_sale, real_screen
from ui.counter_devices import PRINTER_MARK
from ui.startup import open_demo
from ui.updating import FOLDER, GOOD, NEW, Current, keep_current, read_current

MOST_MB = 260
MOST_START = 1.5
STARTS = 5
STARTER = "kaiping-till.exe" if os.name == "nt" else "kaiping-till"
POS = "pos.exe" if os.name == "nt" else "pos"
SALE = (
    {"do": "sign_in", "staff": "101", "pin": "246810"},
    {"do": "open_shift", "float": "500.00"},
    {"do": "scan", "code": "6900000110140"},
    {"do": "pay", "tender": "cash"},
)


def build(work: Path, source: Path = ROOT) -> Path:
    """Run build.spec of a source; the folder of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--distpath", str(work / "dist"),
         "--workpath", str(work / "work"), "build.spec"],
        cwd=source, capture_output=True, text=True, check=False,
        env={name: each for name, each in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return work / "dist" / "kaiping-till"


def megabytes(program: Path) -> float:
    """What the folder takes on a disk; a file that several names lead to counts once."""
    kept = {(each.lstat().st_ino): each.lstat().st_size for each in program.rglob("*")}
    return sum(kept.values()) / 1e6


def bare(home: Path, **more: str) -> dict[str, str]:
    """An environment in which no Python, no path and nobody's settings can be found."""
    return {"HOME": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", **more}


def sells_and_prints(program: Path, work: Path, screen: dict[str, str]) -> str:
    """A sale at the built window, its receipt on a network printer (the program's own, on paper
    made of pixels); the number of the receipt."""
    with network_printer(program, work) as port:
        number = _sold(program, work, screen, port)
        papers = list((work / "papers").glob("*.png"))
        assert papers, "no paper came out"
    return number


@contextmanager
def network_printer(program: Path, work: Path) -> Iterator[int]:
    """`pos printer` of the built program at any free port."""
    printer = subprocess.Popen(
        [str(program / POS), "printer", "--port", "0", "--out", str(work / "papers")],
        cwd=work, env=bare(work), stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        assert printer.stdout is not None
        yield int(printer.stdout.readline().strip().rpartition(":")[2])
    finally:
        printer.terminate()
        printer.communicate(timeout=20)


def _sold(program: Path, work: Path, screen: dict[str, str], port: int) -> str:
    clock = SystemClock()
    data = work / "窗口"
    opened = open_demo(data, till="1", stock=True, clock=clock, ids=Ids(clock), reserve=False)
    keep_device(opened.books, PRINTER_MARK, f"chinese_80 network:127.0.0.1:{port}")
    opened.close()
    till = subprocess.Popen(
        [str(program / STARTER), "--data", str(data)],
        cwd=work, env=bare(work, DISPLAY=screen["DISPLAY"]), stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        first_sale(Typist(screen, till))
    finally:
        if till.poll() is None:
            till.kill()
        complaint = till.communicate()[1].decode(errors="replace")
    assert "Traceback" not in complaint, complaint
    opened = open_folder(data, clock=clock, ids=Ids(clock), reserve=False)
    try:
        with opened.books.read() as db:
            (number,) = db.exec_driver_sql("SELECT number FROM sale WHERE due = 25670").one()
            states = db.exec_driver_sql("SELECT state FROM print_job WHERE kind = 'receipt'").all()
    finally:
        opened.close()
    assert [tuple(each) for each in states] == [("PRINTED",)], states
    return str(number)


def run(
    program: Path, work: Path, *words: str, lines: str = ""
) -> subprocess.CompletedProcess[str]:
    """One command of the built program, far from any Python."""
    return subprocess.run(
        [str(program / POS), *words], cwd=work, env=bare(work), input=lines,
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def commands_work(program: Path, work: Path) -> dict[str, str]:
    """Console, verify, doctor, restore's refusal and the hub, each by what it answers."""
    said: dict[str, str] = {}
    said["version"] = run(program, work, "--version").stdout.strip()
    assert "(" in said["version"], said
    shop = str(work / "console")
    lines = "".join(json.dumps(each) + "\n" for each in SALE)
    sold = run(program, work, "console", "--data", shop, "--demo", lines=lines)
    answers = [json.loads(line) for line in sold.stdout.splitlines()]
    assert [each["ok"] for each in answers] == [True] * len(SALE), (sold.stdout, sold.stderr)
    said["console"] = answers[-1]["receipt"]["number"]
    verified = run(program, work, "verify", "--data", shop)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    said["verify"] = f"{json.loads(verified.stdout)['entries']} entries"
    doctor = run(program, work, "doctor", "--data", shop, "--json")
    found = json.loads(doctor.stdout)
    said["doctor"] = f"{len(found['checks'])} checks"
    refused = run(program, work, "restore", "--data", str(work / "new"), "--from", str(work))
    assert "copy_missing" in refused.stderr, refused.stderr
    said["starts the version beside it"] = _hands_over(program, work)
    said["hub"] = _hub_answers(program, work)
    return said


def _hands_over(program: Path, work: Path) -> str:
    """The program installed first becomes the one that was unpacked beside it, and it stays."""
    name = "9.9.9-beside"
    updates = program / FOLDER
    shutil.copytree(
        program, updates / name, symlinks=True, copy_function=os.link,
        ignore=lambda folder, names: [FOLDER] if Path(folder) == program else [],
    )  # fmt: skip
    keep_current(program, Current(name, "", NEW))
    assert run(program, work, "doctor", "--json", "--data", str(work / "none")).stdout
    assert read_current(program).state == NEW
    assert run(program, work, "console", "--data", str(work / "beside"), "--demo").returncode == 0
    state = read_current(program).state
    assert state == GOOD, state
    shutil.rmtree(updates / name)
    assert run(program, work, "--version").stdout
    shutil.rmtree(updates)
    return state


def _hub_answers(program: Path, work: Path) -> str:
    import requests

    hub = subprocess.Popen(
        [str(program / POS), "hub", "--data", str(work / "hub"), "--port", "0", "--demo"],
        cwd=work, env=bare(work), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert hub.stdout is not None
        line = hub.stdout.readline()
        assert line.startswith("hub http://"), line
        answer = requests.get(line.split()[1] + "/nothing-here", timeout=20)
        assert answer.status_code == 404, answer.status_code
        page = requests.get(line.split()[1] + "/hq", timeout=20)
        assert page.status_code == 200 and "<form" in page.text, page.text[:400]
        return line.strip()
    finally:
        hub.terminate()
        hub.communicate(timeout=20)


def starts(program: Path, work: Path, screen: dict[str, str]) -> dict[str, float]:
    """From the process's start until its window stands, built and from source, in turns (ms)."""
    clock = SystemClock()
    data = work / "start"
    open_demo(data, till="1", stock=True, clock=clock, ids=Ids(clock), reserve=False).close()
    environments = {
        "built": bare(work, DISPLAY=screen["DISPLAY"]),
        "source": {**screen, "PYTHONPATH": str(ROOT)},
    }
    words = {
        "built": [str(program / STARTER), "--data", str(data)],
        "source": [sys.executable, "-P", "-m", "ui.commands", "--data", str(data)],
    }
    took: dict[str, list[float]] = {"built": [], "source": []}
    for _ in range(STARTS):
        for kind, times in took.items():
            times.append(_until_shown(words[kind], environments[kind], screen))
    return {kind: round(median(times)) for kind, times in took.items()}


def _until_shown(words: list[str], environment: dict[str, str], screen: dict[str, str]) -> float:
    began = time.perf_counter()
    till = subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    asking = ["xdotool", "search", "--onlyvisible", "--pid", str(till.pid)]
    try:
        while not subprocess.run(asking, env=screen, capture_output=True, check=False).stdout:
            assert till.poll() is None, "the till ended by itself"
            assert time.perf_counter() - began < 60, "no window came"
        return (time.perf_counter() - began) * 1000
    finally:
        till.kill()
        till.wait()


def tried(program: Path, work: Path) -> dict[str, Any]:
    """Everything, in a folder whose name is not plain; the figures."""
    moved = work / "收银 程序"
    shutil.copytree(program, moved, symlinks=True)
    figures: dict[str, Any] = {"megabytes": round(megabytes(moved), 1), "limit": MOST_MB}
    with real_screen() as screen:
        figures["receipt"] = sells_and_prints(moved, work, screen)
        figures["start_ms"] = starts(moved, work, screen)
        bare_screen = bare(work, DISPLAY=screen["DISPLAY"])
        starter = [str(moved / STARTER)]
        figures["rooms"] = far_parts.rooms(starter, work, bare_screen, screen)
    figures["start_ratio"] = round(figures["start_ms"]["built"] / figures["start_ms"]["source"], 2)
    figures["start_limit"] = MOST_START
    figures |= commands_work(moved, work)
    figures |= far_parts.commands(partial(run, moved, work), work)
    return figures


def main() -> int:
    """Build unless a program is handed in, try it, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.built", description=__doc__)
    parser.add_argument("--dist", type=Path, help="a program that was built before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="built-") as place:
        work = Path(place)
        figures = tried((options.dist or build(work)).resolve(), work)
    print(json.dumps(figures, ensure_ascii=False))
    good = figures["megabytes"] <= MOST_MB and figures["start_ratio"] <= MOST_START
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

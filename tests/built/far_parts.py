"""What a shop reaches for on some days only, tried in a built program: what is loaded late.

A serial printer and a receipt in Traditional Chinese, reports as PDF and Excel, a scan by its
first letters, the key card, head office's pages, copies and the till made anew from them; then
every room behind F12 at the window. What a build left out is missed here.
"""

import json
import os
import pty
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.clock import SystemClock
from app.ids import Ids
from app.sales.devices import COPIES_MARK, keep_device
from tests.support.real_screen import Typist, shift_begun, signed_in
from ui.counter_devices import PRINTER_MARK
from ui.startup import open_demo

MANAGER = {"do": "sign_in", "staff": "301", "pin": "864209"}
TRADITIONAL = "應收".encode("big5")
DEVICES = 14
"""The place of 设备 among the tiles."""
ROOMS = 17
"""Tiles that lead somewhere: behind them stand the card of keys and the lock."""
Run = Callable[..., subprocess.CompletedProcess[str]]


def lines(run: Run, folder: Path, *asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What the console answers, each of it ok."""
    said = run("console", "--data", str(folder), "--demo", lines="".join(
        json.dumps(each) + "\n" for each in asked
    ))  # fmt: skip
    answers: list[dict[str, Any]] = [json.loads(line) for line in said.stdout.split("\n") if line]
    bad = [each for each in answers if not each["ok"]]
    assert len(answers) == len(asked) and not bad, (bad, said.stderr)
    return answers


def shop(folder: Path, **devices: str) -> None:
    """A demo shop with these devices."""
    clock = SystemClock()
    opened = open_demo(folder, till="1", stock=True, clock=clock, ids=Ids(clock), reserve=False)
    for mark, value in devices.items():
        keep_device(opened.books, mark, value)
    opened.close()


@contextmanager
def serial_printer() -> Iterator[tuple[str, bytearray]]:
    """A printer at the end of a serial line: its address, and what came out of it."""
    leader, follower = pty.openpty()
    got, over = bytearray(), threading.Event()
    os.set_blocking(leader, False)

    def printer() -> None:
        while not over.wait(0.005):
            try:
                data = os.read(leader, 4096)
            except BlockingIOError:
                continue
            got.extend(data)
            os.write(leader, b"\x12" * data.count(b"\x10\x04"))

    thread = threading.Thread(target=printer)
    thread.start()
    try:
        yield f"serial:{os.ttyname(follower)}@115200", got
    finally:
        over.set()
        thread.join()
        os.close(leader)
        os.close(follower)


def commands(run: Run, work: Path) -> dict[str, str]:
    """All that needs no window, by what it left behind."""
    said: dict[str, str] = {}
    folder, copies = work / "far", work / "copies"
    with serial_printer() as (address, got):
        shop(folder, **{PRINTER_MARK: f"traditional_80 {address}", COPIES_MARK: str(copies)})
        lines(
            run, folder, MANAGER, {"do": "shop", "set": {"receipt_language": "hant"}},
            {"do": "open_shift", "float": "500.00"}, {"do": "find", "text": "jx"},
            {"do": "scan", "code": "6900000110140"}, {"do": "pay", "tender": "cash"},
            {"do": "close_shift", "counted": "500.00"},
        )  # fmt: skip
        assert TRADITIONAL in got, bytes(got[:400])
    said["serial printer"] = f"{len(got)} bytes in Big5"
    papers = {ending: work / f"day.{ending}" for ending in ("pdf", "xlsx", "csv")}
    lines(run, folder, MANAGER, *(
        {"do": "report", "name": "day", "file": str(path)} for path in papers.values()
    ))  # fmt: skip
    said["reports"] = ", ".join(f"{each}: {path.stat().st_size}" for each, path in papers.items())
    card = work / "card.pdf"
    assert run("keys", "--out", str(card)).returncode == 0 and card.stat().st_size > 10_000
    again = run("restore", "--data", str(work / "again"), "--from", str(copies),
                "--keystore", "file")  # fmt: skip
    assert again.returncode == 0, again.stderr
    said["restored"] = f"{json.loads(again.stdout)['entries']} entries"
    return said


def rooms(
    starter: list[str], work: Path, environment: dict[str, str], screen: dict[str, str]
) -> int:
    """Every room behind F12, opened by arrows and Enter and left again; how many there are.

    What a room misses is an error in the log, or a picture that is the menu's or another room's.
    """
    folder, shown = work / "rooms", work / "rooms seen"
    shop(folder)
    shown.mkdir()
    till = subprocess.Popen([*starter, "--data", str(folder)], cwd=work, env=environment,
                            stderr=subprocess.PIPE)  # fmt: skip
    seen: list[set[bytes]] = []
    try:
        typist = Typist(screen, till)
        signed_in(typist, "301", "864209")
        shift_begun(typist)
        counter = set(typist.looked)
        while len(seen) < ROOMS:
            typist.begin_anew()
            into_room(typist, len(seen))
            typist.picture().save(shown / f"{len(seen):02}.png")
            assert not any(typist.looked & other for other in (counter, *seen)), len(seen)
            seen.append(set(typist.looked))
            # The last one is the first run's guide, which is left by its own ways.
            if len(seen) < ROOMS:
                _leave(typist, counter)
    finally:
        if till.poll() is None:
            till.kill()
        complaint = till.communicate()[1].decode(errors="replace")
    assert "Traceback" not in complaint, complaint
    told = (folder / "logs" / "till.log").read_text(encoding="utf-8")
    bad = [line for line in told.splitlines() if json.loads(line)["level"] in ("error", "critical")]
    assert not bad, bad
    return len(seen)


def into_room(typist: Typist, number: int) -> None:
    """F12, arrows to the tile, Enter."""
    typist.keys("F12")
    typist.settle()
    typist.keys(*["Down"] * number, "Return")
    typist.settle()


def _leave(typist: Typist, counter: set[bytes]) -> None:
    """Esc until the counter is there again: a room may have a page within, or ask once more."""
    while typist.look() not in counter:
        typist.still_in_time()
        typist.keys("Escape")
        time.sleep(0.6)

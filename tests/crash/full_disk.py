"""A disk that is really full, and one that is really read-only.

A small disk in memory is mounted where this user may mount (as root, or in a namespace of its
own); its room is eaten up by another file, and given back.
"""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.crash.expected import Figures
from tests.crash.io_errors import NOBODY_KNOWS, NOTHING_SAVED, PAY, SCAN
from tests.crash.till import CASHIER, Answer, Till, TillServer, copy_folder
from tests.crash.tracing import failing, traced

DISK_KB = 40_000
REFUSED_EARLY = {"disk_low", "disk_full"}
"""Said before any money is taken."""


class SmallDisk:
    """A folder on a disk of its own that can be filled up, emptied, and write-protected."""

    def __init__(self, mount: Path) -> None:
        self.folder = mount / "shop"
        self._mount = mount

    def fill(self, *, leave: int = 0) -> None:
        """Eat all room but `leave` bytes."""
        with open(self._mount / "eaten", "ab", buffering=0) as file, suppress(OSError):
            while os.statvfs(self._mount).f_bavail * 4096 > leave:
                file.write(bytes(4096))

    def empty(self) -> None:
        """Give the room back."""
        (self._mount / "eaten").unlink()

    def protect(self, on: bool) -> None:
        """Remount it read-only, or writable again."""
        how = "ro" if on else "rw"
        subprocess.run(["mount", "-o", f"remount,{how}", str(self._mount)], check=True)


def can_mount() -> bool:
    """Whether this user may mount a disk in memory here."""
    return os.geteuid() == 0 and shutil.which("mount") is not None and _mounts()


def _mounts() -> bool:
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True
    )
    return tried.returncode == 0


@contextmanager
def small_disk(mount: Path) -> Iterator[SmallDisk]:
    """A disk in memory for the time of a block."""
    mount.mkdir(parents=True)
    size = f"size={DISK_KB}k"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(mount)], check=True)
    try:
        yield SmallDisk(mount)
    finally:
        subprocess.run(["umount", "-l", str(mount)], check=True)


def run_full(server: TillServer, shop: Path, mount: Path) -> Figures:
    """Fill the disk at every stage of a basket; sell again as soon as there is room."""
    figures = Figures()
    with small_disk(mount) as disk:
        copy_folder(shop, disk.folder)
        for leave in (0, 4096, 16_384, 65_536, 262_144):
            for scanned_before in (True, False):
                figures.points += 1
                till = server.start(disk.folder)
                _ok(figures, till.ask(CASHIER))
                if scanned_before:
                    _ok(figures, till.ask(SCAN))
                disk.fill(leave=leave)
                said = [till.ask(each) for each in ([] if scanned_before else [SCAN]) + [PAY]]
                disk.empty()
                _sells_again(figures, till, said, f"{leave} bytes left")
                till.wait()
        _stands(server, disk.folder, figures, figures.points)
    return figures


def run_read_only(server: TillServer, shop: Path, mount: Path) -> Figures:
    """Write-protect the disk under a till: it refuses to open, and sells when it can write."""
    figures = Figures(points=1)
    with small_disk(mount) as disk:
        copy_folder(shop, disk.folder)
        disk.protect(True)
        till = server.start(disk.folder)
        if (said := till.read()) is None or said.get("refused") != "folder_read_only":
            figures.count("wrong_state", f"a read-only folder: {said}")
        till.wait()
        disk.protect(False)
        till = server.start(disk.folder)
        _ok(figures, till.ask(CASHIER))
        _sells_again(figures, till, [], "read-only")
        till.wait()
        _stands(server, disk.folder, figures, 1)
    return figures


def run_without_a_mount(server: TillServer, shop: Path, work: Path) -> Figures:
    """The same where nobody may mount: every write of the till finds the disk full, then none."""
    figures = Figures()
    folder = copy_folder(shop, work)
    for error in ("ENOSPC", "EROFS"):
        figures.points += 1
        till = server.start(folder)
        _ok(figures, till.ask(CASHIER))
        with traced(till, work.with_suffix(".trace"), *failing("pwrite64", error, "1+")):
            said = [till.ask(SCAN), till.ask(PAY)]
        _sells_again(figures, till, said, os.strerror(getattr(errno, error)))
        till.wait()
    _stands(server, folder, figures, 2)
    return figures


def run_unwritable(server: TillServer, shop: Path, work: Path) -> Figures:
    """The same where nobody may mount: the disk refuses the file a till tries its folder with."""
    figures = Figures(points=1)
    folder = copy_folder(shop, work)
    till = server.start(folder, go=False)
    # The first file a till makes in its folder, and it alone: other files are read all the time.
    refused = ("-P", str(folder / "probe.tmp"), *failing("openat", "EROFS", "1+"))
    with traced(till, work.with_suffix(".trace"), *refused):
        till.go()
        if (said := till.read()) is None or said.get("refused") != "folder_read_only":
            figures.count("wrong_state", f"a read-only folder: {said}")
    till.wait()
    till = server.start(folder)
    _ok(figures, till.ask(CASHIER))
    _sells_again(figures, till, [], "read-only")
    till.wait()
    _stands(server, folder, figures, 1)
    return figures


def _ok(figures: Figures, answer: Answer | None) -> None:
    if answer is None or not answer["ok"]:
        figures.count("wrong_state", f"with room there was no sale: {answer}")


def _sells_again(figures: Figures, till: Till, said: list[Answer | None], where: str) -> None:
    """Whatever was refused for want of room is done now, in the same process, and once."""
    expected = NOTHING_SAVED | NOBODY_KNOWS | REFUSED_EARLY | {"basket_empty"}
    for answer in said:
        if answer is None:
            figures.count("bugs", f"{where}: the till died")
            return
        if not answer["ok"] and answer["error"]["code"] not in expected:
            figures.count("wrong_state", f"{where}: {answer['error']}")
    if said and said[-1] is not None and said[-1]["ok"]:
        return
    basket = till.ask({"do": "basket"})
    if basket is not None and not basket["basket"]["lines"]:
        _ok(figures, till.ask(SCAN))
    _ok(figures, till.ask(PAY))


def _stands(server: TillServer, folder: Path, figures: Figures, sales: int) -> None:
    till = server.start(folder)
    found = till.ask({"do": "look", "verify": True})
    till.wait()
    if found is None or not found["ok"] or found["problems"]:
        figures.count("problems", str(found))
    elif found["numbers"] != [sales] * 3:
        figures.count("duplicate", f"{found['numbers']} for {sales} baskets")

"""A real X server with a window manager, and somebody who types at the program's window there."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageGrab

PATIENCE_S = 120
STILL_LOOKS = 6
"""Looks, a fifth of a second apart, with nothing new but a cursor that blinks."""
TOOLS = ("Xvfb", "openbox", "xdotool")


@contextmanager
def real_screen() -> Iterator[dict[str, str]]:
    """An X server of our own with a window manager; the environment that leads there."""
    for tool in TOOLS:
        assert shutil.which(tool), f"{tool} is installed by ./pos test"
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[writer], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader) as told:
        display = f":{told.readline().strip()}"
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield environment
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(10)


class Typist:
    """xdotool at the till's window."""

    def __init__(self, environment: dict[str, str], till: subprocess.Popen[bytes]) -> None:
        self._environment = environment
        self._till = till
        self.begin_anew()
        self.window = self._found()
        self.looked = {self.look()}

    def _found(self) -> str:
        """The window the process shows, in front and with the keyboard."""
        while True:
            self.still_in_time()
            found = self._say("search", "--onlyvisible", "--pid", str(self._till.pid), check=False)
            if found:
                window = found.splitlines()[-1]
                self._say("windowactivate", "--sync", window, check=False)
                return window
            time.sleep(0.1)

    def still_in_time(self) -> None:
        assert self._till.poll() is None, "the till ended by itself"
        assert time.monotonic() < self._end, "the till took too long"

    def _say(self, *words: str, check: bool = True) -> str:
        answer = subprocess.run(
            ["xdotool", *words], env=self._environment, capture_output=True, text=True,
            check=check, timeout=30,
        )  # fmt: skip
        return answer.stdout.strip()

    def begin_anew(self) -> None:
        """As patient again as at the start."""
        self._end = time.monotonic() + PATIENCE_S

    def picture(self) -> Image.Image:
        """The whole screen."""
        return ImageGrab.grab(xdisplay=self._environment["DISPLAY"])

    def look(self) -> bytes:
        """The screen below the strip, whose clock goes on."""
        picture = self.picture()
        return bytes(picture.crop((0, 60, *picture.size)).tobytes())

    def keys(self, *names: str) -> None:
        """Named keys as a person presses them."""
        for name in names:
            self._say("key", "--delay", "120", name)
            time.sleep(0.15)

    def type(self, text: str) -> None:
        self._say("type", "--delay", "120", text)
        time.sleep(0.15)

    def scan(self, code: str) -> None:
        """Thirteen figures and Enter in less than a tenth of a second."""
        self._say("type", "--delay", "5", f"{code}\n")

    def close(self) -> None:
        self._say("key", "alt+F4")
        self._till.wait(30)

    def settle(self) -> None:
        """Until the picture has changed and then stood still: as long as a person would wait."""
        before, looks = self.looked, list[bytes]()
        while len(looks) < STILL_LOOKS or len(set(looks)) > 2 or before & set(looks):
            self.still_in_time()
            time.sleep(0.2)
            looks = [*looks, self.look()][-STILL_LOOKS:]
        self.looked = set(looks)


def signed_in(typist: Typist, number: str, pin: str) -> None:
    """At the door; what is typed while the shop is still being loaded behind it is not lost."""
    for text in (number, pin):
        typist.type(text)
        typist.keys("Return")
    typist.settle()


def shift_begun(typist: Typist) -> None:
    """A float of 500.00."""
    typist.type("500")
    typist.keys("Return")
    typist.settle()


def first_sale(typist: Typist, *, in_a_shift: bool = False) -> None:
    """From the door: sign in, open the shift, scan twice, take 300 for 256.70, close the window.

    `in_a_shift`: one is open already.
    """
    signed_in(typist, "101", "246810")
    if not in_a_shift:
        shift_begun(typist)
    typist.scan("6900000110140")
    typist.settle()
    typist.scan("2111004218778")
    typist.settle()
    typist.keys("space")
    typist.settle()
    typist.type("300")
    typist.keys("Return")
    typist.settle()
    typist.close()

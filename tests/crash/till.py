"""The side that kills: starts tills from the server that forks them, speaks with them, waits."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parents[2]
CASHIER = {"do": "sign_in", "staff": "101", "pin": "246810"}
OPEN_SHIFT = {"do": "open_shift", "float": "500.00"}
LEFT_OUT = ("till.lock", "reserve.bin")
"""Of no interest in a copy of a folder: the till makes them anew."""

Command = dict[str, Any]
Answer = dict[str, Any]


class Till:
    """One till that runs in a process of its own."""

    def __init__(self, server: "TillServer", pid: int, lines: IO[bytes], answers: int) -> None:
        self.pid = pid
        self.answers: list[Answer] = []
        """Every whole answer that was read so far."""
        self._server = server
        self._lines = lines
        self._answers = answers
        self._rest = b""
        self.status: int | None = None

    def go(self) -> None:
        """Let the till open its folder."""
        self.send_text(b"\n")

    def send(self, *commands: Command) -> None:
        """Hand commands over without waiting; a till that has died takes none."""
        self.send_text(b"".join(json.dumps(each).encode() + b"\n" for each in commands))

    def send_text(self, text: bytes) -> None:
        """Raw bytes for its standard input."""
        with suppress(BrokenPipeError):
            self._lines.write(text)
            self._lines.flush()

    def read(self) -> Answer | None:
        """The next answer, None when the till died instead."""
        while b"\n" not in self._rest:
            part = os.read(self._answers, 1 << 16)
            if not part:
                return None
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        self.answers.append(json.loads(line))
        return self.answers[-1]

    def ask(self, command: Command) -> Answer | None:
        """One command and its answer."""
        self.send(command)
        return self.read()

    def run(self, commands: Sequence[Command]) -> list[Answer]:
        """Each command's answer; shorter when the till died."""
        self.send(*commands)
        found = []
        for _ in commands:
            if (answer := self.read()) is None:
                break
            found.append(answer)
        return found

    def kill(self) -> None:
        """SIGKILL. What it had answered before can still be read."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Read the rest, close its input, wait until the process is gone; its wait status."""
        if self.status is None:
            with suppress(BrokenPipeError):
                self._lines.close()
            while self.read() is not None:
                pass
            os.close(self._answers)
            self.status = self._server.reap(self.pid)
        return self.status


class TillServer:
    """The process that forks tills; what they say on standard error goes into `log`."""

    def __init__(self, log: Path) -> None:
        ours, theirs = socket.socketpair()
        self.log = log
        self._errors = open(log, "ab")  # noqa: SIM115 - open as long as the server
        self._control = ours
        self._answers = ours.makefile("rb")
        environment = os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.crash.till_server"],
            stdin=theirs.fileno(),
            stderr=self._errors,
            cwd=PROJECT,
            env=environment,
        )
        theirs.close()
        self._tell({"warm": str(log.with_name("warm"))})

    def _tell(self, request: dict[str, Any]) -> int:
        self._control.sendall(json.dumps(request).encode())
        answer = self._answers.readline()
        assert answer, f"the server of tills died: {self.complaints()}"
        return int(answer)

    def start(self, folder: Path, *, go: bool = True, **wishes: Any) -> Till:
        """Fork a till for a folder. It opens it at `go`; `wishes` as till_server takes them."""
        lines, write_end = os.pipe()
        read_end, answers = os.pipe()
        request = json.dumps({"folder": str(folder), **wishes}).encode()
        socket.send_fds(self._control, [request], [lines, answers, self._errors.fileno()])
        os.close(lines)
        os.close(answers)
        pid = int(self._answers.readline())
        till = Till(self, pid, os.fdopen(write_end, "wb"), read_end)
        if go:
            till.go()
        return till

    def reap(self, pid: int) -> int:
        """Wait until a till is gone, locks and all."""
        return self._tell({"reap": pid})

    def complaints(self) -> str:
        """What tills wrote on standard error: a traceback in here is a bug of ours."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Tills that still run keep running; the server goes."""
        self._control.close()
        self._answers.close()
        self._process.wait(timeout=20)
        self._errors.close()


@contextmanager
def till_server(folder: Path) -> Iterator[TillServer]:
    """A server whose log lies in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    server = TillServer(folder / "tills.log")
    try:
        yield server
    finally:
        server.close()


def make_shop(server: TillServer, folder: Path) -> Path:
    """A sample shop with an open shift, closed tidily: what every crash begins with."""
    till = server.start(folder)
    opened = till.run([CASHIER, OPEN_SHIFT])
    assert [answer["ok"] for answer in opened] == [True, True], opened
    assert till.wait() == 0
    return folder


def copy_folder(source: Path, target: Path) -> Path:
    """A copy for a crash of its own; nobody may have the source open."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return target

"""strace on one running till: record what it asks of the disk, fail it, or kill it there.

Attached while the till waits for its next line, so counting begins with the deed under test.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crash.till import Till

DURABLE = ("pwrite64", "fsync", "fdatasync")
"""The calls that bring a sale to the disk."""
DISK = (
    *("openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate"),
    *("unlink", "unlinkat", "rename", "mkdir", "chmod", "close", "fcntl", "flock"),
)
"""Every call that changes a file or a lock, or could."""
NO_STRACE = "strace is missing: these rigs need it (./pos test installs it by itself)"


def demand_strace() -> str:
    """Where strace lies; without it the rigs would test nothing, so they fail and say so."""
    found = shutil.which("strace")
    assert found, NO_STRACE
    return found


class Tracer:
    """A strace that is attached to a till."""

    def __init__(self, till: Till, out: Path, *options: str) -> None:
        self.out = out
        self._process = subprocess.Popen(
            [demand_strace(), "-f", "-qq", "-o", str(out), "-p", str(till.pid), *options],
            stderr=subprocess.PIPE,
        )
        self._attached(till.pid)

    def _attached(self, pid: int) -> None:
        """Wait until the kernel says that the till has a tracer."""
        status = Path(f"/proc/{pid}/status")
        while True:
            tracer = next(
                line for line in status.read_text().splitlines() if line.startswith("TracerPid")
            )
            if tracer.split()[1] != "0":
                return
            if self._process.poll() is not None:
                assert self._process.stderr is not None
                said = self._process.stderr.read().decode()
                raise AssertionError(f"strace could not attach to the till: {said}")
            # Nothing is won by asking faster: strace needs the core to attach.
            time.sleep(0.001)

    def detach(self) -> None:
        """Leave the till alone; it goes on."""
        self._process.terminate()
        self.wait()

    def wait(self) -> None:
        """Until the till is gone, or was left alone."""
        self._process.wait(timeout=60)
        assert self._process.stderr is not None
        self._process.stderr.close()


@contextmanager
def traced(till: Till, out: Path, *options: str) -> Iterator[Tracer]:
    """Trace a till inside the block and leave it alone afterwards."""
    tracer = Tracer(till, out, *options)
    try:
        yield tracer
    finally:
        tracer.detach()


def counted(calls: tuple[str, ...]) -> tuple[str, ...]:
    """Options that write down every one of these calls, short."""
    return ("-s", "0", "-e", f"trace={','.join(calls)}", "-e", "signal=none")


def killing(call: str, n: int) -> tuple[str, ...]:
    """Options that kill the till as it makes a call for the n-th time, before it is done."""
    return ("-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={n}")


def failing(call: str, error: str, when: str) -> tuple[str, ...]:
    """Options that let a call fail: the n-th time ("3"), or from then on ("3+")."""
    return ("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}")


def calls_made(trace: Path) -> dict[str, int]:
    """How often each call was made."""
    found: dict[str, int] = {}
    for line in trace.read_text(errors="replace").splitlines():
        _, _, rest = line.partition(" ")
        name, bracket, _ = rest.strip().partition("(")
        if bracket and name.isidentifier():
            found[name] = found.get(name, 0) + 1
    return found

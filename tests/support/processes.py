"""Other processes: a till that sells beside us, under a disk that fails when told to."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


def python(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines of Python on their own and wait for them."""
    return subprocess.run(
        [sys.executable, "-c", source, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def selling(folder: Path, script: str, *before: str) -> list[list[str]]:
    """What a till in another process told its cashier; `before` is put in front of the command."""
    done = subprocess.run(
        [*before, *_command(folder, script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def begin_selling(folder: Path, script: str) -> subprocess.Popen[str]:
    """The same without waiting: to be read from and killed."""
    return subprocess.Popen(
        _command(folder, script), cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def _command(folder: Path, script: str) -> list[str]:
    return [sys.executable, "-m", "tests.support.selling_process", str(folder), script]


def failing_sync(trace: Path, when: str) -> tuple[str, ...]:
    """A command in front of another: its sync number `when` fails ("3" once, "3+" for ever)."""
    return (
        *("strace", "-f", "-qq", "-o", str(trace), "--seccomp-bpf"),
        *("-e", "trace=fsync,fdatasync"),
        *("-e", f"inject=fsync,fdatasync:error=EIO:when={when}"),
    )

"""Processes of the program itself that speak in lines: a hub, head office, tills."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60


class Talker:
    """`./pos WORDS…`, spoken to line by line."""

    def __init__(self, *words: str | Path, behind: bool = False, planted: str = "") -> None:
        """`behind` every other process of this machine, where it stands for one on another;
        `planted`: a fault of `tests.support.planted` that the program shall have."""
        program: tuple[str | Path, ...] = (ROOT / "pos",)
        if planted:
            program = (sys.executable, "-m", "tests.support.planted", planted)
        self._process = subprocess.Popen(
            [*(("nice", "-n", "15") if behind else ()), *program, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
            cwd=ROOT if planted else None,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def heard(self) -> str:
        """The next line it says; "" when it ended."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def say(self, do: str, **fields: Any) -> dict[str, Any]:
        """One command's answer, whatever it is."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.heard())
        return answer

    def ok(self, do: str, **fields: Any) -> dict[str, Any]:
        """The answer of a command that succeeds."""
        answer = self.say(do, **fields)
        assert answer["ok"], answer
        return answer

    def end(self) -> None:
        """Let it close its books."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()

    def kill(self) -> None:
        """End it where it stands."""
        self._process.send_signal(signal.SIGKILL)
        self.end()

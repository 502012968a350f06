"""Sounds: own WAV files, played by what the machine has. Silence never hides a refusal.

A scanner gun beeps even when the till refuses, so a refusal must sound different; and where
nothing can play, `flashed` asks the window to flash instead.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

SOUND_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sounds"
SOUNDS = ("accepted", "again", "question", "refused", "money", "unknown")
NEVER_MUTED = frozenset({"refused"})
REPEAT_MS = 4_000
"""Pause between two reminders of a payment whose result is unknown."""

Play = Callable[[Path], bool]
"""Starts playing a file and returns at once; False when it could not."""


class Sounds(QObject):
    """`play(name)`; muted by F11, except for refusals."""

    flashed = Signal(str)
    """No player: show it instead. Carries the sound's name."""
    muted_changed = Signal(bool)

    def __init__(self, play: Play | None = None, folder: Path = SOUND_FOLDER) -> None:
        super().__init__()
        self._folder = folder
        self._play = play if play is not None else machine_player(self)
        self._muted = False
        self._reminder = QTimer(self)
        self._reminder.setInterval(REPEAT_MS)
        self._reminder.timeout.connect(lambda: self.play("unknown"))

    @property
    def muted(self) -> bool:
        """Is the till silent (but for refusals)?"""
        return self._muted

    def toggle_mute(self) -> bool:
        """F11; returns the new state."""
        self._muted = not self._muted
        self.muted_changed.emit(self._muted)
        return self._muted

    def play(self, name: str) -> None:
        """Play one of SOUNDS, or ask for a flash where nothing can play it."""
        assert name in SOUNDS
        if self._muted and name not in NEVER_MUTED:
            return
        if self._play is None or not self._play(self._folder / f"{name}.wav"):
            self.flashed.emit(name)

    def remind(self, on: bool) -> None:
        """The slow repeat while a payment's result is unknown."""
        if on and not self._reminder.isActive():
            self.play("unknown")
            self._reminder.start()
        elif not on:
            self._reminder.stop()


def machine_player(owner: QObject) -> Play | None:
    """What this machine can play a WAV file with; None when there is nothing."""
    if sys.platform == "win32":
        return _windows_player()
    for program, arguments in (("paplay", []), ("aplay", ["-q"]), ("afplay", [])):
        if path := shutil.which(program):
            return _program_player(path, arguments, owner)
    return None


def _program_player(program: str, arguments: list[str], owner: QObject) -> Play:
    def play(file: Path) -> bool:
        process = QProcess(owner)
        process.finished.connect(process.deleteLater)
        process.errorOccurred.connect(process.deleteLater)
        process.start(program, [*arguments, str(file)])
        return process.state() != QProcess.ProcessState.NotRunning

    return play


def _windows_player() -> Play | None:
    try:
        import winsound
    except ImportError:
        return None

    def play(file: Path) -> bool:
        flags = winsound.SND_FILENAME | winsound.SND_ASYNC  # type: ignore[attr-defined]
        flags |= winsound.SND_NODEFAULT  # type: ignore[attr-defined]
        try:
            winsound.PlaySound(str(file), flags)  # type: ignore[attr-defined]
        except RuntimeError:
            return False
        return True

    return play

"""What is heard: a refusal never sounds like a scan, and never falls silent."""

import importlib.util
import wave
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui import sounds as loud
from ui.sounds import SOUND_FOLDER, SOUNDS, Sounds, machine_player


def seconds(name: str) -> float:
    with wave.open(str(SOUND_FOLDER / f"{name}.wav")) as file:
        return file.getnframes() / file.getframerate()


def test_lengths_are_what_hands_expect() -> None:
    assert seconds("accepted") == pytest.approx(0.06, abs=0.005)
    assert seconds("refused") == pytest.approx(0.45, abs=0.01)
    assert {path.stem for path in SOUND_FOLDER.glob("*.wav")} == set(SOUNDS)


def test_the_script_makes_the_same_files_again(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("sound_build", SOUND_FOLDER / "build.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.build(tmp_path)
    for name in SOUNDS:
        made = (tmp_path / f"{name}.wav").read_bytes()
        assert made == (SOUND_FOLDER / f"{name}.wav").read_bytes()


def test_mute_silences_everything_but_a_refusal(qtbot: QtBot) -> None:
    played: list[str] = []
    sounds = Sounds(lambda path: played.append(path.stem) or True)
    assert sounds.toggle_mute()
    for name in SOUNDS:
        sounds.play(name)
    assert played == ["refused"]
    assert not sounds.toggle_mute()
    sounds.play("money")
    assert played == ["refused", "money"]


def test_where_nothing_plays_the_window_flashes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loud.shutil, "which", lambda _name: None)
    monkeypatch.setattr(loud.sys, "platform", "linux")
    sounds = Sounds()
    assert machine_player(sounds) is None
    flashes: list[str] = []
    sounds.flashed.connect(flashes.append)
    sounds.play("refused")
    assert flashes == ["refused"]


def test_a_player_that_fails_is_a_flash_too(qtbot: QtBot) -> None:
    sounds = Sounds(lambda _path: False)
    with qtbot.waitSignal(sounds.flashed) as told:
        sounds.play("accepted")
    assert told.args == ["accepted"]


def test_a_player_program_is_started_and_forgotten(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    player = tmp_path / "aplay"
    player.write_text(f'#!/bin/sh\necho "$2" > {tmp_path}/heard\n')
    player.chmod(0o755)
    monkeypatch.setattr(loud.sys, "platform", "linux")
    monkeypatch.setattr(loud.shutil, "which", lambda name: str(player) if name == "aplay" else None)
    sounds = Sounds()
    sounds.play("accepted")
    heard = tmp_path / "heard"
    qtbot.waitUntil(lambda: heard.exists() and heard.read_text().strip() != "", timeout=5000)
    assert heard.read_text().strip().endswith("accepted.wav")


def test_an_unknown_payment_is_repeated_until_it_is_known(qtbot: QtBot) -> None:
    played: list[str] = []
    sounds = Sounds(lambda path: played.append(path.stem) or True)
    sounds.remind(True)
    sounds.remind(True)
    sounds._reminder.timeout.emit()
    sounds.remind(False)
    assert played == ["unknown", "unknown"]
    assert not sounds._reminder.isActive()

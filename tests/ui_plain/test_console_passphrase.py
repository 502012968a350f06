"""`./pos console` over a folder under a passphrase: from the environment, or typed unseen."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.opening import NewTill, open_folder
from ui import console_opening
from ui.commands import main
from ui.console_opening import PASSPHRASE
from ui.startup import system_ids

WORDS = "kai ping you pin 2026"


class Typed(io.StringIO):
    """Lines that come in, from a person at a terminal or not."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    clock, ids = system_ids()
    new = NewTill(shop="KP09", till="1", keystore="passphrase")
    place = tmp_path / "till"
    open_folder(place, clock=clock, ids=ids, new=new, passphrase=WORDS, reserve=False).close()
    return place


@pytest.fixture
def console(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def run(*, terminal: bool = False) -> tuple[int, str, str]:
        lines = Typed('{"do": "basket"}\n')
        lines.terminal = terminal
        monkeypatch.setattr(sys, "stdin", lines)
        code = main(["console", "--data", str(folder)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def answers(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_the_environment_opens_it_and_nobody_inherits_it(
    console: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE, WORDS)
    code, out, err = console()
    assert code == 0 and len(answers(out)) == 1, err
    assert PASSPHRASE not in os.environ and WORDS not in out + err


def test_a_person_at_a_terminal_is_asked(
    console: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_opening, "getpass", lambda _prompt: WORDS)
    code, out, _ = console(terminal=True)
    assert code == 0 and len(answers(out)) == 1


@pytest.mark.parametrize(
    ("given", "why"), [("", "passphrase_needed"), ("x" * 20, "passphrase_wrong")]
)
def test_without_it_nothing_opens_and_no_line_is_taken_for_it(
    console: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    why: str,
) -> None:
    if given:
        monkeypatch.setenv(PASSPHRASE, given)
    code, out, err = console()
    assert code == 1 and out == "" and why in err

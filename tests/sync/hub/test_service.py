"""The unit that ships: systemd takes it, and its words are words the hub understands."""

import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

from ui.commands import _hub, _parser

ROOT = Path(__file__).resolve().parents[3]
UNIT = ROOT / "docs" / "kaiping-hub.service"
NOTES = (ROOT / "docs" / "hub.md").read_text(encoding="utf-8")


def read(path: Path = UNIT) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None, strict=True)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(path, encoding="utf-8")
    return found


def wrong_with(path: Path) -> str:
    """What systemd says against a unit, "" for nothing; without one whether it can be read."""
    if program := shutil.which("systemd-analyze"):
        said = subprocess.run(
            [program, "verify", "--man=no", path], capture_output=True, text=True, check=False
        )
        # It also tells about other units of this machine.
        return "\n".join(line for line in said.stderr.splitlines() if path.name in line)
    return "" if {"Unit", "Service", "Install"} <= set(read(path).sections()) else "sections"


def test_systemd_takes_the_unit_and_says_no_to_a_broken_one(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8").replace("/opt/kaiping-till/pos", str(ROOT / "pos"))
    here = tmp_path / "kaiping-hub.service"
    here.write_text(text, encoding="utf-8")
    assert wrong_with(here) == ""
    broken = tmp_path / "broken.service"
    broken.write_text(text.replace("[Service]", "[Servise]"), encoding="utf-8")
    assert wrong_with(broken) != ""


def test_what_it_starts_is_what_the_command_line_takes() -> None:
    given = dict(line.split("=", 1) for line in NOTES.splitlines() if line.startswith("HUB_"))
    words = read()["Service"]["ExecStart"]
    for name, value in given.items():
        assert f"${{{name}}}" in words, name
        words = words.replace(f"${{{name}}}", value)
    assert "$" not in words
    parsed = _parser().parse_args(shlex.split(words)[1:])
    assert parsed.run is _hub
    assert (parsed.port, parsed.database) == (8780, "postgresql:///kaiping_hub")
    assert str(parsed.data) == f"/var/lib/{read()['Service']['StateDirectory']}"

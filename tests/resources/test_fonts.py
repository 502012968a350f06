"""The shipped fonts can write what the shop writes, in columns that line up."""

import csv
import hashlib
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "resources" / "fonts"
FACES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
# Signs on our screens, labels and receipts that no Chinese character set promises.
SIGNS = "¥￥€−×÷±·•●○■□▲△▼▽◆◇★☆〓※→←↑↓↔⇒…—–“”‘’《》【】「」、。，；：？！％℃㎡㎏№①⑩Ⅳ½≤≥≈✓─│┌┐└┘├┤"

# Understood in other people's spreadsheets, never written by us.
ONLY_READ = "✗"


@pytest.fixture(params=FACES)
def face(request: pytest.FixtureRequest) -> Iterator[TTFont]:
    with TTFont(FONTS / request.param, lazy=True) as font:
        yield font


def undrawn(face: TTFont, text: str) -> str:
    """Return the characters of a text that a face would show as an empty box."""
    drawn = face.getBestCmap()
    return "".join(sorted({c for c in text if ord(c) not in drawn and not c.isspace()}))


def test_figures_share_one_width_so_columns_of_money_line_up(face: TTFont) -> None:
    drawn = face.getBestCmap()
    assert len({face["hmtx"][drawn[ord(figure)]][0] for figure in "0123456789"}) == 1


def test_every_sign_of_the_screens_and_papers_is_drawn(face: TTFont) -> None:
    assert undrawn(face, SIGNS) == ""


def test_a_character_nobody_draws_is_noticed(face: TTFont) -> None:
    assert undrawn(face, "开平🦆") == "🦆"


def test_the_sample_catalogue_is_drawn_in_full(face: TTFont) -> None:
    tables = sorted((ROOT / "resources" / "catalogue").glob("*.csv"))
    assert tables
    for table in tables:
        with table.open(encoding="utf-8", newline="") as lines:
            text = "".join(cell for row in csv.reader(lines) for cell in row)
        assert undrawn(face, text) == "", table.name


def test_gbk_is_drawn_but_for_one_character_the_publisher_leaves_out(face: TTFont) -> None:
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    text = "".join(pair.decode("gbk", errors="ignore") for pair in pairs)
    assert len([c for c in undrawn(face, text) if c.isprintable()]) == 1


def test_every_character_the_program_itself_writes_is_drawn(face: TTFont) -> None:
    texts = [p for room in ("app", "printers", "sync", "ui") for p in (ROOT / room).rglob("*.py")]
    texts += [p for p in (ROOT / "resources").rglob("*") if p.suffix in (".txt", ".toml", ".ts")]
    assert texts
    for path in texts:
        if path.parent != FONTS:
            text = path.read_text(encoding="utf-8")
            assert undrawn(face, text).strip(ONLY_READ) == "", path


def test_the_shipped_fonts_are_the_ones_the_recipe_makes() -> None:
    faces = runpy.run_path(str(FONTS / "build.py"))["FACES"]
    assert {face.file for face in faces} == set(FACES)
    for face in faces:
        assert hashlib.sha256((FONTS / face.file).read_bytes()).hexdigest() == face.sha256


def test_the_licence_lies_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")

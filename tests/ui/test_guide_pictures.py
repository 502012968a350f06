"""The guide shows the real window, and every picture it shows can be taken again."""

import re
from pathlib import Path

from tests.guide_pictures import PICTURES, take_all

GUIDE = PICTURES.parent / "guide.md"


def test_the_pictures_of_the_guide_are_those_that_are_taken(qapp: object, tmp_path: Path) -> None:
    taken = take_all(tmp_path / "shop", tmp_path / "out")
    assert len(set(taken)) == len(taken)
    assert {path.stem for path in PICTURES.glob("*.png")} == set(taken)
    shown = re.findall(r"\]\(pictures/(\w+)\.png\)", GUIDE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(taken)
    for name in taken:
        assert (tmp_path / "out" / f"{name}.png").stat().st_size > 10_000, f"{name} shows nothing"

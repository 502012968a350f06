"""Printer profiles are data a shop may copy and change."""

import re
from pathlib import Path

import pytest

from app.content import Paper
from app.errors import Refusal
from printers.encoder import paper_bytes
from printers.profile import PROFILES, Drawer, Profile, load_profile, parse_profile, profile_names
from printers.virtual import VirtualPrinter


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_prints_the_receipt_on_a_printer_of_its_kind(
    name: str, receipt: Paper
) -> None:
    profile = load_profile(name)
    assert re.search("[\u4e00-\u9fff]", profile.title)
    printer = VirtualPrinter(profile.dots, profile.encoding)
    printer.feed(paper_bytes(receipt, profile))
    assert printer.unknown == []
    (page,) = printer.everything()
    assert page.cut == profile.cut
    assert page.picture.width == profile.dots == profile.columns * 12
    if profile.mode == "text" and profile.encoding != "big5":
        assert any("KP01-1-261207-0031" in row for row in page.rows)
        assert any(row.endswith("423.20") for row in page.rows)


@pytest.mark.parametrize(
    "text",
    [
        "title = 'x'",
        "title = 'x'\ncolumns = 48\ndots = 575",
        "title = 'x'\ncolumns = 48\ndots = 576\nencodng = 'gbk'",
        "title = 'x'\ncolumns = 48\ndots = 576\nfragment_rows = 960",
        "title = 'x'\ncolumns = 48\ndots = 576\n[drawer]\non_ms = 600",
        "title = ",
    ],
)
def test_a_mistake_in_a_profile_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="bad_printer_profile"):
        parse_profile(text)


def test_an_unknown_profile_is_refused_and_no_path_is_followed() -> None:
    for name in ("no_such", "../fonts/build", ""):
        with pytest.raises(Refusal, match="unknown_printer_profile"):
            load_profile(name)


def test_a_shops_own_folder_of_profiles(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("title = '自己的'\ncolumns = 42\ndots = 512", "utf-8")
    assert profile_names(tmp_path) == ["own"]
    assert load_profile("own", tmp_path) == Profile("自己的", columns=42, dots=512)


def test_the_readme_explains_every_key() -> None:
    readme = (PROFILES / "README.md").read_text("utf-8")
    for key in (*Profile.__struct_fields__, *Drawer.__struct_fields__):
        assert f"`{key}`" in readme.replace("[drawer]", "drawer")

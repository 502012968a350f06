"""The page that tells whether a profile fits a printer."""

import pytest

from printers.encoder import paper_bytes
from printers.profile import load_profile, profile_names
from printers.trial_page import HARD_WORDS, trial_page
from printers.virtual import VirtualPrinter
from printers.virtual_paper import Page


def printed(profile_name: str, encoding: str, dots: int) -> Page:
    profile = load_profile(profile_name)
    printer = VirtualPrinter(dots, encoding)
    printer.feed(paper_bytes(trial_page("收银小票", profile), profile))
    return printer.everything()[0]


@pytest.mark.parametrize("name", profile_names())
def test_the_right_profile_shows_a_right_page(name: str) -> None:
    profile = load_profile(name)
    page = printed(name, profile.encoding, profile.dots)
    if profile.mode == "text":
        ruler = "".join(str(column % 10) for column in range(1, profile.columns + 1))
        assert ruler in page.rows
        if profile.encoding in ("gb18030", "gbk", "utf-8"):
            assert any(HARD_WORDS in row for row in page.rows)


def test_a_wrong_encoding_and_a_wrong_width_are_seen_on_it() -> None:
    assert not any(HARD_WORDS in row for row in printed("utf8_80", "gb18030", 576).rows)
    ruler = "".join(str(column % 10) for column in range(1, 49))
    assert ruler not in printed("chinese_80", "gb18030", 384).rows

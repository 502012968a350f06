"""Can people read it? Contrast of every painted pair, figures of one width, glyphs that exist."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QApplication

from app.errors import Trouble
from ui import theme as look
from ui.sheet import style_sheet
from ui.theme import DARK, HUES, LIGHT, PAIRS, PERCENTS, SIZES, Colours, Theme
from ui.widgets import paint

UI = Path(look.__file__).parent


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of #RRGGBB."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    bent = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * bent[0] + 0.7152 * bent[1] + 0.0722 * bent[2]


def contrast(first: str, second: str) -> float:
    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]}-on-{pair[1]}")
def test_every_painted_pair_can_be_read(colours: Colours, pair: tuple[str, str, float]) -> None:
    fore, back, least = pair
    assert contrast(getattr(colours, fore), getattr(colours, back)) >= least


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_tile_bars_stand_out_from_the_tile(colours: Colours) -> None:
    if colours is LIGHT:
        assert all(contrast(hue, colours.surface) >= 3 for hue in HUES.values())


def test_a_grey_pair_would_be_caught() -> None:
    assert contrast("#9AA09C", LIGHT.surface) < 4.5


def test_figures_share_one_width_in_both_faces(qapp: QApplication) -> None:
    for bold in (False, True):
        for size in SIZES:
            metrics = QFontMetricsF(Theme().font(size, bold=bold))
            assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_both_faces_are_our_own_and_really_bold(qapp: QApplication) -> None:
    plain, bold = (QRawFont.fromFont(Theme().font("body", bold=heavy)) for heavy in (False, True))
    assert plain.familyName() == bold.familyName() == look.FAMILY
    assert plain.weight() == QFont.Weight.Normal
    assert bold.weight() == QFont.Weight.Bold


def test_every_sign_the_screens_use_has_a_glyph(qapp: QApplication) -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    strings = "".join(re.findall(r'"([^"\n]*)"', texts))
    signs = {mark for mark in strings + "¥−×·" if ord(mark) > 126}
    for bold in (False, True):
        face = QRawFont.fromFont(Theme().font("body", bold=bold))
        missing = {mark for mark in signs if not face.supportsCharacter(ord(mark))}
        assert not missing


@pytest.mark.parametrize("percent", PERCENTS)
def test_no_text_is_smaller_than_14(percent: int) -> None:
    sheet = style_sheet(Theme(percent=percent))
    sizes = [int(size) for size in re.findall(r"font-size: (\d+)px", sheet)]
    assert min(sizes) >= 14
    assert min(SIZES.values()) >= 14


def test_without_our_files_a_font_of_the_machine_is_taken_or_said_to_be_missing(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "FAMILY", "A family nobody has")
    monkeypatch.setattr(look, "_draws_han", lambda family: False)
    with pytest.raises(Trouble) as caught:
        look.load_fonts(tmp_path)
    assert caught.value.code == "no_han_font"
    assert "no_han_font" in look.no_font_sentence()
    assert look.no_font_sentence().isascii()


def test_large_type_is_the_same_tokens_enlarged() -> None:
    assert Theme(percent=150).px(16) == 24
    assert Theme(percent=125).px(48) == 60
    assert look.percent_for(1366, 768) == 100
    assert look.percents_for(1024, 768) == (100,)
    assert look.percents_for(1366, 768) == (100, 125)
    assert look.percents_for(1920, 1080) == (100, 125, 150)
    assert look.percent_for(1920, 1080) == 125


@pytest.mark.parametrize(
    ("chosen", "size", "percent"),
    [
        ("auto", (1366, 768), 100),
        ("auto", (1920, 1080), 125),
        ("100", (1920, 1080), 100),
        ("150", (1920, 1080), 150),
        ("150", (1366, 768), 125),
        ("150", (1024, 768), 100),
        ("", (1920, 1080), 125),
        ("7", (1366, 768), 100),
    ],
)
def test_the_shops_type_size_wins_where_the_screen_has_room_for_it(
    chosen: str, size: tuple[int, int], percent: int
) -> None:
    assert look.percent_chosen(chosen, *size) == percent


def test_a_state_is_told_by_shape_and_not_by_colour_alone() -> None:
    assert len(set(paint.SHAPES.values())) == len(paint.SHAPES) == 3

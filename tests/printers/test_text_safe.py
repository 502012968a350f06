"""A name is text, whatever bytes somebody hid in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content import Banner, Line, Pair, Paper, Text
from printers import escpos_raster
from printers.encoder import paper_bytes
from printers.escpos_text import encode, to_rom
from printers.layout import BannerRow, Span, TextRow
from printers.profile import Profile
from printers.text_safe import clean, pieces, width
from printers.virtual import VirtualPrinter

HOSTILE = "红茶\x1bp\x00\x19\xfa\x1d!\x11\x10\x14\x01\x00\x08\u202e\u200b\x9b\x7f\ud800\ue000"


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "big5", "utf-8", "cp437"])
@pytest.mark.parametrize("columns", [32, 48])
def test_a_name_with_control_characters_never_reaches_the_printer(
    encoding: str, columns: int
) -> None:
    profile = Profile("x", columns=columns, dots=columns * 12, encoding=encoding)
    paper = Paper(
        "x",
        (
            Banner(HOSTILE),
            Text(HOSTILE + "\n" + HOSTILE, size=2),
            Pair(HOSTILE, HOSTILE),
            Line(HOSTILE, HOSTILE, HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), HOSTILE),
        ),
    )
    data = paper_bytes(paper, profile)
    assert b"\x1bp" not in data
    assert b"\x10\x14" not in data
    printer = VirtualPrinter(profile.dots, encoding)
    printer.feed(data)
    assert printer.drawer_pulses == []
    assert printer.unknown == []


def test_the_encoders_keep_their_own_door_whatever_the_layout_let_through() -> None:
    rows = (
        TextRow((Span(0, HOSTILE),)),
        TextRow((Span(0, HOSTILE), Span(24, HOSTILE, "right"))),
        BannerRow((HOSTILE,), True),
    )
    for profile in (
        Profile("x", columns=48, dots=576),
        Profile("x", columns=48, dots=576, encoding="cp437"),
    ):
        data = encode(rows, profile)
        assert b"\x1bp" not in data
        assert b"\x10\x14" not in data
        assert set(data.replace(b"\x1b@", b"")) & {0x00, 0x7F, 0x9B} <= {0x00}
    assert escpos_raster.draw(rows, 48, 576).width == 576


@given(st.text(st.characters(codec="utf-16", exclude_categories=()), max_size=40))
def test_nothing_but_printable_text_passes_and_twice_is_once(text: str) -> None:
    safe = clean(text)
    assert clean(safe) == safe
    assert not any(char < " " or "\x7f" <= char <= "\x9f" for char in safe)
    data = to_rom(text, Profile("x", columns=48, dots=576))
    assert not set(data) & {*range(0x20), 0x7F}


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, exclude_categories=("Cs",))))
def test_the_width_we_lay_out_is_the_width_the_printer_prints(text: str) -> None:
    text = clean(text)
    data = to_rom(text, Profile("x", columns=48, dots=576, encoding="gbk"))
    assert len(data) == width(text)


def test_a_true_minus_takes_the_one_column_it_prints_in() -> None:
    assert width("−64.00") == 6
    assert to_rom("−64.00", Profile("x", columns=48, dots=576)) == b"-64.00"
    assert width("￥茶A") == 5


@given(st.text(max_size=60), st.integers(2, 12))
def test_pieces_lose_nothing_and_fit(text: str, columns: int) -> None:
    found = pieces(text, columns)
    assert "".join(found) == text
    assert all(width(piece) <= columns for piece in found)


def test_line_ends_become_spaces_and_accents_are_composed() -> None:
    assert clean("红茶\r\n100g\tcafe\u0301") == "红茶  100g café"

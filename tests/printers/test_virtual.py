"""The virtual printer follows the manuals, command by command."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from printers.virtual import VirtualPrinter
from printers.virtual_commands import Pulse
from printers.virtual_paper import Page


def printed(data: bytes, dots: int = 384, encoding: str = "gb18030") -> Page:
    printer = VirtualPrinter(dots, encoding)
    printer.feed(data)
    assert printer.unknown == []
    (page,) = printer.everything()
    return page


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    box = picture.convert("L").point(lambda grey: 255 - grey).getbbox()
    assert box is not None
    return box


def test_chinese_needs_hanzi_mode() -> None:
    chinese = "茶".encode("gb18030")
    assert printed(chinese + b"\n").rows == ["茶"]
    assert printed(b"\x1c." + chinese + b"\n\x1c&" + chinese + b"\n").rows == ["▓Φ", "茶"]


def test_code_pages_are_those_of_the_manual() -> None:
    assert printed(b"\x1c.\x1bt\x10\x80\x1bt\x00\x9d\n").rows == ["€¥"]
    assert printed(b"\x1c.\x1bt\x01\x9c\x95\x9d\xb1\n").rows == ["╭─╮ｱ"]


@pytest.mark.parametrize(
    ("encoding", "data", "row"),
    [
        ("gb18030", "㛃茶".encode("gb18030"), "㛃茶"),
        ("gbk", "㛃".encode("gb18030"), "\ufffd0\ufffd1"),
        ("big5", "廣東".encode("big5"), "廣東"),
        ("utf-8", "广茶é".encode(), "广茶é"),
        ("gb18030", b"\xff\x80a", "\ufffd\ufffda"),
    ],
)
def test_a_rom_reads_its_own_encoding_and_prints_rubbish_for_others(
    encoding: str, data: bytes, row: str
) -> None:
    assert printed(data + b"\n", encoding=encoding).rows == [row]


def test_sizes_enlarge_and_spacing_feeds() -> None:
    assert printed(b"A\n").picture.height == 30
    assert printed(b"\x1d!\x11A\n").picture.height == 48
    assert printed(b"\x1b3\x00A\n").picture.height == 24
    assert printed(b"\x1b!\x30A\n").picture.height == 48
    assert printed(b"\x1b3\x64A\n\x1b2A\n").picture.height == 130
    assert printed(b"A\x1bd\x03").picture.height == 90
    assert printed(b"A\x1bJ\x50").picture.height == 80
    assert printed(b"\x1bMs\x1bM\x01A\x1bJ\x00").picture.height == 17


def test_a_full_line_prints_itself() -> None:
    assert printed(b"A" * 33 + b"\n").rows == ["A" * 32, "A"]
    assert printed(b"\x1d!\x11" + b"A" * 17 + b"\n").rows == ["A" * 16, "A"]


def test_places_on_a_line() -> None:
    left, _, right, _ = ink(printed(b"\x1ba\x02H\n").picture)
    assert left >= 372 and right <= 384
    left, _, right, _ = ink(printed(b"\x1ba1H\n").picture)
    assert left >= 186 and right <= 198
    assert ink(printed(b"\x1b$\x90\x00H\n").picture)[0] in range(144, 148)
    assert ink(printed(b"\x1dL\x30\x00\x1dW\x60\x00\x1ba\x02H\n").picture)[0] in range(132, 136)
    assert printed(b"A\tB\x1b\\\x24\x00C\n").rows == ["A       B   C"]
    assert printed(b"\x1bD\x04\x08\x00A\tB\tC\n").rows == ["A   B   C"]


def test_ink_over_ink_takes_nothing_away() -> None:
    black = printed(b"\x1dB\x01H\x1dB\x00\n").picture
    assert printed(b"\x1dB\x01H\x1dB\x00\x1b$\x00\x00 \n").picture == black


def test_a_motion_unit_can_be_half_a_dot_or_two() -> None:
    far = ink(printed(b"\x1dP\x65\x65\x1b$\x32\x00H\n").picture)[0]
    assert far in range(100, 106)


def test_reverse_underline_and_upside_down_are_visible() -> None:
    black = printed(b"\x1dB\x01A\n").picture
    assert black.getpixel((0, 0)) == 0
    lined = printed(b"\x1b-\x02 \n").picture
    assert ink(lined) == (0, 22, 12, 24)
    turned = printed(b"\x1b{\x01H\n").picture
    assert ink(turned)[0] > 370


def test_a_raster_picture_is_printed_dot_by_dot_and_enlarged() -> None:
    picture = printed(b"\x1dv0\x00\x01\x00\x02\x00\xaa\x0f").picture.crop((0, 0, 8, 2))
    assert [bool(picture.getpixel((x, 0))) for x in range(4)] == [False, True, False, True]
    assert ink(printed(b"\x1dv0\x03\x01\x00\x01\x00\x80").picture) == (0, 0, 2, 2)


def test_stored_graphics_wait_for_their_command() -> None:
    store = b"\x1d(L\x0b\x000p0\x02\x011\x08\x00\x01\x00\x80"
    printer = VirtualPrinter(384)
    printer.feed(store)
    assert printer.everything() == []
    printer.feed(b"\x1d(L\x02\x0002")
    assert ink(printer.everything()[0].picture) == (0, 0, 2, 1)
    large = b"\x1d8L\x0b\x00\x00\x000p0\x01\x011\x08\x00\x01\x00\x01\x1d(L\x02\x0002"
    assert ink(printed(large).picture) == (7, 0, 8, 1)


def test_column_images_stand_on_the_line_like_characters() -> None:
    page = printed(b"\x1b*\x21\x02\x00\x80\x00\x01\xff\xff\xffA\n")
    black = [(0, 0), (0, 23), (1, 12)]
    assert not any(page.picture.getpixel(dot) for dot in black)
    assert page.picture.getpixel((0, 12))
    assert page.rows == ["A"]
    assert ink(printed(b"\x1b*\x00\x01\x00\x80\n").picture) == (0, 0, 2, 3)


def test_the_printers_own_codes_are_readable() -> None:
    qr = b"\x1ba1\x1d(k\x03\x001C\x04\x1d(k\x03\x001E1\x1d(k\x07\x001P0KP01\x1d(k\x03\x001Q0"
    page = printed(qr)
    assert page.symbols == [("qr", b"KP01")]
    assert zxingcpp.read_barcodes(page.picture.convert("L"))[0].text == "KP01"
    for command, text in (
        (b"k\x02690123456789\x00", "6901234567892"),
        (b"k\x43\x0d6901234567892", "6901234567892"),
        (b"k\x49\x0a{BA{{1{C\x63\x07", "A{19907"),
        (b"k\x04KP01\x00", "KP01"),
    ):
        bars = printed(b"\x1ba1\x1dw\x02\x1dH2\x1dh\x40\x1d" + command)
        assert zxingcpp.read_barcodes(bars.picture.convert("L"))[0].text == text


def test_a_printer_refuses_bars_that_lie() -> None:
    printer = VirtualPrinter(384)
    printer.feed(b"\x1dk\x43\x0d6901234567890\x1dk\x49\x02AB")
    assert len(printer.unknown) == 2
    assert printer.everything() == []


def test_cuts_make_pages() -> None:
    printer = VirtualPrinter(384)
    printer.feed(b"1\n\x1dV\x002\n\x1dVB\x003\n\x1bi4\n\x1bm5\n")
    assert [page.cut for page in printer.everything()] == [
        "full", "partial", "full", "partial", "none",
    ]  # fmt: skip
    printer.feed(b"\x1dV\x01\x1dV\x01")
    assert len(printer.pages) == 5


def test_the_drawer_pulse_is_told_in_milliseconds() -> None:
    printer = VirtualPrinter(384)
    printer.feed(b"\x1bp\x00\x19\xfa\x1bp\x01\x32\x64\x10\x14\x01\x00\x02")
    assert printer.drawer_pulses == [Pulse(2, 50, 500), Pulse(5, 100, 200), Pulse(2, 200, 200)]


def test_questions_are_answered_as_the_manual_says() -> None:
    printer = VirtualPrinter(384)
    assert printer.feed(b"\x10\x04\x01\x10\x04\x02\x10\x04\x04\x1dr1") == b"\x12\x12\x12\x00"
    printer.paper_state = "near_end"
    assert printer.feed(b"\x10\x04\x04\x1dr\x01") == b"\x1e\x03"
    assert printer.feed(b"\x1d(H\x06\x0000ABCD") == b"7\x22ABCD\x00"
    printer.silent = True
    assert printer.feed(b"\x10\x04\x01") == b""


def test_without_paper_it_answers_at_once_and_prints_later() -> None:
    printer = VirtualPrinter(384)
    printer.paper_state = "out"
    assert printer.feed(b"one\n\x10\x04\x01\x10\x04\x04\x10\x14\x01\x01\x01\x1bp\x00\x19\xfa") == (
        b"\x1a\x7e"
    )
    assert printer.everything() == []
    assert printer.drawer_pulses == [Pulse(5, 100, 100)]
    printer.paper_state = "ok"
    printer.suffer(())
    assert printer.everything()[0].rows == ["one"]
    assert printer.drawer_pulses[1:] == [Pulse(2, 50, 500)]


def test_an_open_cover_is_not_an_empty_roll() -> None:
    printer = VirtualPrinter(384)
    printer.cover_open = True
    assert printer.feed(b"\x10\x04\x02\x10\x04\x04") == b"\x16\x12"


def test_what_it_does_not_know_is_noted_and_skipped() -> None:
    printer = VirtualPrinter(384)
    printer.feed(b"\x1bZ\x1dA\x1cZ\x07\x1d(L\x03\x001AAok\n")
    assert printer.unknown == [b"\x1bZ", b"\x1dA", b"\x1cZ", b"\x07", b"\x1d(L\x03\x001AA"]
    assert printer.everything()[0].rows == ["ok"]


def test_paper_without_end_becomes_pages() -> None:
    printer = VirtualPrinter(384)
    printer.feed(b"\x1b3\xff" + b"\x1bd\xff" * 2)
    assert len(printer.everything()) == 2


@given(st.binary(max_size=300), st.integers(1, 9))
def test_no_noise_breaks_it_and_pieces_do_not_matter(noise: bytes, piece: int) -> None:
    whole, crumbs = VirtualPrinter(384), VirtualPrinter(384)
    whole.feed(noise)
    for start in range(0, len(noise), piece):
        crumbs.feed(noise[start : start + piece])
    assert whole.unknown == crumbs.unknown
    assert whole.drawer_pulses == crumbs.drawer_pulses
    assert [page.rows for page in whole.everything()] == [page.rows for page in crumbs.everything()]

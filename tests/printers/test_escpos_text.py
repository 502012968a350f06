"""Bytes for a printer with a Chinese ROM, down to the single command."""

import subprocess
import sys

import pytest
import zxingcpp
from PIL import Image

from app.content import Banner, Barcode, Pair, Paper, Qr, Text
from app.errors import Refusal
from printers.encoder import paper_bytes
from printers.escpos_text import drawer_kick, drawer_kick_now, to_rom
from printers.layout import Span, TextRow
from printers.profile import Drawer, Profile
from printers.virtual import VirtualPrinter
from printers.virtual_paper import Page


def printed(paper: Paper, profile: Profile) -> Page:
    printer = VirtualPrinter(profile.dots, profile.encoding)
    printer.feed(paper_bytes(paper, profile))
    assert printer.unknown == []
    (page,) = printer.everything()
    return page


def decoded(page: Page) -> list[str]:
    margin = Image.new("L", (page.picture.width + 40, page.picture.height + 40), 255)
    margin.paste(page.picture.convert("L"), (20, 20))
    return [found.text for found in zxingcpp.read_barcodes(margin)]


def test_a_job_begins_with_reset_and_hanzi_mode_once_and_ends_with_the_cut(wide: Profile) -> None:
    data = paper_bytes(Paper("x", (Text("茶"),)), wide)
    assert data == b"\x1b@\x1c&" + "茶".encode("gb18030") + b"\n\x1bd\x04\x1dV\x01"


def test_a_printer_without_a_knife_only_feeds(narrow: Profile) -> None:
    assert paper_bytes(Paper("x", (Text("a"),)), narrow).endswith(b"a\n\x1bd\x04")


@pytest.mark.parametrize(
    ("encoding", "four_byte", "text", "wanted"),
    [
        ("gb18030", False, "蚬糍濑豉煲鳝￥，—", "蚬糍濑豉煲鳝￥，—".encode("gb18030")),
        ("gb18030", False, "㛃", "〓".encode("gbk")),
        ("gb18030", True, "㛃", "㛃".encode("gb18030")),
        ("gb18030", False, "€", b"\xa2\xe3"),
        ("gb18030", False, "😀", "〓".encode("gbk")),
        ("gb18030", True, "😀", "〓".encode("gbk")),
        ("gbk", False, "㛃€", "〓〓".encode("gbk")),
        ("gbk", False, "¥12 −3", "￥12 -3".encode("gbk")),
        ("big5", False, "廣東￥马−1", "廣東¥□-1".encode("big5")),
        ("utf-8", False, "马😀−1", "马〓-1".encode()),
        ("cp437", False, "￥5 × 马−1", b"\x9d5 x ?-1"),
    ],
)
def test_what_the_rom_lacks_is_replaced_and_never_guessed(
    encoding: str, four_byte: bool, text: str, wanted: bytes
) -> None:
    profile = Profile("x", columns=48, dots=576, encoding=encoding, four_byte=four_byte)
    assert to_rom(text, profile) == wanted


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "big5", "utf-8", "cp437"])
def test_the_printed_rows_say_what_the_paper_said(encoding: str) -> None:
    profile = Profile("x", columns=32, dots=384, encoding=encoding)
    page = printed(Paper("x", (Pair("DUE 應收", "¥1,234.50"), Pair("A", "−2.00"))), profile)
    first, second = (row for row in page.rows if row.strip())
    assert first.replace("￥", "¥").endswith("¥1,234.50")
    assert second == "A" + " " * 26 + "-2.00"


def test_large_text_is_large_alone(wide: Profile) -> None:
    page = printed(Paper("x", (Text("大", size=2, bold=True), Text("小")), cut=False), wide)
    assert page.picture.height == 56 + 30


def test_a_banner_has_a_closed_frame(narrow: Profile) -> None:
    page = printed(Paper("x", (Banner("演示"),), cut=False), narrow)
    top, middle, foot = page.rows
    assert top == "┏" + "━" * 6 + "┓"
    assert middle == "┃    演示    ┃"
    assert foot == "┗" + "━" * 6 + "┛"


def test_a_banner_on_a_printer_without_frame_characters_is_framed_in_ascii() -> None:
    profile = Profile("x", columns=32, dots=384, encoding="utf-8")
    page = printed(Paper("x", (Banner("练习·非交易凭证"),), cut=False), profile)
    assert page.rows[0] == "+" + "-" * 30 + "+"
    assert page.rows[1].startswith("|") and page.rows[1].endswith("|")


@pytest.mark.parametrize("native", [True, False])
def test_codes_are_readable_whoever_draws_them(native: bool) -> None:
    profile = Profile("x", columns=48, dots=576, native_qr=native, native_barcode=native)
    paper = Paper(
        "x",
        (
            Qr("https://check.example/KP01-1-261207-0031/ABC2D7", caption="扫码"),
            Barcode("KP01-{0042}"),
            Text("\n"),
            Barcode("6901234567892", kind="ean13"),
        ),
    )
    page = printed(paper, profile)
    assert bool(page.symbols) == native
    assert sorted(decoded(page)) == [
        "6901234567892", "KP01-{0042}", "https://check.example/KP01-1-261207-0031/ABC2D7",
    ]  # fmt: skip
    assert "KP01-{0042}" in "".join(page.rows)


def test_a_code_wider_than_the_paper_is_refused(narrow: Profile) -> None:
    with pytest.raises(Refusal, match="barcode_too_wide"):
        paper_bytes(Paper("x", (Barcode("K" * 60),)), narrow)


def test_the_usual_drawer_pulse_and_its_variants() -> None:
    assert drawer_kick(Drawer()) == b"\x1bp\x00\x19\xfa"
    twice = Drawer(pin=5, on_ms=100, off_ms=200, pulses=2)
    assert drawer_kick(twice) == b"\x1bp\x01\x32\x64" * 2
    assert drawer_kick_now(Drawer()) == b"\x10\x14\x01\x00\x01"


def test_spans_stand_at_their_columns_in_narrow_encodings_too() -> None:
    profile = Profile("x", columns=32, dots=384, encoding="cp437")
    row = TextRow((Span(0, "￥"), Span(24, "￥100.00"[:7], "right")))
    from printers.escpos_text import encode

    line = encode((row,), profile).removeprefix(b"\x1b@").rstrip(b"\n")
    assert len(line) == 32


def test_a_text_receipt_with_a_picture_of_a_qr_loads_no_picture_library() -> None:
    program = (
        "import sys\n"
        "from app.content import Paper, Qr, Text\n"
        "from printers.encoder import paper_bytes\n"
        "from printers.profile import Profile\n"
        "paper_bytes(Paper('x', (Text('茶'), Qr('KP01'))), Profile('x', columns=48, dots=576))\n"
        "assert 'PIL' not in sys.modules, 'a picture library was loaded'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

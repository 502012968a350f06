"""The same rows as dots, for printers that know no Chinese."""

import zxingcpp
from PIL import Image

from app.content import Banner, Barcode, Pair, Paper, Qr, Rule, Text
from printers.encoder import paper_bytes
from printers.escpos_raster import draw
from printers.layout import lay_out
from printers.profile import Profile
from printers.virtual import VirtualPrinter


def picture_profile(dots: int, fragment: int = 192) -> Profile:
    return Profile(
        "x", columns=dots // 12, dots=dots, mode="raster", encoding="cp437", fragment_rows=fragment
    )


def ink_columns(picture: Image.Image) -> tuple[int, int]:
    """First and last dot column with ink."""
    box = picture.convert("L").point(lambda grey: 255 - grey).getbbox()
    assert box is not None
    return box[0], box[2] - 1


def test_the_printer_prints_the_very_dots_we_drew(receipt: Paper) -> None:
    profile = picture_profile(384)
    printer = VirtualPrinter(384, "cp437")
    printer.feed(paper_bytes(receipt, profile))
    drawn = draw(lay_out(receipt, 32), 32, 384)
    (page,) = printer.pages
    assert printer.unknown == []
    assert page.picture.crop((0, 0, 384, drawn.height)).tobytes() == drawn.tobytes()


def test_no_piece_is_taller_than_a_cheap_printer_can_hold(receipt: Paper) -> None:
    data = paper_bytes(receipt, picture_profile(384, 128))
    at, heights = data.find(b"\x1dv0"), []
    while at >= 0:
        heights.append(int.from_bytes(data[at + 6 : at + 8], "little"))
        at = data.find(b"\x1dv0\x00\x30\x00", at + 8 + 48 * heights[-1])
    assert max(heights) <= 128
    assert sum(heights) == draw(lay_out(receipt, 32), 32, 384).height


def test_every_amount_ends_at_the_same_dot() -> None:
    ends = set()
    for amount in ("0.01", "76.00", "−64.00", "14,016.00", "￥423.28"):
        rows = lay_out(Paper("x", (Pair("", amount),), cut=False), 48)
        ends.add(ink_columns(draw(rows, 48, 576))[1])
    # Digits have a dot or two of white at their right; no more than that may differ.
    assert max(ends) - min(ends) <= 2
    assert min(ends) >= 570


def test_nothing_is_drawn_outside_the_columns_it_was_given() -> None:
    paper = Paper("x", (Pair("WWWWMMMMWWWWMMMM", "WMWMWMWM"), Text("WM" * 16)), cut=False)
    picture = draw(lay_out(paper, 32), 32, 384)
    left = picture.crop((0, 0, 384, 31))
    assert ink_columns(left.crop((16 * 12 + 1, 0, 384, 31)))[0] >= 7 * 12 - 2
    assert ink_columns(picture)[1] <= 383


def test_what_the_face_lacks_is_marked_and_not_drawn_as_a_box() -> None:
    def drawn(text: str) -> bytes:
        return draw(lay_out(Paper("x", (Text(text),), cut=False), 32), 32, 384).tobytes()

    assert drawn("茶\U00020000") == drawn("茶〓")
    assert drawn("茶A") != drawn("茶〓")


def test_codes_and_banners_keep_whole_dots() -> None:
    paper = Paper(
        "x",
        (Banner("练习·非交易凭证"), Rule(double=True), Qr("KP01-0042"), Barcode("KP01-0042")),
        cut=False,
    )
    picture = draw(lay_out(paper, 32), 32, 384)
    assert sorted(found.text for found in zxingcpp.read_barcodes(picture.convert("L"))) == [
        "KP01-0042", "KP01-0042",
    ]  # fmt: skip
    first, last = ink_columns(picture)
    assert (first, last) == (0, 383)

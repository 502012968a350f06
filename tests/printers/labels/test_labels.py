"""Labels are read back: by a scanner straight, blurred and turned; their words stay whole."""

import random

import pytest
import zxingcpp
from PIL import Image

from app.content import LABELS, Label, Paper
from app.errors import Refusal
from printers.devices.virtual_labels import VirtualLabels
from printers.encoder import paper_bytes
from printers.labels import tspl
from printers.labels.drawing import draw
from printers.labels.template import check, names, parse, shipped
from printers.profile import load_profile
from printers.virtual import VirtualPrinter
from tests.printers.labels.label_samples import WORDS, campaign, expected, photographed


def read(picture: Image.Image) -> list[str]:
    return sorted(
        found.bytes.decode() if "\x1d" in found.text else found.text
        for found in zxingcpp.read_barcodes(picture.convert("L"), text_mode=zxingcpp.TextMode.Plain)
    )


def inked(picture: Image.Image) -> bool:
    """Whether anything is black."""
    return picture.convert("L").getextrema()[0] == 0


@pytest.mark.parametrize("name", names())
def test_every_template_that_comes_with_the_till_is_whole(name: str) -> None:
    assert check(shipped(name)) == []
    template = parse(shipped(name))
    picture = draw(template, WORDS)
    assert picture.size == (template.width * 8 // 10, template.height * 8 // 10)
    assert inked(picture)


def test_five_hundred_labels_are_read_and_as_many_photographed(soak: bool) -> None:
    rng = random.Random(7)
    for number, (name, fields, picture) in enumerate(campaign(504 if soak else 70)):
        assert read(picture) == expected(name, fields), (name, fields)
        blur, degrees = (1.0, 1.5, 2.0)[number % 3], rng.uniform(-6, 6)
        seen = photographed(picture, rng, blur, degrees)
        # A reader that tries everything may see bars in a blurred square code as well.
        assert set(read(seen)) >= set(expected(name, fields)), (name, blur, degrees)


def test_the_rig_sees_bars_of_a_broken_number_of_dots() -> None:
    picture = draw(parse(shipped("product_40x30")), WORDS)
    # What a printer's driver does to a picture that is made to fit.
    squeezed = picture.convert("L").resize((119, 90)).resize(picture.size)
    assert read(squeezed) != expected("product_40x30", WORDS)


def test_a_long_name_is_wrapped_and_set_smaller_but_its_end_is_not_cut() -> None:
    template = parse("size 40 30\ntext 2 2 36 4 lines 2: {name}")
    short, long = (draw(template, {"name": "茶" * n}) for n in (3, 26))
    # The last character of the long one stands before the right edge, with white behind it.
    margin = long.crop((long.width - 16, 0, long.width, long.height))
    assert not inked(margin) and inked(long) and short != long


def test_what_a_label_does_not_know_is_left_out_with_its_words() -> None:
    template = parse("size 40 30\ntext 2 2 36 4: 产地 {origin}\ntext 2 10 36 4: {name}")
    assert draw(template, {"name": "茶", "origin": ""}) == draw(template, {"name": "茶"})
    with_origin = draw(template, {"name": "茶", "origin": "大沙"})
    assert with_origin != draw(template, {"name": "茶"})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("size 10 10", 1),
        ("text 1 1 1 1: {name}", 1),
        ("size 40 30\npicture 1 1 1 1: x", 2),
        ("size 40 30\ntext 1 1 10: {name}", 2),
        ("size 40 30\ntext 1 1 10 3 slanted: {name}", 2),
        ("size 40 30\ntext 1 1 10 3: {nam}", 2),
        ("size 40 30\ntext 1 1 10 3: {name", 2),
        ("size 40 30\ntext 30 1 20 3: {name}", 2),
        ("size 40 30\ntext 1 25 20 4 lines 2: {name}", 2),
        ("size 40 30\ntext 1 1 10 3:", 2),
    ],
)
def test_a_template_says_which_line_is_wrong(text: str, line: int) -> None:
    problems = check(text)
    assert problems and problems[0].line == line and problems[0].sentence
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert refused.value.code == "label_template_bad"


@pytest.mark.parametrize("name", names())
def test_a_label_printer_gets_the_very_dots(name: str) -> None:
    label = Label(shipped(name), WORDS, 3)
    data = paper_bytes(Paper(LABELS, (label,), cut=False), load_profile("label_60_tspl"))
    (sheet,) = tspl.read(data)
    assert sheet.copies == 3
    assert sheet.picture == draw(parse(shipped(name)), WORDS)


def test_label_paper_in_a_receipt_printer_shows_the_same_dots() -> None:
    label = Label(shipped("tag_40x30"), WORDS)
    profile = load_profile("label_58_escpos")
    printer = VirtualPrinter(profile.dots, profile.encoding)
    printer.feed(paper_bytes(Paper(LABELS, (label,), cut=False), profile))
    drawn = draw(parse(shipped("tag_40x30")), WORDS)
    (page,) = printer.everything()
    printed = page.picture.convert("1").crop((0, 0, drawn.width, drawn.height))
    assert printed.tobytes() == drawn.tobytes()


def test_commands_in_a_name_never_reach_a_label_printer() -> None:
    evil = WORDS | {"name": '"\r\nPRINT 99\r\nCLS\x1bp', "zone": "SIZE 9 mm,9 mm"}
    label = Label(shipped("tag_60x40"), evil)
    data = paper_bytes(Paper(LABELS, (label,), cut=False), load_profile("label_60_tspl"))
    (sheet,) = tspl.read(data)
    assert sheet.copies == 1 and b"PRINT 99" not in data


def test_a_label_that_is_wider_than_the_paper_is_refused() -> None:
    label = Label(shipped("tag_60x40"), WORDS)
    with pytest.raises(Refusal) as refused:
        paper_bytes(Paper(LABELS, (label,), cut=False), load_profile("label_58_escpos"))
    assert refused.value.code == "label_too_wide"


def test_a_code_with_a_wrong_check_digit_is_not_drawn() -> None:
    with pytest.raises(Refusal) as refused:
        draw(parse(shipped("product_40x30")), WORDS | {"code": "6901234567890"})
    assert refused.value.code == "bad_check_digit"


def test_the_printer_on_the_screen_keeps_what_came_out() -> None:
    printer = VirtualLabels(load_profile("virtual_label"))
    label = Label(shipped("tag_40x30"), WORDS, 2)
    printer.open()
    printer.send(paper_bytes(Paper(LABELS, (label,), cut=False), printer.profile))
    assert [(sheet.copies, sheet.picture.size) for sheet in printer.sheets] == [(2, (320, 240))]


@pytest.mark.parametrize("data", [b"BITMAP 0,0,1,1,0,x", b"SIZE 40 mm,30 mm\r\nHELLO\r\n"])
def test_a_stream_no_printer_would_take_is_not_taken(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"picture|unknown"):
        tspl.read(data)

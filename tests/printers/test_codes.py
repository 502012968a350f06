"""Bars and QR codes say what they were given, read back by another library."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.errors import Refusal
from printers.codes import bar_modules, ean_check_digit, module_dots, qr_modules


def picture_of_bars(bits: str) -> Image.Image:
    quiet = "0" * 20 + bits + "0" * 20
    picture = Image.new("L", (len(quiet) * 2, 80), 255)
    for index, bit in enumerate(quiet):
        if bit == "1":
            picture.paste(0, (index * 2, 10, index * 2 + 2, 70))
    return picture


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@settings(max_examples=60)
@given(st.text("0123456789", min_size=1, max_size=20))
def test_digits_come_back_as_they_were(digits: str) -> None:
    assert read(picture_of_bars(bar_modules(digits, "code128"))) == [digits]


@pytest.mark.parametrize("code", ["99", "9912345678", "99KP", "990", "KP99", "9999"])
def test_a_code_that_begins_with_99_keeps_it(code: str) -> None:
    assert read(picture_of_bars(bar_modules(code, "code128"))) == [code]


@settings(max_examples=60)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=20))
def test_any_printable_code_comes_back_as_it_was(code: str) -> None:
    (found,) = zxingcpp.read_barcodes(picture_of_bars(bar_modules(code, "code128")))
    assert found.bytes.decode("ascii") == code


@pytest.mark.parametrize("code", ["", "茶", "a\n"])
def test_what_code_128_cannot_say_is_refused(code: str) -> None:
    with pytest.raises(Refusal, match="bad_barcode"):
        bar_modules(code, "code128")


@given(st.text("0123456789", min_size=12, max_size=12))
def test_an_ean_prints_the_digits_it_was_given_or_nothing(digits: str) -> None:
    right = digits + ean_check_digit(digits)
    assert read(picture_of_bars(bar_modules(right, "ean13"))) == [right]
    wrong = digits + str((int(right[-1]) + 1) % 10)
    with pytest.raises(Refusal, match="bad_check_digit"):
        bar_modules(wrong, "ean13")


@pytest.mark.parametrize(
    "code", ["690123456789", "69012345678922", "690123456789X", "６901234567892"]
)
def test_an_ean_has_thirteen_ascii_digits(code: str) -> None:
    with pytest.raises(Refusal, match="bad_barcode"):
        bar_modules(code, "ean13")


def test_a_known_check_digit() -> None:
    assert ean_check_digit("690123456789") == "2"
    assert ean_check_digit("9638507") == "4"


def test_a_qr_code_has_its_quiet_zone_and_a_limit() -> None:
    modules = qr_modules("KP01")
    assert not any(modules[0]) and not any(modules[3]) and any(modules[4])
    with pytest.raises(Refusal, match="qr_too_long"):
        qr_modules("x" * 3000)


def test_modules_are_whole_dots_that_fit() -> None:
    assert module_dots(100, 4, 384) == 3
    assert module_dots(400, 4, 384) == 0

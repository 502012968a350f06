"""What stands on the pole in front of the customer."""

import os
import pty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal, Trouble
from printers.devices.pole_display import (
    SerialDisplay,
    Shown,
    VirtualDisplay,
    display_for,
    led8,
    vfd,
    vfd_lines,
)


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (Shown("total", "423.20"), b"\x1bs2\x1bQA423.20\r"),
        (Shown("received", "500.00"), b"\x1bs3\x1bQA500.00\r"),
        (Shown("change", "76.80"), b"\x1bs4\x1bQA76.80\r"),
        (Shown("unit_price", "1,234.00"), b"\x1bs1\x1bQA1234.00\r"),
        (Shown("total", "−12.00"), b"\x1bs2\x1bQA-12.00\r"),
        (Shown("total", "123,456.78"), b"\x1bs2\x1bQA123456.78\r"),
        (Shown("off", ""), b"\x1bs0\x0c"),
    ],
)
def test_a_led_display_lights_its_lamp_and_shows_the_number(shown: Shown, wanted: bytes) -> None:
    assert led8(shown) == wanted


@pytest.mark.parametrize("amount", ["1234567.89", "abc", "1.2.3", "--1", "１２", "\x1bp", "."])
def test_a_led_display_shows_the_number_or_nothing(amount: str) -> None:
    with pytest.raises(Refusal, match="display_amount"):
        led8(Shown("total", amount))


def test_a_two_line_display_has_the_word_above_and_the_amount_at_the_right() -> None:
    assert vfd(Shown("change", "76.80")) == (
        b"\x1bQA" + b"CHANGE".ljust(20) + b"\r\x1bQB" + b"76.80".rjust(20) + b"\r"
    )


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_line_is_twenty_printable_characters_whatever_it_was(upper: str, lower: str) -> None:
    data = vfd_lines(upper, lower)
    assert len(data) == 2 * (3 + 20 + 1)
    first, second = data[3:23], data[27:47]
    assert all(0x20 <= byte < 0x7F for byte in first + second)


def test_a_display_on_a_serial_port_gets_its_bytes() -> None:
    leader, follower = pty.openpty()
    display = display_for(f"led8:{os.ttyname(follower)}")
    display.show(Shown("total", "423.20"))
    assert os.read(leader, 100) == b"\x1bs2\x1bQA423.20\r"
    display.show(Shown("total", "1,234,567.89"))
    assert os.read(leader, 100) == b"\x1bs0\x0c"
    SerialDisplay(os.ttyname(follower), "vfd").show(Shown("total", "1.00"))
    assert os.read(leader, 100).startswith(b"\x1bQATOTAL")
    os.close(leader)
    os.close(follower)


def test_a_display_that_is_gone_is_trouble_and_no_crash() -> None:
    with pytest.raises(Trouble, match="display_unreachable"):
        display_for("led8:/dev/no_such_port").show(Shown("total", "1.00"))


def test_a_virtual_display_remembers() -> None:
    display = display_for("virtual:")
    assert isinstance(display, VirtualDisplay)
    display.show(Shown("total", "1.00"))
    assert display.rows == [Shown("total", "1.00")]


@pytest.mark.parametrize("address", ["", "led8:", "lcd:COM1", "vfd:COM1@fast"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Refusal, match="bad_display_address"):
        display_for(address)

"""Scales: frames as manuals write them, broken ones, and none at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal, Trouble
from printers.devices.scale import (
    SimulatedScale,
    Weight,
    frame,
    read_frame,
    read_line,
    scale_for,
)


def test_a_frame_as_the_manual_has_it() -> None:
    body = b"S+04.320kg"
    check = 0
    for byte in body:
        check ^= byte
    data = b"\x01\x02" + body + bytes([check]) + b"\x03\x04"
    assert read_frame(data) == Weight(4320)
    assert frame(Weight(4320)) == data


@given(st.integers(0, 99_999), st.booleans())
def test_what_a_scale_says_is_what_is_read(grams: int, stable: bool) -> None:
    assert read_frame(frame(Weight(grams, 0, stable))) == Weight(grams, 0, stable)


@given(st.integers(0, 99_999), st.integers(0, 15), st.integers(1, 255))
def test_a_frame_with_one_wrong_byte_is_never_another_weight(
    grams: int, at: int, change: int
) -> None:
    data = bytearray(frame(Weight(grams)))
    data[at % len(data)] ^= change
    assert read_frame(bytes(data)) in (None, Weight(grams))


@given(st.binary(max_size=80))
def test_noise_on_the_line_is_no_weight_and_no_crash(noise: bytes) -> None:
    for read in (read_frame, read_line):
        found = read(noise)
        assert found is None or abs(found.gross) <= 99_999


@pytest.mark.parametrize(
    ("line", "weight"),
    [
        (b"ST,GS,+  0.520kg\r\n", Weight(520)),
        (b"US,GS,+  1.235kg\r\n", Weight(1235, 0, False)),
        (b"ST,NT,-  0.050kg\r\n", Weight(-50)),
        (b"ST,GS,+   520g\r\n", Weight(520)),
        (b"0.1kg\r\nST,GS,+  0.520kg\r\nUS,GS,+  0.530kg", Weight(530, 0, False)),
        (b"OL,GS,+ 99.999kg\r\n", None),
        (b"ST,GS,+ 1.2.3kg\r\n", None),
        (b"", None),
    ],
)
def test_lines_of_talking_scales(line: bytes, weight: Weight | None) -> None:
    assert read_line(line) == weight


def test_addresses() -> None:
    assert isinstance(scale_for("virtual:"), SimulatedScale)
    for wrong in ("", "asked:", "talking:COM3@fast", "usb:1"):
        with pytest.raises(Refusal) as refused:
            scale_for(wrong)
        assert refused.value.code == "bad_scale_address"


def test_a_scale_whose_cable_is_pulled_says_so() -> None:
    with pytest.raises(Trouble) as trouble:
        scale_for("asked:/dev/no-such-port").weight()
    assert trouble.value.code == "scale_unreachable"

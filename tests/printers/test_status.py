"""What a printer says about itself, and that silence is never good news."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.devices.status import UNKNOWN, PrinterStatus, ask, status_byte


def printer(answers: dict[int, bytes]) -> PrinterStatus:
    asked: list[int] = []

    def exchange(request: bytes) -> bytes:
        asked.append(request[2])
        return answers.get(request[2], b"")

    status = ask(exchange, "high")
    assert asked[:1] == [1]
    return status


GOOD = {1: b"\x12", 2: b"\x12", 4: b"\x12"}


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        (GOOD, PrinterStatus(True, "ok", "closed", False)),
        (GOOD | {1: b"\x16"}, PrinterStatus(True, "ok", "closed", True)),
        (GOOD | {4: b"\x1e"}, PrinterStatus(True, "near_end", "closed", False)),
        (GOOD | {1: b"\x1a", 4: b"\x7e"}, PrinterStatus(False, "out", "closed", False)),
        (GOOD | {1: b"\x1a", 2: b"\x32", 4: b""}, PrinterStatus(False, "out", "closed", False)),
        (GOOD | {1: b"\x1a", 2: b"\x16"}, PrinterStatus(False, "ok", "open", False)),
        (GOOD | {4: b""}, PrinterStatus(True, "unknown", "closed", False)),
        (GOOD | {2: b""}, PrinterStatus(True, "ok", "unknown", False)),
        ({}, UNKNOWN),
    ],
)
def test_each_answer_means_what_the_manual_says(
    answers: dict[int, bytes], wanted: PrinterStatus
) -> None:
    assert printer(answers) == wanted


def test_only_a_whole_good_answer_is_ready() -> None:
    assert printer(GOOD).ready
    for missing in (1, 2, 4):
        assert not printer({key: answer for key, answer in GOOD.items() if key != missing}).ready
    assert not UNKNOWN.ready and not UNKNOWN.answered and UNKNOWN.trouble == ""


def test_a_silent_printer_is_asked_once_only() -> None:
    asked: list[bytes] = []
    ask(lambda request: asked.append(request) or b"")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("noise", "wanted"),
    [
        (b"\x11\x13\x12", 0x12),
        (b"\x10\x00\x60\x0f\x16", 0x16),
        (b"\x14\x12\x12\x12", None),
        (b"\xff\x00\x93", None),
        (b"", None),
    ],
)
def test_flow_control_and_automatic_status_are_no_answers(noise: bytes, wanted: int | None) -> None:
    assert status_byte(noise) == wanted


@given(st.dictionaries(st.sampled_from([1, 2, 4]), st.binary(max_size=6)))
def test_no_noise_raises_and_ready_needs_three_real_answers(answers: dict[int, bytes]) -> None:
    status = printer(answers)
    if status.ready:
        assert all(status_byte(answers.get(key, b"")) is not None for key in (1, 2, 4))


def test_a_drawer_switch_may_be_the_other_way_round_or_absent() -> None:
    assert ask(lambda request: b"\x12", "low").drawer_open is True
    assert ask(lambda request: b"\x12").drawer_open is None

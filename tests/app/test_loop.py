"""What runs behind the counter goes on after a bug, comes when called, and ends when told."""

import logging
import threading

import pytest

from app.loop import Loop

LONG_S = 60.0
PATIENCE_S = 20


def test_a_bug_is_loud_and_the_next_round_is_done_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    again = threading.Event()
    rounds: list[int] = []

    def once() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise ValueError("ours")
        again.set()

    loop = Loop("errands", once, lambda: 0.0, after_bug_s=0)
    with caplog.at_level(logging.ERROR):
        loop.start()
        assert again.wait(PATIENCE_S)
        loop.close()
    assert "errands stumbled" in caplog.text and "ValueError: ours" in caplog.text


def test_it_comes_at_once_when_called_and_ends_when_told() -> None:
    came: list[str] = []
    here = threading.Semaphore(0)

    def once() -> None:
        came.append("here")
        here.release()

    loop = Loop("errands", once, lambda: LONG_S)
    assert not loop.started
    loop.start()
    assert here.acquire(timeout=PATIENCE_S)
    loop.wake()
    assert here.acquire(timeout=PATIENCE_S)
    loop.close()
    assert loop.started and loop.closing and came == ["here", "here"]


def test_without_a_thread_it_is_closed_without_waiting() -> None:
    loop = Loop("errands", lambda: None, lambda: LONG_S)
    loop.close()
    assert loop.closing and not loop.started

"""A slice of the counting campaign, and proof that it sees what it looks for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.stock import books, count_review, counting_rules
from tests.chaos import counting


def test_three_people_count_while_two_tills_sell_and_not_a_piece_is_wrong(
    tmp_path: Path, soak: bool
) -> None:
    figures = counting.run(tmp_path, lots=5000 if soak else 60, seed=6)
    assert counting.harm(figures) == 0, figures
    for name in ("sales", "entries", "undone", "recounted", "deaths", "late_movements"):
        assert figures[name] > 0, name


def _knows_of_nothing_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "late", lambda db, shop: {})


def _asks_for_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count_review, "moved_meanwhile", lambda one, moves, error_ms: False)


def _compares_with_the_books_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    then = books.standings

    def now(db: Any, shop: str, moments: dict[str, int]) -> Any:
        return then(db, shop, dict.fromkeys(moments, 2**60))

    monkeypatch.setattr(books, "standings", now)


def _forgets_what_was_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = counting_rules.standing

    def all_of_them(entries: Sequence[counting_rules.Entry]) -> list[counting_rules.Entry]:
        return whole([each for each in entries if not each.undoes])

    monkeypatch.setattr(counting_rules, "standing", all_of_them)


@pytest.mark.parametrize(
    "plant",
    [
        _knows_of_nothing_late,
        _asks_for_nothing_again,
        _compares_with_the_books_of_now,
        _forgets_what_was_taken_back,
    ],
)
def test_the_campaign_sees_a_planted_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    plant(monkeypatch)
    figures = counting.run(tmp_path, lots=60, seed=6, dies=False)
    assert counting.harm(figures) > 0, figures

"""A slice of the payment campaign, and proof that it sees what it looks for."""

from pathlib import Path
from typing import Any

import pytest

from app.payments import rules
from app.sales import bill_answers, charging
from sync.channels.answers import Heard
from tests.chaos import payments

MUST_HAPPEN = (
    "SENT → CAPTURED", "SENT → UNKNOWN", "UNKNOWN → CAPTURED", "REVERSING → REVERSED",
    "CREATED → ABANDONED", "USERPAYING → REVERSING",
)  # fmt: skip


def test_nobody_is_charged_twice_and_nothing_is_sold_unpaid(tmp_path: Path) -> None:
    figures = payments.run(tmp_path / "till", attempts=70, seed=7, crashes=0.03)
    assert payments.harm(figures) == 0, figures
    assert figures["still_open"] == 0
    assert figures["deaths"] > 10
    assert set(MUST_HAPPEN) <= set(figures["marks"])


def test_the_same_seed_is_the_same_campaign(tmp_path: Path) -> None:
    first = payments.run(tmp_path / "a", attempts=8, seed=3)
    second = payments.run(tmp_path / "b", attempts=8, seed=3)
    assert first == second


def test_teeth_late_money_that_is_kept_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Neither at once nor when the bill tells of it.
    for room in (charging, bill_answers):
        monkeypatch.setattr(room, "send_back", lambda tx, attempt: None)
    figures = payments.run(tmp_path / "till", attempts=60, seed=11, crashes=0.0)
    assert figures["charged_and_kept"] > 0


def test_teeth_a_timeout_taken_for_money_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = rules.heard

    def hopeful(state: str, outcome: str, **more: Any) -> str:
        return honest(state, "PAID" if outcome == "UNCLEAR" else outcome, **more)

    monkeypatch.setattr(rules, "heard", hopeful)
    figures = payments.run(tmp_path / "till", attempts=30, seed=7)
    assert figures["complete_unpaid"] > 0


def test_teeth_an_attempt_nobody_lists_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = payments.Campaign(tmp_path / "till", 1, 0.0)
    unclear = Heard(outcome="UNCLEAR")
    campaign.network.pay = lambda order, code: unclear  # type: ignore[method-assign]
    try:
        campaign.till.counter.scan("11014")
        campaign.till.counter.charge("wechat", None, "130000000000000000")
        campaign.till.payments.settle()
        figures = campaign.figures()
        assert (figures["still_open"], figures["unlisted"]) == (1, 0)
        monkeypatch.setattr(payments, "tasks", lambda db, shop, now: [])
        assert campaign.figures()["unlisted"] == 1
    finally:
        campaign.till.close()


def test_teeth_a_code_on_the_disk_is_seen(tmp_path: Path) -> None:
    campaign = payments.Campaign(tmp_path / "till", 1, 0.0)
    try:
        campaign.customer()
        assert campaign.figures()["codes_on_disk"] == 0
        (tmp_path / "till" / "note.txt").write_text(campaign.codes[0])
        assert campaign.figures()["codes_on_disk"] == 1
    finally:
        campaign.till.close()

"""A till that is killed at any moment loses nothing it has answered, and invents nothing."""

import pytest

from tests.crash import sigkill
from tests.crash.conftest import Yard


def test_a_till_killed_at_any_moment_keeps_every_sale_once(yard: Yard, soak: bool) -> None:
    kills = 10_000 if soak else 100
    figures = sigkill.run(yard.server, yard.shop, yard.work, kills=kills, seed=1)
    assert figures.clean, figures.shown("sigkill")
    assert figures.points == kills


@pytest.mark.parametrize(
    ("fault", "seen_as"),
    [
        ("late_commit", ("lost", "wrong_state")),
        ("forgotten_basket", ("wrong_state",)),
        ("paper_apart", ("papers",)),
    ],
)
def test_the_rig_sees_a_till_that_cheats(yard: Yard, fault: str, seen_as: tuple[str, ...]) -> None:
    figures = sigkill.run(yard.server, yard.shop, yard.work, kills=200, seed=2, plant=fault)
    assert any(getattr(figures, kind) for kind in seen_as), figures.shown(fault)

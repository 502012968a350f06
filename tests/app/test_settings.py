"""Every setting has a default that passes its own check, and nothing else gets in."""

import pytest

from app.errors import Refusal
from app.settings import BY_KEY, ROUNDING_STEP, SETTINGS, checked


def test_every_default_passes_its_own_check() -> None:
    for setting in SETTINGS:
        assert setting.check(setting.default) == setting.default, setting.key


def test_keys_are_there_once_and_every_setting_says_what_it_is() -> None:
    assert len(BY_KEY) == len(SETTINGS)
    assert all(setting.words and setting.group for setting in SETTINGS)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("rounding", "fen"),
        ("cutoff_hour", "13"),
        ("cutoff_hour", "-1"),
        ("cutoff_hour", "４"),
        ("cutoff_hour", "4.0"),
        ("credit_code", "123"),
        ("shop_name", "店" * 41),
        ("language", "fr"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_a_reason(key: str, typed: str) -> None:
    with pytest.raises(Refusal, match="setting_bad") as refused:
        checked(key, typed)
    assert refused.value.details["reason"]


def test_a_setting_nobody_knows_is_refused() -> None:
    with pytest.raises(Refusal, match="setting_unknown"):
        checked("colour_of_the_door", "red")


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("cutoff_hour", "04", "4"),
        ("credit_code", " 91440783ma4w3x5y6z ", "91440783MA4W3X5Y6Z"),
        ("shop_name", " 赤坎\n店 ", "赤坎 店"),
        ("receipt_template", "a\nb", "a\u2028b"),
    ],
)
def test_a_value_is_kept_in_one_form(key: str, typed: str, kept: str) -> None:
    assert checked(key, typed) == kept


def test_every_way_to_round_cash_has_its_step() -> None:
    for choice, step in ROUNDING_STEP.items():
        assert checked("rounding", choice) == choice
        assert step in (1, 10, 100)

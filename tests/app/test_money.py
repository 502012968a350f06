"""Fen are whole: rounding, sharing and parsing never lose or make one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import money
from app.errors import Refusal

fen = st.integers(-money.MAX_FEN, money.MAX_FEN)
weights = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        (" 0.07 ", 7),
        ("-3", -300),
        ("−3.20", -320),
        ("99999999.99", money.MAX_FEN),
        ("007", 700),
        # An input method left in full-width mode: the figures are as clear as any.
        ("１２", 1200),
    ],
)
def test_yuan_as_people_type_them(typed: str, fen: int) -> None:
    assert money.parse_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "1.234", "1,000", "1e3", "¥5", "五", "1２,", "0x10", "1.", ".5", "--1", "+1"),
        *("nan", "inf", "1 2", "12\x00", "100000000", "9" * 400, "1_000", "1．5"),
        " " * 30 + "100000000",
    ],
)
def test_anything_else_is_refused_and_shown_back_cut(typed: str) -> None:
    with pytest.raises(Refusal, match="bad_amount") as refused:
        money.parse_yuan(typed)
    assert len(str(refused.value.details["text"])) <= 20


@pytest.mark.parametrize("thing", [None, 12, 1.5, b"12"])
def test_what_is_not_text_is_refused_too(thing: object) -> None:
    with pytest.raises(Refusal, match="bad_amount"):
        money.parse_yuan(thing)  # type: ignore[arg-type]


@given(fen)
def test_an_amount_written_down_reads_back(amount: int) -> None:
    assert money.parse_yuan(money.yuan(amount)) == amount
    assert money.parse_yuan(money.yuan_shown(amount).replace(",", "")) == amount


def test_amounts_for_eyes_have_thousands_and_a_true_minus() -> None:
    assert money.yuan_shown(-1_234_567) == "−12,345.67"
    assert money.yuan(42_320) == "423.20"
    assert (money.yuan(-7), money.yuan(0)) == ("-0.07", "0.00")
    assert (money.yuan_shown(-7), money.yuan_shown(0)) == ("−0.07", "0.00")


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9))
def test_halves_go_away_from_nought(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = money.divide_half_up(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(st.integers(0, 10_000_000), st.integers(0, 99_999_999))
def test_a_line_is_price_times_quantity_half_up_once(price: int, quantity: int) -> None:
    exact = Fraction(price * quantity, 1000)
    assert money.line_amount(price, quantity) == int(exact + Fraction(1, 2))


def test_a_line_of_half_a_fen_is_rounded_up() -> None:
    assert money.line_amount(1990, 1250) == 2488
    assert money.line_amount(1, 500) == 1
    assert money.line_amount(1, 499) == 0


@given(fen, weights)
def test_shares_add_back_to_what_was_split(total: int, weights: list[int]) -> None:
    parts = money.split(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)


@given(fen, weights.filter(any))
def test_nobody_gets_a_whole_fen_more_or_less_than_their_due(
    total: int, weights: list[int]
) -> None:
    whole = sum(weights)
    for part, weight in zip(money.split(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, whole)) < 1


@given(fen, weights.filter(any))
def test_the_spare_fen_go_to_the_largest_remainders(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    parts = money.split(total, weights)
    remainders = [(abs(total) * weight) % whole for weight in weights]
    raised = [
        abs(part) > abs(total) * weight // whole
        for part, weight in zip(parts, weights, strict=True)
    ]
    lowest = min(((remainders[i], -i) for i in range(len(parts)) if raised[i]), default=(whole, 0))
    highest = max(
        ((remainders[i], -i) for i in range(len(parts)) if not raised[i]), default=(-1, 0)
    )
    assert lowest > highest


@given(fen, weights)
def test_a_weight_of_nought_gets_nothing(total: int, weights: list[int]) -> None:
    parts = money.split(total, weights)
    if any(weights):
        assert all(not part for part, weight in zip(parts, weights, strict=True) if not weight)
    else:
        assert parts[0] == total


def test_equal_remainders_go_to_the_earlier_part() -> None:
    assert money.split(100, [1, 1, 1]) == [34, 33, 33]
    assert money.split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert money.split(5, [0, 0]) == [5, 0]


@pytest.mark.parametrize("weights", [[], [-1, 2]])
def test_shares_over_nothing_or_over_debts_are_our_own_bug(weights: list[int]) -> None:
    with pytest.raises(AssertionError):
        money.split(1, weights)


@given(st.integers(0, money.MAX_FEN), st.sampled_from((1, 10, 100)))
def test_cash_due_is_only_ever_cut_down(due: int, step: int) -> None:
    cut = money.round_down(due, step)
    assert cut <= due < cut + step
    assert cut % step == 0


@pytest.mark.parametrize(("due", "step"), [(-1, 10), (5, 0)])
def test_cutting_a_debt_is_our_own_bug(due: int, step: int) -> None:
    with pytest.raises(AssertionError):
        money.round_down(due, step)


def test_dividing_by_nothing_is_our_own_bug() -> None:
    with pytest.raises(AssertionError):
        money.divide_half_up(1, 0)


def test_a_split_that_rounds_each_part_for_itself_loses_fen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted fault: the property above is red for it."""

    def each_for_itself(total: int, weights: list[int]) -> list[int]:
        return [money.divide_half_up(total * weight, sum(weights) or 1) for weight in weights]

    monkeypatch.setattr(money, "split", each_for_itself)
    with pytest.raises(AssertionError):
        test_shares_add_back_to_what_was_split()

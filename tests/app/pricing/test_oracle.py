"""The till's prices against exact fractions: no fen may go astray, in any of very many baskets."""

from collections.abc import Sequence

import msgspec
import pytest

from app.pricing import actions, baskets, items, lines, rules
from tests.benchmarks import oracle

SLICE, SOAK = 6_000, 1_000_000


def test_no_fen_goes_astray(soak: bool) -> None:
    found = oracle.compare(SOAK if soak else SLICE)
    assert (found["drifted"], found["first"]) == (0, "")


def test_the_baskets_hold_what_shops_hold() -> None:
    """Baskets without reductions, labels or bags would prove nothing."""
    dice = oracle.random.Random("variety")
    cases = [oracle.random_case(dice) for _ in range(500)]
    lines = [line for case in cases for line in case.lines]
    rules_tried = [rule for case in cases for rule in case.promotions]
    assert {line.weighed for line in lines} == {True, False}
    assert {line.reducible for line in lines} == {True, False}
    assert any(line.weighed and line.quantity % 1000 == 0 for line in lines)
    assert any(line.label_amount >= 0 for line in lines)
    assert any(0 <= line.override < line.list_price for line in lines)
    assert any(line.override > line.list_price for line in lines)
    assert any(line.discount.permille for line in lines)
    assert {rule.kind for rule in rules_tried} == set(actions.KINDS)
    assert any(line.discount.amount > line.list_price for line in lines)


def _half_down(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator - 1) // (2 * denominator)


def _late_lines_first(total: int, weights: Sequence[int]) -> list[int]:
    return rules_split(total, list(reversed(weights)))[::-1]


rules_split = rules.split
PLANTED = {
    "halves are rounded down": ("divide_half_up", _half_down),
    "of equal remainders the last line wins": ("split", _late_lines_first),
    "抹零 goes up": ("round_down", lambda fen, step: -(-fen // step) * step),
    "a weighed line is rounded down": ("line_amount", lambda price, milli: price * milli // 1000),
    "bags share 抹零": (
        "rounding_shares",
        lambda total, may: rules_split(total.rounding, [line.net for line in total.lines]),
    ),
}


def _everybody_promoted(lines: object, promotions: object, used: object) -> None:
    for work in lines:  # type: ignore[attr-defined]
        work.promoted = False
    rules_member(lines, promotions, used)  # type: ignore[arg-type]


rules_member, items_pieces, items_meant = items.apply_member, items._pieces, items.meant
PLANTED_PROMOTIONS = {
    "the cheapest pieces go together": (
        items, "_pieces", lambda lines, places: items_pieces(lines, places)[::-1],
    ),
    "promoted goods take member price too": (rules, "apply_member", _everybody_promoted),
    "满减 counts bags": (
        baskets, "meant", lambda rule, work: not rule.products or items_meant(rule, work),
    ),
    "only one rule across lines is tried": (items, "MOST_TRIED", 1),
    "no cap of a basket is kept": (items, "_rounds", lambda rule, possible: possible),
    "换购 without end": (baskets, "swaps", lambda lines, rule: 99),
    "满减 before 换购": (rules, "apply_swaps", lambda lines, promotions, used: None),
    "a promotion of the same class counts twice": (items, "class_of", lambda rule: rule.code),
    "a fallen price is not charged": (
        rules, "begin", lambda line: lines.begin(msgspec.structs.replace(line, label_weight=False)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", PLANTED_PROMOTIONS)
def test_a_fault_planted_in_a_promotion_is_found(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, wrong = PLANTED_PROMOTIONS[fault]
    monkeypatch.setattr(module, name, wrong)
    assert oracle.compare(2_000, until_drifted=True)["drifted"]


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_within_two_thousand_baskets(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, wrong = PLANTED[fault]
    for module in (lines, items, baskets, rules, oracle):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, wrong)
    try:
        found = oracle.compare(2_000, until_drifted=True)
    except AssertionError:
        # The parts no longer add up to the whole, which the comparison looks at as well.
        return
    assert found["drifted"]


def test_the_command_prints_one_line_and_says_by_its_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert oracle.main(["--baskets", "50"]) == 0
    assert capsys.readouterr().out.count("\n") == 1
    monkeypatch.setattr(oracle, "drift", lambda case: "a fen is missing")
    assert oracle.main(["--baskets", "1"]) == 1

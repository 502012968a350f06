"""What a price tag on the shelf does to a line: no line costs more than its tag says."""

import random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.facts.pricing import Promotion
from app.money import line_amount
from app.pricing.lines import Discount, LineToPrice, ShelfTag
from app.pricing.rules import price_basket
from tests.app.pricing.publishing import rule
from tests.benchmarks.oracle import random_case

TAG = ShelfTag(168_00, "tag-1")


def tea(pieces: int = 1, **more: object) -> LineToPrice:
    """Tea at 198.00 whose tag says 168.00, a tenth off for whoever asks."""
    fields = {"line": 1, "weighed": False, "reducible": True, "product": "12006", "tag": TAG}
    codes = frozenset({"P"})
    known = fields | {"promotions": codes} | more
    return LineToPrice(list_price=198_00, quantity=pieces * 1000, **known)  # type: ignore[arg-type]


def net(*lines: LineToPrice, promotions: tuple[Promotion, ...] = ()) -> list[int]:
    return [line.net for line in price_basket(lines, promotions=promotions).lines]


def test_the_tags_price_is_charged_and_both_are_shown() -> None:
    [line] = price_basket([tea(2)]).lines
    assert (line.unit_price, line.amount, line.net, line.charged) == (
        198_00,
        396_00,
        336_00,
        168_00,
    )
    [told] = line.reductions
    assert (told.rule, told.kind, told.name) == ("tag-1", "tag_price", "按架上价签 168.00 收")
    assert told.amount == -60_00


def test_weighed_goods_go_by_the_tags_price_a_kilogram() -> None:
    loose = tea(weighed=True)
    assert net(msgspec.structs.replace(loose, quantity=4_320)) == [line_amount(168_00, 4_320)]


def test_a_scale_labels_amount_keeps_its_own_rule() -> None:
    assert net(tea(weighed=True, label_amount=198_00)) == [198_00]


def test_bags_cost_what_their_tag_says_too() -> None:
    assert net(tea(reducible=False)) == [168_00]


def test_a_promotion_that_comes_to_less_leaves_nothing_for_the_tag() -> None:
    cheap = rule(code="P", kind="item_price", price=150_00, products=("12006",))
    [line] = price_basket([tea()], promotions=[cheap]).lines
    assert (line.net, [one.kind for one in line.reductions]) == (150_00, ["promotion"])


def test_the_tag_is_no_price_that_a_promotion_starts_from() -> None:
    tenth = rule(code="P", kind="percent", permille=100, products=("12006",))
    assert net(tea(), promotions=(tenth,)) == [168_00]
    member = rule(code="P", kind="member", price=180_00, products=("12006",))
    assert net(tea(), promotions=(member,)) == [168_00]


def test_a_persons_discount_comes_off_the_tags_price() -> None:
    assert net(tea(2, discount=Discount(permille=100))) == [2 * 151_20]
    assert net(tea(override=180_00)) == [168_00]
    assert net(tea(override=100_00)) == [100_00]


@given(st.integers(min_value=0), st.integers(0, 12_000))
def test_no_line_costs_more_than_its_tag_and_a_tag_above_changes_nothing(
    seed: int, price: int
) -> None:
    case = random_case(random.Random(seed))
    plain = price_basket(case.lines, promotions=case.promotions)
    for tag in (ShelfTag(price, "tag"), ShelfTag(10**7, "tag")):
        lines = [msgspec.structs.replace(line, tag=tag) for line in case.lines]
        tagged = price_basket(lines, promotions=case.promotions)
        goods = zip(lines, plain.lines, tagged.lines, strict=True)
        for line, _before, after in goods:
            most = line_amount(tag.price, line.quantity)
            assert line.label_amount >= 0 or after.net <= most
        if tag.price == 10**7:
            assert tagged == plain


@given(st.integers(min_value=0), st.integers(0, 12_000), st.randoms(use_true_random=False))
def test_with_tags_too_the_order_of_scanning_changes_no_total(
    seed: int, price: int, dice: random.Random
) -> None:
    case = random_case(random.Random(seed))
    lines = [
        msgspec.structs.replace(line, tag=ShelfTag(price, "t") if at % 2 else line.tag)
        for at, line in enumerate(case.lines)
    ]
    mixed = list(lines)
    dice.shuffle(mixed)
    one, other = (price_basket(each, promotions=case.promotions) for each in (lines, mixed))
    assert (one.gross, one.due, one.used) == (other.gross, other.due, other.used)

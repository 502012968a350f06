"""What is said before a customer pays: nearly there, may be added, had it often enough."""

from app.facts.pricing import Promotion, Step
from app.pricing.hints import hints
from app.pricing.lines import LineToPrice


def line(number: int, price: int, product: str, *codes: str, pieces: int = 1) -> LineToPrice:
    return LineToPrice(
        line=number, list_price=price, quantity=pieces * 1000, weighed=False, reducible=True,
        product=product, promotions=frozenset(codes),
    )  # fmt: skip


def full(*steps: tuple[int, int], **fields: object) -> Promotion:
    known: dict[str, object] = {"code": "M", "name": "满减", "kind": "spend_get", "from_ms": 0}
    given = tuple(Step(spend=spend, off=off) for spend, off in steps)
    return Promotion(**(known | {"steps": given} | fields))  # type: ignore[arg-type]


def said(lines: list[LineToPrice], *promotions: Promotion, **used: int) -> list[tuple[str, int]]:
    found = hints(lines, promotions, [each for each in promotions if each.kind == "swap"], used)
    return [(each.kind, each.missing) for each in found]


def test_what_is_missing_until_the_next_step() -> None:
    graded = full((200_00, 20_00), (300_00, 40_00))
    assert said([line(1, 198_00, "A", "M")], graded) == [("spend", 2_00)]
    assert said([line(1, 210_00, "A", "M")], graded) == [("spend", 90_00)]
    assert said([line(1, 300_00, "A", "M")], graded) == []


def test_goods_the_rule_does_not_speak_of_count_for_nothing() -> None:
    graded = full((200_00, 20_00), products=("A",))
    lines = [line(1, 150_00, "A", "M"), line(2, 90_00, "B", "M")]
    assert said(lines, graded) == [("spend", 50_00)]
    assert said([line(1, 90_00, "B", "M")], graded) == []


def test_every_full_hundred_counts_again_until_its_cap() -> None:
    every = full((100_00, 10_00), repeats=1)
    lines = [line(1, 130_00, "A", "M")]
    assert said(lines, every) == [("spend", 70_00)]
    assert said(lines, full((100_00, 10_00), repeats=1, most_off=10_00)) == []
    assert said(lines, full((100_00, 10_00), repeats=1, basket_cap=1)) == []


def test_add_on_goods_are_offered_once_enough_is_spent_and_not_when_they_lie_there() -> None:
    swap = Promotion(code="S", name="换购", kind="swap", from_ms=0, products=("X",), price=9_90,
                     steps=(Step(spend=100_00),))  # fmt: skip
    assert said([line(1, 60_00, "A")], swap) == [("swap_short", 40_00)]
    assert said([line(1, 120_00, "A")], swap) == [("swap", 0)]
    assert said([line(1, 120_00, "A"), line(2, 20_00, "X", "S")], swap, S=1) == []
    assert said([line(1, 20_00, "X", "S")], swap) == []


def test_a_member_who_has_had_it_often_enough_is_told() -> None:
    capped = Promotion(code="C", name="会员特价", kind="item_price", from_ms=0, products=("A",),
                       price=30_00, member_cap=2, basket_cap=2)  # fmt: skip
    assert said([line(1, 38_00, "A", "C")], capped, C=1) == []
    assert said([line(1, 38_00, "A", "C", pieces=3)], capped, C=2) == [("cap", 0)]

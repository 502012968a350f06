"""Whatever comes back in whatever parts, the parts add up to what was paid and never to more."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal
from app.facts.sales import LotShare, SaleLine, SoldPart, Tender
from app.sales.exchange import TakenBack
from app.sales.refund_rules import (
    Left,
    Policy,
    given_for,
    left_of,
    lots_back,
    parts_back,
    reason_said,
    share_of,
    tax_in,
    tenders_back,
    why_not,
)
from tests.support.facts import sold
from tests.support.rare_facts import came_back

SALE = sold(("KP-A001", 1850, 1000))
DAY_MS = 24 * 3_600_000
POLICY = Policy(7, frozenset({"live", "fresh_loose"}))


def line_of(quantity: int, paid: int, tax: int = 0, *, weighed: int = 0) -> SaleLine:
    return msgspec.structs.replace(
        SALE.lines[0], quantity=quantity, paid=paid, tax=tax, weighed=weighed
    )


@given(st.integers(1, 40), st.integers(0, 99_999), st.data())
def test_parts_of_a_line_add_up_to_what_was_paid(
    pieces: int, paid: int, data: st.DataObject
) -> None:
    line = line_of(pieces * 1000, paid)
    before: list[tuple[int, int]] = []
    while (left := left_of(line, before)).quantity:
        part = 1000 * data.draw(st.integers(1, left.quantity // 1000))
        amount = given_for(line, left, part)
        assert 0 <= amount <= left.amount
        before.append((part, amount))
    assert sum(amount for _quantity, amount in before) == paid
    assert left_of(line, before) == Left(0, 0)


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=4), st.data())
def test_ways_back_add_up_and_none_gives_more_than_it_took(
    amounts: list[int], data: st.DataObject
) -> None:
    names = data.draw(
        st.lists(st.sampled_from(["cash", "wechat", "card"]), min_size=len(amounts),
                 max_size=len(amounts), unique=False)
    )  # fmt: skip
    paid = [
        Tender(tender=name, amount=amount, tendered=amount, reference=str(n))
        for n, (name, amount) in enumerate(zip(names, amounts, strict=True))
    ]
    gone: dict[tuple[str, str], int] = {}
    left = sum(amounts)
    while left:
        wanted = data.draw(st.integers(1, left))
        back = tenders_back(paid, gone, wanted)
        assert sum(part for _way, part in back) == wanted
        for way, part in back:
            key = (way.tender, way.reference)
            gone[key] = gone.get(key, 0) + part
            assert gone[key] <= way.amount
        left -= wanted
    with pytest.raises(Refusal, match="over_refund"):
        tenders_back(paid, gone, 1)


def test_no_way_gives_back_more_than_is_left_of_what_it_took() -> None:
    phone = Tender(tender="wechat", amount=50_00, tendered=50_00, attempt="a")
    cash = Tender(tender="cash", amount=50_00, tendered=60_00, change=10_00)
    before = {("wechat", "a"): 30_00}
    assert tenders_back([cash, phone], before, 60_00) == [(phone, 20_00), (cash, 40_00)]
    with pytest.raises(Refusal, match="over_refund"):
        tenders_back([cash, phone], before, 70_01)


def test_a_network_is_asked_first_and_the_drawer_last() -> None:
    paid = [Tender(tender=name, amount=10, tendered=10) for name in ("cash", "card", "wechat")]
    assert [way.tender for way, _part in tenders_back(paid, {}, 25)] == ["wechat", "card", "cash"]


def test_three_for_a_reduced_price_round_like_the_worked_day() -> None:
    line = line_of(3000, 125_23)
    left = left_of(line, [])
    assert given_for(line, left, 1000) == 41_74
    left = left_of(line, [(1000, 41_74), (1000, 41_74)])
    assert given_for(line, left, 1000) == 41_75


@pytest.mark.parametrize(
    ("quantity", "code"), [(2001, "fraction_of_unit"), (0, "bad_quantity"), (4000, "over_refund")]
)
def test_what_cannot_come_back_is_refused(quantity: int, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        given_for(line_of(3000, 300), Left(3000, 300), quantity)


@pytest.mark.parametrize(
    ("shelf_life", "reason", "days", "said"),
    [
        ("ambient_dated", "no_longer_wanted", 7, ""),
        ("ambient_dated", "no_longer_wanted", 8, "too_late"),
        ("fresh_loose", "no_longer_wanted", 0, "fresh"),
        ("fresh_loose", "quality", 300, ""),
        ("live", "recalled", 300, ""),
        ("none", "wrong_goods", 300, ""),
        ("none", "expired", 300, ""),
        ("none", "other", 0, "other"),
    ],
)
def test_the_return_rule(shelf_life: str, reason: str, days: int, said: str) -> None:
    assert why_not(POLICY, shelf_life, reason, days * DAY_MS) == said


def test_the_seventh_day_counts_to_its_last_moment() -> None:
    assert why_not(POLICY, "none", "no_longer_wanted", 7 * DAY_MS) == ""
    assert why_not(POLICY, "none", "no_longer_wanted", 7 * DAY_MS + 1) == "too_late"


def test_goods_go_back_to_the_lots_they_came_from() -> None:
    lots = [LotShare(lot=name, known="assumed", quantity=2000) for name in ("a", "b")]
    first = lots_back(lots, 4000, 0, 3000)
    assert [(share.lot, share.quantity) for share in first] == [("a", 2000), ("b", 1000)]
    rest = lots_back(lots, 4000, 3000, 1000)
    assert [(share.lot, share.quantity) for share in rest] == [("b", 1000)]


@given(st.integers(1, 9), st.data())
def test_all_parts_of_all_kits_come_back(kits: int, data: st.DataObject) -> None:
    quantity = data.draw(st.integers(1, 5000))
    part = SoldPart(
        product="p",
        name="p",
        quantity=quantity,
        lots=(LotShare(lot="a", known="assumed", quantity=quantity),),
    )
    total = 0
    for done in range(kits):
        (back,) = parts_back([part], kits, done, 1)
        total += sum(share.quantity for share in back.lots)
    assert total == quantity


def test_tax_goes_back_with_its_amount() -> None:
    assert tax_in(line_of(2000, 200, 23), 100) == 12
    assert tax_in(line_of(1000, 0, 0), 0) == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("quality", "quality"),
        ("包装破了", "quality"),
        ("质量问题", "quality"),
        ("拿错了", "wrong_goods"),
        ("七天无理由", "no_longer_wanted"),
        ("no reason", "no_longer_wanted"),
        ("已过期", "expired"),
        ("其他原因", "other"),
        ("厂家召回", "recalled"),
        ("bad quality", "quality"),
        ("damaged box", "quality"),
        ("a defect", "quality"),
        ("spoilt", "quality"),
        ("the wrong one", "wrong_goods"),
        ("it has expired", "expired"),
        ("a recall", "recalled"),
        ("another matter", "other"),
        ("", ""),
    ],
)
def test_a_reason_in_anybodys_words_comes_to_one_of_ours(words: str, reason: str) -> None:
    assert reason_said(words) == reason


def test_a_part_takes_its_points_after_what_went_before() -> None:
    assert [share_of(10, 40, before, 10) for before in (0, 10, 20, 30)] == [2, 3, 2, 3]


def test_two_notes_in_the_drawer_are_two_ways_until_both_are_back() -> None:
    notes = [Tender(tender="cash", amount=amount, tendered=amount) for amount in (10_00, 20_00)]
    parts = [part for _way, part in tenders_back(notes, {}, 30_00)]
    assert parts == [10_00, 20_00]
    assert tenders_back(notes, {("cash", ""): 15_00}, 15_00) == [(notes[1], 15_00)]
    with pytest.raises(Refusal, match="over_refund"):
        tenders_back(notes, {("cash", ""): 15_00}, 15_01)


def test_goods_that_cost_nothing_carry_no_points() -> None:
    assert share_of(0, 0, 0, 0) == 0
    assert share_of(500, 4800, 0, 4800) == 500


def test_old_goods_stand_among_the_tenders_only_where_they_pay() -> None:
    refund = came_back({"shop": "KP01", "till": "1", "day": "2026-11-29", "shift": "s"})
    assert TakenBack("r", refund, 0).tenders == ()
    assert [each.amount for each in TakenBack("r", refund, 700).tenders] == [700]

"""What may be sold, and which words need a paper."""

import msgspec
import pytest

from app.catalogue.rules import (
    name_problems,
    oem_missing,
    receivable,
    sellable,
    valid_on,
)
from app.facts.catalogue import Certificate, Product

ORGANIC = Certificate(number="YJ-1", kind="organic", valid_from="2026-01-01", valid_to="2026-12-31")


def product(**more: object) -> Product:
    usual = Product(code="A1", name="茶", unit="盒", price=500)
    return msgspec.structs.replace(usual, **more)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"active": 0}, "inactive"),
        ({"display_only": 1}, "display_only"),
        ({"wholesale_only": 1}, "wholesale_only"),
        ({"kind": "service", "shelf_life": "validity_date"}, "dated_service"),
        ({"needs_health_food_no": 1}, "health_food_no"),
    ],
)
def test_what_may_not_be_sold_says_why(more: dict[str, object], reason: str) -> None:
    refusal = sellable(product(**more))
    assert refusal is not None
    assert (refusal.code, refusal.details["reason"]) == ("not_sellable", reason)


def test_everything_else_is_sold() -> None:
    assert sellable(product()) is None
    assert sellable(product(needs_health_food_no=1, health_food_no="国食健注G2026")) is None
    assert sellable(product(kind="service", shelf_life="made_today")) is None
    assert sellable(product(wholesale_only=1), wholesale=True) is None


def test_organic_goods_need_a_certificate_that_is_theirs_and_valid_that_day() -> None:
    tea = product(name="有机红茶", certificates=("YJ-1",))
    assert name_problems(tea, [ORGANIC], "2026-12-31") == ()
    assert receivable(tea, [ORGANIC], "2026-12-31") is None
    for name, held, day in (
        (tea, [ORGANIC], "2027-01-01"),
        (tea, [ORGANIC], "2025-12-31"),
        (tea, [], "2026-12-07"),
        (product(name="有机红茶"), [ORGANIC], "2026-12-07"),
        (product(name="绿色红茶", certificates=("YJ-1",)), [ORGANIC], "2026-12-07"),
        (product(name="地理标志红茶", certificates=("YJ-1",)), [ORGANIC], "2026-12-07"),
    ):
        refusal = receivable(name, held, day)
        assert refusal is not None
        assert refusal.code == "no_certificate"


def test_green_tea_is_not_a_green_food() -> None:
    assert name_problems(product(name="大沙绿茶"), [], "2026-12-07") == ()
    assert name_problems(product(name="开平稳糖米"), [], "2026-12-07") == ()


def test_a_claim_may_be_printed_only_in_the_words_that_were_approved() -> None:
    claim = Certificate(number="SM-1", kind="claim", text="有助于降脂")
    tea = product(name="茶", story="降脂又减肥", certificates=("SM-1",))
    problems = name_problems(tea, [claim], "2026-12-07")
    assert [(one.code, one.word, one.field) for one in problems] == [
        ("claim_not_approved", "减肥", "story")
    ]


def test_goods_made_by_others_must_say_by_whom() -> None:
    biscuit = product(name="曲奇(代工)", maker="某饼厂", true_origin="广州")
    assert oem_missing(biscuit) == ("entrusting_party", "maker_licence")
    assert oem_missing(product(name="红茶")) == ()
    assert oem_missing(product(subcategory="贴牌用品"))


def test_a_certificate_without_an_end_never_expires() -> None:
    assert valid_on(Certificate(number="1", kind="gi"), "2099-01-01")

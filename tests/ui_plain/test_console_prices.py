"""A promotion as somebody types it: spellings that are understood, and what is refused."""

from typing import Any

import pytest

from app.errors import Refusal
from app.facts.pricing import KitPiece, Step
from app.pricing.drafts import promotion_params
from tests.stories.counters import MANAGER, ShopFloor


@pytest.mark.parametrize(
    ("params", "fields"),
    [
        ({"price": "168.00", "base": "198"}, {"price": 168_00, "base": 198_00}),
        ({"percent": "5"}, {"permille": 50}),
        ({"n": 2, "percent": "100"}, {"n": 2, "permille": 1000}),
        ({"buy": "2", "get": 1, "gifts": ["A"]}, {"n": 2, "get": 1, "gifts": ("A",)}),
        ({"spend": "300", "off": "40"}, {"steps": (Step(spend=300_00, off=40_00),)}),
        ({"threshold": "300", "amount": "40"}, {"steps": (Step(spend=300_00, off=40_00),)}),
        (
            {"tiers": [{"full": "100", "minus": "5"}, {"spend": "300", "percent": "10"}]},
            {"steps": (Step(spend=100_00, off=5_00), Step(spend=300_00, permille=100))},
        ),
        ({"parts": {"B": 2, "A": "1"}},
         {"parts": (KitPiece(product="A", pieces=1), KitPiece(product="B", pieces=2))}),
        ({"repeat": True, "max_off": "80"}, {"repeats": 1, "most_off": 80_00}),
        ({"per_basket": 2, "per_member": 3}, {"basket_cap": 2, "member_cap": 3}),
        ({"code": "save40"}, {"needs_code": "SAVE40"}),
        ({"weekdays": [6, 7], "hours": ["17:00-19:00"]},
         {"weekdays": (6, 7), "hours": ("17:00-19:00",)}),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(params: dict[str, Any], fields: dict[str, Any]) -> None:
    assert fields.items() <= promotion_params(params).items()


@pytest.mark.parametrize(
    ("params", "code", "field"),
    [
        ({"colour": "red"}, "bad_promotion", "colour"),
        ({"base": "1", "was": "2"}, "bad_promotion", "was"),
        ({"n": True}, "bad_promotion", "n"),
        ({"n": "two"}, "bad_promotion", "n"),
        ({"n": -1}, "bad_promotion", "n"),
        ({"get": 1_000_000}, "bad_promotion", "get"),
        ({"weekdays": ["6"]}, "bad_promotion", "weekdays"),
        ({"hours": "17:00-19:00"}, "bad_promotion", "hours"),
        ({"steps": {"spend": "1"}}, "bad_promotion", "steps"),
        ({"steps": ["1"]}, "bad_promotion", "steps"),
        ({"parts": ["A"]}, "bad_promotion", "parts"),
        ({"parts": {"A": None}}, "bad_promotion", "parts"),
        ({"price": 168}, "bad_amount", None),
        ({"spend": ["300"]}, "bad_amount", None),
        ({"percent": "lots"}, "bad_discount", None),
        ({"percent": "0"}, "bad_discount", None),
    ],
)
def test_what_nobody_can_read_is_refused(
    params: dict[str, Any], code: str, field: str | None
) -> None:
    with pytest.raises(Refusal) as refused:
        promotion_params(params)
    assert refused.value.code == code
    assert field is None or refused.value.details["field"] == field


def test_a_refused_promotion_changes_nothing(counter: ShopFloor) -> None:
    counter.sign_in(MANAGER)
    half = {"code": "H", "kind": "percent", "params": {"percent": "50"}}
    before = counter.kinds()
    for wrong in (
        {"kind": "gift"}, {"from": "soon"}, {"to": "2026-13-01"}, {"products": ["nothing"]},
        {"params": {"percent": "101"}}, {"try": "yesterday"}, {"code": ""},
    ):  # fmt: skip
        counter.refused("promotion", **half | wrong)
    counter.refused("promotion", code="H", withdraw=True)
    counter.refused("price_list", lines=[{"product": "11014", "price": "one"}])
    counter.refused("price_list", lines=[{"product": "11014"}])
    counter.refused("tags_due", until="soon")
    assert counter.kinds() == before


def test_a_list_answers_with_its_version_and_is_taken_back_by_it(counter: ShopFloor) -> None:
    counter.sign_in(MANAGER)
    answer = counter.ok("price_list", lines=[{"product": "11014", "price": "36.00"}])
    assert answer["version"].isdigit()
    assert counter.ok("scan", code="11014")["basket"]["due"] == "36.00"
    counter.ok("pay", tender="cash")
    counter.ok("price_list", withdraw=answer["document"])
    assert counter.ok("scan", code="11014")["basket"]["due"] == "38.00"

"""A promotion's form: what each field takes, what it refuses, and that it means what the console's
command means."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import parse_time
from app.facts.catalogue import Product
from app.facts.pricing import Promotion
from app.pricing.drafts import Listing, PriceListDraft, PromotionDraft, promotion_of
from app.pricing.queries import prices_in, promotions
from app.pricing.windows import DAY_MS
from app.sales.publishing import publish_prices, publish_promotion
from tests.stories.counters import MANAGER, ShopFloor
from ui.presenters.price_list_views import Priced, is_good
from ui.presenters.price_words import promotion_sentence
from ui.presenters.promotion_form import HOW, KINDS, Read, read_form, typed_moment

TODAY = date(2026, 12, 7)
NOW = parse_time("2026-12-07T14:02:00+08:00")
GOODS = [("11014", 1)]
GOOD = {
    "item_price": {"price": "30"},
    "percent": {"fold": "9"},
    "nth": {"n": "2", "fold": "半价"},
    "buy_get": {"n": "2", "get": "1"},
    "spend_get": {"steps": "满300减40"},
    "swap": {"spend": "100", "price": "9.90"},
    "kit": {"price": "99"},
    "member": {"fold": "9.5"},
}
HOSTILE = ("'; DROP TABLE promotion;--", "\u202e\u0000特价", "<b>{0}%s</b>", "𠮷" * 300, "  ",
           "ﷺ\u0301\ud800", "-1", "1e3", "NaN", "９９", "0x10", "12;34",
           "99999999999999")  # fmt: skip


def read(kind: str, goods: list[tuple[str, int]] = GOODS, **values: str) -> Read:
    return read_form(kind, {"code": "P1"} | GOOD[kind] | values, goods, today=TODAY, now=NOW)


def rule(kind: str, **values: str) -> Promotion:
    found = read(kind, **values)
    assert found.draft is not None, found.errors
    return promotion_of(found.draft, NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_shortest_form_that_can_be_published(kind: str) -> None:
    assert rule(kind).name


@pytest.mark.parametrize(
    ("kind", "field", "text"),
    [
        *[("item_price", "price", bad) for bad in ("", "-3", "3.333", "三元", "1e3")],
        ("item_price", "base", "x"),
        *[("percent", "fold", bad) for bad in ("", "0.0", "100", "十折", "9.5.5", "免费")],
        *[("nth", "n", bad) for bad in ("", "1", "0", "-2", "2.5", "二", "1000000")],
        *[("buy_get", "n", bad) for bad in ("", "0")],
        ("buy_get", "get", "0"),
        *[("spend_get", "steps", bad) for bad in ("", "300", "300减", "300减400", "abc",
                                                  "300减40x", "满减", "0减0")],
        ("spend_get", "most_off", "-1"),
        *[("swap", "spend", bad) for bad in ("", "0", "x")],
        ("swap", "price", "-1"),
        ("kit", "price", ""),
        *[("percent", "from", bad) for bad in ("13-40", "2-30", "昨天", "12-12 25:00")],
        ("percent", "to", "12-12 17:60"),
        *[("percent", "weekdays", bad) for bad in ("8", "0", "5-1", "周八", "x")],
        *[("percent", "hours", bad) for bad in ("25:00-26:00", "19:00-17:00", "17", "a-b")],
        *[("percent", "basket_cap", bad) for bad in ("0", "-1", "1.5", "x")],
        ("percent", "member_cap", "x"),
        ("percent", "code", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_beside_its_field(kind: str, field: str, text: str) -> None:
    found = read(kind, **{field: text})
    assert found.draft is None
    assert list(found.errors) == [field] and found.errors[field]


@pytest.mark.parametrize(
    ("kind", "values", "meant"),
    [
        ("percent", {"fold": "95"}, {"permille": 50}),
        ("percent", {"fold": "9.25"}, {"permille": 75}),
        ("nth", {"fold": "免费"}, {"permille": 1000}),
        ("nth", {"fold": "", "price": "9.9"}, {"price": 9_90}),
        ("spend_get", {"steps": "每满100减10"}, {"repeats": 1}),
        ("percent", {"weekdays": "周六、日"}, {"weekdays": (6, 7)}),
        ("percent", {"weekdays": "1-5"}, {"weekdays": (1, 2, 3, 4, 5)}),
        ("percent", {"hours": "17:00-19:00，1:00-3:00"}, {"hours": ("17:00-19:00", "1:00-3:00")}),
        ("percent", {"needs_code": "laoke"}, {"needs_code": "LAOKE"}),
        ("buy_get", {"gifts": "21008, 12001"}, {"gifts": ("21008", "12001")}),
        ("percent", {"from": "12月12日 17:00"}, {"from_ms": NOW + 5 * DAY_MS + 178 * 60_000}),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(
    kind: str, values: dict[str, str], meant: dict[str, Any]
) -> None:
    known = msgspec.structs.asdict(rule(kind, **values))
    assert {name: known[name] for name in meant} == meant


def test_graded_steps_may_be_an_amount_or_a_share() -> None:
    steps = [(each.spend, each.off, each.permille) for each in
             rule("spend_get", steps="满200减20，300-40 满500打9折").steps]  # fmt: skip
    assert steps == [(200_00, 20_00, 0), (300_00, 40_00, 0), (500_00, 0, 100)]


def test_a_day_that_is_over_is_next_years() -> None:
    assert typed_moment("1-3", TODAY) == "2027-01-03"
    assert typed_moment("12-7", TODAY) == "2026-12-07"
    assert typed_moment("2026-12-01 9:30", TODAY) == "2026-12-01T09:30:00+08:00"
    assert typed_moment(" ", TODAY) == ""


def test_goods_are_missing_where_a_kind_needs_them() -> None:
    for kind in ("item_price", "swap", "kit"):
        assert list(read(kind, []).errors) == ["goods"]
    assert read("percent", []).draft is not None


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_in_any_field_is_a_sentence_or_a_name_never_a_crash(
    kind: str, text: str
) -> None:
    for field in (*HOW[kind], "from", "to", "weekdays", "hours", "basket_cap", "member_cap",
                  "needs_code", "stacking", "name", "code"):  # fmt: skip
        found = read(kind, **{field: text})
        if found.draft is None:
            assert found.errors
            continue
        made = promotion_of(found.draft, NOW)
        said = promotion_sentence(made, {"11014": text}, 2026)
        assert said and len(made.name) <= 60 and len(made.code) <= 40
        for kept in (made.name, made.code, made.stacking, made.needs_code):
            assert kept.isprintable() and "\u202e" not in kept


# --- One door behind form and console -----------------------------------------------------------

text = st.text(st.sampled_from("特价九折AB01 -·"), max_size=12)
money = st.integers(1, 99_999).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
whole = st.integers(2, 9).map(str)
day = st.dates(date(2026, 12, 8), date(2027, 11, 30)).map(lambda each: each.isoformat())
MORE = st.fixed_dictionaries(
    {"code": st.just("P1")},
    optional={
        "from": day,
        "hours": st.just("17:00-19:00"),
        "weekdays": st.sampled_from(["1-5", "67", "周日"]),
        "stacking": text,
        "needs_code": st.sampled_from(["VIP", "abc1"]),
        "name": text,
    },
)
VALUES = {
    "item_price": st.fixed_dictionaries({"price": money}),
    "percent": st.fixed_dictionaries({"fold": st.integers(1, 99).map(str)}),
    "nth": st.fixed_dictionaries({"n": whole, "fold": st.sampled_from(["半价", "免费", "8"])}),
    "buy_get": st.fixed_dictionaries({"n": whole, "get": whole}),
    "spend_get": st.fixed_dictionaries({"steps": st.sampled_from(["300-40", "每满100减10"])}),
    "swap": st.fixed_dictionaries({"spend": money, "price": money}),
    "kit": st.fixed_dictionaries({"price": money}),
    "member": st.fixed_dictionaries({"fold": st.sampled_from(["9", "95"])}),
}


@pytest.fixture
def manager(counter: ShopFloor) -> ShopFloor:
    counter.sign_in(MANAGER)
    return counter


def last_promotion(shop: ShopFloor) -> Promotion:
    with shop.till.books.read() as db:
        [found] = promotions(db, shop.till.books.shop)
    return found.promotion


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data(), kind=st.sampled_from(KINDS), more=MORE)
def test_the_form_publishes_what_the_consoles_command_would(
    manager: ShopFloor, data: st.DataObject, kind: str, more: dict[str, str]
) -> None:
    values = more | data.draw(VALUES[kind])
    found = read_form(kind, values, [("11014", 2)], today=TODAY, now=NOW)
    assert found.draft is not None, (values, found.errors)
    draft = found.draft
    if not draft.from_:
        draft = msgspec.structs.replace(draft, from_="2026-12-08")
    publish_promotion(manager.till.counter.desk, draft)
    by_form = last_promotion(manager)
    manager.ok("promotion", code="P1", withdraw=True)
    manager.ok("promotion", **_command(draft))
    assert last_promotion(manager) == by_form
    manager.ok("promotion", code="P1", withdraw=True)


def _command(draft: PromotionDraft) -> dict[str, Any]:
    """A draft in the console's own words."""
    words: dict[str, Any] = msgspec.to_builtins(draft)
    return words


def test_a_list_from_the_form_is_the_consoles_list(manager: ShopFloor) -> None:
    lines = [
        Listing(product="11014", price="36.5", floor="30"),
        Listing(product="21008", price="40"),
    ]
    draft = PriceListDraft(from_="2026-12-12", to="2026-12-12", group="member", lines=lines)
    desk, books = manager.till.counter.desk, manager.till.books
    by_form = publish_prices(desk, draft).document
    by_console = manager.ok("price_list", **msgspec.to_builtins(draft))["document"]
    with books.read() as db:
        found = [prices_in(db, books.shop, each, 10) for each in (by_form, by_console)]
        heads = db.exec_driver_sql(
            "SELECT customers, zone, from_ms, to_ms FROM price_list ORDER BY version"
        ).all()
    assert found[0] == found[1] == [("11014", 36_50, 30_00), ("21008", 40_00, 0)]
    assert tuple(heads[0]) == tuple(heads[1])


def test_a_typed_price_is_good_when_it_is_one_and_not_below_its_floor() -> None:
    one = Product(code="11014", name="马冈鹅蛋卷", unit="盒", price=38_00)
    for price, floor, good in (("36", "", True), ("36", "36", True), ("35.99", "36", False),
                               ("", "", False), ("0", "", False), ("1e3", "", False),
                               ("36", "x", False)):  # fmt: skip
        assert is_good(Priced(one, 38_00, price, floor)) is good

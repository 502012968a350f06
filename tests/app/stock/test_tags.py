"""Which tag hangs where, told from what was printed when."""

from app.stock.tags import TagSeen, hanging

DAY = 86_400_000
MONDAY = 1_796_608_800_000
"""2026-12-07 10:00 in the shop."""


def tag(
    price: int, zone: str = "A3", *, days: int = 0, label: str = "tag", **dates: str
) -> TagSeen:
    said = {"valid_from": "", "valid_to": ""} | dates
    fact = f"{price}-{zone}-{label}"
    return TagSeen(fact, "12006", zone, label, price, order_ms=MONDAY + days * DAY, **said)


def read(*tags: TagSeen, today: str = "2026-12-07") -> dict[str, int]:
    return {each.zone: each.price for each in hanging(tags, today)}


def test_each_shelf_shows_what_was_put_there_last() -> None:
    assert read(tag(100, "A3"), tag(90, "B1")) == {"A3": 100, "B1": 90}
    promo = tag(80, "A3", days=1, label="promo")
    assert read(tag(100, "A3"), promo, tag(90, "B1")) == {"A3": 80, "B1": 90}


def test_a_tag_for_certain_dates_hangs_on_those_and_no_other_day() -> None:
    promo = tag(80, label="promo", valid_from="2026-12-12", valid_to="2026-12-13")
    plain = tag(100, days=2)
    seen = [read(plain, promo, today=f"2026-12-{day}") for day in (11, 12, 13, 14)]
    assert seen == [{"A3": 100}, {"A3": 80}, {"A3": 80}, {"A3": 100}]
    # One printed while the promotion runs takes its place.
    assert read(promo, tag(95, days=5), today="2026-12-13") == {"A3": 95}


def test_a_tag_for_no_shelf_in_particular_stands_for_all_of_them() -> None:
    assert read(tag(100, "A3"), tag(90, "B1"), tag(110, "", days=1)) == {"": 110}
    assert read(tag(110, ""), tag(100, "A3", days=1)) == {"A3": 100}

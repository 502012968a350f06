"""Head office publishes: seen before, by two people when it is much, taken back by a version."""

import io
import json
from typing import Any

import pytest
from sqlalchemy import select

from app.journal.feeds import decoded
from sync.hub.festivals import calendar
from sync.hub.office_tables import office_act
from sync.hub.tables import hub_feed_part
from tests.support.entries import Writer
from tests.support.hubs import RunningHub
from tests.support.office import BATCH, LOT, PASSWORD, Office, a_shop_that_sells
from ui.hq_lines import talk

DEC12 = {"code": "DEC12", "name": "周年庆", "kind": "item_price", "from": "2026-12-12",
         "to": "2026-12-12", "products": ["12006"], "params": {"price": "168.00"}}  # fmt: skip


class Lines:
    """`./pos hq`."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub

    def say(self, do: str, **fields: Any) -> dict[str, Any]:
        asked, out = io.StringIO(json.dumps({"do": do, **fields})), io.StringIO()
        talk(self.hub.hub, asked, out, lambda _words: None)
        answer: dict[str, Any] = json.loads(out.getvalue())
        return answer

    def code(self, do: str, **fields: Any) -> str:
        """The word of the refusal, "" when there was none."""
        return str(self.say(do, **fields).get("error", {}).get("code", ""))


@pytest.fixture
def lines(hub: RunningHub, writer: Writer) -> Lines:
    a_shop_that_sells(hub, writer)
    return Lines(hub)


def sent(hub: RunningHub, scope: str) -> list[tuple[int, str]]:
    """What the shop's feed holds: (version, kind)."""
    with hub.hub.database.begin() as db:
        parts = db.scalars(
            select(hub_feed_part.c.content)
            .where(hub_feed_part.c.scope == scope)
            .order_by(hub_feed_part.c.version, hub_feed_part.c.part)
        )
        found = [decoded(bytes(content)) for content in parts]
    return [(part.version, fact.kind) for part in found for fact in part.facts]


def test_a_price_is_seen_before_it_goes_out_and_stands_in_the_shops_feed(lines: Lines) -> None:
    wanted = {"from": "2026-12-12", "lines": [{"product": "12006", "price": "168.00"}]}
    seen = lines.say("price_list", preview=True, **wanted)["preview"]
    assert seen["moves"] == [
        {"shop": "KP01", "product": "12006", "before": "198.00", "after": "168.00"}
    ]
    assert (seen["products"], seen["largest_permille"], seen["needs_second"]) == (1, -152, False)
    assert sent(lines.hub, "prices") == []
    assert lines.say("price_list", **wanted)["versions"] == {"KP01": 1}
    assert sent(lines.hub, "prices") == [(1, "price_list_set@1")]
    later = lines.say("price_list", preview=True, **wanted)["preview"]
    assert later["moves"][0]["before"] == "168.00"


def test_below_cost_and_below_the_floor_are_said(lines: Lines) -> None:
    one = [{"product": "13006", "price": "9.00", "floor": "9.00"}]
    assert lines.say("price_list", preview=True, lines=one)["preview"]["below_cost"] == ["13006"]
    floor = [{"product": "12006", "price": "190.00", "floor": "180.00"}]
    assert lines.say("price_list", lines=floor)["ok"]
    lower = [{"product": "12006", "price": "170.00"}]
    seen = lines.say("price_list", preview=True, lines=lower)["preview"]
    assert seen["below_floor"] == ["12006"]
    assert lines.code("promotion", **DEC12) == "below_floor"


@pytest.mark.parametrize(
    ("price", "waits"), [("13.86", False), ("13.85", False), ("11.76", False), ("11.75", True)]
)
def test_more_than_thirty_per_cent_waits_for_a_second_person(
    lines: Lines, price: str, waits: bool
) -> None:
    one = [{"product": "13006", "price": price}]
    assert ("proposal" in lines.say("price_list", lines=one)) == waits


def test_a_second_person_is_another_person(lines: Lines) -> None:
    office = Office(lines.hub)
    office.hire("ann", "approver")
    office.hire("bea", "approver")
    office.hire("bob", "editor")
    ann = office.browser("ann")
    answer = ann.do("price_list", lines="13006 8.00", sure="1")
    assert answer.headers["Location"] == "/hq/waiting?done=proposed"
    (one,) = lines.say("waiting")["proposals"]
    ann.do("second", proposal=one["proposal"])
    assert ann.code() == "office_same_person"
    bob = office.browser("bob")
    bob.do("second", proposal=one["proposal"])
    assert bob.code() == "office_right_needed"
    assert sent(lines.hub, "prices") == []
    bea = office.browser("bea")
    assert bea.do("second", proposal=one["proposal"]).status_code == 303
    assert sent(lines.hub, "prices") == [(1, "price_list_set@1")]
    bea.do("second", proposal=one["proposal"])
    assert bea.code() == "no_such_proposal"


def test_a_line_may_bring_the_second_person_with_both_factors(lines: Lines) -> None:
    office = Office(lines.hub)
    office.hire("ann", "approver")
    wanted = lines.say("price_list", lines=[{"product": "13006", "price": "8.00"}])["proposal"]
    yes = {"proposal": wanted, "person": "ann", "password": PASSWORD}
    assert lines.code("second", code="000000", **yes) == "office_sign_in_wrong"
    assert lines.say("second", code=office.code_of("ann"), **yes)["versions"] == {"KP01": 1}


def test_what_was_declined_never_goes_out(lines: Lines) -> None:
    wanted = lines.say("price_list", lines=[{"product": "13006", "price": "8.00"}])["proposal"]
    assert lines.say("decline", proposal=wanted, reason="太低") == {"ok": True}
    assert lines.say("waiting")["proposals"] == []
    assert sent(lines.hub, "prices") == []


def test_taking_back_is_a_new_version(lines: Lines) -> None:
    one = lines.say("price_list", lines=[{"product": "12006", "price": "188.00"}])
    back = lines.say("withdraw", scope="prices", subject=one["document"])
    assert back["versions"] == {"KP01": 2}
    assert sent(lines.hub, "prices")[-1] == (2, "price_list_withdrawn@1")
    assert lines.code("withdraw", scope="prices", subject=one["document"]) == "not_published"
    seen = lines.say("price_list", preview=True, lines=[{"product": "12006", "price": "198.00"}])
    assert seen["preview"]["products"] == 0


def test_a_promotion_goes_out_changes_and_ends(lines: Lines) -> None:
    assert lines.say("promotion", **DEC12)["versions"] == {"KP01": 1}
    assert lines.say("promotion", **DEC12)["versions"] == {"KP01": 2}
    assert lines.say("withdraw", scope="promotions", subject="DEC12")["version"] == 3
    kinds = [kind for _, kind in sent(lines.hub, "promotions")]
    assert kinds == ["promotion_set@1", "promotion_set@1", "promotion_withdrawn@1"]


def test_a_price_before_that_was_never_charged_is_refused(lines: Lines) -> None:
    params = {"price": "15.00", "base": "17.00"}
    eggs = DEC12 | {"products": ["13006"], "params": params}
    told = lines.say("promotion", **eggs)["error"]
    assert (told["code"], told["details"]["most"]) == ("base_price_too_high", "16.80")
    assert lines.say("promotion", **eggs | {"params": params | {"base": "16.80"}})["ok"]


@pytest.mark.parametrize(
    ("do", "fields", "code"),
    [
        ("price_list", {"lines": []}, "bad_price_list"),
        ("price_list", {"lines": [{"product": "99", "price": "1"}]}, "no_such_product"),
        ("price_list", {"lines": [{"product": "12006", "price": "x"}]}, "bad_amount"),
        ("price_list", {"lines": [{"product": "12006", "price": "1"}], "shops": ["KP09"]},
         "no_such_shop"),
        ("promotion", {"code": "X", "kind": "magic"}, "bad_promotion"),
        ("recall", {"product": "13006", "lots": []}, "nothing_recalled"),
        ("recall", {"product": "13006", "lots": ["x"], "level": "9"}, "bad_level"),
        ("recall", {"product": "99", "lots": ["x"]}, "no_such_product"),
        ("recall_lift", {"recall": "none"}, "no_such_recall"),
        ("staff", {"staff": "1", "role": "cashier"}, "staff_number_bad"),
        ("staff", {"staff": "105", "role": "king"}, "role_unknown"),
        ("festival", {"code": "x1", "name": "节", "from": "02-30", "to": "03-01"}, "festival_bad"),
        ("festival", {"code": "x1", "name": "节", "from": "02-29"}, "festival_bad"),
        ("person", {"person": "a b", "role": "editor", "password": PASSWORD}, "office_person_bad"),
        ("person", {"person": "local", "role": "editor", "password": PASSWORD},
         "office_person_bad"),
        ("person", {"person": "eve", "role": "king", "password": PASSWORD}, "office_role_bad"),
        ("decline", {"proposal": "none"}, "no_such_proposal"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(
    lines: Lines, do: str, fields: dict[str, Any], code: str
) -> None:
    answer = lines.say(do, **fields)
    assert answer["error"]["code"] == code
    assert answer["error"]["message"] not in ("", code)


def test_a_role_goes_to_the_shop_and_no_name_or_pin_with_it(lines: Lines) -> None:
    answer = lines.say("staff", staff="105", name="阿五", role="cashier", pin="246810")
    assert (answer["versions"], answer["left_out"]) == ({"KP01": 1}, ["name", "pin"])
    with lines.hub.hub.database.begin() as db:
        contents = b"".join(bytes(each) for each in db.scalars(select(hub_feed_part.c.content)))
    assert "阿五".encode() not in contents and b"246810" not in contents


def test_a_recall_is_seen_through_to_its_end(lines: Lines, writer: Writer) -> None:
    one = lines.say("recall", product="13006", lots=[BATCH], level="1")
    assert sent(lines.hub, "recalls") == [(1, "lots_recalled@1")]
    room = lines.say("recall_room", recall=one["recall"])
    assert [room[name] for name in ("received", "with_buyers", "came_back", "held", "missing")] == [
        88_000, 37_000, 0, 51_000, 0
    ]  # fmt: skip
    assert [(each["number"], each["certain"]) for each in room["receipts"]] == [
        ("KP01-1-261129-0001", False), ("KP01-1-261129-0002", False)
    ]  # fmt: skip
    assert room["tills"] == [{"shop": "KP01", "till": "1", "acknowledged_ms": 0}]
    assert lines.code("recall_lift", recall=one["recall"]) == "recall_not_closed"
    closed = lines.say("recall_close", recall=one["recall"])
    assert (closed["with_buyers"], closed["held"]) == (37_000, 51_000)
    assert lines.say("recall_lift", recall=one["recall"])["versions"] == {"KP01": 2}
    assert lines.code("recall_lift", recall=one["recall"]) == "no_such_recall"


def test_the_calendar_begins_with_the_brands_days_and_is_changed_by_people(lines: Lines) -> None:
    def named() -> dict[str, tuple[str, str]]:
        with lines.hub.hub.database.begin() as db:
            return {each.name: (each.from_day, each.to_day) for each in calendar(db)}

    assert named()["3·28 品牌日"] == ("03-28", "03-28")
    assert named()["5·20 优品消费节"] == ("05-20", "05-26")
    assert named()["国庆优品消费节"] == ("09-29", "10-06")
    assert named()["12·12 周年庆"] == ("12-12", "12-12")
    assert len(named()) == 11
    town = {"code": "town-jinji", "name": "金鸡禽蛋节", "town": "金鸡镇"}
    assert lines.say("festival", from_="x", **town)["error"]["code"] == "bad_command"
    assert lines.say("festival", **town, **{"from": "11-20", "to": "11-22"})["ok"]
    assert named()["金鸡禽蛋节"] == ("11-20", "11-22")


def test_a_shops_own_article_becomes_the_brands(lines: Lines) -> None:
    assert lines.say("adopt", shop="KP01", products=["13006"])["versions"] == {"KP01": 1}
    assert sent(lines.hub, "catalogue") == [(1, "products_set@1")]
    assert lines.code("adopt", shop="KP01", products=["nothing"]) == "no_such_product"


def test_every_act_of_a_line_stands_in_the_journal(lines: Lines) -> None:
    lines.say("recall", product="13006", lots=[LOT], level="2")
    with lines.hub.hub.database.begin() as db:
        rows = db.execute(select(office_act).order_by(office_act.c.order_ms)).all()
    assert [(row.person, row.act) for row in rows][-2:] == [
        ("local", "recalled"), ("local", "published")
    ]  # fmt: skip

"""Worked days of a chain: tills and a hub as programs, PostgreSQL, and a line that is cut."""

import pytest

from sync.channels.practice.server import PracticeServer
from tests.stories.networks import network
from tests.stories.test_t7_count import APPROVED, EGGS, GOOSE, TEA, by_product, received
from tests.stories.test_t8_prices_and_promotions import (
    DOUBLE_TWELVE,
    MEMBER_PHONE,
    MEMBERS,
    THREE_HUNDRED,
)
from tests.stories.test_t11_shift import BY_LEAD, code_of, given_back, sold
from tests.support.chains import CASHIER, MANAGER, Chain, everything_is_there_once
from tests.support.talkers import Talker

__all__ = ["network"]
EMPTY = ("--stock", "none")
LEAD = {"staff": "201", "pin": "135791"}
COUNTED_ON_HAND = {TEA: 22, GOOSE: 34.95, EGGS: 39}


def signed_in(till: Talker, person: dict[str, str]) -> None:
    till.ok("sign_in", **person)


def all_of_it(till: Talker) -> None:
    """The till sends until the hub has everything."""
    state = till.ok("sync")
    assert (state["waiting"], state["reason"]) == (0, ""), state
    assert state["acknowledged"] == till.ok("journal")["head"]


# --- T7: counted without a line, sent twice, there once -------------------------------------------


def counted_offline(till: Talker) -> None:
    """Goods in, two of them sold while three are counted; closed by a lead."""
    signed_in(till, {"staff": MANAGER["approver"], "pin": MANAGER["approver_pin"]})
    till.ok(
        "receive",
        supplier="开平合作社",
        lines=[
            received(TEA, "24", "76.00", lot="HC1103"),
            received(GOOSE, "35.400", "60.00", lot="EG1127"),
            received(EGGS, "2", "9.50", lot="JJ1101", expires="2026-12-07"),
            received(EGGS, "38", "9.50", lot="JJ1201", expires="2027-08-01"),
        ],
    )
    till.ok("wait", until="2026-12-08T13:40:00+08:00")
    signed_in(till, CASHIER)
    count = till.ok("count_open", zone=["A1", "A3"])["count"]
    for product, quantity in ((TEA, "1"), (GOOSE, "0.300")):
        till.ok("add", product=product, quantity=quantity)
        till.ok("pay", tender="cash")
    for zone, product, quantity in (("A1", TEA, "22"), ("A1", GOOSE, "34.950"), ("A3", EGGS, "41")):
        till.ok("count_line", count=count, zone=zone, product=product, quantity=quantity)
    signed_in(till, LEAD)
    [again] = till.ok("recount", count=count)["recount"]
    assert again["product"] == TEA
    till.ok("recount", count=count, product=TEA, quantity="22", counter="201")
    closed = till.ok("count_close", count=count)
    assert by_product(closed) == {
        TEA: ("22", "23", "-1", "-76.00"),
        GOOSE: ("34.950", "35.100", "-0.150", "-9.00"),
        EGGS: ("41", "40", "1", "9.50"),
    }
    assert (closed["net"], closed["gross"]) == ("-75.50", "94.50")
    gone = {"product": EGGS, "lot": "JJ1101", "quantity": "-2", "reason": "expired"}
    till.ok("adjust", lines=[gone], **APPROVED)


def test_t7_a_count_made_without_a_line_and_sent_twice_is_applied_once(chain: Chain) -> None:
    till = chain.open_till("1", *EMPTY, "--clock", "2026-12-07T14:02:00+08:00")
    all_of_it(till)
    chain.line.cut()
    counted_offline(till)
    assert till.ok("sync")["waiting"] > 0

    # Plugged in: it is sent, the answer is lost, and it is sent again.
    chain.line.heal()
    chain.line.loses_answers = True
    assert till.ok("sync")["waiting"] > 0
    assert chain.line.lost > 0
    chain.line.heal()
    all_of_it(till)
    till.end()
    everything_is_there_once(chain, sales=2, journals=1)
    assert chain.rows("SELECT count(*) FROM count_close") == [(1,)]
    on_hand = chain.rows("SELECT product, sum(quantity) FROM on_hand GROUP BY product")
    assert dict(on_hand) == {code: int(n * 1000) for code, n in COUNTED_ON_HAND.items()}
    lost = "SELECT sum(quantity * unit_cost) FROM movement WHERE reason = 'expired'"
    assert chain.rows(lost) == [(-19_00 * 10_000_000,)]


# --- T11: the peak day of two tills, the line down for twenty-five minutes ------------------------


@pytest.fixture
def peak(chain: Chain, network: PracticeServer) -> tuple[Talker, Talker]:
    """Till 1 and till 2, open on the morning of 12-12 and joined to the payment network."""
    clock = ("--clock", "2026-12-12T10:00:00+08:00")
    one, two = chain.open_till("1", *clock), chain.open_till("2", *EMPTY, *clock)
    for till in (one, two):
        till.ok("shop", set={"channel_address": network.address}, **MANAGER)
    return one, two


def first_till(till: Talker) -> None:
    """Everything till 1 sells but the cash of the outage."""
    whole = sold(till, "cash", 1)
    part = sold(till, "wechat", 2, "8.00")
    for tender, teas, off in (("wechat", 122, "11.70"), ("alipay", 76, "47.15"),
                              ("unionpay", 10, "20.00"), ("ecny", 2, "16.00")):  # fmt: skip
        sold(till, tender, teas, off)
    assert given_back(till, whole, 1, **BY_LEAD) == "68.00"
    assert given_back(till, part, 2, **BY_LEAD) == "128.00"
    till.ok("cash_out", amount="50.00", reason="买冰袋", kind="expense", **BY_LEAD)
    till.ok("cash_out", amount="2000.00", reason="抽钞", kind="drop", **BY_LEAD)


def double_twelve(till: Talker) -> str:
    """The basket of the day at till 2; its number."""
    signed_in(till, {"staff": MANAGER["approver"], "pin": MANAGER["approver_pin"]})
    for rule in (DOUBLE_TWELVE, THREE_HUNDRED, MEMBERS):
        till.ok("promotion", **rule)
    signed_in(till, CASHIER)
    till.ok("member_create", name="陈小姐", phone=MEMBER_PHONE, consent=True)
    for product, quantity in (("12006", "2"), ("21008", "3"), ("99001", "1")):
        till.ok("add", product=product, quantity=quantity)
    assert till.ok("member", phone=MEMBER_PHONE)["basket"]["due"] == "433.30"
    number: str = till.ok("pay", tender="alipay", code=code_of("alipay", 9))["receipt"]["number"]
    return number


def without_a_line(till: Talker) -> None:
    """A phone is refused with its reason; the basket stays, and cash is taken."""
    till.ok("fault", what="channel_cut")
    till.ok("add", product="12001", quantity="48")
    till.ok("discount", amount="55.60", reason="凑整", **MANAGER)
    refused = till.say("pay", tender="wechat", code=code_of("wechat", 77))["error"]
    assert (refused["code"], refused["details"]["reason"]) == ("tender_offline", "连不上支付网络")
    assert till.ok("pay", tender="cash")["state"] == "complete"
    till.ok("fault", what="channel_cut", on=False)


def test_t11_two_tills_come_to_the_hubs_total_after_the_line_was_down(
    chain: Chain, peak: tuple[Talker, Talker]
) -> None:
    one, two = peak
    first_till(one)
    for till in peak:
        all_of_it(till)
    chain.line.cut()
    # What till 2 publishes now till 1 cannot know before the line is back.
    double_twelve(two)
    for till in peak:
        till.ok("wait", until="2026-12-12T10:20:00+08:00")
        without_a_line(till)
        state = till.ok("sync")
        assert state["waiting"] > 0 and state["why_not"]
    for till in peak:
        till.ok("wait", until="2026-12-12T10:45:00+08:00")
    chain.line.heal()

    closed = one.ok("close_shift", counted="1656.40")
    assert (closed["expected"], closed["difference"]) == ("1658.40", "-2.00")
    z = one.ok("z_report", **BY_LEAD)
    assert (z["gross"], z["refunds"], z["net"]) == ("17589.55", "196.00", "17393.55")
    x = two.ok("x_report", **MANAGER)
    assert (x["gross"], x["refunds"]) == ("3601.70", "0.00")
    for till in peak:
        all_of_it(till)
        till.end()
    everything_is_there_once(chain, sales=7 + 2)
    total = chain.rows("SELECT sum(due) FROM sale")
    assert total == [(17_589_55 + 3_601_70,)]
    numbers = [number for (number,) in chain.rows("SELECT number FROM sale")]
    assert len(set(numbers)) == len(numbers) == 9

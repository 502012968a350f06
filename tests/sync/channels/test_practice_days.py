"""Every day of the practice network through every adapter, over a real socket."""

import json
from urllib.request import urlopen

import pytest

from app.clock import SettableClock
from sync.channels.answers import Back, Channel, Order
from sync.channels.practice.server import PracticeServer
from tests.sync.channels.conftest import WAYS, Reach

TODAY, TOMORROW = "2026-12-07", "2026-12-08"


def order(number: str = "A1", amount: int = 168_000, mode: str = "scan") -> Order:
    return Order(out_trade_no=number, amount=amount, subject="展示馆旗舰店", mode=mode)


def back(number: str = "A1", refund: str = "R1", amount: int = 951) -> Back:
    return Back(out_trade_no=number, out_refund_no=refund, amount=amount, total=168_000)


@pytest.fixture(params=WAYS)
def channel(request: pytest.FixtureRequest, practice: PracticeServer, reach: Reach) -> Channel:
    return reach(str(request.param), practice.address)


def code(day: str, refund_day: str = "00", start: str = "13") -> str:
    return start + "0" * 12 + refund_day + day


def outcomes(channel: Channel, times: int) -> list[str]:
    return [channel.query(order()).outcome for _ in range(times)]


def test_any_other_ending_is_paid_at_once(channel: Channel) -> None:
    heard = channel.pay(order(), code("55"))
    assert heard.outcome == "PAID"
    assert heard.trade_no
    assert outcomes(channel, 1) == ["PAID"]
    # The same order again is the same charge.
    assert channel.pay(order(), code("55")).outcome in ("PAID", "UNCLEAR")


def test_01_asks_for_the_password_and_is_paid_on_the_third_query(channel: Channel) -> None:
    assert channel.pay(order(), code("01")).outcome == "WAITS"
    assert outcomes(channel, 4) == ["WAITS", "WAITS", "PAID", "PAID"]


def test_02_is_paid_but_the_answer_is_lost(channel: Channel) -> None:
    heard = channel.pay(order(), code("02"))
    assert (heard.outcome, heard.reason) == ("UNCLEAR", "no_answer")
    assert outcomes(channel, 1) == ["PAID"]


@pytest.mark.parametrize("day", ["03", "07"])
def test_03_and_07_are_declined(channel: Channel, day: str) -> None:
    heard = channel.pay(order(), code(day))
    assert heard.outcome == "REFUSED"
    assert heard.reason


def test_04_is_never_answered_and_not_paid(channel: Channel) -> None:
    assert channel.pay(order(), code("04")).outcome == "UNCLEAR"
    assert outcomes(channel, 2) == ["WAITS", "WAITS"]
    assert channel.reverse(order()).outcome == "GONE"
    assert outcomes(channel, 1) == ["GONE"]


def test_05_is_paid_after_a_reverse_was_asked(channel: Channel) -> None:
    assert channel.pay(order(), code("05")).outcome == "WAITS"
    assert outcomes(channel, 4) == ["WAITS"] * 4
    assert channel.reverse(order()).outcome == "UNCLEAR"
    assert outcomes(channel, 1) == ["PAID"]


def test_06_answers_500_three_times_and_is_then_paid(channel: Channel) -> None:
    heard = channel.pay(order(), code("06"))
    assert (heard.outcome, heard.reason) == ("UNCLEAR", "server_error")
    assert outcomes(channel, 3) == ["UNCLEAR", "UNCLEAR", "PAID"]


def test_08_never_gets_its_password_and_its_second_reverse_is_done(channel: Channel) -> None:
    assert channel.pay(order(), code("08")).outcome == "WAITS"
    assert outcomes(channel, 5) == ["WAITS"] * 5
    assert channel.reverse(order()).outcome == "UNCLEAR"
    assert outcomes(channel, 1) == ["WAITS"]
    assert channel.reverse(order()).outcome == "GONE"
    assert outcomes(channel, 1) == ["GONE"]


def test_09_stands_on_the_bill_with_another_amount(channel: Channel) -> None:
    assert channel.pay(order(), code("09")).outcome == "PAID"
    (row,) = channel.bill(TODAY)
    assert (row.out_trade_no, row.amount) == ("A1", 168_001)
    assert channel.bill(TOMORROW) == []


def test_a_code_pays_for_one_order_only(channel: Channel) -> None:
    assert channel.pay(order("A1"), code("55")).outcome == "PAID"
    assert channel.pay(order("A2"), code("55")).outcome == "REFUSED"


def test_an_order_nobody_sent_is_not_found_and_can_never_come_in_later(channel: Channel) -> None:
    assert outcomes(channel, 1) == ["NOT_FOUND"]
    assert channel.reverse(order()).outcome == "NOT_FOUND"
    assert channel.pay(order(), code("55")).outcome != "PAID"


def test_a_paid_order_that_is_taken_back_goes_back_whole(
    channel: Channel, practice: PracticeServer
) -> None:
    channel.pay(order(), code("55"))
    assert channel.reverse(order()).outcome == "GONE"
    assert outcomes(channel, 1) == ["GONE"]
    assert practice.network.orders["A1"].returned == 168_000


def test_our_own_code_is_shown_and_paid_while_we_ask(channel: Channel) -> None:
    heard = channel.pay(order(mode="shown"), "")
    assert heard.outcome == "WAITS"
    assert "A1" in heard.show
    shown = [channel.query(order(mode="shown")).outcome for _ in range(2)]
    assert shown == ["WAITS", "PAID"]


def test_our_own_code_can_be_closed(channel: Channel) -> None:
    channel.pay(order(mode="shown"), "")
    assert channel.reverse(order(mode="shown")).outcome == "GONE"


# --- refunds -----------------------------------------------------------------------------------


def test_a_refund_is_done_and_the_same_number_pays_once(
    channel: Channel, practice: PracticeServer
) -> None:
    channel.pay(order(), code("55"))
    assert channel.refund(back()).outcome == "PAID"
    assert channel.refund(back()).outcome == "PAID"
    assert channel.query_refund(back()).outcome == "PAID"
    assert practice.network.orders["A1"].returned == 951
    assert [(row.out_refund_no, row.amount) for row in channel.bill(TODAY)] == [
        ("", 168_000),
        ("R1", 951),
    ]


def test_refund_01_loses_its_answer_but_is_done(channel: Channel) -> None:
    channel.pay(order(), code("55", "01"))
    assert channel.refund(back()).outcome == "UNCLEAR"
    assert channel.query_refund(back()).outcome == "PAID"


def test_refund_02_is_in_progress_twice(channel: Channel) -> None:
    channel.pay(order(), code("55", "02"))
    assert channel.refund(back()).outcome == "WAITS"
    assert [channel.query_refund(back()).outcome for _ in range(2)] == ["WAITS", "PAID"]


def test_refund_03_finds_the_merchants_balance_short_until_tomorrow(
    channel: Channel, clock: SettableClock
) -> None:
    channel.pay(order(), code("55", "03"))
    assert channel.refund(back()).outcome == "REFUSED"
    assert channel.refund(back()).outcome == "REFUSED"
    clock.advance(24 * 3_600_000)
    assert channel.refund(back()).outcome == "PAID"


def test_a_refund_nobody_sent_is_not_found(channel: Channel) -> None:
    channel.pay(order(), code("55"))
    assert channel.query_refund(back()).outcome == "NOT_FOUND"


def test_more_than_was_paid_never_goes_back(channel: Channel) -> None:
    channel.pay(order(), code("55"))
    assert channel.refund(back(amount=168_000)).outcome == "PAID"
    assert channel.refund(back(refund="R2", amount=1)).outcome == "REFUSED"


def test_anybody_on_this_machine_may_read_the_bill(practice: PracticeServer, reach: Reach) -> None:
    reach("wechat", practice.address).pay(order(), code("55"))
    with urlopen(f"{practice.address}/bill?date={TODAY}") as answer:
        said = json.load(answer)
    assert [row["amount"] for row in said["rows"]] == [168_000]

"""A practice network on a free port, and a till's three ways to reach it."""

from collections.abc import Callable, Iterator

import pytest

from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from sync.channels.aggregator import Aggregator
from sync.channels.alipay import Alipay
from sync.channels.answers import Channel
from sync.channels.carrying import Line
from sync.channels.practice.keys import practice_keys
from sync.channels.practice.server import PracticeServer
from sync.channels.wechat import WeChatPay
from tests.support.practice import practising
from tests.support.tills import make_till, till

__all__ = ["clock", "make_till", "practice", "reach", "till"]

NOON = parse_time("2026-12-07T12:00:00+08:00")
WAYS = ("wechat", "alipay", "unionpay")


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOON)


@pytest.fixture
def practice(clock: SettableClock) -> Iterator[PracticeServer]:
    with practising(hold_s=0.05, clock=clock) as server:
        yield server


Reach = Callable[[str, str], Channel]


@pytest.fixture
def reach(clock: SettableClock) -> Reach:
    """The channel of a wallet at an address."""
    ids = Ids(clock, seeded("till"))

    def channel(way: str, address: str) -> Channel:
        line = Line(address, clock, practice=True)
        wechat, alipay, terminal = practice_keys(address)
        if way == "wechat":
            return WeChatPay(wechat, line, clock, ids)
        if way == "alipay":
            return Alipay(alipay, line, clock)
        return Aggregator(way, terminal, line, clock, ids)

    return channel

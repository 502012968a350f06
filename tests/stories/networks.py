"""A counter joined to the practice network, to tell stories of wallets at."""

from collections.abc import Iterator
from typing import Any

import pytest

from sync.channels.practice.server import PracticeServer
from tests.stories.counters import MANAGER, ShopFloor
from tests.support.practice import practising

GOODS = "22001"
PRICE, FEN = "1680.00", 168_000


def wallet(day: str, refund_day: str = "00", *, salt: int = 0) -> str:
    """A WeChat code whose ending chooses the day."""
    return f"13{salt:012d}{refund_day}{day}"


@pytest.fixture
def network() -> Iterator[PracticeServer]:
    """The practice network on a port of its own."""
    with practising(hold_s=1.5) as server:
        yield server


@pytest.fixture
def till(counter: ShopFloor, network: PracticeServer) -> ShopFloor:
    """A counter that is joined to the network, its customer's basket complete and quiet."""
    counter.ok("shop", set={"channel_address": network.address}, **approved())
    counter.ok("scan", code=GOODS)
    counter.ok("wait", seconds=2)
    return counter


def approved() -> dict[str, str]:
    """A manager's yes beside a command."""
    return {"approver": MANAGER[0], "approver_pin": MANAGER[1]}


def charged(network: PracticeServer) -> int:
    """Fen the network holds for good."""
    orders = network.network.orders.values()
    return sum(each.amount - each.returned for each in orders if each.paid_ms)


def payment(till: ShopFloor, at: int = -1) -> dict[str, Any]:
    """One of the charges as the till lists them, the newest unless told."""
    found: dict[str, Any] = till.ok("payments")["payments"][at]
    return found

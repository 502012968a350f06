"""Two tills sell on while their line does everything a bad network can do."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sync.channels import requesting
from sync.channels.answers import ChannelTrouble
from tests.support.chains import Chain, everything_is_there_once, sell
from tests.support.fault_proxy import FAULTS, FaultProxy
from tests.support.talkers import Talker

SLOW = ("half_open", "trickle")
"""These last until the till itself has had enough."""
SAID = {
    "delay": "", "duplicate": "", "portal": "portal", "drop": "no_answer", "reset": "no_answer",
    "speaks_tls": "no_answer", "truncate_request": "no_answer", "truncate_answer": "no_answer",
}  # fmt: skip
"""What a till says of a line that does this every time."""
MOST_ROUNDS, MOST_LOOKS = 40, 10


def a_rough_day(chain: Chain, till: Talker) -> int:
    """Sell and send until every fault of the line has been met; how many sales it took."""
    for sold in range(MOST_ROUNDS):
        if not chain.line.left:
            return sold
        sell(till, 1)
        till.ok("sync")
    raise AssertionError(f"{chain.line.left} faults were never met")


def said(till: Talker, reason: str) -> dict[str, Any] | None:
    """The till's state once it says this; what it sent before may fail otherwise yet."""
    looks = (till.ok("sync") for _look in range(MOST_LOOKS))
    return next((state for state in looks if state["reason"] == reason), None)


@pytest.mark.timeout(1800)
def test_every_sale_arrives_once_through_a_seeded_row_of_faults(chain: Chain, soak: bool) -> None:
    tills = [chain.open_till("1"), chain.open_till("2")]
    days = 20 if soak else 1
    sold = 0
    for _day in range(days):
        chain.line.rough([*FAULTS, *(each for each in FAULTS if each not in SLOW)])
        with ThreadPoolExecutor() as pool:
            sold += sum(pool.map(lambda till: a_rough_day(chain, till), tills))
    assert all(chain.line.met[fault] >= days for fault in FAULTS), chain.line.met
    assert SAID.keys() == FAULTS.keys() - {*SLOW}
    for fault, reason in SAID.items():
        chain.line.hold(fault)
        for till in tills:
            sell(till, 1)
            sold += 1
            assert said(till, reason), fault
    chain.line.heal()
    for till in tills:
        sell(till, 1)
        state = said(till, "")
        assert state is not None and state["waiting"] == 0, state
        till.end()
    everything_is_there_once(chain, sales=sold + 2)


def test_an_answer_that_trickles_does_not_hold_a_till(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, so only a limit for the whole talk ends it."""
    monkeypatch.setattr(requesting, "WHOLE_TALK_S", 1.5)
    server = FaultProxy(0)
    ended = threading.Event()

    def trickle(_proxy: FaultProxy, near: object) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + b" " * 40:
            near.sendall(bytes([byte]))  # type: ignore[attr-defined]
            if ended.wait(0.2):
                return

    monkeypatch.setattr(FaultProxy, "_honest", trickle)
    try:
        with pytest.raises(ChannelTrouble, match="no_answer") as trouble:
            requesting.exchange("GET", server.address, b"", {}, loopback=True)
    finally:
        ended.set()
        server.close()
    assert trouble.value.reached

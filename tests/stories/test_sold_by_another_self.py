"""A till put back from a copy finds a basket open that its other self sold: what it charged for it
goes home. At the console, with the practice network."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import siblings
from app.own_journals import open_next_journal
from sync.channels.practice.server import PracticeServer
from tests.stories.counters import ShopFloor
from tests.stories.networks import FEN, charged, payment, till, wallet

__all__ = ["till"]


@pytest.fixture
def other(till: ShopFloor, tmp_path: Path) -> Iterator[ShopFloor]:
    """The till as a copy made now has it, put back later: in its next journal, and signed in."""
    till.close()
    shutil.copytree(till.folder, tmp_path / "put back")
    till.sign_in()
    one = ShopFloor(tmp_path / "put back", seed="put back")
    one.clock.advance(till.clock.wall_ms() - one.clock.wall_ms() + 60_000)
    open_next_journal(one.till.books, reason="restored")
    one.sign_in()
    yield one
    one.close()


def come_down(till: ShopFloor, other: ShopFloor) -> int:
    """What the till wrote since comes back to its other self; how many entries."""
    rows = till.rows("SELECT journal, seq, content, sig FROM entry ORDER BY journal, seq")
    return siblings.take(other.till.books, [siblings.Sent(*row) for row in rows])


@pytest.mark.parametrize("phones", [FEN, FEN - 1])
def test_money_for_a_basket_its_other_self_sold_goes_back(
    till: ShopFloor, other: ShopFloor, network: PracticeServer, phones: int
) -> None:
    """A part of it as well as the whole: nothing of it belongs to a sale."""
    assert till.ok("pay", tender="cash")["state"] == "complete"
    # Paid at the third question; before that the other self's sale is there.
    amount = f"{phones // 100}.{phones % 100:02}"
    paid = other.ok("pay", tender="wechat", amount=amount, code=wallet("01"))
    assert paid["state"] == "waiting"
    assert come_down(till, other) > 0
    other.ok("wait", seconds=30)
    [order] = network.network.orders.values()
    assert order.paid_ms and (order.amount, order.returned) == (phones, phones)
    assert charged(network) == 0
    assert payment(other)["step"] == "CAPTURED" and other.ok("tasks")["tasks"] == []
    assert other.rows("SELECT amount FROM refund_attempt") == [(phones,)]
    assert other.rows("SELECT state FROM refund_now") == [("DONE",)]
    assert other.rows("SELECT count(*) FROM sale") == [(1,)]
    # The basket itself is only good for going away.
    assert other.refused("pay", tender="cash") == "basket_sold"
    other.ok("back")
    other.ok("cancel_basket", reason="已经结过账")
    other.verified()

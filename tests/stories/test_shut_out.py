"""Head office has shut a till out: no wallets any more, and everything else of a day."""

from app.members.revoking import let_in_again, revoke
from app.transaction import transaction
from sync.channels.practice.server import PracticeServer
from tests.stories.counters import ShopFloor
from tests.stories.networks import GOODS, PRICE, approved, charged, network, payment, till, wallet
from tests.stories.test_t6_refunds import back

__all__ = ["network", "till"]


def test_a_till_that_is_shut_out_takes_cash_refunds_and_closes_but_no_wallets(
    till: ShopFloor, network: PracticeServer
) -> None:
    with transaction(till.till.books) as tx:
        revoke(tx, 1)
    assert till.refused("scan", code=wallet("00")) == "till_revoked"
    assert till.refused("pay", tender="wechat") == "till_revoked"
    assert charged(network) == 0
    sold = till.ok("pay", tender="cash")
    assert (sold["state"], sold["due"]) == ("complete", PRICE)
    goods = [back(1, "1", "no_longer_wanted")]
    till.ok("refund", receipt=sold["receipt"]["number"], lines=goods, **approved())
    till.ok("close_shift", counted="500")
    till.verified()


def test_the_payment_that_was_under_way_still_comes_home(
    till: ShopFloor, network: PracticeServer
) -> None:
    assert till.ok("scan", code=wallet("01"))["state"] == "waiting"
    with transaction(till.till.books) as tx:
        revoke(tx, 1)
    till.ok("wait", seconds=15)
    assert payment(till)["state"] == "complete"
    with transaction(till.till.books) as tx:
        let_in_again(tx)
    till.ok("scan", code=GOODS)
    till.ok("wait", seconds=2)
    assert till.ok("scan", code=wallet("00", salt=1))["kind"] == "payment_code"

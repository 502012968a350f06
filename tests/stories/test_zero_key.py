"""A wallet code pays with no key only when nothing is open; and hands that are too fast."""

import threading
from collections import Counter
from typing import Any

from sync.channels.practice.server import PracticeServer
from tests.stories.counters import ShopFloor
from tests.stories.networks import FEN, GOODS, PRICE, approved, charged, wallet


def scanned(till: ShopFloor, code: str) -> dict[str, Any]:
    return till.ok("scan", code=code)


def test_a_line_that_changed_within_a_second_waits_for_one_key(
    counter: ShopFloor, network: PracticeServer
) -> None:
    counter.ok("shop", set={"channel_address": network.address}, **approved())
    counter.ok("scan", code=GOODS)
    said = scanned(counter, wallet("55"))
    assert said["kind"] == "payment_code" and said["basket"]["collecting"]
    assert said["basket"]["open"] == PRICE
    assert network.network.orders == {}
    assert counter.ok("pay", tender="wechat")["state"] == "complete"
    assert charged(network) == FEN


def test_a_code_that_waited_is_forgotten_once_the_basket_changes(
    counter: ShopFloor, network: PracticeServer
) -> None:
    counter.ok("shop", set={"channel_address": network.address}, **approved())
    for step in ("back", "cancel_basket"):
        counter.ok("scan", code=GOODS)
        scanned(counter, wallet("55"))
        counter.ok(step, **({"reason": "换人"} if step == "cancel_basket" else {}))
        if step == "cancel_basket":
            counter.ok("scan", code=GOODS)
        said = counter.ok("pay", tender="wechat")
        assert said["state"] == "waiting" and said["show"]
        counter.ok("wait", seconds=400)
        counter.say("back")
    assert all(not order.code for order in network.network.orders.values())


def test_a_refused_article_keeps_the_basket_open(till: ShopFloor, network: PracticeServer) -> None:
    assert till.refused("scan", code="6901234567892") == "unknown_code"
    till.ok("wait", seconds=5)
    assert scanned(till, wallet("55"))["basket"]["collecting"]
    assert network.network.orders == {}
    till.ok("back")
    # Another article that is accepted answers it.
    till.ok("scan", code="11014")
    till.ok("wait", seconds=5)
    assert scanned(till, wallet("55", salt=1))["state"] == "complete"


def test_a_question_keeps_the_basket_open(till: ShopFloor, network: PracticeServer) -> None:
    assert till.ok("scan", code="6900000210109")["question"]["question"] == "age"
    till.ok("wait", seconds=5)
    assert till.refused("scan", code=wallet("55")) == "question_open"
    assert network.network.orders == {}


def test_a_total_the_customer_has_not_seen_waits_for_one_key(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.till.counter.customer_sees = lambda due: False
    assert scanned(till, wallet("55"))["basket"]["collecting"]
    assert network.network.orders == {}


# --- fast hands --------------------------------------------------------------------------------


def test_fifty_codes_and_fifty_enters_at_once_charge_once(
    till: ShopFloor, network: PracticeServer
) -> None:
    counter = till.till.counter
    codes: Counter[str] = Counter()
    start = threading.Barrier(50)

    def click(n: int) -> None:
        start.wait(10)
        try:
            if n % 2:
                counter.scan(wallet("55"))
            else:
                counter.charge("wechat", None, wallet("55"))
        except Exception as error:
            codes[getattr(error, "code", repr(error))] += 1

    hands = [threading.Thread(target=click, args=(n,)) for n in range(50)]
    for each in hands:
        each.start()
    for each in hands:
        each.join(30)
    till.till.payments.settle()
    assert sum(codes.values()) == 49, codes
    assert set(codes) <= {"one_moment", "attempt_open", "basket_empty", "code_used"}
    assert len(network.network.orders) == 1
    assert charged(network) == FEN
    assert till.rows("SELECT count(*) FROM sale") == [(1,)]
    assert till.rows("SELECT count(*) FROM print_job WHERE kind = 'receipt'") == [(1,)]
    till.verified()


def test_no_code_is_ever_on_the_disk(till: ShopFloor) -> None:
    codes = [wallet("03", salt=1), wallet("01", salt=2)]
    till.ok("scan", code=codes[0])
    till.ok("scan", code=codes[1])
    till.ok("wait", seconds=20)
    till.close()
    disk = b"".join(path.read_bytes() for path in till.folder.rglob("*") if path.is_file())
    assert not any(code.encode() in disk for code in codes)

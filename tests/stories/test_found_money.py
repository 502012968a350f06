"""A wallet's money that came although the charge was given up: with one word it becomes the sale
the customer went off with, or goes back. At the console, with the practice network."""

import signal
import subprocess
import sys

import msgspec
import pytest

from app import siblings
from app.facts.sales import Approval, BasketLine
from app.payments.actions import begin_attempt
from app.payments.queries import Disagreement
from app.sales.bill_answers import answers_to
from app.sales.queries import receipt, stored
from app.transaction import transaction
from sync.channels.practice.server import PracticeServer
from tests.stories.counters import CASHIER, LEAD, MANAGER, ShopFloor
from tests.stories.networks import FEN, approved, charged, payment, wallet
from tests.support.entries import Writer
from tests.support.processes import ROOT, SECONDS

TODAY = "2026-12-07"


def came_after_all(till: ShopFloor, network: PracticeServer) -> str:
    """The bill says the money was there; the first task that says so."""
    for order in network.network.orders.values():
        if not order.paid_ms:
            order.state, order.paid_ms = "paid", till.clock.wall_ms()
    till.ok("reconcile", date=TODAY, **approved())
    return str(till.ok("tasks")["tasks"][0]["task"])


def answers(till: ShopFloor) -> list[str]:
    """What can be answered to the first task."""
    found: list[str] = till.ok("tasks")["tasks"][0]["answers"]
    return found


def went_off(till: ShopFloor) -> None:
    """The charge came to nothing, the customer seemed to want nothing any more and left."""
    till.ok("back")
    till.ok("cancel_basket", reason="顾客不要了")


def test_the_basket_still_on_the_counter_becomes_the_sale(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("03"))
    task = came_after_all(till, network)
    assert answers(till) == ["refund", "sale", "seen"]
    till.ok("settle_task", task=task, answer="sale", **approved())
    assert till.ok("basket")["basket"]["lines"] == []
    assert payment(till)["state"] == "complete"
    assert payment(till)["receipt"] == till.ok("find_receipt", date=TODAY)["receipts"][0]["number"]
    assert charged(network) == FEN
    assert till.ok("tasks")["tasks"] == []
    # Compared again, the bill agrees.
    assert till.ok("reconcile", date=TODAY, **approved())["differences"] == []
    till.verified()


def test_a_basket_that_was_cancelled_becomes_the_sale_at_the_price_that_was_asked(
    till: ShopFloor, network: PracticeServer
) -> None:
    before = till.on_hand("12001")
    till.ok("cancel_basket", reason="重来")
    till.ok("scan", code="12001")
    till.ok("add", product="11014", quantity="2")
    till.ok("discount", line=0, percent="5", reason="熟客")
    due = till.ok("basket")["basket"]["due"]
    till.ok("wait", seconds=2)
    assert till.ok("pay", tender="wechat", code=wallet("03"))["state"] == "declined"
    went_off(till)
    # Another customer's goods lie on the counter when the bill comes, and stay there.
    till.ok("scan", code="13006")
    task = came_after_all(till, network)
    till.ok("settle_task", task=task, answer="sale", **approved())
    assert len(till.ok("basket")["basket"]["lines"]) == 1
    found = till.ok("receipt", number=payment(till)["receipt"])["receipt"]
    assert found["due"] == due
    assert found["tenders"][0]["tender"] == "wechat"
    assert [(line["product"], line["quantity"]) for line in found["lines"]] == [
        ("12001", "1"),
        ("11014", "2"),
    ]
    assert float(till.on_hand("12001")) == float(before) - 1
    # The books say that it was a bill that told, of the charge and of each line.
    told = till.rows("SELECT reason, person FROM payment_step WHERE state = 'CAPTURED'")
    assert told == [("bill", MANAGER[0])]
    with till.till.books.read() as db:
        kept = receipt(db, till.till.books.shop, "1", found["number"])
    assert kept is not None
    assert {line.source for line in kept.sale.lines} == {"bill"}
    assert till.ok("x_report")["tenders"]["wechat"]["in"] == due
    # No paper came out for a customer who is gone; asked for, it is the first one.
    assert till.rows("SELECT count(*) FROM print_job WHERE kind = 'receipt'") == [(0,)]
    assert till.ok("reprint", number=found["number"])["copy"] == 0
    till.verified()


def test_a_deposit_stays_a_deposit(till: ShopFloor, network: PracticeServer) -> None:
    till.ok("cancel_basket", reason="重来")
    with_deposit = till.rows("SELECT code FROM product WHERE deposit > 0 ORDER BY code")[0][0]
    till.ok("add", product=with_deposit, quantity="1")
    till.ok("wait", seconds=2)
    till.ok("pay", tender="wechat", code=wallet("03"))
    went_off(till)
    task = came_after_all(till, network)
    till.ok("settle_task", task=task, answer="sale", **approved())
    lines = till.ok("receipt", number=payment(till)["receipt"])["receipt"]["lines"]
    assert [line["name"].startswith("押金·") for line in lines] == [False, True]
    (taxed,) = till.rows("SELECT tax_class FROM sale_line WHERE line = ?", lines[1]["line"])
    assert taxed == ("deposit",)


def test_who_may_say_so_and_what_the_sale_keeps_of_it(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("03"))
    task = came_after_all(till, network)
    assert till.refused("settle_task", task=task, answer="sale") == "approval_needed"
    lead = {"approver": LEAD[0], "approver_pin": LEAD[1]}
    assert till.refused("settle_task", task=task, answer="sale", **lead) == "approval_needed"
    till.ok("settle_task", task=task, answer="sale", **approved())
    with till.till.books.read() as db:
        kept = receipt(db, till.till.books.shop, "1")
    assert kept is not None
    assert kept.sale.person == CASHIER[0]
    assert kept.sale.approvals == (Approval(person=MANAGER[0], action="settle_unknown"),)


def test_a_second_yes_finds_nothing_left(till: ShopFloor, network: PracticeServer) -> None:
    till.ok("scan", code=wallet("03"))
    task = came_after_all(till, network)
    till.ok("settle_task", task=task, answer="sale", **approved())
    for answer in ("sale", "refund", "seen"):
        assert till.refused("settle_task", task=task, answer=answer, **approved()) == "unknown_task"
    assert till.rows("SELECT count(*) FROM sale") == [(1,)]
    assert charged(network) == FEN


def test_of_two_charges_for_one_basket_one_becomes_the_sale_and_the_other_goes_back(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("03"))
    till.ok("scan", code=wallet("03", salt=1))
    came_after_all(till, network)
    assert charged(network) == 2 * FEN
    _first, second = till.ok("tasks")["tasks"]
    till.ok("settle_task", task=second["task"], answer="sale", **approved())
    (other,) = till.ok("tasks")["tasks"]
    assert other["answers"] == ["refund", "seen"]
    assert (
        till.refused("settle_task", task=other["task"], answer="sale", **approved())
        == "bad_task_answer"
    )
    till.ok("settle_task", task=other["task"], answer="refund", **approved())
    assert charged(network) == FEN


def test_what_cannot_be_that_sale_any_more_only_goes_back(
    till: ShopFloor, network: PracticeServer
) -> None:
    # Paid in cash meanwhile.
    till.ok("scan", code=wallet("03"))
    till.ok("pay", tender="cash")
    came_after_all(till, network)
    assert answers(till) == ["refund", "seen"]


def test_a_basket_that_went_on_is_not_what_was_asked_for(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("03"))
    till.ok("back")
    till.ok("scan", code="12001")
    came_after_all(till, network)
    assert answers(till) == ["refund", "seen"]


def test_money_for_a_part_of_what_was_due_is_no_sale(
    till: ShopFloor, network: PracticeServer
) -> None:
    assert till.ok("pay", tender="wechat", amount="1000.00", code=wallet("03"))
    went_off(till)
    came_after_all(till, network)
    assert answers(till) == ["refund", "seen"]


def test_a_part_of_the_money_that_is_still_there_is_no_sale(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("scan", code=wallet("03"))
    (order,) = network.network.orders.values()
    order.state, order.paid_ms, order.amount = "paid", till.clock.wall_ms(), FEN - 1
    till.ok("reconcile", date=TODAY, **approved())
    assert answers(till) == ["refund", "seen"]


def test_nobody_sells_without_a_shift(till: ShopFloor, network: PracticeServer) -> None:
    till.ok("scan", code=wallet("03"))
    went_off(till)
    task = came_after_all(till, network)
    till.ok("close_shift", counted="500.00")
    refused = till.refused("settle_task", task=task, answer="sale", **approved())
    assert refused == "shift_needed"
    assert answers(till) == ["refund", "sale", "seen"]


@pytest.mark.parametrize("when", ["before", "inside", "after"])
def test_killed_while_it_becomes_the_sale_it_is_one_or_none(
    till: ShopFloor, network: PracticeServer, when: str
) -> None:
    till.ok("scan", code=wallet("03"))
    task = came_after_all(till, network)
    till.close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.selling_found", str(till.folder), task, when],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    till.restart()
    sales = till.rows("SELECT count(*) FROM sale")
    assert sales == [(1 if when == "after" else 0,)]
    if when == "after":
        assert till.refused("settle_task", task=task, answer="sale", **approved()) == "unknown_task"
    else:
        till.ok("settle_task", task=task, answer="sale", **approved())
    assert till.rows("SELECT count(*) FROM sale") == [(1,)]
    assert till.ok("tasks")["tasks"] == []
    assert till.ok("basket")["basket"]["lines"] == []
    till.verified()


def test_goods_the_catalogue_does_not_know_any_more_are_no_sale(till: ShopFloor) -> None:
    books, desk = till.till.books, till.seat.desk
    gone = BasketLine(line=1, product="NO-SUCH", name="旧货", quantity=1000, amount=5_00)
    with transaction(books, staff="101") as tx:
        attempt = begin_attempt(
            tx, basket="a-basket-of-before", lines=(gone,), person="101", tender="wechat",
            amount=5_00, due=5_00, day=desk.day, shift=desk.shift_id,
        )  # fmt: skip
    found = Disagreement(TODAY, "wechat", 1, "not_taken", "T", "", attempt, 0, 5_00, 0)
    with books.read() as db:
        assert answers_to(db, books.shop, found) == ("refund", "seen")


def test_another_tills_charge_is_never_this_tills_sale(till: ShopFloor) -> None:
    """Made on both tills, the basket's identity would stand twice and one sale be lost."""
    books, desk = till.till.books, till.seat.desk
    line = BasketLine(line=1, product="13006", name="鸡蛋", quantity=1000, amount=16_80)
    with transaction(books, staff="101") as tx:
        ours = begin_attempt(
            tx, basket="a-basket", lines=(line,), person="101", tender="wechat",
            amount=16_80, due=16_80, day=desk.day, shift=desk.shift_id,
        )  # fmt: skip
    with books.read() as db:
        asked = stored(db, ours).fact
    other = Writer("b", till="2")
    theirs = other.write(msgspec.structs.replace(asked, till="2", basket="their-basket"))
    siblings.take(
        books, [siblings.Sent(each.journal, each.seq, each.content, each.sig)
                for each in other.entries],
    )  # fmt: skip
    answers = {}
    with books.read() as db:
        for n, attempt in enumerate((ours, theirs.fact)):
            found = Disagreement(TODAY, "wechat", n, "not_taken", "T", "", attempt, 0, 16_80, 0)
            answers[attempt] = answers_to(db, books.shop, found)
    assert answers == {ours: ("refund", "sale", "seen"), theirs.fact: ("refund", "seen")}

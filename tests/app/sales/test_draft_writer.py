"""Drafts go behind the painted line: newest last, and never after the basket's end."""

import threading
from collections.abc import Callable

import pytest

from app.errors import Refusal, Trouble
from app.sales import actions, draft_writer
from app.sales.basket import Basket
from app.sales.counter import Counter, Stage
from app.sales.draft_writer import DraftWriter
from app.sales.queries import open_basket
from printers.template import shipped
from tests.stories.counters import CASHIER, ShopFloor


def basket(revision: int, name: str = "b") -> Basket:
    """A basket that differs only in its revision."""
    return Basket(id=name, opened_ms=0, revision=revision)


class SlowDisk:
    """Writes one draft at a time, when it is let."""

    def __init__(self) -> None:
        self.let = threading.Semaphore(0)
        self.began = threading.Semaphore(0)
        self.written: list[Basket] = []
        self.full = False

    def write(self, one: Basket) -> None:
        self.began.release()
        assert self.let.acquire(timeout=10)
        if self.full:
            raise Trouble("disk_full")
        self.written.append(one)


def test_a_line_waits_until_the_one_before_is_on_the_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(draft_writer, "PATIENCE_S", 10)
    disk = SlowDisk()
    drafts = DraftWriter(disk.write)
    drafts.save(basket(1))
    assert disk.began.acquire(timeout=10)
    second = threading.Thread(target=lambda: drafts.save(basket(2)))
    second.start()
    second.join(0.05)
    assert second.is_alive()
    disk.let.release()
    second.join(10)
    assert [each.revision for each in disk.written] == [1]
    disk.let.release(100)
    drafts.close()


def test_a_disk_that_stands_still_holds_nobody_up_and_only_the_newest_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(draft_writer, "PATIENCE_S", 0.001)
    disk = SlowDisk()
    drafts = DraftWriter(disk.write)
    drafts.save(basket(1))
    assert disk.began.acquire(timeout=10)
    for revision in range(2, 50):
        drafts.save(basket(revision))
    assert disk.written == []
    disk.let.release(100)
    drafts.flush()
    assert [each.revision for each in disk.written] == [1, 49]
    drafts.close()


def test_drafts_of_two_baskets_do_not_push_each_other_out() -> None:
    disk = SlowDisk()
    drafts = DraftWriter(disk.write)
    for one in (basket(1, "a"), basket(1, "b"), basket(2, "a")):
        drafts.save(one)
    disk.let.release(100)
    drafts.flush()
    assert {each.id for each in disk.written} == {"a", "b"}
    assert [each.revision for each in disk.written if each.id == "a"][-1] == 2
    drafts.close()


def test_whoever_flushes_hears_that_the_disk_is_full_and_the_next_flush_tries_again() -> None:
    disk = SlowDisk()
    disk.let.release(100)
    drafts = DraftWriter(disk.write)
    disk.full = True
    drafts.save(basket(1))
    for _ in range(2):
        with pytest.raises(Trouble, match="disk_full"):
            drafts.flush()
    disk.full = False
    drafts.flush()
    assert [each.revision for each in disk.written] == [1]
    drafts.close()


def test_a_closed_writer_has_written_everything_and_writes_on_at_once() -> None:
    disk = SlowDisk()
    disk.let.release(100)
    drafts = DraftWriter(disk.write)
    drafts.save(basket(1))
    drafts.close()
    assert [each.revision for each in disk.written] == [1]
    drafts.save(basket(2))
    assert [each.revision for each in disk.written] == [1, 2]


def test_a_flush_with_nothing_to_write_returns() -> None:
    drafts = DraftWriter(SlowDisk().write)
    drafts.flush()
    drafts.close()


# --- at a real counter ------------------------------------------------------------------------


def slow_counter(shop: ShopFloor, write: Callable[[Basket], None]) -> tuple[Counter, DraftWriter]:
    """A counter as the window has it."""
    drafts = DraftWriter(write)
    counter = Counter(
        shop.till.books, template=shipped(), save_draft=drafts.save, flush_drafts=drafts.flush
    )
    counter.desk.sign_in(*CASHIER)
    if counter.desk.shift is None:
        counter.desk.open_shift(0)
    return counter, drafts


def test_the_basket_is_on_the_disk_before_anybody_takes_money(shop: ShopFloor) -> None:
    books = shop.till.books
    counter, drafts = slow_counter(shop, lambda one: actions.save_draft(books, one))
    for _ in range(20):
        counter.scan("11014")
    counter.checkout()
    with books.read() as db:
        assert open_basket(db) == counter.basket
    drafts.close()


def test_no_money_is_taken_while_the_basket_cannot_be_saved(shop: ShopFloor) -> None:
    def full(_one: Basket) -> None:
        raise Trouble("disk_full")

    counter, drafts = slow_counter(shop, full)
    counter.scan("11014")
    with pytest.raises(Trouble, match="disk_full"):
        counter.pay_cash()
    assert counter.stage is Stage.SELLING and len(counter.basket.lines) == 1
    assert shop.rows("SELECT count(*) FROM sale") == [(0,)]
    drafts.close()


def test_a_draft_that_comes_after_the_sale_brings_no_ghost_back(counter: ShopFloor) -> None:
    books = counter.till.books
    counter.ok("scan", code="11014")
    late = counter.till.counter.basket
    counter.ok("pay", tender="cash")
    actions.save_draft(books, late)
    counter.restart()
    assert counter.till.counter.basket.lines == ()
    assert counter.rows("SELECT count(*) FROM draft") == [(0,)]


def test_nor_does_a_draft_of_a_basket_that_was_given_up(counter: ShopFloor) -> None:
    counter.ok("scan", code="11014")
    late = counter.till.counter.basket
    counter.ok("cancel_basket", reason="不要了")
    actions.save_draft(counter.till.books, late)
    assert counter.rows("SELECT count(*) FROM draft") == [(0,)]


def test_a_held_basket_is_not_opened_by_a_late_draft(counter: ShopFloor) -> None:
    counter.ok("scan", code="11014")
    late = counter.till.counter.basket
    counter.ok("hold", name="陈伯")
    actions.save_draft(counter.till.books, late)
    counter.restart()
    assert counter.ok("basket")["basket"]["lines"] == []
    assert [each["name"] for each in counter.ok("held")["held"]] == ["陈伯"]


def test_an_older_draft_never_takes_the_place_of_a_newer_one(counter: ShopFloor) -> None:
    counter.ok("scan", code="11014")
    older = counter.till.counter.basket
    counter.ok("scan", code="12003")
    actions.save_draft(counter.till.books, older)
    counter.restart()
    assert len(counter.till.counter.basket.lines) == 2


def test_an_emptied_basket_does_not_hide_the_one_that_was_taken_back(counter: ShopFloor) -> None:
    counter.ok("scan", code="12003")
    counter.ok("hold", name="陈伯")
    counter.ok("scan", code="11014")
    counter.ok("remove", line=1)
    counter.ok("resume")
    counter.restart()
    assert [line.product.code for line in counter.till.counter.basket.lines] == ["12003"]


def test_while_a_sale_is_being_saved_nothing_else_touches_its_basket(counter: ShopFloor) -> None:
    till = counter.till.counter
    counter.ok("scan", code="11014")
    codes: list[str] = []

    def press_again() -> None:
        for press in (till.pay_cash, till.back, lambda: till.scan("12003")):
            try:
                press()
            except Refusal as refusal:
                codes.append(refusal.code)

    def while_saving(_basket: object) -> None:
        other = threading.Thread(target=press_again)
        other.start()
        other.join(10)

    till._flush = lambda: while_saving(None)
    assert till.pay_cash() is not None
    assert set(codes) == {"one_moment"}
    assert counter.rows("SELECT count(*) FROM sale") == [(1,)]
    assert till.basket.lines == ()


def test_money_on_the_counter_is_remembered_over_a_power_cut(counter: ShopFloor) -> None:
    counter.ok("scan", code="12003")
    counter.ok("pay", tender="cash", amount="100")
    counter.restart()
    basket = counter.ok("basket")["basket"]
    assert basket["collecting"] and basket["open"] == "28.00"
    assert counter.refused("scan", code="11014") == "not_a_payment_code"
    assert counter.ok("pay", tender="cash")["state"] == "complete"

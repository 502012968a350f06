"""Printers, disks and clocks fail; the counter sells on, or refuses before it takes money."""

import pytest

from app.errors import Trouble
from tests.stories.counters import MANAGER, MakeShop, ShopFloor

EGG_ROLL = "6900000110140"


def test_paper_runs_out_and_the_receipts_wait_for_it(counter: ShopFloor) -> None:
    counter.ok("fault", what="paper_out")
    for _ in range(2):
        counter.sell(EGG_ROLL)
        counter.ok("wait", seconds=1)
    jobs = counter.ok("print_queue")["jobs"]
    assert [job["state"] for job in jobs] == ["WAITING", "WAITING"]
    assert jobs[0]["detail"] == "paper_out"
    assert counter.ok("tasks")["tasks"] == []
    counter.ok("fault", what="paper_out", on=False)
    counter.ok("wait", seconds=10)
    assert counter.ok("print_queue")["jobs"] == []
    rows = counter.ok("peripherals")["printers"]["receipt"]
    assert any("0002" in row for row in rows) and not any("重印" in row for row in rows)
    counter.verified()


def test_a_silent_printer_leaves_a_question_not_a_second_receipt(counter: ShopFloor) -> None:
    counter.ok("fault", what="silent_printer")
    number = counter.sell(EGG_ROLL)["receipt"]["number"]
    task = counter.ok("tasks")["tasks"][0]
    assert task["kind"] == "unsure_print" and number in task["words"]
    job = counter.ok("print_queue")["jobs"][0]
    assert job["state"] == "UNSURE"
    assert counter.refused("print_resolve", job=job["job"], answer="perhaps") == "bad_answer"
    assert counter.refused("print_resolve", job="nobody", answer="again") == "unknown_job"
    counter.ok("fault", what="silent_printer", on=False)
    counter.ok("settle_task", task=task["task"], answer="again")
    rows = counter.ok("peripherals")["printers"]["receipt"]
    assert sum("重印 1" in row for row in rows) == 1
    assert counter.ok("reprint", number=number)["copy"] == 2
    assert counter.refused("print_resolve", job=job["job"], answer="drop") == "job_settled"
    assert counter.ok("tasks")["tasks"] == []
    counter.verified()


def test_a_paper_that_came_out_after_all_is_simply_said_to_have(counter: ShopFloor) -> None:
    counter.ok("fault", what="silent_printer")
    counter.sell(EGG_ROLL)
    job = counter.ok("print_queue")["jobs"][0]["job"]
    counter.ok("print_resolve", job=job, answer="printed")
    assert counter.ok("print_queue")["jobs"] == []
    assert counter.ok("receipt")["receipt"]["copies"] == 0


def test_a_receipt_nobody_could_print_for_two_hours_is_asked_about(counter: ShopFloor) -> None:
    counter.ok("fault", what="unplugged")
    counter.sell(EGG_ROLL)
    counter.ok("wait", seconds=2 * 3600 + 1)
    job = counter.ok("print_queue")["jobs"][0]
    assert job["state"] == "EXPIRED"
    counter.ok("fault", what="unplugged", on=False)
    counter.ok("print_resolve", job=job["job"], answer="again")
    rows = counter.ok("peripherals")["printers"]["receipt"]
    assert any("0001" in row for row in rows) and not any("重印" in row for row in rows)


def test_the_drawer_is_never_kicked_because_the_till_was_started(counter: ShopFloor) -> None:
    counter.ok("fault", what="unplugged")
    counter.sell(EGG_ROLL)
    counter.restart()
    counter.ok("wait", seconds=5)
    seen = counter.ok("peripherals")
    assert seen["drawer_pulses"] == 0 and seen["printers"]["receipt"]


def test_a_full_disk_is_noticed_before_money_is_taken(counter: ShopFloor) -> None:
    counter.ok("scan", code=EGG_ROLL)
    counter.ok("fault", what="disk_full")
    assert counter.refused("checkout") == "disk_low"
    assert counter.refused("pay", tender="cash", amount="50") == "disk_low"
    counter.ok("fault", what="disk_full", on=False)
    assert counter.ok("pay", tender="cash", amount="50")["change"] == "12.00"
    counter.verified()


def test_a_disk_that_fills_up_in_the_middle_of_paying_sells_nothing_and_then_once(
    counter: ShopFloor,
) -> None:
    fill_up = counter.till.books.database.practise_full_disk
    for sold in range(100):  # noqa: B007 - read behind the loop
        counter.ok("add", product="12003", quantity="3")
        counter.ok("checkout")
        fill_up(True)
        answer = counter.say("pay", tender="cash", amount="400")
        fill_up(False)
        if not answer["ok"]:
            break
    assert answer["error"]["code"] == "disk_full"
    assert counter.rows("SELECT count(*) FROM sale") == [(sold,)]
    assert counter.ok("basket")["basket"]["collecting"]
    assert counter.ok("pay", tender="cash", amount="400")["change"] == "16.00"
    assert counter.rows("SELECT count(*) FROM sale") == [(sold + 1,)]
    assert counter.rows("SELECT count(*) FROM draft") == [(0,)]
    counter.verified()


def test_a_print_queue_on_a_failing_disk_neither_stops_the_console_nor_prints_twice(
    counter: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = counter.till.devices
    honest = devices.queue.mark
    failing = [True]

    def mark(job: str, state: str, detail: str, now_ms: int) -> None:
        if state == "PRINTED" and failing[0]:
            raise Trouble("disk_full")
        honest(job, state, detail, now_ms)

    monkeypatch.setattr(devices.queue, "mark", mark)
    counter.sell(EGG_ROLL)
    failing[0] = False
    counter.ok("basket")
    assert [job["state"] for job in counter.ok("print_queue")["jobs"]] == ["UNSURE"]


def test_a_clock_turned_back_in_the_day_stops_facts_until_a_person_looked(
    counter: ShopFloor,
) -> None:
    counter.ok("scan", code=EGG_ROLL)
    counter.ok("clock", now="2026-12-07T13:00:00+08:00")
    assert counter.refused("pay", tender="cash") == "clock_jumped"
    counter.ok("confirm_clock")
    assert counter.ok("pay", tender="cash")["state"] == "complete"
    counter.verified()


def test_a_clock_that_leapt_forward_is_asked_about_as_well(counter: ShopFloor) -> None:
    counter.clock.jump_wall(3_600_000)
    counter.ok("scan", code=EGG_ROLL)
    assert counter.refused("pay", tender="cash") == "clock_jumped"
    counter.ok("confirm_clock")
    counter.ok("pay", tender="cash")
    orders = [row[0] for row in counter.rows("SELECT order_ms FROM entry ORDER BY seq")]
    assert orders == sorted(set(orders))


@pytest.mark.parametrize("moved_ms", [-86_400_000, 8 * 86_400_000])
def test_a_till_opened_under_a_wrong_clock_can_be_told_that_it_is_right(
    counter: ShopFloor, moved_ms: int
) -> None:
    counter.close()
    counter.clock.jump_wall(moved_ms)
    assert counter.refused("confirm_clock") == "sign_in_needed"
    assert counter.refused("sign_in", staff="101", pin="111111") == "wrong_pin"
    assert counter.refused("confirm_clock") == "sign_in_needed"
    assert counter.refused("sign_in", staff="101", pin="246810") == "clock_jumped"
    assert counter.refused("scan", code=EGG_ROLL) == "sign_in_needed"
    counter.ok("confirm_clock")
    counter.sell(EGG_ROLL)
    # Eight days on, the shift of then is parted before the sale; a day back it is still today's.
    parted = ["shift_closed", "day_closed", "day_opened", "shift_opened"] if moved_ms > 0 else []
    ended = ["clock_confirmed", "signed_in", *parted, "sale_completed"]
    assert counter.kinds()[-len(ended) :] == ended
    counter.verified()


def test_an_expired_lot_on_the_books_asks_for_the_date_and_alone_it_blocks(
    make_shop: MakeShop,
) -> None:
    shop = make_shop("empty", stock=False)
    shop.open_shift()
    shop.sign_in(MANAGER)
    egg_roll = {"product": "11014", "quantity": "5", "cost": "19.00"}
    shop.ok("receive", lines=[egg_roll | {"lot": "A1", "expires": "2026-12-08"}])
    line = shop.ok("scan", code=EGG_ROLL)["basket"]["lines"][0]
    assert (line["lot"], line["lot_known"]) == ("A1", "assumed")
    shop.ok("cancel_basket", reason="换批次")
    shop.ok("clock", now="2026-12-09T09:00:00+08:00")
    assert shop.refused("scan", code=EGG_ROLL) == "lot_expired"
    assert [lot["state"] for lot in shop.ok("lots", product="11014")["lots"]] == ["expired"]
    shop.ok(
        "receive", supplier="马冈鹅厂", lines=[egg_roll | {"lot": "A2", "expires": "2027-06-01"}]
    )
    assert shop.ok("scan", code=EGG_ROLL)["question"]["question"] == "date"
    for value in ("2026-13-01", "abcd-ef-gh", "12/09", "maybe"):
        assert shop.refused("answer", question="date", value=value) == "bad_answer"
    assert shop.refused("answer", question="date", value="2026-12-08") == "lot_expired"
    basket = shop.ok("answer", question="date", value="2027-06-01")["basket"]
    assert basket["lines"][0]["lot"] == "A2"
    assert "question" not in shop.ok("scan", code=EGG_ROLL)
    shop.ok("pay", tender="cash")
    assert [lot["on_hand"] for lot in shop.ok("lots", product="11014")["lots"]] == ["5", "3"]
    shop.verified()


def test_goods_come_in_with_their_papers_or_not_at_all(counter: ShopFloor) -> None:
    line = {"product": "16009", "quantity": "10.500", "cost": "5.8000"}
    assert counter.refused("receive", lines=[line]) == "approval_needed"
    counter.sign_in(MANAGER)
    before = len(counter.kinds())
    assert counter.refused("receive", lines=[line]) == "no_certificate"
    for wrong, code in (
        ({"quantity": "-1"}, "bad_quantity"),
        ({"quantity": "0"}, "bad_quantity"),
        ({"cost": "-1"}, "bad_amount"),
        ({"cost": "1.23456"}, "bad_amount"),
        ({"expires": "2026-02-30"}, "bad_date"),
        ({"product": "nothing"}, "unknown_code"),
        ({"product": "12006"}, "not_goods"),
        ({"product": "11005", "certificate": ""}, "no_certificate"),
        ({"price": "1"}, "bad_command"),
    ):
        good = line | {"certificate": "HGZ-0001"}
        assert counter.refused("receive", lines=[good, good | wrong]) == code
    assert counter.refused("receive", lines=[]) == "nothing_received"
    assert len(counter.kinds()) == before
    done = counter.ok(
        "receive",
        supplier="大沙合作社",
        lines=[line | {"certificate": "HGZ-0001", "village": "岗坪村"}],
    )
    assert done["document"] and counter.on_hand("16009") == "110.500"
    lot = counter.ok("lots", product="16009")["lots"][-1]
    assert (lot["certificate"], lot["village"], lot["cost"]) == ("HGZ-0001", "岗坪村", "5.8000")
    counter.verified()


def test_labels_that_could_be_money_are_refused_when_they_are_saved(counter: ShopFloor) -> None:
    new = {"scale_formats": "26 PPPPP AAAAA WWWWW C"}
    assert counter.refused("shop", set=new) == "approval_needed"
    counter.sign_in(MANAGER)
    assert counter.refused("shop", set=new) == "scale_format_overlaps_wallet"
    assert counter.refused("shop", set={"scale_formats": "21 XX"}) == "scale_format_bad"
    twice = {"scale_formats": "21 PPPPP AAAAA C\n21 PPPP AAAAAA C"}
    assert counter.refused("shop", set=twice) == "scale_format_overlaps"
    assert counter.refused("shop", set={"rounding": "up"}) == "setting_bad"
    assert counter.refused("shop", set={"no_such": "1"}) == "setting_unknown"
    assert counter.refused("shop", set={"receipt_template": "{nothing}"}) == "receipt_template_bad"
    assert counter.refused("shop", set={"rounding": "yuan", "profile": "moon"}) == "setting_bad"
    assert counter.ok("shop")["settings"]["rounding"] == "jiao"
    counter.ok("shop", set={"rounding": "yuan", "cutoff_hour": "5", "profile": "chain"})
    counter.ok("scan", code="2111004218778")
    assert counter.ok("pay", tender="cash")["due"] == "218.00"


def test_a_receipt_printed_only_on_asking_is_an_original_the_first_time(
    counter: ShopFloor,
) -> None:
    counter.sign_in(MANAGER)
    counter.ok("shop", set={"receipt_print": "ask"})
    counter.sell(EGG_ROLL)
    assert counter.ok("print_queue")["jobs"] == []
    assert counter.ok("peripherals")["drawer_pulses"] == 1
    assert counter.ok("reprint")["copy"] == 0
    assert not any("重印" in row for row in counter.ok("peripherals")["printers"]["receipt"])
    assert counter.ok("reprint")["copy"] == 1


def test_a_broken_template_or_printer_setting_never_stops_the_counter(counter: ShopFloor) -> None:
    from app.shop.actions import change_settings
    from app.transaction import transaction
    from ui.counter_devices import PRINTER_MARK, keep_device

    with transaction(counter.till.books) as tx:
        change_settings(tx, {"receipt_template": "{no_such_field}"})
    keep_device(counter.till.books, PRINTER_MARK, "no_such_profile network:nowhere")
    counter.restart()
    assert counter.till.devices.printer_trouble == "unknown_printer_profile"
    assert counter.sell(EGG_ROLL)["state"] == "complete"
    assert counter.refused("reprint") == "no_printer"
    assert counter.ok("receipt")["receipt"]["rows"]

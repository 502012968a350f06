"""T1: a museum shop's cashier sells a cash basket and the power goes. Figures to the fen."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.stories.counters import NOON, ShopFloor

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """`pos console` in a process of its own, so that it can be killed."""

    def __init__(self, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "ui.commands", "console", "--data", str(folder), *more]
        self.child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def say(self, do: str, **fields: Any) -> dict[str, Any]:
        """One command's answer."""
        assert self.child.stdin and self.child.stdout
        self.child.stdin.write(json.dumps({"do": do, **fields}) + "\n")
        self.child.stdin.flush()
        answer: dict[str, Any] = json.loads(self.child.stdout.readline())
        return answer

    def ok(self, do: str, **fields: Any) -> dict[str, Any]:
        """The answer of a command that succeeds."""
        answer = self.say(do, **fields)
        assert answer["ok"], answer
        return answer

    def pull_the_plug(self) -> None:
        """No goodbye."""
        os.kill(self.child.pid, signal.SIGKILL)
        self.end()

    def end(self) -> int:
        """Close its input and wait."""
        assert self.child.stdin and self.child.stdout
        self.child.stdin.close()
        self.child.stdout.close()
        return self.child.wait(30)


@contextmanager
def console(folder: Path, clock: str = NOON) -> Iterator[Process]:
    """A console on a demo folder."""
    process = Process(folder, "--demo", "--clock", clock)
    try:
        yield process
    finally:
        if process.child.poll() is None:
            process.end()


def _basket_of_t1(till: Any) -> None:
    """Steps 1 to 5."""
    till.ok("sign_in", staff="101", pin="246810")
    till.ok("open_shift", **{"float": "500.00"})
    till.ok("scan", code="6900000110140")
    till.ok("scan", code="11014")
    assert till.ok("scan", code="2111004218778")["kind"] == "weighed"
    assert "12003" in [each["product"] for each in till.ok("find", text="dshc")["products"]]
    till.ok("add", product="12003")
    till.ok("add", product="99001")
    till.ok("hold")
    till.ok("scan", code="6900000120019")
    assert till.ok("pay", tender="cash")["receipt"]["number"] == "KP01-1D-261207-0001"
    till.ok("resume")


@pytest.mark.without_network("卖货", "扫码、称重、改数量、算价、收现金找零")
def test_the_basket_of_t1_costs_what_it_says(shop: ShopFloor) -> None:
    _basket_of_t1(shop)
    basket = shop.ok("basket")["basket"]
    assert [line["amount"] for line in basket["lines"]] == ["76.00", "218.77", "128.00", "0.50"]
    assert basket["lines"][0]["quantity"] == "2"
    assert basket["lines"][1]["quantity"] == "2.486"
    assert (basket["gross"], basket["due"]) == ("423.27", "423.27")
    shop.ok("checkout")
    paid = shop.ok("pay", tender="cash", amount="500")
    assert paid["rounding"] == "-0.07"
    assert (paid["due"], paid["paid"], paid["open"]) == ("423.20", "423.20", "0.00")
    assert (paid["tendered"], paid["change"], paid["state"]) == ("500.00", "76.80", "complete")
    shown = [(row["lamp"], row["amount"]) for row in shop.ok("peripherals")["display"]]
    assert shown[-2:] == [("received", "500.00"), ("change", "76.80")]
    receipt = shop.ok("receipt")["receipt"]
    assert sum(_fen(line["paid"]) for line in receipt["lines"]) == 42320
    assert receipt["lines"][3]["paid"] == "0.50"
    assert any("塑料购物袋" in row for row in receipt["rows"])
    assert shop.on_hand("11014") == "98" and shop.on_hand("11004") == "97.514"
    shop.verified()


def _fen(yuan: str) -> int:
    return int(yuan.replace(".", ""))


@pytest.mark.without_network("卖货", "打小票、弹钱箱")
def test_the_drawer_opens_once_for_each_sale(shop: ShopFloor) -> None:
    _basket_of_t1(shop)
    before = shop.ok("peripherals")["drawer_pulses"]
    shop.ok("pay", tender="cash", amount="500")
    shop.ok("basket")
    assert shop.ok("peripherals")["drawer_pulses"] == before + 1


def test_a_bag_stands_on_a_receipt_line_of_its_own_and_is_never_reduced(shop: ShopFloor) -> None:
    _basket_of_t1(shop)
    shop.ok("discount", percent="5", reason="会员日")
    basket = shop.ok("basket")["basket"]
    assert basket["lines"][3]["net"] == "0.50"
    shop.ok("pay", tender="cash")
    rows = shop.ok("peripherals")["printers"]["receipt"]
    title = next(n for n, row in enumerate(rows) if "购物袋" in row)
    assert title > next(n for n, row in enumerate(rows) if "大沙黄茶" in row)


@pytest.mark.without_network("卖货", "断电后接着卖，显示过已收款的一定在")
def test_power_pulled_after_paid_leaves_one_sale_and_one_paper(shop: ShopFloor) -> None:
    folder = shop.folder
    with console(folder) as till:
        _basket_of_t1(till)
        till.ok("fault", what="paper_out")
        paid = till.ok("pay", tender="cash", amount="500")
        till.pull_the_plug()
    with console(folder, "2026-12-07T14:03:00+08:00") as again:
        again.ok("sign_in", staff="101", pin="246810")
        found = again.ok("find_receipt", date="2026-12-07", amount="423.20")["receipts"]
        assert [each["number"] for each in found] == [paid["receipt"]["number"]]
        assert again.ok("basket")["basket"]["lines"] == []
        left = again.ok("tasks")["tasks"]
        entries = again.ok("journal")["entries"]
        assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
        assert [entry["kind"] for entry in entries].count("sale_completed@1") == 2
        assert again.ok("reprint")["copy"] == 1
        papers = again.ok("peripherals")["printers"]["receipt"]
        assert any("重印 1" in row for row in papers)
        matches = again.ok(
            "verify_receipt", number=found[0]["number"], letters=paid["receipt"]["hash6"]
        )
        assert matches["matches"]
        assert [task["kind"] for task in left] in ([], ["unsure_print"])
    _proved(folder)


def test_a_kill_at_any_answer_leaves_the_receipt_waiting_unsure_or_printed(
    shop: ShopFloor,
) -> None:
    folder = shop.folder
    with console(folder) as till:
        _basket_of_t1(till)
        till.ok("pay", tender="cash", amount="500")
        till.pull_the_plug()
    states = shop.rows(
        "SELECT state, count(*) FROM print_job WHERE kind = 'receipt' GROUP BY fact ORDER BY title"
    )
    assert [count for _, count in states] == [1, 1]
    assert states[0][0] == "PRINTED"
    assert states[1][0] in ("WAITING", "UNSURE", "PRINTED")
    shop.sign_in()
    assert shop.ok("receipt")["receipt"]["number"] == "KP01-1D-261207-0002"
    _proved(folder, shop)


def _proved(folder: Path, shop: ShopFloor | None = None) -> None:
    if shop is not None:
        shop.close()
    command = [sys.executable, "-m", "ui.commands", "verify", "--data", str(folder)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert json.loads(answer.stdout)["ok"]


def test_a_second_console_on_the_folder_is_told_so_and_leaves(shop: ShopFloor) -> None:
    shop.sign_in()
    command = [sys.executable, "-m", "ui.commands", "console", "--data", str(shop.folder), "--demo"]
    second = subprocess.run(
        command, cwd=ROOT, input="", capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "已经开着" in second.stderr and "till_already_open" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_real_shops_folder_takes_no_clock_that_can_be_set(shop: ShopFloor) -> None:
    command = [
        sys.executable,
        "-m",
        "ui.commands",
        "console",
        "--data",
        str(shop.folder),
        "--clock",
        NOON,
    ]
    answer = subprocess.run(
        command, cwd=ROOT, input="", capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert "demo_only" in answer.stderr

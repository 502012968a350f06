"""The papers an inspector and a bookkeeper ask for, what should be ordered, and what is late."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.stories.counters import MANAGER, MakeShop, ShopFloor

EGGS, GREENS = "13006", "16009"


@pytest.fixture
def shop(make_shop: MakeShop) -> ShopFloor:
    """48 boxes of eggs at 9.00, then 12 at 9.60; it is 2026-12-07."""
    shop = make_shop("books", stock=False)
    shop.open_shift()
    shop.sign_in(MANAGER)
    egg = {"product": EGGS, "expires": "2027-08-01", "report": "JC-7"}
    shop.ok("receive", supplier="=金鸡合作社", temperature="12",
            lines=[egg | {"quantity": "48", "cost": "9.0000", "lot": "JJ1"}])  # fmt: skip
    shop.ok("receive", lines=[egg | {"quantity": "12", "cost": "9.6000", "lot": "JJ2"}])
    return shop


def rows(shop: ShopFloor, name: str, **days: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = shop.ok("ledger", name=name, **days)["rows"]
    return found


@pytest.mark.without_network("账", "台账、进销存")
def test_each_ledger_is_one_action_between_two_days(shop: ShopFloor) -> None:
    shop.ok("add", product=EGGS, quantity="3")
    number = shop.ok("pay", tender="cash")["receipt"]["number"]
    shop.ok("adjust", lines=[{"product": EGGS, "quantity": "-2", "reason": "damaged"}])
    gift = {"product": EGGS, "quantity": "-1", "reason": "tasting"}
    shop.ok("adjust", lines=[gift])
    came = rows(shop, "进货查验")
    assert [(row["lot"], row["quantity"], row["supplier"]) for row in came] == [
        ("JJ1", "48", "=金鸡合作社"), ("JJ2", "12", ""),
    ]  # fmt: skip
    assert (came[0]["report"], came[0]["temperature"], came[0]["unit"]) == ("JC-7", "12.0", "盒")
    (sold,) = rows(shop, "sales")
    assert (sold["number"], sold["quantity"], sold["lot"]) == (number, "3", "JJ1")
    (lost,) = rows(shop, "报损")
    assert (lost["quantity"], lost["reason"], lost["value"]) == ("-2", "报损", "-18.00")
    (given,) = rows(shop, "issues")
    assert (given["reason"], given["value"]) == ("试吃", "-9.00")
    assert rows(shop, "召回") == []
    assert rows(shop, "receiving", **{"from": "2026-12-08"}) == []
    assert rows(shop, "receiving", to="2026-12-06") == []
    assert len(rows(shop, "receiving", **{"from": "2026-12-07", "to": "2026-12-07"})) == 2
    assert shop.refused("ledger", name="secrets") == "unknown_ledger"
    assert shop.refused("ledger", name="sales", to="2026-13-01") == "bad_date"


def test_a_ledger_is_a_file_that_runs_nothing(shop: ShopFloor, tmp_path: Path) -> None:
    csv, excel = tmp_path / "l.csv", tmp_path / "l.xlsx"
    shop.ok("ledger", name="receiving", file=str(csv))
    text = csv.read_bytes().decode("utf-8-sig")
    assert "'=金鸡合作社" in text and text.startswith("时间,单号,供应商")
    shop.ok("ledger", name="receiving", file=str(excel))
    sheet = load_workbook(excel).active
    assert sheet is not None and sheet.title == "进货查验"
    assert [cell.value for cell in sheet["C"]] == ["供应商", "'=金鸡合作社", None]
    assert [cell.value for cell in sheet["G"]] == ["数量", 48, 12]
    assert shop.refused("ledger", name="sales", file=str(tmp_path / "l.exe")) == "bad_command"


def test_the_month_costs_what_its_goods_cost_on_average(shop: ShopFloor) -> None:
    shop.ok("add", product=EGGS, quantity="30")
    shop.ok("pay", tender="cash")
    (row,) = shop.ok("report", name="average_cost")["rows"]
    # (48 × 9.00 + 12 × 9.60) / 60.
    assert (row["came"], row["average"], row["closing"]) == ("60", "9.1200", "30")
    shop.ok("clock", now="2027-01-05T09:00:00+08:00")
    line = {"product": EGGS, "quantity": "30", "cost": "10.0000", "lot": "JJ3"}
    shop.ok("receive", lines=[line])
    (row,) = shop.ok("report", name="average_cost", **{"from": "2027-01-01"})["rows"]
    assert (row["opening"], row["average"], row["closing"]) == ("30", "9.5600", "60")
    (row,) = shop.ok("report", name="average_cost", **{"from": "2027-02-01"})["rows"]
    assert (row["opening"], row["came"], row["average"]) == ("60", "0", "9.5600")


def sell_two_a_day(shop: ShopFloor, days: int) -> None:
    for _ in range(days):
        shop.ok("wait", seconds=86_400)
        shop.ok("add", product=EGGS, quantity="2")
        shop.ok("pay", tender="cash")


def need(shop: ShopFloor, **figures: int) -> dict[str, str]:
    (line,) = shop.ok("reorder", **figures)["lines"]
    found: dict[str, str] = line
    return found


def test_the_months_average_cost_is_a_ledger_like_the_others(
    shop: ShopFloor, tmp_path: Path
) -> None:
    shop.ok("add", product=EGGS, quantity="30")
    shop.ok("pay", tender="cash")
    (row,) = rows(shop, "加权平均")
    assert (row["month"], row["came"], row["closing"]) == ("2026-12", "60", "30")
    # 30 × 9.12.
    assert (row["average"], row["closing_value"]) == ("9.1200", "273.60")
    assert rows(shop, "average_cost", to="2026-11-30") == []
    (row,) = rows(shop, "average_cost", to="2027-01-31")
    assert (row["month"], row["opening"], row["came"], row["closing"]) == (
        "2027-01",
        "30",
        "0",
        "30",
    )
    excel = tmp_path / "l.xlsx"
    shop.ok("ledger", name="average_cost", file=str(excel))
    sheet = load_workbook(excel).active
    assert sheet is not None and sheet.title == "加权平均成本"
    assert [cell.value for cell in sheet["H"]] == ["平均进价", 9.12]


def test_what_sells_a_day_says_what_to_ask_for(shop: ShopFloor) -> None:
    sell_two_a_day(shop, 10)
    line = need(shop, days=10, lead=5, cover=25)
    # 2 a day for 30 days are 60, 40 are here.
    assert (line["sold"], line["here"], line["suggested"]) == ("20", "40", "20")
    shop.ok("move", lines=[{"product": EGGS, "quantity": "15", "from": "shelf", "to": "reserved"}])
    assert need(shop, days=10, lead=5, cover=25)["suggested"] == "35"
    done = shop.ok("order", supplier="配送中心", lines=[{"product": EGGS, "quantity": "35"}])
    line = need(shop, days=10, lead=5, cover=25)
    assert (line["coming"], line["suggested"]) == ("35", "0")
    goods = {"product": EGGS, "quantity": "30", "cost": "9.00", "lot": "JJ9"}
    shop.ok("receive", dispatch=done["number"], lines=[goods])
    assert shop.ok("orders_open")["orders"][0]["lines"][0]["came"] == "30"
    assert need(shop, days=10, lead=5, cover=25)["coming"] == "5"
    shop.ok("order_end", order=done["number"])
    assert shop.ok("orders_open")["orders"] == []
    assert need(shop, days=10, lead=5, cover=25)["coming"] == "0"
    shop.verified()


@pytest.mark.parametrize(
    ("command", "fields", "code"),
    [
        ("order", {"lines": []}, "nothing_changed"),
        ("order", {"lines": [{"product": "0", "quantity": "1"}]}, "unknown_code"),
        ("order", {"lines": [{"product": "12006", "quantity": "1"}]}, "not_goods"),
        ("order", {"lines": [{"product": EGGS, "quantity": "1"}] * 2}, "line_twice"),
        ("order_end", {"order": "nothing"}, "unknown_document"),
        ("reorder", {"days": 401}, "bad_days"),
        ("reorder", {"cover": 9999}, "bad_days"),
    ],
)
def test_a_senseless_order_is_refused(
    shop: ShopFloor, command: str, fields: dict[str, Any], code: str
) -> None:
    assert shop.refused(command, **fields) == code


def tasks(shop: ShopFloor, kind: str) -> list[str]:
    return [task["task"] for task in shop.ok("tasks")["tasks"] if task["kind"] == kind]


def test_what_is_late_and_what_came_otherwise_waits_for_somebody(shop: ShopFloor) -> None:
    egg = {"product": EGGS, "quantity": "10", "cost": "9.00", "lot": "JJ5"}
    shop.ok("expect", dispatch="DB-1", lines=[egg])
    shop.ok("transfer_out", to="KP02", lines=[{"product": EGGS, "quantity": "4"}])
    shop.ok("wait", seconds=3 * 86_400)
    assert tasks(shop, "in_transit") == []
    shop.ok("wait", seconds=60)
    coming, going = tasks(shop, "in_transit")
    assert (coming.partition(":")[0], going.partition(":")[0]) == ("coming", "going")
    shop.ok("receive", dispatch="DB-1", lines=[egg | {"quantity": "9", "reason": "短少"}])
    assert tasks(shop, "in_transit") == [going]
    (difference,) = tasks(shop, "transit_difference")
    assert shop.refused("settle_task", task=difference, answer="what") == "bad_task_answer"
    shop.ok("settle_task", task=difference, answer="seen")
    assert tasks(shop, "transit_difference") == []
    assert shop.refused("settle_task", task=difference, answer="seen") == "unknown_task"
    shop.ok("settle_task", task=going, answer="lost")
    assert tasks(shop, "in_transit") == []
    assert len(tasks(shop, "transit_difference")) == 1
    shop.verified()

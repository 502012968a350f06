"""Reports over books that are damaged: a figure nobody can vouch for is red, or there is none."""

from pathlib import Path

import pytest

from app.database import FILE_NAME, Database
from app.reports import words
from app.reports.wording import Wording
from sync.channels.practice.server import PracticeServer
from tests.app.reports.test_reports import EGGS, TODAY, day, floor, report, spoil
from tests.stories.counters import MANAGER, ShopFloor
from tests.stories.networks import network

__all__ = ["day", "floor", "network"]

WORDS = Wording(lambda text, **parts: text.format(**parts) if parts else text)

WEEK_AGO = "2026-12-01"
MARKED = {"made": "2026-11-20", "expires": "2026-12-09"}
EVERY_KIND = (
    ("refund_completed", ("tenders", "exceptions", "shrinkage", "product", "average_cost")),
    ("tender_corrected", ("tenders", "exceptions")),
    ("payment_attempted", ("tenders",)),
    ("payment_moved", ("tenders",)),
    ("drawer_opened", ("exceptions",)),
    ("stock_adjusted", ("shrinkage", "average_cost")),
    ("goods_received", ("near_expiry", "average_cost")),
)
"""What is damaged, and the reports that are made of it."""


@pytest.fixture
def busy(floor: ShopFloor, network: PracticeServer) -> ShopFloor:
    """The day with a wallet, a tender put right, a drawer opened, and a lot near its end."""
    floor.ok("shop", set={"channel_address": network.address})
    floor.ok("add", product=EGGS, quantity="1")
    number = floor.ok("pay", tender="cash")["receipt"]["number"]
    floor.ok("correct_tender", receipt=number, to="card", reason="按错了", **{"from": "cash"})
    floor.ok("add", product=EGGS, quantity="1")
    floor.ok("pay", tender="wechat", code="134567890123450055")
    floor.ok("open_drawer", reason="换零钱")
    line = {"product": EGGS, "quantity": "6", "cost": "9.0000", "lot": "JJ1"}
    floor.ok("receive", lines=[line | MARKED])
    return floor


def test_every_report_of_a_busy_day_agrees_with_the_journal(busy: ShopFloor) -> None:
    for name in words.REPORTS:
        check = report(busy, name).check
        assert check.ok and check.against == "journal", name


def test_an_entry_nobody_can_read_makes_every_report_of_its_sales_red(floor: ShopFloor) -> None:
    """Those of stock too: nobody knows what goods such a sale took."""
    spoil(floor, "UPDATE entry SET content = x'7b22' WHERE kind LIKE 'sale_completed%'")
    for name in words.REPORTS:
        found = report(floor, name)
        assert not found.check.ok and len(found.check.damaged) == 3, name
        assert WORDS.check(found).startswith("流水账坏了 3 条：这里 "), name


@pytest.mark.parametrize(("kind", "names"), EVERY_KIND)
def test_an_entry_that_is_not_what_was_signed_makes_the_reports_made_of_it_red(
    busy: ShopFloor, kind: str, names: tuple[str, ...]
) -> None:
    """Somebody writes another shop's name into it: it reads as well as before."""
    spoil(
        busy,
        'UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), \'"app":"\', '
        f"'\"app\":\"x') AS BLOB) WHERE kind LIKE '{kind}@%'",
    )
    for name in names:
        found = report(busy, name)
        assert not found.check.ok and found.check.damaged, name


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("tenders", "UPDATE taking SET tender = 'card' WHERE what = 'sale' AND tender = 'cash'"),
        ("tenders", "UPDATE payment_attempt SET amount = amount + 1"),
        ("promotions", "UPDATE sale_reduction SET kind = 'promotion'"),
        ("exceptions", "UPDATE counter_act SET person = '101' WHERE what = 'drawer_opened'"),
        ("exceptions", "UPDATE reduction_given SET amount = amount * 2"),
        ("shrinkage", "UPDATE movement SET unit_cost = unit_cost * 2 WHERE reason = 'damaged'"),
        ("near_expiry", "UPDATE lot SET unit_cost = unit_cost * 2 WHERE batch = 'JJ1'"),
        ("average_cost", "UPDATE movement SET unit_cost = 1 WHERE reason = 'received'"),
    ],
)
def test_a_row_that_leaves_other_rows_in_order_is_missed_in_the_journal(
    busy: ShopFloor, name: str, sql: str
) -> None:
    for first in (TODAY, WEEK_AGO):
        assert report(busy, name, first=first).check.ok
    spoil(busy, sql)
    for first in (TODAY, WEEK_AGO):
        found = report(busy, name, first=first)
        assert not found.check.ok and found.check.against == "journal"
        assert found.check.ours != found.check.theirs and not found.check.damaged


def page_torn(shop: ShopFloor, table: str) -> None:
    """The disk loses the page a table begins at, while the till is closed."""
    shop.close()
    path = shop.folder / FILE_NAME
    database = Database(path)
    ask = database.writer.exec_driver_sql
    root = ask("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).scalar_one()
    size = ask("PRAGMA page_size").scalar_one()
    ask("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\x55" * size
    path.write_bytes(content)
    shop.sign_in(MANAGER)


@pytest.mark.parametrize("table", ["sale", "sale_line", "movement"])
def test_a_torn_page_is_said_in_a_sentence_and_leaves_no_file(
    floor: ShopFloor, tmp_path: Path, table: str
) -> None:
    """What needs the page is refused, what does not is a report still."""
    page_torn(floor, table)
    answers = {name: floor.say("report", name=name) for name in words.REPORTS}
    refused = {name: said["error"] for name, said in answers.items() if not said["ok"]}
    assert refused and {error["code"] for error in refused.values()} == {"database_damaged"}
    assert all("备份" in error["message"] for error in refused.values())
    for ending in ("pdf", "xlsx"):
        file = tmp_path / f"report.{ending}"
        name = next(iter(refused))
        assert floor.refused("report", name=name, file=str(file)) == "database_damaged"
        assert not list(tmp_path.glob("report.*"))

"""Reports over books that are damaged: a figure nobody can vouch for is red, or there is none."""

from pathlib import Path

import pytest

from app.database import FILE_NAME, Database
from app.reports import words
from tests.app.reports.test_reports import day, floor, spoil
from tests.stories.counters import MANAGER, ShopFloor

__all__ = ["day", "floor"]

NOT_OF_SALES = {
    "tenders", "near_expiry", "shrinkage", "promotions", "exceptions", "average_cost",
}  # fmt: skip
"""Made of, and checked against, other rows than the sales' own entries."""


def test_an_entry_nobody_can_read_makes_every_report_of_its_sales_red(floor: ShopFloor) -> None:
    spoil(floor, "UPDATE entry SET content = x'7b22' WHERE kind LIKE 'sale_completed%'")
    fine = {name for name in words.REPORTS if floor.ok("report", name=name)["check"]["ok"]}
    assert fine == NOT_OF_SALES


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

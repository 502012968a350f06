"""Blind count sheets: a zone's articles on paper without a figure, typed back by line number."""

from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from tests.stories.counters import LEAD, ShopFloor

EGG_ROLL, TEA = "6900000110140", "6900000120019"


@pytest.fixture
def sheet(counter: ShopFloor) -> dict[str, Any]:
    """A sheet for A3, whose tags say that egg rolls, tea and greens lie there."""
    for product in ("11014", "12001", "16009"):
        counter.ok("print_label", product=product, kind="tag", zone="A3")
    count = counter.ok("count_open", zone=["A1", "A3"])["count"]
    [made] = counter.ok("count_sheet", count=count, zone="A3")["sheets"]
    return dict(made)


def counted(counter: ShopFloor, count: str) -> dict[str, str]:
    status = counter.ok("count_status", count=count)
    return {each["product"]: each["counted"] for each in status["counted"]}


def test_a_sheet_lists_what_hangs_on_the_shelf_and_no_figure_of_the_books(
    counter: ShopFloor, sheet: dict[str, Any]
) -> None:
    lines = [(each["line"], each["product"], each["unit"]) for each in sheet["lines"]]
    assert lines == [(1, "11014", "盒"), (2, "12001", "罐"), (3, "16009", "kg")]
    [[paper]] = counter.rows("SELECT paper FROM print_job WHERE title LIKE '盘点表%'")
    assert "马冈鹅蛋卷" in paper and f"P:{sheet['sheet']}" in paper
    assert "100 盒" not in paper, "what the books hold is nobody's business who counts"


def test_lines_typed_back_are_counted_and_typed_again_stand_for_the_first(
    counter: ShopFloor, sheet: dict[str, Any]
) -> None:
    code = f"P:{sheet['sheet']}"
    counter.ok("count_line", sheet=code, line=1, quantity="98")
    counter.ok("count_line", sheet=code, line=3, quantity="1.5")
    counter.ok("count_line", sheet=sheet["sheet"], line=1, quantity="99")
    assert counted(counter, sheet["count"]) == {"11014": "99", "16009": "1.500"}
    seen = counter.ok("count_sheet", sheet=code)
    assert [each["quantity"] for each in seen["lines"]] == ["99", "", "1.500"]
    facts = "SELECT sheet, paper FROM count_entry WHERE undoes = '' AND product = '11014'"
    assert counter.rows(facts) == [(1, sheet["sheet"]), (1, sheet["sheet"])]
    counter.verified()


def test_what_sold_between_printing_and_typing_is_counted_again(
    counter: ShopFloor, sheet: dict[str, Any]
) -> None:
    counter.sell(EGG_ROLL, cash="500")
    counter.ok("clock", now="2026-12-07T14:30:00+08:00")
    counter.ok("count_line", sheet=sheet["sheet"], line=1, quantity="99")
    counter.ok("count_line", sheet=sheet["sheet"], line=2, quantity="100")
    again = counter.ok("recount", count=sheet["count"])["recount"]
    assert [(each["product"], each["why"]) for each in again] == [("11014", "moved")]


def test_a_line_that_is_not_there_and_a_closed_count_take_nothing(
    counter: ShopFloor, sheet: dict[str, Any]
) -> None:
    code = sheet["sheet"]
    assert counter.refused("count_line", sheet="77", line=1, quantity="1") == "no_such_sheet"
    assert counter.refused("count_line", sheet=code, line=4, quantity="1") == "no_sheet_line"
    assert counter.refused("count_line", sheet=code, line=1, quantity="") == "bad_quantity"
    assert counter.refused("count_line", sheet=code, line=1, quantity="1.5") == "fraction_of_unit"
    counter.ok("count_line", sheet=code, line=1, quantity="100")
    counter.sign_in(LEAD)
    counter.ok("count_close", count=sheet["count"])
    assert counter.refused("count_line", sheet=code, line=2, quantity="1") == "count_closed"
    assert counter.refused("count_sheet", count=sheet["count"]) == "count_closed"


def test_every_zone_has_its_sheet_in_one_a4_file(counter: ShopFloor, tmp_path: Path) -> None:
    counter.ok("print_label", product="11014", kind="tag", zone="A3")
    counter.ok("count_open", zone=["A1", "A3"])
    file = tmp_path / "sheets.pdf"
    made = counter.ok("count_sheet", paper="a4", file=str(file))["sheets"]
    assert [each["zone"] for each in made] == ["A1", "A3"]
    assert [each["product"] for each in made[1]["lines"]] == ["11014"]
    # Of A1 nobody knows anything: all that is on the books and hangs nowhere else.
    assert len(made[0]["lines"]) > 80 and "11014" not in str(made[0])
    with pdfium.PdfDocument(file) as document:
        words = [page.get_textpage().get_text_range() for page in document]
    assert "第 1 页，共 1 页" in words[-1] and "马冈鹅蛋卷" in words[-1]
    assert f"表号 {made[0]['sheet']}" in words[0] and "共 4 页" in words[0]
    # Each line of the first zone stands on exactly one page.
    for each in made[0]["lines"]:
        assert sum(each["name"] in page for page in words) >= 1
    assert counter.refused("count_sheet", paper="a4", file="/proc/x/y.pdf") == "export_failed"

"""A batch collector's file joins a count: malformed rows are named, none is lost."""

from pathlib import Path

import pytest

from tests.stories.counters import LEAD, ShopFloor

EGG_ROLL, TEA = "6900000110140", "6900000120019"
FILE = f"""条码,数量,货架
{EGG_ROLL},100,A1
{TEA},x7,A1
6901234567892,5,A3
{TEA},97,A3

{TEA}
,4
{TEA},1.5
{TEA},3,Z9
{TEA},1,A3,what is this
"""


@pytest.fixture
def count(counter: ShopFloor) -> str:
    return str(counter.ok("count_open", zone=["A1", "A3"])["count"])


def taken(counter: ShopFloor, count: str, path: Path) -> dict[str, object]:
    return counter.ok("count_import", count=count, file=str(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_row_is_taken_or_named(
    counter: ShopFloor, count: str, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "collector.csv"
    file.write_bytes(FILE.encode(encoding))
    answer = taken(counter, count, file)
    why = [(each["row"], each["why"]) for each in answer["malformed"]]  # type: ignore[attr-defined]
    assert why == [
        (3, "bad_quantity"),
        (7, "no_quantity"),
        (8, "no_code"),
        (9, "fraction_of_unit"),
        (10, "no_such_zone"),
        (11, "too_many_cells"),
    ]
    assert all(each["words"] for each in answer["malformed"])  # type: ignore[attr-defined]
    assert (answer["rows"], answer["taken"], answer["blank"]) == (11, 3, 2)
    assert answer["unknown"] == ["6901234567892"]
    counted = {
        each["product"]: each["counted"]
        for each in counter.ok("count_status", count=count)["counted"]
    }
    assert counted == {"11014": "100", "12001": "97"}


def test_the_same_file_twice_adds_nothing(counter: ShopFloor, count: str, tmp_path: Path) -> None:
    file = tmp_path / "collector.txt"
    file.write_text(f"{EGG_ROLL}\t60\r\n{EGG_ROLL}\t40\r\n", encoding="utf-8")
    assert (taken(counter, count, file)["taken"], taken(counter, count, file)["before"]) == (2, 2)
    counted = counter.ok("count_status", count=count)["counted"]
    assert [each["counted"] for each in counted] == ["100"]


def test_what_moved_since_the_collector_went_round_is_counted_again(
    counter: ShopFloor, count: str, tmp_path: Path
) -> None:
    file = tmp_path / "collector.txt"
    file.write_text(f"{EGG_ROLL} 99\n{TEA} 100\n", encoding="utf-8")
    counter.ok("clock", now="2026-12-07T14:12:00+08:00")
    counter.sell(EGG_ROLL, cash="500")
    counter.ok("clock", now="2026-12-07T14:20:00+08:00")
    taken(counter, count, file)
    again = counter.ok("recount", count=count)["recount"]
    assert [(each["product"], each["why"]) for each in again] == [("11014", "moved")]
    counter.sign_in(LEAD)
    assert counter.refused("count_close", count=count) == "recount_needed"


def test_a_file_that_began_after_the_sale_is_believed(
    counter: ShopFloor, count: str, tmp_path: Path
) -> None:
    file = tmp_path / "collector.txt"
    file.write_text(f"{EGG_ROLL} 99\n", encoding="utf-8")
    counter.sell(EGG_ROLL, cash="500")
    counter.ok("clock", now="2026-12-07T14:20:00+08:00")
    since = "2026-12-07T14:10:00+08:00"
    counter.ok("count_import", count=count, file=str(file), since=since)
    counter.sign_in(LEAD)
    assert counter.ok("count_close", count=count)["net"] == "0.00"


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xfe\xff", b"1,1\n" * 20_001])
def test_what_is_no_list_is_refused_whole(
    counter: ShopFloor, count: str, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "broken.bin"
    file.write_bytes(content)
    assert counter.refused("count_import", count=count, file=str(file)) == "count_file_bad"
    missing = str(tmp_path / "nothing.csv")
    assert counter.refused("count_import", count=count, file=missing) == "count_file_bad"
    assert counter.ok("count_status", count=count)["counted"] == []


def refusal(counter: ShopFloor, count: str, file: Path, content: bytes) -> str:
    file.write_bytes(content)
    return counter.refused("count_import", count=count, file=str(file))


def test_files_that_are_no_list_are_refused_with_their_reason(
    counter: ShopFloor, count: str, tmp_path: Path
) -> None:
    file = tmp_path / "c.csv"
    assert refusal(counter, count, file, b"") == "count_file_empty"
    assert refusal(counter, count, file, b" \r\n\r\n ") == "count_file_empty"
    assert refusal(counter, count, file, b"PK\x03\x04" + bytes(9_000)) == "count_file_bad"
    # A picture whose first pages hold no zero byte is no list either.
    assert refusal(counter, count, file, b"1" * 5_000 + b"\x00") == "count_file_bad"
    assert refusal(counter, count, file, b"1,1\n" * 1_100_000) == "count_file_bad"
    twice = "条码,数量,数量\n1,2,3\n".encode()
    assert refusal(counter, count, file, twice) == "count_columns_twice"
    assert counter.refused("count_import", count=count, file=str(tmp_path)) == "count_file_bad"
    assert counter.ok("count_status", count=count)["counted"] == []


def test_what_spreadsheets_put_around_a_number_is_taken_off_and_a_formula_is_named(
    counter: ShopFloor, count: str, tmp_path: Path
) -> None:
    file = tmp_path / "c.csv"
    rows = [
        "货号,条码,品名,数量,备注",
        f'x,="{EGG_ROLL}","卷, 300g",3,',
        f"x,{EGG_ROLL},卷,=1+1,",
        'x,=cmd|" /C calc"!A0,卷,1,',
        f"x,{EGG_ROLL},卷,-4,",
    ]
    file.write_bytes("\n".join(rows).replace("货号,", "门店,").encode("utf-16"))
    answer = taken(counter, count, file)
    why = [(each["row"], each["why"]) for each in answer["malformed"]]  # type: ignore[attr-defined]
    assert why == [(3, "formula_cell"), (4, "formula_cell"), (5, "bad_quantity")]
    assert (answer["rows"], answer["taken"], answer["blank"]) == (5, 1, 1)
    [counted] = counter.ok("count_status", count=count)["counted"]
    assert (counted["product"], counted["counted"]) == ("11014", "3")

"""Merged cells of a table somebody brings: what they cover is named."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from app.catalogue.importing import preview
from app.errors import Refusal
from tests.app.catalogue.test_importing import codes_of


def merged(*areas: str) -> bytes:
    """A title over the table, and products of one size that somebody merged together."""
    book = Workbook()
    head = ("货号", "品名", "单位", "售价", "规格")
    goods = [(f"A{n}", f"茶{n}", "盒", 5, "500 克") for n in range(1, 5)]
    for row in (("某某店商品表",), head, *goods, ("A5", "茶5", "盒", 5)):
        book.active.append(row)
    for area in areas:
        book.active.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_cells_under_a_merged_one_are_named_and_never_taken_for_empty() -> None:
    """A size over three rows is the first one's; of the others nobody can say what is meant."""
    seen = preview(merged("A1:E1", "E3:E5"))
    assert codes_of(seen) == [(4, "merged"), (5, "merged")]
    assert seen.bad[0].column == "规格" and "取消合并" in seen.bad[0].sentence
    assert [(one.code, one.spec) for one in seen.products] == [
        ("A1", "500 克"), ("A4", "500 克"), ("A5", ""),
    ]  # fmt: skip
    # Across a row, and over what is needed: one finding a cell.
    assert codes_of(preview(merged("B3:D3"))) == [(3, "merged"), (3, "merged")]
    # A whole row under the one above is an empty row.
    two_high = preview(merged(*(f"{column}3:{column}4" for column in "ABCDE")))
    assert (two_high.bad, two_high.totals.blank) == ((), 2)


def test_merged_cells_made_to_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(merged("E3:E5"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    endless = parts[sheet].replace(b"E3:E5", b"A3:XFD1048576")
    one = parts[sheet].replace(b"E3:E5", b'E3:E4"/><mergeCell ref="D3:D4')
    monkeypatch.setattr("app.catalogue.merged.MOST", 1)
    found = []
    for text in (endless, one):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, part in {**parts, sheet: text}.items():
                archive.writestr(name, part)
        try:
            found.append({code for _row, code in codes_of(preview(stream.getvalue()))})
        except Refusal as refusal:
            found.append({refusal.code})
    assert found == [{"merged"}, {"import_broken"}]

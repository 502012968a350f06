"""Labels without a label printer, templates a shop edits, and the list a label scale reads."""

from pathlib import Path

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image

from tests.stories.counters import ShopFloor


@pytest.mark.without_network("标签", "打价签、A4 标签")
def test_a_sheet_of_labels_is_a_file_and_stands_in_the_log(counter: ShopFloor) -> None:
    file = counter.folder / "sheet.pdf"
    label = {"kind": "weigh", "product": "16008", "quantity": "4.320"}
    made = counter.ok("print_label", **label, to="pdf", file=str(file), copies=3)
    assert (made["file"], made["queued"]) == (str(file), False)
    with pdfium.PdfDocument(file) as document:
        picture = document[0].render(scale=300 / 72).to_pil()
    bars = [found.text for found in zxingcpp.read_barcodes(picture)].count("2116008028514")
    assert bars == 3
    assert counter.rows("SELECT label, copies FROM label_log") == [("weigh", 3)]
    assert counter.ok("print_queue")["jobs"] == []


def test_a_preview_shows_the_label_and_logs_nothing(counter: ShopFloor) -> None:
    seen = counter.ok("print_label", kind="tag", product="16008", to="preview")
    with Image.open(seen["file"]) as picture:
        assert picture.size == (480, 320)
    assert any("6.60" in row for row in seen["rows"])
    assert counter.rows("SELECT count(*) FROM label_log") == [(0,)]
    assert counter.refused("print_label", kind="tag", product="16008", to="fax") == "bad_command"
    label = {"kind": "tag", "product": "16008"}
    for to, file in (("pdf", "x.exe"), ("preview", "x.pdf")):
        assert counter.refused("print_label", **label, to=to, file=file) == "bad_command"
    assert counter.rows("SELECT count(*) FROM label_log") == [(0,)]
    nowhere = str(counter.folder / "till.db" / "x.pdf")
    assert (
        counter.refused("print_label", kind="tag", product="16008", to="pdf", file=nowhere)
        == "export_failed"
    )
    assert counter.rows("SELECT count(*) FROM label_log") == [(0,)]


def test_a_template_the_shop_edits_says_what_is_wrong_by_line(counter: ShopFloor) -> None:
    assert "tag_60x40" in counter.ok("label_template")["templates"]
    made = counter.ok("label_template", name="tag_60x40", edit=True)
    assert made["problems"] == [] and Path(made["file"]).is_file()
    own = Path(made["path"])
    good = own.read_text("utf-8")
    own.write_text(good + "text 1 1 90 3: {name}\ntext 1 1 9 3: {nmae}\n", "utf-8")
    lines = [each["line"] for each in counter.ok("label_template", name="tag_60x40")["problems"]]
    last = len(good.splitlines())
    assert lines == [last + 1, last + 2]
    assert counter.refused("print_label", kind="tag", product="12001") == "label_template_bad"
    assert counter.rows("SELECT count(*) FROM label_log") == [(0,)]
    own.write_bytes(b"\xff\xfe\xfa")
    assert counter.refused("label_template", name="tag_60x40") == "label_template_bad"
    own.write_text("size 60 40\ntext 2 2 50 8 bold: 本店 {name}\n", "utf-8")
    rows = counter.ok("print_label", kind="tag", product="12001")["rows"]
    assert [row.split()[0] for row in rows] == ["本店"]
    assert counter.refused("label_template", name="../till") == "unknown_label"


def test_the_scales_list_has_the_prices_of_now(counter: ShopFloor) -> None:
    made = counter.ok("plu_export")
    text = Path(made["file"]).read_bytes().decode("gb18030")
    assert made["goods"] > 5 and "16008,潭碧冬瓜" in text and ",6.60,kg" in text
    counter.ok("price_list", lines=[{"product": "16008", "price": "5.80"}],
               approver="301", approver_pin="864209")  # fmt: skip
    again = counter.ok(
        "plu_export", family="aclas", format="18", file=str(counter.folder / "plu.csv")
    )
    assert "5.80" in Path(again["file"]).read_text("utf-8-sig")
    assert counter.refused("plu_export", family="nobody") == "unknown_scale_family"

"""The virtual printer reads what another encoder wrote (tests/golden/receiptline.md)."""

import re
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from printers.virtual import VirtualPrinter
from printers.virtual_paper import Page

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def pages(dots: int, piece: int = 0) -> list[Page]:
    data = (GOLDEN / f"receiptline_{dots}.bin").read_bytes()
    printer = VirtualPrinter(dots)
    answers = b""
    for start in range(0, len(data), piece or len(data)):
        answers += printer.feed(data[start : start + (piece or len(data))])
    assert printer.unknown == []
    assert printer.drawer_pulses == []
    assert answers == b"\x00"
    return printer.everything()


@pytest.mark.parametrize("dots", [384, 576])
def test_everything_the_document_said_is_on_the_paper(dots: int) -> None:
    first, second = pages(dots)
    text = re.sub(r"\s+", " ", " ".join(first.rows))
    for words in (
        *("开平优品", "展示馆旗舰店", "单号 KP01-2-261123-0042", "时间 2026-11-23", "14:02"),
        *("马冈鹅蛋卷 300g", "76.00", "下划线", "粗体", "反白", "应收", "￥296.51"),
    ):
        assert words in text
    assert "第二联" in " ".join(second.rows)
    assert (first.cut, second.cut) == ("partial", "partial")


@pytest.mark.parametrize("dots", [384, 576])
def test_its_codes_are_readable_in_our_picture(dots: int) -> None:
    picture = pages(dots)[0].picture.convert("L")
    wide = Image.new("L", (picture.width + 40, picture.height), 255)
    wide.paste(picture, (20, 0))
    assert sorted(found.text for found in zxingcpp.read_barcodes(wide)) == [
        "6901234567892", "KP01-0042", "https://kp.example/r/0042",
    ]  # fmt: skip


@pytest.mark.parametrize("dots", [384, 576])
def test_the_amount_it_pushed_right_ends_at_the_right_edge(dots: int) -> None:
    row = next(row for row in pages(dots)[0].rows if "￥296.51" in row)
    assert row.endswith("￥296.51")
    columns = sum(1 if char < "\x7f" else 2 for char in row)
    # The amount is twice as wide as its characters say only in height; the row is full.
    assert columns == dots // 12


def test_it_does_not_matter_in_which_pieces_the_bytes_arrive() -> None:
    whole, crumbs = pages(384), pages(384, piece=7)
    assert [page.rows for page in whole] == [page.rows for page in crumbs]
    assert [page.picture.tobytes() for page in whole] == [page.picture.tobytes() for page in crumbs]

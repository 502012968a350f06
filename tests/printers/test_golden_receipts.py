"""Receipts as pictures, looked at by a person once and kept (tests/golden/receipts).

To renew them after looking: `python -m tests.printers.test_golden_receipts`.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import zxingcpp
from PIL import Image, ImageChops

from app.content import Paper
from app.receipt import ReceiptData
from app.receipt_template import fill
from printers.commands import render_png
from printers.template import shipped
from tests.printers.receipt_samples import DEMO_COPY, LONG, REFUND, SHORT, TRAINING

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "receipts"
TOLERATED = 0.002
"""Part of the dots that may differ: another release of the font renderer moves a few."""


def standard(receipt: ReceiptData) -> Paper:
    return fill(shipped(), receipt)


def english() -> Paper:
    return fill(shipped("english"), msgspec.structs.replace(SHORT, shop="Kaiping Youpin"))


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "cash_58_text": lambda: render_png(standard(SHORT), 32, "text"),
    "cash_80_text": lambda: render_png(standard(SHORT), 48, "text"),
    "cash_58_raster": lambda: render_png(standard(SHORT), 32, "raster"),
    "long_58_text": lambda: render_png(standard(LONG), 32, "text"),
    "long_58_raster": lambda: render_png(standard(LONG), 32, "raster"),
    "long_80_text": lambda: render_png(standard(LONG), 48, "text"),
    "long_80_raster": lambda: render_png(standard(LONG), 48, "raster"),
    "demo_copy_80_text": lambda: render_png(standard(DEMO_COPY), 48, "text"),
    "demo_copy_58_raster": lambda: render_png(standard(DEMO_COPY), 32, "raster"),
    "training_58_text": lambda: render_png(standard(TRAINING), 32, "text"),
    "refund_80_raster": lambda: render_png(standard(REFUND), 48, "raster"),
    "english_58_text": lambda: render_png(english(), 32, "text"),
}


def differing(one: Image.Image, other: Image.Image) -> float:
    """The part of the dots in which two pictures differ; 1 when their sizes do."""
    if one.size != other.size:
        return 1
    dots = ImageChops.difference(one.convert("L"), other.convert("L")).histogram()
    return sum(dots[1:]) / (one.width * one.height)


@pytest.mark.parametrize("name", PICTURES)
def test_a_receipt_looks_as_it_did_when_somebody_looked(name: str, tmp_path: Path) -> None:
    drawn = PICTURES[name]()
    drawn.save(tmp_path / f"{name}.png")
    with Image.open(GOLDEN / f"{name}.png") as golden:
        assert differing(drawn, golden) <= TOLERATED, f"look at {tmp_path}"


@pytest.mark.parametrize("name", PICTURES)
def test_the_code_on_the_picture_leads_to_the_receipt(name: str) -> None:
    with Image.open(GOLDEN / f"{name}.png") as golden:
        (found,) = zxingcpp.read_barcodes(golden.convert("L"))
    assert found.text.startswith("https://check.example/KP01-")


def test_an_independent_reader_reads_the_figures_and_the_names(tmp_path: Path) -> None:
    """Tesseract confuses a few look-alikes, so most of the words must be there, not all."""
    with Image.open(GOLDEN / "cash_58_raster.png") as golden:
        large = golden.convert("L").resize((golden.width * 2, golden.height * 2))
    large.save(tmp_path / "receipt.png")
    command = ["tesseract", "receipt.png", "-", "-l", "chi_sim", "--psm", "6"]
    result = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120
    )
    text = "".join(result.stdout.split())
    lines = (*SHORT.lines, *SHORT.bags)
    figures = [SHORT.number, SHORT.gross, *(line.amount for line in lines)]
    words = ["合计", "抹零", "应收", "单价", "金额", *(line.name[:4] for line in lines)]
    assert [figure for figure in figures if figure not in text] == []
    assert sum(word in text for word in words) >= len(words) - 2, text


def test_no_two_kinds_of_receipt_look_alike() -> None:
    pictures = {(GOLDEN / f"{name}.png").read_bytes() for name in PICTURES}
    assert len(pictures) == len(PICTURES) == len(list(GOLDEN.glob("*.png")))


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for picture_name, draw in PICTURES.items():
        draw().save(GOLDEN / f"{picture_name}.png", optimize=True)

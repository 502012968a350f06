"""`./pos demo`: the same seed gives the same day, its totals agree, and its papers can be read."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pytest
from PIL import Image

from app.verification import verify_folder
from ui import commands


class Days(NamedTuple):
    """What `./pos demo` said of three days, and where the pictures and tills of one lie."""

    first: dict[str, Any]
    drawn: dict[str, Any]
    other: dict[str, Any]
    out: Path
    data: Path


def day(*options: str) -> dict[str, Any]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert commands.main(["demo", "--sales", "25", *options]) == 0
    last: dict[str, Any] = json.loads(said.getvalue().splitlines()[-1])
    return last


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    home = tmp_path_factory.mktemp("demo")
    out, data = home / "out", home / "shop"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        drawn = day("--seed", "7", "--out", str(out), "--data", str(data))
    return Days(day("--seed", "7"), drawn, day(), out, data)


def test_the_same_seed_gives_the_same_day_to_the_last_hash(days: Days) -> None:
    """Pictures are taken without touching the day."""
    assert days.drawn == days.first != days.other
    for each in (days.first, days.other):
        assert each["ok"] is True and each["sales"] == 25 and each["differs"] == []


def test_two_tills_and_a_hub_agree_after_goods_came_back_an_hour_offline_and_a_count(
    days: Days,
) -> None:
    totals = days.first
    first, second = totals["tills"]
    assert (first["till"], second["till"]) == ("1", "2")
    assert first["sales"] and second["sales"] and first["sales"] + second["sales"] == 25
    assert totals["refunds"] >= 1 and totals["z"]["refunds"] == totals["refunded"] != "0.00"
    assert totals["offline"]["sales"] >= 1
    assert totals["offline"]["waited"] > totals["offline"]["sales"]
    hub = totals["hub"]
    assert (hub["sales"], hub["gross"], hub["waiting"]) == (25, totals["gross"], 0)
    assert hub["entries"] > first["to_seq"] + second["to_seq"]
    assert totals["count"] == {"lines": 4, "net": "-34.00"}


def test_gross_is_what_sales_took_after_everything_that_was_taken_off(days: Days) -> None:
    for totals in (days.first, days.other):
        assert totals["gross"] == totals["z"]["gross"]
        fen = {
            name: int(totals[name].replace(".", ""))
            for name in ("goods", "reduced", "rounding", "gross")
        }
        assert fen["reduced"] < 0 and fen["rounding"] < 0
        assert fen["goods"] + fen["reduced"] + fen["rounding"] == fen["gross"]


def test_the_days_papers_and_screens_lie_in_the_folder(days: Days) -> None:
    for folder in (days.data, days.data / "till-2"):
        assert verify_folder(folder).ok
    names = {path.name for path in days.out.iterdir()}
    assert names >= {
        *("receipt-1.png", "shift_report-1.png", "z_report-1.png", "z_report-1.pdf"),
        *("screen-sign-in.png", "screen-till.png", "screen-pay.png"),
    }
    for path in days.out.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.size == (1366, 768) or picture.width == 576, path.name
            assert picture.convert("L").getextrema()[0] < 60, f"{path.name} is empty"
    with pdfium.PdfDocument(days.out / "z_report-1.pdf") as document:
        assert len(document) == 1
        words = document[0].get_textpage().get_text_bounded()
    assert "日结单" in words and f"{days.drawn['tills'][0]['sales']} 笔" in words


def test_the_screen_of_the_till_shows_the_basket(days: Days) -> None:
    with Image.open(days.out / "screen-till.png") as picture:
        rows = picture.convert("L").crop((40, 130, 600, 400))
    dark = sum(rows.histogram()[:80])
    assert dark > 1_500, "six lines of goods"

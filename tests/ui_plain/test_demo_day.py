"""`./pos demo`: the same seed gives the same day, its totals agree, and its papers can be read."""

import json
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image

from app.verification import verify_folder
from ui import commands


def day(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, object]:
    assert commands.main(["demo", "--sales", "25", *options]) == 0
    last: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return last


def test_the_same_seed_gives_the_same_day_to_the_last_hash(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = day(capsys, "--seed", "7")
    assert day(capsys, "--seed", "7") == first
    assert day(capsys, "--seed", "8") != first
    assert first["ok"] is True and first["sales"] == 25 and first["differs"] == []


def test_two_tills_and_a_hub_agree_after_goods_came_back_an_hour_offline_and_a_count(
    capsys: pytest.CaptureFixture[str],
) -> None:
    totals: Any = day(capsys, "--seed", "7")
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


def test_gross_is_what_sales_took_after_everything_that_was_taken_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    totals = day(capsys)
    z = totals["z"]
    assert isinstance(z, dict)
    assert totals["gross"] == z["gross"]

    def fen(name: str) -> int:
        return int(str(totals[name]).replace(".", ""))

    assert fen("reduced") < 0 and fen("rounding") < 0
    assert fen("goods") + fen("reduced") + fen("rounding") == fen("gross")


def test_the_days_papers_and_screens_lie_in_the_folder_and_the_day_is_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    out, data = tmp_path / "out", tmp_path / "shop"
    shown = day(capsys, "--out", str(out), "--data", str(data))
    assert shown == day(capsys), "pictures are taken without touching the day"
    for folder in (data, data / "till-2"):
        assert verify_folder(folder).ok
    names = {path.name for path in out.iterdir()}
    assert names >= {
        *("receipt-1.png", "shift_report-1.png", "z_report-1.png", "z_report-1.pdf"),
        *("screen-sign-in.png", "screen-till.png", "screen-pay.png"),
    }
    for path in out.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.size == (1366, 768) or picture.width == 576, path.name
            assert picture.convert("L").getextrema()[0] < 60, f"{path.name} is empty"
    with pdfium.PdfDocument(out / "z_report-1.pdf") as document:
        assert len(document) == 1
        words = document[0].get_textpage().get_text_bounded()
    first: Any = shown["tills"]
    assert "日结单" in words and f"{first[0]['sales']} 笔" in words


def test_the_screen_of_the_till_shows_the_basket(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    day(capsys, "--out", str(tmp_path))
    with Image.open(tmp_path / "screen-till.png") as picture:
        rows = picture.convert("L").crop((40, 130, 600, 400))
    dark = sum(rows.histogram()[:80])
    assert dark > 1_500, "six lines of goods"

"""T3 by hands: weighed at the till and for labels, dearer and cheaper, and the next morning."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PySide6.QtCore import Qt

from app.clock import SettableClock, parse_time
from app.facts.pricing import ListedPrice
from app.pricing.actions import set_prices
from app.print_queue import LABEL_PRINTER
from app.transaction import transaction
from printers.devices.scale import SimulatedScale
from printers.devices.virtual_labels import VirtualLabels
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from tests.ui.test_labels_at_the_window import cells, enter, looked, view
from ui.presenters.desk_work import SETTLE_MS
from ui.room_views import DeviceView

ENTER, ESC, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down
MELON, GOOSE = "16008", "11012"
MELON_LABEL, GOOSE_LABEL = "2116008028514", "221101213338012356"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def scale(hands: Hands) -> SimulatedScale:
    found = hands.running.till.devices.scale
    assert isinstance(found, SimulatedScale)
    return found


def out(hands: Hands) -> set[str]:
    carrier = hands.running.till.devices.carriers["label"]
    assert isinstance(carrier, VirtualLabels)
    read = (zxingcpp.read_barcodes(sheet.picture.convert("L")) for sheet in carrier.sheets)
    return {found.text for several in read for found in several}


def clock(hands: Hands, moment: str) -> None:
    found = hands.running.door.clock
    assert isinstance(found, SettableClock)
    found.advance(parse_time(moment) - found.wall_ms())


def weigh_label(hands: Hands, code: str, digits: str) -> None:
    """Scan the goods in 标签, take the scale's weight, print."""
    enter(hands)
    hands.scan(code)
    hands.until(lambda: len(cells(hands)) == 1, "the goods")
    assert view(hands).under == "称重标签"
    wait(LOOK_MS)
    if digits == "18":
        hands.type("b")
        hands.until(lambda: view(hands).under == "几位的条码？", "the digits")
        wait(LOOK_MS)
        hands.press(DOWN, ENTER)
        hands.until(lambda: view(hands).under == "称重标签", "chosen")
        wait(LOOK_MS)
    hands.type("w")
    looked(hands)
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None and cells(hands) == [], "printed")
    wait(LOOK_MS)
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the till")


def test_the_fresh_counter_from_the_scale_to_the_next_morning(hands: Hands) -> None:
    scale(hands).put(4_370, 50, stable=True)
    weigh_label(hands, MELON, "13")
    hands.until(lambda: MELON_LABEL in out(hands), "the melon's label")
    last = hands.running.till.devices.queue.last_printed(LABEL_PRINTER)
    assert last is not None
    fields = last.paper.blocks[0].fields  # type: ignore[union-attr]
    assert (fields["quantity"], fields["price"], fields["unit"]) == ("4.320 kg", "6.60", "kg")
    assert (fields["price_500g"], fields["unit_500g"]) == ("3.30", "元/500g")
    assert "斤" not in "".join(fields.values())
    scale(hands).put(1_235, 0, stable=True)
    weigh_label(hands, GOOSE, "18")
    hands.until(lambda: GOOSE_LABEL in out(hands), "the goose's label")
    with transaction(hands.counter.books, staff="301") as tx:
        lower = [ListedPrice(product=GOOSE, price=98_00)]
        set_prices(tx, lower, from_ms=parse_time("2026-12-07T17:00:00+08:00"))
    clock(hands, "2026-12-07T17:05:00+08:00")
    hands.scan(MELON_LABEL)
    hands.sees("28.51", 1)
    hands.scan(GOOSE_LABEL)
    hands.sees("149.54", 2)
    goose = hands.selling.shown.basket.lines[1]
    assert (goose.amount, [(each.name, each.amount) for each in goose.reductions]) == (
        "133.38",
        [("降价差", "−12.35")],
    )
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.done("0.00")
    assert hands.count("SELECT due FROM sale") == 149_50
    wait(SETTLE_MS)
    clock(hands, "2026-12-08T08:05:00+08:00")
    hands.scan(GOOSE_LABEL)
    hands.until(
        lambda: getattr(hands.selling.shown.message, "code", "") == "past_its_day", "yesterday's"
    )


def test_only_a_weight_that_stands_still_is_sold_at_the_till(hands: Hands) -> None:
    scale(hands).put(4_370, 50, stable=False)
    hands.type("tbdg")
    hands.press(ENTER)
    asked = lambda: hands.selling.shown.question  # noqa: E731
    hands.until(lambda: asked() is not None and "还没稳" in asked().preview, "what it says")
    assert "4.320 kg" in asked().preview and "0.050" in asked().preview
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(
        lambda: getattr(hands.selling.shown.message, "code", "") == "scale_unstable", "refused"
    )
    assert hands.counter.basket.lines == ()
    scale(hands).put(4_370, 50, stable=True)
    hands.until(lambda: asked() is not None and "还没稳" not in asked().preview, "it stands still")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.sees("28.51", 1)
    # What is typed counts as it did without a scale.
    hands.type("tbdg")
    hands.press(ENTER)
    hands.until(lambda: asked() is not None, "the weight")
    wait(LOOK_MS)
    hands.type("1.5")
    hands.press(ENTER)
    hands.sees("38.41", 2)


def test_the_scale_is_set_up_and_loaded_under_devices(hands: Hands) -> None:
    running = hands.running

    def card() -> DeviceView | None:
        page: Any = running.window.page_of("devices")
        return next((each for each in page._devices if each.key == "scale"), None)

    def says(words: str) -> bool:
        shown = card()
        return shown is not None and words in shown.detail

    running.shell.go("devices")
    hands.until(lambda: card() is not None, "its card")
    hands.tap("放东西")
    hands.until(lambda: running.window.page == "device_setup", "the page")
    wait(LOOK_MS)
    hands.type("4.370/0.050~")
    hands.press(ENTER)
    hands.until(lambda: running.window.page == "devices", "back")
    assert (scale(hands).weight().net, scale(hands).weight().stable) == (4_320, False)
    hands.until(lambda: says("4.320 kg"), "the weight on its card")
    shown = card()
    assert shown is not None and shown.state == "warn"

"""标签 at the real window: tags that lie, deliveries, sheets, templates edited live, T3."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PySide6.QtCore import Qt

from app.facts.base import Fact
from app.facts.stock import LabelsPrinted
from app.sales.labels import Wanted
from app.stock.receiving import Delivery, Receiving
from app.stock.receiving_rules import Wanted as Incoming
from printers.devices.scale import SimulatedScale
from printers.devices.virtual_labels import VirtualLabels
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from ui.label_views import LabelsView
from ui.presenters.desk_work import SETTLE_MS

ENTER, ESC, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down
TEA, MELON, GOOSE = "12006", "16008", "11012"
EGG_ROLL = "6900000110140"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def view(hands: Hands) -> LabelsView:
    shown = hands.running.window.page_of("labels")._view  # type: ignore[attr-defined]
    assert isinstance(shown, LabelsView)
    return shown


def enter(hands: Hands) -> None:
    hands.running.shell.go("labels")
    hands.until(lambda: hands.running.window.page == "labels", "the room of labels")
    wait(LOOK_MS)


def looked(hands: Hands) -> None:
    """The label is drawn."""
    hands.until(lambda: bool(view(hands).picture) and not view(hands).note, "the picture")
    wait(LOOK_MS)


def cells(hands: Hands) -> list[tuple[str, ...]]:
    return [row.cells for row in view(hands).rows.rows]


def tag(hands: Hands, product: str, zone: str, price: int) -> None:
    """A tag that was printed some time ago."""
    hands.running.till.labels.print(Wanted(label="tag", product=product, zone=zone, price=price))


def out(hands: Hands) -> list[str]:
    """What a scanner reads off the labels that came out."""
    carrier = hands.running.till.devices.carriers["label"]
    assert isinstance(carrier, VirtualLabels)
    return [
        found.text
        for sheet in carrier.sheets
        for found in zxingcpp.read_barcodes(sheet.picture.convert("L"))
    ]


def test_tags_that_lie_are_listed_and_printed_by_two_keys(hands: Hands) -> None:
    tag(hands, TEA, "A3", 168_00)
    tag(hands, MELON, "B1", 5_60)
    enter(hands)
    hands.until(lambda: len(cells(hands)) == 2, "both tags")
    assert cells(hands)[0][2:] == ("168.00", "198.00")
    hands.press(Qt.Key.Key_O, control=True)
    looked(hands)
    assert (view(hands).under, view(hands).total) == ("价签", "2 张标签")
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "what was printed")
    assert "2 张" in view(hands).message.text  # type: ignore[union-attr]
    assert cells(hands) == []
    assert hands.count("SELECT count(*) FROM label_log WHERE price IN (19800, 660)") == 2
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the till")


def test_the_tag_decides_on_the_screen_and_its_task_prints_it_anew(hands: Hands) -> None:
    tag(hands, TEA, "A3", 168_00)
    hands.scan(TEA)
    hands.sees("168.00", 1)
    (line,) = hands.selling.shown.basket.lines
    assert [(each.name, each.amount) for each in line.reductions] == [
        ("按架上价签 168.00 收", "−30.00")
    ]
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.done("0.00")
    wait(SETTLE_MS)
    hands.running.shell.go("tasks")
    hands.until(lambda: hands.running.window.page == "tasks", "待办")
    wait(LOOK_MS)
    hands.tap("处理")
    hands.tap("重印价签")
    hands.until(
        lambda: hands.count("SELECT max(price) FROM shelf_tag WHERE zone = 'A3'") == 198_00,
        "the tag of today",
    )
    hands.running.shell.sell()
    hands.scan(TEA)
    hands.sees("198.00", 1)


def test_scanned_goods_are_counted_chosen_and_put_on_paper(hands: Hands, tmp_path: Path) -> None:
    enter(hands)
    hands.scan(EGG_ROLL)
    hands.until(lambda: len(cells(hands)) == 1, "the goods")
    hands.scan(EGG_ROLL)
    hands.until(lambda: cells(hands)[0][1] == "2", "one more")
    wait(LOOK_MS)
    hands.press(Qt.Key.Key_Backspace)
    hands.type("5")
    hands.until(lambda: cells(hands)[0][1] == "5", "five")
    hands.type("t")
    hands.until(lambda: view(hands).under == "哪种标签？", "the kinds")
    wait(LOOK_MS)
    hands.press(DOWN, DOWN, ENTER)
    hands.until(lambda: view(hands).under == "商品标签", "product labels")
    hands.type("g")
    hands.until(lambda: view(hands).under == "打到哪里？", "where")
    wait(LOOK_MS)
    hands.press(DOWN, ENTER)
    looked(hands)
    assert view(hands).head[2].value == "A4 纸"
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "where the sheet lies")
    (file,) = (hands.running.till.opened.folder / "exports").glob("*.pdf")
    assert str(file) in view(hands).message.text  # type: ignore[union-attr]
    with pdfium.PdfDocument(file) as document:
        page = document[0].render(scale=300 / 72).to_pil()
    assert [found.text for found in zxingcpp.read_barcodes(page)] == [EGG_ROLL] * 5
    assert out(hands) == []


def test_a_mark_that_is_not_earned_says_so_where_the_label_would_be(hands: Hands) -> None:
    enter(hands)
    hands.type("dshc")
    hands.until(lambda: bool(cells(hands)), "the tea")
    wait(LOOK_MS)
    hands.press(ENTER)
    looked(hands)
    hands.type("t")
    hands.until(lambda: view(hands).under == "哪种标签？", "the kinds")
    wait(LOOK_MS)
    hands.press(*[DOWN] * 5, ENTER)
    hands.until(lambda: bool(view(hands).note), "a lot is wanted")
    wait(LOOK_MS)
    hands.type("p")
    hands.until(lambda: view(hands).under == "哪一批？", "the lots")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: "认定" in view(hands).note, view(hands).note)
    assert view(hands).picture == b"" and not view(hands).confirm_enabled
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "the reason")
    assert hands.count("SELECT count(*) FROM label_log") == 0


def test_a_delivery_is_labelled_piece_by_piece_from_its_result(hands: Hands) -> None:
    hands.counter.desk.sign_in("301", "864209")
    hands.running.shell.go("receiving")
    hands.until(lambda: hands.running.window.page == "receiving", "收货")
    wait(LOOK_MS)
    page = hands.running.window.page_of("receiving")
    shown = lambda: page._view  # type: ignore[attr-defined]  # noqa: E731
    hands.scan(EGG_ROLL)
    hands.until(lambda: len(shown().rows.rows) == 1, "the goods")
    wait(LOOK_MS)
    hands.type("12")
    hands.until(lambda: shown().confirm_enabled, "twelve")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: shown().confirm_word == "完成", "it is posted")
    wait(SETTLE_MS + LOOK_MS)
    hands.type("k")
    hands.until(lambda: hands.running.window.page == "labels", "its labels")
    looked(hands)
    assert (view(hands).under, [row[1] for row in cells(hands)]) == ("商品标签", ["12"])


def test_a_document_of_last_week_is_labelled_from_the_papers(hands: Hands) -> None:
    hands.counter.desk.sign_in("301", "864209")
    room = Receiving(hands.counter.desk, lambda one: one.price)
    eggs = Incoming(
        product="13006", quantity=8_000, unit_cost=95_000, batch="JJ9", expires="2027-08-01"
    )
    room.receive(Delivery(supplier="金鸡合作社", lines=(eggs,)))
    hands.running.shell.go("stock")
    hands.until(lambda: hands.running.window.page == "stock", "库存")
    wait(LOOK_MS)
    hands.press(Qt.Key.Key_D, control=True)
    hands.until(lambda: hands.running.window.page == "stock_papers", "单据")
    page: Any = hands.running.window.page_of("stock_papers")
    hands.until(lambda: bool(page._view.rows.rows), "the documents")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: page._view.confirm_word == "完成", "the document")
    wait(LOOK_MS)
    hands.type("k")
    hands.until(lambda: hands.running.window.page == "labels", "its labels")
    looked(hands)
    assert [(row.cells[1], row.under) for row in view(hands).rows.rows] == [("8", "批 JJ9")]


def test_a_template_saved_in_an_editor_shows_at_once_and_its_faults_by_line(hands: Hands) -> None:
    enter(hands)
    hands.type("dshc")
    hands.until(lambda: bool(cells(hands)), "the tea")
    wait(LOOK_MS)
    hands.press(ENTER)
    looked(hands)
    before = view(hands).picture
    hands.type("e")
    hands.until(lambda: view(hands).message is not None, "where the file lies")
    own = hands.running.till.opened.folder / "labels" / "tag_60x40.txt"
    good = own.read_text("utf-8")
    own.write_text(good + "text 1 1 9 3: {nmae}\n", "utf-8")
    line = len(good.splitlines()) + 1
    hands.until(lambda: f"第 {line} 行" in view(hands).note, "the line that is wrong")
    assert view(hands).picture == b"" and not view(hands).confirm_enabled
    own.write_text(good.replace("{name}", "本店 {name}"), "utf-8")
    hands.until(lambda: view(hands).picture not in (b"", before), "what it has become")


def test_a_long_run_is_stopped_and_the_rest_stays(hands: Hands) -> None:
    enter(hands)
    for product in (TEA, "12001", "12003", "21008"):
        hands.scan(product)
        wait(LOOK_MS)
    hands.until(lambda: len(cells(hands)) == 4, "four goods")
    looked(hands)
    room = hands.running.shell.page_scans["labels"].__self__  # type: ignore[attr-defined]
    printed: list[object] = []

    def stop(facts: Sequence[Fact]) -> None:
        if any(isinstance(fact, LabelsPrinted) for fact in facts):
            printed.append(facts)
            # Esc while the second is on its way; a hand is not quick enough for four labels.
            room._counted.stop()

    hands.running.till.books.listeners.append(stop)
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "it stopped")
    assert "打了 1 张" in view(hands).message.text  # type: ignore[union-attr]
    assert (len(printed), len(cells(hands))) == (1, 3)


def test_the_scales_list_is_written_by_two_keys(hands: Hands) -> None:
    enter(hands)
    hands.press(Qt.Key.Key_S, control=True)
    hands.until(lambda: view(hands).question is not None, "which scale")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "where it lies")
    (file,) = (hands.running.till.opened.folder / "exports").glob("plu-dahua-13-*.csv")
    assert "潭碧冬瓜" in file.read_bytes().decode("gb18030")


def test_t3_a_melon_is_weighed_labelled_and_scanned(hands: Hands) -> None:
    scale = hands.running.till.devices.scale
    assert isinstance(scale, SimulatedScale)
    scale.put(4_370, 50, stable=False)
    enter(hands)
    hands.scan(MELON)
    hands.until(lambda: len(cells(hands)) == 1, "the melon")
    assert view(hands).under == "称重标签"
    wait(LOOK_MS)
    hands.type("w")
    hands.until(lambda: view(hands).message is not None, "it does not stand still")
    assert view(hands).message.code == "scale_unstable"  # type: ignore[union-attr]
    scale.put(4_370, 50, stable=True)
    hands.press(ESC)
    hands.type("w")
    looked(hands)
    hands.press(ENTER)
    hands.until(lambda: "2116008028514" in out(hands), "the label")
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    hands.scan("2116008028514")
    hands.sees("28.51", 1)

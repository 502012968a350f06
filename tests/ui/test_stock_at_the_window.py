"""收货 and 库存 at the real window: by scanner and keys, kept when the till is killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.facts.stock import SentLine
from app.stock.drafts import drafts
from app.stock.receiving import Receiving
from app.stock.transfers import Parcel, Transfers
from tests.stories.counters import MANAGER
from tests.stories.test_transfers import OtherShop
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from ui.document_views import DocumentView
from ui.presenters.desk_work import SETTLE_MS

ENTER, ESC, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down
EGG_ROLL = "6900000110140"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        person.counter.desk.sign_in("301", "864209")
        yield person


def announced(hands: Hands) -> None:
    """Greens, eggs and a goose without its certificate, a box each."""
    counter = hands.counter
    goods = (
        ("16009", 20_000, 5_800_000, "MC1123", "", "HGZ-1"),
        ("13006", 48_000, 9_500_000, "JJ1201", "2027-08-01", ""),
        ("11002", 30_000, 28_000_000, "MG1207", "2026-12-14", ""),
    )
    lines = [
        SentLine(line=n, product=product, lot=counter.books.ids.new(), quantity=quantity,
                 unit_cost=cost, batch=batch, expires=expires, certificate=paper, box=f"BOX-{n}")
        for n, (product, quantity, cost, batch, expires, paper) in enumerate(goods, 1)
    ]  # fmt: skip
    room = Receiving(counter.desk, lambda one: one.price)
    room.announce(lines, number="DB-0417", supplier="配送中心")


def enter(hands: Hands, room: str) -> None:
    hands.running.shell._rooms[room]()
    hands.until(lambda: hands.running.window.page == room, room)


def view(hands: Hands, room: str = "receiving") -> DocumentView:
    shown = hands.running.window.page_of(room)._view  # type: ignore[attr-defined]
    assert isinstance(shown, DocumentView)
    return shown


def cells(hands: Hands, room: str = "receiving") -> list[tuple[str, ...]]:
    return [row.cells for row in view(hands, room).rows.rows]


def opened(hands: Hands) -> None:
    enter(hands, "receiving")
    hands.until(lambda: len(cells(hands)) == 1, "the dispatch")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: len(cells(hands)) == 3, "its lines")
    wait(LOOK_MS)


def on_hand(hands: Hands, product: str) -> int:
    return hands.count(f"SELECT sum(quantity) FROM on_hand WHERE product = '{product}'")


def test_a_dispatch_is_received_by_box_and_by_weight_without_a_mouse(hands: Hands) -> None:
    announced(hands)
    opened(hands)
    hands.type("19.6")
    hands.until(lambda: cells(hands)[0][3] == "−0.400", "the difference")
    hands.type("y")
    hands.until(lambda: view(hands).question is not None, "the reasons")
    hands.type("2")
    hands.until(lambda: "破损" in view(hands).rows.rows[0].under, "the reason")
    hands.scan("BOX-2")
    hands.until(lambda: cells(hands)[1][2] == "48", "the box")
    hands.until(lambda: view(hands).confirm_enabled, "it may be posted")
    assert view(hands).total_label == "差 1 行"
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: "已过账" in view(hands).under, "posted")
    assert cells(hands) == [("大沙麦菜", "19.600 kg"), ("金鸡皮蛋 6枚", "48 盒")]
    assert "1 种还在途" in view(hands).note
    assert (on_hand(hands, "16009"), on_hand(hands, "13006")) == (119_600, 148_000)
    assert hands.taps == 0


def test_goods_without_their_certificate_stay_outside_until_it_is_typed(hands: Hands) -> None:
    announced(hands)
    opened(hands)
    hands.scan("BOX-3")
    hands.until(lambda: "合格证" in view(hands).note, "why not")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "the refusal")
    assert on_hand(hands, "11002") == 100_000
    hands.press(ESC)
    hands.until(lambda: view(hands).message is None, "answered")
    hands.type("z")
    hands.until(lambda: view(hands).question is not None, "its number")
    hands.type("H77")
    hands.press(ENTER)
    hands.until(lambda: view(hands).confirm_enabled, "it may be posted")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: on_hand(hands, "11002") == 130_000, "posted")


def test_what_was_scanned_survives_a_kill_and_is_gone_on_with(hands: Hands, tmp_path: Path) -> None:
    enter(hands, "receiving")
    wait(LOOK_MS)
    hands.scan(EGG_ROLL)
    hands.until(lambda: len(cells(hands)) == 1, "the goods")
    hands.scan(EGG_ROLL)
    hands.until(lambda: cells(hands)[0][2] == "2", "twice")

    def kept() -> str:
        with hands.counter.books.read() as db:
            return "".join(each.content for each in drafts(db, "receiving"))

    hands.until(lambda: '"typed":"2"' in kept(), "on the disk")
    # Nobody set it aside: the room is entered anew, as after a start.
    hands.running.shell.sell()
    enter(hands, "receiving")
    hands.until(lambda: any(row[2] == "收了一半" for row in cells(hands)), "the draft")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: view(hands).line is not None and cells(hands)[0][2] == "2", "as it was")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: on_hand(hands, "11014") == 102_000, "posted")
    assert kept() == ""
    wait(SETTLE_MS + LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: view(hands).rows.state == "empty", "nothing is left to receive")


def test_a_cashier_receives_with_somebody_beside(hands: Hands) -> None:
    hands.counter.desk.sign_in("101", "246810")
    enter(hands, "receiving")
    wait(LOOK_MS)
    hands.scan(EGG_ROLL)
    hands.until(lambda: view(hands).confirm_enabled, "it may be posted")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: getattr(view(hands).message, "code", "") == "approval_needed", "a yes")
    assert on_hand(hands, "11014") == 100_000
    hands.tap("请另一人授权")
    hands.until(lambda: view(hands).question is not None, "who")
    hands.type("301")
    hands.press(ENTER)
    hands.until(lambda: "301" in str(view(hands).question), "their PIN")
    hands.type("864209")
    hands.press(ENTER)
    hands.until(lambda: on_hand(hands, "11014") == 101_000, "posted")


def test_another_shops_file_is_read_and_its_goods_keep_their_lot(
    hands: Hands, tmp_path: Path
) -> None:
    there, file = OtherShop(tmp_path / "there"), tmp_path / "out"
    there.open_shift()
    there.sign_in(MANAGER)
    line = {"product": "13006", "cost": "9.50", "lot": "JJ9", "expires": "2027-08-01"}
    there.ok("receive", lines=[line | {"quantity": "5"}])
    there.ok("transfer_out", to="KP01", lines=[{"product": "13006", "quantity": "5"}],
             file=str(file))  # fmt: skip
    (lot,) = (each["lot_id"] for each in there.ok("lots", product="13006")["lots"])
    there.close()
    enter(hands, "receiving")
    wait(LOOK_MS)
    hands.type("i")
    hands.until(lambda: view(hands).question is not None, "which file")
    hands.type(str(file))
    hands.press(ENTER)
    hands.until(lambda: len(cells(hands)) == 1 and view(hands).line is not None, "its line")
    hands.type("4")
    hands.until(lambda: cells(hands)[0][2] == "4", "what came")
    hands.until(lambda: view(hands).confirm_enabled, "it may be posted")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: "1 种还在途" in view(hands).note, "posted")
    assert hands.count(f"SELECT quantity FROM on_hand WHERE lot = '{lot}'") == 4_000


def stock(hands: Hands) -> DocumentView:
    return view(hands, "stock")


def eggs(hands: Hands) -> None:
    """库存 with the lots of the eggs open."""
    enter(hands, "stock")
    hands.until(lambda: len(stock(hands).rows.rows) > 50, "the goods")
    hands.type("jjpd")
    hands.until(lambda: len(stock(hands).rows.rows) == 1, "the eggs")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: "金鸡皮蛋" in stock(hands).under, "their lots")
    wait(LOOK_MS)


def test_two_boxes_are_written_off_by_keys_alone(hands: Hands) -> None:
    eggs(hands)
    hands.type("m")
    hands.until(lambda: stock(hands).line is not None, "an adjustment")
    hands.type("2y")
    hands.until(lambda: stock(hands).choosing, "the reasons")
    wait(LOOK_MS)
    hands.press(DOWN)
    hands.press(ENTER)
    # The demo's eggs cost 8.40 a box.
    hands.until(lambda: stock(hands).total == "−16.80", "what it is worth")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: stock(hands).facts[:1] == (("货架", "98"),), "posted")
    hands.until(lambda: "已过账" in getattr(stock(hands).message, "text", ""), "said")
    assert hands.count("SELECT count(*) FROM movement WHERE reason = 'expired'") == 1


def test_goods_are_moved_and_sent_and_found_again_among_the_documents(hands: Hands) -> None:
    eggs(hands)
    hands.type("w")
    hands.until(lambda: stock(hands).line is not None, "a move")
    hands.type("5")
    hands.until(lambda: stock(hands).confirm_enabled, "it may be posted")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: [value for _word, value in stock(hands).facts[:2]] == ["95", "5"], "moved")
    wait(SETTLE_MS + LOOK_MS)
    hands.type("b")
    hands.until(lambda: stock(hands).line is not None, "a transfer")
    hands.type("3g")
    hands.until(lambda: stock(hands).question is not None, "to whom")
    hands.type("kp02")
    hands.press(ENTER)
    hands.until(lambda: "kp02" in [each.value for each in stock(hands).head], "said")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: dict(stock(hands).facts).get("发出未回") == "3", "sent")
    wait(SETTLE_MS + LOOK_MS)
    hands.press(ESC)
    hands.until(lambda: stock(hands).typing, "the goods")
    papers(hands)
    kinds = [row.cells[1] for row in view(hands, "stock_papers").rows.rows]
    assert kinds[:2] == ["调出", "移位"]
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: view(hands, "stock_papers").under.startswith("DB-1-"), "what it moved")
    assert view(hands, "stock_papers").rows.rows[0].cells[1:] == ("货架", "−3")


def papers(hands: Hands) -> None:
    """单据, from 库存."""
    hands.press(Qt.Key.Key_D, control=True)
    hands.until(lambda: hands.running.window.page == "stock_papers", "the papers")
    hands.until(lambda: view(hands, "stock_papers").under == "库存单据", "the documents")
    wait(LOOK_MS)


def test_a_ledger_is_a_file_and_what_sold_is_asked_for_by_a_few_keys(hands: Hands) -> None:
    for _ in range(3):
        hands.counter.scan(EGG_ROLL)
    hands.selling.refresh()
    hands.until(lambda: bool(hands.selling.shown.basket.lines), "the goods")
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.done("0.00")
    enter(hands, "stock")
    hands.until(lambda: len(stock(hands).rows.rows) > 50, "the goods")
    papers(hands)
    hands.type("t")
    hands.until(lambda: view(hands, "stock_papers").under == "台账", "the ledgers")
    wait(LOOK_MS)
    hands.press(DOWN)
    hands.press(ENTER)
    hands.until(
        lambda: "sales-" in getattr(view(hands, "stock_papers").message, "text", ""), "written"
    )
    (file,) = (hands.running.till.opened.folder / "exports").glob("sales-*.xlsx")
    assert file.stat().st_size > 1000
    wait(LOOK_MS)
    hands.type("y")
    hands.until(lambda: "要货" in view(hands, "stock_papers").under, "what sold")
    (row,) = view(hands, "stock_papers").rows.rows
    # 97 are here and nine days' sale are two: nobody needs any.
    assert row.cells[1:] == ("3", "97", "0", "0")
    assert not view(hands, "stock_papers").confirm_enabled


def paper(hands: Hands) -> DocumentView:
    return view(hands, "stock_papers")


def test_a_transfer_goes_out_as_a_file_and_its_answer_says_what_came(
    hands: Hands, tmp_path: Path
) -> None:
    parcel = Parcel(product="13006", quantity=5_000)
    Transfers(hands.counter.desk).send("KP02", [parcel])
    enter(hands, "stock")
    hands.until(lambda: len(stock(hands).rows.rows) > 50, "the goods")
    papers(hands)
    hands.type("w")
    hands.until(lambda: paper(hands).under == "在途", "what is on its way")
    assert [row.cells[1::2] for row in paper(hands).rows.rows] == [("调出", "KP02")]
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: paper(hands).under.startswith("DB-1-"), "the document")
    hands.type("f")
    hands.until(lambda: "已写成" in str(paper(hands).message), "the file")
    (file,) = (hands.running.till.opened.folder / "exports").glob("DB-1-*.json")
    there, back = OtherShop(tmp_path / "there"), tmp_path / "back"
    there.open_shift()
    there.sign_in(MANAGER)
    came = {"product": "13006", "quantity": "4", "reason": "破损"}
    there.ok("transfer_in", file=str(file), lines=[came])
    there.ok("transfer_export", document=file.stem, file=str(back))
    there.close()
    wait(LOOK_MS)
    hands.press(ESC)
    hands.until(lambda: paper(hands).under == "库存单据", "the documents")
    wait(LOOK_MS)
    hands.type("w")
    hands.until(lambda: paper(hands).under == "在途", "what is on its way")
    hands.type("h")
    hands.until(lambda: paper(hands).question is not None, "which file")
    wait(LOOK_MS)
    hands.type("nothing")
    hands.press(ENTER)
    hands.until(lambda: getattr(paper(hands).message, "code", "") == "file_unreadable", "not there")
    wait(LOOK_MS)
    hands.press(ESC)
    hands.type("h")
    hands.until(lambda: paper(hands).question is not None, "which file")
    wait(LOOK_MS)
    hands.type(str(back))
    hands.press(ENTER)
    hands.until(lambda: "回单" in paper(hands).under, "the answer")
    assert paper(hands).rows.rows[0].cells[1:] == ("5", "4", "−1")
    tasks = "SELECT count(*) FROM settled_line WHERE lost > 0"
    assert hands.count(tasks) == 1
    assert hands.taps == 0


def test_a_photo_joins_a_delivery_by_its_name_and_lies_beside_it(
    hands: Hands, tmp_path: Path
) -> None:
    photo = tmp_path / "wet.jpg"
    photo.write_bytes(b"\xff\xd8\xff wet box")
    announced(hands)
    opened(hands)
    for name, code in ((tmp_path / "none.jpg", "file_unreadable"), (Path(__file__), "not_a_photo")):
        hands.type("h")
        hands.until(lambda: view(hands).question is not None, "which photo")
        wait(LOOK_MS)
        hands.type(str(name))
        hands.press(ENTER)
        hands.until(lambda code=code: getattr(view(hands).message, "code", "") == code, code)
        wait(LOOK_MS)
        hands.press(ESC)
    hands.type("h")
    hands.until(lambda: view(hands).question is not None, "which photo")
    wait(LOOK_MS)
    hands.type(str(photo))
    hands.press(ENTER)
    hands.until(lambda: view(hands).buttons[-1].word == "照片 1", "one photo")
    hands.scan("BOX-2")
    hands.until(lambda: view(hands).confirm_enabled, "it may be posted")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: "已过账" in view(hands).under, "posted")
    assert hands.count("SELECT count(*) FROM attachment") == 1
    assert hands.taps == 0

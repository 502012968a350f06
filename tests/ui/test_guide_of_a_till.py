"""The guide's later pages, 商品导入 and the recovery code, each at a till that stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import SettableClock
from app.errors import Refusal
from app.ids import Ids, seeded
from app.opening import NewTill, open_folder
from app.print_queue import print_job
from app.shop.first_steps import STEPS, keep_steps, steps_left
from app.staff.actions import check_pin, set_person
from app.staff.recovery import fresh_code, keep_recovery_code, unlock_with_recovery_code
from app.staff.rules import MAX_PIN_FAILURES
from app.transaction import transaction
from tests.support.tills import MORNING
from ui.application import Application
from ui.counter_devices import PRINTER_MARK, set_device
from ui.room_views import ImportView
from ui.screens.first_run import FirstRunScreen
from ui.screens.goods_import import GoodsImportScreen
from ui.sounds import Sounds
from ui.startup import Till

PIN, NEW_PIN = "864209", "730195"
GOODS = """货号,品名,单位,售价,条码
1001,大沙红茶,罐,68.00,6901234567892
1002,侨心饼,盒,48.00,
1003,,盒,abc,
"""


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """A shop of our own with a manager, a cashier, a printer on the screen and no goods."""
    clock = SettableClock(MORNING)
    ids = Ids(clock, seeded("guide"))
    new = NewTill("KP07", "2", keystore="file")
    opened = open_folder(tmp_path / "till", clock=clock, ids=ids, new=new, reserve=False)
    with transaction(opened.books) as tx:
        set_person(tx, number="301", name="关店长", role="manager", pin=PIN)
        set_person(tx, number="101", name="张三", role="cashier", pin=PIN)
        keep_steps(tx, STEPS)
    set_device(opened.books, PRINTER_MARK, "virtual_80 virtual:")
    made = Till(opened)
    yield made
    made.close()


@pytest.fixture
def running(qapp: QApplication, qtbot: QtBot, till: Till) -> Iterator[Application]:
    """The window, at its door."""
    made = Application(till, till.books.clock, sounds=Sounds())
    made.start()
    qtbot.waitUntil(lambda: made.window.page == "sign_in")
    yield made
    made.window.close()
    made.window.deleteLater()


def sign_in(app: Application, qtbot: QtBot, number: str, page: str) -> None:
    app.shell.entrance.sign_in(number, PIN)
    qtbot.waitUntil(lambda: app.window.page == page)


def guide(app: Application) -> FirstRunScreen:
    page = app.window.page_of("guide")
    assert isinstance(page, FirstRunScreen)
    return page


def at(app: Application, qtbot: QtBot, title: str) -> None:
    qtbot.waitUntil(lambda: guide(app).windowTitle() == title)


def to_recovery(app: Application, qtbot: QtBot) -> None:
    sign_in(app, qtbot, "301", "guide")
    at(app, qtbot, "小票用什么打？")
    guide(app).later.emit()
    at(app, qtbot, "把恢复码收好")


# --- The guide ------------------------------------------------------------------------------


def test_everything_can_be_put_off_and_then_the_till_opens_a_shift(
    running: Application, qtbot: QtBot
) -> None:
    to_recovery(running, qtbot)
    guide(running).later.emit()
    at(running, qtbot, "卖些什么？")
    guide(running).later.emit()
    at(running, qtbot, "扫一扫")
    guide(running).answered.emit({})
    qtbot.waitUntil(lambda: running.window.page == "open_shift")
    assert steps_left(running.till.books) == ()


def test_a_cashier_is_not_asked_and_sells(running: Application, qtbot: QtBot) -> None:
    sign_in(running, qtbot, "101", "open_shift")
    assert steps_left(running.till.books) == STEPS


def test_what_is_left_is_kept_page_by_page(running: Application, qtbot: QtBot) -> None:
    to_recovery(running, qtbot)
    assert steps_left(running.till.books) == STEPS[1:]
    guide(running).back.emit()
    at(running, qtbot, "小票用什么打？")
    assert steps_left(running.till.books) == STEPS


def test_a_scan_is_explained_on_its_page_only(running: Application, qtbot: QtBot) -> None:
    to_recovery(running, qtbot)
    running.shell.scanned("6901234567892")
    guide(running).later.emit()
    at(running, qtbot, "卖些什么？")
    guide(running).later.emit()
    at(running, qtbot, "扫一扫")
    running.shell.scanned("6901234567892")
    shown = guide(running)
    qtbot.waitUntil(lambda: shown.shown.explain is not None and bool(shown.shown.explain.code))
    assert shown.shown.explain is not None
    assert shown.shown.explain.code == "6901234567892"
    assert running.shell.entrance.kept_scans == []


def test_the_brands_and_classes_come_without_goods(running: Application, qtbot: QtBot) -> None:
    to_recovery(running, qtbot)
    guide(running).later.emit()
    at(running, qtbot, "卖些什么？")
    guide(running).card_chosen.emit("sample")
    qtbot.waitUntil(lambda: guide(running).shown.message is not None, timeout=10_000)
    with running.till.books.read() as db:
        counts = [
            db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("brand", "product")
        ]
    assert counts == [7, 0]


# --- The recovery code ----------------------------------------------------------------------


def code_on(app: Application) -> str:
    return guide(app).shown.figure.replace("  ", "-")


def test_the_code_counts_once_its_last_group_is_typed_from_the_paper(
    running: Application, qtbot: QtBot
) -> None:
    to_recovery(running, qtbot)
    code, books = code_on(running), running.till.books
    guide(running).answered.emit({"last": "2222"})
    qtbot.waitUntil(lambda: bool(guide(running).shown.fields[0].error))
    with pytest.raises(Refusal):
        unlock_with_recovery_code(books, "301", code, NEW_PIN)
    guide(running).answered.emit({"last": code[-4:].lower()})
    at(running, qtbot, "卖些什么？")
    unlock_with_recovery_code(books, "301", code, NEW_PIN)


def test_the_sheet_comes_out_and_never_lies_in_the_queue(
    running: Application, qtbot: QtBot
) -> None:
    to_recovery(running, qtbot)
    code = code_on(running)
    guide(running).card_chosen.emit("print")
    qtbot.waitUntil(lambda: guide(running).shown.message is not None)
    (carrier,) = running.till.devices.carriers.values()
    printed = "".join(carrier.last_rows)  # type: ignore[attr-defined]
    assert all(group in printed for group in code.split("-"))
    with running.till.books.read() as db:
        assert db.execute(print_job.select()).all() == []


def test_a_locked_number_comes_in_again_at_the_door(running: Application, qtbot: QtBot) -> None:
    books = running.till.books
    code = fresh_code(books.ids)
    with transaction(books) as tx:
        keep_recovery_code(tx, code)
        keep_steps(tx, ())
    for _ in range(MAX_PIN_FAILURES):
        with pytest.raises(Refusal):
            check_pin(books, "101", "135790")
    door = running.door.sign_in
    running.shell.entrance.sign_in("101", PIN)
    qtbot.waitUntil(lambda: door._message._action.isVisible())
    door._message._action.click()
    page = running.window.page_of("recover")
    assert isinstance(page, FirstRunScreen)
    assert running.window.page == "recover"
    assert page.values()["number"] == "101"
    typed = {"number": "101", "code": "2222", "pin": NEW_PIN, "again": NEW_PIN}
    for wrong, field in (
        ({"again": "1"}, "again"),
        ({}, "code"),
        ({"code": code, "pin": "111111", "again": "111111"}, "pin"),
        ({"code": code, "number": "999"}, "number"),
    ):
        page.answered.emit({**typed, **wrong})
        qtbot.waitUntil(lambda field=field: field in errors_of(page))
    page.answered.emit({**typed, "code": code})
    qtbot.waitUntil(lambda: running.window.page == "open_shift", timeout=10_000)
    assert check_pin(books, "101", NEW_PIN) == "cashier"


def errors_of(page: FirstRunScreen) -> list[str]:
    return [field.name for field in page.shown.fields if field.error]


# --- Goods ----------------------------------------------------------------------------------


@pytest.fixture
def importing(running: Application, qtbot: QtBot) -> GoodsImportScreen:
    """商品导入 in front, a manager signed in."""
    with transaction(running.till.books) as tx:
        keep_steps(tx, ())
    running.till.counter.desk.sign_in("301", PIN)
    running.shell._rooms["goods"]()
    page = running.window.page_of("goods")
    assert isinstance(page, GoodsImportScreen)
    return page


def look(page: GoodsImportScreen, qtbot: QtBot, path: Path) -> None:
    page.chosen.emit(str(path))
    qtbot.waitUntil(lambda: not page.shown.busy_word, timeout=30_000)


def goods(app: Application) -> list[str]:
    with app.till.books.read() as db:
        return [row[0] for row in db.exec_driver_sql("SELECT code FROM product ORDER BY code")]


def test_a_file_is_looked_at_row_by_row_and_then_taken(
    running: Application, importing: GoodsImportScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "goods.csv").write_text(GOODS, encoding="utf-8")
    look(importing, qtbot, tmp_path / "goods.csv")
    assert [figure for _word, figure in importing.shown.figures][:2] == ["2", "1"]
    assert {row.cells[0] for row in importing.shown.findings.rows} == {"4"}
    assert goods(running) == []
    importing.taken.emit()
    qtbot.waitUntil(lambda: importing.shown.finished)
    assert goods(running) == ["1001", "1002"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("gone.csv", None, "import_no_file"),
        ("empty.csv", b"", "import_empty"),
        ("broken.xlsx", b"PK\x03\x04nothing", "import_broken"),
        ("other.csv", "天气,今天\n晴,30\n".encode(), "import_columns_missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_and_another_can_be_chosen(
    importing: GoodsImportScreen,
    qtbot: QtBot,
    tmp_path: Path,
    name: str,
    content: bytes | None,
    code: str,
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    look(importing, qtbot, tmp_path / name)
    assert importing.shown.message is not None
    assert importing.shown.message.code == code
    assert importing.shown.path.endswith(name)
    assert not importing.shown.can_take
    (tmp_path / "goods.csv").write_text(GOODS, encoding="utf-8")
    look(importing, qtbot, tmp_path / "goods.csv")
    assert importing.shown.can_take


def test_an_import_that_is_stopped_takes_nothing(
    running: Application, importing: GoodsImportScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = "".join(f"{n},商品{n},盒,1.00\n" for n in range(1000, 3000))
    (tmp_path / "long.csv").write_text("货号,品名,单位,售价\n" + rows, encoding="utf-8")
    look(importing, qtbot, tmp_path / "long.csv")
    importing.taken.emit()
    importing.cancelled.emit()
    qtbot.waitUntil(lambda: not importing.shown.busy_word, timeout=30_000)
    assert importing.shown.message is not None
    assert importing.shown.message.code == "import_stopped"
    assert goods(running) == []
    importing.taken.emit()
    qtbot.waitUntil(lambda: importing.shown.finished, timeout=30_000)
    assert len(goods(running)) == 2000


def test_the_count_that_moves_is_of_real_rows(
    importing: GoodsImportScreen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[ImportView] = []
    show = importing.show_view

    def noted(view: ImportView) -> None:
        seen.append(view)
        show(view)

    monkeypatch.setattr(importing, "show_view", noted)
    rows = "".join(f"{n},商品{n},盒,1.00\n" for n in range(1000, 1600))
    (tmp_path / "long.csv").write_text("货号,品名,单位,售价\n" + rows, encoding="utf-8")
    look(importing, qtbot, tmp_path / "long.csv")
    words = [view.busy_word for view in seen]
    assert {"已读 250 行", "已读 500 行", "已备好 250 种", "已备好 500 种"} <= set(words)
    importing.taken.emit()
    qtbot.waitUntil(lambda: importing.shown.finished, timeout=30_000)
    written = [(view.done, view.most) for view in seen if view.busy_word.startswith("已写")]
    assert written[0] == (0, 600)
    assert written[-1] == (600, 600)

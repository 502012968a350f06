"""Ten thousand prices from a file: read, looked at and published while the window lives."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer

from app.catalogue.actions import import_products
from app.catalogue.importing import preview
from app.transaction import transaction
from tests.ui.hands import Hands, at_the_window, begin_shift, wait

MANY = 10_000
LONGEST_MS = 500
"""So long the window's own thread may work at a stretch; others' time on the machine is not its
own, so it is counted in CPU time."""
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


def code(number: int) -> str:
    return f"Z{number:05d}"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        rows = "".join(f"{code(n)},商品{n},件,{n % 90 + 10}.00\n" for n in range(MANY))
        seen = preview(("货号,品名,单位,售价\n" + rows).encode(), "products")
        with transaction(person.running.till.books, staff="301") as tx:
            import_products(tx, seen)
        person.counter.desk.sign_in("301", "864209")
        person.counter.desk.reload()
        yield person


class Heartbeat:
    """How long the window's thread worked at most before it looked up again."""

    def __init__(self) -> None:
        self.longest = 0
        self._since = time.thread_time_ns()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(10)

    def _beat(self) -> None:
        now = time.thread_time_ns()
        self.longest = max(self.longest, (now - self._since) // 1_000_000)
        self._since = now


def page(hands: Hands, name: str) -> Any:
    hands.until(lambda: hands.running.window.page == name, name)
    return hands.running.window.page_of(name)


def opened(hands: Hands, file: Path) -> Any:
    hands.running.shell.acted("prices")
    page(hands, "prices")
    hands.type("b")
    reading = page(hands, "price_file")
    reading.path.setText(str(file))
    hands.press(ENTER)
    return reading


def prices_file(folder: Path, *more: str) -> Path:
    file = folder / "价.csv"
    rows = "".join(f"{code(n)},{n % 90 + 9}.50,5\n" for n in range(MANY))
    file.write_text("货号,新价,最低价\n" + rows + "\n".join(more), encoding="utf-8")
    return file


def count(hands: Hands, table: str) -> int:
    with hands.running.till.books.read() as db:
        return int(db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_ten_thousand_prices_come_in_with_a_bar_and_bad_rows_by_name(
    hands: Hands, tmp_path: Path
) -> None:
    bad = ("Z99999,3.00,", "Z00001,3.00,", "Z00002,便宜,", "@SUM(1),2.00,", "Z00003,,")
    heart, counted = Heartbeat(), set()
    reading = opened(hands, prices_file(tmp_path, *bad))

    def looked() -> bool:
        if reading.shown.busy_word:
            counted.add((reading.shown.busy_word, reading.shown.done))
        return bool(reading.shown.can_take)

    hands.until(looked, "the preview")
    assert len({done for _, done in counted}) > 1
    assert dict(reading.shown.figures) | {"提醒": ""} == {
        "能收": "10,000", "不能收": "5", "空行": "0", "提醒": "",
    }  # fmt: skip
    said = [(row.cells[0], row.cells[1]) for row in reading.shown.findings.rows
            if row.state == "stop"]  # fmt: skip
    assert said == [("10002", "货号"), ("10003", "货号"), ("10004", "新价"), ("10005", "货号"),
                    ("10006", "新价")]  # fmt: skip
    hands.press(ENTER)
    form = page(hands, "price_list")
    assert form.shown.goods.foot == "共 10,000 种"
    wait(100)
    hands.press(ENTER)
    hands.type("12-12")
    hands.press(ENTER, ENTER, ENTER, ENTER)
    look = page(hands, "price_look")
    assert dict(look.shown.figures)["商品"] == "10,000"
    written = set()
    hands.press(ENTER)

    def published() -> bool:
        written.add(look.shown.done)
        return hands.running.window.page == "prices"

    hands.until(published, "the board")
    assert {each % 500 for each in written} == {0} and len(written) > 1
    assert (count(hands, "listed_price"), count(hands, "price_list")) == (MANY, 1)
    assert heart.longest < LONGEST_MS

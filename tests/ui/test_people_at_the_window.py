"""人员 by keys: hired, given a PIN, unlocked and let go, a manager beside who may not alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app import siblings
from app.errors import Refusal
from app.opening import NewTill
from app.staff.actions import check_pin, set_person
from app.staff.pin_files import exchange
from app.transaction import Books, transaction
from tests.support.tills import SHOP, TillInFolder
from tests.ui.hands import Hands, at_the_window, begin_shift, wait
from ui.room_views import PeopleView
from ui.screens.people import PeopleScreen

ENTER, ESC, UP, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down
NEW = "739164"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        person.running.shell.acted("people")
        person.until(lambda: bool(view(person).people.rows), "the people")
        wait(100)
        yield person


def view(hands: Hands) -> PeopleView:
    screen = hands.running.window.page_of("people")
    assert isinstance(screen, PeopleScreen)
    return screen._view


def said(hands: Hands, *pairs: tuple[str, str]) -> None:
    """Each question by its words, and what is typed before Enter."""
    for title, typed in pairs:
        hands.until(
            lambda title=title: title in str(view(hands).question),  # type: ignore[misc]
            title,
        )
        wait(100)
        hands.type(typed)
        hands.press(ENTER)


def told(hands: Hands, words: str) -> None:
    hands.until(lambda: words in str(view(hands).message), words)


def state_of(hands: Hands, number: str) -> tuple[str, ...]:
    return next(row.cells for row in view(hands).people.rows if row.key == number)


BY_MANAGER = (("请另一人授权", "301"), ("工号 301 的 PIN", "864209"))


def test_somebody_is_hired_with_a_manager_beside(hands: Hands) -> None:
    hands.press(ENTER)
    said(hands, ("新人的工号", "105"), ("叫什么名字", "He Jiu"))
    hands.until(lambda: "是什么角色" in str(view(hands).question), "the role")
    wait(100)
    hands.type("2")
    said(hands, ("新 PIN", NEW), ("再输入一遍", NEW), *BY_MANAGER)
    told(hands, "可以用工号 105 登录")
    assert state_of(hands, "105") == ("105", "He Jiu", "值班长", "在岗")
    assert check_pin(hands.running.till.books, "105", NEW) == "lead"


def test_what_is_no_pin_or_not_the_same_twice_changes_nothing(hands: Hands) -> None:
    hands.press(DOWN)
    hands.until(lambda: view(hands).people.marked == "201", "the lead")
    for first, second, code in (("123456", "", "pin_weak"), (NEW, "739165", "not_twice_the_same")):
        hands.type("p")
        said(hands, ("新 PIN", first))
        if second:
            said(hands, ("再输入一遍", second))
        told(hands, code)
        hands.press(ESC)
        hands.until(lambda: view(hands).message is None, "read")
    assert check_pin(hands.running.till.books, "201", "135791") == "lead"


def test_who_is_let_go_comes_back_with_a_new_pin(hands: Hands) -> None:
    hands.press(DOWN)
    hands.until(lambda: view(hands).people.marked == "201", "the lead")
    hands.type("d")
    hands.until(lambda: "离岗" in str(view(hands).question), "sure?")
    wait(100)
    hands.press(ENTER)
    said(hands, *BY_MANAGER)
    told(hands, "已离岗")
    assert state_of(hands, "201")[-1] == "已离岗"
    with pytest.raises(Refusal, match="wrong_pin"):
        check_pin(hands.running.till.books, "201", "135791")
    hands.type("d")
    said(hands, ("新 PIN", NEW), ("再输入一遍", NEW), *BY_MANAGER)
    told(hands, "又在岗")
    assert check_pin(hands.running.till.books, "201", NEW) == "lead"


def test_a_locked_number_is_unlocked_and_ones_own_pin_needs_the_old_one(hands: Hands) -> None:
    books = hands.running.till.books
    for _ in range(10):
        with pytest.raises(Refusal):
            check_pin(books, "201", "000111")
    hands.running.shell.acted("back")
    hands.running.shell.acted("people")
    hands.until(lambda: state_of(hands, "201")[-1] == "已锁定", "locked")
    wait(100)
    hands.press(DOWN)
    hands.until(lambda: view(hands).people.marked == "201", "the lead")
    hands.type("u")
    said(hands, *BY_MANAGER)
    told(hands, "已解锁")
    hands.press(UP)
    hands.until(lambda: view(hands).people.marked == "101", "oneself")
    assert set(view(hands).why_not) == {"leave", "role", "unlock"}
    hands.type("p")
    said(hands, ("现在的 PIN", "246810"), ("新 PIN", NEW), ("再输入一遍", NEW))
    told(hands, "换好了")
    assert check_pin(books, "101", NEW) == "cashier"


def hear(books: Books, other: Books) -> None:
    with other.read() as db:
        rows = db.exec_driver_sql(
            "SELECT journal, seq, content, sig FROM entry ORDER BY journal, seq"
        ).all()
    siblings.take(books, [siblings.Sent(*row) for row in rows])


@pytest.fixture
def two(hands: Hands, tmp_path: Path) -> Iterator[TillInFolder]:
    """Till 2 of the shop, where the lead was given another PIN; each heard of the other."""
    till = TillInFolder(tmp_path / "two", seed="two")
    till.new = NewTill(SHOP, "2", keystore="file")
    till.clock.advance(30 * 86_400_000)
    books = hands.running.till.books
    with transaction(till.books) as tx:
        set_person(tx, number="201", name="李四", role="lead", pin=NEW)
    hear(books, till.books)
    hear(till.books, books)
    yield till
    till.close()


def test_a_pin_of_the_other_till_comes_on_a_stick_by_keys(
    hands: Hands, two: TillInFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr("ui.joined_people.other_disks", lambda _folder: [stick])
    books = hands.running.till.books
    hands.type("c")
    said(hands, ("用哪个 U 盘带 PIN", ""), *BY_MANAGER)
    told(hands, "这台机的名片留在盘上了 · 插到有 PIN 的那台机按一次")
    assert [each.name for each in stick.iterdir()] == ["pins-KP01-1.card"]
    assert exchange(two.books, stick).written == ("1",)
    hands.type("c")
    said(hands, ("用哪个 U 盘带 PIN", ""), *BY_MANAGER)
    told(hands, "来了 1 个 PIN，现在就能登录 · 给 2 号机的放好了 · 插到 2 号机，再按一次")
    assert check_pin(books, "201", NEW) == "lead"
    # The tills' other people went the other way.
    assert exchange(two.books, stick).came != ()
    hands.type("c")
    said(hands, ("用哪个 U 盘带 PIN", ""), *BY_MANAGER)
    told(hands, "没有比这里更新的 PIN · 盘上这些机都齐了，可以收好")


def test_without_a_stick_a_folder_is_typed_and_what_is_not_taken_is_named(
    hands: Hands, two: TillInFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.joined_people.other_disks", lambda _folder: [])
    stick = tmp_path / "s"
    stick.mkdir()
    (stick / "pins-x.card").write_bytes(b"?")
    hands.type("c")
    said(hands, ("没有看到 U 盘", str(tmp_path / "n")), *BY_MANAGER)
    told(hands, "handover_where")
    hands.press(ESC)
    hands.until(lambda: view(hands).message is None, "read")
    hands.type("c")
    said(hands, ("没有看到 U 盘", str(stick)), *BY_MANAGER)
    told(hands, "pins-x.card：这份工号包看不懂")
    message = view(hands).message
    assert message is not None and message.tone == "warn"
    assert sorted(each.name for each in stick.iterdir()) == ["pins-KP01-1.card", "pins-x.card"]

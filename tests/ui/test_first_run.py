"""The first run by its pages: what is typed wrong, put off, gone back to, and broken off."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.first_run
from app import demo
from app.clock import SettableClock
from app.errors import Refusal, Trouble
from app.ids import Ids, seeded
from app.opening import NewTill, open_folder
from app.shop.first_steps import STEPS, keep_steps, steps_left
from app.shop.queries import settings as read_settings
from app.staff.actions import check_pin
from app.transaction import transaction
from tests.support.tills import MORNING
from ui.first_run import Guide
from ui.guide.answers import FILE, keep_answers, read_answers
from ui.guide.founding import check_founded, wrong_in
from ui.guide.pages import strength
from ui.startup import CATALOGUE, open_demo

PIN = "864209"
PERSON = {"number": "301", "name": "关店长", "pin": PIN, "again": PIN}
SHOP = {"shop_name": "潭碧小店", "code": "kp07", "till": "2"}
Made = Callable[..., Guide]


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(MORNING)


@pytest.fixture
def ids(clock: SettableClock) -> Ids:
    return Ids(clock, seeded("first run"))


@pytest.fixture
def start(
    qapp: QApplication,
    tmp_path: Path,
    clock: SettableClock,
    ids: Ids,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Made]:
    """Starts the guide on one folder, as often as it is asked."""
    running: list[Guide] = []

    def begin(*, keystore: bool = False, begun: bool = False, passphrase: str = "") -> Guide:
        monkeypatch.setattr(ui.first_run, "keystore_answers", lambda: keystore)
        running.append(Guide(tmp_path / "till", clock, ids, begun=begun, passphrase=passphrase))
        return running[-1]

    yield begin
    for guide in running:
        guide.window.close()
        guide.window.deleteLater()


def until_person(guide: Guide) -> None:
    guide.choose("alone")
    guide.choose("chain")
    guide.answered(SHOP)
    guide.answered({"seller_name": "潭碧公司", "credit_code": "", "address": "", "phone": ""})


def errors(guide: Guide) -> dict[str, str]:
    return {field.name: field.error for field in guide.view.fields if field.error}


def said(guide: Guide) -> str:
    return guide.view.message.code if guide.view.message else ""


def opened_settings(folder: Path, clock: SettableClock, ids: Ids, **more: str) -> dict[str, str]:
    opened = open_folder(folder, clock=clock, ids=ids, reserve=False, **more)
    try:
        check_founded(opened)
        assert check_pin(opened.books, "301", PIN) == "manager"
        assert steps_left(opened.books) == STEPS
        with opened.books.read() as db:
            return read_settings(db, opened.books.shop) | {
                "at": f"{opened.books.shop}-{opened.books.till}"
            }
    finally:
        opened.close()


def test_answers_make_a_shop_with_its_first_person(
    start: Made, qtbot: QtBot, tmp_path: Path, clock: SettableClock, ids: Ids
) -> None:
    guide = start()
    until_person(guide)
    guide.choose("file")
    guide.answered(PERSON)
    qtbot.waitUntil(lambda: guide.founded is not None)
    found = opened_settings(tmp_path / "till", clock, ids)
    assert (found["at"], found["shop_name"], found["seller_name"], found["profile"]) == (
        "KP07-2", "潭碧小店", "潭碧公司", "chain",
    )  # fmt: skip
    assert not (tmp_path / "till" / FILE).exists()


def test_a_homestay_prints_only_when_asked(
    start: Made, qtbot: QtBot, tmp_path: Path, clock: SettableClock, ids: Ids
) -> None:
    guide = start()
    guide.choose("alone")
    guide.choose("homestay")
    guide.answered(SHOP)
    guide.screen.later.emit()
    guide.choose("file")
    guide.answered(PERSON)
    qtbot.waitUntil(lambda: guide.founded is not None)
    found = opened_settings(tmp_path / "till", clock, ids)
    assert (found["receipt_print"], found["seller_name"]) == ("ask", "")


def test_where_the_system_keeps_keys_nobody_is_asked(start: Made) -> None:
    guide = start(keystore=True)
    until_person(guide)
    assert guide.view.title == "谁是第一个人？"
    assert "钥匙放哪里" not in guide.view.steps


def test_a_passphrase_is_typed_twice_and_then_needed(
    start: Made, qtbot: QtBot, tmp_path: Path, clock: SettableClock, ids: Ids
) -> None:
    guide = start()
    until_person(guide)
    guide.choose("passphrase")
    guide.answered({"passphrase": "short", "passphrase_again": "short"})
    assert set(errors(guide)) == {"passphrase"}
    guide.answered({"passphrase": "塘口 碉楼 92 级", "passphrase_again": "塘口 碉楼 92"})
    assert set(errors(guide)) == {"passphrase_again"}
    guide.answered({"passphrase": "塘口 碉楼 92 级", "passphrase_again": "塘口 碉楼 92 级"})
    guide.answered(PERSON)
    qtbot.waitUntil(lambda: guide.founded is not None, timeout=10_000)
    with pytest.raises(Refusal) as refused:
        opened_settings(tmp_path / "till", clock, ids)
    assert refused.value.code == "passphrase_needed"
    opened_settings(tmp_path / "till", clock, ids, passphrase="塘口 碉楼 92 级")
    kept = b"".join(each.read_bytes() for each in (tmp_path / "till").iterdir() if each.is_file())
    assert "碉楼".encode() not in kept


def test_a_keystore_that_keeps_nothing_asks_the_owner_after_all(
    start: Made, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    guide = start(keystore=True)
    until_person(guide)

    def nothing(*_given: object, **_more: object) -> bytes:
        raise Trouble("keystore_missing")

    monkeypatch.setattr("app.opening.key_from_keystore", nothing)
    guide.answered(PERSON)
    qtbot.waitUntil(lambda: said(guide) == "keystore_missing")
    guide.choose("file")
    guide.answered(PERSON)
    qtbot.waitUntil(lambda: guide.founded is not None)
    assert (tmp_path / "till" / "master.key").exists()


@pytest.mark.parametrize(
    ("page", "typed", "wrong"),
    [
        ("shop", {**SHOP, "shop_name": ""}, {"shop_name"}),
        ("shop", {**SHOP, "shop_name": "长" * 41}, {"shop_name"}),
        ("shop", {**SHOP, "code": "店"}, {"code"}),
        ("shop", {**SHOP, "code": "KP-01", "till": "0"}, {"code", "till"}),
        ("shop", {**SHOP, "till": "一号"}, {"till"}),
        ("seller", {"credit_code": "123"}, {"credit_code"}),
        ("seller", {"address": "路" * 81}, {"address"}),
        ("person", {**PERSON, "number": "1"}, {"number"}),
        ("person", {**PERSON, "name": ""}, {"name"}),
        ("person", {**PERSON, "pin": "123456", "again": "123456"}, {"pin"}),
        ("person", {**PERSON, "pin": "111111", "again": "111111"}, {"pin"}),
        ("person", {**PERSON, "again": "864200"}, {"again"}),
    ],
)
def test_a_wrong_answer_is_said_beside_its_field(
    page: str, typed: dict[str, str], wrong: set[str]
) -> None:
    found = wrong_in(page, typed)
    assert set(found) == wrong
    assert all(found.values())


def test_what_was_right_on_a_page_with_a_mistake_is_not_lost(start: Made) -> None:
    guide = start()
    guide.choose("alone")
    guide.choose("counter")
    guide.answered({**SHOP, "till": "abc"})
    assert set(errors(guide)) == {"till"}
    assert guide.screen.values()["shop_name"] == "潭碧小店"


def test_back_and_forward_keep_the_answers(start: Made) -> None:
    guide = start()
    until_person(guide)
    guide.go_back()
    assert guide.screen.values()["seller_name"] == "潭碧公司"
    guide.go_back()
    assert guide.screen.values() == SHOP
    guide.go_back()
    guide.go_back()
    assert guide.view.title == "这是哪个店？"
    assert not guide.view.can_go_back


def test_a_guide_that_was_killed_goes_on_where_it_was_and_kept_no_secret(
    start: Made, tmp_path: Path
) -> None:
    first = start()
    until_person(first)
    first.choose("file")
    first.answered({**PERSON, "again": "864200"})
    kept = (tmp_path / "till" / FILE).read_bytes()
    assert PIN.encode() not in kept
    again = start()
    assert again.view.title == "谁是第一个人？"
    again.go_back()
    again.go_back()
    assert again.screen.values()["seller_name"] == "潭碧公司"


@pytest.mark.parametrize(
    "broken", [b"", b"{", b"\xff\xfe", b'{"page": "nowhere"}', b'{"pin": "1"}']
)
def test_answers_nobody_can_read_begin_at_the_first_page(
    start: Made, tmp_path: Path, broken: bytes
) -> None:
    (tmp_path / "till").mkdir()
    (tmp_path / "till" / FILE).write_bytes(broken)
    assert start().view.title == "这是哪个店？"


def test_a_folder_in_a_cloud_drive_is_refused_on_the_first_page(
    start: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = start()
    monkeypatch.setattr(guide, "_data", tmp_path / "OneDrive" / "till")
    guide.choose("alone")
    assert said(guide) == "folder_synced"
    assert guide.view.title == "这是哪个店？"
    assert not (tmp_path / "OneDrive").exists()


def test_a_journal_with_nobody_in_it_is_taken_up_at_the_person(
    start: Made, qtbot: QtBot, tmp_path: Path, clock: SettableClock, ids: Ids
) -> None:
    """Killed between the first entry and the first person."""
    folder = tmp_path / "till"
    answers = read_answers(folder)
    answers.shop_name, answers.profile = "潭碧小店", "flagship"
    keep_answers(folder, answers)
    new = NewTill("KP07", "2", keystore="file")
    opened = open_folder(folder, clock=clock, ids=ids, new=new, reserve=False)
    with pytest.raises(Refusal) as refused:
        check_founded(opened)
    assert refused.value.code == "nobody_yet"
    opened.close()
    guide = start(begun=True)
    assert guide.view.title == "谁是第一个人？"
    assert not guide.view.can_go_back
    guide.answered(PERSON)
    qtbot.waitUntil(lambda: guide.founded is not None)
    assert opened_settings(folder, clock, ids)["shop_name"] == "潭碧小店"


def test_a_file_without_an_entry_is_begun_anew(
    start: Made, qtbot: QtBot, tmp_path: Path, clock: SettableClock, ids: Ids
) -> None:
    """Killed while the database was being made."""
    folder = tmp_path / "till"
    folder.mkdir()
    (folder / "till.db").touch()
    guide = start()
    until_person(guide)
    guide.choose("file")
    guide.answered(PERSON)
    qtbot.waitUntil(lambda: guide.founded is not None)
    assert opened_settings(folder, clock, ids)["at"] == "KP07-2"


@pytest.mark.parametrize("half", ["file", "entry"])
def test_a_demo_shop_that_was_half_made_is_filled(
    tmp_path: Path, clock: SettableClock, ids: Ids, half: str
) -> None:
    if half == "file":
        (tmp_path / "till.db").touch()
        opened = open_demo(tmp_path, till="1", stock=True, clock=clock, ids=ids, reserve=False)
    else:
        new = NewTill(demo.SHOP, "1", series=demo.SERIES, keystore="file")
        opened = open_folder(tmp_path, clock=clock, ids=ids, new=new, reserve=False)
    check_founded(opened)
    assert demo.is_filled(opened.books)
    opened.close()


def test_looking_around_makes_the_sample_shop(start: Made, qtbot: QtBot, tmp_path: Path) -> None:
    guide = start()
    guide.choose("demo")
    assert guide.view.busy_word
    qtbot.waitUntil(lambda: guide.founded is not None, timeout=20_000)
    assert guide.founded is not None
    assert guide.founded.number in {person[0] for person in demo.PEOPLE}
    assert CATALOGUE.is_dir()


@pytest.mark.parametrize(
    ("passphrase", "words"),
    [("", ""), ("abc", "还差 5 个字"), ("aaaaaaaaaaaaaaaa", "弱，再长一点好"),
     ("abcdefgh", "弱，再长一点好"), ("abcdef 12345", "够用"), ("塘口 碉楼 grass 92 steps", "强")],
)  # fmt: skip
def test_a_passphrase_is_told_how_strong_it_is(passphrase: str, words: str) -> None:
    assert strength(passphrase) == words


def test_steps_that_are_left_are_kept_in_their_order(
    tmp_path: Path, clock: SettableClock, ids: Ids
) -> None:
    new = NewTill("KP07", "2", keystore="file")
    opened = open_folder(tmp_path, clock=clock, ids=ids, new=new, reserve=False)
    assert steps_left(opened.books) == ()
    with transaction(opened.books) as tx:
        keep_steps(tx, ("scan", "printer"))
    assert steps_left(opened.books) == ("printer", "scan")
    opened.close()


def test_what_is_marked_already_is_taken_by_the_button_as_well(start: Made) -> None:
    guide = start()
    guide.choose("alone")
    assert guide.screen.shown.title == "这是什么样的店？"
    guide.screen.window().show()
    assert guide.screen._next.isEnabled()
    guide.screen._next.click()
    assert guide.screen.shown.title == "店叫什么？"


def test_hands_as_fast_as_a_scanner_lose_no_letter_here(start: Made) -> None:
    guide = start()
    guide.choose("alone")
    guide.choose("chain")
    window = guide.screen.window()
    window.show()
    field = guide.screen._fields["shop_name"]
    field.setFocus()
    guide.screen.take_scan("Tangkou")
    assert field.text() == ("Tangkou" if field.hasFocus() else "")
    field.setEchoMode(field.EchoMode.Password)
    guide.screen.take_scan("6901234567892")
    assert "69" not in field.text()

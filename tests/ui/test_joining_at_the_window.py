"""A person joins head office at the window, compares six digits by phone, and leaves again."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app import siblings
from app.facts.shifts import ShiftOpened
from app.journal.outbox import link_of
from sync import protocol
from sync.hub import office
from sync.hub.handed_over import import_facts
from tests.support.certificates import made
from tests.support.entries import Writer
from tests.support.hubs import RunningHub
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from ui.screens.first_run import FirstRunScreen

EGG_ROLL = "6900000110140"
ENTER = Qt.Key.Key_Return


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub for demo tills."""
    one = RunningHub(tmp_path / "hub", "", demo=True)
    yield one
    one.close()


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    """A cashier in front of an open till, looking at the devices."""
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        person.running.shell.acted("devices")
        person.until(lambda: person.running.window.page == "devices", "the devices")
        yield person


def page(hands: Hands) -> FirstRunScreen:
    shown = hands.running.window.page_of("device_setup")
    assert isinstance(shown, FirstRunScreen)
    return shown


def reads(hands: Hands, title: str) -> None:
    """Wait for a page by its title, and look at it."""
    window = hands.running.window
    hands.until(lambda: window.page == "device_setup" and page(hands).shown.title == title, title)
    wait(LOOK_MS)


def words(hands: Hands) -> set[str]:
    """Everything that can be read on the screen."""
    every = hands.running.window.findChildren(QLabel)
    return {each.text() for each in every if each.isVisible()}


def said(hands: Hands) -> str:
    """What the page says went wrong."""
    message = page(hands).shown.message
    return message.text if message is not None else ""


def fill_in(hands: Hands, *answers: str) -> None:
    """Field by field with the keyboard, Enter behind each."""
    for answer in answers:
        hands.type(answer)
        wait(LOOK_MS)
        hands.press(ENTER)


def join_by_keys(hands: Hands, hub: RunningHub) -> str:
    """From the card to the six digits; a manager approves, as a cashier may not."""
    hands.tap("加入总部")
    reads(hands, "加入总部")
    code = office.enrol_code(hub.hub, shop="KP01", till="1")
    fill_in(hands, hub.address, code)
    hands.until(lambda: "授权人工号" in words(hands), "who may")
    fill_in(hands, "301", "864209")
    reads(hands, "请和总部核对这六位数")
    digits = page(hands).shown.figure
    assert digits.replace(" ", "") == protocol.fingerprint(
        hands.running.till.books.journal.public_key
    )
    return digits


def let_in(hands: Hands, hub: RunningHub, digits: str) -> None:
    office.approve_device(
        hub.hub,
        device=hands.running.till.books.journal.device,
        fingerprint_shown=digits.replace(" ", ""),
    )


def sell(hands: Hands) -> None:
    hands.scan(EGG_ROLL)
    hands.sees("38.00", 1)
    hands.press(Qt.Key.Key_Space)
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.done("0.00")


def test_a_till_joins_by_keys_and_says_so_as_soon_as_it_is_let_in(
    hands: Hands, hub: RunningHub
) -> None:
    digits = join_by_keys(hands, hub)
    hands.until(lambda: "等总部核对指纹" in words(hands), "that it is waited for")
    let_in(hands, hub, digits)
    reads(hands, "已加入总部")
    hands.until(lambda: hands.running.till.hub.shown().waiting == 0, "that all is sent")
    head = hands.count("SELECT max(seq) FROM entry")
    assert hub.rows("SELECT seq FROM hub_journal") == [(head,)]
    assert any(text.startswith("总部已收到第 ") for text in words(hands))
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "devices", "the devices")
    hands.button("现在传")


def test_the_digits_are_shown_again_to_whoever_went_away_meanwhile(
    hands: Hands, hub: RunningHub
) -> None:
    digits = join_by_keys(hands, hub)
    hands.press(Qt.Key.Key_Escape)
    hands.until(lambda: hands.running.window.page == "devices", "the devices")
    hands.tap("看六位数")
    reads(hands, "请和总部核对这六位数")
    assert page(hands).shown.figure == digits


def test_what_is_wrong_with_a_wish_to_join_is_said_in_a_shops_words(
    hands: Hands, hub: RunningHub
) -> None:
    desk = hands.running.till.counter.desk
    desk.sign_out()
    desk.sign_in("301", "864209")
    hands.tap("加入总部")
    reads(hands, "加入总部")
    code = "ABCD-EFGH-JKLM"
    for address, typed, says in (
        ("", code, "这不是总部的地址："),
        ("http://hub.example", code, "总部的地址要用 https://（本机除外）"),
        ("http://127.0.0.1:9", code, "总部没有接通：连不上总部。请检查网络和地址再试"),
        (hub.address, code, "总部没有同意：加入码不对或已过期"),
        (hub.address, "", "请输入总部给的加入码"),
    ):
        page(hands).answered.emit({"hub": address, "code": typed})
        hands.until(lambda says=says: said(hands) == says, says)  # type: ignore[misc]
    assert hands.running.till.hub.seen is None


def test_whoever_leaves_head_office_reads_first_what_it_does_not_have(
    hands: Hands, hub: RunningHub
) -> None:
    digits = join_by_keys(hands, hub)
    let_in(hands, hub, digits)
    reads(hands, "已加入总部")
    till, window = hands.running.till, hands.running.window
    hands.until(lambda: till.hub.shown().waiting == 0, "that all is sent")
    till.hub.cut = True
    window.show_page("till")
    sell(hands)
    waiting = till.hub.shown().waiting
    assert waiting > 0
    hands.running.shell.acted("devices")
    hands.until(lambda: window.page == "devices", "the devices")
    hands.tap("退出总部")
    reads(hands, "退出总部？")
    assert said(hands).startswith(f"还有 {waiting} 条没有传到总部，最早 12-07 14:")
    hands.tap("不退出")
    hands.until(lambda: window.page == "devices", "the devices")
    assert till.hub.address == hub.address

    hands.tap("退出总部")
    reads(hands, "退出总部？")
    hands.tap("退出总部")
    hands.until(lambda: "授权人工号" in words(hands), "who may")
    assert till.hub.address == hub.address
    fill_in(hands, "301", "864209")
    hands.until(lambda: till.hub.address == "", "that it has left")
    hands.until(lambda: window.page == "devices", "the devices")
    hands.button("加入总部")
    assert hands.count("SELECT count(*) FROM hub_link") == 0
    sell_again = hands.count("SELECT count(*) FROM sale")
    window.show_page("till")
    sell(hands)
    assert hands.count("SELECT count(*) FROM sale") == sell_again + 1


def test_a_till_that_left_may_join_another_hub_which_gets_everything(
    hands: Hands, hub: RunningHub, tmp_path: Path
) -> None:
    digits = join_by_keys(hands, hub)
    let_in(hands, hub, digits)
    reads(hands, "已加入总部")
    till = hands.running.till
    hands.until(lambda: till.hub.shown().waiting == 0, "that all is sent")
    till.hub.leave()
    other = RunningHub(tmp_path / "other", "", demo=True)
    try:
        code = office.enrol_code(other.hub, shop="KP01", till="1")
        digits = till.hub.enrol(other.address, code)
        let_in(hands, other, digits)
        till.hub.ask()
        hands.until(lambda: till.hub.shown().waiting == 0, "that all is sent")
        head = hands.count("SELECT max(seq) FROM entry")
        assert other.rows("SELECT seq FROM hub_journal") == [(head,)]
    finally:
        other.close()


def test_a_backlog_goes_out_on_a_stick_and_the_answer_comes_back_on_it(
    hands: Hands, hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr("ui.presenters.hub_stick.other_disks", lambda _folder: [stick])
    digits = join_by_keys(hands, hub)
    let_in(hands, hub, digits)
    reads(hands, "已加入总部")
    till, window = hands.running.till, hands.running.window
    till.hub.cut = True
    window.show_page("till")
    sell(hands)
    waiting = till.hub.shown().waiting
    hands.running.shell.acted("devices")
    hands.until(lambda: window.page == "devices", "the devices")
    hands.tap("U 盘")
    reads(hands, "用 U 盘和总部交接")
    assert page(hands).shown.detail.startswith(f"等交 {waiting} 条，最早 12-07 ")
    fill_in(hands, str(tmp_path / "nowhere" / "x"))
    hands.until(lambda: said(hands).startswith("写不进去"), "that it cannot be written")
    hands.tap(str(stick))
    reads(hands, "已写好")
    assert page(hands).shown.figure == f"{waiting} 条"
    hands.press(ENTER)
    hands.until(lambda: window.page == "devices", "the devices")
    assert till.hub.shown().waiting == waiting

    (up,) = stick.iterdir()
    answer = Path(import_facts(hub.hub, up, stick).answer)
    hands.tap("U 盘")
    reads(hands, "用 U 盘和总部交接")
    hands.tap(answer.name)
    reads(hands, "已读入")
    assert page(hands).shown.figure == f"{waiting} 条交清"
    assert till.hub.shown().waiting == 0
    head = hands.count("SELECT max(seq) FROM entry")
    assert hub.rows("SELECT seq FROM hub_journal") == [(head,)]
    hands.press(ENTER)
    hands.until(lambda: window.page == "devices", "the devices")
    hands.tap("U 盘")
    reads(hands, "用 U 盘和总部交接")
    assert page(hands).shown.detail == "没有要交的：总部都有了"
    hands.tap(answer.name)
    hands.until(lambda: said(hands) == "这个文件里的都已经有了", "that it is known")


def test_a_trace_code_scanned_at_the_devices_is_told_as_real_and_how_old_that_is(
    hands: Hands, hub: RunningHub
) -> None:
    till = hands.running.till
    with till.books.read() as db:
        lot = db.exec_driver_sql("SELECT lot FROM lot ORDER BY lot LIMIT 1").scalar_one()
    hands.scan(f"L:{lot}")
    hands.until(lambda: {"真品", "本机的账，刚刚"} <= words(hands), "its own word")
    digits = join_by_keys(hands, hub)
    let_in(hands, hub, digits)
    reads(hands, "已加入总部")
    hands.until(lambda: till.hub.shown().waiting == 0, "that all is sent")
    hub.projection.work()
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "devices", "the devices")
    hands.scan(f"L:{lot}")
    hands.until(lambda: {"真品", "总部，刚刚"} <= words(hands), "head office's word")
    till.hub.cut = True
    hands.scan("6900000110140")
    hands.until(lambda: "真品" not in words(hands), "goods without a lot")
    hands.scan(f"L:{lot}")
    hands.until(
        lambda: {"真品", "本机的账，总部刚刚的消息（连不上总部）"} <= words(hands), "its own word"
    )


def test_the_brands_own_certificate_is_typed_picked_or_refused(
    hands: Hands, hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = hands.running.till.counter.desk
    desk.sign_out()
    desk.sign_in("301", "864209")
    hands.tap("加入总部")
    reads(hands, "加入总部")
    code = office.enrol_code(hub.hub, shop="KP01", till="1")
    no_certificate = tmp_path / "照片.jpg"
    no_certificate.write_bytes(b"\xff\xd8 no certificate")
    wish = {"hub": hub.address, "code": code}
    for file in (no_certificate, tmp_path / "missing.pem", tmp_path):
        page(hands).answered.emit({**wish, "authority": str(file)})
        hands.until(lambda: said(hands) == "打不开，或不是证书文件（PEM、DER）", str(file))
        page(hands).message_closed.emit()
        hands.until(lambda: said(hands) == "", "the page again")

    # A finger picks it, or F2; Enter passes it by for the many who have none.
    good, root = tmp_path / "kaiping-ca.cer", made("kaiping")
    good.write_bytes(ssl.PEM_cert_to_DER_cert(root.pem))
    monkeypatch.setattr(page(hands), "pick_file", lambda: str(good))
    hands.tap("选文件…")
    assert page(hands).values()["authority"] == str(good)
    hands.press(Qt.Key.Key_F2)
    assert page(hands).values()["authority"] == str(good)
    page(hands).answered.emit({**wish, "authority": page(hands).values()["authority"]})
    reads(hands, "请和总部核对这六位数")
    with hands.running.till.books.read() as db:
        link = link_of(db)
    assert link is not None and link.authority == root.pem


def test_a_till_takes_a_new_key_by_keys_with_the_managers_yes(
    hands: Hands, hub: RunningHub
) -> None:
    digits = join_by_keys(hands, hub)
    let_in(hands, hub, digits)
    reads(hands, "已加入总部")
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "devices", "the devices")
    before = hands.running.till.books.journal.id
    hands.tap("换新密钥")
    reads(hands, "换一把新密钥？")
    hands.press(Qt.Key.Key_Down)
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: "授权人工号" in words(hands), "who may")
    assert hands.running.till.books.journal.id == before
    fill_in(hands, "301", "864209")
    reads(hands, "换好了")
    assert "总部已经认得新密钥" in words(hands)
    assert hands.running.till.books.journal.id != before
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "devices", "the devices")
    till = hands.running.till

    def all_sent() -> bool:
        # Time stands still here, so nothing but asking ends a rest.
        till.hub.ask()
        return till.hub.shown().waiting == 0

    hands.until(all_sent, "that all is sent under the new key")


def test_whoever_changes_their_mind_keeps_the_key(hands: Hands, hub: RunningHub) -> None:
    digits = join_by_keys(hands, hub)
    let_in(hands, hub, digits)
    reads(hands, "已加入总部")
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "devices", "the devices")
    before = hands.running.till.books.journal.id
    hands.tap("换新密钥")
    reads(hands, "换一把新密钥？")
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "devices", "the devices")
    assert hands.running.till.books.journal.id == before


def test_the_turn_of_a_lost_disk_that_comes_back_while_the_float_is_counted_goes_on(
    qapp: object, tmp_path: Path
) -> None:
    with at_the_window(tmp_path / "shop") as person:
        books, window = person.running.till.books, person.running.window
        person.type("101")
        person.press(ENTER)
        person.type("246810")
        person.press(ENTER)
        person.until(lambda: window.page == "open_shift", "the float")
        lost = Writer("lost")
        lost.write(
            ShiftOpened(shop=books.shop, till=books.till, day="2026-11-29", drawer="1",
                        person="101", float_fen=500_00)
        )  # fmt: skip
        came = [siblings.Sent(each.journal, each.seq, each.content, each.sig)
                for each in lost.entries]  # fmt: skip
        assert siblings.take(books, came) == 2
        person.type("500")
        person.press(ENTER)
        person.until(lambda: window.page == "till", "the counter")
        shift = person.running.till.counter.desk.shift
        assert shift is not None and shift.shift == lost.entries[-1].fact
        assert person.count("SELECT count(*) FROM shift_opened") == 1

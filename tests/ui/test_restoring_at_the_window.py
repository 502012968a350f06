"""恢复 on a new machine: a stick with sealed copies and the sheet with the code are the shop."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.first_run
import ui.guide.restoring
from app import demo
from app.clock import SettableClock, parse_time
from app.errors import Refusal
from app.ids import Ids, seeded
from app.opening import NewTill, open_folder
from app.shop.first_steps import steps_left
from app.staff.recovery import fresh_code, keep_recovery_code
from app.transaction import transaction
from app.verification import verify_folder
from ui.first_run import Guide
from ui.startup import CATALOGUE, Till

PIN = "730518"
PERSON = {"number": "301", "pin": PIN, "again": PIN}


class Lost:
    """A shop whose tills copied to a stick and are gone."""

    def __init__(self, place: Path) -> None:
        self.place, self.stick = place, place / "stick"
        self.clock = SettableClock(parse_time("2026-12-07T14:02:00+08:00"))
        self.ids = Ids(self.clock, seeded("lost"))

    def till(self, number: str, *, sealed: bool = True) -> str:
        """A day at a till that copies at its close; its recovery code."""
        new = NewTill(shop="KP07", till=number, keystore="file")
        opened = open_folder(
            self.place / number, clock=self.clock, ids=self.ids, new=new, reserve=False
        )
        demo.fill(opened.books, CATALOGUE)
        code = fresh_code(self.ids)
        if sealed:
            with transaction(opened.books) as tx:
                keep_recovery_code(tx, code)
        till = Till(opened)
        till.copying.choose(str(self.stick))
        sell(till, "301", "864209")
        till.counter.desk.close_shift(53_800)
        till.copying.wait()
        till.close()
        self.clock.advance(3_600_000)
        return code if sealed else ""


def sell(till: Till, number: str, pin: str) -> str:
    till.counter.desk.sign_in(number, pin)
    till.counter.desk.open_shift(50_000)
    till.counter.scan("11014")
    done = till.counter.pay_cash()
    assert done is not None
    return done.sale.number


@pytest.fixture
def lost(tmp_path: Path) -> Lost:
    return Lost(tmp_path)


Start = Callable[[], Guide]


@pytest.fixture
def start(
    qapp: QApplication, qtbot: QtBot, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Start]:
    """The guide on a machine without a keystore, the stick plugged in, at its first page."""
    running: list[Guide] = []
    monkeypatch.setattr(ui.first_run, "keystore_answers", lambda: False)
    monkeypatch.setattr(ui.guide.restoring, "mounted", lambda: [lost.stick])

    def begin() -> Guide:
        guide = Guide(lost.place / "new", lost.clock, lost.ids, begun=False, passphrase="")
        running.append(guide)
        guide.choose("restore")
        on(guide, qtbot, "备份在哪里？")
        return guide

    yield begin
    for guide in running:
        guide.window.close()
        guide.window.deleteLater()


def on(guide: Guide, qtbot: QtBot, title: str) -> None:
    qtbot.waitUntil(lambda: guide.view.title == title and not guide.view.busy_word, timeout=20_000)


def says(guide: Guide, qtbot: QtBot, code: str) -> None:
    qtbot.waitUntil(
        lambda: guide.view.message is not None and guide.view.message.code == code, timeout=20_000
    )


def test_a_stick_and_a_sheet_of_paper_are_the_shop(start: Start, qtbot: QtBot, lost: Lost) -> None:
    """From the empty folder to the next sale: found, opened by the code, verified, entered."""
    code = lost.till("1")
    guide = start()
    (copies, _again) = guide.view.cards
    assert copies.word == "KP07-1"
    guide.choose(copies.name)
    on(guide, qtbot, "备份是加密的")
    guide.answered({"code": fresh_code(lost.ids)})
    says(guide, qtbot, "recovery_wrong")
    guide.answered({"code": code.lower().replace("-", " ")})
    on(guide, qtbot, "是这家店吗？")
    assert guide.view.figure == "KP07 · 1 号机"
    assert "最后一笔 2026-12-07 14:02" in guide.view.figure_note
    assert "KP07-1-261207-0001" in guide.view.figure_note
    assert not (lost.place / "new" / "till.db").exists()
    guide.answered({})
    on(guide, qtbot, "钥匙放在哪里？")
    guide.choose("file")
    on(guide, qtbot, "谁来开机？")
    assert guide.view.fields[0].hint == "备份里的店长：301、302"
    guide.answered(PERSON | {"again": "730519"})
    assert guide.view.fields[2].error
    guide.answered(PERSON)
    on(guide, qtbot, "店回来了")
    assert "全部验证相符" in guide.view.figure_note
    guide.answered({})
    assert guide.founded is not None and guide.founded.number == "301"
    lost.clock.advance(60_000)
    opened = open_folder(lost.place / "new", clock=lost.clock, ids=lost.ids, reserve=False)
    assert steps_left(opened.books) == ("printer",)
    assert sell(Till(opened), "301", PIN) == "KP07-1B-261207-0001"
    opened.close()
    assert verify_folder(lost.place / "new").ok


def test_copies_nobody_sealed_need_no_code_and_get_one(
    start: Start, qtbot: QtBot, lost: Lost
) -> None:
    lost.till("1", sealed=False)
    guide = start()
    guide.choose(guide.view.cards[0].name)
    on(guide, qtbot, "是这家店吗？")
    guide.answered({})
    guide.choose("file")
    guide.answered(PERSON)
    on(guide, qtbot, "店回来了")
    opened = open_folder(lost.place / "new", clock=lost.clock, ids=lost.ids, reserve=False)
    assert steps_left(opened.books) == ("printer", "recovery")
    opened.close()


def test_somebody_the_shop_does_not_know_makes_no_till(
    start: Start, qtbot: QtBot, lost: Lost
) -> None:
    """One commit: till, next journal and PIN, or an empty folder that can be tried again."""
    lost.till("1", sealed=False)
    guide = start()
    guide.choose(guide.view.cards[0].name)
    on(guide, qtbot, "是这家店吗？")
    guide.answered({})
    guide.choose("file")
    guide.answered(PERSON | {"number": "777"})
    says(guide, qtbot, "staff_number_bad")
    assert not (lost.place / "new" / "till.db").exists()
    guide.answered(PERSON)
    on(guide, qtbot, "店回来了")


def test_several_tills_are_cards_and_a_folder_can_be_typed(
    start: Start, qtbot: QtBot, lost: Lost
) -> None:
    lost.till("1", sealed=False)
    lost.till("2", sealed=False)
    guide = start()
    assert [card.word for card in guide.view.cards] == ["KP07-1", "KP07-2", "再找一遍"]
    guide.answered({"place": str(lost.place)})
    says(guide, qtbot, "copy_missing")
    guide.answered({"place": ""})
    assert guide.view.fields[0].error
    guide.answered({"place": str(lost.stick / "KP07-2")})
    on(guide, qtbot, "是这家店吗？")
    assert guide.view.figure == "KP07 · 2 号机"
    guide.go_back()
    assert guide.view.title == "备份在哪里？"
    guide.go_back()
    assert guide.view.title == "这是哪个店？"
    guide.choose("alone")
    assert guide.view.title == "这是什么样的店？"


def test_broken_copies_are_said_and_only_taken_when_somebody_says_so(
    start: Start, qtbot: QtBot, lost: Lost
) -> None:
    lost.till("1", sealed=False)
    (lines,) = (lost.stick / "KP07-1").glob("*.jsonl")
    (lost.stick / "KP07-1" / "till-full.db").unlink()
    kept = lines.read_bytes().splitlines(keepends=True)
    lines.write_bytes(b"".join([*kept[:9], *kept[10:]]))
    guide = start()
    guide.choose(guide.view.cards[0].name)
    on(guide, qtbot, "是这家店吗？")
    says(guide, qtbot, "copy_damaged")
    guide.answered({})
    assert guide.view.title == "是这家店吗？"
    guide.choose("accept")
    guide.choose("file")
    guide.answered(PERSON)
    on(guide, qtbot, "店回来了")
    assert "缺口" in guide.view.figure_note


def test_a_clock_before_the_last_sale_is_set_first(start: Start, qtbot: QtBot, lost: Lost) -> None:
    lost.till("1", sealed=False)
    lost.clock.jump_wall(-30 * 86_400_000)
    guide = start()
    guide.choose(guide.view.cards[0].name)
    says(guide, qtbot, "clock_jumped")
    assert guide.view.title == "备份在哪里？"


def test_a_stick_pulled_out_is_a_sentence(start: Start, qtbot: QtBot, lost: Lost) -> None:
    lost.till("1", sealed=False)
    guide = start()
    lost.stick.rename(lost.place / "elsewhere")
    guide.choose(guide.view.cards[0].name)
    says(guide, qtbot, "copy_missing")
    guide.choose("again")
    qtbot.waitUntil(lambda: len(guide.view.cards) == 1, timeout=20_000)
    assert guide.view.detail.startswith("还没有找到备份")
    with pytest.raises(Refusal, match="folder_not_set_up"):
        open_folder(lost.place / "new", clock=lost.clock, ids=lost.ids)

"""What hands do on the screens: keys, taps and scans, and what the screens tell."""

from collections.abc import Iterator

import pytest
import scenes
import scenes_till as till
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.clock import SettableClock
from tests.ui.hands import Keyboard
from ui.keys import key_map, read_actions
from ui.screens.open_shift import OpenShiftScreen
from ui.screens.payment import PaymentPanel
from ui.screens.sign_in import SignInScreen
from ui.screens.till import TillScreen
from ui.theme import Theme
from ui.widgets.buttons import ActionButton, NumberPad
from ui.window import TillWindow

THEME = Theme()


class Heard:
    """Remembers every signal of a widget by name."""

    def __init__(self, source: QObject, *names: str) -> None:
        self.said: list[tuple[object, ...]] = []
        for name in names:
            getattr(source, name).connect(
                lambda *values, name=name: self.said.append((name, *values))
            )


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[TillWindow]:
    made = TillWindow(THEME, key_map(read_actions()), SettableClock(0))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    yield made
    made.close()


@pytest.fixture
def selling(window: TillWindow) -> TillScreen:
    screen = TillScreen(THEME)
    scenes.show(window, screen)
    screen.show_view(till.TILL)
    QApplication.processEvents()
    return screen


def press(window: TillWindow, key: Qt.Key | str,
          modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:  # fmt: skip
    """One key as a person presses it: judged by the filter, then acted on."""
    Keyboard(window).key(key, modifiers)
    window._filter.silence()
    QApplication.processEvents()


def tap(part: QObject, word: str) -> None:
    # Buttons made a moment ago are shown by the event loop.
    QApplication.processEvents()
    button = next(b for b in part.findChildren(ActionButton) if b.text() == word and b.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_space_pays_whatever_stands_in_the_scan_field(
    window: TillWindow, selling: TillScreen
) -> None:
    heard = Heard(window, "acted")
    press(window, "m")
    press(window, Qt.Key.Key_Space)
    assert heard.said == [("acted", "pay")]
    assert selling.scan_field.text() == "m"


def test_exact_cash_is_two_keys(window: TillWindow, selling: TillScreen) -> None:
    panel = PaymentPanel(THEME)
    heard = Heard(panel, "confirmed")
    window.acted.connect(lambda action: selling.open_panel(panel) if action == "pay" else None)
    original = selling.act

    def act(action: str) -> bool:
        return panel.act(action) if panel.isVisible() else original(action)

    selling.act = act  # type: ignore[method-assign]
    panel.show_view(till.PAY_CASH)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Return)
    assert heard.said == [("confirmed",)]


def test_a_scan_over_the_payment_never_confirms_it(window: TillWindow, selling: TillScreen) -> None:
    panel = PaymentPanel(THEME)
    heard = Heard(panel, "confirmed", "received_changed")
    scanned = Heard(window, "scanned")
    selling.act = panel.act  # type: ignore[method-assign]
    panel.show_view(till.PAY_CASH)
    selling.open_panel(panel)
    heard.said.clear()
    Keyboard(window).scan("6901234567892")
    assert scanned.said == [("scanned", "6901234567892")]
    assert heard.said == []
    assert panel.field.text() == "300.00"


def test_a_hundred_in_cash_is_typed_over_the_proposal(
    window: TillWindow, selling: TillScreen
) -> None:
    panel = PaymentPanel(THEME)
    panel.show_view(till.PAY_CASH)
    selling.open_panel(panel)
    panel.field.selectAll()
    heard = Heard(panel, "received_changed")
    for mark in "100":
        press(window, mark)
    assert heard.said[-1] == ("received_changed", 10000)


def test_letters_choose_the_tender_while_an_amount_is_being_typed(
    window: TillWindow, selling: TillScreen
) -> None:
    panel = PaymentPanel(THEME)
    panel.show_view(till.PAY_CASH)
    selling.open_panel(panel)
    heard = Heard(panel, "tender_chosen")
    press(window, "w")
    assert heard.said == [("tender_chosen", "code")]
    assert panel.field.text() == "300.00"


def test_a_tapped_amount_is_told_whole_and_notes_one_by_one(
    qtbot: QtBot, selling: TillScreen
) -> None:
    panel = PaymentPanel(THEME)
    panel.show_view(till.PAY_CASH)
    selling.open_panel(panel)
    heard = Heard(panel, "money_tapped")
    tap(panel, "正好")
    tap(panel, "¥100")
    assert heard.said == [("money_tapped", 29700, False), ("money_tapped", 10000, True)]


def test_fingers_get_a_number_pad_and_it_types(qtbot: QtBot, selling: TillScreen) -> None:
    panel = PaymentPanel(THEME)
    panel.show_view(till.PAY_CASH)
    selling.open_panel(panel)
    panel.set_touch(True)
    pad = panel.findChild(NumberPad)
    assert pad is not None
    assert pad.isVisible()
    panel.field.clear()
    for word in ("3", "5", "0", "退格"):
        tap(pad, word)
    assert panel.field.amount() == 3500


def test_escape_answers_the_message_before_it_leaves_the_payment(
    qtbot: QtBot, selling: TillScreen
) -> None:
    panel = PaymentPanel(THEME)
    heard = Heard(panel, "message_closed", "cancelled")
    panel.show_view(till.PAY_REFUSED)
    selling.open_panel(panel)
    panel.act("back")
    panel.show_view(till.PAY_CASH)
    panel.act("back")
    assert heard.said == [("message_closed",), ("cancelled",)]


def test_nothing_is_confirmed_while_a_wallet_is_asked(qtbot: QtBot, selling: TillScreen) -> None:
    panel = PaymentPanel(THEME)
    heard = Heard(panel, "confirmed")
    for view in (till.PAY_CODE, till.PAY_WAIT):
        panel.show_view(view)
        panel.act("enter")
    assert heard.said == []


def test_initials_and_enter_choose_the_best_result(window: TillWindow, selling: TillScreen) -> None:
    heard = Heard(selling, "searched", "goods_chosen", "entered")
    for mark in "ds":
        press(window, mark)
    selling.show_found(till.FOUND, "ds")
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return)
    assert heard.said == [("searched", "d"), ("searched", "ds"), ("goods_chosen", "1")]
    assert selling.scan_field.text() == ""


def test_arrows_walk_through_the_basket(window: TillWindow, selling: TillScreen) -> None:
    heard = Heard(selling, "line_chosen")
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Up)
    assert heard.said == [("line_chosen", "4"), ("line_chosen", "3")]


def test_an_open_question_takes_enter_and_gives_the_cursor_back(
    window: TillWindow, selling: TillScreen
) -> None:
    heard = Heard(selling, "answered")
    selling.show_view(till.QUESTION)
    press(window, Qt.Key.Key_Return)
    selling.show_view(till.TILL)
    assert heard.said == [("answered", "yes", "9.5")]
    assert selling.scan_field.hasFocus()


def test_escape_never_throws_anything_away(window: TillWindow, selling: TillScreen) -> None:
    heard = Heard(window, "acted")
    selling.show_view(till.REFUSED)
    closed = Heard(selling, "message_closed")
    press(window, Qt.Key.Key_Escape)
    assert closed.said == [("message_closed",)]
    selling.show_view(till.TILL)
    press(window, Qt.Key.Key_Escape)
    assert heard.said == [("acted", "back")]
    assert selling._view.basket == till.BASKET


def test_the_focus_stays_in_the_scan_field_whatever_is_touched(
    qtbot: QtBot, window: TillWindow, selling: TillScreen
) -> None:
    heard = Heard(selling, "acted", "quick_key")
    for word in ("挂单", "会员", "折扣"):
        tap(selling, word)
        assert selling.scan_field.hasFocus()
    assert [said[1] for said in heard.said] == ["hold", "member", "discount"]


def test_signing_in_is_number_enter_pin_enter_and_the_pin_is_forgotten(
    window: TillWindow,
) -> None:
    screen = SignInScreen(THEME)
    scenes.show(window, screen)
    screen.show_view(till.SIGN_IN)
    heard = Heard(screen, "signed_in")
    for key in ("1", "0", "1", Qt.Key.Key_Return, "2", "4", "6", "8", "1", "3"):
        press(window, key)
    press(window, Qt.Key.Key_Return)
    assert heard.said == [("signed_in", "101", "246813")]
    assert screen.pin.text() == ""
    assert screen.pin.echoMode() == QLineEdit.EchoMode.Password


def test_a_scan_at_the_lock_is_told_and_not_typed(window: TillWindow) -> None:
    screen = SignInScreen(THEME)
    scenes.show(window, screen)
    screen.show_view(till.LOCKED)
    screen.pin.setFocus()
    heard = Heard(window, "scanned")
    Keyboard(window).scan("6901234567892")
    assert heard.said == [("scanned", "6901234567892")]
    assert screen.pin.text() == ""


def test_a_name_is_one_tap_and_the_pad_types_the_pin(qtbot: QtBot, window: TillWindow) -> None:
    screen = SignInScreen(THEME)
    scenes.show(window, screen)
    screen.show_view(till.SIGN_IN)
    heard = Heard(screen, "signed_in")
    tap(screen, "李四")
    pad = screen.findChild(NumberPad)
    assert pad is not None
    for word in "135790":
        tap(pad, word)
    tap(screen, "登录")
    assert heard.said == [("signed_in", "102", "135790")]


def test_counted_notes_become_the_float(qtbot: QtBot, window: TillWindow) -> None:
    screen = OpenShiftScreen(THEME)
    scenes.show(window, screen)
    screen.show_view(till.OPEN_SHIFT)
    heard = Heard(screen, "opened")
    assert screen.float_field.amount() == 50000
    fields = dict(screen._count._fields)
    fields[10000].setText("4")
    fields[5000].setText("1")
    screen.act("enter")
    assert heard.said == [("opened", "早班", 45000)]


def test_a_scan_becomes_a_painted_line_within_a_frame(
    qtbot: QtBot, window: TillWindow, selling: TillScreen
) -> None:
    """Not a wall-clock test: what is counted is painted rows, not milliseconds."""
    painted: list[int] = []
    delegate = selling._basket._delegate
    original = delegate.paint

    def counting(painter: object, option: object, index: object) -> None:
        painted.append(1)
        original(painter, option, index)  # type: ignore[arg-type]

    delegate.paint = counting  # type: ignore[method-assign]
    selling.show_basket(till.long_basket())
    QApplication.processEvents()
    assert 0 < len(painted) < 40

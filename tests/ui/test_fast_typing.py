"""Somebody types faster than the shop answers: Enter means what stands in the field, never a
result of the shorter text that was looked for before."""

from pytestqt.qtbot import QtBot

from ui.screens.till import TillScreen
from ui.theme import Theme
from ui.views import GoodsView, TillView

OLD = (GoodsView(key="12001", code="12001", name="大沙红茶"),)
NEW = (GoodsView(key="12006", code="12006", name="大沙茶三色套装"),)


def typed_ahead(qtbot: QtBot) -> tuple[TillScreen, list[str], list[str]]:
    screen = TillScreen(Theme())
    qtbot.addWidget(screen)
    chosen: list[str] = []
    entered: list[str] = []
    screen.goods_chosen.connect(chosen.append)
    screen.entered.connect(entered.append)
    screen.show_view(TillView())
    screen.show()
    screen.scan_field.setText("1200")
    screen.show_found(OLD, "1200")
    screen.scan_field.setText("12006")
    screen.act("enter")
    assert (chosen, entered) == ([], [])
    return screen, chosen, entered


def test_enter_waits_for_the_results_of_what_was_typed(qtbot: QtBot) -> None:
    screen, chosen, entered = typed_ahead(qtbot)
    screen.show_found(NEW, "12006")
    assert (chosen, entered) == (["12006"], [])
    assert screen.scan_field.text() == ""


def test_without_a_result_the_text_is_a_code(qtbot: QtBot) -> None:
    screen, chosen, entered = typed_ahead(qtbot)
    screen.show_found((), "12006")
    assert (chosen, entered) == ([], ["12006"])


def test_whoever_types_on_meant_something_else(qtbot: QtBot) -> None:
    screen, chosen, entered = typed_ahead(qtbot)
    screen.show_found(NEW, "120068")
    assert (chosen, entered) == ([], [])
    screen.act("back")
    screen.show_found(OLD, "1200")
    assert (chosen, entered) == ([], [])

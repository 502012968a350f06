"""Somebody types faster than the shop answers: Enter means what stands in the field, never a
result of the shorter text that was looked for before."""

from pytestqt.qtbot import QtBot

from ui.screens.till import TillScreen
from ui.theme import Theme
from ui.views import GoodsView, TillView

RED = GoodsView(key="12003", code="12003", name="大沙红茶礼盒")
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


def walked(qtbot: QtBot) -> tuple[TillScreen, list[str]]:
    """Somebody walks to the second of the old results while the new ones are on their way."""
    screen = TillScreen(Theme())
    qtbot.addWidget(screen)
    chosen: list[str] = []
    screen.goods_chosen.connect(chosen.append)
    screen.show_view(TillView())
    screen.show()
    screen.scan_field.setText("dsh")
    screen.show_found((*OLD, RED), "dsh")
    screen.scan_field.setText("dshc")
    screen.act("down")
    return screen, chosen


def test_the_mark_stays_on_the_article_somebody_walked_to(qtbot: QtBot) -> None:
    screen, chosen = walked(qtbot)
    screen.show_found((*NEW, *OLD, RED), "dshc")
    screen.act("enter")
    assert chosen == ["12003"]


def test_enter_behind_the_walk_waits_and_takes_what_was_walked_to(qtbot: QtBot) -> None:
    screen, chosen = walked(qtbot)
    screen.act("enter")
    assert chosen == []
    screen.show_found((*NEW, *OLD, RED), "dshc")
    assert chosen == ["12003"]


def test_an_article_that_is_gone_is_not_replaced_by_another(qtbot: QtBot) -> None:
    screen, chosen = walked(qtbot)
    screen.act("enter")
    screen.show_found(NEW, "dshc")
    assert chosen == []
    screen.act("enter")
    assert chosen == ["12006"]


def test_letters_typed_after_the_walk_mark_the_best_again(qtbot: QtBot) -> None:
    screen, chosen = walked(qtbot)
    screen.show_found((*OLD, RED), "dshc")
    screen.scan_field.setText("dshcl")
    screen.show_found((*OLD, RED), "dshcl")
    screen.act("enter")
    assert chosen == ["12001"]

"""Every screen in its states, drawn and compared with the picture somebody looked at.

`pytest tests/ui/test_screens.py --regold` writes the pictures anew: open them before committing.
A difference counts only when a block of 4×4 pixels changed visibly, so another version of the font
renderer passes and a lost button does not.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import scenes
from painted_words import painted_cuts
from PIL import Image, ImageChops
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from ui.language import install_language
from ui.sheet import style_sheet
from ui.theme import DARK, LIGHT, Colours, Theme, palette, percent_for
from ui.widgets import basket_table
from ui.widgets.arrange import Wrapped
from ui.widgets.buttons import ActionButton
from ui.widgets.row_list import Rows

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "screens"
DESIGN, SMALL, LARGE, LOW = (1366, 768), (1024, 768), (1920, 1080), (1024, 600)
BLOCK_CHANGED = 26
BLOCKS_ALLOWED = 40

ALL = {**scenes.SELLING, **scenes.ROOMS}
IN_ENGLISH = ("receiving", "stock_lots", "till", "till_question", "till_done", "pay_cash",
              "sign_in", "open_shift",
              "receipts", "refund", "refund_done", "invoices", "invoice_form_scanned",
              "keys", "devices", "devices_hub", "hub_join",
              "guide_seller", "guide_printer_seen", "guide_code", "import_seen",
              "prices", "promotion_when", "price_list", "count_start", "labels",
              "labels_promo", "reports")  # fmt: skip
IN_ALL_SIZES = ("till", "till_long", "pay_cash", "pay_touch", "guide_printer_seen",
                "close_shift_check", "count", "count_review", "labels_promo",
                "reports", "reports_hours")  # fmt: skip
ON_A_LOW_SCREEN = ("close_shift_check", "close_shift_late")

Case = tuple[str, tuple[int, int], str, str]
CASES: list[Case] = [
    *((name, DESIGN, "zh", "light") for name in ALL),
    *((name, DESIGN, "en", "light") for name in IN_ENGLISH),
    *((name, size, "zh", "light") for name in IN_ALL_SIZES for size in (SMALL, LARGE)),
    *((name, LOW, "zh", "light") for name in ON_A_LOW_SCREEN),
    *((name, DESIGN, "zh", "dark") for name in ("till", "pay_cash", "tasks", "reports_hours")),
]


def title(case: Case) -> str:
    name, size, language, colours = case
    width = "low" if size == LOW else str(size[0])
    return "-".join((name, width, language, *(["dark"] if colours == "dark" else [])))


@pytest.fixture
def speaking(qapp: QApplication) -> object:
    """Choose a language for one test."""
    return lambda language: install_language(qapp, language)


@pytest.fixture(autouse=True)
def plain_application(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cursor that does not blink, a fresh line that stays bright, no style sheet left behind."""
    # It would fade while a slow machine draws.
    monkeypatch.setattr(basket_table, "HIGHLIGHT_MS", 600_000)
    blink = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    qapp.setStyle("Fusion")
    yield
    qapp.setStyleSheet("")
    qapp.setCursorFlashTime(blink)


def dressed(qapp: QApplication, size: tuple[int, int], colours: Colours, percent: int = 0) -> Theme:
    theme = Theme(colours=colours, percent=percent or percent_for(*size))
    qapp.setStyleSheet(style_sheet(theme))
    qapp.setPalette(palette(theme))
    return theme


def shown(name: str, theme: Theme, size: tuple[int, int]) -> QWidget:
    made = scenes.window(theme, *size)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    ALL[name](made, theme)
    QApplication.processEvents()
    if not made.isActiveWindow():
        made.activateWindow()
        assert QTest.qWaitForWindowActive(made)
    # What a timer does later is not in the picture.
    for timer in made.findChildren(QTimer):
        timer.stop()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    if name in scenes.AFTERWARDS:
        scenes.AFTERWARDS[name](made)
    # A window behind another one would be drawn without focus and under 未在前台.
    assert made.isActiveWindow()
    return made


def put_away(window: QWidget) -> None:
    """Close a window and let it really go, so that it takes no focus from the next."""
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def picture(widget: QWidget) -> Image.Image:
    drawn = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    size, line = (drawn.width(), drawn.height()), drawn.bytesPerLine()
    return Image.frombytes("RGB", size, bytes(drawn.constBits()), "raw", "RGB", line)


def changed_blocks(first: Image.Image, second: Image.Image) -> int:
    """How many 4×4 blocks differ visibly."""
    difference = ImageChops.difference(first.reduce(4), second.reduce(4))
    red, green, blue = difference.split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(worst.histogram()[BLOCK_CHANGED:])


def compare(drawn: Image.Image, name: str, regold: bool) -> None:
    file = GOLDEN / f"{name}.png"
    if regold:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        small = drawn.quantize(255, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(file, optimize=True)
    golden = Image.open(file).convert("RGB")
    assert drawn.size == golden.size
    count = changed_blocks(drawn, golden)
    if count > BLOCKS_ALLOWED:
        drawn.save(file.with_suffix(".new.png"))
    assert count <= BLOCKS_ALLOWED, f"{file.name}: {count} blocks changed; look at {name}.new.png"


class Windows(QObject):
    """Notes every widget that appears as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


@pytest.fixture
def windows(qapp: QApplication) -> Iterator[Windows]:
    """A widget shown before it has a parent is a window, and takes the keyboard with it."""
    noted = Windows()
    qapp.installEventFilter(noted)
    yield noted
    qapp.removeEventFilter(noted)


@pytest.mark.parametrize("case", CASES, ids=title)
def test_the_screen_looks_as_it_was_approved_and_nothing_flashes_up_or_is_cut(
    qapp: QApplication,
    speaking: object,
    request: pytest.FixtureRequest,
    windows: Windows,
    case: Case,
) -> None:
    name, size, language, colours = case
    speaking(language)  # type: ignore[operator]
    theme = dressed(qapp, size, DARK if colours == "dark" else LIGHT)
    window = shown(name, theme, size)
    try:
        compare(picture(window), title(case), request.config.getoption("--regold", False))
        assert set(windows.seen) == {"TillWindow"}
        if (size, language) == (DESIGN, "zh"):
            assert cut_texts(window) + outside(window) == []
    finally:
        put_away(window)


@pytest.mark.parametrize("name", scenes.CUSTOMER)
def test_the_customers_screen_looks_as_it_was_approved(
    qapp: QApplication, request: pytest.FixtureRequest, name: str
) -> None:
    display = scenes.customer_window(dressed(qapp, DESIGN, LIGHT), name)
    compare(picture(display), name, request.config.getoption("--regold", False))
    put_away(display)


def cut_texts(window: QWidget) -> list[str]:
    """Words that do not fit where they stand."""
    cut = []
    for part in window.findChildren(QLabel):
        needed = part.fontMetrics().horizontalAdvance(part.text())
        if part.isVisible() and not isinstance(part, Wrapped) and needed > part.width() + 1:
            cut.append(f"{part.text()} needs {needed}, has {part.width()}")
        tall = part.fontMetrics().tightBoundingRect(part.text()).height()
        if part.isVisible() and part.text() and tall > part.height() + 1:
            cut.append(f"{part.text()} is {tall} high, has {part.height()}")
    for part in window.findChildren(Wrapped):
        tall = part.heightForWidth(part.width()) if part.text() else 0
        if part.isVisible() and tall > part.height() + 2:
            cut.append(f"{part.text()} needs {tall} rows, has {part.height()}")
    return cut + painted_cuts(window)


def outside(window: QWidget) -> list[str]:
    """Buttons that hang over the window's edge or lie on each other."""
    buttons = [part for part in window.findChildren(QAbstractButton) if part.isVisible()]
    areas = [(part, part.rect().translated(part.mapTo(window, part.rect().topLeft())))
             for part in buttons]  # fmt: skip
    over = [part.text() for part, area in areas if not window.rect().contains(area)
            and not part.visibleRegion().isEmpty() and part.visibleRegion().boundingRect()
            .width() < part.width() // 2]  # fmt: skip
    for number, (part, area) in enumerate(areas):
        for other, others in areas[number + 1 :]:
            if area.intersects(others) and part.parentWidget() is other.parentWidget():
                over.append(f"{part.text()} on {other.text()}")
    return over


ELSEWHERE = [
    (size, percent, language)
    for size, percent in ((SMALL, 100), (DESIGN, 125), (LARGE, 150))
    for language in ("zh", "en")
]
"""Where words have to fit besides the place every screen is drawn in above: where there is least
room in its width and its height. 125 on the large screen, or English at 100, has more of both."""


@pytest.mark.parametrize(
    ("size", "percent", "language"),
    ELSEWHERE,
    ids=lambda value: str(value[0] if isinstance(value, tuple) else value),
)
def test_no_words_are_cut_in_any_size_or_language(
    qapp: QApplication, speaking: object, size: tuple[int, int], percent: int, language: str
) -> None:
    speaking(language)  # type: ignore[operator]
    theme = dressed(qapp, size, LIGHT, percent)
    found = {}
    for name in ALL:
        window = shown(name, theme, size)
        if wrong := cut_texts(window) + outside(window):
            found[name] = wrong
        put_away(window)
    assert found == {}


def test_a_lost_button_would_be_noticed(qapp: QApplication) -> None:
    theme = dressed(qapp, DESIGN, LIGHT)
    window = shown("till", theme, DESIGN)
    before = picture(window)
    next(b for b in window.findChildren(ActionButton) if b.text() == "挂单").hide()
    QApplication.processEvents()
    assert changed_blocks(before, picture(window)) > BLOCKS_ALLOWED
    put_away(window)


def test_a_cut_word_would_be_noticed(qapp: QApplication) -> None:
    theme = dressed(qapp, DESIGN, LIGHT)
    window = shown("till", theme, DESIGN)
    button = next(b for b in window.findChildren(ActionButton) if b.text() == "挂单")
    button.set_word("一个长得怎么也放不下的按钮" * 3)
    assert cut_texts(window)
    put_away(window)


def test_a_cut_cell_of_a_painted_list_would_be_noticed(qapp: QApplication) -> None:
    theme = dressed(qapp, DESIGN, LIGHT)
    window = shown("receipts", theme, DESIGN)
    assert cut_texts(window) == []
    rows = next(part for part in window.findChildren(Rows) if part.isVisible())
    cells = ("一个长得两行也放不下的单号" * 9, *rows._rows[0].cells[1:])
    rows.show_rows(rows._columns, (msgspec.structs.replace(rows._rows[0], cells=cells),), "")
    assert any("放不下" in cut for cut in cut_texts(window))
    put_away(window)

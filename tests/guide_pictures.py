"""The pictures of the guide, taken from the real window while a shop's day is done by hand.

    python -m tests.guide_pictures

writes docs/pictures anew: look at them before they are committed.
"""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt

from tests.ui.counting_hands import at_shelf, room, view
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
ENTER, ESC, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space
F8, F12 = Qt.Key.Key_F8, Qt.Key.Key_F12
EGG_ROLL, GOOSE = "6900000110140", "2111004218778"
MANAGER = ("301", "864209")
Take = Callable[[str], None]


def take_all(folder: Path, out: Path) -> list[str]:
    """Do the day in a new demo shop in `folder`; the names of the pictures written into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    names: list[str] = []
    with at_the_window(folder) as hands:

        def take(name: str) -> None:
            wait(2 * LOOK_MS)
            (out / f"{name}.png").write_bytes(_png(hands))
            names.append(name)

        hands.until(lambda: bool(hands.running.door.sign_in._people), "the people at the door")
        take("sign_in")
        begin_shift(hands)
        _sell(hands, take)
        _give_back(hands, take)
        _manage(hands, take)
    return names


def _sell(hands: Hands, take: Take) -> None:
    """A basket with goods by scanner, scale label and letters; paid in cash."""
    hands.scan(EGG_ROLL)
    hands.scan(EGG_ROLL)
    hands.scan(GOOSE)
    hands.sees("294.77", 2)
    hands.type("tbdg")
    wait(LOOK_MS)
    take("find")
    hands.press(ESC, ESC)
    hands.sees("294.77", 2)
    take("till")
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.type("300")
    take("pay")
    hands.press(ENTER)
    hands.done("5.30")
    take("done")


def _give_back(hands: Hands, take: Take) -> None:
    """The last receipt is scanned and one box comes back."""
    last = hands.counter.last
    assert last is not None
    hands.press(F8)
    hands.until(lambda: hands.running.window.page == "refund", "退货")
    hands.scan(f"R:{last.sale.number}:{last.entry.hash6}")
    refund = hands.running.window.page_of("refund")
    hands.until(lambda: refund._view.line is not None, "its lines")  # type: ignore[attr-defined]
    wait(LOOK_MS)
    hands.type("1")
    take("refund")
    _home(hands)


def _home(hands: Hands) -> None:
    """Back to the till, out of whatever is open."""
    for _ in range(4):
        wait(LOOK_MS)
        if hands.running.window.page == "till":
            return
        hands.press(ESC)
    raise AssertionError(hands.stands())


def _manage(hands: Hands, take: Take) -> None:
    """What a manager looks at and does, page by page."""
    hands.counter.desk.sign_in(*MANAGER)
    hands.press(F12)
    _page(hands, "rooms")
    take("rooms")
    for name in ("stock", "labels", "devices"):
        hands.running.shell._rooms[name]()
        _page(hands, name)
        if name == "labels":
            hands.scan(EGG_ROLL)
        take(name)
        _home(hands)
    room(hands)
    at_shelf(hands, "A3")
    hands.scan(EGG_ROLL)
    hands.until(lambda: "鹅蛋卷" in view(hands).name, "counted")
    wait(LOOK_MS)
    hands.type("22")
    hands.press(ENTER)
    hands.until(lambda: view(hands).total == "22", "22 of them")
    take("count")


def _page(hands: Hands, name: str) -> None:
    hands.until(lambda: hands.running.window.page == name, name)
    wait(LOOK_MS)


def _png(hands: Hands) -> bytes:
    """The window in 255 colours: a third of the size, and nobody sees it."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    hands.running.window.grab().save(buffer, "PNG")
    pixels = Image.open(io.BytesIO(bytes(data.data()))).convert("RGB")
    small = pixels.quantize(255, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def main() -> int:
    """Take them all anew."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.door import prepare_qt

    prepare_qt(["pos"])
    with TemporaryDirectory() as folder:
        for name in take_all(Path(folder) / "shop", PICTURES):
            print(PICTURES / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

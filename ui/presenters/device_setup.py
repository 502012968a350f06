"""Saying where something is: the pole display's port, the folder on the second disk.

One page: what is plugged in is offered as cards, anything else is typed, and what is wrong with it
is said at once.
"""

import os
import string
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from app.errors import Refusal, ShopError
from app.quantity import parse_quantity
from app.sales.devices import COPIES_MARK, read_devices
from printers.devices.ports import serial_ports
from printers.devices.scale import SimulatedScale
from ui.counter_devices import DISPLAY_MARK, SCALE_MARK, set_device
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import CardView, FieldView, GuideView
from ui.startup import Till
from ui.views import MessageView

Show = Callable[[GuideView], None]
COPY_FOLDER = "开平优品备份"
_MOUNTS = ("/media", "/run/media", "/mnt")


class PlaceSetup:
    """One device that is known by one line of text. Remembers the frame it stands in."""

    def __init__(
        self,
        work: DeskWork,
        show: Show,
        *,
        ask: Callable[[], GuideView],
        keep: Callable[[str], None],
    ) -> None:
        self._work, self._show, self._ask, self._keep_place = work, show, ask, keep
        self._frame = GuideView(step=0, steps=(), title="")
        self.on_done: Callable[[], None] = lambda: None
        self.on_back: Callable[[], None] = lambda: None

    def open(self, frame: GuideView) -> None:
        """Ask for the place; `frame` says where in the window this is."""
        self._frame = frame
        self.again()

    def again(self, message: MessageView | None = None) -> None:
        """The page as it stands, with what was wrong."""
        page = self._ask()
        self._show(
            msgspec.structs.replace(
                self._frame,
                title=page.title,
                detail=page.detail,
                cards=page.cards,
                fields=page.fields,
                next_word=tr("就用这个"),
                can_go_back=True,
                message=message,
            )
        )

    def card(self, name: str) -> None:
        """A card was pressed: its name is the place."""
        self._keep(name)

    def answered(self, fields: dict[str, str]) -> None:
        """继续: what was typed is the place."""
        self._keep(next(iter(fields.values()), "").strip())

    def back(self) -> None:
        """Nothing was changed."""
        self.on_back()

    def _keep(self, place: str) -> None:
        def refused(error: ShopError) -> None:
            self.again(MessageView(text=error_words(error), code=error.code))

        self._work.do(
            lambda: self._keep_place("" if place == "none" else place),
            lambda _nothing: self.on_done(),
            refused,
        )


def display_setup(till: Till, work: DeskWork, show: Show) -> PlaceSetup:
    """Where the pole display is plugged in."""

    def ask() -> GuideView:
        standing = read_devices(till.books).get(DISPLAY_MARK, "")
        cards = [
            CardView(name=f"led8:{port}", word=port, description=tr("八位数码管客显"))
            for port in serial_ports()
        ]
        cards.append(CardView(name="none", word=tr("没有客显"), description=tr("金额只在屏幕上看")))
        field = FieldView(
            name="display",
            word=tr("地址"),
            value=standing,
            hint=tr("led8:COM2 是数码管，vfd:COM2@9600 是两行字的"),
            kind="code",
        )
        title = tr("客显插在哪里？")
        return GuideView(step=0, steps=(), title=title, cards=tuple(cards), fields=(field,))

    def keep(place: str) -> None:
        set_device(till.books, DISPLAY_MARK, place)
        till.devices.set_up()

    return PlaceSetup(work, show, ask=ask, keep=keep)


def scale_setup(till: Till, work: DeskWork, show: Show) -> PlaceSetup:
    """Where the scale is plugged in, and whether it is asked or talks by itself."""

    def ask() -> GuideView:
        kinds = (("asked", tr("问一次答一次：顶尖、ACLAS 一类")), ("talking", tr("一直往外报的")))
        cards = [
            CardView(name=f"{kind}:{port}", word=port, description=words)
            for port in serial_ports()
            for kind, words in kinds
        ]
        if till.opened.demo:
            cards.append(
                CardView(name="virtual:", word=tr("练习用的秤"), description=tr("在这里放东西"))
            )
        cards.append(CardView(name="none", word=tr("没有秤"), description=tr("重量用键盘输")))
        field = FieldView(
            name="scale",
            word=tr("地址"),
            value=read_devices(till.books).get(SCALE_MARK, ""),
            hint=tr("asked:COM3 问一次答一次，talking:COM3@9600 一直报"),
            kind="code",
        )
        title = tr("秤插在哪里？")
        return GuideView(step=0, steps=(), title=title, cards=tuple(cards), fields=(field,))

    def keep(place: str) -> None:
        set_device(till.books, SCALE_MARK, place)
        till.devices.set_up()

    return PlaceSetup(work, show, ask=ask, keep=keep)


def scale_put(till: Till, work: DeskWork, show: Show) -> PlaceSetup:
    """Lay something on the scale to practise with: "4.370/0.050", with ~ while it still moves."""

    def ask() -> GuideView:
        field = FieldView(
            name="weight", word=tr("毛重/皮重"), value="",
            hint=tr("公斤，如 4.370/0.050；后面加 ~ 是还没稳"), kind="code",
        )  # fmt: skip
        cards = (CardView(name="0", word=tr("拿空"), description=tr("秤上什么也没有")),)
        return GuideView(step=0, steps=(), title=tr("秤上放什么？"), cards=cards, fields=(field,))

    def keep(place: str) -> None:
        scale = till.devices.scale
        if not isinstance(scale, SimulatedScale):
            raise Refusal("demo_only")
        gross, *tare = (_grams(each) for each in place.rstrip("~ ").split("/")[:2])
        scale.put(gross, sum(tare), stable=not place.endswith("~"))

    return PlaceSetup(work, show, ask=ask, keep=keep)


def _grams(text: str) -> int:
    return parse_quantity(text, weighed=True) if text.strip("0.") else 0


def copies_setup(till: Till, work: DeskWork, show: Show) -> PlaceSetup:
    """Where copies of the journal go: another disk, a stick, a folder on one of them."""

    def ask() -> GuideView:
        standing = read_devices(till.books).get(COPIES_MARK, "")
        cards = [
            CardView(name=str(disk / COPY_FOLDER), word=str(disk), description=tr("插着的盘"))
            for disk in other_disks(till.opened.folder)
        ]
        cards.append(
            CardView(name="none", word=tr("不备份"), description=tr("坏盘时救不回当天的单"))
        )
        field = FieldView(
            name="copies", word=tr("文件夹"), value=standing, hint=tr("每次交班自动备份到这里")
        )
        return GuideView(
            step=0,
            steps=(),
            title=tr("备份到哪里？"),
            detail=tr("选第二块盘或 U 盘；坏了一块，另一块上还有每一单"),
            cards=tuple(cards),
            fields=(field,),
        )

    return PlaceSetup(work, show, ask=ask, keep=till.copying.choose)


def other_disks(folder: Path) -> list[Path]:
    """Disks and sticks that are plugged in besides the one the till lives on."""
    own = folder.stat().st_dev
    found = []
    for place in mounted():
        try:
            if place.stat().st_dev != own and os.access(place, os.W_OK):
                found.append(place)
        except OSError:
            continue
    return found[:4]


def mounted() -> Iterable[Path]:
    """Where disks are to be found on this machine."""
    if sys.platform == "win32":
        return [Path(f"{letter}:\\") for letter in string.ascii_uppercase]
    roots = [Path(root) for root in _MOUNTS if Path(root).is_dir()]
    deep = [place for root in roots for place in (*root.glob("*"), *root.glob("*/*"))]
    return [place for place in deep if place.is_mount()]

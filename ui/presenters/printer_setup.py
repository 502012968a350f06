"""Choosing the printer by looking at paper: card, address, test page, "what do you see?".

The same pages stand in the first-run guide and behind the card in 设备. Whatever a person answers
leads to another profile or to the end; nobody has to know what GB18030 is.
"""

import io
from collections.abc import Callable
from pathlib import Path

import msgspec

from app.content import Paper
from app.errors import Refusal, ShopError
from app.languages import in_language
from app.print_queue import RECEIPT_PRINTER, put
from app.transaction import transaction
from printers.encoder import paper_bytes
from printers.profile import Profile, load_profile
from printers.trial_page import trial_page
from ui.counter_devices import DEMO_PRINTER, PRINTER_MARK, read_devices, set_device
from ui.language import error_words, spoken, tr, worded
from ui.presenters.desk_work import DeskWork
from ui.room_views import CardView, FieldView, GuideView
from ui.startup import Till
from ui.views import MessageView

TEST_LIFE_MS = 2 * 60_000
"""A test page nobody could print for two minutes is not wanted any more."""
FIRST_PROFILE = {
    "virtual": "virtual_80",
    "network": "chinese_80",
    "usb": "chinese_58",
    "serial": "chinese_58",
    "windows": "chinese_58",
}
OTHER_PROFILE = {
    "cut_off": {"chinese_80": "chinese_58", "chinese_80_gbk": "chinese_58",
                "picture_80": "picture_58", "slow_drawer_80": "chinese_58",
                "virtual_80": "virtual_58"},
    "half": {"chinese_58": "chinese_80", "picture_58": "picture_80", "virtual_58": "virtual_80"},
    "strange": {"chinese_80": "chinese_80_gbk", "chinese_80_gbk": "picture_80",
                "chinese_58": "picture_58", "slow_drawer_80": "picture_80"},
    "drawer": {"chinese_80": "slow_drawer_80", "chinese_80_gbk": "slow_drawer_80"},
}  # fmt: skip
"""What a person sees -> profile now -> profile to try next."""


class PrinterSetup:
    """Remembers which page stands there, and the printer being tried."""

    def __init__(self, till: Till, work: DeskWork, show: Callable[[GuideView], None]) -> None:
        self._till = till
        self._work = work
        self._show = show
        self._frame = GuideView(step=0, steps=(), title="")
        self._page = "kinds"
        self._kind = ""
        self._before = ""
        self._setting = ""
        self._can_go_on = False
        self.on_done: Callable[[], None] = lambda: None
        self.on_back: Callable[[], None] = lambda: None

    def open(self, frame: GuideView) -> None:
        """Ask which printer; `frame` says where in the guide this is."""
        self._frame = frame
        usual = DEMO_PRINTER if self._till.opened.demo else ""
        self._before = read_devices(self._till.books).get(PRINTER_MARK, usual)
        self._kinds()

    # --- Pages -----------------------------------------------------------------------------

    def _kinds(self, message: MessageView | None = None) -> None:
        self._page = "kinds"
        words = {
            "virtual": (tr("先用屏幕上的打印机"), tr("小票在屏幕上看；以后随时可换"), "monitor"),
            "network": (tr("网口打印机"), tr("接在路由器上，有一个 IP 地址"), "printer"),
            "usb": (tr("USB 打印机"), tr("直接插在这台机上"), "printer"),
            "none": (tr("没有打印机"), tr("小票以二维码显示在屏幕上，顾客扫走"), "receipt-text"),
        }
        cards = tuple(
            CardView(name=name, word=word, description=text, icon=icon)
            for name, (word, text, icon) in words.items()
        )
        title, detail = tr("小票用什么打？"), tr("选一种，马上打一张测试页看看")
        self._put(title, detail, cards=cards, message=message, next_enabled=False,
                  next_reason=tr("先选一种"))  # fmt: skip

    def _ask_address(self, message: MessageView | None = None) -> None:
        self._page = "address"
        if self._kind == "network":
            title, hint = tr("打印机的 IP 地址"), tr("按住打印机的走纸键开机，它会把地址打出来")
            value = "192.168.1.50"
        else:
            title, hint = tr("打印机插在哪里"), tr("Linux：/dev/usb/lp0；Windows：打印机的名字")
            value = _usb_place()
        field = FieldView(name="place", word=tr("地址"), value=value, hint=hint, kind="code")
        self._put(title, "", fields=(field,), message=message, next_word=tr("打测试页"))

    def _ask_seen(self, message: MessageView | None = None) -> None:
        self._page = "seen"
        seen = {
            "good": tr("都对：一行到头，字清楚"),
            "cut_off": tr("右边少了，或一行折成两行"),
            "half": tr("只印了半边纸"),
            "strange": tr("有怪字或方块"),
            "drawer": tr("纸是好的，钱箱没弹开"),
            "nothing": tr("什么也没出来"),
        }
        cards = tuple(CardView(name=name, word=word) for name, word in seen.items())
        profile = self._profile()
        self._put(
            tr("您看到的是什么？"), worded(profile.title), cards=cards, message=message,
            next_word=tr("再打一张"), picture=_picture(profile), cards_first=True,
        )  # fmt: skip

    def _put(
        self,
        title: str,
        detail: str,
        *,
        cards: tuple[CardView, ...] = (),
        fields: tuple[FieldView, ...] = (),
        message: MessageView | None = None,
        next_word: str = "",
        next_enabled: bool = True,
        next_reason: str = "",
        picture: bytes = b"",
        cards_first: bool = False,
    ) -> None:
        self._can_go_on = next_enabled
        self._show(
            msgspec.structs.replace(
                self._frame, title=title, detail=detail, cards=cards, fields=fields,
                message=message, next_word=next_word, next_enabled=next_enabled,
                next_reason=next_reason, preview_png=picture, cards_first=cards_first,
                can_go_back=self._page != "kinds" or self._frame.can_go_back,
            )
        )  # fmt: skip

    def again(self) -> None:
        """The page as it stands, without its message."""
        pages = {"address": self._ask_address, "seen": self._ask_seen}
        pages.get(self._page, self._kinds)()

    # --- Answers ---------------------------------------------------------------------------

    def card(self, name: str) -> None:
        """A card was pressed."""
        if self._page == "kinds":
            self._kind = name
            if name == "none":
                self._keep("", self.on_done)
            elif name == "virtual":
                self._try(f"{FIRST_PROFILE[name]} virtual:")
            else:
                self._ask_address()
        elif self._page == "seen":
            self._seen(name)

    def answered(self, fields: dict[str, str]) -> None:
        """继续."""
        if self._page == "address":
            self._try(f"{FIRST_PROFILE[self._kind]} {self._address(fields.get('place', ''))}")
        elif self._page == "seen":
            self._try(self._setting)

    def back(self) -> None:
        """One page back; the printer that stood before stays the till's."""
        if self._page == "kinds":
            self.on_back()
        else:
            self._keep(self._before, self._kinds)

    def _address(self, place: str) -> str:
        if self._kind == "network":
            return f"network:{place}"
        if ":" in place:
            return place if place.startswith(("usb:", "serial:")) else f"usb:{place}"
        return f"file:{place}" if place.startswith("/") else f"windows:{place}"

    def _seen(self, what: str) -> None:
        if what == "good":
            self.on_done()
            return
        if what == "nothing":
            detail = tr("看电源、纸和线；地址不对就按上一步重填")
            self._ask_seen(MessageView(text=self._why(), detail=detail, tone="warn"))
            return
        profile, _, address = self._setting.partition(" ")
        other = OTHER_PROFILE[what].get(profile, "")
        if not other:
            words = tr("没有更合适的型号可换。可以先用着，请总部寄一份型号文件")
            self._ask_seen(MessageView(text=words, tone="warn"))
        else:
            self._try(f"{other} {address}")

    def _why(self) -> str:
        reason = next((s.reason for s in self._till.devices.spools.values() if s.reason), "")
        words = {
            "offline": tr("连不上打印机"),
            "paper_out": tr("打印机说缺纸"),
            "cover_open": tr("打印机说盖子开着"),
        }
        return words.get(reason, tr("测试页已经发出去了"))

    def _profile(self) -> Profile:
        return load_profile(self._setting.partition(" ")[0])

    # --- Work ------------------------------------------------------------------------------

    def _try(self, setting: str) -> None:
        books, devices = self._till.books, self._till.devices

        def work() -> None:
            set_device(books, PRINTER_MARK, setting)
            devices.set_up()
            profile = load_profile(setting.partition(" ")[0])
            with transaction(books) as tx:
                put(
                    tx, printer=RECEIPT_PRINTER, kind="test_page", fact="", title=tr("测试页"),
                    paper=_trial(profile), kick_drawer=True,
                    life_ms=TEST_LIFE_MS,
                )  # fmt: skip

        def ready(_nothing: None) -> None:
            self._setting = setting
            self._ask_seen()

        self._work.do(work, ready, self._refused)

    def _keep(self, setting: str, then: Callable[[], None]) -> None:
        books, devices = self._till.books, self._till.devices

        def work() -> None:
            set_device(books, PRINTER_MARK, setting)
            devices.set_up()

        self._work.do(work, lambda _nothing: then(), self._refused)

    def _refused(self, error: ShopError) -> None:
        message = MessageView(text=error_words(error), code=error.code)
        pages = {"address": self._ask_address, "seen": self._ask_seen}
        pages.get(self._page, self._kinds)(message)


def picture_of(paper_profile: Profile, data: bytes) -> bytes:
    """What a printer of this kind makes of bytes, as a PNG."""
    from printers.commands import joined
    from printers.virtual import VirtualPrinter

    printer = VirtualPrinter(paper_profile.dots, paper_profile.encoding)
    printer.feed(data)
    memory = io.BytesIO()
    joined([page.picture for page in printer.everything()], paper_profile.dots).save(memory, "PNG")
    return memory.getvalue()


def _trial(profile: Profile) -> Paper:
    return in_language(trial_page(tr("小票打印机"), profile), spoken())


def _picture(profile: Profile) -> bytes:
    """The test page as this printer should make it, to compare the paper with."""
    try:
        return picture_of(profile, paper_bytes(_trial(profile), profile))
    except Refusal:
        return b""


def _usb_place() -> str:
    found = sorted(Path("/dev/usb").glob("lp*")) if Path("/dev/usb").is_dir() else []
    return str(found[0]) if found else "0416:5011"

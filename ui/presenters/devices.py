"""设备: printers, drawer, customer display, second screen, and the page that explains a code."""

from collections.abc import Callable, Mapping

import msgspec

from app.attachments import unsent_count
from app.clock import local
from app.errors import Refusal, ShopError, Trouble
from app.print_queue import RECEIPT_PRINTER, put
from app.reports.held_feeds import held_feeds
from app.sales.devices import COPIES_MARK, COPY_TROUBLE_MARK
from app.transaction import transaction
from printers.devices.pole_display import Shown
from printers.devices.scale import SimulatedScale, Weight
from printers.encoder import paper_bytes
from printers.trial_page import trial_page
from sync.protocol_trace import AskGenuine
from ui.counter_devices import DISPLAY_MARK, PRINTER_MARK, SCALE_MARK, read_devices, set_device
from ui.genuine import asked_of, by_own_books
from ui.hub_words import why_not
from ui.language import error_words, tr, worded
from ui.presenters import feeds_told
from ui.presenters.customer import SECOND_SCREEN_MARK, second_screen
from ui.presenters.desk_work import DeskWork
from ui.presenters.elsewhere_told import by_head_office
from ui.presenters.explain import explain
from ui.presenters.genuine_told import with_verdict
from ui.presenters.printer_setup import TEST_LIFE_MS, picture_of
from ui.presenters.program import Updating
from ui.presenters.strip import printer_words
from ui.presenters.weighing import said
from ui.room_views import DevicesView, DeviceView, ExplainView
from ui.screens.devices import DevicesScreen
from ui.sounds import Sounds
from ui.startup import Till
from ui.views import ChoiceView, MessageView


class DevicesPresenter:
    """Remembers what is shown; the devices themselves are the till's."""

    def __init__(
        self,
        till: Till,
        screen: DevicesScreen,
        work: DeskWork,
        sounds: Sounds,
        *,
        slow: DeskWork,
    ) -> None:
        """`slow` waits for the network."""
        self._slow = slow
        self._till = till
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._view = DevicesView()
        self._updating = Updating(till)
        self.on_setup: Callable[[], None] = lambda: None
        """Choose another printer."""
        self.on_display_setup: Callable[[], None] = lambda: None
        """Say where the pole display is plugged in."""
        self.on_scale_setup: Callable[[], None] = lambda: None
        """Say where the scale is plugged in."""
        self.on_scale_put: Callable[[], None] = lambda: None
        """Lay something on the scale to practise with."""
        self.on_copies_setup: Callable[[], None] = lambda: None
        """Choose the second disk."""
        self.on_hub: Callable[[str], None] = lambda _page: None
        """Join head office, look how far that is, hand over by USB, or leave it again."""
        self.on_second_screen: Callable[[], None] = lambda: None
        self.on_drawer: Callable[[], None] = lambda: None
        """Open the drawer, with a reason and a right."""
        screen.acted.connect(self._act)
        screen.added.connect(lambda: self.on_setup())
        screen.message_closed.connect(lambda: self._say(None))

    def open(self) -> None:
        """Show every device as it stands now."""
        self._view = msgspec.structs.replace(self._view, message=None)
        self.look()

    def look_if_shown(self) -> None:
        """A paper came out or got stuck: whoever looks at the devices sees it."""
        if self._screen.isVisible():
            self.look()

    def look(self) -> None:
        """Look at the devices again; after every paper, and when somebody asks."""

        def ready(devices: tuple[DeviceView, ...]) -> None:
            devices = (*devices, self._updating.card())
            self._view = msgspec.structs.replace(self._view, devices=devices)
            self._screen.show_view(self._view)

        plugged = second_screen() is not None
        self._work.do(lambda: device_views(self._till, plugged), ready, self._refused)

    def explain(self, text: str) -> None:
        """A scan on this page is explained, and does nothing else."""
        desk = self._till.counter.desk

        def work() -> tuple[ExplainView, AskGenuine | None]:
            view = explain(desk, text)
            try:
                asked = asked_of(desk, text)
            except Refusal:
                return view, None
            return with_verdict(self._till, view, by_own_books(self._till, asked)), asked

        def ready(found: tuple[ExplainView, AskGenuine | None]) -> None:
            view, asked = found
            self._sounds.play("accepted" if view.state == "ok" else "question")
            self._explained(view)
            if self._till.hub.seen is not None:
                self._ask_head_office(text, asked)

        self._work.do(work, ready, self._refused)

    def _explained(self, view: ExplainView) -> None:
        self._view = msgspec.structs.replace(self._view, explain=view, message=None)
        self._screen.show_view(self._view)

    def _ask_head_office(self, text: str, asked: AskGenuine | None) -> None:
        """Its answer takes the place of ours, if nothing else was scanned meanwhile; and which
        other shop has some."""
        before = self._view.explain

        def work() -> ExplainView:
            return by_head_office(self._till, text, asked)

        def ready(view: ExplainView) -> None:
            if self._view.explain is before:
                self._explained(view)

        self._slow.do(work, ready, self._refused)

    def _act(self, device: str, action: str) -> None:
        match device, action:
            case "printer", "test":
                self._do(self._print_test, tr("测试页已经发给打印机"))
            case "printer", "again":
                self._do(self._poke, tr("正在再试一次"))
            case "printer", "setup":
                self.on_setup()
            case "drawer", "open":
                self.on_drawer()
            case "display", "test":
                self._do(self._test_display, tr("客显上应当是 88.88"))
            case "display", "setup":
                self.on_display_setup()
            case "hub", "now":
                self._do(self._till.hub.ask, tr("正在传"))
            case "hub", page:
                self.on_hub(page)
            case "scale", "setup":
                self.on_scale_setup()
            case "scale", "put":
                self.on_scale_put()
            case "program", "update":
                self._do(self._updating.take, tr("装好了，下次打开就是新版本"))
            case "copies", "setup":
                self.on_copies_setup()
            case "copies", "now":
                self._do(self._copy, tr("已备份到第二块盘"))
            case "second", _:
                value = "off" if action == "off" else "on"
                books = self._till.books
                self._do(
                    lambda: set_device(books, SECOND_SCREEN_MARK, value), "", self.on_second_screen
                )

    def _do(
        self, work: Callable[[], None], words: str, then: Callable[[], None] = lambda: None
    ) -> None:
        def ready(_nothing: None) -> None:
            then()
            if words:
                self._say(MessageView(text=words, tone="ok"))
            self.look()

        self._work.do(work, ready, self._refused)

    def _print_test(self) -> None:
        spool = self._till.devices.spools[RECEIPT_PRINTER]
        with transaction(self._till.books) as tx:
            put(
                tx, printer=RECEIPT_PRINTER, kind="test_page", fact="", title=tr("测试页"),
                paper=trial_page(tr("小票打印机"), spool.profile), life_ms=TEST_LIFE_MS,
            )  # fmt: skip
        spool.poke()

    def _copy(self) -> None:
        if trouble := self._till.copying.copy():
            raise Trouble(trouble, detail="")

    def _poke(self) -> None:
        for spool in self._till.devices.spools.values():
            spool.poke()

    def _test_display(self) -> None:
        if self._till.devices.display is not None:
            self._till.devices.display.show(Shown("total", "88.88"))

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._say(MessageView(text=error_words(error), code=error.code))

    def _say(self, message: MessageView | None) -> None:
        self._view = msgspec.structs.replace(self._view, message=message)
        self._screen.show_view(self._view)


def device_views(till: Till, second: bool) -> tuple[DeviceView, ...]:
    """Every device as a card. On the worker: the last paper is drawn here.

    `second`: a second screen is plugged in.
    """
    chosen = read_devices(till.books)
    return (
        _printer(till, chosen.get(PRINTER_MARK, "")),
        _drawer(till),
        _display(till, chosen.get(DISPLAY_MARK, "")),
        _second(chosen.get(SECOND_SCREEN_MARK, "on"), second),
        _scale(till, chosen.get(SCALE_MARK, "")),
        *_hub(till),
        # Training is never copied, so there is nothing to choose.
        *(
            ()
            if till.opened.training
            else (_copies(chosen, sealed=till.opened.sealing() is not None),)
        ),
    )


def _printer(till: Till, setting: str) -> DeviceView:
    setup = ChoiceView(name="setup", word=tr("换打印机"))
    name = tr("小票打印机")
    spool = till.devices.spools.get(RECEIPT_PRINTER)
    if spool is None:
        trouble = till.devices.printer_trouble
        return DeviceView(
            key="printer", kind="receipt", name=name,
            how=setting or tr("小票以二维码显示在屏幕上"),
            state="stop" if trouble else "ok",
            state_word=tr("不能用") if trouble else tr("没有打印机"),
            actions=(ChoiceView(name="setup", word=tr("装打印机"), primary=True),),
        )  # fmt: skip
    waiting = [job for job in till.devices.queue.open_jobs() if job.state == "WAITING"]
    last = till.devices.queue.last_printed(RECEIPT_PRINTER)
    picture = picture_of(spool.profile, paper_bytes(last.paper, spool.profile)) if last else b""
    return DeviceView(
        key="printer",
        kind="receipt",
        name=name,
        how=worded(spool.profile.title),
        state="warn" if spool.reason else "ok",
        state_word=printer_words(spool.reason),
        detail=tr("{count} 张在排队", count=len(waiting)) if waiting else "",
        preview_png=picture,
        actions=(
            ChoiceView(name="again", word=tr("再试一次"))
            if spool.reason
            else ChoiceView(name="test", word=tr("打测试页")),
            setup,
        ),
    )


def _hub(till: Till) -> tuple[DeviceView, ...]:
    """The way to head office in numbers; training never goes there."""
    seen = till.hub.seen
    if till.opened.training:
        return ()
    if seen is None:
        return (
            DeviceView(
                key="hub", kind="hub", name=tr("总部"),
                how=tr("加入后每一单自己传上去，断网照卖，来网再传"),
                state_word=tr("没有加入"),
                actions=(ChoiceView(name="join", word=tr("加入总部")),),
            ),
        )  # fmt: skip
    told = [tr("总部已收到第 {seq} 条", seq=seen.acked)]
    if seen.waiting:
        oldest = local(seen.oldest_ms).strftime("%m-%d %H:%M")
        told.insert(0, tr("等传 {count} 条，最早 {oldest}", count=seen.waiting, oldest=oldest))
    with till.books.read() as db:
        files = unsent_count(db)
        held = held_feeds(db, till.books.shop)
    if files:
        told.append(tr("附件等传 {count} 个", count=files))
    if seen.heard_ms:
        told.append(tr("{time} 回的话", time=local(seen.heard_ms).strftime("%m-%d %H:%M")))
    now_ms = till.books.clock.wall_ms()
    told += feeds_told.told(seen.pull, now_ms, held)
    reason = seen.reason or seen.pull.reason
    look = feeds_told.needs_a_look(seen.pull, now_ms)
    return (
        DeviceView(
            key="hub", kind="hub", name=tr("总部"), how=till.hub.address,
            state="warn" if reason or look else "ok",
            # Reasons are a till's own words: each stands in the file of translations.
            state_word=tr(why_not(reason)) or (tr("下发要看一下") if look else tr("正常")),
            detail=" · ".join(told),
            actions=hub_actions(seen.reason),
        ),
    )  # fmt: skip


def hub_actions(reason: str) -> tuple[ChoiceView, ...]:
    """What can be done about head office, once it was joined."""
    return (
        ChoiceView(name="compare", word=tr("看六位数"))
        if reason == "waiting_approval"
        else ChoiceView(name="now", word=tr("现在传")),
        ChoiceView(name="stick", word=tr("U 盘")),
        ChoiceView(name="rekey", word=tr("换新密钥")),
        ChoiceView(name="leave", word=tr("退出总部")),
    )


def _drawer(till: Till) -> DeviceView:
    has_printer = till.devices.has_printer
    return DeviceView(
        key="drawer", kind="drawer", name=tr("钱箱"),
        how=tr("接在小票打印机上，收现金时自己弹开"),
        state_word=tr("跟着打印机") if has_printer else tr("没有打印机，用钥匙开"),
        actions=(ChoiceView(name="open", word=tr("打开钱箱")),) if has_printer else (),
    )  # fmt: skip


def _display(till: Till, setting: str) -> DeviceView:
    trouble = till.devices.display_trouble
    there = till.devices.display is not None
    test = (ChoiceView(name="test", word=tr("测试")),) if there else ()
    return DeviceView(
        key="display",
        kind="display",
        name=tr("客显"),
        how=setting or (tr("屏幕上的客显") if there else tr("单价、合计、收款、找零四盏灯的那种")),
        state="warn" if trouble else "ok",
        state_word=tr("没连上") if trouble else tr("正常") if there else tr("没有"),
        actions=(*test, ChoiceView(name="setup", word=tr("设置"))),
    )


def _scale(till: Till, setting: str) -> DeviceView:
    """What lies on it is read here: a scale that answers is a scale that works."""
    setup = ChoiceView(name="setup", word=tr("设置"))
    scale = till.devices.scale
    if scale is None:
        return DeviceView(
            key="scale", kind="scale", name=tr("秤"),
            how=tr("称重商品放上去，按 Enter 取重量；没有就输公斤数"),
            state_word=tr("没有"), actions=(setup,),
        )  # fmt: skip
    put = (ChoiceView(name="put", word=tr("放东西")),) if isinstance(scale, SimulatedScale) else ()
    try:
        weight, trouble = scale.weight(), ""
    except ShopError as error:
        weight, trouble = Weight(0), error_words(error)
    steady = tr("稳") if weight.stable else tr("还没稳")
    return DeviceView(
        key="scale", kind="scale", name=tr("秤"),
        how=setting or tr("练习用的秤"),
        state="warn" if trouble or not weight.stable else "ok",
        state_word=tr("没连上") if trouble else steady,
        detail=trouble or said(weight),
        actions=(*put, setup),
    )  # fmt: skip


def _copies(chosen: Mapping[str, str], *, sealed: bool) -> DeviceView:
    place, trouble = chosen.get(COPIES_MARK, ""), chosen.get(COPY_TROUBLE_MARK, "")
    now = (ChoiceView(name="now", word=tr("马上备份")),) if place else ()
    return DeviceView(
        key="copies", kind="disk", name=tr("第二块盘"),
        how=place or tr("每次交班把新单备份过去，坏了一块盘也不丢单"),
        detail="" if not place
        else tr("加密的，用恢复码打开") if sealed else tr("没有加密：印一张恢复码就会加密"),
        state="warn" if trouble or not place else "ok",
        state_word=tr("没备份成") if trouble else tr("正常") if place else tr("没有备份"),
        actions=(*now, ChoiceView(name="setup", word=tr("换一处") if place else tr("选一处"))),
    )  # fmt: skip


def _second(setting: str, plugged: bool) -> DeviceView:
    on = setting != "off"
    off = ChoiceView(name="off", word=tr("关掉"))
    return DeviceView(
        key="second", kind="display", name=tr("顾客屏"),
        how=tr("第二块屏幕给顾客看每一行、优惠、合计和找零"),
        state_word=(tr("在用") if on else tr("关着")) if plugged else tr("没有第二块屏幕"),
        actions=(off if on else ChoiceView(name="on", word=tr("打开")),) if plugged else (),
    )  # fmt: skip

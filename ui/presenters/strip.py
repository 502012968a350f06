"""The strip at the top: shop, till, person, lamps, clock; told the same way on every page."""

from app.clock import local
from ui.language import tr
from ui.presenters.feeds_told import needs_a_look
from ui.startup import Till
from ui.views import State, StatusView, StripView


def printer_words(reason: str) -> str:
    """Why the printer waits, in words."""
    words = {
        "": tr("正常"),
        "offline": tr("没连上"),
        "paper_out": tr("缺纸"),
        "cover_open": tr("盖子开着"),
        "no_answer": tr("没有回答"),
    }
    return words.get(reason, tr("有故障"))


def printer_trouble(till: Till) -> str:
    """The first printer's reason to wait, "" when all is well."""
    return next((spool.reason for spool in till.devices.spools.values() if spool.reason), "")


def folder_words(till: Till) -> str:
    """What kind of folder this is for ever, when it is not a real shop's."""
    if till.opened.demo:
        return tr("演示")
    return tr("练习·非交易凭证") if till.opened.training else ""


def strip_view(till: Till, *, signed_in: bool, tasks: int) -> StripView:
    """The strip as it stands now."""
    desk = till.counter.desk
    return StripView(
        shop=desk.settings["shop_name"] or till.books.shop,
        till=tr("{till} 号机", till=till.books.till),
        person=desk.name if signed_in else "",
        lamps=(
            _printer_lamp(till),
            *hub_lamp(till),
            StatusView(
                state="warn" if tasks else "ok", word=tr("待办"), value=str(tasks), action="tasks"
            ),
        ),
        clock=local(till.books.clock.wall_ms()).strftime("%H:%M"),
        demo=folder_words(till),
    )


def hub_lamp(till: Till) -> tuple[StatusView, ...]:
    """How much the hub does not have yet; nothing for a till on its own."""
    seen = till.hub.seen
    if seen is None:
        return ()
    held = sum(1 for each in seen.pull.feeds if each.held)
    value = tr("正常")
    if seen.waiting:
        value = tr("等 {count}", count=seen.waiting)
    elif held:
        value = tr("{count} 路没采用", count=held)
    look = seen.reason or needs_a_look(seen.pull, till.books.clock.wall_ms())
    state: State = "warn" if look else "ok"
    return (StatusView(state=state, word=tr("总部"), value=value, action="devices"),)


def _printer_lamp(till: Till) -> StatusView:
    word = tr("打印")
    if not till.devices.has_printer:
        return StatusView(state="ok", word=word, value=tr("没有"), action="devices")
    reason = printer_trouble(till)
    return StatusView(
        state="warn" if reason else "ok", word=word, value=printer_words(reason), action="devices"
    )

"""Head office at the window: joined, with something held, and the form to join it."""

from scenes_rooms import devices

from app.reports.held_feeds import HeldFeed
from sync.pull_lane import FeedSeen, PullSeen
from ui.language import tr
from ui.presenters import feeds_told
from ui.presenters.devices import hub_actions
from ui.presenters.hub_setup import join_fields
from ui.room_views import DevicesView, DeviceView, GuideView


def devices_hub() -> DevicesView:
    """Joined, with two prices head office cannot mean."""
    held = HeldFeed("prices", 12, "price_jump", 0, ("马冈鹅蛋卷 38.00→3.80", "金鸡皮蛋 9.50→0.95"))
    seen = PullSeen(
        feeds=(FeedSeen(scope="prices", version=11, issued_ms=0, held=12, reason="price_jump",
                        expired=False),),
        contact_ms=1, reason="", aside=0, tills={"2": 0},
    )  # fmt: skip
    told = [tr("总部已收到第 {seq} 条", seq=4183), *feeds_told.told(seen, 12 * 60_000, [held])]
    hub = DeviceView(
        key="hub", kind="hub", name=tr("总部"), how="https://hub.kaiping.example", state="warn",
        state_word=tr("下发要看一下"), detail=" · ".join(told), actions=hub_actions(""),
    )  # fmt: skip
    first, *_others = devices().devices
    return DevicesView(devices=(first, hub))


def hub_join() -> GuideView:
    """What head office gave is typed; its certificate is picked."""
    return GuideView(
        step=0, steps=(tr("加入总部"),), title=tr("加入总部"),
        detail=tr("先请总部为这台机发一个加入码"), fields=join_fields(), next_word=tr("加入"),
        can_skip=False,
    )  # fmt: skip

"""The end of a count at the window: again what is in doubt, what was left out, the close, and what
nobody counted."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.catalogue.queries import products
from app.errors import ShopError
from app.money import yuan_shown
from app.sales.count_settling import absent, booked, came_late, name_unknown
from app.sales.stocktaking import Status
from app.staff.rules import NOBODY, Approver
from app.stock.count_review import Difference
from app.stock.counting import Closed
from ui.count_views import CountMode, CountView
from ui.language import tr
from ui.presenters.approving import second_person
from ui.presenters.asking import ask_choice, ask_value
from ui.presenters.count_views import (
    again_list,
    closed_list,
    looks_list,
    review_list,
    zero_list,
)
from ui.views import MessageView

if TYPE_CHECKING:
    from ui.presenters.counting import CountingPresenter

MODES: dict[str, CountMode] = {
    "again": "again",
    "review": "review",
    "looks": "looks",
    "zero": "zero",
}


class CountClosing:
    """Remembers what was closed, and what somebody chose to set to nought."""

    def __init__(self, room: "CountingPresenter") -> None:
        self._room = room
        self.forget()

    def forget(self) -> None:
        """Nothing was closed here."""
        self._closed: Closed | None = None
        self._late: list[Difference] = []
        """Counted for a closed count and booked by none of its documents."""
        self._absent: list[Difference] = []
        self._chosen: set[str] = set()

    # --- Which page -------------------------------------------------------------------------

    def ask(self, name: str) -> None:
        """A letter leads to its page, and from there back to the shelf."""
        room = self._room
        if room.mode == "zero" and name in ("pick", "all"):
            self._pick(room.marked if name == "pick" else "")
            return
        if name in MODES:
            if room.mode == name:
                room.leave_page()
                return
            room.mode = MODES[name]
            if name == "zero":
                self._chosen = set()
            room.look()

    def open_last(self) -> None:
        """The count that was closed last, for what is left to be done of it."""
        room = self._room

        def read() -> Status | None:
            ended = [each.count for each in room.taking.all_counts() if each.closed]
            return room.taking.status(ended[-1]) if ended else None

        def ready(status: Status | None) -> None:
            if status is None:
                room.refuse(tr("还没有盘过点"))
                return
            room.count, room.mode = status.count.count, "review"
            room.take_status(status)

        room.work.do(read, ready, room.refused)

    def taken(self, status: Status) -> bool:
        """The rows of the page for a count as it stands; False when it was refused."""
        room = self._room
        if room.mode in ("review", "zero") and status.differences is None:
            room.mode = "start" if status.count.closed else "count"
            room.refuse(tr("点数的人看不到账面，请主管来复核"))
            return False
        if room.mode == "again":
            keys = [product for product, _why in status.again]
            room.marked = room.marked if room.marked in keys else next(iter(keys), "")
            room.rows = again_list(status, room.goods, room.marked)
        elif room.mode == "looks":
            room.rows = looks_list(status, room.goods, room.marked)
            room.marked = room.rows.marked
        elif room.mode == "zero":
            self._read_absent(status)
        elif room.mode == "review" and status.differences is not None:
            self._late = []
            if status.count.closed:
                self._read_closed(status)
            else:
                uncounted = len(status.uncounted)
                room.rows = review_list(status.differences, room.goods, uncounted)
        return True

    def _read_closed(self, status: Status) -> None:
        """A count that is closed: what was booked, and what came too late for it."""
        room = self._room
        with room.counter.books.read() as db:
            done = booked(db, room.counter.books.shop, status.count.count)
            codes = [each.product for each in done]
            room.goods |= products(db, room.counter.books.shop, codes)
        self._late = came_late(status, done)
        room.rows = closed_list(done, self._late, room.goods, len(status.uncounted))

    def _read_absent(self, status: Status) -> None:
        room = self._room
        self._absent = absent(room.taking, status)
        self._chosen &= {each.found.product for each in self._absent}
        room.rows = zero_list(self._absent, room.goods, self._chosen, room.marked)
        room.marked = room.rows.marked

    def figures(self, view: CountView) -> CountView:
        """The same page with what stands at its foot."""
        room, status = self._room, self._room.status
        if room.mode == "closed" and self._closed is not None:
            return self._net(view, self._closed.differences, tr("完成"), enabled=True)
        if room.mode == "review" and status is not None and status.differences is not None:
            if status.count.closed:
                word = tr("补过账") if self._late else ""
                return self._net(view, self._late, word, enabled=bool(self._late))
            shown = self._net(view, status.differences, tr("批准"), bool(status.differences))
            return replace(shown, confirm_reason=tr("还没有点到东西"))
        if room.mode == "zero":
            chosen = [each for each in self._absent if each.found.product in self._chosen]
            ended = status is not None and status.count.closed
            shown = self._net(view, chosen, tr("清零 {count} 种", count=len(chosen)),
                              bool(chosen) and ended)  # fmt: skip
            reason = tr("先选要清零的") if ended else tr("先批准盘点，再清零没点到的")
            return replace(shown, confirm_reason=reason)
        return view

    def _net(
        self, view: CountView, differences: Sequence[Difference],
        word: str, enabled: bool,
    ) -> CountView:  # fmt: skip
        return replace(
            view,
            net_label=tr("净差") if word else "",
            net=yuan_shown(sum(each.value for each in differences)) if word else "",
            confirm_word=word,
            confirm_enabled=enabled and not self._room.busy,
        )

    # --- What was left out ------------------------------------------------------------------

    def open_row(self, key: str) -> None:
        """Settle a row: go to the shelf, count again, say what a code is; or choose it."""
        room = self._room
        if room.mode == "zero":
            self._pick(key)
            return
        kind, _, name = key.partition(":")
        if kind == "missed":
            room.go_to(name)
        elif kind == "twice":
            room.mode, room.marked = "again", name.partition("/")[2]
            room.look()
        elif kind == "unknown":
            choices = (("name", tr("说是哪种货")), ("drop", tr("不是本店的，不算")))
            room.put(
                ask_choice(tr("这个码是什么？"), choices, lambda how: self._unknown(name, how),
                           keyed=True)
            )  # fmt: skip

    def _unknown(self, fact: str, how: str) -> None:
        if how == "name":
            asking = ask_value(
                tr("这是哪个货号？"), lambda code: self._settle(fact, code), kind="code"
            )
            self._room.put(asking)
        else:
            self._settle(fact, "")

    def _settle(self, fact: str, code: str) -> None:
        room = self._room
        count = room.count
        self._do(lambda: name_unknown(room.taking, count, fact, code), lambda _done: room.look())

    def back(self) -> bool:
        """From a list beside a closed count back to it, and from it to the beginning."""
        room = self._room
        if room.status is None or not room.status.count.closed:
            return False
        if room.mode == "review":
            room.open()
        else:
            room.mode = "review"
            room.look()
        return True

    # --- The close --------------------------------------------------------------------------

    def confirm(self) -> None:
        """Enter: approve the count, or set what was chosen to nought."""
        view = self._room.view
        if self._room.mode not in ("review", "zero") or not view.confirm_word:
            return
        if not view.confirm_enabled:
            self._room.refuse(view.confirm_reason)
        elif self._room.mode == "review":
            self.close(NOBODY)
        else:
            chosen = [each for each in self._absent if each.found.product in self._chosen]
            worth = yuan_shown(sum(each.book_value for each in chosen))
            title = tr("{count} 种账上 {worth}，清零？", count=len(chosen), worth=worth)
            choices = (("zero", tr("清零")),)
            self._room.put(ask_choice(title, choices, lambda _how: self._zero(NOBODY)))

    def close(self, approver: Approver) -> None:
        """Book what was counted, with a second person's yes where it needs one."""
        room = self._room
        count = room.count

        def ready(done: Closed) -> None:
            self._closed, room.mode = done, "closed"
            uncounted = len(room.status.uncounted) if room.status else 0
            room.rows = review_list(done.differences, room.goods, uncounted)
            room.sounds.play("money")
            room.show()

        self._do(lambda: room.taking.close(count, approver), ready, self.close)

    def _zero(self, approver: Approver) -> None:
        room = self._room
        count, chosen = room.count, sorted(self._chosen)

        def ready(done: Closed) -> None:
            self._chosen = set()
            room.sounds.play("money")
            words = tr("{count} 种已清零，净差 {net}", count=len(done.differences),
                       net=yuan_shown(done.net))  # fmt: skip
            self._after(words)

        self._do(lambda: room.taking.write_off(count, chosen, approver), ready, self._zero)

    def _after(self, words: str) -> None:
        room = self._room
        count = room.count

        def ready(status: Status) -> None:
            room.take_status(status)
            room.show(MessageView(text=words, tone="ok"))

        room.work.do(lambda: room.taking.status(count), ready, room.refused)

    def _pick(self, key: str) -> None:
        """Choose an article, or no longer; without a key all of them, or none."""
        room = self._room
        every = {each.found.product for each in self._absent}
        if key:
            self._chosen ^= {key} & every
        else:
            self._chosen = set() if self._chosen == every else every
        room.marked = key or room.marked
        room.rows = zero_list(self._absent, room.goods, self._chosen, room.marked)
        room.show()

    def _do(
        self,
        work: Callable[[], Closed | None],
        ready: Callable[..., None],
        again: Callable[[Approver], None] | None = None,
    ) -> None:
        room = self._room
        if room.busy:
            return
        room.busy = True

        def done(result: Closed | None) -> None:
            room.busy = False
            ready(result)

        def refused(error: ShopError) -> None:
            room.busy = False
            if error.code == "approval_needed" and again is not None:
                second_person(room.put, again, error)
            else:
                room.refused(error)

        room.work.do(work, done, refused)

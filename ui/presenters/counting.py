"""盘点 joined to the counter: a shelf, what lies there, again what is in doubt, and the close."""

from collections.abc import Callable
from pathlib import Path

from app.catalogue.codes import ShelfCode
from app.catalogue.queries import products
from app.clock import local
from app.errors import Refusal, ShopError
from app.facts.catalogue import Product
from app.messages import sentence
from app.money import yuan_shown
from app.sales.count_import import MOST_BYTES, Taken, take_file
from app.sales.counter import Counter
from app.sales.stocktaking import Entered, Status, Stocktaking
from app.staff.rules import NOBODY, Approver
from app.stock.counting import Closed
from ui.count_views import CountMode, CountView
from ui.language import tr
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking, ask_value
from ui.presenters.count_views import (
    again_list,
    entered_words,
    file_list,
    in_hand,
    marks_of,
    quantity_words,
    review_list,
    under_words,
    zones_of,
    zones_with,
)
from ui.presenters.desk_work import DeskWork
from ui.room_views import ListView
from ui.screens.count import CountScreen
from ui.sounds import Sounds
from ui.views import MessageView

RECENT = 6
DIGITS_OF_A_CODE = 5
"""So many digits are an article's code; fewer are how many of the last one there are."""


class CountingPresenter:
    """Remembers the shelf and the last scan of whoever stands here; the count is the books'."""

    def __init__(
        self, counter: Counter, screen: CountScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter, self._screen, self._work, self._sounds = counter, screen, work, sounds
        self._taking = Stocktaking(counter.desk)
        self.on_left: Callable[[], None] = lambda: None
        self._forget()
        self.view = CountView()
        screen.asked.connect(self._ask)
        screen.entered.connect(self._typed)
        screen.waits.connect(self._wait)
        screen.undone.connect(self._undo)
        screen.marked.connect(self._mark)
        screen.confirmed.connect(self._confirm)
        screen.went_back.connect(self._back)
        screen.answered.connect(self._answered)
        screen.file_chosen.connect(self._import)
        screen.message_closed.connect(self._show)
        screen.message_action.connect(lambda _name: second_person(self._put, self._close))
        screen.refused.connect(lambda words: self._show(MessageView(text=words, tone="warn")))

    def _forget(self) -> None:
        self._count = self._zone = self._code = self._pending = self._waiting = self._marked = ""
        self._last: Entered | None = None
        self._mode: CountMode = "start"
        self._status: Status | None = None
        self._goods: dict[str, Product] = {}
        self._rows = ListView()
        self._recent: list[str] = []
        self._asking: Asking | None = None
        self._closed: Closed | None = None
        self._busy = False

    # --- Where ----------------------------------------------------------------------------

    def open(self) -> None:
        """Go on with the count that runs, at the shelf this person counted last."""
        self._forget()
        self._show()
        person = self._counter.desk.person

        def read() -> tuple[Status, str] | None:
            running = self._taking.open_counts()
            if not running:
                return None
            status = self._taking.status(running[-1].count)
            own = [each.zone for each in status.entries if each.counter == person]
            return status, own[-1] if own else ""

        def ready(found: tuple[Status, str] | None) -> None:
            if found is not None:
                status, zone = found
                self._count, self._zone = status.count.count, zone
                self._mode = "count"
                self._take_status(status)

        self._work.do(read, ready, self._refused)

    def scan(self, text: str) -> None:
        """A shelf changes where one stands; anything else lies on it."""
        if self._mode == "closed":
            self.open()
        reading = self._counter.desk.read_code(text).reading
        if isinstance(reading, ShelfCode):
            self._go_to(reading.shelf)
        elif not self._zone:
            self._refuse(tr("先扫货架码，再扫架上的商品"))
        else:
            self._enter(text, self._take_waiting())

    def _go_to(self, zone: str) -> None:
        """Stand at a shelf: of the count that runs, else of a new one."""

        def work() -> tuple[str, Status]:
            running = self._taking.open_counts()
            there = next((each.count for each in running if zone in each.zones), "")
            open_ = {each.count for each in running}
            own = self._count if self._count in open_ else ""
            name = there or self._taking.open([zone], name=own)
            return name, self._taking.status(name)

        def ready(found: tuple[str, Status]) -> None:
            self._sounds.play("accepted")
            self._count, self._zone, self._mode = found[0], zone, "count"
            self._last, self._code, self._pending, self._recent = None, "", "", []
            self._take_status(found[1])

        self._work.do(work, ready, self._refused)

    # --- What lies there --------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        """A number belongs to the article in hand, a longer one is an article's code."""
        if self._mode == "again":
            if self._marked:
                self._enter(self._marked, text, recount=True)
        elif not self._zone:
            self._refuse(tr("先扫货架码，再扫架上的商品"))
        elif self._pending:
            self._enter(self._pending, text)
        elif len(text) < DIGITS_OF_A_CODE or "." in text:
            if self._last is None:
                self._refuse(tr("先扫商品，再输数量"))
            else:
                self._enter(self._code, text, instead=True)
        else:
            self._enter(text, self._take_waiting())

    def _enter(
        self, text: str, quantity: str, *, instead: bool = False, recount: bool = False
    ) -> None:
        count, zone = self._count, self._zone
        if recount and self._status is not None and zone not in zones_with(self._status, text):
            # The till knows where it stands; of several shelves the one somebody stands at.
            zone = ""

        def work() -> tuple[Entered, Status]:
            done = self._taking.enter(
                count, text, quantity, zone=zone, instead=instead, recount=recount
            )
            return done, self._taking.status(count)

        def ready(found: tuple[Entered, Status]) -> None:
            done, status = found
            self._last, self._code, self._pending = done, text, ""
            self._sounds.play("accepted" if done.goods[0].product else "question")
            now = local(self._counter.books.clock.wall_ms()).strftime("%H:%M")
            words = f"{now} {entered_words(done)}"
            self._recent = [words, *self._recent[1 if instead else 0 :]][:RECENT]
            self._take_status(status)

        def refused(error: ShopError) -> None:
            if error.code == "quantity_needed" and not quantity:
                self._pending, self._last, self._code = text, None, text
                self._sounds.play("question")
                self._show(MessageView(text=sentence(error), tone="warn"))
            else:
                self._refused(error)

        self._work.do(work, ready, refused)

    def _take_waiting(self) -> str:
        waiting, self._waiting = self._waiting, ""
        return waiting

    def _wait(self, number: str) -> None:
        self._waiting = number
        self._show()

    def _undo(self) -> None:
        count = self._count
        if not count or self._mode != "count":
            return

        def work() -> Status:
            self._taking.undo(count)
            return self._taking.status(count)

        def ready(status: Status) -> None:
            self._sounds.play("accepted")
            self._last, self._code, self._pending = None, "", ""
            self._recent = self._recent[1:]
            self._take_status(status)

        self._work.do(work, ready, self._refused)

    # --- Again, review, close ---------------------------------------------------------------

    def _ask(self, name: str) -> None:
        if name == "zone":
            self._put(ask_value(tr("货架号"), self._go_to, yes=tr("换架")))
        elif name == "batch" and self._last is not None:
            self._put(ask_value(tr("批号"), self._tell_batch))
        elif name == "batch":
            self._refuse(tr("先扫商品，再说批号"))
        elif not self._count:
            self._refuse(tr("先扫货架码，再扫架上的商品"))
        elif name in ("again", "review"):
            self._mode = "count" if self._mode == name else "again" if name == "again" else "review"
            self._look()

    def _tell_batch(self, batch: str) -> None:
        last, code, count, zone = self._last, self._code, self._count, self._zone
        if last is None:
            return
        first = last.goods[0]
        weighed = first.product is not None and bool(first.product.weighed)
        quantity = quantity_words(first.product, first.quantity).split(" ")[0]

        def work() -> tuple[Entered, Status]:
            done = self._taking.enter(
                count, first.code if weighed else code, quantity, zone=zone, batch=batch,
                instead=True,
            )  # fmt: skip
            return done, self._taking.status(count)

        def ready(found: tuple[Entered, Status]) -> None:
            self._last = found[0]
            if found[0].goods[0].lot:
                self._take_status(found[1])
            else:
                self._refuse(tr("账上没有批号 {batch}，先不分批", batch=batch))

        self._work.do(work, ready, self._refused)

    def _look(self) -> None:
        count = self._count
        self._work.do(lambda: self._taking.status(count), self._take_status, self._refused)

    def _take_status(self, status: Status) -> None:
        """The count as it stands now, with the names of what it holds."""
        books = self._counter.books
        codes = [each.product for each in status.found]
        with books.read() as db:
            self._goods = products(db, books.shop, codes)
        self._status = status
        if self._mode == "review" and status.differences is None:
            self._mode = "count"
            self._refuse(tr("点数的人看不到账面，请主管来复核"))
            return
        if self._mode == "again":
            keys = [product for product, _why in status.again]
            self._marked = self._marked if self._marked in keys else next(iter(keys), "")
            self._rows = again_list(status, self._goods, self._marked)
        elif self._mode == "review" and status.differences is not None:
            self._rows = review_list(status.differences, self._goods, len(status.uncounted))
        self._show()

    def _mark(self, key: str) -> None:
        self._marked = key

    def _confirm(self) -> None:
        if self._busy:
            return
        if self._mode == "closed":
            self.on_left()
        elif self._mode == "review":
            self._close(NOBODY)

    def _close(self, approver: Approver) -> None:
        count, self._busy = self._count, True

        def ready(done: Closed) -> None:
            self._busy = False
            self._closed, self._mode = done, "closed"
            uncounted = len(self._status.uncounted) if self._status else 0
            self._rows = review_list(done.differences, self._goods, uncounted)
            self._sounds.play("money")
            self._show()

        def refused(error: ShopError) -> None:
            self._busy = False
            if error.code == "approval_needed":
                second_person(self._put, self._close, error)
            else:
                self._refused(error)

        self._work.do(lambda: self._taking.close(count, approver), ready, refused)

    def _import(self, path: str) -> None:
        count, zone = self._count, self._zone
        if not count:
            self._refuse(tr("先扫货架码，再收采集器的文件"))
            return

        def work() -> tuple[Taken, Status]:
            try:
                with Path(path).open("rb") as file:
                    content = file.read(MOST_BYTES + 1)
            except OSError as error:
                raise Refusal("count_file_bad", detail=error.strerror or "") from error
            taken = take_file(self._taking, count, content, zone)
            return taken, self._taking.status(count)

        def ready(found: tuple[Taken, Status]) -> None:
            taken, status = found
            self._sounds.play("question" if taken.malformed else "accepted")
            self._mode = "file"
            words = [sentence(Refusal(each.why, **each.details)) for each in taken.malformed]
            self._rows = file_list(taken, words)
            self._take_status(status)

        self._work.do(work, ready, self._refused)

    def _back(self) -> None:
        if self._mode in ("again", "review", "file"):
            self._mode = "count"
            self._look()
        else:
            self.on_left()

    # --- Saying -----------------------------------------------------------------------------

    def _put(self, asking: Asking) -> None:
        self._asking = asking
        self._show()

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self._show()
        if asking is not None:
            asking.on_answer(choice, value)

    def _refuse(self, words: str) -> None:
        self._sounds.play("refused")
        self._show(MessageView(text=words, tone="warn"))

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._show(MessageView(text=sentence(error), code=error.code))

    def _show(self, message: MessageView | None = None) -> None:
        status, mode = self._status, self._mode
        differences = self._closed.differences if self._closed else None
        if differences is None and mode == "review" and status is not None:
            differences = status.differences
        net = None if differences is None else sum(each.value for each in differences)
        view = CountView(
            mode=mode,
            under=under_words(self._zone, self._counter.desk.name),
            zones=zones_of(status, self._zone),
            marks=marks_of(status),
            waiting=f"× {self._waiting}" if self._waiting else "",
            hint=tr("重新点到的数量，Enter")
            if mode == "again"
            else tr("扫架码换区 · 扫商品、批次码、秤签 · 输数量"),
            recent=tuple(self._recent),
            note=tr("Backspace 撤上一笔；扫到的再扫一次加一"),
            rows=self._rows if mode in ("again", "review", "file", "closed") else ListView(),
            net_label="" if net is None else tr("净差"),
            net="" if net is None else yuan_shown(net),
            confirm_word={"review": tr("批准"), "closed": tr("完成")}.get(mode, ""),
            confirm_enabled=bool(differences) and not self._busy,
            confirm_reason=tr("还没有点到东西"),
            question=self._asking.view if self._asking else None,
            message=message,
        )
        self.view = in_hand(view, self._last, self._zone)
        self._screen.show_view(self.view)

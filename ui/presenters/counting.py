"""盘点 joined to the counter: a shelf and what lies there. What follows has rooms of its own:
paper sheets (`count_sheets`), what is off and the close (`count_closing`)."""

from collections.abc import Callable
from pathlib import Path

from app.catalogue.codes import ShelfCode
from app.catalogue.queries import products
from app.clock import local
from app.errors import ShopError
from app.facts.catalogue import Product
from app.sales.count_settling import late_count
from app.sales.counter import Counter
from app.sales.stocktaking import Entered, Status, Stocktaking
from app.stock.count_papers import SHEET_CODE
from ui.count_views import CountMode, CountView
from ui.language import error_words, tr
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking, ask_value
from ui.presenters.count_closing import CountClosing
from ui.presenters.count_sheets import SheetPages
from ui.presenters.count_views import (
    buttons_of,
    entered_words,
    hint_of,
    in_hand,
    marks_of,
    quantity_words,
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
        self,
        counter: Counter,
        exports: Path,
        screen: CountScreen,
        work: DeskWork,
        sounds: Sounds,
    ) -> None:
        self.counter, self._screen, self.work, self.sounds = counter, screen, work, sounds
        self.taking = Stocktaking(counter.desk)
        self.on_left: Callable[[], None] = lambda: None
        self.on_file: Callable[[str, str], None] = lambda _count, _zone: None
        """A collector's file for a count and the shelf somebody stands at."""
        self.sheets, self.closing = SheetPages(self, exports), CountClosing(self)
        self._forget()
        self.view = CountView()
        screen.asked.connect(self._ask)
        screen.zone_chosen.connect(self.go_to)
        screen.entered.connect(self._typed)
        screen.waits.connect(self._wait)
        screen.marked.connect(self._mark)
        screen.opened.connect(self._open_row)
        screen.confirmed.connect(self._confirm)
        screen.went_back.connect(self._back)
        screen.answered.connect(self._answered)
        screen.message_closed.connect(self.show)
        screen.message_action.connect(lambda _name: second_person(self.put, self.closing.close))
        screen.refused.connect(lambda words: self.show(MessageView(text=words, tone="warn")))

    def _forget(self) -> None:
        self.count = self.zone = self._code = self._pending = self._waiting = self.marked = ""
        self._last: Entered | None = None
        self.mode: CountMode = "start"
        self.status: Status | None = None
        self.goods: dict[str, Product] = {}
        self.rows = ListView()
        self._recent: list[str] = []
        self._asking: Asking | None = None
        self.busy = False
        self.sheets.forget()
        self.closing.forget()

    # --- Where ----------------------------------------------------------------------------

    def open(self) -> None:
        """Go on with the count that runs, at the shelf this person counted last."""
        self._forget()
        self.show()
        person = self.counter.desk.person

        def read() -> tuple[Status, str] | None:
            running = self.taking.open_counts()
            if not running:
                late = late_count(self.taking)
                return (self.taking.status(late), "") if late else None
            status = self.taking.status(running[-1].count)
            own = [each.zone for each in status.entries if each.counter == person]
            return status, own[-1] if own else ""

        def ready(found: tuple[Status, str] | None) -> None:
            if found is not None:
                status, zone = found
                self.count, self.zone = status.count.count, zone
                self.mode = "review" if status.count.closed else "count"
                self.take_status(status)

        self.work.do(read, ready, self.refused)

    def scan(self, text: str) -> None:
        """A shelf changes where one stands, a sheet is typed back; anything else lies there."""
        if self._asking is not None:
            self.sounds.play("refused")
            return
        if self.mode == "closed":
            self.open()
        reading = self.counter.desk.read_code(text).reading
        if isinstance(reading, ShelfCode):
            self.go_to(reading.shelf)
        elif text.upper().startswith(SHEET_CODE):
            self.sheets.take(text)
        elif self.mode == "sheet":
            self.sheets.scan(text)
        elif not self.zone:
            self.refuse(tr("先扫货架码，再扫架上的商品"))
        else:
            self._enter(text, self._take_waiting())

    def go_to(self, zone: str) -> None:
        """Stand at a shelf: of the count that runs, else of a new one."""

        def work() -> tuple[str, Status]:
            running = self.taking.open_counts()
            there = next((each.count for each in running if zone in each.zones), "")
            open_ = {each.count for each in running}
            own = self.count if self.count in open_ else ""
            name = there or self.taking.open([zone], name=own)
            return name, self.taking.glance(name)

        def ready(found: tuple[str, Status]) -> None:
            self.sounds.play("accepted")
            self.count, self.zone, self.mode = found[0], zone, "count"
            self._last, self._code, self._pending, self._recent = None, "", "", []
            self.take_status(found[1])

        self.work.do(work, ready, self.refused)

    # --- What lies there --------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        """A number belongs to the article in hand, a longer one is an article's code."""
        if self.mode == "sheet":
            self.sheets.typed(text)
        elif self.mode == "again":
            if self.marked:
                self._enter(self.marked, text, recount=True)
        elif not self.zone:
            self.refuse(tr("先扫货架码，再扫架上的商品"))
        elif self._pending:
            self._enter(self._pending, text)
        elif len(text) < DIGITS_OF_A_CODE or "." in text:
            if self._last is None:
                self.refuse(tr("先扫商品，再输数量"))
            else:
                self._enter(self._code, text, instead=True)
        else:
            self._enter(text, self._take_waiting())

    def _enter(
        self, text: str, quantity: str, *, instead: bool = False, recount: bool = False
    ) -> None:
        count, zone = self.count, self.zone
        if recount and self.status is not None and zone not in zones_with(self.status, text):
            # The till knows where it stands; of several shelves the one somebody stands at.
            zone = ""

        def work() -> tuple[Entered, Status]:
            done = self.taking.enter(
                count, text, quantity, zone=zone, instead=instead, recount=recount
            )
            # A scan is shown at once, however long the count is; a recount needs all of it.
            look = self.taking.status if recount else self.taking.glance
            return done, look(count)

        def ready(found: tuple[Entered, Status]) -> None:
            done, status = found
            self._last, self._code, self._pending = done, text, ""
            self.sounds.play("accepted" if done.goods[0].product else "question")
            now = local(self.counter.books.clock.wall_ms()).strftime("%H:%M")
            words = f"{now} {entered_words(done)}"
            self._recent = [words, *self._recent[1 if instead else 0 :]][:RECENT]
            self.take_status(status)

        def refused(error: ShopError) -> None:
            if error.code == "quantity_needed" and not quantity:
                self._pending, self._last, self._code = text, None, text
                self.sounds.play("question")
                self.show(MessageView(text=error_words(error), tone="warn"))
            else:
                self.refused(error)

        self.work.do(work, ready, refused)

    def _take_waiting(self) -> str:
        waiting, self._waiting = self._waiting, ""
        return waiting

    def _wait(self, number: str) -> None:
        if self.mode == "sheet":
            self.sheets.jump(number)
        else:
            self._waiting = number
            self.show()

    def _undo(self) -> None:
        count = self.count
        if not count or self.mode not in ("count", "sheet"):
            return

        def work() -> Status:
            self.taking.undo(count)
            return self.taking.glance(count)

        def ready(status: Status) -> None:
            self.sounds.play("accepted")
            self._last, self._code, self._pending = None, "", ""
            self._recent = self._recent[1:]
            self.take_status(status)

        self.work.do(work, ready, self.refused)

    # --- What else is asked for -------------------------------------------------------------

    def _ask(self, name: str) -> None:
        if name == "zone":
            self.put(ask_value(tr("货架号"), self.go_to, kind="code", yes=tr("换架")))
        elif name == "undo":
            self._undo()
        elif name == "batch" and self._last is not None:
            self.put(ask_value(tr("批号"), self._tell_batch))
        elif name == "batch":
            self.refuse(tr("先扫商品，再说批号"))
        elif name == "sheet":
            self.sheets.ask()
        elif name == "last":
            self.closing.open_last()
        elif not self.count:
            self.refuse(tr("先扫货架码，再扫架上的商品"))
        elif name == "file":
            self.on_file(self.count, self.zone)
        else:
            self.closing.ask(name)

    def _tell_batch(self, batch: str) -> None:
        last, code, count, zone = self._last, self._code, self.count, self.zone
        if last is None:
            return
        first = last.goods[0]
        weighed = first.product is not None and bool(first.product.weighed)
        quantity = quantity_words(first.product, first.quantity).split(" ")[0]

        def work() -> tuple[Entered, Status]:
            done = self.taking.enter(
                count, first.code if weighed else code, quantity, zone=zone, batch=batch,
                instead=True,
            )  # fmt: skip
            return done, self.taking.glance(count)

        def ready(found: tuple[Entered, Status]) -> None:
            self._last = found[0]
            if found[0].goods[0].lot:
                self.take_status(found[1])
            else:
                self.refuse(tr("账上没有批号 {batch}，先不分批", batch=batch))

        self.work.do(work, ready, self.refused)

    def look(self) -> None:
        """Read the count again and show it."""
        count = self.count
        self.work.do(lambda: self.taking.status(count), self.take_status, self.refused)

    def take_status(self, status: Status) -> None:
        """The count as it stands now, with the names of what it holds."""
        books = self.counter.books
        codes = [*(each.product for each in status.found), *status.uncounted]
        codes += [each.product for each in status.beside]
        with books.read() as db:
            self.goods = products(db, books.shop, list(dict.fromkeys(codes)))
        self.status = status
        if self.mode == "sheet":
            self.sheets.read()
        elif not self.closing.taken(status):
            return
        self.show()

    def _mark(self, key: str) -> None:
        self.marked = key

    def _open_row(self, key: str) -> None:
        if self.mode == "looks" or self.mode == "zero":
            self.closing.open_row(key)

    def _confirm(self) -> None:
        if self.busy:
            return
        if self.mode == "closed":
            self.on_left()
        elif self.mode == "sheet":
            self.sheets.skip()
        else:
            self.closing.confirm()

    def _back(self) -> None:
        if self.mode in ("sheet", "again", "review", "looks", "zero"):
            self.leave_page()
        else:
            self.on_left()

    def leave_page(self) -> None:
        """One step back: to the shelf, or to the count that is closed."""
        if not self.closing.back():
            self.mode = "count"
            self.look()

    # --- Saying -----------------------------------------------------------------------------

    def put(self, asking: Asking) -> None:
        """A question on the page."""
        self._asking = asking
        self.show()

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self.show()
        if asking is not None:
            asking.on_answer(choice, value)

    def refuse(self, words: str) -> None:
        """Say what does not go."""
        self.sounds.play("refused")
        self.show(MessageView(text=words, tone="warn"))

    def refused(self, error: ShopError) -> None:
        """Say why the shop refused."""
        self.busy = False
        self.sounds.play("refused")
        self.show(MessageView(text=error_words(error), code=error.code))

    def show(self, message: MessageView | None = None) -> None:
        """Show the page as it stands."""
        view = CountView(
            mode=self.mode,
            under=under_words(self.zone, self.counter.desk.name),
            zones=zones_of(self.status, self.zone),
            marks=marks_of(self.status),
            waiting=f"× {self._waiting}" if self._waiting else "",
            hint=hint_of(self.mode),
            recent=tuple(self._recent),
            note=tr("Backspace 撤上一笔；扫到的再扫一次加一"),
            rows=ListView() if self.mode in ("start", "count") else self.rows,
            buttons=buttons_of(self.mode),
            question=self._asking.view if self._asking else None,
            message=message,
        )
        self.view = in_hand(self.closing.figures(view), self._last, self.zone)
        self._screen.show_view(self.view)

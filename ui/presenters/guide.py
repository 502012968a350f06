"""The guide's pages of a till that stands: printer, recovery code, goods, scanner. Then: sell.

What was answered or put off is taken off the till's own list, so a guide that is closed goes on
after the next sign-in, and nothing of it ever keeps anybody from selling.
"""

from collections.abc import Callable

import msgspec

from app.catalogue.queries import all_products
from app.errors import ShopError
from app.shop.first_steps import STEPS, keep_steps, steps_left
from app.staff.rules import has
from app.transaction import transaction
from ui.guide.later_pages import goods_page, scan_page
from ui.guide.pages import frame
from ui.guide.sealing import Sealing
from ui.language import error_words
from ui.presenters.desk_work import DeskWork
from ui.presenters.explain import explain
from ui.presenters.printer_setup import PrinterSetup
from ui.room_views import ExplainView, GuideView
from ui.screens.first_run import FirstRunScreen
from ui.sounds import Sounds
from ui.startup import Till
from ui.views import MessageView


class GuidePresenter:
    """Remembers which page stands there and what is still to be asked."""

    def __init__(self, till: Till, screen: FirstRunScreen, work: DeskWork, sounds: Sounds) -> None:
        self._till = till
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._left = steps_left(till.books)
        self._step = ""
        self._view = GuideView(step=0, steps=(), title="")
        self.on_shown: Callable[[], None] = lambda: None
        """Bring the guide's page to the front."""
        self.on_done: Callable[[], None] = lambda: None
        """Nothing is left to ask: sell."""
        self.on_import: Callable[[], None] = lambda: None
        self.on_sample: Callable[[], None] = lambda: None
        """Load the sample shop's brands and classes."""
        self._printer = PrinterSetup(till, work, self.put)
        self._printer.on_done = self.go_on
        self._printer.on_back = self.go_back
        self._sealing = Sealing(till, work, self.put, self._refused)
        self._sealing.on_done = self.go_on
        screen.card_chosen.connect(self._chosen)
        screen.answered.connect(self._answered)
        screen.later.connect(self.go_on)
        screen.back.connect(self._back)
        screen.message_closed.connect(lambda: self.say(None))

    def wanted(self) -> bool:
        """Whether something is left, and the person at the counter may answer it."""
        return bool(self._left) and has(self._till.counter.desk.role, "settings")

    def open(self) -> None:
        """Go on where the guide stopped."""
        self.show(self._left[0])

    def begin_again(self) -> None:
        """All of it once more: what was put off is asked again."""
        self._left = STEPS
        self.show(STEPS[0])

    def show(self, step: str) -> None:
        """One step's first page."""
        self._step = step
        self.on_shown()
        view = msgspec.structs.replace(
            frame(step), can_skip=True, can_go_back=step != STEPS[0], next_word=""
        )
        if step == "printer":
            self._printer.open(view)
        elif step == "recovery":
            self._sealing.open(view)
        elif step == "goods":
            self._show_goods(view)
        else:
            self.put(scan_page(view))

    def go_on(self) -> None:
        """The step is answered or put off: the next one."""
        rest = STEPS[STEPS.index(self._step) + 1 :]
        self._leave(tuple(step for step in rest if step in self._left))

    def go_back(self) -> None:
        """The step before, which is open again."""
        place = STEPS.index(self._step)
        if place:
            self._leave((STEPS[place - 1], *self._left))

    def _leave(self, left: tuple[str, ...]) -> None:
        books = self._till.books

        def work() -> None:
            with transaction(books) as tx:
                keep_steps(tx, left)

        def ready(_nothing: None) -> None:
            self._left = left
            if left:
                self.show(left[0])
            else:
                self.on_done()

        self._work.do(work, ready, self._refused)

    # --- Input ------------------------------------------------------------------------------

    def scanned(self, text: str) -> None:
        """A scan is explained on its page and means nothing on the others."""
        if self._step != "scan":
            return
        desk = self._till.counter.desk

        def ready(view: ExplainView) -> None:
            self._sounds.play("accepted" if view.state == "ok" else "question")
            self.put(msgspec.structs.replace(self._view, explain=view, message=None))

        self._work.do(lambda: explain(desk, text), ready, self._refused)

    def _chosen(self, name: str) -> None:
        if self._step == "printer":
            self._printer.card(name)
        elif self._step == "recovery":
            self._sealing.print_sheet()
        elif name == "import":
            self.on_import()
        elif name == "sample":
            self.on_sample()
        else:
            self.go_on()

    def _answered(self, values: dict[str, str]) -> None:
        if self._step == "printer":
            self._printer.answered(values)
        elif self._step == "recovery":
            self._sealing.answered(values)
        else:
            self.go_on()

    def _back(self) -> None:
        if self._step == "printer":
            self._printer.back()
        else:
            self.go_back()

    # --- Pages ------------------------------------------------------------------------------

    def _show_goods(self, view: GuideView) -> None:
        books = self._till.books

        def count() -> int:
            with books.read() as db:
                return len(all_products(db, books.shop))

        self._work.do(count, lambda found: self.put(goods_page(view, found)), self._refused)

    def put(self, view: GuideView) -> None:
        """Show a page."""
        self._view = view
        self._screen.show_view(view)

    def say(self, message: MessageView | None) -> None:
        """Show what has to be said on the page that stands there."""
        self.put(msgspec.structs.replace(self._view, message=message))

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self.say(MessageView(text=error_words(error), code=error.code))

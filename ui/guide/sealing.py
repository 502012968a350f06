"""The recovery code: shown once, printed if there is a printer, confirmed by its last group.

Until somebody proves that it stands on paper it opens nothing, and the one before goes on opening.
The sheet goes straight to the printer: the print queue would keep the code on the disk.
"""

from collections.abc import Callable

from app.errors import Refusal, ShopError
from app.languages import in_language
from app.shifts.papers import BANNERS
from app.staff.papers import recovery_sheet
from app.staff.recovery import GROUP_MARK, fresh_code, keep_recovery_code
from app.transaction import transaction
from ui.guide.later_pages import recovery_page
from ui.language import error_words, spoken, tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import GuideView
from ui.startup import Till
from ui.views import MessageView


class Sealing:
    """Remembers the code on the screen; nobody else ever hears of it."""

    def __init__(
        self,
        till: Till,
        work: DeskWork,
        show: Callable[[GuideView], None],
        refused: Callable[[ShopError], None],
    ) -> None:
        self._till = till
        self._work = work
        self._show = show
        self._refused = refused
        self._frame = GuideView(step=0, steps=(), title="")
        self._code = ""
        self.on_done: Callable[[], None] = lambda: None

    def open(self, frame: GuideView) -> None:
        """Make a code and show it; `frame` says where in the guide this is."""
        self._frame = frame
        self._code = fresh_code(self._till.books.ids)
        self._page()

    def _page(self, error: str = "", message: MessageView | None = None) -> None:
        prints = self._till.devices.has_printer
        self._show(
            recovery_page(self._frame, self._code, prints=prints, error=error, message=message)
        )

    def print_sheet(self) -> None:
        """On paper, at once, and nowhere else."""
        till, books = self._till, self._till.books
        sheet = recovery_sheet(
            self._code, shop=books.shop, till=books.till, now_ms=books.clock.wall_ms(),
            banner=BANNERS.get(books.journal.series, ""),
        )  # fmt: skip
        said = MessageView(text=tr("已经发给打印机，请看纸上清不清楚"), tone="ok")
        self._work.do(
            lambda: till.devices.print_once(in_language(sheet, spoken())),
            lambda _nothing: self._page(message=said),
            self._refused,
        )

    def answered(self, values: dict[str, str]) -> None:
        """The last group, typed from the paper: now the code counts."""
        typed = values.get("last", "").strip().upper()
        if typed != self._code.split(GROUP_MARK)[-1]:
            self._page(error=error_words(Refusal("last_group_wrong")))
            return
        books, code = self._till.books, self._code

        def work() -> None:
            with transaction(books, staff=self._till.counter.desk.person) as tx:
                keep_recovery_code(tx, code)

        def ready(_nothing: None) -> None:
            self._code = ""
            self.on_done()

        self._work.do(work, ready, self._refused)

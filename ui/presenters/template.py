"""小票模板 joined to the shop's setting: checked and drawn as one types, kept when it is whole."""

import io
from collections.abc import Callable

from app.errors import ShopError
from app.receipt_template import PARTS, check
from app.sales.counter import Counter
from app.sales.papers import receipt_data
from app.sales.specimen import specimen_sale
from printers.template import preview, shipped
from ui.language import error_words, tr, worded
from ui.presenters.desk_work import DeskWork
from ui.room_views import TemplateView
from ui.screens.template import TemplateScreen
from ui.sounds import Sounds
from ui.views import MessageView

COLUMNS = 48


class TemplatePresenter:
    """Nothing is kept before somebody presses 保存, and only what prints all that is demanded."""

    def __init__(
        self, counter: Counter, screen: TemplateScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter, self._screen = counter, screen
        self._work, self._sounds = work, sounds
        self.on_left: Callable[[], None] = lambda: None
        screen.typed.connect(self._typed)
        screen.kept.connect(self._keep)
        screen.shipped.connect(lambda: self._show(shipped()))
        screen.left.connect(lambda: self.on_left())
        screen.message_closed.connect(lambda: self._typed(screen.text.toPlainText()))

    def open(self) -> None:
        """The shop's words, or the till's own to begin with."""
        own = "\n".join(self._counter.desk.settings["receipt_template"].splitlines())
        self._show(own.strip() or shipped())

    def _show(self, text: str) -> None:
        self._screen.text.setPlainText(text)
        self._typed(text)

    def _typed(self, text: str, message: MessageView | None = None) -> None:
        counter = self._counter

        def draw() -> TemplateView:
            parts = "　".join(f"[{name}] {worded(words)}" for name, words in PARTS.items())
            problems = check(text)
            if problems:
                first = problems[0]
                where = tr("第 {line} 行：", line=first.line) if first.line else ""
                words = f"{where}{worded(first.sentence)}"
                wrong = MessageView(text=words)
                return TemplateView(note=parts, keeps=False, reason=words, message=wrong)
            data = receipt_data(
                specimen_sale(counter.books.shop, counter.books.till, counter.books.journal.series),
                wall_ms=counter.books.clock.wall_ms(),
                hash6="ABC234",
                settings=counter.desk.settings,
                cashier=counter.desk.name,
            )
            memory = io.BytesIO()
            preview(text, data, COLUMNS, "raster").save(memory, "PNG")
            return TemplateView(note=parts, preview_png=memory.getvalue(), message=message)

        def ready(view: TemplateView) -> None:
            # A slow picture of older words must not stand beside newer ones.
            if text == self._screen.text.toPlainText():
                self._screen.show_view(view)

        self._work.do(draw, ready, self._refused)

    def _keep(self, text: str) -> None:
        value = "" if text.strip() == shipped().strip() else text

        def ready(_nothing: None) -> None:
            self._sounds.play("accepted")
            self._typed(text, MessageView(text=tr("已保存，下一张小票就用它"), tone="ok"))

        desk = self._counter.desk
        self._work.do(lambda: desk.change_settings({"receipt_template": value}), ready,
                      self._refused)  # fmt: skip

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        message = MessageView(text=error_words(error), code=error.code)
        self._screen.show_view(TemplateView(message=message))

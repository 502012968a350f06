"""Files joined to the shop: read, look, take. One worker of its own, which can be stopped.

The counter's worker goes on serving scans while a long list is read and its initials are made;
only the one transaction at the end belongs to the counter.
"""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.catalogue.actions import Imported, import_products, with_initials
from app.catalogue.columns import heading_shown
from app.catalogue.importing import preview
from app.catalogue.queries import known
from app.catalogue.reading import Finding, Kind, Known, Preview
from app.errors import Refusal, ShopError
from app.sales.counter import Counter
from app.transaction import transaction
from ui.background import Background
from ui.language import error_words, spoken, tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import ImportView, ListView, RowView
from ui.screens.goods_import import GoodsImportScreen, finding_columns
from ui.sounds import Sounds
from ui.views import MessageView


class FileImport(QObject):
    """Remembers the file that was looked at and what it would do; what is taken, and how, is said
    by the kinds of import that follow."""

    KIND: Kind
    _came = Signal(str, int, int)
    """From the worker: what is counted, how far, of how many (0 = nobody knows)."""

    def __init__(
        self, counter: Counter, screen: GoodsImportScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        super().__init__(screen)
        self._counter = counter
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._reading = Background()
        self._reader = DeskWork(self._reading, self._refused)
        self._stop = threading.Event()
        self._seen: Preview | None = None
        self._view = ImportView()
        self.on_left: Callable[[], None] = lambda: None
        screen.chosen.connect(self.look_at)
        screen.taken.connect(self.take)
        screen.cancelled.connect(self._stop.set)
        screen.left.connect(lambda: self.on_left())
        screen.message_closed.connect(lambda: self._put(message=None))
        self._came.connect(self._told)

    # --- What the kinds say ------------------------------------------------------------------

    def headings(self) -> str:
        """Which columns a file should have, in words."""
        raise NotImplementedError

    def take_word(self, seen: Preview) -> str:
        """What the button says that takes the good rows."""
        raise NotImplementedError

    def prepare(self, seen: Preview, standing: Known) -> Preview:
        """What else takes long, done on the reading worker."""
        raise NotImplementedError

    def take(self) -> None:
        """Take the good rows."""
        raise NotImplementedError

    # --- Look -------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop what is being read and let the worker go."""
        self._stop.set()
        self._reading.close()

    def open(self) -> None:
        """An empty page: which file?"""
        self._seen = None
        empty = ListView(
            state="empty", state_title=tr("还没有选文件"), state_detail=self.headings()
        )
        self._view = ImportView(findings=empty)
        self._screen.show_view(self._view)

    def look_at(self, path: str) -> None:
        """Read a file and say what importing it would do; nothing is recorded."""
        if self._view.busy_word:
            return
        self._seen = None
        self._stop.clear()
        self._view = ImportView(path=path)
        self._put(busy_word=tr("已读 {count} 行", count=0))
        desk, books = self._counter.desk, self._counter.books

        def work() -> Preview:
            with books.read() as db:
                standing = known(db, books.shop, desk.today)
            file = Path(path).expanduser()
            return self.prepare(
                preview(file, self.KIND, standing, self._watch("read", 0)), standing
            )

        self._reader.do(work, self._looked, self._refused)

    def _looked(self, seen: Preview) -> None:
        self._seen = seen
        totals = seen.totals
        figures = (
            (tr("能收"), f"{totals.good:,}"),
            (tr("不能收"), f"{totals.bad:,}"),
            (tr("空行"), f"{totals.blank:,}"),
            (tr("提醒"), f"{len(seen.warnings):,}"),
        )
        take = self.take_word(seen) if totals.good else ""
        note = tr("不能收的行都列在下面。改好再看一遍，或先收能收的。") if totals.bad else ""
        self._put(busy_word="", figures=figures, note=note, findings=_findings(seen),
                  can_take=bool(totals.good), next_word=take, message=None)  # fmt: skip

    # --- Progress and trouble ---------------------------------------------------------------

    def _watch(self, what: str, most: int) -> Callable[[int], None]:
        def told(count: int) -> None:
            if self._stop.is_set():
                raise Refusal("import_stopped")
            self._came.emit(what, count, most)

        return told

    def _told(self, what: str, count: int, most: int) -> None:
        if not self._view.busy_word:
            return
        shown = f"{count:,}"
        words = {
            "priced": tr("已比 {count} 种", count=shown),
            "read": tr("已读 {count} 行", count=shown),
            "named": tr("已备好 {count} 种", count=shown),
            "written": tr("已写 {count} 种", count=shown),
        }
        self._put(busy_word=words[what], done=count, most=most)

    def _refused(self, error: ShopError) -> None:
        if error.code != "import_stopped":
            self._sounds.play("refused")
        message = MessageView(text=error_words(error), code=error.code)
        self._put(busy_word="", message=message)

    def _put(self, **changes: object) -> None:
        self._view = msgspec.structs.replace(self._view, **changes)
        self._screen.show_view(self._view)


class GoodsImportPresenter(FileImport):
    """Articles: recorded here, all of the good rows or, when it is stopped, none."""

    KIND: Kind = "products"

    def headings(self) -> str:
        return tr("第一行是列名：货号、品名、单位、售价，还可以有条码、规格")

    def take_word(self, seen: Preview) -> str:
        return tr("导入 {count} 种", count=f"{seen.totals.good:,}")

    def prepare(self, seen: Preview, standing: Known) -> Preview:
        return with_initials(seen, standing, self._watch("named", len(seen.products)))

    def take(self) -> None:
        """Record the good rows, all of them or, when it is stopped, none."""
        seen, desk = self._seen, self._counter.desk
        if seen is None or self._view.busy_word:
            return
        self._stop.clear()
        self._put(busy_word=tr("已写 {count} 种", count=0), most=len(seen.products), done=0)
        watch = self._watch("written", len(seen.products))

        def work() -> Imported:
            desk.allowed("catalogue")
            with transaction(desk.books, staff=desk.person) as tx:
                done = import_products(tx, seen, watch)
            desk.reload()
            return done

        self._work.do(work, self._took, self._refused)

    def _took(self, done: Imported) -> None:
        self._seen = None
        words = tr("已导入 {count} 种，条码 {codes} 个", count=f"{done.products:,}",
                   codes=f"{done.barcodes:,}")  # fmt: skip
        if not done.document:
            words = tr("这些商品都已经在店里了，没有要改的")
        self._put(busy_word="", can_take=False, finished=True, next_word=tr("完成"),
                  message=MessageView(text=words, tone="ok"))  # fmt: skip


def _findings(seen: Preview) -> ListView:
    """Every bad row, then every row that is taken with a word."""
    rows = [
        *[_row(f"b{number}", one, "stop") for number, one in enumerate(seen.bad)],
        *[_row(f"w{number}", one, "warn") for number, one in enumerate(seen.warnings)],
    ]
    if not rows:
        return ListView(state="empty", state_title=tr("每一行都能收"),
                        state_detail=tr("按 Enter 导入"))  # fmt: skip
    return ListView(columns=finding_columns(), rows=tuple(rows))


def _row(key: str, found: Finding, state: str) -> RowView:
    language = spoken()
    cells = (str(found.row), heading_shown(found.column, language), found.said(language))
    return msgspec.convert(
        {"key": key, "cells": cells, "state": state, "under": found.text[:160]}, RowView
    )

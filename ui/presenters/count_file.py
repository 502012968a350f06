"""A collector's file at the window: looked at row by row first, then taken, with a bar and a stop.

A worker of its own reads; each hundred rows are a commit, so what was taken before a stop stays.
"""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.errors import Refusal, ShopError
from app.sales.count_import import Looked, Progress, Taken, look_at, read_whole, take
from app.sales.counter import Counter
from app.sales.stocktaking import Stocktaking
from app.stock.collector import Malformed
from ui.background import Background
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import ColumnView, ImportView, ListView, RowView
from ui.screens.goods_import import GoodsImportScreen
from ui.sounds import Sounds
from ui.views import MessageView


class CountFilePresenter(QObject):
    """Remembers the count, the shelf and what the file would add."""

    _came = Signal(str, int, int)
    """From the worker: what is done, how far, of how many."""

    def __init__(self, counter: Counter, screen: GoodsImportScreen, sounds: Sounds) -> None:
        super().__init__(screen)
        self._screen, self._sounds = screen, sounds
        self._taking = Stocktaking(counter.desk)
        self._reading = Background()
        self._work = DeskWork(self._reading, self._refused)
        self._stop = threading.Event()
        self._count = self._zone = ""
        self._seen: Looked | None = None
        self._view = ImportView()
        self.on_left: Callable[[], None] = lambda: None
        screen.chosen.connect(self.look)
        screen.taken.connect(self._take)
        screen.cancelled.connect(self._stop.set)
        screen.left.connect(lambda: self.on_left())
        screen.message_closed.connect(lambda: self._put(message=None))
        self._came.connect(self._told)

    def close(self) -> None:
        """Stop what is being read and let the worker go."""
        self._stop.set()
        self._reading.close()

    def open(self, count: str, zone: str) -> None:
        """Which file, for this count; rows that name no shelf belong to `zone`."""
        self._count, self._zone, self._seen = count, zone, None
        detail = tr("每行：条码、数量，还可以有货架；CSV 或 TXT")
        empty = ListView(state="empty", state_title=tr("还没有选文件"), state_detail=detail)
        self._view = ImportView(findings=empty)
        self._screen.path.clear()
        self._screen.show_view(self._view)

    def look(self, path: str) -> None:
        """Say what the file would add; nothing is recorded."""
        if self._view.busy_word:
            return
        self._seen = None
        self._stop.clear()
        self._view = ImportView(path=path)
        self._put(busy_word=tr("已读 {count} 行", count=0))
        count, zone, taking, watch = self._count, self._zone, self._taking, self._watch("read")
        self._work.do(
            lambda: look_at(taking, count, read_whole(Path(path).expanduser()), zone,
                            progress=watch),
            self._looked,
            self._refused,
        )  # fmt: skip

    def _looked(self, seen: Looked) -> None:
        self._seen = seen
        figures = (
            (tr("能收"), f"{seen.good:,}"),
            (tr("不能收"), f"{len(seen.malformed):,}"),
            (tr("收过了"), f"{seen.before:,}"),
            (tr("空行"), f"{seen.blank:,}"),
            (tr("不认识"), f"{len(seen.unknown):,}"),
        )
        note = tr("不能收的行都列在下面。改好再看一遍，或先收能收的。") if seen.malformed else ""
        word = tr("收 {count} 行", count=f"{seen.good:,}") if seen.good else ""
        self._put(busy_word="", figures=figures, note=note, findings=_findings(seen),
                  can_take=bool(seen.good), next_word=word, message=None)  # fmt: skip

    def _take(self) -> None:
        seen, taking = self._seen, self._taking
        if seen is None or self._view.busy_word:
            return
        self._stop.clear()
        self._put(busy_word=tr("已收 {count} 行", count=0), most=len(seen.entries), done=0)
        watch = self._watch("taken")
        self._work.do(lambda: take(taking, seen, watch), self._took, self._refused)

    def _took(self, taken: Taken) -> None:
        self._seen = None
        self._sounds.play("accepted")
        words = tr("收了 {taken} 行，以前收过 {before} 行", taken=f"{taken.taken:,}",
                   before=f"{taken.before:,}")  # fmt: skip
        self._put(busy_word="", can_take=False, finished=True, next_word=tr("完成"),
                  message=MessageView(text=words, tone="ok"))  # fmt: skip

    # --- Progress and trouble ---------------------------------------------------------------

    def _watch(self, what: str) -> Progress:
        def told(done: int, most: int) -> bool:
            self._came.emit(what, done, most)
            return not self._stop.is_set()

        return told

    def _told(self, what: str, done: int, most: int) -> None:
        if self._view.busy_word:
            shown = f"{done:,}"
            word = tr("已读 {count} 行", count=shown)
            if what == "taken":
                word = tr("已收 {count} 行", count=shown)
            self._put(busy_word=word, done=done, most=most)

    def _refused(self, error: ShopError) -> None:
        stopped = error.code == "count_stopped"
        if not stopped:
            self._sounds.play("refused")
        message = MessageView(
            text=error_words(error), code="" if stopped else error.code, tone="warn"
        )
        self._put(busy_word="", message=message)

    def _put(self, **changes: object) -> None:
        self._view = msgspec.structs.replace(self._view, **changes)
        self._screen.show_view(self._view)


def _findings(seen: Looked) -> ListView:
    """Every row that cannot be taken, then every code nobody knows."""
    rows = [
        RowView(key=f"b{n}", cells=(str(each.row), _why(each)), state="stop", under=each.text[:60])
        for n, each in enumerate(seen.malformed)
    ]
    rows += [
        RowView(key=f"u{n}", cells=("", code), state="warn",
                under=tr("不认识这个码，先记下来，事后再查"))
        for n, code in enumerate(seen.unknown)
    ]  # fmt: skip
    if not rows:
        return ListView(
            state="empty", state_title=tr("每一行都能收"), state_detail=tr("按 Enter 收进盘点")
        )
    return ListView(
        columns=(
            ColumnView(title=tr("行"), width=88, right=True),
            ColumnView(title=tr("怎么了"), look="strong"),
        ),
        rows=tuple(rows),
    )


def _why(row: Malformed) -> str:
    return error_words(Refusal(row.why, **row.details))

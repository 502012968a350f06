"""U 盘交接 at the window: what waits goes onto a stick, what head office wrote comes off it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from app.errors import Refusal, ShopError
from app.journal.feeds import FEED_NAMES
from app.journal.outbox import unsent
from sync.handing_over import HandedOver, Taken
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.presenters.device_setup import other_disks
from ui.room_views import CardView, FieldView, GuideView
from ui.screens.first_run import FirstRunScreen
from ui.startup import Till
from ui.views import MessageView

Result = TypeVar("Result")
MOST_FILES = 3
OUT, IN = "out:", "in:"


class Lying(msgspec.Struct, frozen=True):
    """What can be done with what is plugged in."""

    waits: Refusal | None
    disks: tuple[Path, ...]
    files: tuple[Path, ...]


class StickSetup:
    """Remembers whether something was carried, which ends the page."""

    def __init__(self, till: Till, work: DeskWork, screen: FirstRunScreen) -> None:
        self._till, self._work, self._screen = till, work, screen
        self._frame = GuideView(step=0, steps=(), title="")
        self._done = self._busy = False
        self.on_done: Callable[[], None] = lambda: None
        self.on_back: Callable[[], None] = lambda: None

    def open(self, frame: GuideView) -> None:
        """Look what is plugged in, and ask; `frame` says where in the window this is."""
        self._frame, self._done, self._busy = frame, False, False
        self.again()

    def again(self, message: MessageView | None = None) -> None:
        """The page as it stands, with what was wrong."""
        if not self._done:
            self._work.do(self._look, lambda lying: self._ask(lying, message), self._refused)

    def card(self, name: str) -> None:
        """A disk or a file was chosen."""
        if name.startswith(IN):
            self._take(Path(name.removeprefix(IN)))
        else:
            self._write(Path(name.removeprefix(OUT)))

    def answered(self, fields: dict[str, str]) -> None:
        """A folder was typed to write into, or a file to read; or all is done."""
        if self._done:
            self.on_done()
            return
        place = Path(fields.get("place", ""))
        if not fields.get("place"):
            self._refused(Refusal("handover_where"))
        elif place.is_file():
            self._take(place)
        else:
            self._write(place)

    def back(self) -> None:
        """Nothing more is carried."""
        self.on_back()

    def _look(self) -> Lying:
        with self._till.books.read() as db:
            waits = unsent(db)
        disks = other_disks(self._till.opened.folder)
        files = [file for disk in disks for file in self._till.hub.answers_on(disk)]
        return Lying(waits, tuple(disks), tuple(files[:MOST_FILES]))

    def _ask(self, lying: Lying, message: MessageView | None) -> None:
        out, into = tr("把没传的写到这个盘上"), tr("读入总部写的文件")
        cards = [
            CardView(name=f"{IN}{file}", word=file.name, description=into) for file in lying.files
        ]
        if lying.waits is not None:
            cards += [
                CardView(name=f"{OUT}{disk}", word=str(disk), description=out)
                for disk in lying.disks
            ]
        waits = tr("没有要交的：总部都有了")
        if lying.waits is not None:
            waits = tr(
                "等交 {count} 条，最早 {oldest}",
                count=lying.waits.details["count"], oldest=lying.waits.details["oldest"],
            )  # fmt: skip
        field = FieldView(
            name="place", word=tr("文件夹或文件"),
            hint=tr("写文件夹就把没传的写进去，写文件就读入；文件封着口，只有总部和这台机打得开"),
        )  # fmt: skip
        self._show(
            title=tr("用 U 盘和总部交接"), detail=waits, cards=tuple(cards), fields=(field,),
            next_word=tr("就用这个"), message=message,
        )  # fmt: skip

    def _write(self, place: Path) -> None:
        def ready(done: HandedOver) -> None:
            self._finished(
                tr("已写好"), tr("{count} 条", count=done.entries),
                tr("{file}。拿去总部读入，把回来的文件再读进来才算交清", file=str(done.file)),
            )  # fmt: skip

        self._do(lambda: self._till.hub.export_facts(place), ready)

    def _take(self, file: Path) -> None:
        def ready(taken: Taken) -> None:
            notes = [tr("还等交 {count} 条", count=taken.waiting)]
            if taken.feeds:
                news = tr("、").join(
                    f"{tr(FEED_NAMES[scope])} v{n}" for scope, n in taken.feeds.items()
                )
                notes.append(tr("总部下发：{news}", news=news))
            if taken.sisters:
                notes.append(tr("别的机 {count} 条", count=taken.sisters))
            self._finished(
                tr("已读入"), tr("{count} 条交清", count=taken.acknowledged), " · ".join(notes)
            )

        self._do(lambda: self._till.hub.import_feed(file), ready)

    def _finished(self, title: str, figure: str, note: str) -> None:
        self._done = True
        self._show(title=title, figure=figure, figure_note=note, next_word=tr("好"), back=False)

    def _do(self, work: Callable[[], Result], done: Callable[[Result], None]) -> None:
        if self._busy or self._done:
            return
        self._busy = True

        def ready(result: Result) -> None:
            self._busy = False
            done(result)

        self._screen.show_view(
            msgspec.structs.replace(self._screen.shown, busy_word=tr("正在写和查"))
        )
        self._work.do(work, ready, self._refused)

    def _refused(self, error: ShopError) -> None:
        self._busy = False
        self.again(MessageView(text=error_words(error), code=error.code))

    def _show(
        self,
        *,
        title: str,
        next_word: str,
        detail: str = "",
        cards: tuple[CardView, ...] = (),
        fields: tuple[FieldView, ...] = (),
        figure: str = "",
        figure_note: str = "",
        message: MessageView | None = None,
        back: bool = True,
    ) -> None:
        self._screen.show_view(
            msgspec.structs.replace(
                self._frame, title=title, detail=detail, cards=cards, fields=fields,
                figure=figure, figure_note=figure_note, message=message, next_word=next_word,
                can_go_back=back,
            )
        )  # fmt: skip

"""待办 joined to every room's open ends."""

from collections.abc import Callable

import msgspec

from app.errors import ShopError
from app.messages import sentence
from app.reports.task import Task
from app.reports.tasks import tasks as open_tasks
from app.sales.counter import Counter
from app.sales.unsure import resolve_print
from ui.language import tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import ListView, RowView, TasksView
from ui.screens.tasks import TasksScreen, task_columns
from ui.sounds import Sounds
from ui.views import MessageView


class TasksPresenter:
    """待办: one list, each with the one button that settles it."""

    def __init__(
        self, counter: Counter, screen: TasksScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter = counter
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._tasks: dict[str, Task] = {}
        self._view = TasksView()
        self.on_held: Callable[[], None] = lambda: None
        self.on_invoices: Callable[[], None] = lambda: None
        screen.settled.connect(self._settle)
        screen.again.connect(self.open)
        screen.message_closed.connect(lambda: self._say(None))
        screen.message_action.connect(self._answer)
        self._asked = ""

    def open(self) -> None:
        """Read every open end of the shop."""
        books = self._counter.books

        def read() -> list[Task]:
            with books.read() as db:
                now_ms, skew_ms = books.clock.wall_ms(), books.journal.guard.skew_ms()
                return open_tasks(db, books.shop, now_ms, skew_ms)

        self._work.do(read, self._found, self._refused)

    def _found(self, found: list[Task]) -> None:
        self._tasks = {task.id: task for task in found}
        now = self._counter.books.clock.wall_ms()
        words = {"unsure_print": tr("印出来了吗？"), "old_hold": tr("去取单"), **_invoice_words()}
        rows = tuple(
            RowView(
                key=task.id,
                cells=(task.words, task.owner, age_words(now - task.since_ms)),
                state="warn",
                action_word=words.get(task.kind, ""),
            )
            for task in found
        )
        self._view = msgspec.structs.replace(
            self._view,
            tasks=ListView(
                columns=task_columns(),
                rows=rows,
                marked=rows[0].key if rows else "",
                state="" if rows else "empty",
                state_title=tr("没有待办"),
                state_detail=tr("有事要人处理时，会出现在这里"),
            ),
        )
        self._screen.show_view(self._view)

    def _settle(self, key: str) -> None:
        task = self._tasks.get(key)
        if task is None:
            return
        if task.kind == "old_hold":
            self.on_held()
        elif task.kind in _invoice_words():
            self.on_invoices()
        elif task.kind == "unsure_print":
            self._asked = key
            self._say(
                MessageView(
                    text=tr("请看打印机：印出来了吗？"),
                    detail=tr("没有印出来就再印一张，会标明重印"),
                    tone="warn",
                    action="again",
                    action_word=tr("没有，再印一张"),
                )
            )

    def _answer(self, answer: str) -> None:
        self._resolve(answer)

    def _resolve(self, answer: str) -> None:
        counter, job = self._counter, self._asked.partition(":")[2]
        self._asked = ""

        def work() -> None:
            person = counter.desk.signed_in()
            resolve_print(counter.books, job, answer, person=person, day=counter.desk.day)

        def ready(_nothing: None) -> None:
            self._view = msgspec.structs.replace(self._view, message=None)
            self.open()

        self._work.do(work, ready, self._refused)

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._view = msgspec.structs.replace(
            self._view, message=MessageView(text=sentence(error), code=error.code)
        )
        self._screen.show_view(self._view)

    def _say(self, message: MessageView | None) -> None:
        if message is None and self._asked:
            # Closing the question means: yes, it came out.
            self._resolve("printed")
            return
        self._view = msgspec.structs.replace(self._view, message=message)
        self._screen.show_view(self._view)


def _invoice_words() -> dict[str, str]:
    """What is settled in 发票, by the task's kind."""
    return {
        "red_letter_due": tr("去开红字"),
        "invoice_failed": tr("去核对"),
        "invoice_unknown": tr("去看看"),
        "invoice_waiting": tr("去看看"),
    }


def age_words(age_ms: int) -> str:
    """An age for eyes: "刚才", "12 分钟", "3 小时", "2 天"."""
    minutes = max(age_ms, 0) // 60_000
    if minutes < 1:
        return tr("刚才")
    if minutes < 60:
        return tr("{count} 分钟", count=minutes)
    if minutes < 48 * 60:
        return tr("{count} 小时", count=minutes // 60)
    return tr("{count} 天", count=minutes // 1440)

"""待办 joined to every room's open ends."""

from collections.abc import Callable

import msgspec

from app.clock import local
from app.errors import ShopError
from app.reports.task import Task
from app.reports.tasks import tasks as open_tasks
from app.staff.rules import NOBODY, Approver
from ui.bills import Compared, compare_bills
from ui.language import error_words, tr, worded
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking, ask_choice
from ui.presenters.desk_work import DeskWork
from ui.room_views import ListView, RowView, TasksView
from ui.screens.tasks import TasksScreen, task_columns
from ui.settling import settle
from ui.sounds import Sounds
from ui.startup import Till
from ui.tender_words import tender_word
from ui.views import MessageView

DAY_MS = 86_400_000
TITLES = {"unsure_print": "请看打印机：印出来了吗？"}
"""What a task asks, where its own words are no question."""
ANSWERS = {
    "print:printed": "印出来了",
    "print:again": "没有，再印一张",
    "print:drop": "不要了",
    "payment:query": "现在查",
    "payment:reverse": "撤销这笔",
    "payment:release": "改用别的付款",
    "refund:again": "再退一次",
    "refund:elsewhere": "已另外退给顾客",
    "bill:refund": "原路退给顾客",
    "bill:sale": "货已拿走，记成销售",
    "bill:seen": "核对过了",
    "clock:right": "时间对好了",
    "difference:confirm": "确认长短款",
    "self:right": "批得对",
    "self:wrong": "有问题",
    "pin:unlock": "解锁",
    "redletter:issue": "开红字发票",
    "invoice:again": "重新开",
    "invoice:withdraw": "不开了",
    "invoice:ask": "现在查",
    "coming:lost": "没有到，不等了",
    "going:lost": "没有送到，报损",
    "difference_seen:seen": "核对过了",
    "expired:away": "下架隔离",
    "recall:held": "已经隔离",
    "recall:ended": "召回结束",
    "count_stray:drop": "不算这几笔",
    "twice:seen": "核对过了",
    "tag:reprint": "重印价签",
    "tag:taken": "已经换下",
}
"""What settles a task, as its button says it, by the task's kind and answer."""


class TasksPresenter:
    """待办: one list, each with the one button that settles it."""

    def __init__(
        self, till: Till, screen: TasksScreen, work: DeskWork, sounds: Sounds, slow: DeskWork
    ) -> None:
        """`slow` is for what asks a network: the counter's own worker goes on selling."""
        self._till = till
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._slow = slow
        self._tasks: dict[str, Task] = {}
        self._view = TasksView()
        self._asking: Asking | None = None
        self._busy = False
        self._told: MessageView | None = None
        """What the next list is shown with."""
        self.elsewhere: dict[str, tuple[str, Callable[[], None]]] = {}
        """Tasks settled in a room of their own: kind -> the button's word, the way there."""
        screen.settled.connect(self._press)
        screen.answered.connect(self._answered)
        screen.marked.connect(self._mark)
        screen.again.connect(self.open)
        screen.bills_wanted.connect(self._which_day)
        screen.message_closed.connect(lambda: self._show(message=None))

    def open(self) -> None:
        """Read every open end of the shop."""
        self._asking = None
        self._read()

    def _read(self) -> None:
        books = self._till.books

        def read() -> list[Task]:
            with books.read() as db:
                now_ms, skew_ms = books.clock.wall_ms(), books.journal.guard.skew_ms()
                return open_tasks(db, books.shop, now_ms, skew_ms)

        self._work.do(read, self._found, self._refused)

    def _found(self, found: list[Task]) -> None:
        self._busy = False
        self._tasks = {task.id: task for task in found}
        now = self._till.books.clock.wall_ms()
        rows = tuple(
            RowView(
                key=task.id,
                cells=(worded(task.words), worded(task.owner), age_words(now - task.since_ms)),
                state="warn",
                action_word=self._word(task),
            )
            for task in found
        )
        marked = self._view.tasks.marked
        keys = [row.key for row in rows]
        self._view = msgspec.structs.replace(
            self._view,
            tasks=ListView(
                columns=task_columns(),
                rows=rows,
                marked=marked if marked in keys else "".join(keys[:1]),
                state="" if rows else "empty",
                state_title=tr("没有待办"),
                state_detail=tr("有事要人处理时，会出现在这里"),
            ),
        )
        # A question that was asked meanwhile stays.
        told, self._told = self._told, None
        self._show(message=told)

    def _word(self, task: Task) -> str:
        if task.kind in self.elsewhere:
            return self.elsewhere[task.kind][0]
        if len(task.answers) > 1:
            return tr("处理")
        return _answer_word(task, task.answers[0]) if task.answers else ""

    def _mark(self, key: str) -> None:
        self._view = msgspec.structs.replace(
            self._view, tasks=msgspec.structs.replace(self._view.tasks, marked=key)
        )

    def _press(self, key: str) -> None:
        """The task's button: its one answer, or a choice of several."""
        task = self._tasks.get(key)
        if task is None or self._busy or self._asking is not None:
            return
        if task.kind in self.elsewhere:
            self.elsewhere[task.kind][1]()
        elif not task.answers:
            self._show(MessageView(text=worded(task.words), tone="plain"))
        elif len(task.answers) == 1:
            self._settle(task.id, task.answers[0], NOBODY)
        else:
            choices = tuple((each, _answer_word(task, each)) for each in task.answers)
            title = tr(TITLES[task.kind]) if task.kind in TITLES else worded(task.words)
            self._ask(
                ask_choice(
                    title,
                    choices,
                    lambda answer: self._settle(task.id, answer, NOBODY),
                    keyed=True,
                )
            )

    def _settle(self, task: str, answer: str, approver: Approver) -> None:
        if self._busy:
            return
        self._busy = True

        def ready(_nothing: None) -> None:
            self._sounds.play("accepted")
            # Busy until the list is read anew: the settled task's button does nothing more.
            self._read()

        def refused(error: ShopError) -> None:
            if error.code == "approval_needed":
                self._busy = False
                second_person(self._ask, lambda who: self._settle(task, answer, who), error)
            else:
                self._refused(error)

        self._work.do(lambda: settle(self._till, task, answer, approver), ready, refused)

    def _which_day(self) -> None:
        """The bill of yesterday is whole; today's goes as far as it goes."""
        now = self._till.books.clock.wall_ms()
        today, yesterday = (local(at).date().isoformat() for at in (now, now - DAY_MS))
        if self._asking is None and not self._busy:
            self._ask(
                ask_choice(
                    tr("拿哪一天的渠道账单来对？"),
                    ((yesterday, tr("昨天 {day}", day=yesterday)),
                     (today, tr("今天 {day}", day=today))),
                    lambda day: self._compare(day, NOBODY),
                    keyed=True,
                )
            )  # fmt: skip

    def _compare(self, day: str, approver: Approver) -> None:
        self._view = msgspec.structs.replace(self._view, comparing=True)
        self._show(message=None)

        def ready(compared: Compared) -> None:
            self._sounds.play("accepted")
            self._told = _compared_words(compared)
            self._view = msgspec.structs.replace(self._view, comparing=False)
            self._read()

        def refused(error: ShopError) -> None:
            self._view = msgspec.structs.replace(self._view, comparing=False)
            if error.code == "approval_needed":
                second_person(self._ask, lambda who: self._compare(day, who), error)
            else:
                self._refused(error)

        self._slow.do(lambda: compare_bills(self._till, day, approver), ready, refused)

    def _ask(self, asking: Asking) -> None:
        self._asking = asking
        self._sounds.play("question")
        self._show(message=None)

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self._show(message=None)
        if asking is not None:
            asking.on_answer(choice, value)

    def _refused(self, error: ShopError) -> None:
        self._busy = False
        self._sounds.play("refused")
        self._show(MessageView(text=error_words(error), code=error.code))

    def _show(self, message: MessageView | None) -> None:
        question = self._asking.view if self._asking is not None else None
        self._view = msgspec.structs.replace(self._view, message=message, question=question)
        self._screen.show_view(self._view)


def _compared_words(compared: Compared) -> MessageView:
    """What the comparison came to: agreed, or what was found, or who could not be asked."""
    if compared.offline:
        names = tr("、").join(
            tr("{what}（{why}）", what=tender_word(tender), why=tr(why))
            for tender, why in compared.offline.items()
        )
        return MessageView(text=tr("没有拿到账单：{names}", names=names), tone="warn")
    if not compared.rows:
        return MessageView(text=tr("还没有接通支付通道，没有账单可对"), tone="plain")
    if compared.found:
        count = len(compared.found)
        words = tr("{day} 有 {count} 处对不上，列在下面", day=compared.day, count=count)
        return MessageView(text=words, tone="warn")
    return MessageView(text=tr("{day} 的账单都对上了", day=compared.day), tone="ok")


def _answer_word(task: Task, answer: str) -> str:
    kind = task.id.partition(":")[0]
    return tr(ANSWERS.get(f"{kind}:{answer}", "处理"))


def invoice_words() -> dict[str, str]:
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

"""待办: one list over every room's open ends, each with its age and the way to settle it."""

import msgspec
from sqlalchemy import Connection, func, select

from app.catalogue.queries import products
from app.clock import local
from app.journal.tables import mark
from app.money import yuan_shown
from app.print_queue import print_job
from app.quantity import shown
from app.reports.count_tasks import count_tasks
from app.reports.customer_tasks import customer_tasks
from app.reports.drawer_tasks import drawer_tasks
from app.reports.ending_lots import lot_tasks
from app.reports.held_feeds import held_feeds
from app.reports.invoice_tasks import invoice_tasks
from app.reports.odd_tasks import odd_tasks
from app.reports.payment_tasks import payment_tasks
from app.reports.stock_tasks import stock_tasks
from app.reports.tag_tasks import tag_tasks
from app.reports.task import Task
from app.sales.devices import COPY_TROUBLE_MARK
from app.sales.held_elsewhere import twice_sold
from app.sales.queries import held_baskets
from app.sales.refund_queries import over_refunds
from app.sales.tax_codes import tax_codes
from app.shop.queries import settings
from app.staff.queries import SelfApproval, unreviewed
from app.staff.rules import MAX_PIN_FAILURES, REVIEW_ANSWERS
from app.staff.tables import pin
from app.stock.count_review import count_rules
from app.stock.tables import movement, on_hand

SKEW_WARNS_MS = 60_000
ACTION_NAMES = {
    "refund": "退货",
    "refund_without_receipt": "无小票退货",
    "overrule_returns": "破例退货",
    "open_drawer": "开钱箱",
    "cash": "现金存取",
    "correct_tender": "改付款方式",
    "confirm_difference": "确认长短款",
    "count_close": "盘点过账",
    "count_zero": "未点到的清零",
}
"""What a second person is asked for, in the shop's words."""
OLD_HOLD_MS = 12 * 3_600_000
"""A basket put aside for half a day is probably forgotten."""


class JobLeft(msgspec.Struct, frozen=True):
    """A paper that has not come out for sure, or that nobody has given up yet."""

    id: str
    printer: str
    kind: str
    title: str
    state: str
    detail: str


def unsettled_jobs(db: Connection) -> list[JobLeft]:
    """Every paper whose end is not known, oldest first."""
    rows = db.execute(
        select(*[print_job.c[name] for name in JobLeft.__struct_fields__])
        .where(print_job.c.state.in_(("WAITING", "SENDING", "UNSURE", "FAILED", "EXPIRED")))
        .where((print_job.c.kind != "drawer") | print_job.c.state.in_(("WAITING", "SENDING")))
        .order_by(print_job.c.id)
    )
    return [JobLeft(*row) for row in rows]


def tasks(db: Connection, shop: str, now_ms: int, skew_ms: int = 0) -> list[Task]:
    """Every open end, oldest first. `skew_ms` is how far the clock went wrong by itself."""
    known = settings(db, shop)
    found = [
        *_clock(now_ms, skew_ms),
        *_copies(db, now_ms),
        *_over_refunded(db, shop),
        *_twice_sold(db, shop),
        *_held_feeds(db, shop),
        *customer_tasks(db, shop),
        *_prints(db),
        *_negative(db, shop),
        *_held(db, now_ms),
        *_locked(db, now_ms),
        *_self_approved(db, shop),
        *drawer_tasks(db, shop),
        *odd_tasks(db, shop, now_ms),
        *lot_tasks(db, shop, local(now_ms).date().isoformat(), now_ms),
        *tag_tasks(db, shop),
        *count_tasks(db, shop, now_ms, count_rules(known, local(now_ms).date().isoformat())),
        *payment_tasks(db, shop, now_ms),
        *stock_tasks(db, shop, now_ms, int(known["transit_days"])),
        *invoice_tasks(db, shop, now_ms, tax_codes(known["tax_codes"])),
    ]
    return sorted(found, key=lambda task: (task.since_ms, task.id))


def _clock(now_ms: int, skew_ms: int) -> list[Task]:
    """Dated prices begin and end by this clock, so a minute is worth a look."""
    if abs(skew_ms) <= SKEW_WARNS_MS:
        return []
    words = f"时钟自己走偏了 {abs(skew_ms) // 1000} 秒，限时的价格会跟着偏。请对时后确认"
    return [Task("clock", "clock_skew", words, now_ms, "店长", ("right",))]


def _over_refunded(db: Connection, shop: str) -> list[Task]:
    """Two tills that did not hear of each other gave the same goods' money back."""
    return [
        Task(
            f"over_refund:{each.sale}",
            "over_refund",
            f"单 {each.number} 的 {each.name} 退的比卖的多，请查两台机的退货单",
            each.order_ms,
            "店长",
        )
        for each in over_refunds(db, shop)
    ]


def _twice_sold(db: Connection, shop: str) -> list[Task]:
    """Two tills that did not hear of each other took back the same held basket."""
    return [
        Task(
            f"twice:{each.first}",
            "twice_sold",
            f"{'、'.join(each.tills)} 号机取了同一张挂单，都卖了：{'、'.join(each.numbers)}。"
            "货只出了一份的，退掉多的那张",
            each.order_ms,
            "店长",
            ("seen",),
        )
        for each in twice_sold(db, shop)
    ]


def _held_feeds(db: Connection, shop: str) -> list[Task]:
    """What head office sent and nobody can mean: it ends when head office puts it right."""
    return [
        Task(
            f"feed:{each.scope}",
            "feed_held",
            f"总部下发的{each.words}。{each.what_to_do}",
            each.since_ms,
            "店长",
        )
        for each in held_feeds(db, shop)
    ]


def _copies(db: Connection, now_ms: int) -> list[Task]:
    """The copy on the second disk is behind: shown until one went right."""
    trouble = db.scalar(select(mark.c.value).where(mark.c.name == COPY_TROUBLE_MARK))
    if not trouble:
        return []
    words = {
        "copy_same_disk": "备份和数据在同一块盘上，坏盘时救不了。请换到第二块盘或 U 盘",
        "copy_differs": "第二块盘上是另一台机的备份，没有动它。请换一个文件夹",
    }
    said = words.get(trouble, "没能备份到第二块盘，请看盘有没有插好、有没有满")
    return [Task("copies", "copy_failed", said, now_ms, "店长")]


def _prints(db: Connection) -> list[Task]:
    rows = db.execute(
        select(print_job.c.id, print_job.c.title, print_job.c.state, print_job.c.changed_ms).where(
            print_job.c.state.in_(("UNSURE", "FAILED", "EXPIRED")), print_job.c.kind != "drawer"
        )
    )
    words = {
        "UNSURE": "{} 不知道有没有印出来，请看打印机",
        "FAILED": "{} 没能印出来",
        "EXPIRED": "{} 等太久没有印",
    }
    return [
        Task(
            f"print:{job}",
            "unsure_print",
            words[state].format(title),
            changed_ms,
            "收银",
            ("printed", "again", "drop"),
        )
        for job, title, state, changed_ms in rows
    ]


def _negative(db: Connection, shop: str) -> list[Task]:
    total = func.sum(on_hand.c.quantity)
    rows = db.execute(
        select(on_hand.c.product, total)
        .where(on_hand.c.shop == shop)
        .group_by(on_hand.c.product)
        .having(total < 0)
    ).all()
    known = products(db, shop, [row[0] for row in rows]) if rows else {}
    tasks = []
    for code, quantity in rows:
        one = known.get(code)
        since = db.scalar(
            select(func.max(movement.c.order_ms)).where(
                movement.c.shop == shop, movement.c.product == code
            )
        )
        name = one.name if one else code
        left = shown(int(quantity), weighed=bool(one and one.weighed))
        words = f"{name} 账面 {left}，卖的比收的多，请补入库或盘点"
        tasks.append(Task(f"stock:{code}", "negative_stock", words, int(since or 0), "店长"))
    return tasks


def _held(db: Connection, now_ms: int) -> list[Task]:
    return [
        Task(
            f"held:{each.id}",
            "old_hold",
            f"挂单 {each.name or '（未起名）'} 一直没有取",
            each.held_ms,
            "收银",
        )
        for each in held_baskets(db)
        if now_ms - each.held_ms > OLD_HOLD_MS
    ]


def _locked(db: Connection, now_ms: int) -> list[Task]:
    rows = db.scalars(select(pin.c.person).where(pin.c.failures >= MAX_PIN_FAILURES))
    return [
        Task(f"pin:{person}", "pin_locked", f"工号 {person} 已锁定", now_ms, "店长", ("unlock",))
        for person in rows
    ]


def _approved(each: SelfApproval) -> str:
    what = ACTION_NAMES[each.action]
    return f"{what} {yuan_shown(each.amount)}" if each.amount else what


def _self_approved(db: Connection, shop: str) -> list[Task]:
    """Whoever keeps the shop alone had nobody to ask: somebody looks at it afterwards."""
    return [
        Task(
            f"self:{each.fact}",
            "self_approved",
            f"工号 {each.person} 自己批了自己的：{_approved(each)}，请另一人复核",
            each.order_ms,
            "店长",
            REVIEW_ANSWERS,
        )
        for each in unreviewed(db, shop)
    ]

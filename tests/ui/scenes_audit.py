"""Scripted states of 审计: a real short day, looked at."""

from functools import cache

import msgspec

from app.journal.problems import Problem, Report
from app.journal.read import Listed
from app.reports import audit
from tests.support.entries import journal_of
from tests.support.facts import a_shop_day
from ui.audit_views import AuditView
from ui.presenters import audit_views as views
from ui.presenters.asking import ask_value

FILTERS = (("staff", "所有人"), ("kind", "所有类别"), ("day", "2026-12-07"))


@cache
def _entries() -> tuple[audit.Opened, ...]:
    return tuple(
        audit.Opened(each, *audit.read_out(each.content), "true", True)
        for each in journal_of(a_shop_day())
    )


def _listed() -> list[Listed]:
    return [
        Listed(each.stored.journal, each.stored.seq, each.stored.order_ms, each.stored.kind, "101")
        for each in reversed(_entries())
    ]


def _sale() -> audit.Opened:
    return next(each for each in _entries() if each.stored.kind.startswith("sale_completed"))


def entries(*, as_bytes: bool = False) -> AuditView:
    sale = _sale()
    key = views.key_of(sale.stored.journal, sale.stored.seq)
    return AuditView(
        filters=FILTERS,
        found=views.entries_list(_listed(), key, whole=False),
        entry=views.entry_view(sale, as_bytes=as_bytes),
    )


def as_bytes() -> AuditView:
    return entries(as_bytes=True)


def verifying() -> AuditView:
    return msgspec.structs.replace(
        entries(), busy_word="签名 420,500 / 1,000,000", done=420_500, most=1_000_000
    )


def problems() -> AuditView:
    found = Report(
        ok=False, journals=(), entries=1_000_000,
        problems=(
            Problem("content_changed", "j", 4_001),
            Problem("entry_missing", "j", 4_010, "4010-4012"),
            Problem("row_changed", "j", 4_100, "sale fact=01a2…; due: 29651 → 19651"),
            Problem("sum_wrong", "", 0, "on_hand shop=KP01,lot=…: 38000 ≠ 41000"),
        ),
    )  # fmt: skip
    changed = msgspec.structs.replace(_sale(), signature="changed")
    return AuditView(
        under="验证结果", filters=FILTERS, found=views.problems_list(found, ""),
        entry=views.entry_view(changed, as_bytes=False), message=views.verdict(found),
    )  # fmt: skip


def picking() -> AuditView:
    choices = [("*", "所有人"), ("=", "收银机自己"), ("=101", "101 张三"), ("=201", "201 李四")]
    return AuditView(
        filters=FILTERS, found=views.picks_list(choices, "看谁的？", "=101"), pick_word="选它"
    )


def asking() -> AuditView:
    asked = ask_value("KP01-1-261207-0031 上印的六个字母", lambda _six: None, kind="code")
    return msgspec.structs.replace(entries(), question=asked.view)


def nothing() -> AuditView:
    return AuditView(filters=FILTERS, found=views.entries_list([], "", whole=True))


AUDIT = {
    "audit": entries,
    "audit_bytes": as_bytes,
    "audit_verifying": verifying,
    "audit_problems": problems,
    "audit_picking": picking,
    "audit_asking": asking,
    "audit_none": nothing,
}

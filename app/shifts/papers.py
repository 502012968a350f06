"""The shift report and the cash slip; X and Z are in `report_papers.py`."""

from collections.abc import Sequence

from app.clock import local
from app.content import AnyBlock, Banner, Pair, Paper, Rule, Space, Text
from app.facts.shifts import CashMoved, ShiftClosed, TenderTotal
from app.money import yuan_shown
from app.shifts.queries import Shift
from app.tender_names import TENDER_NAMES

BANNERS = {"D": "演示", "T": "练习·非交易凭证"}
"""By series: a demo or training folder says so on every paper, for ever."""


def heading(words: str, series: str) -> tuple[AnyBlock, ...]:
    """What the paper is, and in large type what it is not."""
    title = Text(words, align="center", size=2, bold=True)
    return (Banner(BANNERS[series]), title) if series in BANNERS else (title,)


def money(words: str, fen: int, *, bold: bool = False) -> AnyBlock:
    """A row with an amount (fen)."""
    return Pair(words, yuan_shown(fen), bold=bold)


def moment(ms: int) -> str:
    """Date and time as papers say it."""
    return local(ms).strftime("%Y-%m-%d %H:%M")


def _span(from_ms: int, to_ms: int) -> str:
    """From when to when; a day is named once, so that it stands in one row of a narrow paper."""
    begun, ended = moment(from_ms), moment(to_ms)
    if begun[:10] == ended[:10]:
        ended = ended[11:]
    return f"{begun} 至 {ended}"


def tender_rows(tenders: tuple[TenderTotal, ...]) -> list[AnyBlock]:
    """What each way to pay took, and what went back by it."""
    rows: list[AnyBlock] = []
    for each in tenders:
        name = TENDER_NAMES.get(each.tender, each.tender)
        rows.append(money(f"{name} {each.count} 笔", each.taken))
        if each.given:
            rows.append(money(f"{name} 退", -each.given))
    return rows


def shift_report(
    fact: ShiftClosed, shift: Shift, now_ms: int, series: str = "", hub: Sequence[AnyBlock] = ()
) -> Paper:
    """交班单: counted and expected side by side, the difference as it is.

    `hub` tells what head office has.
    """
    difference = fact.counted - fact.expected
    words = "短款" if difference < 0 else "长款" if difference > 0 else "相符"
    return Paper(
        kind="shift_report",
        blocks=(
            *heading("交班单", series),
            Pair(f"{fact.shop} · {fact.till}号机", f"工号 {fact.person}"),
            Pair("营业日", fact.day),
            Pair("班次", _span(shift.opened_ms, now_ms)),
            Rule(),
            money("备用金", shift.float_fen),
            *tender_rows(fact.tenders),
            Rule(),
            *[
                Pair(f"{yuan_shown(note.face)} × {note.count}", yuan_shown(note.face * note.count))
                for note in fact.notes
            ],
            *[
                money(f"{'复点' if each.verifies else '点钞'} 工号 {each.person}", each.counted)
                for each in fact.counts
            ],
            money("点钞" if not fact.counts else "最后点钞", fact.counted, bold=True),
            money("应有", fact.expected),
            money(words, difference, bold=True),
            *([Text(f"原因：{fact.reason}")] if fact.reason else []),
            *([Text("差额待确认")] if fact.unconfirmed else []),
            *([Text(f"挂单 {fact.held} 张，移交下一班")] if fact.held else []),
            *hub,
            Space(2),
            Text("签名："),
            Space(1),
        ),
    )


def uncounted_report(fact: ShiftClosed, shift: Shift, now_ms: int, series: str = "") -> Paper:
    """交班单 of a turn nobody closed: no sum stands on it, the drawer is still to be counted."""
    return Paper(
        kind="shift_report",
        blocks=(
            *heading("交班单", series),
            Text("未点钞", align="center", size=2, bold=True),
            Pair(f"{fact.shop} · {fact.till}号机", f"工号 {fact.person}"),
            Pair("营业日", fact.day),
            Pair("班次", _span(shift.opened_ms, now_ms)),
            Rule(),
            Text("到换日时没有人交班，系统已分班。请补点这一班的现金。"),
            Space(2),
            Text("签名："),
            Space(1),
        ),
    )


def _cash_title(fact: CashMoved) -> str:
    names = {"expense": "现金支出", "drop": "抽钞入柜", "float": "备用金"}
    return names.get(fact.purpose, "现金存入" if fact.amount > 0 else "现金支出")


def cash_slip(fact: CashMoved, now_ms: int, series: str = "") -> Paper:
    """A slip for cash put in or taken out by hand."""
    return Paper(
        kind="cash_slip",
        blocks=(
            *heading(_cash_title(fact), series),
            Pair(f"{fact.shop} · {fact.till}号机", moment(now_ms)),
            money("金额", fact.amount, bold=True),
            Text(f"原因：{fact.reason}"),
            Space(2),
            Text("签名："),
        ),
    )

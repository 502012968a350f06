"""The shift report, the Z and the cash slip."""

from app.clock import local
from app.content import AnyBlock, Banner, Pair, Paper, Rule, Space, Text
from app.facts.shifts import CashMoved, DayClosed, ShiftClosed, TenderTotal
from app.journal.entry import hash6
from app.money import yuan_shown
from app.shifts.queries import Report, Shift
from app.tender_names import TENDER_NAMES

BANNERS = {"D": "演示", "T": "练习·非交易凭证"}
"""By series: a demo or training folder says so on every paper, for ever."""
ACT_NAMES = {
    "line_removed": "删行",
    "basket_cancelled": "取消整单",
    "drawer_opened": "开钱箱",
    "reprinted": "重印",
    "tender_corrected": "改付款方式",
}


def _title(words: str, series: str) -> tuple[AnyBlock, ...]:
    """What the paper is, and in large type what it is not."""
    title = Text(words, align="center", size=2, bold=True)
    return (Banner(BANNERS[series]), title) if series in BANNERS else (title,)


def _money(words: str, fen: int, *, bold: bool = False) -> AnyBlock:
    return Pair(words, yuan_shown(fen), bold=bold)


def _when(ms: int) -> str:
    return local(ms).strftime("%Y-%m-%d %H:%M")


def _tenders(tenders: tuple[TenderTotal, ...]) -> list[AnyBlock]:
    rows: list[AnyBlock] = []
    for each in tenders:
        name = TENDER_NAMES.get(each.tender, each.tender)
        rows.append(_money(f"{name} {each.count} 笔", each.taken))
        if each.given:
            rows.append(_money(f"{name} 退", -each.given))
    return rows


def shift_report(fact: ShiftClosed, shift: Shift, now_ms: int, series: str = "") -> Paper:
    """交班单: counted and expected side by side, the difference as it is."""
    difference = fact.counted - fact.expected
    words = "短款" if difference < 0 else "长款" if difference > 0 else "相符"
    return Paper(
        kind="shift_report",
        blocks=(
            *_title("交班单", series),
            Pair(f"{fact.shop} · {fact.till}号机", f"工号 {fact.person}"),
            Pair("营业日", fact.day),
            Pair("班次", f"{_when(shift.opened_ms)} 至 {_when(now_ms)}"),
            Rule(),
            _money("备用金", shift.float_fen),
            *_tenders(fact.tenders),
            Rule(),
            *[
                Pair(f"{yuan_shown(note.face)} × {note.count}", yuan_shown(note.face * note.count))
                for note in fact.notes
            ],
            _money("点钞", fact.counted, bold=True),
            _money("应有", fact.expected),
            _money(words, difference, bold=True),
            *([Text(f"原因：{fact.reason}")] if fact.reason else []),
            *([Text("差额待确认")] if fact.unconfirmed else []),
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
            *_title("交班单", series),
            Text("未点钞", align="center", size=2, bold=True),
            Pair(f"{fact.shop} · {fact.till}号机", f"工号 {fact.person}"),
            Pair("营业日", fact.day),
            Pair("班次", f"{_when(shift.opened_ms)} 至 {_when(now_ms)}"),
            Rule(),
            Text("到换日时没有人交班，系统已分班。请补点这一班的现金。"),
            Space(2),
            Text("签名："),
            Space(1),
        ),
    )


def z_report(fact: DayClosed, report: Report, now_ms: int, series: str = "") -> Paper:
    """日结单 Z: totals of the day, what was done besides selling, and the journal's head."""
    part = f"（第 {fact.part} 份）" if fact.part > 1 else ""
    return Paper(
        kind="z_report",
        blocks=(
            *_title("日结单 Z", series),
            Pair(f"{fact.shop} · {fact.till}号机", f"{fact.day}{part}"),
            Pair("打印", _when(now_ms)),
            Rule(),
            Pair("销售", f"{fact.sales} 笔"),
            _money("销售额", fact.gross),
            _money("退货", -fact.refunds),
            _money("净额", fact.net, bold=True),
            _money("其中抹零", fact.rounding),
            _money("其中税额", fact.tax),
            Rule(),
            *_tenders(fact.tenders),
            Rule(),
            *[_money(f"工号 {person}", amount) for person, amount in report.cashiers.items()],
            *[_money(f"渠道 {leaf}", amount) for leaf, amount in report.channels.items()],
            Rule(),
            *[
                Pair(ACT_NAMES.get(what, what), f"{count} 次")
                for what, count in sorted(report.acts.items())
            ],
            _money("累计净额", fact.grand_total, bold=True),
            Pair("流水号", f"{fact.from_seq} 至 {fact.to_seq}"),
            Pair("链头", hash6(bytes.fromhex(fact.head))),
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
            *_title(_cash_title(fact), series),
            Pair(f"{fact.shop} · {fact.till}号机", _when(now_ms)),
            _money("金额", fact.amount, bold=True),
            Text(f"原因：{fact.reason}"),
            Space(2),
            Text("签名："),
        ),
    )

"""X and Z on paper: the same sections from the same report; only Z closes and shows the journal.

Every section is complete in its sums. Single acts are listed up to a limit, so that a day of ten
thousand removed lines still ends with a paper.
"""

from collections.abc import Callable, Iterable, Sequence

from app.clock import local
from app.content import AnyBlock, Pair, Paper, Rule, Space, Text
from app.facts.shifts import DayClosed
from app.journal.entry import hash6
from app.shifts.papers import heading, moment, money, tender_rows
from app.shifts.report import Act, Report
from app.tender_names import PURPOSE_NAMES, TENDER_NAMES

ACT_NAMES = {
    "line_removed": "删行",
    "basket_cancelled": "取消整单",
    "override": "改价",
    "line_discount": "单品折扣",
    "basket_discount": "整单折扣",
    "refund": "退货",
    "exchange": "换货",
    "reprinted": "重印",
    "drawer_opened": "无销售开钱箱",
    "cash_moved": "现金存取",
    "tender_corrected": "改付款方式",
    "money_left": "收客户款",
    "money_returned": "退客户款",
    "money_kept": "客户款转收入",
}
"""What somebody did, in the order a manager reads it."""
TAX_NAMES = {
    "goods": "货物",
    "farm": "农产品",
    "exempt": "免税",
    "ticket": "门票",
    "catering": "餐饮",
    "lodging": "住宿",
    "deposit": "容器押金",
}
_NO_AMOUNT = ("reprinted", "drawer_opened")
Rows = list[AnyBlock]


def z_paper(
    fact: DayClosed, report: Report, now_ms: int, series: str = "", hub: Sequence[AnyBlock] = ()
) -> Paper:
    """日结单 Z: all of the day, the grand total, the journal's head, and what the hub has."""
    day = f"{fact.day}（第 {fact.part} 份）" if fact.part > 1 else fact.day
    return Paper(
        kind="z_report",
        blocks=(
            *heading("日结单 Z", series),
            Pair(f"{fact.shop} · {fact.till}号机", day),
            Pair("打印", moment(now_ms)),
            *_sections(report, with_expected=True),
            Rule(double=True),
            money("累计净额", fact.grand_total, bold=True),
            Pair("流水号", f"{fact.from_seq} 至 {fact.to_seq}"),
            Pair("链头", hash6(bytes.fromhex(fact.head))),
            *hub,
            Space(1),
        ),
    )


def x_paper(
    shop: str, till: str, report: Report, now_ms: int, series: str = "", *, with_expected: bool
) -> Paper:
    """X 报表: the day so far. It closes nothing."""
    return Paper(
        kind="x_report",
        blocks=(
            *heading("X 报表", series),
            Pair(f"{shop} · {till}号机", report.day),
            Pair("打印", moment(now_ms)),
            Text("营业中读数，不是日结"),
            *_sections(report, with_expected=with_expected),
            Rule(double=True),
            Pair("流水号", f"{report.from_seq} 至 {report.to_seq}"),
            Space(1),
        ),
    )


def _sections(report: Report, *, with_expected: bool) -> Rows:
    rows: Rows = [
        Rule(),
        Pair("销售", f"{report.sales} 笔"),
        money("销售额", report.gross),
        money("退货", -report.refunds),
        money("净额", report.net, bold=True),
        money("其中抹零", report.rounding),
        money("其中税额", report.tax),
    ]
    for title, made in (
        ("付款方式", tender_rows(report.tenders)),
        ("税类", _taxes(report)),
        ("收银员", [money(f"工号 {who}", fen) for who, fen in report.cashiers.items()]),
        ("渠道", [money(f"渠道 {leaf}", fen) for leaf, fen in report.channels.items()]),
        ("客户款（不算销售）", _left(report)),
        ("班次与钱箱", _drawer(report, with_expected=with_expected)),
        ("要看的事", _acts(report)),
        ("还没有了结", _open_ends(report)),
    ):
        if made:
            rows += [Rule(), Text(title, bold=True), *made]
    return rows


def _taxes(report: Report) -> Rows:
    rows: Rows = []
    for each in report.taxes:
        name = TAX_NAMES.get(each.tax_class, each.tax_class)
        rows.append(money(f"{name} {each.rate}%", each.paid))
        rows.append(money("　其中税额", each.tax))
    return rows


def _left(report: Report) -> Rows:
    """Money that stays the customers' until they buy for it."""
    rows: Rows = []
    for each in report.left:
        name = TENDER_NAMES.get(each.tender, each.tender)
        rows.append(money(f"收 {name}", each.taken))
        if each.given:
            rows.append(money(f"退 {name}", -each.given))
    return rows


def _drawer(report: Report, *, with_expected: bool) -> Rows:
    rows: Rows = []
    for turn in report.turns:
        end = local(turn.order_ms).strftime("%H:%M")
        rows.append(Pair(f"工号 {turn.person} 到 {end}", "未点钞" if turn.uncounted else ""))
        rows.append(money("　应有", turn.expected))
        if not turn.uncounted:
            difference = turn.counted - turn.expected
            words = "　短款" if difference < 0 else "　长款" if difference > 0 else "　相符"
            rows += [money("　实点", turn.counted), money(words, difference)]
    if with_expected and not report.turns:
        rows.append(money("钱箱应有", report.expected_cash))
    return rows


def _acts(report: Report) -> Rows:
    rows: Rows = []
    for what, name in _names(each.what for each in report.done):
        made = [each for each in report.done if each.what == what]
        count, amount = sum(each.count for each in made), sum(each.amount for each in made)
        rows.append(_act_row(f"{name} {count} 次", what, amount))
        listed = report.of(what)
        # Who it was is told by the single acts where one person did them all.
        for each in made if len(made) > 1 or not listed else ():
            rows.append(_act_row(f"　工号 {each.person} {each.count} 次", what, each.amount))
        rows += [_act_row(_single(each), what, each.amount) for each in listed]
        if listed and count > len(listed):
            rows.append(Text(f"　另有 {count - len(listed)} 次，已计入合计"))
    return rows


def _names(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Kinds that happened, in the order they are read; unknown ones last under their own word."""
    found = dict.fromkeys(kinds)
    known = [what for what in ACT_NAMES if what in found]
    return [(what, ACT_NAMES.get(what, what)) for what in dict.fromkeys((*known, *found))]


def _act_row(words: str, what: str, amount: int) -> AnyBlock:
    return Pair(words, "") if what in _NO_AMOUNT else money(words, amount)


def _single(act: Act) -> str:
    when = local(act.order_ms).strftime("%H:%M")
    told = _DETAILS.get(act.what, str)(act.detail)
    return f"　{when} {act.person} {told}".rstrip()


def _corrected(detail: str) -> str:
    """What became of which receipt, by the end of its number: it is one of this day's."""
    number, _, ways = detail.partition(" ")
    before, _, after = ways.partition(">")
    names = [TENDER_NAMES.get(each, each) for each in (before, after)]
    return f"{number[-4:]} {names[0]}改{names[1]}"


def _purpose(detail: str) -> str:
    return PURPOSE_NAMES.get(detail, detail)


_DETAILS: dict[str, Callable[[str], str]] = {
    "tender_corrected": _corrected,
    "money_left": _purpose,
    "money_returned": _purpose,
    "money_kept": _purpose,
}


MOST_LISTED = 20
"""Invoices named one by one on a report; the rest are one sum."""


def _open_ends(report: Report) -> Rows:
    ends = report.ends
    rows: Rows = []
    for tab in ends.tabs:
        words = f"房账 {tab.room}"
        if tab.check_out:
            words = f"房账 {tab.room}（{tab.check_out} 退房）"
        rows.append(money(words, tab.open))
    for words, found in (("结果不明", ends.payments), ("退款在途", ends.refunds)):
        for each in found:
            name = TENDER_NAMES.get(each.tender, each.tender)
            rows += [money(f"{words} {name}", each.amount), Text(f"　{each.out_trade_no}")]
    if ends.held:
        rows.append(money(f"挂单 {len(ends.held)} 张", sum(ends.held)))
    for words, listed in (("发票待开", ends.invoices), ("红字待开", ends.red_letters)):
        rows += [money(f"{words} {number}", amount) for number, amount in listed[:MOST_LISTED]]
        if len(listed) > MOST_LISTED:
            rest = listed[MOST_LISTED:]
            rows.append(money(f"{words} 另 {len(rest)} 张", sum(fen for _, fen in rest)))
    return rows

"""What 交班 shows at each step."""

from collections.abc import Mapping

from app.clock import local
from app.errors import Refusal
from app.facts.shifts import CountMade, DrawerCounted, ShiftClosed, ShiftCounted, TenderTotal
from app.money import yuan_shown
from app.sales.desk import Desk
from app.sales.handover import Handover
from app.shifts.queries import Shift, Uncounted
from app.shifts.report import Report
from ui.language import error_words, tr
from ui.presenters.entrance import cash_rows
from ui.room_views import CloseShiftView
from ui.tender_words import tender_word
from ui.views import ChoiceView


def count_view(desk: Desk, shift: Shift, late: bool, verifier: str) -> CloseShiftView:
    """① The blind count; by a second person when `verifier` is somebody's number."""
    since = local(shift.opened_ms).strftime("%H:%M")
    actions = [ChoiceView(name="x", word=tr("打印 X"), key="X")]
    if late:
        actions.insert(0, ChoiceView(name="late", word=tr("补点"), key="C"))
    if verifier:
        actions = []
    return CloseShiftView(
        person=tr("{name} {number}　{since} 开班", name=desk.name, number=desk.person, since=since),
        title=tr("复点 · 工号 {number}", number=verifier) if verifier else tr("交班 ① 点钞"),
        rows=cash_rows(),
        how=tr("把钱箱里的钱点一遍，连备用金一起。应有多少，点完才显示。"),
        next_word=tr("点好了"),
        back_word=tr("返回"),
        actions=tuple(actions),
    )


def late_view(desk: Desk, late: Uncounted) -> CloseShiftView:
    """① of a turn the cut-off hour ended."""
    return CloseShiftView(
        person=f"{desk.name} {desk.person}",
        title=tr("补点 · {day} 工号 {person} 的班", day=late.day, person=late.person),
        rows=cash_rows(),
        how=tr("点那一班留下的现金。应有多少，点完才显示。"),
        next_word=tr("点好了"),
        back_word=tr("返回"),
    )


def late_reason_view(desk: Desk, late: Uncounted, counted: int, reason: str) -> CloseShiftView:
    """② of it, where the difference is above one's limit: why, before anybody sees how much."""
    words = tr("点钞 · 工号 {number}", number=desk.person)
    return CloseShiftView(
        person=f"{desk.name} {desk.person}",
        title=tr("补点 · {day} 工号 {person} 的班", day=late.day, person=late.person),
        step="check",
        counts=((words, yuan_shown(counted)),),
        verdict=tr("超过本人限额"),
        state="warn",
        reasons=_reasons(),
        reason=_chosen(reason),
        needs_reason=True,
        note=_written(reason) or ("" if reason else tr("请选原因。差多少，补点后显示。")),
        next_word=tr("补点"),
        back_word=tr("重点"),
    )


def day_waits_view(desk: Desk, late: bool) -> CloseShiftView:
    """No shift is open: only the day can be closed here."""
    actions = [ChoiceView(name="z", word=tr("日结 Z"), key="Z")]
    if late:
        actions.insert(0, ChoiceView(name="late", word=tr("补点"), key="C"))
    return CloseShiftView(
        person=f"{desk.name} {desk.person}",
        title=tr("日结"),
        step="done",
        verdict=tr("没有开着的班"),
        note=tr("日结打印 Z，这个营业日就关上了。"),
        next_word=tr("返回"),
        actions=tuple(actions),
    )


def check_view(
    desk: Desk, made: DrawerCounted, seen: Handover, reason: str, approver: str
) -> CloseShiftView:
    """② How it came out, ③ what to look at."""
    difference = made.counted - made.expected
    beyond = not desk.judge().of(difference)[0]
    actions = [ChoiceView(name="verify", word=tr("另一人复点"), key="V")]
    if beyond and not approver:
        actions.append(ChoiceView(name="approve", word=tr("请人授权"), key="A"))
    note = ""
    if approver:
        note = tr("工号 {number} 来授权这笔差额。", number=approver)
    elif beyond:
        why = "" if reason else tr("差额超过本人限额，请选原因。")
        note = why + tr("可以请人授权，不授权也能交班，留在待办里等确认。")
    since = local(desk.shift.opened_ms).strftime("%H:%M") if desk.shift else ""
    return CloseShiftView(
        person=tr("{name} {number}　{since} 开班", name=desk.name, number=desk.person, since=since),
        title=tr("交班 ② 核对 ③ 交"),
        step="check",
        figures=_cash(seen.cash, made.expected),
        counts=tuple(_count(each) for each in seen.counts[-3:]),
        tenders=_tenders(seen.tenders),
        looks=_looks(seen),
        verdict=_verdict(difference),
        # As the paper will say it, unless somebody who may says yes to it first.
        waits=_waits(beyond and not approver),
        difference=yuan_shown(difference),
        state="ok" if difference == 0 else "warn",
        reasons=_reasons() if difference else (),
        reason=_chosen(reason),
        needs_reason=beyond,
        note="\n".join(filter(None, (_written(reason), note, _unsent(seen.unsent)))),
        next_word=tr("交班并打印"),
        back_word=tr("重点"),
        actions=tuple(actions),
    )


def closed_view(
    desk: Desk,
    fact: ShiftClosed | ShiftCounted,
    *,
    late: bool = False,
    more: bool = False,
    waits: Refusal | None = None,
) -> CloseShiftView:
    """Handed over, or counted afterwards."""
    difference = fact.counted - fact.expected
    doubt = tr("差额已列入待办，等有权的人确认。") if fact.unconfirmed else ""
    held = fact.held if isinstance(fact, ShiftClosed) else 0
    figures = [(tr("应有"), yuan_shown(fact.expected)), (tr("实点"), yuan_shown(fact.counted))]
    if fact.reason:
        figures.append((tr("原因"), tr(fact.reason) if fact.reason in REASONS else fact.reason))
    handed = tr("挂单 {count} 张，移交下一班。", count=held) if held else ""
    printing = "" if late else tr("交班单在打印。")
    actions = [] if desk.shift else [ChoiceView(name="z", word=tr("日结 Z"), key="Z")]
    if late:
        again = ChoiceView(name="late", word=tr("补点"), key="C")
        actions = [again] if more else []
    return CloseShiftView(
        person=f"{desk.name} {desk.person}",
        title=tr("已补点") if late else tr("已交班"),
        step="done",
        figures=tuple(figures),
        verdict=_verdict(difference),
        waits=_waits(bool(fact.unconfirmed)),
        difference=yuan_shown(difference),
        state="ok" if difference == 0 else "warn",
        note=" ".join(filter(None, (printing, handed, doubt, _unsent(waits)))),
        next_word=tr("完成"),
        actions=tuple(actions),
    )


def day_view(
    desk: Desk, report: Report, waits: Refusal | None = None, update: str = ""
) -> CloseShiftView:
    """The day is closed; `update` is a newer program that lies ready, "" for none."""
    actions = [ChoiceView(name="pdf", word=tr("存 PDF"), key="P")]
    if update:
        actions.append(
            ChoiceView(name="update", word=tr("装上 {version}", version=update), key="U")
        )
    ready = tr("更新已备好，现在装不耽误做生意。") if update else ""
    return CloseShiftView(
        person=f"{desk.name} {desk.person}",
        title=tr("已日结"),
        step="done",
        figures=(
            (tr("营业日"), report.day),
            (tr("销售 {count} 笔", count=report.sales), yuan_shown(report.gross)),
            (tr("退货"), yuan_shown(-report.refunds)),
            (tr("净额"), yuan_shown(report.net)),
            (tr("抹零"), yuan_shown(report.rounding)),
            (tr("累计净额"), yuan_shown(report.grand_total + report.net)),
        ),
        verdict=tr("日结单 Z 在打印"),
        note=" ".join(filter(None, (tr("下一次开班就是新的营业日。"), _unsent(waits), ready))),
        next_word=tr("完成"),
        actions=tuple(actions),
    )


def _unsent(waits: Refusal | None) -> str:
    """That head office does not have everything; it holds nobody up."""
    return tr("{words}。不影响交班。", words=error_words(waits)) if waits is not None else ""


def _verdict(difference: int) -> str:
    return tr("相符") if difference == 0 else tr("长款") if difference > 0 else tr("短款")


def _waits(waits: bool) -> str:
    return tr("差额待确认") if waits else ""


REASONS = ("找零差错", "漏记支出", "还不清楚")
"""What is written into the books by its own word, whatever language the screen speaks."""
OTHER = "other"
"""The choice behind which a reason is typed."""


def _chosen(reason: str) -> str:
    return reason if reason in REASONS or not reason else OTHER


def _written(reason: str) -> str:
    return tr("原因：{reason}", reason=reason) if reason and reason not in REASONS else ""


def _reasons() -> tuple[ChoiceView, ...]:
    words = [*((kept, tr(kept)) for kept in REASONS), (OTHER, tr("其他…"))]
    return tuple(
        ChoiceView(name=kept, word=word, key=str(n)) for n, (kept, word) in enumerate(words, 1)
    )


def _count(each: CountMade) -> tuple[str, str]:
    words = (
        tr("复点 · 工号 {number}", number=each.person)
        if each.verifies
        else tr("点钞 · 工号 {number}", number=each.person)
    )
    return words, yuan_shown(each.counted)


def _cash(cash: Mapping[str, int], expected: int) -> tuple[tuple[str, str], ...]:
    words = {
        "float": tr("备用金"),
        "sale": tr("现金销售"),
        "refund": tr("现金退货"),
        "tab": tr("房账收现"),
        "left": tr("收客户款"),
        "given_back": tr("退客户款"),
        "cash_in": tr("存入"),
        "cash_out": tr("支出与抽钞"),
        "corrected_from": tr("改付款（原记现金）"),
        "corrected_to": tr("改付款（实为现金）"),
    }
    rows = [(word, yuan_shown(cash[what])) for what, word in words.items() if cash.get(what)]
    return (*rows, (tr("＝ 应有"), yuan_shown(expected)))


def _tenders(tenders: tuple[TenderTotal, ...]) -> tuple[tuple[str, str], ...]:
    rows = []
    for each in tenders:
        name = tender_word(each.tender)
        back = tr("退 {amount}", amount=yuan_shown(each.given)) if each.given else ""
        words = tr("{tender} {count} 笔", tender=name, count=each.count)
        rows.append((f"{words}　{back}".rstrip(), yuan_shown(each.taken)))
    return tuple(rows)


def _looks(seen: Handover) -> str:
    acts = seen.acts
    lowered = sum(acts.get(what, 0) for what in ("override", "line_discount", "basket_discount"))
    rows = (
        (tr("结果不明"), len(seen.ends.payments)),
        (tr("挂单移交"), len(seen.ends.held)),
        (tr("删行"), acts.get("line_removed", 0)),
        (tr("取消整单"), acts.get("basket_cancelled", 0)),
        (tr("改价与折扣"), lowered),
        (tr("无销售开钱箱"), acts.get("drawer_opened", 0)),
        (tr("退货与换货"), acts.get("refund", 0) + acts.get("exchange", 0)),
        (tr("重印"), acts.get("reprinted", 0)),
        (tr("改付款"), acts.get("tender_corrected", 0)),
    )
    # No line begins with a dot.
    return "\N{NO-BREAK SPACE}· ".join(f"{word}\N{NO-BREAK SPACE}{count}" for word, count in rows)

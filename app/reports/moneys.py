"""Money by the way it came, and what people did that a manager asks about."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, and_, func, select, union_all

from app.facts.payments import PaymentAttempted
from app.facts.sales import RefundCompleted, SaleCompleted, TenderCorrected
from app.payments.rules import CAPTURED, LATE_CAPTURED
from app.reports import words
from app.reports.entries import (
    Entries,
    Figures,
    added_to,
    asks_journal,
    first_wrong,
    held,
    made_again,
)
from app.reports.grouping import picked, receipts_asked
from app.reports.scope import Scope
from app.reports.sheet import Chart, Check, Column, Line, Series, Sheet, Value, number
from app.rows import version_of
from app.shifts.apply import APPLY
from app.shifts.tables import counter_act, reduction_given
from app.tender_names import CHANNELS, TENDER_NAMES

COUNTED = ("sale", "refund", "corrected_from", "corrected_to")
"""Takings that are turnover; floats, safes and deposits are none."""


def tenders(scope: Scope) -> Sheet:
    """Each tender's takings, beside what its network says it charged and what its bill disputes."""
    taking = scope.tables["taking"]
    rows = scope.db.execute(
        select(
            taking.c.tender,
            func.sum(taking.c.taken),
            func.sum(taking.c.given),
            func.count(taking.c.fact.distinct()),
        )
        .where(*_days(taking, scope), taking.c.what.in_(COUNTED))
        .group_by(taking.c.tender)
    ).all()
    charged, differing = _charged(scope), _differing(scope)
    lines = []
    for tender, taken, given, count in sorted(rows, key=lambda row: (row[2] - row[1], row[0])):
        values: dict[str, Value] = {
            "label": TENDER_NAMES.get(tender, tender),
            "count": int(count),
            "paid": int(taken),
            "back": int(given),
            "net": int(taken) - int(given),
            "charged": charged.get(tender) if tender in CHANNELS else None,
            "differing": differing.get(tender) if tender in CHANNELS else None,
        }
        warn = bool(values["differing"])
        lines.append(Line(key=tender, values=values, said={"tender": tender}, warn=warn))
    paid, back = (sum(int(row[n]) for row in rows) for n in (1, 2))
    return Sheet(
        name="tenders",
        title=words.REPORTS["tenders"],
        columns=(
            Column("label", "收款方式", wide=True), Column("count", "笔数", "count"),
            Column("paid", "收", "money"), Column("back", "退", "money"),
            Column("net", "净收", "money"), Column("charged", "渠道已扣", "money"),
            Column("differing", "账单差异", "money"),
        ),
        lines=tuple(lines),
        totals={"paid": paid, "back": back, "net": paid - back},
        check=first_wrong(
            _check_tenders(scope, paid, back),
            *_held_tenders(scope, {row[0]: (int(row[1]), int(row[2])) for row in rows}, charged),
        ),
        chart=Chart(
            kind="bars",
            labels=tuple(str(line.values["label"]) for line in lines),
            series=(Series("净收", tuple(number(line.values["net"]) for line in lines)),),
        ) if lines else None,
    )  # fmt: skip


def _check_tenders(scope: Scope, paid: int, back: int) -> Check:
    """Against the receipts' own tenders: corrections move money from one to the other and sum up
    to nothing."""
    found = []
    for head, part, key in (("sale", "sale_tender", "sale"), ("refund", "refund_tender", "refund")):
        receipt, many = scope.tables[head], scope.tables[part]
        one = picked(receipt, *_days(receipt, scope))
        found.append(
            int(
                scope.db.scalar(
                    select(func.coalesce(func.sum(many.c.amount), 0))
                    .select_from(one)
                    .join(many, and_(many.c.shop == one.c.shop, many.c[key] == one.c[key]))
                )
                or 0
            )
        )
    theirs = (found[0], found[1])
    return Check(ok=theirs == (paid, back), against="rows", ours=(paid, back), theirs=theirs)


def _held_tenders(scope: Scope, ours: Figures, charged: Mapping[str, int]) -> Iterator[Check]:
    """Against the entries: what receipts and corrections say of each tender, and what became of
    each charge."""
    if not asks_journal(scope):
        return
    entries = Entries(scope, (SaleCompleted, RefundCompleted, TenderCorrected))
    theirs: dict[str, tuple[int, ...]] = {}
    for _envelope, fact in entries.of_days():
        match fact:
            case SaleCompleted():
                for each in fact.tenders:
                    added_to(theirs, each.tender, each.amount, 0)
            case RefundCompleted():
                for back in fact.tenders:
                    added_to(theirs, back.tender, 0, back.amount)
            case _:
                for amount in fact.amounts:
                    added_to(theirs, fact.before, -amount, 0)
                    added_to(theirs, fact.after, amount, 0)
    yield held(ours, theirs, damaged=entries.damaged)
    asked_for = Entries(scope, (PaymentAttempted,))
    attempts = {envelope.fact: fact for envelope, fact in asked_for.of_days()}
    steps = Entries(scope, ())
    stands: dict[str, tuple[str, str]] = {}
    for envelope, fact in steps.of(_steps(scope)):
        now = (version_of(envelope), fact.state)
        stands[fact.attempt] = max(now, stands.get(fact.attempt, now))
    taken: dict[str, tuple[int, ...]] = {}
    for name, attempt in attempts.items():
        if stands.get(name, ("", ""))[1] in (CAPTURED, LATE_CAPTURED):
            added_to(taken, attempt.tender, attempt.amount)
    shown = {tender: (amount,) for tender, amount in charged.items()}
    yield held(shown, taken, damaged=asked_for.damaged | steps.damaged)


def _steps(scope: Scope) -> list[str]:
    """The facts by which the charges of the days went on, whenever that was."""
    attempt, step = scope.tables["payment_attempt"], scope.tables["payment_step"]
    return list(
        scope.db.scalars(
            select(step.c.fact)
            .join(attempt, and_(attempt.c.shop == step.c.shop, attempt.c.attempt == step.c.attempt))
            .where(*_days(attempt, scope))
        )
    )


def _charged(scope: Scope) -> dict[str, int]:
    """What the networks took and have not given back, as they told us at the counter."""
    attempt, now = scope.tables["payment_attempt"], scope.tables["payment_now"]
    rows = scope.db.execute(
        select(attempt.c.tender, func.sum(attempt.c.amount))
        .join(
            now,
            and_(
                now.c.shop == attempt.c.shop,
                now.c.owner == attempt.c.shop,
                now.c.attempt == attempt.c.attempt,
            ),
        )
        .where(*_days(attempt, scope), now.c.state.in_((CAPTURED, LATE_CAPTURED)))
        .group_by(attempt.c.tender)
    )
    return {str(tender): int(amount) for tender, amount in rows}


def _differing(scope: Scope) -> dict[str, int]:
    """What the networks' bills of these days say otherwise, in fen, settled ones left out."""
    found = scope.tables.get("bill_difference")
    if found is None:
        return {}
    rows = scope.db.execute(
        select(found.c.tender, func.sum(func.abs(found.c.ours - found.c.theirs)))
        .where(found.c.day.between(scope.asked.first, scope.asked.last), found.c.settled == 0)
        .group_by(found.c.tender)
    )
    return {str(tender): int(amount) for tender, amount in rows}


def _days(table: FromClause, scope: Scope) -> list[ColumnElement[bool]]:
    return receipts_asked(table, scope.asked, scope.tills)


def exceptions(scope: Scope) -> Sheet:
    """What each person did at the counter that has to be asked about, and how often."""
    rows = scope.db.execute(_acts(scope)).all()
    lines = []
    times: dict[str, int] = {}
    for person, what, count, amount in sorted(rows, key=lambda row: (row[0], -row[2], row[1])):
        times[person] = times.get(person, 0) + int(count)
        lines.append(
            Line(
                key=f"{person}/{what}",
                values={
                    "label": person or words.NONE, "what": words.ACTS.get(what, what),
                    "count": int(count), "amount": int(amount),
                },
                said={"person": person, "act": what},
            )
        )  # fmt: skip
    refunds = [row for row in rows if row[1] in ("refund", "exchange")]
    ours = (sum(int(row[2]) for row in refunds), sum(int(row[3]) for row in refunds))
    refund = scope.tables["refund"]
    back = scope.db.execute(
        select(func.count(), func.coalesce(func.sum(refund.c.amount), 0)).where(
            *_days(refund, scope)
        )
    ).one()
    theirs = (int(back[0]), int(back[1]))
    people = sorted(times, key=lambda person: (-times[person], person))
    return Sheet(
        name="exceptions",
        title=words.REPORTS["exceptions"],
        columns=(
            Column("label", "工号"), Column("what", "做了什么", wide=True),
            Column("count", "次数", "count"), Column("amount", "金额", "money"),
        ),
        lines=tuple(lines),
        totals={"times": sum(times.values()), "people": len(people)},
        check=first_wrong(
            Check(
                ok=ours == theirs, against="rows", ours=ours, theirs=theirs,
                kinds=("count", "money"),
            ),
            *_held_acts(
                scope, {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}
            ),
        ),
        chart=Chart(
            kind="bars", labels=tuple(people),
            series=(Series("次数", tuple(times[person] for person in people)),), unit="count",
        ) if people else None,
    )  # fmt: skip


def _held_acts(scope: Scope, ours: Figures) -> Iterator[Check]:
    """Against the entries: what each person did, and took off in sales."""
    if not asks_journal(scope):
        return
    entries = Entries(scope, APPLY)
    theirs: dict[tuple[str, str], tuple[int, ...]] = {}
    rows = made_again(entries.of_days(), APPLY, counter_act, reduction_given)
    for table, row in rows:
        if scope.asked.person not in ("", row["person"]):
            continue
        if table is counter_act:
            added_to(theirs, (row["person"], row["what"]), 1, row["amount"])
        else:
            added_to(theirs, (row["person"], row["kind"]), row["times"], -row["amount"])
    yield held(ours, theirs, "count", "money", damaged=entries.damaged)


def _acts(scope: Scope) -> CompoundSelect[Any]:
    act, given, sale = (scope.tables[name] for name in ("counter_act", "reduction_given", "sale"))
    head = picked(sale, *_days(sale, scope))
    acts = (
        select(
            act.c.person, act.c.what, func.count().label("times"),
            func.sum(act.c.amount).label("amount"),
        )
        .where(*_days(act, scope))
        .group_by(act.c.person, act.c.what)
    )  # fmt: skip
    reductions = (
        select(
            given.c.person, given.c.kind, func.sum(given.c.times).label("times"),
            func.sum(-given.c.amount).label("amount"),
        )
        .select_from(head)
        .join(given, and_(given.c.shop == head.c.shop, given.c.fact == head.c.sale))
        .group_by(given.c.person, given.c.kind)
    )  # fmt: skip
    return union_all(acts, reductions)

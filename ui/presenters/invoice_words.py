"""How the window says an invoice: its lines, its state, why it is not issued."""

from collections.abc import Sequence

from app.clock import local
from app.facts.invoices import InvoiceLine
from app.money import yuan_shown
from app.quantity import shown
from app.sales.invoice_export import rate_words
from app.sales.invoice_overview import Listed
from app.sales.invoice_rules import FAILED, INVOICE, ISSUED, RED, REQUESTED, WITHDRAWN
from app.sales.invoicing import Seen
from ui.invoice_views import InvoiceDetailView
from ui.invoice_words import WORDS, state_name
from ui.language import tr
from ui.room_views import ListView, RowView
from ui.screens.invoices import line_columns
from ui.views import State


def shape(state: str, due: int) -> State:
    """● ▲ ■ of a document."""
    if state == FAILED:
        return "stop"
    return "ok" if state in (ISSUED, WITHDRAWN) and not due else "warn"


def line_list(lines: Sequence[InvoiceLine], *, sign: int = 1, coded: bool = True) -> ListView:
    """The lines of an invoice with their rates and taxes, and the 19 figures where there is room
    for them."""
    return ListView(
        columns=line_columns(),
        rows=tuple(
            RowView(
                key=str(line.line),
                cells=(
                    line.name,
                    tr(rate_words(line.rate)),
                    yuan_shown(sign * line.amount),
                    yuan_shown(sign * line.tax),
                ),
                under=" · ".join(
                    (
                        f"*{line.tax_name}* {line.tax_code}" if coded else f"*{line.tax_name}*",
                        f"{shown(line.quantity, weighed=bool(line.weighed))} {line.unit}",
                    )
                ),
            )
            for line in lines
        ),
        state="" if lines else "empty",
        state_title=tr("没有可以开票的金额"),
    )  # fmt: skip


def row_of(listed: Listed) -> RowView:
    """A document in the list."""
    each = listed.document
    sign = -1 if each.kind == RED else 1
    when = local(each.order_ms).strftime("%m-%d %H:%M")
    mark = shape(each.state, listed.due)
    return RowView(
        key=each.document,
        cells=(
            listed.buyer or tr("（抬头已删除）"),
            tr(WORDS[state_name(each.kind, each.state, listed.due)]),
            yuan_shown(sign * listed.amount),
        ),
        under=f"{each.number} · {when}",
        state=mark if mark != "ok" else "",
    )


def detail_of(seen: Seen, why: str) -> InvoiceDetailView:
    """The marked document, everything about it."""
    known, buyer, due = seen.document, seen.buyer, seen.due.amount
    words = tr(WORDS[state_name(known.kind, known.state, due)])
    sign = -1 if known.kind == RED else 1
    facts = [(tr("小票"), known.number)]
    if buyer is not None:
        facts.append((tr("抬头"), buyer.shown))
        if buyer.tax_number:
            facts.append((tr("税号"), buyer.tax_number))
    if known.invoice_no:
        facts.append((tr("发票号码"), known.invoice_no))
    facts.append((tr("价税合计"), yuan_shown(sign * seen.content.amount)))
    facts.append((tr("其中税额"), yuan_shown(sign * seen.content.tax)))
    return InvoiceDetailView(
        state=shape(known.state, due),
        words=f"{words} {yuan_shown(due)}" if due else words,
        why=tr(why) if why else "",
        facts=tuple(facts),
        lines=line_list(seen.content.lines, sign=sign, coded=False),
    )


def may_correct(seen: Seen) -> bool:
    """Whether another buyer can still be named."""
    return seen.document.kind == INVOICE and seen.document.state in (REQUESTED, FAILED)

"""Whatever was sold and brought back: invoices, red letters and what is left add up to the fen."""

from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.facts.invoices import InvoiceLine
from app.facts.sales import SaleCompleted, SaleLine, Tender
from app.money import line_amount, split
from app.pricing.rules import taxes
from app.sales.invoice_rules import content_of, to_take_back
from app.sales.refund_queries import Refunded
from app.sales.refund_rules import given_for, left_of, tax_in
from app.sales.tax_codes import tax_codes
from tests.support.facts import sold

CODES = tax_codes("")
CLASSES = (("goods", 13), ("farm", 9), ("exempt", 0), ("lodging", 6), ("goods", 3))
Gone = dict[int, list[tuple[int, int, int]]]


@st.composite
def receipts(draw: st.DrawFn, *, stored: bool) -> SaleCompleted:
    """A sale as a till freezes it: reductions and tax shared, to the fen."""
    count = draw(st.integers(1, 5))
    amounts = [
        line_amount(draw(st.integers(1, 99_999)), 1000 * draw(st.integers(1, 6)))
        for _ in range(count)
    ]
    off = draw(st.integers(0, max(sum(amounts) - count, 0)))
    paid = [a - min(o, a) for a, o in zip(amounts, split(off, amounts), strict=True)]
    classes = [draw(st.sampled_from(CLASSES)) for _ in range(count)]
    shares = taxes([(kind, rate, p) for (kind, rate), p in zip(classes, paid, strict=True)])
    lines = tuple(
        SaleLine(
            line=number,
            product=f"P{number}",
            name="货",
            spec="",
            unit="件",
            weighed=0,
            quantity=1000 * draw(st.integers(1, 6)),
            list_price=1,
            unit_price=1,
            amount=amounts[number - 1],
            paid=paid[number - 1],
            tax_class=classes[number - 1][0],
            tax_rate=classes[number - 1][1],
            tax=shares[number - 1],
        )
        for number in range(1, count + 1)
    )
    due = sum(paid)
    by = draw(st.integers(0, due)) if stored else 0
    tenders = [("cash", due - by), ("stored", by)]
    return msgspec.structs.replace(
        sold(),
        lines=lines,
        due=due,
        tenders=tuple(Tender(tender=t, amount=a, tendered=a) for t, a in tenders if a),
    )


@st.composite
def brought_back(draw: st.DrawFn, sale: SaleCompleted, before: Gone) -> Gone:
    """One refund more: some pieces of some lines, worth what the refund rule gives."""
    gone = {line: list(parts) for line, parts in before.items()}
    for line in sale.lines:
        earlier = gone.setdefault(line.line, [])
        left = left_of(line, [(q, a) for q, a, _ in earlier])
        pieces = draw(st.integers(0, left.quantity // 1000)) * 1000
        if not pieces:
            continue
        amount = given_for(line, left, pieces)
        last = pieces == left.quantity
        taxed = sum(tax for _, _, tax in earlier)
        earlier.append((pieces, amount, line.tax - taxed if last else tax_in(line, amount)))
    return gone


def total(lines: Sequence[InvoiceLine]) -> tuple[int, int]:
    return sum(line.amount for line in lines), sum(line.tax for line in lines)


@given(st.data())
def test_lines_and_taxes_are_what_was_paid_less_what_came_back(data: st.DataObject) -> None:
    sale = data.draw(receipts(stored=False))
    gone: Gone = {}
    issued = content_of(sale, Refunded({}, {}), CODES)
    assert (issued.amount, issued.tax) == (
        sale.due,
        sum(line.tax for line in sale.lines if line.paid),
    )
    red: list[InvoiceLine] = []
    for _ in range(data.draw(st.integers(1, 4))):
        gone = data.draw(brought_back(sale, gone))
        now = content_of(sale, Refunded(gone, {}), CODES)
        back = sum(amount for parts in gone.values() for _, amount, _ in parts)
        assert now.amount == sale.due - back
        if data.draw(st.booleans()):
            red += to_take_back(issued.lines, red, now.lines).lines
            # Issued, less what was taken back in red, is what can still be invoiced.
            assert total(issued.lines)[0] - total(red)[0] == now.amount
            assert total(issued.lines)[1] - total(red)[1] == now.tax
            assert not to_take_back(issued.lines, red, now.lines).lines
    assert all(line.amount > 0 and 0 <= line.tax <= line.amount for line in (*issued.lines, *red))


@given(st.data())
def test_money_that_is_left_out_is_never_invoiced_whatever_comes_back(
    data: st.DataObject,
) -> None:
    sale = data.draw(receipts(stored=True))
    stored = sum(each.amount for each in sale.tenders if each.tender == "stored")
    issued = content_of(sale, Refunded({}, {}), CODES)
    assert issued.amount == sale.due - stored
    gone = data.draw(brought_back(sale, {}))
    back = sum(amount for parts in gone.values() for _, amount, _ in parts)
    to_stored = data.draw(st.integers(max(0, back - (sale.due - stored)), min(back, stored)))
    ways = {("cash", ""): back - to_stored, ("stored", "acc"): to_stored}
    now = content_of(sale, Refunded(gone, ways), CODES)
    assert now.amount == sale.due - back - (stored - to_stored)
    red = to_take_back(issued.lines, (), now.lines)
    assert issued.amount - red.amount == now.amount
    assert all(line.amount > 0 and 0 <= line.tax <= line.amount for line in red.lines)
    assert not to_take_back(issued.lines, red.lines, now.lines).lines

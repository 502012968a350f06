"""What an invoice for a receipt says, and what of it has to be taken back in red. Pure.

Everything is made from what the sale and its refunds froze: a line's amount is what was paid for it
(reductions and 抹零 netted), its tax is its own share, and refunds take both away. What was paid
with money an invoice was or will be made for elsewhere is left out, shared over the lines.
"""

from collections.abc import Mapping, Sequence

import msgspec

from app.errors import Refusal
from app.facts.invoices import InvoiceLine, LeftOut
from app.facts.sales import SaleCompleted
from app.money import divide_half_up, split
from app.sales.refund_queries import Refunded
from app.sales.tax_codes import TaxCode, code_for, rate_of

REQUESTED, SENT, ISSUED, FAILED, WITHDRAWN = (
    "REQUESTED", "SENT", "ISSUED", "FAILED", "WITHDRAWN",
)  # fmt: skip
CORRECT, AGAIN, WITHDRAW, SEND, ISSUE, REFUSE = (
    "CORRECT", "AGAIN", "WITHDRAW", "SEND", "ISSUE", "REFUSE",
)  # fmt: skip
MOVES: Mapping[str, Mapping[str, str]] = {
    REQUESTED: {CORRECT: REQUESTED, WITHDRAW: WITHDRAWN, SEND: SENT},
    # Asked again under the same number until somebody knows: nothing else may happen meanwhile.
    SENT: {ISSUE: ISSUED, REFUSE: FAILED},
    FAILED: {CORRECT: REQUESTED, AGAIN: REQUESTED, WITHDRAW: WITHDRAWN},
    ISSUED: {},
    WITHDRAWN: {},
}
OPEN = (REQUESTED, SENT, FAILED)
INVOICE, RED = "invoice", "red"
NOT_INVOICED = ("stored", "voucher")
"""Money that was invoiced when it was paid in, or that is no money: its goods are not again."""


def moved(state: str, move: str) -> str:
    """Where a move leads. Raises Refusal: invoice_on_its_way, invoice_issued, invoice_over."""
    after = MOVES[state].get(move)
    if after is None:
        if state == SENT:
            raise Refusal("invoice_on_its_way")
        if state == ISSUED:
            raise Refusal("invoice_issued")
        raise Refusal("invoice_over")
    return after


class Content(msgspec.Struct, frozen=True):
    """What an invoice says."""

    lines: tuple[InvoiceLine, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def amount(self) -> int:
        """Fen, tax included."""
        return sum(line.amount for line in self.lines)

    @property
    def tax(self) -> int:
        """Fen."""
        return sum(line.tax for line in self.lines)


NOTHING = Content(())


def content_of(sale: SaleCompleted, gone: Refunded, codes: Sequence[TaxCode]) -> Content:
    """What can be invoiced of a receipt after its refunds. Raises Refusal("tax_code_missing")."""
    lines = []
    for line in sale.lines:
        before = gone.lines.get(line.line, [])
        quantity = line.quantity - sum(each[0] for each in before)
        amount = line.paid - sum(each[1] for each in before)
        tax = line.tax - sum(each[2] for each in before)
        if min(quantity, amount) <= 0:
            continue
        code = code_for(codes, line, sale.day)
        lines.append(
            InvoiceLine(
                line=line.line,
                product=line.product,
                name=line.name,
                spec=line.spec,
                unit=line.unit,
                weighed=line.weighed,
                quantity=quantity,
                amount=amount,
                tax_code=code.code,
                tax_name=code.name,
                rate=rate_of(line),
                tax=max(tax, 0),
            )
        )
    return _without(lines, _left_out(sale, gone))


def _left_out(sale: SaleCompleted, gone: Refunded) -> tuple[LeftOut, ...]:
    found = []
    for why in NOT_INVOICED:
        paid = sum(each.amount for each in sale.tenders if each.tender == why)
        back = sum(amount for (tender, _), amount in gone.tenders.items() if tender == why)
        if paid > back:
            found.append(LeftOut(why=why, amount=paid - back))
    return tuple(found)


def _without(lines: list[InvoiceLine], left_out: tuple[LeftOut, ...]) -> Content:
    """The lines without what is left out, shared by what they cost; their tax class by class."""
    most = sum(line.amount for line in lines)
    off = min(sum(each.amount for each in left_out), most)
    if off == 0:
        # What the sale froze stands: by its own tax classes, which are not the 19 figures' ones.
        return Content(tuple(lines), left_out)
    amounts = split(most - off, [line.amount for line in lines])
    taxes: dict[int, int] = {}
    groups: dict[tuple[str, int], list[int]] = {}
    for place, line in enumerate(lines):
        groups.setdefault((line.tax_code, line.rate), []).append(place)
    for places in groups.values():
        whole = sum(lines[place].amount for place in places)
        kept = [amounts[place] for place in places]
        total = divide_half_up(sum(lines[place].tax for place in places) * sum(kept), whole)
        taxes.update(zip(places, split(total, kept), strict=True))
    smaller = [
        msgspec.structs.replace(line, amount=amounts[place], tax=taxes[place])
        for place, line in enumerate(lines)
    ]
    return Content(tuple(line for line in smaller if line.amount), left_out)


def to_take_back(
    issued: Sequence[InvoiceLine], red: Sequence[InvoiceLine], now: Sequence[InvoiceLine]
) -> Content:
    """What of an issued invoice has to go in red: issued, less red letters so far, less what can
    still be invoiced of the receipt. Amounts positive; no lines when nothing has to."""
    keep = {line.line: line for line in now}
    over = []
    for line in issued:
        before = [each for each in red if each.line == line.line]
        still = keep.get(line.line)
        over.append(
            msgspec.structs.replace(
                line,
                quantity=line.quantity
                - sum(each.quantity for each in before)
                - (still.quantity if still else 0),
                amount=line.amount
                - sum(each.amount for each in before)
                - (still.amount if still else 0),
                tax=line.tax - sum(each.tax for each in before) - (still.tax if still else 0),
            )
        )
    total = sum(line.amount for line in over)
    if total <= 0:
        return NOTHING
    # Where a part was left out, a refund moves what is left out from one line to another: lines
    # take back no more than all of them together have to.
    above = [line for line in over if line.amount > 0]
    parts = split(total, [line.amount for line in above])
    return Content(
        tuple(
            msgspec.structs.replace(
                line,
                quantity=max(line.quantity, 0),
                amount=part,
                tax=divide_half_up(max(line.tax, 0) * part, line.amount),
            )
            for line, part in zip(above, parts, strict=True)
            if part
        )
    )

"""A basket's lines as facts keep them: what was there, and what another till needs to go on."""

from app.facts.sales import BasketLine, HeldLine
from app.pricing.rules import Priced
from app.sales.basket import Basket, Line


def frozen_lines(basket: Basket, total: Priced) -> tuple[BasketLine, ...]:
    """The lines as a cancelled basket's fact keeps them."""
    pairs = zip(basket.lines, total.lines, strict=True)
    return tuple(frozen_line(line, each.net) for line, each in pairs)


def held_lines(basket: Basket, total: Priced) -> tuple[HeldLine, ...]:
    """The lines as a basket's fact keeps them that may go on at another till."""
    return tuple(
        HeldLine(
            line=line.line,
            product=line.product.code,
            name=line.name,
            quantity=line.quantity,
            amount=each.net,
            code=line.code,
            source=line.source,
            lot=line.lot,
            serial=line.serial,
            label_amount=line.label_amount,
            label_weight=int(line.label_weight),
            deposit_of=line.deposit_of,
        )
        for line, each in zip(basket.lines, total.lines, strict=True)
    )


def frozen_line(line: Line, amount: int) -> BasketLine:
    """One line as a fact keeps it."""
    return BasketLine(
        line=line.line,
        product=line.product.code,
        name=line.name,
        quantity=line.quantity,
        amount=amount,
    )

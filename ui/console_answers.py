"""The console's answers: amounts as yuan text, quantities in the product's unit."""

from typing import Any

from app.clock import iso
from app.facts.catalogue import Product
from app.facts.sales import Reduction, SaleLine
from app.facts.shifts import TenderTotal
from app.money import yuan
from app.quantity import shown
from app.sales.basket import Line, Question
from app.sales.counter import Counter, Stage
from app.sales.queries import Receipt
from app.shifts.queries import Report


def basket_answer(counter: Counter) -> dict[str, Any]:
    """The open basket as the contract shapes it."""
    total, due = counter.priced(), counter.due()
    return {
        "lines": [
            _line(line, priced.unit_price, priced.amount, priced.reductions, priced.net)
            for line, priced in zip(counter.basket.lines, total.lines, strict=True)
        ],
        "pieces": str(counter.basket.pieces),
        "gross": yuan(total.gross),
        "reduced": yuan(total.reduced),
        "rounding": yuan(total.rounding),
        "due": yuan(due.due),
        "paid": yuan(due.paid),
        "open": yuan(due.open),
        "tendered": yuan(due.tendered),
        "question": question_answer(counter.basket.question),
        "collecting": counter.stage is Stage.COLLECTING,
    }


def _line(
    line: Line, unit_price: int, amount: int, reductions: tuple[Reduction, ...], net: int
) -> dict[str, Any]:
    return {
        "line": line.line,
        "product": line.product.code,
        "name": line.name,
        "quantity": shown(line.quantity, weighed=line.weighed),
        "unit": line.product.unit,
        "unit_price": yuan(unit_price),
        "amount": yuan(amount),
        "reductions": reductions_answer(reductions),
        "net": yuan(net),
        "lot": line.lot,
        "lot_known": "scanned" if line.lot else "assumed",
    }


def reductions_answer(reductions: tuple[Reduction, ...]) -> list[dict[str, str]]:
    """Each reduction with the rule that made it."""
    return [
        {"kind": each.kind, "name": each.name, "amount": yuan(each.amount)} for each in reductions
    ]


def question_answer(question: Question | None) -> dict[str, str] | None:
    """What stands open, or None."""
    if question is None:
        return None
    name = question.product.name
    words = {
        "age": f"{name}：顾客满 {question.product.age_limit} 岁了吗？",
        "date": f"{name}：账上有过期的批次，请看包装上的日期，没有过期吗？",
        "weight": f"{name}：重量（kg）？",
    }[question.question]
    return {"question": question.question, "product": question.product.code, "text": words}


def product_answer(product: Product) -> dict[str, str]:
    """A product as search and price check show it."""
    return {
        "product": product.code,
        "name": product.name,
        "spec": product.spec,
        "unit": product.unit,
        "price": yuan(product.price),
        "weighed": "yes" if product.weighed else "no",
    }


def sale_line_answer(line: SaleLine) -> dict[str, Any]:
    """A line of a completed sale."""
    first = line.lots[0] if line.lots else None
    return {
        "line": line.line,
        "product": line.product,
        "name": line.name,
        "spec": line.spec,
        "quantity": shown(line.quantity, weighed=bool(line.weighed)),
        "unit": line.unit,
        "unit_price": yuan(line.unit_price),
        "amount": yuan(line.amount),
        "reductions": reductions_answer(line.reductions),
        "paid": yuan(line.paid),
        "tax": yuan(line.tax),
        "lot": first.lot if first else "",
        "lot_known": first.known if first else "none",
    }


def receipt_answer(found: Receipt, rows: list[str]) -> dict[str, Any]:
    """A receipt's content and its printed rows."""
    sale = found.sale
    return {
        "number": sale.number,
        "hash6": found.hash6,
        "time": iso(found.envelope.wall),
        "day": sale.day,
        "staff": sale.person,
        "lines": [sale_line_answer(line) for line in sale.lines],
        "pieces": str(sale.pieces),
        "gross": yuan(sale.gross),
        "reduced": yuan(sale.reduced),
        "rounding": yuan(sale.rounding),
        "due": yuan(sale.due),
        "tenders": [
            {
                "tender": tender.tender,
                "amount": yuan(tender.amount),
                "tendered": yuan(tender.tendered),
                "change": yuan(tender.change),
            }
            for tender in sale.tenders
        ],
        "change": yuan(sale.change),
        "copies": found.copies,
        "rows": rows,
    }


def tenders_answer(tenders: tuple[TenderTotal, ...]) -> dict[str, dict[str, Any]]:
    """Per way to pay what came in, what went out, how often."""
    return {
        each.tender: {"in": yuan(each.taken), "out": yuan(each.given), "count": each.count}
        for each in tenders
    }


def report_answer(report: Report, *, with_expected: bool) -> dict[str, Any]:
    """X or Z; what the drawer should hold only for those who may see it."""
    answer = {
        "day": report.day,
        "gross": yuan(report.gross),
        "refunds": yuan(report.refunds),
        "net": yuan(report.net),
        "sales": report.sales,
        "tenders": tenders_answer(report.tenders),
        "tax": yuan(report.tax),
        "cashiers": {person: yuan(amount) for person, amount in report.cashiers.items()},
        "channels": {leaf: yuan(amount) for leaf, amount in report.channels.items()},
        "rounding": yuan(report.rounding),
        "acts": report.acts,
        "from_seq": report.from_seq,
        "to_seq": report.to_seq,
    }
    if with_expected:
        answer["expected_cash"] = yuan(report.expected_cash)
    return answer

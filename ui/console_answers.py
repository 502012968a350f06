"""The console's answers: amounts as yuan text, quantities in the product's unit."""

from collections.abc import Mapping
from typing import Any

from app.clock import iso
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import LotShare, Reduction, RefundLine, SaleLine
from app.facts.shifts import TenderTotal
from app.money import parse_yuan, yuan
from app.pricing.rules import PricedLine
from app.quantity import shown
from app.reports.lots import batches
from app.sales.basket import Line, Question
from app.sales.counter import Counter, Stage
from app.sales.documents import RefundReceipt
from app.sales.queries import Receipt
from app.shifts.report import Act, Report
from app.siblings import known_until
from app.transaction import Books


def basket_answer(counter: Counter) -> dict[str, Any]:
    """The open basket as the contract shapes it."""
    total, due = counter.priced(), counter.due()
    taken = counter.lots_to_take()
    with counter.books.read() as db:
        ids = [share.lot for shares in taken.values() for share in shares if share.lot]
        names = batches(db, counter.books.shop, ids)
    return {
        "lines": [
            _line(line, priced, _lot(taken[line.line], names))
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
        "exchange": _exchange(counter),
        "points": str(total.points),
        "collecting": counter.stage is Stage.COLLECTING,
    }


def _exchange(counter: Counter) -> dict[str, Any] | None:
    """Goods that come back for the basket, and what would go back beyond its own."""
    exchange = counter.basket.exchange
    if exchange is None:
        return None
    return {
        "receipt": exchange.receipt,
        "amount": yuan(exchange.amount),
        "back": yuan(counter.due().back),
        "lines": lines_back_answer(exchange.lines),
    }


def lines_back_answer(lines: tuple[RefundLine, ...]) -> list[dict[str, Any]]:
    """Goods that come back, with what is given for them."""
    return [
        {
            "line": each.original_line,
            "product": each.product,
            "quantity": shown(each.quantity, weighed=bool(each.weighed)),
            "amount": yuan(each.amount),
            "disposition": each.disposition,
        }
        for each in lines
    ]


def _line(line: Line, priced: PricedLine, lot: dict[str, str]) -> dict[str, Any]:
    return {
        "line": line.line,
        "product": line.product.code,
        "name": line.name,
        "quantity": shown(line.quantity, weighed=line.weighed),
        "unit": line.product.unit,
        "unit_price": yuan(priced.unit_price),
        "amount": yuan(priced.amount),
        "reductions": reductions_answer(priced.reductions),
        "net": yuan(priced.net),
        **lot,
    }


def _lot(shares: tuple[LotShare, ...], names: Mapping[str, str]) -> dict[str, str]:
    """The lot a line takes from first, as it is printed on the goods, and how sure the till is."""
    if not shares:
        return {"lot": "", "lot_known": "none"}
    first = shares[0]
    return {"lot": names.get(first.lot, first.lot), "lot_known": first.known}


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
        "made_today": f"{name}：这张秤签不是本店今天打的，是今天做的吗？",
        "date": f"{name}：账上有过期的批次，请看包装上的日期，没有过期吗？",
        "weight": f"{name}：重量（kg）？",
    }[question.question]
    return {"question": question.question, "product": question.product.code, "text": words}


def product_answer(counter: Counter, product: Product) -> dict[str, str]:
    """A product as search and price check show it, at what it costs now."""
    return {
        "product": product.code,
        "name": product.name,
        "spec": product.spec,
        "unit": product.unit,
        "price": yuan(counter.shown(product).price),
        "weighed": "yes" if product.weighed else "no",
    }


def sale_line_answer(line: SaleLine, names: Mapping[str, str]) -> dict[str, Any]:
    """A line of a completed sale; `names` are its lots' batches."""
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
        "kind": line.kind,
        **_lot(line.lots, names),
        "parts": [
            {
                "product": part.product,
                "name": part.name,
                "quantity": shown(part.quantity, weighed=False),
                **_lot(part.lots, names),
            }
            for part in line.parts
        ],
    }


def lots_of_receipt(found: Receipt) -> list[str]:
    """The ids of every lot a sale took from."""
    taken = [share for line in found.sale.lines for share in line.lots]
    taken += [share for line in found.sale.lines for part in line.parts for share in part.lots]
    return [share.lot for share in taken if share.lot]


def receipt_answer(found: Receipt, rows: list[str], names: Mapping[str, str]) -> dict[str, Any]:
    """A receipt's content and its printed rows; `names` are its lots' batches."""
    sale = found.sale
    return {
        "number": sale.number,
        "kind": "sale",
        "hash6": found.hash6,
        "time": iso(found.envelope.wall),
        "day": sale.day,
        "staff": sale.person,
        "lines": [sale_line_answer(line, names) for line in sale.lines],
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
                **({} if tender == pressed else {"corrected_from": pressed.tender}),
            }
            for tender, pressed in zip(found.tenders, sale.tenders, strict=True)
        ],
        "change": yuan(sum(tender.change for tender in found.tenders)),
        "tax": yuan(sale.tax),
        "channel": sale.channel,
        "copies": found.copies,
        "rows": rows,
    }


def refund_answer(found: RefundReceipt, rows: list[str]) -> dict[str, Any]:
    """A refund's receipt; amounts are what went back."""
    refund = found.refund
    return {
        "number": refund.number,
        "kind": "refund",
        "hash6": found.hash6,
        "time": iso(found.envelope.wall),
        "day": refund.day,
        "staff": refund.person,
        "original": refund.original_number,
        "lines": lines_back_answer(refund.lines),
        "amount": yuan(refund.amount),
        "tenders": [{"tender": way.tender, "amount": yuan(way.amount)} for way in refund.tenders],
        "tax": yuan(refund.tax),
        "channel": refund.channel,
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
        "people": [
            {
                "what": each.what,
                "staff": each.person,
                "count": each.count,
                "amount": yuan(each.amount),
            }
            for each in report.done
        ],
        "listed": [_act(each) for each in report.listed],
        "taxes": [
            {
                "class": each.tax_class,
                "rate": each.rate,
                "paid": yuan(each.paid),
                "tax": yuan(each.tax),
            }
            for each in report.taxes
        ],
        "ledgers": tenders_answer(report.left),
        "held": [yuan(fen) for fen in report.ends.held],
        "grand_total": yuan(report.grand_total + report.net),
        "from_seq": report.from_seq,
        "to_seq": report.to_seq,
    }
    if with_expected:
        answer["expected_cash"] = yuan(report.expected_cash)
    return answer


def _act(act: Act) -> dict[str, str]:
    return {
        "what": act.what,
        "staff": act.person,
        "detail": act.detail,
        "amount": yuan(act.amount),
        "time": iso(act.order_ms),
    }


def positive(text: str) -> int:
    """An amount above nothing, in fen. Raises Refusal("bad_amount")."""
    if (amount := parse_yuan(text)) <= 0:
        raise Refusal("bad_amount", text=text[:20])
    return amount


def known_answer(books: Books) -> dict[str, str]:
    """By each other till of the shop, until when its news is here."""
    with books.read() as db:
        tills = known_until(db, books.shop, books.till)
    return {till: iso(last) for till, last in tills.items()}

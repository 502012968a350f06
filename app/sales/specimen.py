"""A sale that never was: what a receipt looks like before the first customer comes."""

from app.facts.sales import Reduction, SaleCompleted, SaleLine, Tender
from app.money import line_amount, round_down


def specimen_sale(shop: str, till: str, series: str) -> SaleCompleted:
    """A sale with what a receipt may have to say: weight, reduction, bag, 抹零, change."""
    lines = (
        _line(1, "大沙黄茶 特级", "100g", 2000, 128_00, off=12_80),
        _line(2, "潭碧冬瓜", "", 4320, 6_60, unit="kg"),
        _line(3, "塑料购物袋(大)", "", 1000, 50, reducible=0),
    )
    paid = sum(line.paid for line in lines)
    due = round_down(paid, 10)
    gross = sum(line.amount for line in lines)
    number = f"{shop}-{till}{series}-260101-0001"
    return SaleCompleted(
        shop=shop, till=till, day="2026-01-01", shift="", number=number,
        sequence=1, series=series, drawer="1", person="", channel="C13", seller="", opened_ms=0,
        lines=lines, pieces=4, gross=gross, reduced=paid - gross, rounding=due - paid, due=due,
        tenders=(Tender(tender="cash", amount=due, tendered=300_00, change=300_00 - due),),
        change=300_00 - due, tax=0,
    )  # fmt: skip


def _line(
    line: int,
    name: str,
    spec: str,
    quantity: int,
    price: int,
    *,
    unit: str = "盒",
    off: int = 0,
    reducible: int = 1,
) -> SaleLine:
    amount = line_amount(price, quantity)
    reduction = Reduction(rule="", kind="line_discount", name="9.5 折", amount=-off)
    return SaleLine(
        line=line, product="", name=name, spec=spec, unit=unit, weighed=int(unit == "kg"),
        quantity=quantity, list_price=price, unit_price=price, amount=amount,
        reductions=(reduction,) if off else (), paid=amount - off, tax_class="goods", tax_rate=13,
        tax=0, reducible=reducible,
    )  # fmt: skip

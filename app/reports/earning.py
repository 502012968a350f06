"""What goods earn, and what they cost the customer now against before."""

from app.money import divide_half_up
from app.reports import words
from app.reports.checking import check_lines
from app.reports.grouping import added
from app.reports.scope import Scope
from app.reports.selling import DRAWN, cost, margin, net, rate
from app.reports.sheet import (
    GOODS_COLUMNS,
    Chart,
    Column,
    Line,
    Series,
    Sheet,
    Value,
    number,
    number_or_none,
)


def margins(scope: Scope) -> Sheet:
    """What each product earned after tax and the cost frozen in its lots."""
    groups = scope.lines("product")
    lines = []
    for key, figures in groups.items():
        named = scope.names.product(str(key[0]))
        earned = margin(figures)
        lines.append(
            Line(
                key=str(key[0]),
                values={
                    "label": named.name, "product": str(key[0]),
                    "quantity": figures.get("quantity", 0) - figures.get("back_quantity", 0),
                    "net": net(figures),
                    "tax": figures.get("tax", 0) - figures.get("back_tax", 0),
                    "cost": cost(figures), "margin": earned,
                    "margin_rate": rate(earned, net(figures)),
                },
                weighed=named.weighed,
                said={"product": str(key[0])},
                warn=earned < 0,
            )
        )  # fmt: skip
    lines.sort(key=lambda line: (-number(line.values["margin"]), line.key))
    whole = added(groups)
    earned = margin(whole)
    drawn = lines[:DRAWN]
    return Sheet(
        name="margin",
        title=words.REPORTS["margin"],
        columns=(
            *GOODS_COLUMNS,
            Column("quantity", "数量", "quantity"), Column("net", "实收", "money"),
            Column("tax", "税额", "money"), Column("cost", "成本", "money"),
            Column("margin", "毛利", "money"), Column("margin_rate", "毛利率%", "rate"),
        ),
        lines=tuple(lines),
        totals={
            "paid": whole.get("paid", 0), "back": whole.get("back", 0), "net": net(whole),
            "cost": cost(whole), "margin": earned, "margin_rate": rate(earned, net(whole)),
        },
        check=check_lines(scope, groups),
        chart=Chart(
            kind="bars", labels=tuple(str(line.values["label"]) for line in drawn),
            series=(
                Series("毛利", tuple(number(line.values["margin"]) for line in drawn)),
                Series("成本", tuple(number(line.values["cost"]) for line in drawn)),
            ),
        ) if drawn else None,
    )  # fmt: skip


def price_index(scope: Scope) -> Sheet:
    """What goose, tea, eggs and rice cost now against before, weighted by what was sold before.

    An index of 1000 is the same price: Σ price now × quantity then ÷ Σ price then × quantity then,
    over the articles that sold in both ranges.
    """
    earlier_asked = scope.asked.before()
    assert earlier_asked is not None
    now, then = scope.lines("category", "product"), scope.lines(
        "category", "product", asked=earlier_asked
    )  # fmt: skip
    lines: list[Line] = []
    for code, word in words.INDEX_CLASSES.items():
        of_class = sorted(key for key in {*now, *then} if str(key[0]) == code)
        top = bottom = 0
        rows = []
        for key in of_class:
            here, there = _price(now.get(key)), _price(then.get(key))
            weight = then.get(key, {}).get("quantity", 0)
            if here is not None and there is not None:
                top, bottom = top + here * weight, bottom + there * weight
            named = scope.names.product(str(key[1]))
            values: dict[str, Value] = {
                "label": named.name, "unit": named.unit, "price": here, "was": there,
                "change": rate(here - there, there) if here is not None and there else None,
                "index": None,
            }  # fmt: skip
            rows.append(Line(key=str(key[1]), values=values, said={"product": str(key[1])}))
        index = rate(top, bottom)
        head: dict[str, Value] = {
            "label": word, "unit": "", "price": None, "was": None,
            "change": index - 1000 if index is not None else None, "index": index,
        }  # fmt: skip
        lines += [Line(key=code, values=head, said={"category": code}), *rows]
    drawn = [line for line in lines if line.key in words.INDEX_CLASSES]
    return Sheet(
        name="price_index",
        title=words.REPORTS["price_index"],
        columns=(
            Column("label", "品名", wide=True), Column("unit", "单位"),
            Column("price", "均价", "money"), Column("was", "上期均价", "money"),
            Column("change", "变化%", "rate"), Column("index", "指数", "rate"),
        ),
        lines=tuple(lines),
        totals={f"index_{line.key}": line.values["index"] for line in drawn},
        check=check_lines(scope, now),
        chart=Chart(
            kind="columns", labels=tuple(str(line.values["label"]) for line in drawn),
            series=(Series("指数", tuple(number_or_none(line.values["index"]) for line in drawn)),),
            unit="rate",
        ),
    )  # fmt: skip


def _price(figures: dict[str, int] | None) -> int | None:
    """What a unit was sold for on average, in fen."""
    if figures is None or figures.get("quantity", 0) <= 0:
        return None
    return divide_half_up(figures["paid"] * 1000, figures["quantity"])

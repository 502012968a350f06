"""Which 19 digits of the tax classification stand for which goods, from which day. Pure.

One row a line: `goods 2016-05-01 1030201010000000000 糕点`. The key is a product's code, a class of
the brand's taxonomy (`1.2` means everything below it too), or a tax class; the closest one counts,
and of its rows the newest that had begun on the day of the sale. The rows shipped with the till are
a beginning that the shop's bookkeeper checks; the shop's own stand above them.
"""

import re
from collections.abc import Iterable
from datetime import date

import msgspec

from app.errors import Refusal
from app.facts.sales import SaleLine

UNTAXED, EXEMPT = -1, -2
"""How the platform writes 不征税 and 免税 where a rate stands."""
SHIPPED = """\
goods 2016-05-01 1030200000000000000 食品
farm 2016-05-01 1010100000000000000 农产品
exempt 2016-05-01 1010100000000000000 农产品
ticket 2016-05-01 3070301000000000000 旅游服务
catering 2016-05-01 3070401000000000000 餐饮服务
lodging 2016-05-01 3070402000000000000 住宿服务
deposit 2016-05-01 6000000000000000000 押金
1.2 2016-05-01 1010116010000000000 茶叶
2.2 2016-05-01 1060501010000000000 工艺品
9 2016-05-01 1070601010000000000 塑料制品
"""
_ROW = re.compile(r"(\S{1,20}) (\d{4}-\d{2}-\d{2}) (\d{19}) (\S{1,20})")


class TaxCode(msgspec.Struct, frozen=True):
    """One row: from `day` on goods under `key` stand under `code`."""

    key: str
    day: str
    code: str
    name: str


def parse_tax_codes(text: str) -> tuple[TaxCode, ...]:
    """The rows of a table. Raises Refusal("tax_codes_bad") naming the line."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not (line := " ".join(line.split())):
            continue
        match = _ROW.fullmatch(line)
        try:
            row = TaxCode(*match.groups()) if match else None
            if row is not None:
                date.fromisoformat(row.day)
        except ValueError:
            row = None
        if row is None:
            raise Refusal("tax_codes_bad", line=number, text=line[:40])
        rows.append(row)
    return tuple(rows)


def tax_codes(own: str) -> tuple[TaxCode, ...]:
    """The shop's own rows above the shipped ones."""
    return (*parse_tax_codes(SHIPPED), *parse_tax_codes(own))


def code_for(codes: Iterable[TaxCode], line: SaleLine, day: str) -> TaxCode:
    """The row a line of a sale of that day stands under. Raises Refusal("tax_code_missing")."""
    begun = [each for each in codes if each.day <= day]
    for key in _keys(line):
        if found := [each for each in begun if each.key == key]:
            # Of equal days the shop's own row, which comes later.
            return max(enumerate(found), key=lambda each: (each[1].day, each[0]))[1]
    raise Refusal("tax_code_missing", name=line.name, kind=line.tax_class)


def _keys(line: SaleLine) -> Iterable[str]:
    if line.kind == "deposit":
        return ("deposit",)
    parts = line.category.split(".")
    above = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return (line.product, *above, line.tax_class)


def rate_of(line: SaleLine) -> int:
    """A sale line's rate as an invoice says it."""
    if line.kind == "deposit":
        return UNTAXED
    return EXEMPT if line.tax_class == "exempt" else line.tax_rate

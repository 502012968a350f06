"""PLU lists for scales that print labels: one CSV a family of scales, with columns it can map.

Every family's own program takes a table and lets its columns be assigned; how scales are written
to directly is the maker's secret and no part of this. What the columns mean stands in `COLUMNS`
and in docs/label_scales.md; both say the same, a test holds them together.
"""

import csv
import io
from collections.abc import Sequence

import msgspec

from app.catalogue.scales import ScaleFormat
from app.errors import Refusal
from app.facts.catalogue import Product
from app.money import yuan
from app.table_file import safe

COLUMNS: dict[str, str] = {
    "PLU": "scale's number of the goods: our code, without leading zeros",
    "品名": "name, at most the family's number of Han characters",
    "单价": "yuan per kilogram, two decimals",
    "单位": "always kg",
    "计价方式": "0 = by weight",
    "条码前缀": "first digits of the label's bars",
    "条码位数": "digits of the label's bars: 13 says the amount, 18 amount and weight",
    "条码格式": "the layout written out: P = PLU, A = amount in fen, W = grams, C = check digit",
    "保质天数": "days the goods last, 0 = ends with its day or nobody says",
    "皮重": "grams taken off, 0",
    "产地": "where it comes from, for the label",
    "规格等级": "spec and grade, for the label",
}
"""Column -> what stands in it."""


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """What one maker's program wants: which columns in which order, how text is written."""

    name: str
    columns: tuple[str, ...]
    encoding: str
    most_plu: int
    most_name: int


FAMILIES: dict[str, Family] = {
    "dahua": Family(
        name="大华",
        columns=("PLU", "品名", "单价", "单位", "计价方式", "条码前缀", "条码位数", "条码格式",
                 "保质天数", "皮重", "产地", "规格等级"),
        encoding="gb18030", most_plu=99_999, most_name=18,
    ),
    "aclas": Family(
        name="顶尖",
        columns=("PLU", "品名", "条码前缀", "条码位数", "条码格式", "单价", "单位", "计价方式",
                 "皮重", "保质天数", "产地", "规格等级"),
        encoding="utf-8-sig", most_plu=999_999, most_name=20,
    ),
}  # fmt: skip
"""Families met in these shops; their programs were not at hand, the columns are to be assigned."""


class PluList(msgspec.Struct, frozen=True):
    """The file, how many goods are in it, and those that cannot be: their codes."""

    content: bytes
    goods: int
    left_out: tuple[str, ...]


def plu_list(
    family: str, goods: Sequence[Product], formats: Sequence[ScaleFormat], digits: str
) -> PluList:
    """Weighed goods at the prices they carry, by PLU, for a family of scales.

    Raises Refusal: unknown_scale_family, no_scale_format.
    """
    if (kind := FAMILIES.get(family)) is None:
        raise Refusal("unknown_scale_family", name=family[:20], known="、".join(FAMILIES))
    layout = next((one for one in formats if str(one.length) == digits), None)
    if layout is None:
        raise Refusal("no_scale_format", digits=digits[:8])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(kind.columns)
    known, left_out = [], []
    for one in goods:
        if not one.weighed or not one.active or one.kind != "goods":
            continue
        fits = one.code.isascii() and one.code.isdigit() and len(one.code) <= layout.plu_length
        if fits and int(one.code) <= kind.most_plu:
            known.append(one)
        else:
            left_out.append(one.code)
    for one in sorted(known, key=lambda each: int(each.code)):
        cells = _cells(one, layout, kind)
        writer.writerow([safe(cells[name]) for name in kind.columns])
    content = out.getvalue().encode(kind.encoding, "replace")
    return PluList(content, len(known), tuple(sorted(left_out)))


def _cells(one: Product, layout: ScaleFormat, kind: Family) -> dict[str, str]:
    return {
        "PLU": str(int(one.code)),
        "品名": one.name[: kind.most_name],
        "单价": yuan(one.price),
        "单位": "kg",
        "计价方式": "0",
        "条码前缀": layout.prefix,
        "条码位数": str(layout.length),
        "条码格式": layout.name,
        "保质天数": str(one.shelf_days),
        "皮重": "0",
        "产地": one.true_origin or one.origin_town,
        "规格等级": f"{one.spec} {one.tier}".strip(),
    }

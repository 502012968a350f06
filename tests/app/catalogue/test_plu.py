"""The table a label scale's own program reads: weighed goods, their prices, what columns mean."""

import csv
from pathlib import Path

import pytest

from app.catalogue.plu import COLUMNS, FAMILIES, plu_list
from app.catalogue.scales import DEMO_FORMATS
from app.errors import Refusal
from app.facts.catalogue import Product

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "label_scales.md"
MELON = Product(code="16008", name="潭碧冬瓜", unit="kg", weighed=1, price=6_60, origin_town="赤坎")
GOODS = [
    MELON,
    Product(code="11012", name="=烧鹅()", unit="kg", weighed=1, price=108_00, shelf_days=1),
    Product(code="12001", name="大沙红茶", unit="罐", price=68_00),
    Product(code="KP01-7", name="自家菜", unit="kg", weighed=1, price=5_00),
    Product(code="16010", name="不卖了", unit="kg", weighed=1, price=5_00, active=0),
    Product(code="160090", name="六位", unit="kg", weighed=1, price=5_00),
]


def table(family: str, digits: str = "13") -> list[dict[str, str]]:
    found = plu_list(family, GOODS, DEMO_FORMATS, digits)
    text = found.content.decode(FAMILIES[family].encoding)
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("family", FAMILIES)
def test_weighed_goods_by_their_number_and_no_others(family: str) -> None:
    assert [(row["PLU"], row["单价"], row["单位"]) for row in table(family)] == [
        ("11012", "108.00", "kg"),
        ("16008", "6.60", "kg"),
    ]
    found = plu_list(family, GOODS, DEMO_FORMATS, "13")
    assert (found.goods, found.left_out) == (2, ("160090", "KP01-7"))


def test_the_labels_layout_is_the_shops() -> None:
    for digits, prefix in (("13", "21"), ("18", "22")):
        row = table("dahua", digits)[1]
        assert (row["条码前缀"], row["条码位数"]) == (prefix, digits)
    assert table("dahua")[1]["产地"] == "赤坎"


def test_no_spreadsheet_runs_a_name() -> None:
    assert table("aclas")[0]["品名"] == "'=烧鹅()"


def test_what_is_not_known_is_refused() -> None:
    for family, digits, code in (
        ("nobody", "13", "unknown_scale_family"),
        ("dahua", "20", "no_scale_format"),
    ):
        with pytest.raises(Refusal) as refused:
            plu_list(family, GOODS, DEMO_FORMATS, digits)
        assert refused.value.code == code


def test_every_column_and_family_is_documented() -> None:
    said = DOCUMENT.read_text("utf-8")
    for family, kind in FAMILIES.items():
        assert sorted(kind.columns) == sorted(COLUMNS)
        assert f"`{family}`" in said and f"| {kind.most_plu} |" in said
    for column in COLUMNS:
        assert f"\n| {column} |" in said

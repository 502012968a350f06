"""Tables people bring: every bad row is named, none is lost, nothing is run."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.catalogue import sheets
from app.catalogue.importing import preview
from app.catalogue.reading import Kind, Known, Preview
from app.catalogue.sentences import SENTENCES
from app.errors import Refusal
from app.facts.catalogue import Certificate, Product

HEAD = "货号,品名,单位,售价,条码\n"


def table(rows: str, head: str = HEAD, known: Known | None = None) -> Preview:
    return preview((head + rows).encode(), "products", known)


def codes_of(seen: Preview) -> list[tuple[int, str]]:
    return [(one.row, one.code) for one in seen.bad]


def warned(seen: Preview) -> list[tuple[int, str]]:
    return [(one.row, one.code) for one in seen.warnings]


def refusal(data: bytes | Path, kind: Kind = "products") -> str:
    with pytest.raises(Refusal) as caught:
        preview(data, kind)
    return caught.value.code


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_sample_catalogue_comes_in_whole(sample_folder: Path) -> None:
    seen = preview(sample_folder / "kaiping_products.csv")
    assert (seen.totals.rows, seen.totals.good, seen.bad) == (107, 107, ())
    goose = seen.products[3]
    assert (goose.code, goose.price, goose.cost, goose.weighed) == ("11004", 8800, 44_000_000, 1)
    bag = seen.products[-1]
    assert (bag.code, bag.reducible, bag.price, bag.cost) == ("99001", 0, 50, 250_000)
    assert {one.code for one in seen.warnings} == {
        "no_certificate",
        "oem_incomplete",
        "health_food_no_missing",
    }


def test_every_bad_row_is_named_and_none_is_lost() -> None:
    seen = table(
        "A1,好茶,盒,12.50,\n"
        "A2,,盒,12.50,\n"
        "A3,坏价,盒,十二,\n"
        "A4,零价,盒,0,\n"
        "A5,天价,盒,9999999,\n"
        "A6,斤,市斤,5,\n"
        "A7,怪单位,拃,5,\n"
        "A 8,坏号,盒,5,\n"
        "A1,重号,盒,5,\n"
        "\n"
        "A9,多一格,盒,5,,多,的\n"
        'A10,"引号没完,盒,5,\n'
        "A11,还在,盒,5,\n"
        "A12,错误值,盒,#REF!,\n"
        "A13,公式,盒,=1+1,\n"
    )
    assert codes_of(seen) == [
        (3, "missing"),
        (4, "price_bad"),
        (5, "price_zero"),
        (6, "price_absurd"),
        (7, "unit_jin"),
        (8, "unit_unknown"),
        (9, "code_bad"),
        (10, "code_twice"),
        (12, "too_many_cells"),
        (13, "row_unreadable"),
        (15, "cell_error"),
        (16, "formula"),
    ]
    assert [one.code for one in seen.products] == ["A1", "A11"]
    totals = seen.totals
    assert (totals.rows, totals.good, totals.bad, totals.blank) == (14, 2, 12, 1)
    twice = seen.bad[7]
    assert twice.text == "A1,重号,盒,5,"
    assert twice.column == "货号"
    assert twice.sentence == "货号“A1”与第 2 行重复"


def test_a_quote_that_is_never_closed_costs_one_row_not_the_file() -> None:
    rows = "".join(f"B{n},茶{n},盒,5,\n" for n in range(50))
    seen = table('A1,"坏,盒,5,\n' + rows)
    assert codes_of(seen) == [(2, "row_unreadable")]
    assert len(seen.products) == 50
    # An inch sign further down does not close it when the columns do not fit.
    inch = table('A1,"坏,盒,5,\nA2,5寸",盒,5,,\n')
    assert codes_of(inch) == [(2, "row_unreadable")]
    assert [one.name for one in inch.products] == ['5寸"']
    # A quoted cell may hold a line end all the same.
    good = table('A1,"两行\n的名",盒,5,\nA2,后面,盒,5,\n')
    assert [one.name for one in good.products] == ["两行 的名", "后面"]
    assert good.bad == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_tables_from_any_chinese_spreadsheet_are_read(encoding: str) -> None:
    data = (HEAD + "A1,蚬冈濑粉㐂,盒,5,\r\n").encode(encoding)
    assert preview(data).products[0].name == "蚬冈濑粉㐂"


def test_headings_are_known_by_many_names_in_any_order() -> None:
    data = "某某店商品表,,,\n\nPrice (yuan)\t 商品名称 *\t计量单位\tSKU\t备注\n5\t茶\t盒\tA1\t无\n"
    seen = preview(data.replace(",", "\t").encode())
    assert (seen.products[0].code, seen.products[0].price) == ("A1", 500)
    assert [(one.column, one.code) for one in seen.warnings] == [("备注", "column_unknown")]
    assert seen.totals.blank == 2


def test_formulas_and_signs_are_text_and_never_run() -> None:
    seen = table("A1,=1+1,盒,5,\nA2,@SUM(A1),盒,5,\nA3,-茶,盒,5,\n")
    assert [one.name for one in seen.products] == ["=1+1", "@SUM(A1)", "-茶"]
    assert warned(seen) == [(row, "looks_like_formula") for row in (2, 3, 4)]
    book = preview(workbook(("货号", "品名", "单位", "售价"), ("A1", "=1+1", "盒", "=2*3")))
    assert codes_of(book) == [(2, "formula")]


def test_barcodes_a_spreadsheet_has_spoilt_are_refused_in_clear_words() -> None:
    seen = table("A1,茶,盒,5,6.9E+12\nA2,茶,盒,5,69000001一\nA3,茶,盒,5,134567890123456789\n")
    assert codes_of(seen) == [
        (2, "barcode_scientific"),
        (3, "barcode_bad"),
        (4, "barcode_wallet"),
    ]
    assert "科学计数" in seen.bad[0].sentence
    head = ("货号", "品名", "单位", "售价", "条码")
    book = preview(
        workbook(
            head,
            ("A1", "茶", "盒", 5, 6900000120033),
            ("A2", "茶", "盒", 5, 12345678901),
            ("A3", "茶", "盒", 5, 69000001200331234567),
            ("A4", "茶", "盒", 5, "0012345"),
        )
    )
    assert [(one.code, one.product) for one in book.barcodes] == [
        ("6900000120033", "A1"),
        ("0012345", "A4"),
    ]
    assert codes_of(book) == [(3, "barcode_number"), (4, "barcode_scientific")]


def test_a_barcode_belongs_to_one_product() -> None:
    known = Known(barcodes={"6900000120033": "12003"})
    seen = table(
        "A1,茶,盒,5,96385074\nA2,茶,盒,5,96385074\nA3,茶,盒,5,6900000120033\nA4,茶,盒,5,96385075\n",
        known=known,
    )
    assert codes_of(seen) == [(3, "barcode_twice"), (4, "barcode_taken")]
    assert warned(seen) == [(5, "check_digit")]


def test_numbers_of_a_spreadsheet_mean_what_the_eye_sees() -> None:
    seen = preview(
        workbook(
            ("货号", "品名", "单位", "售价", "称重", "进价"),
            (11001, "茶", "盒", 19.9, False, 0.1 + 0.2),
            (11002, "鹅", "公斤", "¥1,680.00", True, "9"),
            (11003, "米", "袋", 19.999, "否", ""),
        )
    )
    tea, goose = seen.products
    assert (tea.code, tea.price, tea.cost, tea.weighed) == ("11001", 1990, 300_000, 0)
    assert (goose.unit, goose.price, goose.weighed) == ("kg", 168_000, 1)
    assert codes_of(seen) == [(4, "price_bad")]
    assert (3, "unit_spelling") in warned(seen)


def test_slips_of_the_plan_are_mended_and_said() -> None:
    seen = table("A1,碧潭冬瓜,盒,5,\nA2,稳糠米与稳粮米,盒,5,\nA3,金乡鸡,盒,5,\nA4,金乡蛋,盒,5,\n")
    assert [one.name for one in seen.products] == ["潭碧冬瓜", "稳糖米与稳糖米", "金鸡鸡", "金鸡蛋"]
    assert warned(seen) == [(row, "slip_mended") for row in (2, 3, 3, 4, 5)]


def test_words_that_claim_a_cure_are_refused_without_an_approved_claim() -> None:
    head = "货号,品名,单位,售价,证书,介绍\n"
    rows = "A1,降糖米,盒,5,,\nA2,好米,盒,5,,帮助减肥\nA3,降脂茶,盒,5,SM-1,\n"
    claim = Certificate(number="SM-1", kind="claim", text="有助于降脂", valid_to="2026-12-31")
    known = Known(certificates=(claim,), today="2026-12-07")
    seen = table(rows, head, known)
    assert codes_of(seen) == [(2, "claim_not_approved"), (3, "claim_not_approved")]
    assert [one.code for one in seen.products] == ["A3"]
    late = table(rows, head, Known(certificates=(claim,), today="2027-01-01"))
    assert len(late.bad) == 3


def test_unknown_words_in_the_columns_of_choice_are_named() -> None:
    head = "货号,品名,单位,售价,称重,标识,品牌镇,税率,档,类,效期,保质天数\n"
    rows = (
        "A1,茶,盒,5,也许,双,大沙,13%,高,1.2,常温,270\n"
        "A2,茶,盒,5,否,大,,13,高,1.2,常温,270\n"
        "A3,茶,盒,5,否,镇,,13,高,1.2,常温,270\n"
        "A4,茶,盒,5,否,镇,火星,13,高,1.2,常温,270\n"
        "A5,茶,盒,5,否,县,,12,高,1.2,常温,270\n"
        "A6,茶,盒,5,是,县,,13,高,1.2,常温,九个月\n"
        "A7,茶,盒,5,是,县,,13,高,1.2,常温,\n"
        "A8,茶,盒,5,否,双,大沙,13%,高,7.7,常温,\n"
    )
    known = Known(brand_towns=frozenset({"大沙"}), categories=frozenset({"1.2"}))
    seen = table(rows, head, known)
    assert codes_of(seen) == [
        (2, "yes_no_bad"),
        (3, "choice_bad"),
        (4, "mark_needs_town"),
        (5, "town_unknown"),
        (6, "rate_bad"),
        (7, "number_bad"),
        (7, "weighed_needs_kg"),
        (8, "weighed_needs_kg"),
    ]
    assert warned(seen) == [(9, "shelf_days_missing"), (9, "category_unknown")]
    assert (seen.products[0].mark, seen.products[0].tier) == ("dual", "高端")


def test_a_price_update_leaves_everything_else_as_it_is() -> None:
    old = Product(code="A1", name="茶", unit="盒", price=500, tax_rate=13, aliases=("黄茶",))
    seen = preview("货号,售价\nA1,6\nA2,6\n".encode(), known=Known(products={"A1": old}))
    (now,) = seen.products
    assert (now.price, now.name, now.aliases, now.tax_rate) == (600, "茶", ("黄茶",), 13)
    assert codes_of(seen) == [(3, "missing"), (3, "missing")]
    dear = preview("货号,售价\nA1,60\n".encode(), known=Known(products={"A1": old}))
    assert warned(dear) == [(2, "price_jump")]


def test_barcodes_and_kits_name_products_that_exist() -> None:
    def product(code: str, kind: str = "goods", weighed: int = 0) -> Product:
        return Product(code=code, name="茶", unit="盒", price=1, kind=kind, weighed=weighed)

    products = {
        one.code: one for one in (product("T1"), product("W1", weighed=1), product("K1", "kit"))
    }
    known = Known(products=products)
    seen = preview(
        b"product,code,pack\nT1,96385074,12\nT1,96385074,12\nT1,96385074,6\nT9,4006381333931,1\n"
        b"W1,DEF-2,2\nT1,ABC-1,0\n",
        "barcodes",
        known,
    )
    assert [(one.code, one.pack) for one in seen.barcodes] == [("96385074", 12)]
    assert warned(seen) == [(3, "barcode_repeated")]
    assert codes_of(seen) == [
        (4, "barcode_twice"),
        (5, "product_unknown"),
        (6, "pack_of_weighed"),
        (7, "number_bad"),
    ]
    kits = preview(
        b"kit,part,quantity\nK1,T1,2\nK1,W1,0.5\nK1,T1,1\nT1,W1,1\nK1,K1,1\nK1,X,1\nK1,T1,0.5\n",
        "kits",
        known,
    )
    assert [(one.part, one.quantity) for one in kits.kit_parts] == [("T1", 2000), ("W1", 500)]
    assert [code for _, code in codes_of(kits)] == [
        "kit_part_twice",
        "kit_unknown",
        "kit_in_kit",
        "product_unknown",
        "quantity_bad",
        "kit_part_twice",
    ]


def test_certificates_brands_and_taxonomy_are_checked_too() -> None:
    papers = preview(
        "证书号,种类,有效期至\nYJ-1,有机,2026年12月31日\nYJ-1,有机,\nYJ-2,魔法,\nYJ-3,绿色,31/12/26\n".encode(),
        "certificates",
    )
    assert papers.certificates == (
        Certificate(number="YJ-1", kind="organic", valid_to="2026-12-31"),
    )
    assert codes_of(papers) == [(3, "number_twice"), (4, "choice_bad"), (5, "date_bad")]
    brands = preview("code,name,level,town\nA,甲,镇,\nB,乙,县,\nB,丙,县,\n".encode(), "brands")
    assert codes_of(brands) == [(2, "missing"), (4, "number_twice")]
    nodes = preview(
        "code,name,parent,version\n1,农,,v1\n1.1,鹅,1,v1\n2.1,茶,2,v1\n3,水,,v2\n1,鱼,,v1\n".encode(),
        "taxonomy",
    )
    assert codes_of(nodes) == [(4, "parent_unknown"), (5, "choice_bad"), (6, "number_twice")]
    assert nodes.taxonomy == "v1"


def test_files_that_are_no_tables_are_refused_whole(tmp_path: Path) -> None:
    assert refusal(b"") == "import_empty"
    assert refusal(b"\xef\xbb\xbf \r\n,,,\r\n") == "import_empty"
    assert refusal(HEAD.encode()) == "import_empty"
    assert refusal(b"\xff\xff\xff\x00 broken \xfe") == "import_encoding"
    assert refusal(b"\xd0\xcf\x11\xe0" + b"x" * 600) == "import_old_excel"
    assert refusal(b"PK\x03\x04 not a zip at all") == "import_broken"
    assert refusal("甲,乙\n1,2\n".encode()) == "import_columns_missing"
    assert refusal(tmp_path / "nowhere.csv") == "import_no_file"
    assert refusal(tmp_path) == "import_no_file"


def test_a_broken_workbook_is_refused_wherever_the_damage_lies() -> None:
    good = workbook(("货号", "品名", "单位", "售价"), ("A1", "茶", "盒", 5))
    assert refusal(good[: len(good) // 2]) == "import_broken"
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for spoilt in (
        {**parts, sheet: parts[sheet][:-40]},
        {**parts, sheet: b"<not xml"},
        {name: part for name, part in parts.items() if name != sheet},
        {"hello.txt": b"hello"},
    ):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, part in spoilt.items():
                archive.writestr(name, part)
        assert refusal(stream.getvalue()) == "import_broken"


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (40 << 20))
    assert refusal(stream.getvalue()) == "import_too_large"


def test_more_rows_than_a_shop_can_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 20)
    rows = "".join(f"B{n},茶,盒,5,\n\n" for n in range(20))
    assert len(table(rows).products) == 20
    assert refusal((HEAD + rows + "B21,茶,盒,5,\n").encode()) == "import_too_many_rows"


def test_control_characters_are_taken_out_and_said() -> None:
    seen = table("A1,好\x07茶\u202e,盒,5,\n")
    assert seen.products[0].name == "好茶"
    assert warned(seen) == [(2, "cleaned")]


def test_absurd_cells_are_refused_not_cut() -> None:
    seen = table(f"A1,{'茶' * 61},盒,5,\nA2,{'茶' * 200_000},盒,5,\nA3,茶,盒,5,{'1' * 301}\n")
    assert codes_of(seen) == [(2, "text_too_long"), (3, "row_unreadable"), (4, "text_too_long")]


def test_no_sentence_is_written_twice() -> None:
    assert len(set(SENTENCES.values())) == len(SENTENCES)

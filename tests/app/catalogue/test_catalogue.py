"""Recording a catalogue and reading it again."""

import random
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, delete, select

from app.catalogue import actions, queries, tables
from app.catalogue.actions import import_products, load_sample
from app.catalogue.apply import APPLY
from app.catalogue.codes import parse_scan
from app.catalogue.importing import preview
from app.catalogue.reading import Kind
from app.catalogue.scales import DEMO_FORMATS
from app.errors import Refusal
from app.facts.base import Fact
from app.facts.catalogue import (
    Barcode,
    BarcodesSet,
    Brand,
    BrandsSet,
    Certificate,
    CertificatesSet,
    KitPart,
    KitsSet,
    Product,
    ProductsSet,
    TaxonomyNode,
    TaxonomySet,
)
from app.journal.tables import entry
from app.row_writer import write_changes
from app.rows import HUB, METADATA, Change, Envelope
from app.transaction import Books, transaction

SHOP = "KP01"


def take(books: Books, text: str, kind: Kind = "products") -> actions.Imported:
    with books.read() as db:
        seen = preview(text.encode(), kind, queries.known(db, SHOP, "2026-12-07"))
    assert seen.bad == ()
    with transaction(books, staff="301") as tx:
        return import_products(tx, seen)


def goods(books: Books, text: str) -> tuple[str, int] | None:
    with books.read() as db:
        found = queries.goods_of(db, SHOP, parse_scan(text, formats=DEMO_FORMATS).reading)
    return None if found is None else (found[0].code, found[1])


def test_the_sample_shop_is_loaded_whole_and_only_once(books: Books, sample_folder: Path) -> None:
    with transaction(books, staff="301") as tx:
        done = load_sample(tx, sample_folder)
    assert (done.products, done.barcodes, done.kit_parts, done.brands) == (107, 73, 5, 7)
    with books.read() as db:
        assert queries.price_list_version(db, SHOP) == done.document != ""
        assert len(queries.all_products(db, SHOP)) == 107
    with transaction(books, staff="301") as tx:
        again = load_sample(tx, sample_folder)
        assert tx.entries == []
    assert again == actions.Imported("", 0, 0, 0, 0, 0, 0)


def test_a_spoilt_sample_is_refused(books: Books, sample_folder: Path, tmp_path: Path) -> None:
    for name, _ in actions.SAMPLE:
        text = (sample_folder / name).read_text()
        (tmp_path / name).write_text(text.replace("11004,", "11004,,", 1))
    with pytest.raises(Refusal, match="sample_broken"), transaction(books) as tx:
        load_sample(tx, tmp_path)
    with books.read() as db:
        assert queries.brands(db, SHOP) == {}


def test_what_the_sample_says_is_what_is_read(sample: Books) -> None:
    with sample.read() as db:
        tea = queries.product(db, SHOP, "12003")
        assert tea is not None
        assert (tea.price, tea.aliases, tea.initials[0]) == (12800, ("黄茶",), "dshctj100g")
        assert queries.kit_parts(db, SHOP, "12007") == [
            KitPart(kit="12007", part="12003", quantity=1000),
            KitPart(kit="12007", part="21004", quantity=10_000),
        ]
        assert queries.kit_parts(db, SHOP, "12003") == []
        assert [one.pack for one in queries.barcodes_of(db, SHOP, "21004")] == [1, 24]
        nodes = queries.taxonomy(db, SHOP)
        assert nodes["3.4"].name == "开平民宿"
        assert all(node.parent in nodes for node in nodes.values() if node.parent)
        categories = {one.category for one in queries.all_products(db, SHOP).values()}
        assert categories <= nodes.keys()
        assert queries.product(db, SHOP, "00000") is None
        assert list(queries.products(db, SHOP, ["99001", "x", "11001"])) == ["99001", "11001"]


@pytest.mark.parametrize(
    ("text", "code", "pack"),
    [
        ("6900000120033", "12003", 1),
        ("06900000120033", "12003", 1),
        ("(01)06900001210047(10)A", "21004", 24),
        ("6900001110149", "11014", 12),
        ("2111004218778", "11004", 1),
        ("221101213338012356", "11012", 1),
        ("01029500001600903103001234", "16009", 1),
        ("99001", "99001", 1),
    ],
)
def test_a_scan_finds_its_product_and_pieces(
    sample: Books, text: str, code: str, pack: int
) -> None:
    assert goods(sample, text) == (code, pack)


def test_what_this_shop_does_not_know_is_nothing(sample: Books) -> None:
    for text in ("6901234567892", "6900000120034", "77777", "", "\x00", "134567890123456789"):
        assert goods(sample, text) is None


def test_a_text_nobody_can_read_is_goods_where_the_shop_says_so(books: Books) -> None:
    take(
        books,
        "货号,品名,单位,售价,条码\nKP01-1,茶,盒,5,ABC/1\nKP01-2,米,盒,5,96385075\n007,鹅,只,5,\n",
    )
    assert goods(books, "ABC/1") == ("KP01-1", 1)
    assert goods(books, "96385075") == ("KP01-2", 1)
    assert goods(books, "KP01-2") == ("KP01-2", 1)
    assert goods(books, "007") == ("007", 1)


def test_a_plu_with_noughts_in_front_finds_the_code_without_them(books: Books) -> None:
    take(books, "货号,品名,单位,售价\n7,鹅,只,5\n")
    with books.read() as db:
        found = queries.by_plu(db, SHOP, "00007")
        assert found is not None
        assert found.code == "7"
        assert queries.by_plu(db, SHOP, "00000") is None


def test_only_what_changed_is_recorded_again(books: Books) -> None:
    take(books, "货号,品名,单位,售价\nA1,茶,盒,5\nA2,米,袋,6\n")
    first = take(books, "货号,品名,单位,售价\nA1,茶,盒,5\nA2,米,袋,7\n")
    assert first.products == 1
    with books.read() as db:
        assert queries.price_list_version(db, SHOP) == first.document
    assert take(books, "货号,品名,单位,售价\nA2,米,袋,7\n").document == ""


def test_a_kits_new_list_takes_out_what_it_no_longer_names(books: Books) -> None:
    take(books, "货号,品名,单位,售价,类型\nK,盒,盒,9,套装\nA,茶,盒,5,\nB,米,袋,5,\n")
    take(books, "套装,部件,数量\nK,A,1\nK,B,2\n", "kits")
    take(books, "套装,部件,数量\nK,A,3\n", "kits")
    with books.read() as db:
        assert queries.kit_parts(db, SHOP, "K") == [KitPart(kit="K", part="A", quantity=3000)]


def test_long_lists_become_several_facts_below_the_size_of_an_entry(books: Books) -> None:
    rows = "".join(f"P{n},第{n}种茶,盒,{n + 1},{'很长的介绍' * 60}\n" for n in range(200))
    done = take(books, "货号,品名,单位,售价,介绍\n" + rows)
    with books.read() as db:
        kept = db.execute(select(entry.c.content).where(entry.c.kind == "products_set@1")).all()
        assert len(queries.all_products(db, SHOP)) == 200
    facts = [msgspec.json.decode(row.content) for row in kept]
    assert len(facts) > 3
    assert max(len(row.content) for row in kept) < 60 * 1024
    assert {fact["document"] for fact in facts} == {done.document}
    assert [fact["part"] for fact in facts] == list(range(1, len(facts) + 1))
    assert {fact["parts"] for fact in facts} == {len(facts)}


def test_initials_made_before_the_transaction_are_the_same(books: Books) -> None:
    seen = preview("货号,品名,单位,售价\nA1,小粘,盒,5\n".encode())
    with books.read() as db:
        ready = actions.with_initials(seen, queries.known(db, SHOP))
    assert set(ready.products[0].initials) >= {"xz", "xn"}
    with transaction(books, staff="301") as tx:
        import_products(tx, ready)
    with books.read() as db:
        assert queries.all_products(db, SHOP)["A1"] == ready.products[0]


def test_certificates_are_kept_and_an_old_taxonomy_fades(books: Books) -> None:
    take(books, "证书号,种类\nYJ-1,有机\n", "certificates")
    take(books, "code,name,parent,version\n1,农,,v1\n1.1,鹅,1,v1\n", "taxonomy")
    assert take(books, "code,name,parent,version\n1,农品,,v2\n", "taxonomy").nodes == 1
    with books.read() as db:
        assert list(queries.certificates(db, SHOP)) == ["YJ-1"]
        assert {node.name for node in queries.taxonomy(db, SHOP).values()} == {"农品"}


# --- what facts mean, in any order ------------------------------------------------------------

TEA = Product(code="A", name="茶", unit="盒", price=500)
FACTS: tuple[Fact, ...] = (
    ProductsSet(shop=SHOP, document="d1", products=(TEA,)),
    ProductsSet(shop=SHOP, document="d2", products=(msgspec.structs.replace(TEA, price=600),)),
    BarcodesSet(shop=SHOP, document="d1", barcodes=(Barcode(code="1", product="A"),)),
    BarcodesSet(shop=SHOP, document="d2", barcodes=(Barcode(code="1", product="B"),)),
    KitsSet(shop=SHOP, document="d1", parts=(KitPart(kit="K", part="A", quantity=1000),)),
    KitsSet(shop=SHOP, document="d2", parts=(KitPart(kit="K", part="A", quantity=0),)),
    BrandsSet(shop=SHOP, document="d1", brands=(Brand(code="KP", name="开平", level="county"),)),
    CertificatesSet(shop=SHOP, document="d1", certificates=(Certificate(number="1", kind="gi"),)),
    TaxonomySet(shop=SHOP, document="d1", version="v1", nodes=(TaxonomyNode(code="1", name="农"),)),
    TaxonomySet(shop=SHOP, document="d2", version="v2", nodes=(TaxonomyNode(code="1", name="工"),)),
)


def envelope(seq: int) -> Envelope:
    return Envelope(1, "j", seq, "", f"f{seq}", "", 1000 + seq, 0, "301", "")


def changes(order: list[int]) -> list[Change]:
    return [
        change
        for seq in order
        for apply in APPLY[type(FACTS[seq])]
        for change in apply(envelope(seq), FACTS[seq])
    ]


def everything(db: Connection) -> dict[str, list[tuple[object, ...]]]:
    names = ["product", "barcode", "kit_part", "brand", "certificate", "taxonomy_node"]
    every = [METADATA.tables[name] for name in (*names, "catalogue_version")]
    return {
        table.name: [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key))]
        for table in every
    }


def test_any_order_of_arrival_ends_in_the_same_catalogue(books: Books) -> None:
    """Shuffled and doubled, each fact in a transaction of its own."""
    dice = random.Random(7)
    ends = []
    for _ in range(12):
        order = [*range(len(FACTS)), *dice.sample(range(len(FACTS)), 4)]
        dice.shuffle(order)
        with transaction(books) as tx:
            for seq in order:
                write_changes(tx.connection, changes([seq]))
            ends.append(everything(tx.connection))
            for name in ends[-1]:
                tx.connection.execute(delete(METADATA.tables[name]))
    assert all(end == ends[0] for end in ends)
    (product,) = ends[0]["product"]
    assert 600 in product


def test_the_hubs_row_stands_above_the_shops(books: Books) -> None:
    take(books, "货号,品名,单位,售价,类型,条码\nA,茶,盒,5,,1234567\nK,盒,盒,9,套装,\nB,米,袋,5,,\n")
    take(books, "套装,部件,数量\nK,A,1\n", "kits")
    with transaction(books) as tx:
        row = tx.connection.execute(
            select(tables.product).where(tables.product.c.code == "A")
        ).one()
        hub = row._asdict() | {"owner": HUB, "price": 450, "version": "0"}
        # A shop's id may come before "hub" in the alphabet, or after it.
        late = {"shop": "zz", "code": "A"}
        for values in (hub, hub | late, hub | late | {"owner": "zz", "price": 1}):
            tx.connection.execute(tables.product.insert(), values)
        tx.connection.execute(
            tables.barcode.insert(),
            {"shop": SHOP, "owner": "hub", "version": "0", "code": "1234567", "product": "B",
             "pack": 6},
        )  # fmt: skip
        tx.connection.execute(
            tables.kit_part.insert(),
            {"shop": SHOP, "owner": "hub", "version": "0", "kit": "K", "part": "B",
             "quantity": 2000},
        )  # fmt: skip
    with books.read() as db:
        product = queries.product(db, SHOP, "A")
        assert product is not None
        assert product.price == 450
        late_product = queries.product(db, "zz", "A")
        assert late_product is not None
        assert late_product.price == 450
        assert queries.all_products(db, "zz")["A"].price == 450
        assert queries.products(db, "zz", ["A"])["A"].price == 450
        assert queries.all_products(db, SHOP)["A"].price == 450
        assert queries.products(db, SHOP, ["A"])["A"].price == 450
        found = queries.by_barcode(db, SHOP, "1234567")
        assert found is not None
        assert (found[0].code, found[1]) == ("B", 6)
        assert queries.kit_parts(db, SHOP, "K") == [KitPart(kit="K", part="B", quantity=2000)]

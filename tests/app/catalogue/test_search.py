"""Finding goods by a few letters, best first, the same every time."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import queries, search
from app.catalogue.actions import import_products
from app.catalogue.importing import preview
from app.transaction import Books, transaction

HEAD = "货号,品名,单位,售价,别名,条码,在售\n"


def found(books: Books, text: str, limit: int = 20) -> list[str]:
    with books.read() as db:
        return [one.code for one in search.find(db, "KP01", text, limit)]


def take(books: Books, rows: str) -> None:
    with transaction(books, staff="301") as tx:
        import_products(tx, preview((HEAD + rows).encode()))


def test_the_cashiers_letters_find_the_tea(sample: Books) -> None:
    assert "12003" in found(sample, "dshc")
    assert found(sample, "dshctj")[0] == "12003"
    assert found(sample, "DSHCTJ")[0] == "12003"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6900000120033", "12003"),
        ("６９０００００１２００３３", "12003"),
        ("06900000120033", "12003"),
        ("6900001210047", "21004"),
        ("12003", "12003"),
        ("xn", "14001"),
        ("xz", "14001"),
        ("zslw", "21016"),
        ("小粘米", "14001"),
        ("酥饼", "21008"),
        ("hctj", "12003"),
        ("蚬冈烤鳗", "15004"),
        ("烤鳗", "15004"),
        ("500ml 酱油", "21002"),
        ("特级 大沙", "12003"),
        ("(18+)", "21010"),
        ("·机关", "32003"),
        ("鳗", "15004"),
    ],
)
def test_every_way_of_asking_finds_it_first(sample: Books, text: str, code: str) -> None:
    assert found(sample, text)[0] == code


def test_the_best_come_first(books: Books) -> None:
    take(
        books,
        "CHA,铜壶,个,5,,,\n"
        "B1,茶花,盆,5,,,\n"
        "B2,山茶,盆,5,,,\n"
        "B3,点心,盒,5,茶点,,\n"
        "B4,插花,把,5,,,\n"
        "B5,好插花,把,5,,,\n"
        "B6,橱柜,个,5,,CH,\n",
    )
    # Exact barcode, code, initials from the start, then initials inside.
    assert found(books, "CH") == ["B6", "CHA", "B1", "B4", "B5"]
    # Name from the start, inside the name, another name.
    assert found(books, "茶") == ["B1", "B2", "B3"]
    assert found(books, "CH", limit=2) == ["B6", "CHA"]


def test_the_shortest_name_that_starts_so_comes_first(sample: Books) -> None:
    assert found(sample, "马冈鹅")[:1] == ["11001"]
    assert found(sample, "dsh")[:2] == ["12001", "12005"]


def test_inactive_products_are_not_offered_and_come_back_when_sold_again(books: Books) -> None:
    take(books, "A1,红茶,盒,5,,96385074,\nA2,红茶包,盒,5,,,\n")
    take(books, "A1,红茶,盒,5,,,否\n")
    assert found(books, "红茶") == ["A2"]
    assert found(books, "96385074") == []
    assert found(books, "A1") == []
    take(books, "A1,红茶,盒,5,,,是\n")
    assert found(books, "红茶") == ["A1", "A2"]


def test_many_inactive_products_do_not_hide_an_active_one(books: Books) -> None:
    take(books, "".join(f"A{n},茶,盒,5,,,否\n" for n in range(120)) + "B1,茶叶,盒,5,,,\n")
    assert found(books, "茶") == found(books, "c") == ["B1"]


def test_a_new_name_is_found_and_the_old_one_no_longer(books: Books) -> None:
    take(books, "A1,红茶,盒,5,乌龙,,\n")
    take(books, "A1,绿茶,盒,5,龙井,,\n")
    for gone in ("红茶", "hc", "乌龙", "wl"):
        assert found(books, gone) == [], gone
    for now in ("绿茶", "lc", "龙井", "lj"):
        assert found(books, now) == ["A1"], now


def test_one_transaction_carries_products_and_index_or_neither(books: Books) -> None:
    def interrupted() -> None:
        with transaction(books, staff="301") as tx:
            import_products(tx, preview((HEAD + "A1,红茶,盒,5,,,\n").encode()))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        interrupted()
    assert found(books, "红茶") == []
    with books.read() as db:
        assert queries.all_products(db, "KP01") == {}


def test_a_rebuilt_index_finds_the_same(sample: Books) -> None:
    questions = ["茶", "d", "dshc", "大沙", "12", "马冈 鹅", "·", "礼盒"]
    before = [found(sample, one) for one in questions]
    with transaction(sample, staff="301") as tx:
        search.rebuild(tx)
    assert [found(sample, one) for one in questions] == before


def test_the_index_is_made_once(books: Books) -> None:
    take(books, "A1,红茶,盒,5,,,\n")
    with transaction(books) as tx:
        search.create(tx.connection)
    assert found(books, "红茶") == ["A1"]


def test_an_alias_ends_where_the_next_begins(books: Books) -> None:
    take(books, "A1,点心,盒,5,红豆、茶点,,\n")
    assert found(books, "豆茶") == []
    assert found(books, "茶点") == ["A1"]


def test_nothing_is_found_by_nothing(sample: Books) -> None:
    for text in ("", "   ", "\u3000", "×", "u00b7", "不存在的东西", "\x00"):
        assert found(sample, text) == []


@given(st.text(max_size=30))
def test_no_question_breaks_the_search(sample: Books, text: str) -> None:
    assert len(found(sample, text)) <= 20


@pytest.mark.parametrize("text", ["'", '"', '" OR name : *', "a*", "NEAR(", "^", "%", "_", "\\"])
def test_signs_of_the_database_are_only_signs(sample: Books, text: str) -> None:
    with sample.read() as db:
        every = [one.name for one in search.find(db, "KP01", text)]
    assert all(text.casefold() in name.casefold() for name in every)


def test_products_of_another_shop_stay_there(sample: Books) -> None:
    with sample.read() as db:
        assert search.find(db, "KP02", "茶") == []


def test_a_found_product_is_the_product(sample: Books) -> None:
    with sample.read() as db:
        (one,) = search.find(db, "KP01", "dshctj")
        assert one == queries.product(db, "KP01", "12003")
    assert msgspec.structs.asdict(one)["price"] == 12800

"""Visitors from Hong Kong and abroad read their receipt; the books stay as they are."""

from app.content import Line, Pair, Paper, Qr, Text
from app.traditional import in_language, traditional
from tests.stories.counters import MANAGER, MakeShop, demo_folder, make_shop

__all__ = ["demo_folder", "make_shop"]

PAPER = Paper(
    kind="receipt",
    blocks=(
        Text("开平优品 · 展示馆"),
        Line(name="马冈鹅蛋卷 300g", quantity="2 盒", unit_price="38.00", amount="76.00",
             reductions=(("第二件半价", "−19.00"),), net="57.00"),
        Pair("应收", "57.00"),
        Qr(data="https://trace.example/发票", caption="扫码看产地"),
    ),
)  # fmt: skip


def test_words_are_told_from_characters() -> None:
    assert traditional("面条、皇后、里面、发票、头发") == "麪條、皇后、裏面、發票、頭髮"
    assert traditional("KP01-1 38.00") == "KP01-1 38.00"


def test_a_paper_is_traditional_but_for_what_machines_read() -> None:
    made = in_language(PAPER, "hant")
    text, line, pair, qr = made.blocks
    assert isinstance(line, Line) and isinstance(qr, Qr)
    assert text == Text("開平優品 · 展示館")
    assert (line.name, line.reductions[0][0]) == ("馬岡鵝蛋卷 300g", "第二件半價")
    assert pair == Pair("應收", "57.00")
    assert (qr.data, qr.caption) == ("https://trace.example/发票", "掃碼看產地")
    assert in_language(PAPER, "zh") is PAPER


def test_the_setting_turns_receipts_and_refunds_and_no_fact(make_shop: MakeShop) -> None:
    shop = make_shop("books")
    shop.open_shift()
    shop.sign_in(MANAGER)
    shop.ok("shop", set={"receipt_language": "hant"})
    shop.ok("add", product="11014")
    number = shop.ok("pay", tender="cash")["receipt"]["number"]
    printed = "".join(shop.ok("receipt", number=number)["receipt"]["rows"])
    assert "馬岡" in printed and "马冈" not in printed and "應收" in printed
    line = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}
    back = shop.ok("refund", receipt=number, lines=[line])["number"]
    refunded = "".join(shop.ok("receipt", number=back)["receipt"]["rows"])
    assert "退貨" in refunded and "退货" not in refunded
    assert "马冈" in str(shop.ok("audit_entry", seq=shop.ok("journal")["head"])["bytes"])

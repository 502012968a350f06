"""Visitors from Hong Kong and abroad read their receipt; the books stay as they are."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.content import Line, Pair, Paper, Qr, Text
from app.languages import english, in_language, traditional
from printers.trial_page import HARD_WORDS
from tests.stories.counters import MANAGER, MakeShop, demo_folder, make_shop
from tests.support.foreign import untranslated

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


# --- English ------------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parents[2]
WORDED = (
    "app/shifts/papers.py", "app/shifts/report_papers.py", "app/shifts/hub_papers.py",
    "app/sales/papers.py", "app/sales/refund_papers.py", "app/sales/invoice_papers.py",
    "app/staff/papers.py", "app/members/papers.py", "app/stock/papers.py",
    "app/stock/count_papers.py", "app/receipt_template.py", "app/tender_names.py",
    "app/stock/reasons.py", "app/content.py", "printers/trial_page.py",
    "printers/layout.py", "printers/table_pdf.py",
    "printers/labels/template.py", "app/settings.py", "app/reports/count_tasks.py",
    "app/reports/customer_tasks.py", "app/reports/drawer_tasks.py", "app/reports/ending_lots.py",
    "app/reports/held_feeds.py", "app/reports/invoice_tasks.py", "app/reports/odd_tasks.py",
    "app/reports/payment_tasks.py", "app/reports/stock_tasks.py", "app/reports/tag_tasks.py",
    "app/reports/tasks.py", "app/reports/audit.py", "app/pricing/board.py",
    "app/pricing/explaining.py", "app/pricing/lines.py", "app/sales/explaining.py",
    "sync/channels/answers.py", "sync/invoicing/gateway.py",
)  # fmt: skip
"""Where papers, tasks and prices get their words."""


def worded(source: str) -> Iterator[str]:
    """Every text a module can say, with 7 for whatever is filled in."""
    tree = ast.parse(source)
    said = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts = {id(each) for node in said for each in node.values}
    parts |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in said:
        yield "".join(str(each.value) if isinstance(each, ast.Constant) else "7"
                      for each in node.values)  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def test_every_text_of_a_paper_or_a_task_has_an_english_one() -> None:
    found = {
        (path, text): chinese
        for path in WORDED
        for text in worded((ROOT / path).read_text(encoding="utf-8"))
        if any("\u4e00" <= letter <= "\u9fff" for letter in text)
        if (chinese := untranslated(english(text), (HARD_WORDS,)))
    }
    assert found == {}


def test_a_text_without_an_english_one_would_be_found() -> None:
    planted = 'Pair(f"尚欠 {open} 元", "已清")'
    assert list(worded(planted)) == ["尚欠 7 元", "已清"]
    assert [untranslated(english(text), ()) for text in worded(planted)] == [
        ["尚欠 7 元"], ["已清"],
    ]  # fmt: skip


def test_a_phrase_keeps_what_was_filled_in_and_says_it_too() -> None:
    assert english("\u30000001 现金改银行卡") == "  0001 Cash to Card"
    assert english("  批次 甲一  到期 2027-08-01") == "  lot 甲一  expires 2027-08-01"
    assert english("马冈鹅蛋卷 300g") == "马冈鹅蛋卷 300g"

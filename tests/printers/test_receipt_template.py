"""A shop's own receipt: what may be changed, and what the law wants said."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content import Banner, Line, Pair, Paper, Qr, Rule, Text
from app.errors import Refusal
from app.receipt_template import FIELDS, PARTS, REQUIRED, check, fill
from printers.template import chosen, preview, shipped
from tests.printers.receipt_samples import DEMO_COPY, LONG, REFUND, SHORT

LEAST = "[banners]\n[seller]\n{number}\n{time}\n[lines]\n[bags]\n{due}\n[tenders]\n"


def said(paper: Paper) -> str:
    return " ".join(str(block) for block in paper.blocks)


@pytest.mark.parametrize("name", ["standard", "english"])
def test_the_templates_that_come_with_the_till_are_whole(name: str) -> None:
    assert check(shipped(name)) == []


def test_everything_a_receipt_holds_is_said(standard: str) -> None:
    for receipt in (SHORT, LONG, REFUND):
        text = said(fill(standard, receipt))
        for name in FIELDS:
            assert getattr(receipt, name) in text
        for line in (*receipt.lines, *receipt.bags):
            assert line.name in text and line.amount in text and line.net in text
            assert all(less.name in text and less.amount in text for less in line.reductions)
        for tender in receipt.tenders:
            assert tender.amount in text and tender.masked_number in text
        assert receipt.verify_qr in text


def test_banners_come_first_and_a_copy_says_which_it_is(standard: str) -> None:
    blocks = fill(standard, DEMO_COPY).blocks
    assert blocks[:2] == (Banner("演示"), Banner("重印 2"))
    assert not any(isinstance(block, Banner) for block in fill(standard, SHORT).blocks)


def test_what_is_not_there_leaves_no_empty_words(standard: str) -> None:
    bare = msgspec.structs.replace(
        SHORT, change="", rounding="", member_points="", phone="", bags=(), verify_qr=""
    )
    text = said(fill(standard, bare))
    for word in ("找零", "抹零", "积分", "电话 0750", "购物袋", "扫码"):
        assert word not in text
    blocks = fill(standard, bare).blocks
    assert not any(isinstance(one, Rule) and isinstance(two, Rule) for one, two in pairwise(blocks))


@pytest.mark.parametrize("named", REQUIRED)
def test_what_the_law_wants_said_cannot_be_taken_out(named: str) -> None:
    assert check(LEAST) == []
    lines = [line for line in LEAST.splitlines() if line != named]
    (problem,) = check("\n".join(lines))
    assert problem.line == 0 and named in problem.sentence
    # Hidden in a comment it is taken out as well.
    assert check("\n".join([*lines, f"# {named}"])) == [problem]
    with pytest.raises(Refusal, match="receipt_template_bad"):
        fill("\n".join(lines), SHORT)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[barcode]", "没有叫 [barcode] 的部件"),
        ("[lines", "方括号没有成对"),
        ("[tenders]", "出现了两次"),
        ("{shopp}", "没有叫 {shopp} 的栏目"),
        ("{verify_qr}", "没有叫 {verify_qr} 的栏目"),
        ("{__class__}", "没有叫 {__class__} 的栏目"),
        ("{shop", "花括号没有成对"),
        ("a | b | c", "一行只能有一个 |"),
        ("长" * 201, "这一行太长"),
    ],
)
def test_a_mistake_is_named_with_its_line(line: str, words: str) -> None:
    (problem,) = check(LEAST + line)
    assert problem.line == 9
    assert words in problem.sentence


def test_a_heading_needs_its_four_words() -> None:
    (problem, _) = check(LEAST.replace("[lines]", "[lines] 品名 | 金额"))
    assert problem.line == 5 and "四个词" in problem.sentence


def test_a_template_has_an_end() -> None:
    assert "最多" in check(LEAST + "再见\n" * 200)[0].sentence


def test_the_marks_of_the_little_language() -> None:
    own = (
        LEAST
        + "^ 谢谢\n@ 欢迎再来\n* {shop}\n^ 实收 | {due}\n店内 {till}|{cashier}\n---\n===\n\nend"
    )
    blocks = fill(own, SHORT).blocks[-8:]
    assert blocks[0] == Text("谢谢", align="center", size=2, bold=True)
    assert blocks[1] == Text("欢迎再来", align="center")
    assert blocks[2] == Text(SHORT.shop, bold=True)
    assert blocks[3] == Pair("实收", SHORT.due, size=2, bold=True)
    assert blocks[4] == Pair(f"店内 {SHORT.till}", SHORT.cashier)
    assert blocks[5] == Rule(double=True)
    assert blocks[-1] == Text("end")


def test_a_value_is_never_read_as_a_template() -> None:
    odd = msgspec.structs.replace(SHORT, shop="{due} [lines] | ^ ---", cashier="{shop}")
    blocks = fill(LEAST + "{shop}\n收银 {cashier}", odd).blocks
    assert blocks[-2:] == (Text("{due} [lines] | ^ ---"), Text("收银 {shop}"))


def test_a_specification_is_said_once() -> None:
    lines = [block for block in fill(LEAST, SHORT).blocks if isinstance(block, Line)]
    assert lines[0].name == "马冈鹅蛋卷 300g"
    once = msgspec.structs.replace(SHORT.lines[0], name="曲奇 408g", spec="408g")
    paper = fill(LEAST, msgspec.structs.replace(SHORT, lines=(once,)))
    assert next(block for block in paper.blocks if isinstance(block, Line)).name == "曲奇 408g"


@given(st.text(max_size=300))
def test_no_text_breaks_the_check(text: str) -> None:
    problems = check(text)
    assert problems
    for problem in problems:
        assert problem.sentence.endswith("。")


@given(st.lists(st.sampled_from([*LEAST.split(), "---", "", "# x", "{shop}", "a | b"])))
def test_what_passes_the_check_can_be_filled(lines: list[str]) -> None:
    template = "\n".join(lines)
    if not check(template):
        assert SHORT.due in said(fill(template, SHORT))


def test_a_broken_template_never_stops_a_receipt(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    assert chosen(own) == (shipped(), [])
    own.write_text(LEAST, "utf-8-sig")
    assert chosen(own) == (LEAST, [])
    own.write_text("[lines]", "utf-8")
    text, problems = chosen(own)
    assert text == shipped() and len(problems) == len(REQUIRED) - 1
    own.write_bytes("欢迎光临".encode("gbk"))
    assert chosen(own)[1][0].sentence == "模板不是 UTF-8 文本，读不了。"


@pytest.mark.parametrize("mode", ["text", "raster"])
def test_a_template_can_be_looked_at_before_it_is_used(mode: str, standard: str) -> None:
    assert preview(standard, SHORT, 32, mode).width == 384


def test_every_part_and_the_qr_code_are_documented(standard: str) -> None:
    assert all(f"[{part}]" in standard for part in PARTS)
    assert any(isinstance(block, Qr) for block in fill(standard, SHORT).blocks)

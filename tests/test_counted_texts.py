"""One sale, two sales: every English text with a count has a word for one and for many."""

import re
import string

import pytest

from app.languages import english, english_texts, filled
from sync.hub.web.rendering import english as hub_english
from sync.hub.web.rendering import word

TEXTS = sorted({*english_texts().values(), *english_texts("phrases").values(),
                *hub_english().values()})  # fmt: skip
COUNTS = "n|m|count|codes|days|entries|hours|left|more|most|points|seconds|typed|unread"
MANY = re.compile(rf"\{{(?:{COUNTS})\}} (?!of )(?:\w+ )?([a-z]+s)\b")
"""A count, and behind it, or behind one word, what ends as a plural or as somebody's act does."""
NO_PLURAL = frozenset({"as", "has", "less", "is", "this", "was"})
EITHER = re.compile(r"\[(?:(\w+):)?[^\[\]{}|]*\|[^\[\]{}|]*\]")


def test_no_text_says_many_of_whatever_is_counted() -> None:
    said = [(text, found) for text in TEXTS for found in MANY.findall(text)
            if found not in NO_PLURAL]  # fmt: skip
    assert said == []


def test_each_choice_knows_its_figure() -> None:
    """A figure stands before it, or is named and filled in."""
    for text in TEXTS:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for found in EITHER.finditer(text):
            assert found[1] in names if found[1] else "{" in text[: found.start()], text
        for figure in ("1", "2"):
            assert not EITHER.search(filled(text, dict.fromkeys(names, figure))), text


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("{count} [sale|sales]", {"count": 1}, "1 sale"),
        ("{count} [sale|sales]", {"count": 0}, "0 sales"),
        ("{count} [sale|sales]", {"count": "1,234"}, "1,234 sales"),
        (
            "{m} of {n} [till|tills] [m:sells|sell] none",
            {"m": 1, "n": 2},
            "1 of 2 tills sells none",
        ),
        ("{name} has {n} [lot|lots]", {"name": "[a|b]", "n": 1}, "[a|b] has 1 lot"),
    ],
)
def test_one_is_said_otherwise_than_many(text: str, values: dict[str, object], said: str) -> None:
    assert filled(text, values) == said


def test_papers_and_pages_count_the_same_way() -> None:
    assert (english("挂单 1 张"), english("合计 1 件")) == ("Baskets on hold × 1", "Subtotal 1 pc")
    assert english("合计 3 件") == "Subtotal 3 pcs"
    assert (word("en", "{n} 笔", n=1), word("en", "{n} 笔", n=2)) == ("1 receipt", "2 receipts")

"""Every code has a sentence, in both languages, and no sentence ever fails to be said."""

import ast
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app import messages, messages_en
from app.catalogue import sentences, sentences_en
from app.errors import Refusal, Trouble
from app.messages import MESSAGES, sentence

ROOT = Path(__file__).resolve().parents[2]
SAID_THROUGH_A_VARIABLE = {
    "disk_full", "disk_error", "disk_read_only", "database_busy", "database_damaged",
    "folder_read_only", "claim_not_approved", "no_certificate",
}  # fmt: skip
"""Codes that reach their Refusal or Trouble as a value out of a table."""


def raised(source: str) -> Iterator[str]:
    """Codes written where a Refusal or a Trouble is made."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in ("Refusal", "Trouble") and isinstance(first, ast.Constant):
            yield str(first.value)


@cache
def codes() -> dict[str, str]:
    """Every code the program can show, and a place where it is made."""
    found = {}
    for package in ("app", "printers", "sync", "ui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for code in raised(path.read_text(encoding="utf-8")):
                found[code] = str(path.relative_to(ROOT))
    return found | dict.fromkeys(SAID_THROUGH_A_VARIABLE, "a table")


def test_every_code_has_a_chinese_and_an_english_sentence() -> None:
    missing = {
        code: place
        for code, place in codes().items()
        if code not in MESSAGES or code not in messages_en.MESSAGES
    }
    assert not missing


def test_a_code_without_a_sentence_would_be_found() -> None:
    planted = 'raise Refusal("no_such_sentence", text=errors.Trouble("nor_this"))'
    assert set(raised(planted)) == {"no_such_sentence", "nor_this"}
    assert not set(raised(planted)) & set(MESSAGES)


def test_no_sentence_is_kept_for_a_code_nobody_raises() -> None:
    said = {code.split(".")[0] for code in MESSAGES}
    assert said - set(codes()) == set()


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_codes_and_the_same_blanks() -> None:
    assert list(messages_en.MESSAGES.keys() ^ MESSAGES.keys()) == []
    different = [
        code
        for code, text in MESSAGES.items()
        if _fields(text) != _fields(messages_en.MESSAGES[code])
    ]
    assert different == []
    assert messages.ROLE_NAMES.keys() == messages_en.ROLE_NAMES.keys()
    assert messages.REASONS.keys() <= messages_en.REASONS.keys()


def test_what_an_import_says_of_a_row_is_said_in_both_languages() -> None:
    chinese, english = sentences.SENTENCES, sentences_en.SENTENCES
    assert chinese.keys() == english.keys()
    assert [code for code, text in chinese.items() if _fields(text) != _fields(english[code])] == []
    assert sentences.COLUMN_WORDS.keys() == sentences_en.COLUMN_WORDS.keys()
    assert not any("\u4e00" <= letter <= "\u9fff" for text in english.values() for letter in text)
    missing = {"columns": "maker true_origin"}
    assert "受托方、真实产地" in sentences.sentence("oem_incomplete", missing)
    assert sentences.sentence("oem_incomplete", missing, "en").endswith("maker, true origin")


def test_no_english_sentence_holds_chinese_but_what_a_cashier_types() -> None:
    for code, text in messages_en.MESSAGES.items():
        rest = text.replace("九五折", "")
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in rest), code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sentence_is_said_even_when_the_details_are_missing(language: str) -> None:
    for code in MESSAGES:
        words = sentence(Trouble(code.split(".")[0]), language)
        assert words and "{" not in words


def test_details_are_only_text_and_never_a_pattern() -> None:
    words = sentence(Refusal("unknown_code", text="{person.__class__} %s {0}"))
    assert "{person.__class__} %s {0}" in words


def test_roles_reasons_and_tries_are_said_in_shop_words() -> None:
    assert "值班长" in sentence(Refusal("approval_needed", role="lead"))
    assert "shift lead" in sentence(Refusal("approval_needed", role="lead"), "en")
    shown = Refusal("not_sellable", name="石碑", reason="display_only")
    assert "镇馆展品" in sentence(shown) and "exhibit" in sentence(shown, "en")
    assert "还可以试 3 次" in sentence(Refusal("wrong_pin", left=3))
    assert "3 tries left" in sentence(Refusal("wrong_pin", left=3), "en")
    assert "最多" not in sentence(Refusal("setting_bad", reason="最多 40 个字"), "en")
    farm = Refusal("no_certificate", name="麦菜", word="承诺达标合格证", kind="farm")
    assert "农产品" in sentence(farm)


def test_a_jumped_clock_is_shown_as_people_read_a_clock() -> None:
    words = sentence(Refusal("clock_jumped", shown_ms=1_796_623_320_000, expected_ms=0))
    assert "2026-12-07T14:02:00+08:00" in words


def test_a_code_nobody_has_words_for_is_at_least_shown() -> None:
    assert sentence(Trouble("brand_new")) == "brand_new"

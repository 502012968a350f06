"""Text that came through the door can stand in a fact, on a paper and in a table."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import text
from app.facts.shop import SettingChanged
from app.journal.entry import text_problem
from app.text import clean, clean_lines

# What scanners, spreadsheets and pranksters send.
anything = st.one_of(
    st.text(max_size=60), st.text("e\u0301\u202e\x00\n\r \u00e9\u1100\u1161가\ufeff", max_size=30)
)


@given(anything)
def test_cleaned_text_may_stand_in_a_journal(typed: str) -> None:
    for cleaned in (clean(typed), clean_lines(typed)):
        fact = SettingChanged(shop="KP01", key="shop_name", value=cleaned)
        assert text_problem(text_as_json(fact)) == ""


def text_as_json(fact: SettingChanged) -> bytes:
    import msgspec

    return msgspec.json.encode(fact)


@given(anything, st.integers(1, 20))
def test_cleaning_twice_is_cleaning_once(typed: str, most: int) -> None:
    once = clean(typed, most=most)
    assert clean(once, most=most) == once
    assert len(once) <= most
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  赤坎店 ", "赤坎店"),
        ("一行\n二行\t三", "一行 二行 三"),
        ("a\u2028b", "a b"),
        ("x\x00y\x1bz\x7f", "xyz"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("e\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("\ud800半", "半"),
        ("\ue000私", "私"),
        ("\ufffe\uffff\ufdd0好", "好"),
        (r"C:\new\table", r"C:\new\table"),
    ],
)
def test_what_stays_and_what_goes(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_character_newer_than_this_program_stays_in_its_name() -> None:
    newer = "\U00031350"
    assert clean(f"{newer}记") == f"{newer}记"


def test_lines_are_kept_apart_without_a_control_character() -> None:
    kept = clean_lines("第一行\n第二行 \r\n\n第四行\n")
    assert kept.splitlines() == ["第一行", "第二行", "", "第四行"]
    assert "\n" not in kept


def test_dropping_signs_after_normalizing_would_leave_broken_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted fault: normalize first, drop afterwards, as this module once did."""
    normalize = unicodedata.normalize

    class Early:
        def __getattr__(self, name: str) -> object:
            return getattr(unicodedata, name)

        def normalize(self, form: str, typed: str) -> str:
            return typed

    monkeypatch.setattr(text, "unicodedata", Early())
    assert not unicodedata.is_normalized("NFC", clean(normalize("NFC", "e\x00\u0301")))

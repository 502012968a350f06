"""Every screen in a language nobody speaks: English, 40 % longer, so that the next one fits."""

import string
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from test_screens import ALL, DESIGN, cut_texts, dressed, outside, put_away, shown

from ui.language import Texts, read_texts
from ui.theme import LIGHT

MORE = "e lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor"


def longer(text: str) -> str:
    """A text between marks, made 40 % longer by words; its {names} stay as they are."""
    letters = sum(len(part) for part, *_ in string.Formatter().parse(text))
    more = -(-letters * 4 // 10)
    return f"[{text}{MORE[: max(0, more - 2)]}]"


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[None]:
    """The pseudo language is installed here only: no file of it could ever ship."""
    texts = Texts({source: longer(text) for source, text in read_texts("en").items()})
    qapp.installTranslator(texts)
    yield
    qapp.removeTranslator(texts)


def test_a_language_forty_percent_longer_is_cut_nowhere(qapp: QApplication, pseudo: None) -> None:
    theme = dressed(qapp, DESIGN, LIGHT)
    found = {}
    for name in ALL:
        window = shown(name, theme, DESIGN)
        if wrong := cut_texts(window) + outside(window):
            found[name] = wrong
        put_away(window)
    assert found == {}


def test_the_pseudo_language_is_longer_and_loses_no_placeholder() -> None:
    for text in read_texts("en").values():
        made = longer(text)
        if "{" not in text:
            assert len(made) >= len(text) * 1.35
        assert [name for _, name, *_ in string.Formatter().parse(made) if name] == [
            name for _, name, *_ in string.Formatter().parse(text) if name
        ]

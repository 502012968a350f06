"""The key card that lies beside the till is the key map of the till."""

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QApplication

from ui.keys import key_card, key_card_pdf, key_map, read_actions
from ui.language import install_language

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_card_is_one_page_with_every_key_and_its_word(
    qapp: QApplication, language: str
) -> None:
    install_language(qapp, language)
    try:
        keys = key_map(read_actions())
        with pypdfium2.PdfDocument(key_card_pdf(keys)) as card:
            assert len(card) == 1
            words = card[0].get_textpage().get_text_bounded().split()
        for shown, word in key_card(keys):
            assert {*shown.split(" / "), *word.split()} <= set(words), (shown, word)
    finally:
        install_language(qapp, "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_card_in_the_documents_is_todays(qapp: QApplication, language: str) -> None:
    install_language(qapp, language)
    try:
        made = key_card_pdf(key_map(read_actions()))
    finally:
        install_language(qapp, "zh")
    kept = (DOCS / f"keys_{language}.pdf").read_bytes()
    assert kept == made, f"./pos keys --language {language} --out docs/keys_{language}.pdf"

"""Chinese is the source; English is complete; a placeholder is never lost on the way."""

import ast
import gc
import re
import string
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import scenes
from english_words import painted
from PySide6.QtWidgets import QApplication

from app.errors import Refusal
from app.facts.base import kind_of
from app.facts.registry import FACTS
from app.journal.feeds import FEED_NAMES
from app.languages import english_texts, traditional
from app.messages import ROLE_NAMES, sentence
from app.reports import wording
from app.reports.entry_words import FIELD_WORDS, KIND_WORDS, PROBLEM_WORDS
from app.reports.held_feeds import REASONS
from app.settings import SETTINGS
from app.tender_names import PURPOSE_NAMES, TENDER_NAMES
from tests.support.foreign import names_in
from ui import hub_words, language
from ui.keys import read_actions
from ui.language import (
    Texts,
    error_words,
    install_language,
    read_texts,
    tr,
)
from ui.theme import LIGHT, Theme

HAN = re.compile("[\u4e00-\u9fff]")
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
UI = Path(language.__file__).parent


def sources() -> Iterator[tuple[str, str]]:
    """(file, text) of every tr("…") in ui/."""
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield path.name, str(first.value)


def test_every_text_has_an_english_one() -> None:
    texts = read_texts("en")
    wanted = [*sources(), *(("default.toml", action.word) for action in read_actions())]
    wanted += [("messages.py", name) for name in ROLE_NAMES.values()]
    assert [(file, text) for file, text in wanted if text not in texts] == []


def test_no_text_has_an_english_one_that_nobody_says() -> None:
    root = UI.parent
    files = [
        path for room in ("app", "ui", "printers", "sync") for path in root.glob(f"{room}/**/*.py")
    ]
    files += root.glob("resources/keys/*.toml")
    said = "".join(path.read_text(encoding="utf-8") for path in files)
    # A long text is written in parts that stand under each other.
    said = re.sub(r'"\s*\n\s*f?"', "", said)
    literals = {found[1:-1] for found in re.findall(LITERAL, said)}
    written = {text: text.replace("\n", "\\n") for text in english_texts()}
    unsaid = [text for text, in_code in written.items() if in_code not in literals]
    # Within a text that is filled in the other quotes stand around it.
    assert [text for text in unsaid if f"'{text}'" not in said] == []


def test_every_reason_why_nothing_moves_has_an_english_one() -> None:
    english = read_texts("en")
    said = (*hub_words.WORDS.values(), *FEED_NAMES.values(), *REASONS.values())
    assert [word for word in said if word and word not in english] == []


SHOWN_AS_THEY_ARE = {
    "doctor_findings.py": "the doctor has both languages beside each other",
    "promotion_form.py": "signs a person may type",
    "device_setup.py": "the name of a folder",
}


def tables() -> Iterator[tuple[str, str]]:
    """(file, text) of every Chinese text in a table of ui/: what tr() is given by a name."""
    for path in sorted(UI.rglob("*.py")):
        if path.name in SHOWN_AS_THEY_ARE or path.name.startswith("console"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Constant) and HAN.search(str(part.value)):
                        yield path.name, str(part.value)


def test_every_table_of_words_has_english_ones() -> None:
    """Texts of the shop that the window shows by their names: settings, tenders, kinds of facts."""
    wanted = [*tables()]
    wanted += [("settings.py", word) for each in SETTINGS for word in (each.words, each.group)]
    for name, words in (
        ("tender_names.py", {**TENDER_NAMES, **PURPOSE_NAMES}),
        ("entry_words.py", {**KIND_WORDS, **FIELD_WORDS, **PROBLEM_WORDS}),
    ):
        wanted += [(name, word) for word in words.values()]
    wanted += [("wording.py", word) for word in wording.TEXTS]
    texts = read_texts("en")
    assert len(wanted) > 300
    assert [(file, text) for file, text in wanted if text not in texts] == []


SAID_LATER = {
    "sealing.py": "a paper says it in its language",
    "bills.py": "待办 says it",
    "invoice_runner.py": "the invoices' room says it, and the console",
    "invoice_words.py": "the invoices' room says it, and the console",
    "payment_runner.py": "收款 says it, and the console",
    "entrance.py": "the sign-in page says it",
    "template.py": "each part of a template is said when it is listed",
}
SAYING = {"tr", "worded"}


def shop_words(tree: ast.AST) -> Iterator[str]:
    """Names of the shop's tables of Chinese words that a module of the window reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(("app.", "sync.")):
            module = import_module(str(node.module))
            for each in node.names:
                table = getattr(module, each.name, None)
                words = [*table.values()] if isinstance(table, dict) else []
                if any(isinstance(word, str) and HAN.search(word) for word in words):
                    yield each.name


def unsaid(source: str) -> list[int]:
    """Lines that show a word of such a table without saying it in the window's language."""
    tree = ast.parse(source)
    above = {each: node for node in ast.walk(tree) for each in ast.iter_child_nodes(node)}
    names, found = set(shop_words(tree)), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            here: ast.AST = node
            while not isinstance(here, ast.stmt) and not _says(here):
                here = above[here]
            if isinstance(here, ast.stmt):
                found.append(node.lineno)
    return found


def _says(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING


def test_every_word_of_the_shop_is_said_where_the_window_shows_it() -> None:
    found = {
        path.name: lines
        for path in sorted(UI.rglob("*.py"))
        if not path.name.startswith(("console", "hq_")) and path.name not in SAID_LATER
        if (lines := unsaid(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_word_that_nobody_says_would_be_found() -> None:
    head = "from app.tender_names import TENDER_NAMES\n"
    assert unsaid(f'{head}shown = TENDER_NAMES["cash"]') == [2]
    assert unsaid(f'{head}shown = tr(TENDER_NAMES["cash"])') == []


def test_every_fact_has_a_word_for_whoever_audits() -> None:
    assert [kind_of(fact) for fact in FACTS if kind_of(fact) not in KIND_WORDS] == []


def test_translations_keep_every_placeholder() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for table in (read_texts("en"), english_texts("phrases")):
        for source, shown in table.items():
            assert names(source) == names(shown), source


def test_nothing_but_a_literal_is_ever_marked_without_being_in_the_file() -> None:
    assert len(list(sources())) > 80


@pytest.mark.parametrize("language_name", ["zh", "en"])
def test_the_language_is_chosen_at_start(qapp: QApplication, language_name: str) -> None:
    install_language(qapp, language_name)
    assert tr("应收") == {"zh": "应收", "en": "Due"}[language_name]
    assert tr("余 {left}", left=3) == {"zh": "余 3", "en": "3 left"}[language_name]


def test_a_refusal_is_told_in_the_chosen_language(qapp: QApplication) -> None:
    refusal = Refusal("basket_empty")
    told = []
    for name in ("en", "zh"):
        installed = install_language(qapp, name)
        told.append(error_words(refusal))
        for translator in installed:
            qapp.removeTranslator(translator)
    assert told == [sentence(refusal, "en"), sentence(refusal, "zh")]
    assert told[0].isascii()


def test_every_refusal_at_the_window_is_told_in_the_windows_language() -> None:
    """Only `error_words` knows which language that is."""
    said = {
        path.name
        for folder in ("presenters", "screens", "widgets", "guide")
        for path in (UI / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "app.messages"
        if "sentence" in [name.name for name in node.names]
    }
    assert said == set()


def test_an_unknown_text_stays_chinese(qapp: QApplication) -> None:
    assert Texts({"应收": "Due"}).translate("till", "应退") is None
    assert Texts({}).isEmpty()


def test_the_application_keeps_the_language_when_nobody_else_does(qapp: QApplication) -> None:
    """The planted fault was real: a list nobody kept took the translators with it."""
    kept = len(install_language(qapp, "en"))
    gc.collect()
    assert kept and tr("应收") == "Due"


@pytest.mark.parametrize("name", scenes.CUSTOMER)
def test_a_visitor_reads_no_simplified_character_on_the_customers_screen(
    qapp: QApplication, name: str
) -> None:
    display = scenes.customer_window(Theme(colours=LIGHT), name, "hant")
    said: set[str] = {display.accessibleName(), *names_in(display._view)}
    with painted(said):
        display.grab()
    assert any(HAN.search(text) for text in said)
    assert {text for text in said if traditional(text) != text} == set()
    display.deleteLater()

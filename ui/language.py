"""Words on the screen: Simplified Chinese is the source, other languages are data.

A language is one TOML file, Chinese text to foreign text, read once when the window is built; the
language is chosen at start. `tr` is how a text is marked for translation; a test finds every
`tr("…")` and asks the English file for it.
"""

import tomllib
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from app.errors import ShopError
from app.languages import english, filled

TRANSLATIONS = Path(__file__).resolve().parent.parent / "resources" / "translations"
CONTEXT = "till"
LANGUAGE = "till_language"
"""The application's property that remembers which language was chosen."""
SOURCE_LANGUAGE = "zh"


def tr(text: str, /, **values: object) -> str:
    """`text` in the chosen language, its {names} filled in afterwards."""
    shown = QCoreApplication.translate(CONTEXT, text)
    return filled(shown, values) if values else shown


class Texts(QTranslator):
    """A translator that answers from a dictionary, so that no compiled file can be out of date."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def isEmpty(self) -> bool:
        """Qt skips translators that claim to be empty."""
        return not self._texts

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """The foreign text, or None, which makes Qt show the Chinese one."""
        return self._texts.get(source) if context == CONTEXT else None


def read_texts(language: str, folder: Path = TRANSLATIONS) -> dict[str, str]:
    """Chinese → foreign texts of one language file; empty for the source language."""
    if language == SOURCE_LANGUAGE:
        return {}
    with (folder / f"{language}.toml").open("rb") as file:
        texts: dict[str, str] = tomllib.load(file)["texts"]
    return texts


def error_words(error: ShopError) -> str:
    """The sentence for a refusal or trouble in the language the window was started in."""
    from app.messages import sentence

    return sentence(error, spoken())


def spoken() -> str:
    """The language the window was started in."""
    application = QCoreApplication.instance()
    chosen = application.property(LANGUAGE) if application is not None else None
    return str(chosen or SOURCE_LANGUAGE)


def worded(text: str) -> str:
    """What a rule of the shop says in Chinese, in the language the window was started in."""
    return english(text) if spoken() == "en" else text


def install_language(application: QCoreApplication, language: str) -> list[QTranslator]:
    """Install our texts and Qt's own; the application keeps them until they are removed."""
    installed: list[QTranslator] = []
    application.setProperty(LANGUAGE, language)
    if texts := read_texts(language):
        installed.append(Texts(texts))
    own = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language == SOURCE_LANGUAGE and own.load("qtbase_zh_CN", folder):
        installed.append(own)
    for translator in installed:
        # Qt only borrows them: without an owner they are gone before the first text is asked for.
        translator.setParent(application)
        application.installTranslator(translator)
    return installed

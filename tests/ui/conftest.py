"""What every screen test needs: a screenless Qt, our own fonts, and a binding that is sane."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

# The scripted states (scenes*.py) are shared by several test files; importlib mode adds no path.
sys.path.append(str(Path(__file__).resolve().parent))

# Before Qt is imported by anything: these tests never need a display.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTranslator
from PySide6.QtWidgets import QApplication

from ui.binding import keeps_none_alive
from ui.language import LANGUAGE
from ui.theme import load_fonts


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regold", action="store_true", help="write the pictures of the screens anew")


@pytest.fixture(autouse=True, scope="session")
def binding() -> None:
    """A binding that destroys None would abort the run somewhere else, without a reason."""
    if not keeps_none_alive():
        pytest.exit("this PySide6 loses references to None on this Python: use < 6.12 with 3.11", 3)


@pytest.fixture(autouse=True, scope="module")
def modules_stay() -> None:
    """Rooms imported by the files before are not looked through after each test. No window is
    open between two files, and a frozen one would never be let go."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def garbage() -> Iterator[None]:
    """What is left of a window is let go on its own thread. A worker that happened to collect it
    would destroy widgets while the next test's window is being drawn, and end the run."""
    gc.disable()
    yield
    # Outside an event loop nothing is deleted later; a window kept would hear every later key.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.enable()
    gc.collect()


@pytest.fixture(autouse=True)
def source_language(qapp: QApplication) -> Iterator[None]:
    """A language one test chose is not the next one's."""
    yield
    qapp.setProperty(LANGUAGE, None)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


@pytest.fixture(autouse=True, scope="session")
def fonts(qapp: QApplication, binding: None) -> str:
    """Our own faces, loaded once."""
    return load_fonts()

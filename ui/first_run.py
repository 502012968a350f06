"""The first run: one question a page, from an empty folder to a till somebody can sign in to.

Nothing half-made ever blocks a start: a guide that was closed or killed goes on where it was, and a
folder that was begun is taken up.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.clock import Clock
from app.errors import ShopError
from app.ids import Ids
from app.journal.secrets import keystore_answers
from ui.background import Background
from ui.guide.answers import Answers, keep_answers, read_answers
from ui.guide.founding import (
    Founded,
    found,
    found_demo,
    wrong_in,
)
from ui.guide.pages import ASKED_FIRST, first_page, strength
from ui.keys import key_map, read_actions
from ui.language import error_words, tr
from ui.room_views import GuideView
from ui.screens.first_run import FirstRunScreen
from ui.theme import Theme
from ui.views import MessageView, StripView
from ui.window import TillWindow

if TYPE_CHECKING:
    from ui.guide.restoring import Restoring

NO_KEYSTORE = ("keystore_missing", "keystore_key_lost")


class Asking:
    """One page at a time in a window of its own, until there is an answer or it is closed."""

    def __init__(self, clock: Clock) -> None:
        theme = Theme()
        self.window = TillWindow(theme, key_map(read_actions()), clock)
        self.window.show_strip(StripView(shop="开平优品", till=""))
        self.screen = FirstRunScreen(theme)
        self.window.add_page("guide", self.screen, keys=False)
        self.window.show_page("guide")
        self.view = GuideView(step=0, steps=(), title="")
        self._background = Background()
        self._loop = QEventLoop()
        self.screen.message_closed.connect(lambda: self.say(None))
        self.window.closing.connect(self._loop.quit)
        self.window.scanned.connect(self.screen.take_scan)

    def ask(self) -> None:
        """Until the window is closed, by a person or by an answer."""
        # The till's window opens when this one is closed, so that is not the program's end.
        QApplication.setQuitOnLastWindowClosed(False)
        self.window.show_whole()
        self._loop.exec()
        QApplication.setQuitOnLastWindowClosed(True)
        self._background.close()
        self.window.deleteLater()

    def put(self, view: GuideView) -> None:
        """Show a page."""
        self.view = view
        self.screen.show_view(view)

    def say(self, message: MessageView | None) -> None:
        """Show what has to be said on the page that stands there."""
        self.put(msgspec.structs.replace(self.view, message=message))

    def refused(self, error: ShopError) -> None:
        """What could not be done, on the page it was asked on."""
        self.say(MessageView(text=error_words(error), code=error.code))

    def do(self, work: Callable[[], object], done: Callable[[], object], word: str) -> None:
        """Long work off the window; its refusal stands on the page, with nothing lost."""
        before = self.view

        def failed(error: Exception) -> None:
            if not isinstance(error, ShopError):
                raise error
            self.put(before)
            self.refused(error)

        self.put(msgspec.structs.replace(before, message=None, busy_word=word, next_enabled=False,
                                         next_reason=word, can_go_back=False))  # fmt: skip

        def finished(_result: object) -> None:
            done()

        self._background.run(work, done=finished, failed=failed)


class Guide(Asking):
    """Remembers the answers until they are enough to make a till."""

    def __init__(self, data: Path, clock: Clock, ids: Ids, *, begun: bool, passphrase: str) -> None:
        super().__init__(clock)
        self._data, self._clock, self._ids = data, clock, ids
        self._begun = begun
        self.founded: Founded | None = None
        self._passphrase = passphrase
        self._restoring: Restoring | None = None
        self._asks_keystore = not begun and not keystore_answers()
        self.answers = read_answers(data)
        self.screen.card_chosen.connect(self.choose)
        self.screen.answered.connect(self.answered)
        self.screen.later.connect(lambda: self.answered({}))
        self.screen.back.connect(self.go_back)
        self.screen.edited.connect(self._edited)
        self.show(self._where_it_stopped())

    def run(self) -> Founded | None:
        """Ask until the till stands, or until the window is closed."""
        self.ask()
        return self.founded

    def _where_it_stopped(self) -> str:
        page = self.answers.page if self.answers.page in ASKED_FIRST else "which"
        if self._begun:
            return "person"
        if self._asks_keystore and page == "person" and self.answers.keystore != "file":
            return "keystore"
        return page

    def show(self, page: str, errors: dict[str, str] | None = None) -> None:
        """Show one page; its answers so far stand in it."""
        self._page = page
        view = first_page(page, self.answers, errors or {}, keystore=self._asks_keystore)
        if self._begun:
            view = msgspec.structs.replace(view, can_go_back=False)
        self.put(view)

    def choose(self, name: str) -> None:
        """A card was pressed."""
        if self._restoring is not None:
            self._restoring.choose(name)
        elif self._page == "which" and name == "restore":
            self._restore()
        elif self._page == "which" and name == "demo":
            self.do(self._make_demo, self.window.close, tr("正在布置演示店…"))
        elif self._page == "which":
            self._forward()
        elif self._page == "profile":
            self._remember({"profile": name})
            self._forward()
        elif self._page == "keystore" and name == "passphrase":
            self.show("passphrase")
        elif self._page == "keystore":
            self._remember({"keystore": "file"})
            self._forward()

    def answered(self, values: dict[str, str]) -> None:
        """继续, or 以后再说 with nothing."""
        if self._restoring is not None:
            self._restoring.answered(values)
            return
        wrong = wrong_in(self._page, values) if values else {}
        self._remember({name: text for name, text in values.items() if name not in wrong})
        if wrong:
            self.show(self._page, wrong)
        elif self._page == "passphrase":
            self._passphrase = values["passphrase"]
            self._remember({"keystore": "passphrase"})
            self._forward()
        elif self._page == "person":
            pin = values["pin"]
            self.do(lambda: self._make_shop(pin), self.window.close, tr("正在开店…"))
        elif self.view.next_enabled:
            self._forward()

    def refused(self, error: ShopError) -> None:
        """A keystore that can be asked but keeps nothing: the owner chooses after all."""
        if error.code in NO_KEYSTORE and not self._begun:
            self._asks_keystore = True
            if self._restoring is not None:
                self._restoring.asks_keystore = True
                self._restoring.show("keystore")
            else:
                self.show("keystore")
        super().refused(error)

    def go_back(self) -> None:
        """The page before; what was answered there stands in it."""
        if self._restoring is not None:
            self._restoring.back()
        elif self._page == "passphrase":
            self.show("keystore")
        else:
            self._go(self._beside(-1))

    def _forward(self) -> None:
        self._go(self._beside(1))

    def _go(self, page: str) -> None:
        self.answers.page = page
        try:
            keep_answers(self._data, self.answers)
        except ShopError as error:
            # A folder no till can live in is said on the page, before more is asked.
            self.refused(error)
        else:
            self.show(page)

    def _beside(self, step: int) -> str:
        asked = [page for page in ASKED_FIRST if page != "keystore" or self._asks_keystore]
        here = "keystore" if self._page == "passphrase" else self._page
        return asked[max(0, asked.index(here) + step)]

    def _remember(self, values: dict[str, str]) -> None:
        for name, text in values.items():
            if name in Answers.__struct_fields__:
                setattr(self.answers, name, text)

    def _edited(self, values: dict[str, str]) -> None:
        if "passphrase" in values:
            self.screen.show_note(strength(values["passphrase"]))

    def _restore(self) -> None:
        """Into the flow that makes a till from copies, and out of it again."""
        # Only who lost a machine needs it.
        from ui.guide.restoring import Restoring

        restoring = Restoring(self, self._data, self._clock, self._ids)
        restoring.asks_keystore = self._asks_keystore

        def leave() -> None:
            self._restoring = None
            self.show("which")

        def finish() -> None:
            self.founded = restoring.founded
            self.window.close()

        restoring.on_left, restoring.on_done = leave, finish
        self._restoring = restoring
        restoring.open()

    def _make_demo(self) -> None:
        self.founded = found_demo(self._data, self._clock, self._ids)

    def _make_shop(self, pin: str) -> None:
        self.founded = found(
            self._data, self.answers, pin, self._passphrase, self._clock, self._ids
        )


def run_guide(
    data: Path, clock: Clock, ids: Ids, *, begun: bool = False, passphrase: str = ""
) -> Founded | None:
    """Ask what a folder needs to become a till; None when the window was closed before.

    `begun`: the folder has a journal and nobody in it, so only the first person is missing.
    """
    return Guide(data, clock, ids, begun=begun, passphrase=passphrase).run()

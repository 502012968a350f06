"""What the pages of stock documents share: one question, one thing at a time, a second person's
yes, and what is shown."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QTimer

from app.errors import ShopError
from app.sales.counter import Counter
from app.staff.rules import Approver
from ui.document_views import DocumentView
from ui.language import error_words, tr
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking
from ui.presenters.desk_work import SETTLE_MS, DeskWork
from ui.screens.document import DocumentScreen
from ui.sounds import Sounds
from ui.views import MessageView


class DocumentPage:
    """Remembers the question that stands, and whether something is being done."""

    def __init__(
        self, counter: Counter, screen: DocumentScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter, self._screen, self._work, self._sounds = counter, screen, work, sounds
        self.on_left: Callable[[], None] = lambda: None
        self._asking: Asking | None = None
        self._busy = False
        self.view = DocumentView(confirm_word="")
        screen.opened.connect(self._open_row)
        screen.pressed.connect(self._pressed)
        screen.confirmed.connect(self._confirm)
        screen.went_back.connect(self._back)
        screen.answered.connect(self._answered)
        screen.message_closed.connect(self._show)
        screen.message_action.connect(lambda _name: second_person(self._put, self._again))
        screen.refused.connect(lambda words: self._show(MessageView(text=words, tone="warn")))

    # --- What each page says -----------------------------------------------------------------

    def _page_view(self) -> DocumentView:
        """The page as it stands, without question and message."""
        raise NotImplementedError

    def _again(self, approver: Approver) -> None:
        """What was refused without a second person, done with their yes."""
        raise NotImplementedError

    def _open_row(self, key: str) -> None:
        raise NotImplementedError

    def _pressed(self, name: str) -> None:
        raise NotImplementedError

    def _confirm(self) -> None:
        raise NotImplementedError

    def _back(self) -> None:
        raise NotImplementedError

    # --- What all of them do -----------------------------------------------------------------

    def _put(self, asking: Asking | None) -> None:
        self._asking = asking
        self._show()

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.on_answer(choice, value)
        self._show()

    def _refused(self, error: ShopError) -> None:
        self._busy = False
        self._sounds.play("refused")
        needs = error.code == "approval_needed"
        self._show(
            MessageView(
                text=error_words(error),
                code=error.code,
                action="approve" if needs else "",
                action_word=tr("请另一人授权") if needs else "",
            )
        )

    def _settle(self) -> None:
        """What was posted stands a moment before the same Enter may leave it."""
        QTimer.singleShot(SETTLE_MS, self._screen, self._settled)
        self._sounds.play("money")

    def _settled(self) -> None:
        self._busy = False

    def _show(self, message: MessageView | None = None) -> None:
        question = self._asking.view if self._asking is not None else None
        self.view = msgspec.structs.replace(self._page_view(), message=message, question=question)
        self._screen.show_view(self.view)

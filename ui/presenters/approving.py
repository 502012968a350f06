"""A second person's yes, given in place: number and PIN over the basket, then it is tried again."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.errors import ShopError
from app.staff.rules import Approver
from ui.language import error_words, tr
from ui.presenters.asking import Asking, ask_value
from ui.sounds import Sounds
from ui.views import QuestionView

if TYPE_CHECKING:
    from ui.presenters.selling import SellingPresenter

Approved = Callable[[Approver], None]


def with_approval(
    selling: "SellingPresenter", act: Approved, error: ShopError | None = None
) -> None:
    """Ask a different person over the basket, then try again with their yes."""
    second_person(selling.ask, act, error)


def second_person(
    ask: Callable[[Asking], None], act: Approved, error: ShopError | None = None
) -> None:
    """Ask a different person for number and PIN in place, then try again with their yes."""

    def number_given(number: str) -> None:
        ask(
            ask_value(
                tr("工号 {number} 的 PIN", number=number),
                lambda pin: act(Approver(number, pin)),
                kind="secret",
                yes=tr("授权"),
            )
        )

    detail = error_words(error) if error is not None else ""
    ask(ask_value(tr("请另一人授权：工号"), number_given, detail=detail, kind="code"))


class PageQuestion:
    """The one question that may stand on a page: put, shown by the page, answered once."""

    def __init__(self, show: Callable[[], None], sounds: Sounds) -> None:
        self._show, self._sounds = show, sounds
        self._asking: Asking | None = None

    @property
    def view(self) -> QuestionView | None:
        """What the page shows of it."""
        return self._asking.view if self._asking is not None else None

    def ask(self, asking: Asking) -> None:
        """Put a question."""
        self._asking = asking
        self._sounds.play("question")
        self._show()

    def drop(self) -> None:
        """Nobody will answer: the page was left."""
        self._asking = None

    def answered(self, choice: str, value: str) -> None:
        """The page's question has its answer."""
        asking, self._asking = self._asking, None
        self._show()
        if asking is not None:
            asking.on_answer(choice, value)

"""忘了 PIN: the code from the sealed sheet and a new PIN, at the door."""

from collections.abc import Callable

import msgspec

from app.errors import Refusal, ShopError
from app.sales.counter import Counter
from app.staff.recovery import unlock_with_recovery_code
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import FieldView, GuideView
from ui.screens.first_run import FirstRunScreen
from ui.sounds import Sounds
from ui.views import MessageView

_FIELD_OF = {"recovery_wrong": "code", "staff_number_bad": "number", "pin_weak": "pin"}


class RecoverPresenter:
    """Remembers what was typed as long as it is being mended."""

    def __init__(
        self, counter: Counter, screen: FirstRunScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter = counter
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._number = ""
        self.on_left: Callable[[], None] = lambda: None
        self.on_done: Callable[[str, str], None] = lambda _number, _pin: None
        """The number has a new PIN: sign in with it."""
        screen.answered.connect(self._answered)
        screen.back.connect(lambda: self.on_left())
        screen.message_closed.connect(lambda: self._show({}))

    def open(self, number: str) -> None:
        """Ask for the code, for this number."""
        self._number = number
        # An empty page first: what somebody typed here before must not stand in the fields.
        self._screen.show_view(GuideView(step=0, steps=(), title=""))
        self._show({})

    def _show(self, errors: dict[str, str], message: MessageView | None = None) -> None:
        fields: tuple[FieldView, ...] = (
            FieldView(name="number", word=tr("工号"), value=self._number, kind="code"),
            FieldView(name="code", word=tr("恢复码"), kind="code",
                      hint=tr("五组，每组四个；横线可以不打")),
            FieldView(name="pin", word=tr("新的 PIN"), kind="secret",
                      hint=tr("至少六位，不能是顺子")),
            FieldView(name="again", word=tr("再输一次"), kind="secret"),
        )  # fmt: skip
        fields = tuple(
            msgspec.structs.replace(field, error=errors.get(field.name, "")) for field in fields
        )
        self._screen.show_view(
            GuideView(
                step=0, steps=(), title=tr("用恢复码开锁"), fields=fields, message=message,
                detail=tr("恢复码在第一天封好的那张纸上。没有的话，请别的店长解锁。"),
                next_word=tr("换新 PIN"), can_skip=False,
            )
        )  # fmt: skip

    def _answered(self, values: dict[str, str]) -> None:
        number, pin, books = values["number"], values["pin"], self._counter.books
        self._number = number
        if pin != values["again"]:
            self._show({"again": error_words(Refusal("not_twice_the_same"))})
            return

        def refused(error: ShopError) -> None:
            self._sounds.play("refused")
            if field := _FIELD_OF.get(error.code):
                self._show({field: error_words(error)})
            else:
                self._show({}, MessageView(text=error_words(error), code=error.code))

        self._work.do(
            lambda: unlock_with_recovery_code(books, number, values["code"], pin),
            lambda _nothing: self.on_done(number, pin),
            refused,
        )

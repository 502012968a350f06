"""Questions the window itself asks over the basket: a quantity, a reason, a discount, a PIN."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ui.language import tr
from ui.views import ChoiceView, QuestionView

OnAnswer = Callable[[str, str], None]
"""(choice, value) -> what follows."""


@dataclass(frozen=True)
class Asking:
    """A question on the screen and what its answer does."""

    view: QuestionView
    on_answer: OnAnswer
    preview: Callable[[str], str] | None = None
    """What the value typed so far would mean, in words."""

    def previewed(self, typed: str) -> "Asking":
        """The same question with what the typed value would do."""
        if self.preview is None:
            return self
        view = QuestionView(
            title=self.view.title,
            detail=self.view.detail,
            choices=self.view.choices,
            value=self.view.value,
            value_text=typed,
            unit=self.view.unit,
            preview=self.preview(typed),
            tone=self.view.tone,
        )
        return replace(self, view=view)


def ask_value(
    title: str,
    on_value: Callable[[str], None],
    *,
    detail: str = "",
    kind: Literal["quantity", "weight", "money", "text", "code", "secret", "file"] = "text",
    unit: str = "",
    value: str = "",
    yes: str = "",
    preview: Callable[[str], str] | None = None,
    otherwise: Callable[[], None] = lambda: None,
) -> Asking:
    """Ask for one value; Enter takes it, Esc gives up and changes nothing (`otherwise` follows).

    `value` stands there already and is replaced by typing.
    """
    view = QuestionView(
        title=title,
        detail=detail,
        choices=(
            ChoiceView(name="value", word=yes or tr("确定"), key="Enter", primary=True),
            ChoiceView(name="no", word=tr("不改"), key="Esc"),
        ),
        value=kind,
        value_text=value,
        unit=unit,
    )

    def answered(choice: str, typed: str) -> None:
        if choice != "no":
            on_value(typed)
        else:
            otherwise()

    return Asking(view, answered, preview)


def ask_choice(
    title: str,
    choices: tuple[tuple[str, str], ...],
    on_choice: Callable[[str], None],
    *,
    keyed: bool = False,
    otherwise: Callable[[], None] = lambda: None,
) -> Asking:
    """Ask for one of several (name, word), the usual one first; Esc changes nothing (`otherwise`
    follows).

    `keyed`: the page takes a digit for each of the others.
    """
    views = [
        ChoiceView(name=name, word=word, key=_key(n, keyed), primary=n == 1)
        for n, (name, word) in enumerate(choices, 1)
    ]
    view = QuestionView(
        title=title,
        choices=(*views, ChoiceView(name="no", word=tr("不改"), key="Esc")),
    )

    def answered(choice: str, _value: str) -> None:
        if choice != "no":
            on_choice(choice)
        else:
            otherwise()

    return Asking(view, answered)


def _key(number: int, keyed: bool) -> str:
    if number == 1:
        return "Enter"
    return str(number) if keyed else ""

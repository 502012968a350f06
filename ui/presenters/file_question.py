"""Which file? Its name is typed, or it is picked from the disk by a finger."""

from collections.abc import Callable

from msgspec.structs import replace

from ui.language import tr
from ui.presenters.asking import Asking, ask_value
from ui.views import BROWSE, ChoiceView


def ask_file(
    title: str, pick: Callable[[str], str], on_path: Callable[[str], None], kinds: str = ""
) -> Asking:
    """Ask for a file; `kinds` are the names it may have ("照片 (*.jpg *.png)"), `pick` opens the
    window that shows them."""
    typed = ask_value(title, on_path, detail=tr("写完整的文件名，或按 F2 选"), kind="file")
    browse = ChoiceView(name=BROWSE, word=tr("选文件…"), key="F2")
    first, *rest = typed.view.choices

    def answered(choice: str, value: str) -> None:
        if choice == BROWSE:
            if path := pick(kinds):
                on_path(path)
        else:
            typed.on_answer(choice, value)

    return Asking(replace(typed.view, choices=(first, browse, *rest)), answered)

"""A shop's receipt template on disk: which one is used, and what it looks like."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from app.content import Paper
from app.receipt import ReceiptData
from app.receipt_template import Problem, check, fill

if TYPE_CHECKING:
    from PIL.Image import Image

TEMPLATES = Path(__file__).resolve().parent.parent / "resources" / "receipts"


class Chosen(NamedTuple):
    """The template in use and what was wrong with the shop's own, if it was not taken."""

    text: str
    problems: list[Problem]


def shipped(name: str = "standard") -> str:
    """A template that comes with the till: standard or english."""
    return (TEMPLATES / f"{name}.txt").read_text("utf-8")


def chosen(own: Path | None, fallback: str = "standard") -> Chosen:
    """The shop's own template if it is whole, else the shipped one and what is wrong.

    A receipt must come out whatever somebody did to a text file.
    """
    if own is None or not own.is_file():
        return Chosen(shipped(fallback), [])
    try:
        text = own.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return Chosen(shipped(fallback), [Problem(0, "模板不是 UTF-8 文本，读不了。")])
    problems = check(text)
    return Chosen(shipped(fallback) if problems else text, problems)


def preview(
    template: str, receipt: ReceiptData, columns: int, mode: Literal["text", "raster"] = "text"
) -> "Image":
    """What a receipt looks like on paper. Raises Refusal("receipt_template_bad")."""
    # Pillow comes with it: a till that only prints does without.
    from printers.commands import render_png

    paper: Paper = fill(template, receipt)
    return render_png(paper, columns, mode)

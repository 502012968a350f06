"""The key card on one sheet of A4, to be laid beside the till."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from printers.pdf import face, load_fonts, text_length

MM = 72 / 25.4
WIDE, HIGH = 297 * MM, 210 * MM
EDGE = 14 * MM
COLUMNS = 3
GAP = 8 * MM
ROW = 12.6 * MM
WORD_AT = 32 * MM
"""Where the word begins, behind the keys of any action."""
CAP_HIGH, CAP_PAD, CAP_ROUND = 7.6 * MM, 2.4 * MM, 1.2 * MM
KEY_SIZE, WORD_SIZE, TITLE_SIZE, NOTE_SIZE = 12, 13, 22, 11
GREY = 0.45


def key_card_pdf(title: str, rows: Sequence[tuple[str, str]], notes: Sequence[str]) -> bytes:
    """One page of (keys, word), keys of one action parted by " / ".

    The same words give the same bytes on every machine and every day.
    """
    from reportlab.pdfgen.canvas import Canvas

    load_fonts()
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDE, HIGH), invariant=1)
    canvas.setTitle(title)
    top = HIGH - EDGE
    canvas.setFont(face(True), TITLE_SIZE)
    canvas.drawString(EDGE, top - TITLE_SIZE * 0.8, title)
    top -= 16 * MM
    column = (WIDE - 2 * EDGE - (COLUMNS - 1) * GAP) / COLUMNS
    high = -(-len(rows) // COLUMNS)
    for number, (keys, word) in enumerate(rows):
        left = EDGE + (number // high) * (column + GAP)
        _key(canvas, left, top - (number % high) * ROW, keys, word)
    _notes(canvas, top - high * ROW - 4 * MM, notes)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _key(canvas: Any, left: float, top: float, keys: str, word: str) -> None:
    """A key cap for each way to press it, and what it does."""
    bottom, word_at = top - CAP_HIGH, left + WORD_AT
    for place, each in enumerate(keys.split(" / ")):
        if place:
            left += 1.5 * MM
        wide = max(text_length(each, KEY_SIZE, True) + 2 * CAP_PAD, CAP_HIGH)
        canvas.setLineWidth(0.8)
        canvas.setStrokeGray(GREY)
        canvas.roundRect(left, bottom, wide, CAP_HIGH, CAP_ROUND)
        canvas.setFont(face(True), KEY_SIZE)
        canvas.drawCentredString(left + wide / 2, bottom + 2.5 * MM, each)
        left += wide
    canvas.setFont(face(False), WORD_SIZE)
    canvas.drawString(max(word_at, left + 2 * MM), bottom + 2.3 * MM, word)


def _notes(canvas: Any, top: float, notes: Sequence[str]) -> None:
    """What is typed rather than pressed, and what never needs the keyboard."""
    canvas.setLineWidth(0.5)
    canvas.setStrokeGray(GREY)
    canvas.line(EDGE, top, WIDE - EDGE, top)
    canvas.setFont(face(False), NOTE_SIZE)
    for line, note in enumerate(notes, start=1):
        canvas.drawString(EDGE, top - line * 6.4 * MM, note)

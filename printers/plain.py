"""A paper's rows as plain text: what a screen reader, a console or a test reads."""

from collections.abc import Sequence

from printers.layout import BannerRow, BarcodeRow, QrRow, Row, RuleRow, TextRow
from printers.text_safe import width


def plain_rows(rows: Sequence[Row], columns: int = 48) -> list[str]:
    """Each row as it stands on paper, Chinese characters two columns wide."""
    plain = (_plain(row, columns) for row in rows)
    return [text for text in plain if text is not None]


def _plain(row: Row, columns: int) -> str | None:
    match row:
        case TextRow():
            text = ""
            for span in row.spans:
                text += " " * (span.column - width(text)) + span.text
            return text.rstrip()
        case RuleRow():
            return ("=" if row.double else "-") * columns
        case BannerRow():
            return "〔" + " ".join(row.lines) + "〕"
        case QrRow() | BarcodeRow():
            return f"〔{row.data}〕"
        case _:
            return None

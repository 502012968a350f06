"""What a printer says about itself: our own DLE EOT parser, where silence is never "paper ok".

Rules: a status byte has bits 1 and 4 set and bits 0 and 7 clear; anything else (flow control,
automatic status blocks of four bytes, noise of the line) is not an answer. Bits are those of the
ESC/POS manuals.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

Exchange = Callable[[bytes], bytes]
"""Sends a request and hands back what came within the carrier's patience; b"" = silence."""

PRINTER, OFFLINE_CAUSE, PAPER = b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04"


class PrinterStatus(msgspec.Struct, frozen=True):
    """What is known. None and unknown mean exactly that."""

    online: bool | None = None
    paper: Literal["ok", "near_end", "out", "unknown"] = "unknown"
    cover: Literal["closed", "open", "unknown"] = "unknown"
    drawer_open: bool | None = None

    @property
    def answered(self) -> bool:
        """Whether the printer said anything at all."""
        return self.online is not None or self.paper != "unknown"

    @property
    def ready(self) -> bool:
        """Online, closed and with paper, all three said by the printer itself."""
        return self.online is True and self.paper in ("ok", "near_end") and self.cover == "closed"

    @property
    def trouble(self) -> str:
        """Why nothing prints: paper_out, cover_open, offline, or empty."""
        if self.paper == "out":
            return "paper_out"
        if self.cover == "open":
            return "cover_open"
        return "offline" if self.online is False else ""


UNKNOWN = PrinterStatus()


def status_byte(answer: bytes) -> int | None:
    """The first real status byte in what came back, or None."""
    at = 0
    while at < len(answer):
        byte = answer[at]
        if byte & 0x93 == 0x12:
            return byte
        # An automatic status block begins like this and is four bytes long.
        at += 4 if byte & 0x93 == 0x10 else 1
    return None


def ask(exchange: Exchange, drawer_level: Literal["none", "high", "low"] = "none") -> PrinterStatus:
    """The printer's state by three requests; a silent printer is asked only once.

    `drawer_level` is what the drawer's switch says when it is open.
    """
    printer = status_byte(exchange(PRINTER))
    if printer is None:
        return UNKNOWN
    cause = status_byte(exchange(OFFLINE_CAUSE))
    paper = status_byte(exchange(PAPER))
    drawer = None if drawer_level == "none" else bool(printer & 4) == (drawer_level == "high")
    return PrinterStatus(
        online=not printer & 8,
        paper=_paper(paper, cause),
        cover="unknown" if cause is None else "open" if cause & 4 else "closed",
        drawer_open=drawer,
    )


def _paper(paper: int | None, cause: int | None) -> Literal["ok", "near_end", "out", "unknown"]:
    if (paper is not None and paper & 0x60) or (cause is not None and cause & 0x20):
        return "out"
    if paper is None:
        return "unknown"
    return "near_end" if paper & 0x0C else "ok"

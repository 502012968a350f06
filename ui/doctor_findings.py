"""What a look at this machine found: state, meaning and the way to mend it, in two languages."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

State = Literal["ok", "warn", "stop"]
SHOWN = {
    "zh": {"ok": "ok", "warn": "注意", "stop": "停"},
    "en": {"ok": "ok", "warn": "look", "stop": "stop"},
}


class Words(NamedTuple):
    """One sentence, Chinese and English."""

    zh: str
    en: str


NOTHING = Words("", "")


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `stop`: the till cannot be used, or not safely, like this."""

    name: str
    """A short constant: sqlite, fonts, clock …"""
    title: Words
    state: State
    says: Words
    mend: Words = NOTHING


def fine(findings: Iterable[Finding]) -> bool:
    """Whether nothing stops the till."""
    return all(each.state != "stop" for each in findings)


def as_json(findings: Iterable[Finding], language: str) -> list[dict[str, str]]:
    """The findings as JSON takes them, worded in one language."""
    return [
        {
            "name": each.name,
            "state": each.state,
            "says": getattr(each.says, language),
            "mend": getattr(each.mend, language),
        }
        for each in findings
    ]


def as_text(findings: Iterable[Finding], language: str) -> list[str]:
    """The findings as lines for a terminal; the way to mend stands under what it mends."""
    found = list(findings)
    titles = [getattr(each.title, language) for each in found]
    room = max(map(_columns, titles), default=0)
    lines = []
    for each, title in zip(found, titles, strict=True):
        state = SHOWN[language][each.state]
        head = state + " " * (6 - _columns(state)) + title + " " * (room - _columns(title))
        lines.append(f"{head}  {getattr(each.says, language)}")
        if mend := getattr(each.mend, language):
            lines.append(" " * (room + 8) + "→ " + mend)
    return lines


def _columns(text: str) -> int:
    """How wide a terminal shows a text: Han takes two columns."""
    return sum(1 if char.isascii() else 2 for char in text)

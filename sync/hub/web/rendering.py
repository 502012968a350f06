"""Templates, words in two languages, and the headers every page leaves with."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from app import __version__
from app.clock import local
from app.languages import filled
from app.money import yuan, yuan_shown
from sync.hub.web.names import ALL, DETAIL_WORDS, PROMOTION_FIELDS

FOLDER = Path(__file__).parents[3] / "resources" / "hub"
LANGUAGES = ("zh", "en")
HEADERS = {
    # Nothing but our own style, face and frames, no script at all, no frame around us.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; frame-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

IN_FRAME = HEADERS | {
    # What a page of ours shows in a frame: it has nothing to press.
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


@cache
def english() -> Mapping[str, str]:
    """Chinese text of the pages -> English."""
    with (FOLDER / "en.toml").open("rb") as file:
        table: dict[str, str] = tomllib.load(file)["words"]
    return table


def word(language: str, text: str, **values: object) -> str:
    """A text of the pages in a language; `{name}` in it is filled in."""
    said = english()[text] if language == "en" and text else text
    return filled(said, values) if values else said


def moment(wall_ms: int) -> str:
    """A moment as people read it, "—" for none."""
    return local(wall_ms).strftime("%Y-%m-%d %H:%M") if wall_ms else "—"


def begins(wall_ms: int) -> str:
    """The moment something begins: a day alone where that is its first moment; "—" for none."""
    return moment(wall_ms).removesuffix(" 00:00")


def ends(wall_ms: int) -> str:
    """The moment something is over, which is not part of it: at midnight the day before is its last
    one; "—" for none."""
    said = moment(wall_ms)
    return moment(wall_ms - 1)[:10] if said.endswith(" 00:00") else said


def apart(ahead_ms: int) -> str:
    """How far a clock is from ours, to the second below two minutes, else to the minute."""
    seconds = abs(ahead_ms) // 1000
    sign = "" if not seconds else "\N{MINUS SIGN}" if ahead_ms < 0 else "+"
    return f"{sign}{seconds} s" if seconds < 120 else f"{sign}{seconds // 60} min"


def pieces(milli: int) -> str:
    """Thousandths of a unit without needless noughts, a true sign before them."""
    sign = "\N{MINUS SIGN}" if milli < 0 else ""
    return f"{sign}{abs(milli) // 1000}.{abs(milli) % 1000:03d}".rstrip("0").rstrip(".")


def permille(value: int) -> str:
    """Thousandths as a percentage with a true sign."""
    sign = "\N{MINUS SIGN}" if value < 0 else "+" if value else ""
    return f"{sign}{abs(value) // 10}.{abs(value) % 10} %"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "yuan": yuan_shown, "pieces": pieces, "moment": moment, "begins": begins, "ends": ends,
        "apart": apart, "permille": permille, "plain": yuan, "decoded": msgspec.json.decode,
    }  # fmt: skip
    made.globals |= {**ALL, "detail_words": DETAIL_WORDS, "promotion_fields": PROMOTION_FIELDS}
    return made


def page(
    name: str,
    language: str = "zh",
    status: int = 200,
    headers: Mapping[str, str] = HEADERS,
    **values: Any,
) -> Response[str]:
    """A template filled in, as an answer. Every value is escaped."""

    def t(text: str, **within: object) -> str:
        return word(language, text, **within)

    text = (
        _environment()
        .get_template(name)
        .render(values | {"t": t, "language": language, "version": __version__})
    )
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)

"""What one kind of printer can do, read from `resources/printers/*.toml`.

A profile is data: a shop whose printer speaks another encoding or needs another drawer pulse
copies a file and changes a word. The words are explained in `resources/printers/README.md`.
"""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from app.errors import Refusal

PROFILES = Path(__file__).resolve().parent.parent / "resources" / "printers"

Fragment = Annotated[int, msgspec.Meta(ge=24, le=256)]
PulseMs = Annotated[int, msgspec.Meta(ge=2, le=510)]


class Drawer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The pulse that opens the cash drawer through the printer."""

    pin: Literal[2, 5] = 2
    """Pin of the printer's drawer socket."""
    on_ms: PulseMs = 50
    off_ms: PulseMs = 500
    pulses: Literal[1, 2] = 1
    """Some units open only at the second pulse; they want a pause (`off_ms`) between."""
    open_level: Literal["none", "high", "low"] = "none"
    """What the drawer's own switch says when it is open; most drawers have none."""
    real_time: bool = False
    """The printer opens the drawer even with its paper out (DLE DC4)."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of printer. Dots are 1/8 mm (203 dpi)."""

    title: str
    columns: Annotated[int, msgspec.Meta(ge=16, le=64)]
    dots: Annotated[int, msgspec.Meta(ge=192, le=832, multiple_of=8)]
    mode: Literal["text", "raster", "tspl"] = "text"
    """raster: our own font as a picture, for printers without a Chinese ROM we know.
    tspl: a label printer."""
    encoding: Literal["gb18030", "gbk", "big5", "utf-8", "cp437"] = "gb18030"
    four_byte: bool = False
    """The ROM draws four-byte GB18030 codes (rare names); most print rubbish for them."""
    native_qr: bool = False
    native_barcode: bool = False
    cut: Literal["none", "partial", "full"] = "partial"
    feed_rows: Annotated[int, msgspec.Meta(ge=0, le=12)] = 4
    """Empty rows that bring the last text past the knife or the tear bar."""
    fragment_rows: Fragment = 192
    """Dot rows per picture piece: cheap printers overflow on tall ones."""
    status: Literal["dle_eot", "none"] = "none"
    trust: bool = False
    """Without status: a job whose bytes were all taken counts as printed instead of unsure."""
    drawer: Drawer = Drawer()


def parse_profile(text: str) -> Profile:
    """A profile from TOML text. Raises Refusal("bad_printer_profile", problem=…)."""
    try:
        return msgspec.convert(tomllib.loads(text), Profile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise Refusal("bad_printer_profile", problem=str(problem)) from None


def profile_names(folder: Path = PROFILES) -> list[str]:
    """Names of the profiles in a folder, in alphabetical order."""
    return sorted(path.stem for path in folder.glob("*.toml"))


@lru_cache(maxsize=32)
def load_profile(name: str, folder: Path = PROFILES) -> Profile:
    """The profile called `name`. Raises Refusal: unknown_printer_profile, bad_printer_profile."""
    if name not in profile_names(folder):
        raise Refusal("unknown_printer_profile", name=name)
    return parse_profile((folder / f"{name}.toml").read_text("utf-8"))

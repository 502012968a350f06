"""The look as data: colours, type sizes and spaces, and the fonts they are drawn with.

Every widget is handed one `Theme` and asks it for everything it paints with, so a darker or larger
till is another Theme and nothing else. `ui/sheet.py` turns the same tokens into one style sheet.
Sizes are pixels at 100 %; `Theme.px` applies the large-type percentage.
"""

from functools import cache
from pathlib import Path

import msgspec
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette, QRawFont

from app.errors import Trouble

FONT_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "fonts"
FONT_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
FAMILY = "Noto Sans SC"

# Families a shop's machine may bring along, tried in this order when our own files are missing.
SYSTEM_FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Source Han Sans SC",
    "Noto Sans CJK SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)

SPACES = (4, 8, 12, 16, 24, 32)
RADIUS = 4
TOUCH = 48
"""Smallest height of anything a finger presses."""

SIZES: dict[str, int] = {
    "small": 14,
    "body": 16,
    "product": 18,
    "amount": 20,
    "title": 22,
    "figure": 28,
    "due": 36,
    "total": 48,
    "change": 72,
}
PERCENTS = (100, 125, 150)
LARGE_TEXT_PX = 24
"""From this size on 3:1 is enough contrast; below it 4.5:1."""


class Colours(msgspec.Struct, frozen=True):
    """One set of colours; every value is #RRGGBB."""

    ink: str
    muted: str
    paper: str
    surface: str
    line: str
    edge: str
    ring: str
    brand: str
    brand_soft: str
    brand_down: str
    on_brand: str
    accent: str
    warn: str
    warn_soft: str
    danger: str
    danger_soft: str
    ok: str
    pressed: str


LIGHT = Colours(
    ink="#1C2421",
    muted="#56615B",
    paper="#FAFAF7",
    surface="#FFFFFF",
    line="#D9DDD8",
    edge="#7C867F",
    ring="#3E957C",
    brand="#1F6B57",
    brand_soft="#E6F0EC",
    brand_down="#175343",
    on_brand="#FFFFFF",
    accent="#B5532A",
    warn="#8A5A12",
    warn_soft="#FAF1DF",
    danger="#B3261E",
    danger_soft="#FBEBE9",
    ok="#2E7D32",
    pressed="#F1F3EF",
)

DARK = Colours(
    ink="#E8ECE9",
    muted="#A9B4AE",
    paper="#161B19",
    surface="#1E2522",
    line="#3A443F",
    edge="#7F8B84",
    ring="#5FBF9F",
    brand="#5FBF9F",
    brand_soft="#223831",
    brand_down="#7FD3B7",
    on_brand="#10201A",
    accent="#F0A47E",
    warn="#E5B567",
    warn_soft="#372D1C",
    danger="#FF8A80",
    danger_soft="#3A2523",
    ok="#7BC67E",
    pressed="#2A322E",
)

_TEXT = 4.5
_LARGE = 3.0
_EDGE = 3.0

# Every pair that is painted: (foreground, background, least contrast). A widget that needs a new
# pair adds it here, and the test decides whether people can read it.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((fore, back, _TEXT) for fore in ("ink", "muted") for back in (
        "paper", "surface", "brand_soft", "warn_soft", "danger_soft", "pressed")),
    *((fore, back, _TEXT) for fore in ("brand", "danger", "warn", "ok", "accent") for back in (
        "paper", "surface")),
    ("brand", "brand_soft", _TEXT),
    ("brand", "pressed", _TEXT),
    ("warn", "warn_soft", _TEXT),
    ("danger", "danger_soft", _TEXT),
    ("on_brand", "brand", _TEXT),
    ("on_brand", "brand_down", _TEXT),
    ("surface", "danger", _TEXT),
    *((edge, back, _EDGE) for edge in ("edge", "ring") for back in ("paper", "surface")),
    ("ring", "brand_soft", _EDGE),
    ("edge", "brand_soft", _EDGE),
)  # fmt: skip

# Tile bars: names the catalogue uses for its groups of goods. Decoration beside a word.
HUES: dict[str, str] = {
    "brand": "#1F6B57",
    "tea": "#7A4A2B",
    "goose": "#B5532A",
    "water": "#26708F",
    "egg": "#8F5A14",
    "rice": "#6E7B22",
    "sauce": "#9B3438",
    "fruit": "#AE2A2A",
    "craft": "#5B4B94",
    "herb": "#3A3F3D",
    "green": "#2E7D32",
    "plain": "#7C867F",
}


class Theme(msgspec.Struct, frozen=True):
    """What a widget paints with. `motion` False leaves out every highlight that fades."""

    colours: Colours = LIGHT
    percent: int = 100
    family: str = FAMILY
    motion: bool = True

    def px(self, size: int) -> int:
        """A length given at 100 %, at this theme's percentage, whole pixels."""
        return (size * self.percent + 50) // 100

    def font(self, size: str = "body", *, bold: bool = False) -> QFont:
        """The face in one of the named sizes."""
        font = QFont(self.family)
        font.setPixelSize(self.px(SIZES[size]))
        font.setBold(bold)
        return font

    def colour(self, name: str) -> QColor:
        """One of the colour tokens."""
        return _colour(getattr(self.colours, name))

    def hue(self, name: str) -> QColor:
        """The bar colour of a group of goods; an unknown name gets the plain one."""
        return _colour(HUES.get(name, HUES["plain"]))

    def row_height(self, size: str = "product") -> int:
        """Height of a list row in which text of this size stands with air around it."""
        return max(self.px(TOUCH), QFontMetrics(self.font(size)).height() + self.px(16))


@cache
def _colour(value: str) -> QColor:
    return QColor(value)


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme, for whatever the style sheet does not name."""
    built = QPalette()
    roles = {
        QPalette.ColorRole.Window: "paper",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "paper",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.Highlight: "brand",
        QPalette.ColorRole.HighlightedText: "on_brand",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.ToolTipBase: "surface",
        QPalette.ColorRole.ToolTipText: "ink",
    }
    for role, name in roles.items():
        built.setColor(role, theme.colour(name))
    return built


def load_fonts(folder: Path = FONT_FOLDER) -> str:
    """Load our two faces and return the family to draw with.

    Without our files the first system family that knows Han is taken. Raises
    Trouble("no_han_font") when none does: every Chinese word would be a box.
    """
    families: set[str] = set()
    for name in FONT_FILES:
        number = QFontDatabase.addApplicationFont(str(folder / name))
        if number >= 0:
            families.update(QFontDatabase.applicationFontFamilies(number))
    if FAMILY in families:
        return FAMILY
    return han_family()


def han_family() -> str:
    """A family of this machine that can draw Han; raises Trouble("no_han_font")."""
    known = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    for family in (*SYSTEM_FAMILIES, *known):
        if family in known and _draws_han(family):
            return family
    raise Trouble("no_han_font")


def _draws_han(family: str) -> bool:
    raw = QRawFont.fromFont(QFont(family), QFontDatabase.WritingSystem.SimplifiedChinese)
    return raw.isValid() and raw.supportsCharacter(ord("鹅"))


def no_font_sentence() -> str:
    """What to show when Chinese cannot be drawn: English, because boxes help nobody."""
    return (
        "no_han_font: This machine has no Chinese font and the till's own font files are missing.\n"
        "Put NotoSansSC-Regular.ttf and NotoSansSC-Bold.ttf into resources/fonts "
        "(resources/fonts/build.py makes them), then start again. No sale was lost."
    )


def percents_for(width: int, height: int) -> tuple[int, ...]:
    """The type sizes a screen has room for: names and the payment's buttons must stay whole."""
    if width < 1280:
        return PERCENTS[:1]
    return PERCENTS if height >= 1000 and width >= 1500 else PERCENTS[:2]


def percent_chosen(chosen: str, width: int, height: int) -> int:
    """The shop's type size ("125"), or the largest the screen has room for; else the screen's."""
    if not chosen.isdigit():
        return percent_for(width, height)
    return max(size for size in percents_for(width, height) if size <= max(int(chosen), 100))


def percent_for(width: int, height: int) -> int:
    """The type size that fills a screen of this many logical pixels without looking empty."""
    return 125 if width >= 1800 and height >= 1000 else 100

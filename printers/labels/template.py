"""A label's template: a text file with one thing a line, measured in millimetres from top left.

    size 40 30 gap 2
    text 2 1.5 36 4.2 bold: {name}
    text 2 6 36 3.2 lines 2: {spec} {origin}
    bars 2 18 36 8: {code}
    qr 26 4 12: {qr}
    rule 2 16 36

`text X Y WIDTH HEIGHT [bold] [left|center|right] [lines N]: words`, `bars X Y WIDTH HEIGHT: code`,
`qr X Y SIDE: data`, `rule X Y WIDTH`. A thing whose fields are all empty is left out. Lines that
begin with # are for people.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from app.errors import Refusal

FOLDER = Path(__file__).resolve().parent.parent.parent / "resources" / "labels"
SIZES = {(400, 300), (500, 300), (600, 400)}
"""Tenths of a millimetre: what label printers of these shops are loaded with."""
FIELD = re.compile(r"\{([a-z0-9_]+)\}")
FIELDS = (
    *("name", "spec", "grade", "origin", "village", "unit", "price", "price_500g", "unit_500g"),
    *("was", "valid", "shop", "phone", "code", "qr", "quantity", "amount", "made", "expires"),
    *("batch", "maker", "entrusting", "licence", "mark", "serial", "certificate", "zone", "day"),
)
"""Everything a label can say; a template that names anything else is refused."""
_MOST_LINES = 40
MOST_BYTES = 16_384
UNREADABLE = "这个文件读不出来，请存成 UTF-8 的文本。"


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on the label; all measures in tenths of a millimetre."""

    kind: Literal["text", "bars", "qr", "rule"]
    x: int
    y: int
    width: int
    height: int = 0
    words: str = ""
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    lines: int = 1

    @property
    def fields(self) -> list[str]:
        """The fields its words name."""
        return FIELD.findall(self.words)


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A label's size and everything on it, in tenths of a millimetre."""

    width: int
    height: int
    gap: int
    elements: tuple[Element, ...]


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with a template; `line` counts from 1, 0 is the template as a whole."""

    line: int
    sentence: str


def names() -> list[str]:
    """The templates that come with the till, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def shipped(name: str) -> str:
    """A template's text. Raises Refusal("unknown_label", name=…)."""
    if name not in names():
        raise Refusal("unknown_label", name=name[:40])
    return (FOLDER / f"{name}.txt").read_text("utf-8")


class Templates:
    """The templates of one till: those that come with it, and the shop's own in a folder.

    A file of a shipped template's name takes its place. Files are read at every use, so a person
    who edits one sees what it does.
    """

    def __init__(self, own: Path) -> None:
        self.own = own

    def names(self) -> list[str]:
        """Every template there is, by name."""
        return sorted({*names(), *(path.stem for path in self.own.glob("*.txt"))})

    def text(self, name: str) -> str:
        """A template as it stands, right or wrong. Raises Refusal("unknown_label", name=…)."""
        if name in self.names() and (path := self.own / f"{name}.txt").is_file():
            try:
                with path.open("rb") as file:
                    return file.read(MOST_BYTES).decode("utf-8-sig")
            except (OSError, UnicodeDecodeError):
                raise Refusal("label_template_bad", line=0, problem=UNREADABLE) from None
        return shipped(name)

    def checked(self, name: str) -> str:
        """A template that may be printed. Raises Refusal: unknown_label, label_template_bad."""
        text = self.text(name)
        parse(text)
        return text

    def edit(self, name: str) -> Path:
        """The file a person edits: the shop's own, made from the shipped one the first time.

        Raises Refusal: unknown_label, export_failed.
        """
        path, text = self.own / f"{name}.txt", self.text(name)
        try:
            if not path.is_file():
                self.own.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise Refusal("export_failed", path=path.name, detail=detail) from None
        return path


def check(text: str) -> list[Problem]:
    """Everything wrong with a template, in reading order; empty = it may be used."""
    return list(_understood(text)[1])


def parse(text: str) -> Template:
    """The template. Raises Refusal("label_template_bad", line=…, problem=…)."""
    template, problems = _understood(text)
    if problems or template is None:
        first = problems[0] if problems else Problem(0, "")
        raise Refusal("label_template_bad", line=first.line, problem=first.sentence)
    return template


@lru_cache(maxsize=32)
def _understood(text: str) -> tuple[Template | None, tuple[Problem, ...]]:
    problems: list[Problem] = []
    size: tuple[int, int, int] | None = None
    elements: list[Element] = []
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        problems.append(Problem(0, f"模板最多 {_MOST_LINES} 行。"))
        lines = lines[:_MOST_LINES]
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if size is None:
            size = _size(line)
            if size is None:
                problems.append(
                    Problem(number, "第一行写尺寸：size 40 30 gap 2（40×30、50×30、60×40）。")
                )
                return None, tuple(problems)
            continue
        element = _element(line)
        if isinstance(element, str):
            problems.append(Problem(number, element))
        elif (problem := _outside(element, size)) or (problem := _unknown(element)):
            problems.append(Problem(number, problem))
        else:
            elements.append(element)
    if size is None or not elements:
        problems.append(Problem(0, "模板里什么也没有。"))
        return None, tuple(problems)
    width, height, gap = size
    template = Template(width=width, height=height, gap=gap, elements=tuple(elements))
    return template, tuple(problems)


def _size(line: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"size (\d+) (\d+)(?: gap (\d))?", line)
    if match is None:
        return None
    width, height = int(match.group(1)) * 10, int(match.group(2)) * 10
    return (width, height, int(match.group(3) or 2) * 10) if (width, height) in SIZES else None


_NUMBER = re.compile(r"\d{1,3}(?:\.\d)?")
_NEEDS = {"text": 4, "bars": 4, "qr": 3, "rule": 3}


def _element(line: str) -> Element | str:
    head, colon, words = line.partition(":")
    kind, *rest = head.split()
    if kind not in _NEEDS:
        return f"没有叫 {kind[:12]} 的东西，可用的有：text、bars、qr、rule。"
    needs = _NEEDS[kind]
    numbers, options = rest[:needs], rest[needs:]
    if len(numbers) < needs or not all(_NUMBER.fullmatch(each) for each in numbers):
        return f"{kind} 后面要 {needs} 个毫米数，例如 2 或 2.5。"
    if kind != "rule" and not (colon and words.strip()):
        return f"{kind} 要用冒号写出内容。"
    x, y, width, *more = [_tenths(each) for each in numbers]
    height = more[0] if more else width if kind == "qr" else 0
    bold, align, most, problem = _options(options) if kind == "text" else (False, "left", 1, "")
    if problem or (options and kind != "text"):
        return problem or f"{kind} 不认识 {options[0][:12]}。"
    return Element(
        kind=kind,  # type: ignore[arg-type]
        x=x,
        y=y,
        width=width,
        height=height,
        words=words.strip(),
        bold=bold,
        align=align,  # type: ignore[arg-type]
        lines=most,
    )


def _options(options: list[str]) -> tuple[bool, str, int, str]:
    bold, align, most = False, "left", 1
    rest = list(options)
    while rest:
        word = rest.pop(0)
        if word == "bold":
            bold = True
        elif word in ("left", "center", "right"):
            align = word
        elif word == "lines" and rest and rest[0] in ("1", "2", "3"):
            most = int(rest.pop(0))
        else:
            return bold, align, most, f"text 不认识 {word[:12]}。"
    return bold, align, most, ""


def _tenths(number: str) -> int:
    whole, _, tenth = number.partition(".")
    return int(whole) * 10 + int(tenth or 0)


def _outside(element: Element, size: tuple[int, int, int]) -> str:
    tall = element.height * element.lines if element.kind == "text" else element.height
    if element.width <= 0 or (element.kind != "rule" and element.height <= 0):
        return "宽和高要大于 0。"
    if element.x + element.width > size[0] or element.y + tall > size[1]:
        return "这一样东西超出标签边缘。"
    return ""


def _unknown(element: Element) -> str:
    left = FIELD.sub("", element.words)
    if "{" in left or "}" in left:
        return "花括号没有成对，栏目写成 {name} 这样。"
    unknown = [name for name in element.fields if name not in FIELDS]
    return f"没有叫 {{{unknown[0]}}} 的栏目，可用的有：{'、'.join(FIELDS)}。" if unknown else ""

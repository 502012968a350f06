"""Labels somebody is about to print: what kind, on what, and of each goods how many. Pure."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from app.errors import Refusal
from app.facts.catalogue import Product
from app.money import parse_yuan
from app.sales.label_wording import Wanted
from app.stock.labelling import KINDS, MOST_COPIES

PRINTER, PAPER = "printer", "pdf"
TAG, PROMO, PRODUCT, WEIGH, TRACE, SHIELD, SHELF = KINDS
WITH_LOT = (PRODUCT, WEIGH, TRACE, SHIELD)
WITH_ZONE = (TAG, PROMO)
MOST_LINES = 300
_COPIES = re.compile(r"[0-9]{1,3}")


class LabelLine(msgspec.Struct, frozen=True, kw_only=True):
    """One goods and how many labels of it, as typed; `serial` is the first of a roll's block."""

    product: str = ""
    name: str = ""
    typed: str = "1"
    lot: str = ""
    batch: str = ""
    zone: str = ""
    grams: int = 0
    price: str = ""
    serial: str = ""

    def copies(self) -> int:
        """How many. Raises Refusal("bad_copies")."""
        if not _COPIES.fullmatch(self.typed) or not 1 <= int(self.typed) <= MOST_COPIES:
            raise Refusal("bad_copies", most=MOST_COPIES)
        return int(self.typed)


class LabelSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The page as it stands; every change makes a new one."""

    kind: str = TAG
    template: str = ""
    """"" = the kind's usual one."""
    to: str = PRINTER
    digits: str = "13"
    """Of a weigh label's bars."""
    valid_from: str = ""
    valid_to: str = ""
    lines: tuple[LabelLine, ...] = ()
    marked: int = 0

    @property
    def template_name(self) -> str:
        """The template it is printed with."""
        return self.template or KINDS[self.kind]

    def line(self) -> LabelLine | None:
        """The marked line."""
        return self.lines[self.marked] if self.lines else None

    def of_kind(self, kind: str) -> "LabelSheet":
        """The same goods on another label; its usual template."""
        return msgspec.structs.replace(self, kind=kind, template="")

    def with_line(self, line: LabelLine) -> "LabelSheet":
        """One more line, or one more copy of the same goods. Raises Refusal("basket_full")."""
        for place, each in enumerate(self.lines):
            same = (each.product, each.lot, each.zone) == (line.product, line.lot, line.zone)
            if same and self.kind != WEIGH and each.typed.isdigit():
                more = str(min(int(each.typed) + int(line.typed), MOST_COPIES))
                return self.mark(place).say(typed=more)
        if len(self.lines) >= MOST_LINES:
            raise Refusal("basket_full", most=MOST_LINES)
        return msgspec.structs.replace(self, lines=(*self.lines, line), marked=len(self.lines))

    def scanned(self, one: Product) -> "LabelSheet":
        """Goods under the scanner."""
        return self.with_line(LabelLine(product=one.code, name=f"{one.name} {one.spec}".strip()))

    def mark(self, place: int) -> "LabelSheet":
        """Another line is looked at."""
        return msgspec.structs.replace(self, marked=max(0, min(place, len(self.lines) - 1)))

    def say(self, **said: Any) -> "LabelSheet":
        """Something of the marked line."""
        if not self.lines:
            return self
        changed = msgspec.structs.replace(self.lines[self.marked], **said)
        lines = (*self.lines[: self.marked], changed, *self.lines[self.marked + 1 :])
        return msgspec.structs.replace(self, lines=lines)

    def step(self, by: int) -> "LabelSheet":
        """A copy more or less, at least one."""
        line = self.line()
        now = int(line.typed) if line is not None and line.typed.isdigit() else 0
        return self.say(typed=str(max(1, min(now + by, MOST_COPIES))))

    def without_marked(self) -> "LabelSheet":
        """The marked line is not printed."""
        lines = (*self.lines[: self.marked], *self.lines[self.marked + 1 :])
        return msgspec.structs.replace(self, lines=lines).mark(self.marked)

    def without_first(self, count: int) -> "LabelSheet":
        """What is left once so many lines came out."""
        return msgspec.structs.replace(self, lines=self.lines[count:]).mark(0)

    def wanted(self, line: LabelLine) -> Wanted:
        """What a line asks for. Raises Refusal: bad_copies, bad_amount, serials_used."""
        said: Mapping[str, Any] = {
            "zone": line.zone,
            "lot": line.lot if self.kind in WITH_LOT else "",
            "quantity": line.grams if self.kind == WEIGH else 0,
            "price": parse_yuan(line.price) if line.price and self.kind == PROMO else 0,
            "serial_from": int(line.serial or 0) if self.kind == SHIELD else 0,
            "valid_from": self.valid_from if self.kind == PROMO else "",
            "valid_to": self.valid_to if self.kind == PROMO else "",
        }
        return Wanted(
            label=self.kind,
            product=line.product,
            copies=line.copies(),
            format=self.digits,
            template=self.template,
            **said,
        )

    def labels(self) -> int:
        """How many labels in all; lines that say no number count none."""
        return sum(int(line.typed) for line in self.lines if _COPIES.fullmatch(line.typed))

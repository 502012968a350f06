"""A document of 库存 being written: what leaves, moves or goes to another shop. Pure."""

import msgspec

from app.errors import Refusal
from app.facts.catalogue import Product
from app.quantity import parse_quantity, shown
from app.stock.keeping import Carry, Change
from app.stock.reasons import BY_CODE, GONE
from app.stock.rules import SHELF, STORE
from app.stock.transfers import Parcel

ADJUST, MOVE, TRANSFER = "adjust", "move", "transfer"


class StockLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line as typed."""

    product: str
    name: str
    unit: str
    weighed: bool
    typed: str = ""
    lot: str = ""
    """A lot's id, "" = the earliest."""
    batch: str = ""
    reason: str = "damaged"
    source: str = SHELF
    target: str = STORE
    box: str = ""

    def quantity(self) -> int:
        """Thousandths typed, 0 for none. Raises Refusal: bad_quantity, fraction_of_unit."""
        if self.typed.strip("0.") == "":
            return 0
        return parse_quantity(self.typed.removesuffix("."), weighed=self.weighed)


class StockSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document."""

    kind: str
    lines: tuple[StockLine, ...] = ()
    marked: int = 0
    beneficiary: str = ""
    approval_no: str = ""
    to: str = ""
    waybill: str = ""

    def line(self) -> StockLine | None:
        """The marked line."""
        return self.lines[self.marked] if 0 <= self.marked < len(self.lines) else None

    def mark(self, place: int) -> "StockSheet":
        """Another line is marked."""
        return msgspec.structs.replace(self, marked=max(0, min(place, len(self.lines) - 1)))

    def say(self, **said: str) -> "StockSheet":
        """Something of the marked line."""
        if (now := self.line()) is None:
            return self
        changed = msgspec.structs.replace(now, **said)
        lines = tuple(changed if n == self.marked else each for n, each in enumerate(self.lines))
        return msgspec.structs.replace(self, lines=lines)

    def step(self, by: int) -> "StockSheet":
        """One piece, or 100 g, more or less of the marked line."""
        if (now := self.line()) is None:
            return self
        try:
            quantity = now.quantity()
        except Refusal:
            quantity = 0
        quantity = max(0, quantity + by * (100 if now.weighed else 1000))
        return self.say(typed=shown(quantity, weighed=now.weighed))

    def without_marked(self) -> "StockSheet":
        """The marked line is gone."""
        lines = tuple(each for n, each in enumerate(self.lines) if n != self.marked)
        return msgspec.structs.replace(self, lines=lines).mark(self.marked)

    def scanned(self, one: Product, pieces: int, *, lot: str = "", batch: str = "") -> "StockSheet":
        """Goods under the scanner: one more of their line, or a new line like the last one."""
        for n, each in enumerate(self.lines):
            if each.product == one.code and lot in ("", each.lot):
                sheet = self.mark(n)
                return sheet if each.weighed else sheet.step(pieces)
        last = self.line()
        new = StockLine(
            product=one.code,
            name=f"{one.name} {one.spec}".strip(),
            unit=one.unit,
            weighed=bool(one.weighed),
            lot=lot,
            batch=batch,
            reason=last.reason if last else "damaged",
            source=last.source if last else SHELF,
            target=last.target if last else STORE,
            box=last.box if last else "",
        )
        lines = (*self.lines, new)
        sheet = msgspec.structs.replace(self, lines=lines, marked=len(lines) - 1)
        return sheet if new.weighed else sheet.step(pieces)

    def begun(self) -> bool:
        """Whether any line has a quantity typed."""
        return any(each.typed.strip("0.") for each in self.lines)

    def changes(self) -> list[Change]:
        """What an adjustment would write. Raises Refusal as `StockLine.quantity`."""
        return [
            Change(
                product=each.product,
                quantity=each.quantity() * (-1 if BY_CODE[each.reason].sign == GONE else 1),
                reason=each.reason,
                lot=each.lot,
                place=each.source,
            )
            for each in self.lines
            if each.quantity()
        ]

    def carries(self) -> list[Carry]:
        """What a move would write."""
        return [
            Carry(
                product=each.product,
                quantity=each.quantity(),
                source=each.source,
                target=each.target,
                lot=each.lot,
            )
            for each in self.lines
            if each.quantity()
        ]

    def parcels(self) -> list[Parcel]:
        """What a transfer would send."""
        return [
            Parcel(
                product=each.product,
                quantity=each.quantity(),
                lot=each.lot,
                place=each.source,
                box=each.box,
            )
            for each in self.lines
            if each.quantity()
        ]

"""A delivery being received: what was scanned and typed so far, as texts a person can change. Pure.

It is kept on the disk after every change, so it holds nothing but texts and whole numbers.
"""

import msgspec

from app.errors import Refusal
from app.facts.catalogue import Product
from app.quantity import parse_quantity, shown
from app.stock.costs import cost_shown, parse_cost
from app.stock.dispatches import Dispatch
from app.stock.receiving import Delivery
from app.stock.receiving_rules import Wanted, iso_date, level_of, temperature_of
from app.stock.transfers import Came

MOST_TEXT = 60


class SheetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line; `expected` in thousandths, -1 = nobody said."""

    product: str
    name: str
    unit: str
    weighed: bool
    needs_certificate: bool = False
    typed: str = ""
    expected: int = -1
    cost: str = ""
    batch: str = ""
    made: str = ""
    expires: str = ""
    certificate: str = ""
    village: str = ""
    report: str = ""
    level: str = ""
    floor: str = ""
    reason: str = ""
    box: str = ""
    lot: str = ""
    """The lot's id where it has one already: goods of another shop."""

    def quantity(self) -> int:
        """Thousandths typed, 0 for none. Raises Refusal: bad_quantity, fraction_of_unit."""
        if self.typed.strip("0.") == "":
            return 0
        return parse_quantity(self.typed.removesuffix("."), weighed=self.weighed)

    def difference(self) -> int | None:
        """How much more or less than expected; None where nobody said, or nothing was typed."""
        if self.expected < 0 or not self.typed:
            return None
        try:
            return self.quantity() - self.expected
        except Refusal:
            return None


class ReceivingSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document as it stands."""

    document: str
    dispatch: str = ""
    number: str = ""
    source: str = ""
    """The sending shop, "" for a supplier."""
    supplier: str = ""
    temperature: str = ""
    approval_no: str = ""
    lines: tuple[SheetLine, ...] = ()
    marked: int = 0
    photos: tuple[str, ...] = ()
    """Where the pictures lie that are kept with the document."""

    def line(self) -> SheetLine | None:
        """The marked line."""
        return self.lines[self.marked] if 0 <= self.marked < len(self.lines) else None

    def mark(self, place: int) -> "ReceivingSheet":
        """Another line is marked."""
        return msgspec.structs.replace(self, marked=max(0, min(place, len(self.lines) - 1)))

    def say(self, **said: str) -> "ReceivingSheet":
        """Something of the marked line."""
        now = self.line()
        if now is None:
            return self
        changed = msgspec.structs.replace(now, **said)
        lines = tuple(changed if n == self.marked else each for n, each in enumerate(self.lines))
        return msgspec.structs.replace(self, lines=lines)

    def step(self, by: int) -> "ReceivingSheet":
        """One piece, or 100 g, more or less of the marked line."""
        now = self.line()
        if now is None:
            return self
        try:
            quantity = now.quantity()
        except Refusal:
            quantity = 0
        quantity = max(0, quantity + by * (100 if now.weighed else 1000))
        return self.say(typed=shown(quantity, weighed=now.weighed))

    def all_of_line(self) -> "ReceivingSheet":
        """As many of the marked line as were expected."""
        now = self.line()
        if now is None or now.expected < 0:
            return self
        return self.say(typed=shown(now.expected, weighed=now.weighed))

    def without_marked(self) -> "ReceivingSheet":
        """The marked line is gone; one that was announced only loses what was typed."""
        now = self.line()
        if now is None:
            return self
        if now.expected >= 0:
            return self.say(typed="")
        lines = tuple(each for n, each in enumerate(self.lines) if n != self.marked)
        return msgspec.structs.replace(self, lines=lines).mark(self.marked)

    def scanned(
        self, one: Product, pieces: int, *, batch: str = "", expires: str = ""
    ) -> "ReceivingSheet":
        """Goods under the scanner: one more of their line, or a new line."""
        place = self._place(one.code, batch)
        if place is None:
            new = SheetLine(
                product=one.code,
                name=f"{one.name} {one.spec}".strip(),
                unit=one.unit,
                weighed=bool(one.weighed),
                needs_certificate=bool(one.needs_farm_certificate),
                cost=cost_shown(one.cost) if one.cost else "",
                batch=batch,
                expires=expires,
            )
            lines = (*self.lines, new)
            sheet = msgspec.structs.replace(self, lines=lines, marked=len(lines) - 1)
        else:
            sheet = self.mark(place)
        line = sheet.line()
        assert line is not None
        if expires and not line.expires:
            sheet = sheet.say(expires=expires)
        if batch and not line.batch:
            sheet = sheet.say(batch=batch)
        # Weighed goods wait for their weight; pieces count themselves.
        return sheet if line.weighed else sheet.step(pieces)

    def _place(self, product: str, batch: str) -> int | None:
        same = [n for n, each in enumerate(self.lines) if each.product == product]
        if batch:
            fit = [n for n in same if self.lines[n].batch in (batch, "")]
            return fit[0] if fit else None
        if self.marked in same:
            return self.marked
        return same[0] if same else None

    def box(self, name: str) -> "ReceivingSheet | None":
        """Everything of a box is here; None when there is no such box."""
        if not name or all(each.box != name for each in self.lines):
            return None
        sheet = self
        for n, each in enumerate(self.lines):
            if each.box == name:
                sheet = sheet.mark(n).all_of_line()
        return sheet

    def boxes(self) -> tuple[int, int]:
        """How many of the boxes are here, and how many were sent."""
        names = {each.box for each in self.lines if each.box}
        here = {each.box for each in self.lines if each.box and each.typed}
        return len(here), len(names)

    def differing(self) -> int:
        """How many lines are not what was expected."""
        return sum(1 for each in self.lines if each.difference())

    def begun(self) -> bool:
        """Whether anything was typed or scanned yet."""
        return any(each.typed for each in self.lines)

    def delivery(self) -> Delivery:
        """What would be posted. Raises Refusal when something typed is no value."""
        return Delivery(
            document=self.document,
            supplier=self.supplier,
            dispatch=self.dispatch,
            temperature=temperature_of(self.temperature),
            approval_no=self.approval_no,
            lines=tuple(wanted(each) for each in self.lines if each.quantity()),
        )

    def came(self) -> list[Came]:
        """What of a transfer would be posted: every line somebody said something of."""
        return [
            Came(
                product=each.product,
                quantity=each.quantity(),
                lot=each.lot,
                reason=each.reason,
            )
            for each in self.lines
            if each.typed
        ]


def wanted(line: SheetLine) -> Wanted:
    """A line in values. Raises Refusal: bad_amount, bad_date, bad_level, bad_quantity."""
    return Wanted(
        product=line.product,
        quantity=line.quantity(),
        unit_cost=parse_cost(line.cost or ""),
        batch=line.batch,
        made=iso_date(line.made),
        expires=iso_date(line.expires),
        certificate=line.certificate,
        village=line.village,
        report=line.report,
        level=level_of(line.level),
        floor=parse_cost(line.floor) if line.floor else 0,
        reason=line.reason,
        box=line.box,
    )


def begun_from(dispatch: Dispatch, known: dict[str, Product], document: str) -> ReceivingSheet:
    """The sheet of an announced delivery: everything that is still on its way."""
    lines = []
    for each in dispatch.lines:
        one = known.get(each.line.product)
        if not each.rest or one is None:
            continue
        papers = each.line
        lines.append(
            SheetLine(
                product=papers.product,
                name=f"{one.name} {one.spec}".strip(),
                unit=one.unit,
                weighed=bool(one.weighed),
                needs_certificate=bool(one.needs_farm_certificate),
                expected=each.rest,
                cost=cost_shown(papers.unit_cost),
                batch=papers.batch,
                made=papers.made,
                expires=papers.expires,
                certificate=papers.certificate,
                village=papers.village,
                report=papers.report,
                level=papers.level,
                floor=cost_shown(papers.floor) if papers.floor else "",
                box=papers.box,
                lot=papers.lot if dispatch.source else "",
            )
        )
    return ReceivingSheet(
        document=document,
        dispatch=dispatch.document,
        number=dispatch.number,
        source=dispatch.source,
        supplier=dispatch.supplier,
        lines=tuple(lines),
    )

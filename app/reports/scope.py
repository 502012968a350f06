"""A question with everything its answer is read from."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select

from app.catalogue.queries import all_products, taxonomy
from app.facts.catalogue import Product
from app.reports import words
from app.reports.asking import TILL_TABLES, Asked, Tables
from app.reports.folding import SHORT, Split, folded_head_arm, folded_line_arm, split_days
from app.reports.grouping import Arm, Groups, gather, head_arms, line_arms, statement, tills_of
from app.reports.sheet import Column


class Named(msgspec.Struct, frozen=True):
    """How a product is called now."""

    name: str
    unit: str = ""
    weighed: bool = False
    category: str = ""
    shelf_days: int = 0


class Names(msgspec.Struct, frozen=True):
    """What codes are called."""

    products: Mapping[str, Named] = {}
    classes: Mapping[str, str] = msgspec.field(default_factory=lambda: words.CLASSES)
    shops: Mapping[str, str] = {}

    def product(self, code: str) -> Named:
        """A product by its code, the code itself where the catalogue has none."""
        return self.products.get(code) or Named(code)

    def shop(self, code: str) -> str:
        """A shop by what it calls itself, its code where it does not say."""
        return self.shops.get(code) or code


class Scope:
    """One question to one set of tables, inside one consistent view of them."""

    def __init__(
        self,
        db: Connection,
        asked: Asked,
        *,
        tables: Tables = TILL_TABLES,
        names: Names | None = None,
        today: str = "",
        folded: bool = False,
        margins: bool = True,
        short: int = SHORT,
    ) -> None:
        """`folded`: days that were summed up may be used (a till over its own shop).
        `margins`: whoever asks may know what goods cost. `short`: so many days are read from
        their rows whatever was summed up."""
        self.db, self.asked, self.tables = db, asked, tables
        self.names = names or Names()
        self.today = today or asked.last
        self.margins = margins
        self.tills: Sequence[str] = tills_of(db, tables, asked.shops)
        self._folded, self._took, self._short = folded, False, short
        self._splits: dict[tuple[str, str], Split] = {}

    def lines(self, *by: str, asked: Asked | None = None) -> Groups:
        """Lines sold and lines that came back, by what they or their receipts say."""
        return self._grouped(line_arms(self.tables), folded_line_arm(), by, asked or self.asked)

    def heads(self, *by: str, asked: Asked | None = None) -> Groups:
        """Whole receipts; filters of goods say nothing about them."""
        return self._grouped(head_arms(self.tables), folded_head_arm(), by, asked or self.asked)

    def split(self, asked: Asked) -> Split:
        """Which days come from where."""
        key = (asked.first, asked.last)
        if not self._folded:
            return Split(plain=(key,))
        if key not in self._splits:
            self._splits[key] = split_days(
                self.db, asked, self.tills, today=self.today, short=self._short
            )
        return self._splits[key]

    def take_sums(self) -> bool:
        """Whether sums of what is over may be used; whoever asks does so."""
        self._took = self._folded
        return self._folded

    @property
    def used_sums(self) -> bool:
        """Whether anything was read from sums."""
        return self._took or any(each.folded for each in self._splits.values())

    def _grouped(
        self, plain: Sequence[Arm], folded: Arm, by: Sequence[str], asked: Asked
    ) -> Groups:
        # Nothing is summed up by hour and goods together.
        summed = all(name in folded.by for name in by)
        split = self.split(asked) if summed else Split(plain=((asked.first, asked.last),))
        wanted: list[Select[Any]] = []
        if split.plain:
            wanted += [statement(arm, by, asked, self.tills, split.plain) for arm in plain]
        if split.folded:
            wanted.append(statement(folded, by, asked, self.tills, split.folded))
        return gather(self.db, wanted, len(by))


def shop_column(scope: Scope) -> tuple[Column, ...]:
    """Which shop a row is of, where several are asked."""
    return (Column("shop", "门店"),) if len(scope.asked.shops) > 1 else ()


def row_key(scope: Scope, shop: str, key: str) -> str:
    """A row's key, of one shop or of several."""
    return f"{shop}/{key}" if len(scope.asked.shops) > 1 else key


def named(one: Product) -> Named:
    """How a product of a catalogue is called."""
    return Named(one.name, one.unit, bool(one.weighed), one.category, one.shelf_days)


def names_of(db: Connection, shop: str) -> Names:
    """What a till's catalogue calls things now."""
    known = {code: named(one) for code, one in all_products(db, shop).items()}
    classes = {code: node.name for code, node in taxonomy(db, shop).items()}
    return Names(known, {**words.CLASSES, **classes})

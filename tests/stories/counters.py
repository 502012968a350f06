"""A demo counter to tell stories at: the sample shop filled once, copied for every test."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from app.verification import verify_folder
from tests.support.sample_shops import NOON, copy_sample, sample_shop
from ui.console import Seat
from ui.console_commands import COMMANDS
from ui.startup import Till, open_demo

CASHIER, LEAD, MANAGER, AUDITOR = (
    ("101", "246810"),
    ("201", "135791"),
    ("301", "864209"),
    ("401", "112358"),
)


class ShopFloor:
    """One demo till, driven by console commands in this process; opened at its first use."""

    def __init__(
        self, folder: Path, *, seed: str = "shop", stock: bool = True, number: str = "1"
    ) -> None:
        self.folder = folder
        self.clock = SettableClock(parse_time(NOON))
        self.ids = Ids(self.clock, seeded(seed))
        self._stock, self._number = stock, number
        self._till: Till | None = None
        self._seat: Seat | None = None

    @property
    def till(self) -> Till:
        """The open till."""
        if self._till is None:
            self._till = Till(
                open_demo(
                    self.folder,
                    till=self._number,
                    stock=self._stock,
                    clock=self.clock,
                    ids=self.ids,
                    reserve=False,
                )
            )
        return self._till

    @property
    def seat(self) -> Seat:
        """The console's place at the counter."""
        if self._seat is None:
            self._seat = Seat(self.till, self.clock)
        return self._seat

    def say(self, do: str, **fields: Any) -> dict[str, Any]:
        """One command's answer, whatever it is; papers come out after it."""
        answer = COMMANDS.carry_out(self.seat, json.dumps({"do": do, **fields}))
        json.dumps(answer, ensure_ascii=False).encode()
        self.till.devices.step()
        return answer

    def ok(self, do: str, **fields: Any) -> dict[str, Any]:
        """The answer of a command that succeeds."""
        answer = self.say(do, **fields)
        assert answer["ok"], answer
        return answer

    def refused(self, do: str, **fields: Any) -> str:
        """The code of a command that is refused, with a sentence a person can read."""
        answer = self.say(do, **fields)
        assert not answer["ok"], answer
        code: str = answer["error"]["code"]
        assert answer["error"]["message"] not in ("", code)
        return code

    def sign_in(self, person: tuple[str, str] = CASHIER) -> None:
        """Somebody takes the counter."""
        self.ok("sign_in", staff=person[0], pin=person[1])

    def open_shift(self, float_: str = "500.00") -> None:
        """The cashier comes and counts the float."""
        self.sign_in()
        self.ok("open_shift", **{"float": float_})

    def sell(self, *codes: str, cash: str | None = None) -> dict[str, Any]:
        """Scan goods and take cash for them; the answer of the last `pay`."""
        for code in codes:
            self.ok("scan", code=code)
        return self.ok("pay", tender="cash", **({} if cash is None else {"amount": cash}))

    def on_hand(self, product: str) -> str:
        """What the books say is left."""
        return str(self.ok("stock", product=product)["on_hand"])

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the tables say."""
        with self.till.books.read() as db:
            return [tuple(row) for row in db.exec_driver_sql(sql, values)]

    def kinds(self) -> list[str]:
        """What the journal holds, by kind."""
        entries = self.ok("journal")["entries"]
        return [entry["kind"].split("@")[0] for entry in entries]

    def close(self) -> None:
        """Close the till, as at the end of a day or before a power cut of no consequence."""
        if self._till is not None:
            self._till.close()
        self._till = self._seat = None

    def restart(self, person: tuple[str, str] | None = CASHIER) -> None:
        """Close the till and open it again, a minute later."""
        self.close()
        self.clock.advance(60_000)
        if person:
            self.sign_in(person)

    def verified(self) -> None:
        """Chain, signatures, gaps, tables and sums hold."""
        self.close()
        report = verify_folder(self.folder)
        assert report.ok, report.problems


MakeShop = Callable[..., ShopFloor]


@pytest.fixture(scope="session")
def demo_folder() -> Path:
    """The sample shop, filled once: to be copied."""
    return sample_shop()


@pytest.fixture
def make_shop(tmp_path: Path) -> Iterator[MakeShop]:
    """Shops by name, each in its own folder; all are closed at the end."""
    made: list[ShopFloor] = []

    def make(name: str = "till", *, stock: bool = True) -> ShopFloor:
        folder = copy_sample(tmp_path / name, stock=stock)
        made.append(ShopFloor(folder, seed=name, stock=stock))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def shop(make_shop: MakeShop) -> ShopFloor:
    """A shop nobody has signed in to yet."""
    return make_shop()


@pytest.fixture
def counter(shop: ShopFloor) -> ShopFloor:
    """A counter in the middle of a shift: cashier 101, float 500.00."""
    shop.open_shift()
    return shop

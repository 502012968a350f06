"""A thousand wrong lines, twenty thousand in a soak: always an answer; refused changes nothing."""

import json
from collections import Counter
from typing import Any

import pytest

from app.database import Priority
from tests.stories.counters import CASHIER, MakeShop, ShopFloor
from tests.ui_plain.console_fuzz import lines
from ui.console_commands import COMMANDS

LINES, SOAK_LINES = 1_000, 20_000
A_SHOP = 1_000
"""Lines one shop has to live through; then a fresh one, so that none ends up locked for good."""
REFUSAL = {"entry", "presence"}
MAY_RECORD = {
    "approval_needed": REFUSAL,
    "approver_same": REFUSAL,
    "over_limit": REFUSAL,
    "not_allowed": REFUSAL,
}
"""What a refusal leaves behind on purpose: that it was given."""


def may_change(line: str, code: str) -> set[str]:
    """The tables a refusal with this code may touch; a PIN, right or wrong, is always counted."""
    late_count = code == "reason_needed" and "count_shift" in line
    left = REFUSAL if late_count else MAY_RECORD.get(code, set())
    return left | ({"pin"} if "pin" in line or "approver" in line else set())


class Watched:
    """A shop, and whether anything in it changed."""

    def __init__(self, shop: ShopFloor) -> None:
        self.shop = shop
        with shop.till.books.read() as db:
            named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%'"
            self.tables = [str(row[0]) for row in db.exec_driver_sql(named)]
        self.seen = self.look()

    def look(self) -> tuple[object, dict[str, int], object]:
        """How much was ever written, the rows of every table, and what is in memory."""
        counter, database = self.shop.till.counter, self.shop.till.books.database
        with database.gate.held(Priority.ACTION):
            # The connection itself belongs to it: after a disk that was full it is another one.
            writer = database.writer
            written = writer.exec_driver_sql("SELECT total_changes()").scalar_one()
        version = (writer, int(written))
        if hasattr(self, "seen") and version == self.seen[0]:
            rows = self.seen[1]
        else:
            with database.read() as db:
                rows = {
                    name: hash(tuple(map(tuple, db.exec_driver_sql(f'SELECT * FROM "{name}"'))))
                    for name in self.tables
                }
        memory = (counter.basket, counter.stage, counter.desk.person, counter.desk.shift_id)
        return version, rows, memory

    def settle(self) -> None:
        self.seen = self.look()

    def changed(self) -> set[str]:
        """Which tables differ from the last `settle`; "memory" is the open basket and who sits."""
        now = self.look()
        found = {name for name in self.tables if now[1][name] != self.seen[1][name]}
        if now[2] != self.seen[2]:
            found.add("memory")
        self.seen = now
        return found


def live_through(shop: ShopFloor, seed: int, count: int) -> Counter[str]:
    """Answer so many lines; how often which code was the answer ("" = done)."""
    shop.open_shift()
    watched = Watched(shop)
    codes: Counter[str] = Counter()
    # A clock that leaps is a story of its own, and `staff` could give everybody another PIN.
    for line in lines(seed, count, besides=("clock", "wait", "staff")):
        if not shop.till.counter.desk.person:
            shop.say("sign_in", staff=CASHIER[0], pin=CASHIER[1])
        watched.settle()
        answer: dict[str, Any] = COMMANDS.carry_out(shop.seat, line)
        json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
        code = "" if answer["ok"] else answer["error"]["code"]
        codes[code] += 1
        if code:
            left = watched.changed()
            assert code != "bug", line
            assert left <= may_change(line, code), (line, answer, left)
            if "entry" in left:
                kinds = shop.rows("SELECT kind FROM entry ORDER BY seq DESC LIMIT 1")
                assert kinds == [("refusal_shown@1",)], (line, kinds)
        shop.till.devices.step()
    shop.till.practise_full_disk(False)
    shop.verified()
    return codes


@pytest.mark.timeout(3 * 3_600)
def test_no_line_ends_the_console_and_a_refusal_changes_nothing(
    make_shop: MakeShop, soak: bool
) -> None:
    for seed in range((SOAK_LINES if soak else LINES) // A_SHOP):
        codes = live_through(make_shop(f"shop{seed}"), seed, A_SHOP)
        # The lines reach behind the door: some are carried out, and refused for many reasons.
        assert codes[""] > A_SHOP // 20, codes
        assert len(codes) > 15, codes


def test_a_refusal_that_left_something_behind_would_be_noticed(
    make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_shop()
    shop.open_shift()
    watched = Watched(shop)
    honest = shop.till.counter.desk.read_code

    def sly(text: str) -> Any:
        shop.till.counter.desk.person = "301"
        return honest(text)

    monkeypatch.setattr(shop.till.counter.desk, "read_code", sly)
    shop.refused("scan", code="6901234567892")
    assert watched.changed() == {"memory"}

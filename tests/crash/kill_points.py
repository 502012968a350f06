"""Rig 2: a till killed at every single call by which a deed reaches the disk.

For each call, for n = 1, 2, 3…: the till dies as it makes that call for the n-th time, is opened
again, looked at, and goes on in the same folder; until it lives through the whole deed. The call
it dies at is not carried out, so between n and n + 1 both sides of every call are seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crash.expected import BAG, PRODUCTS, Figures, Ledger, Shop, after
from tests.crash.sigkill import pay
from tests.crash.till import CASHIER, OPEN_SHIFT, Command, TillServer
from tests.crash.tracing import Tracer, killing

APPROVED = {"approver": "301", "approver_pin": "864209"}
SCANS: tuple[Command, ...] = tuple({"do": "scan", "code": code} for code in list(PRODUCTS)[:2])
MOST_POINTS = 2000
"""A deed that never ends under the tracer is a fault of the rig."""


def ready(shop: Shop, *, shift: bool = True) -> list[Command]:
    """What brings a till from wherever it died to a counter without a customer."""
    doing: list[Command] = [CASHIER]
    state = after(shop, CASHIER)

    def then(command: Command) -> None:
        nonlocal state
        doing.append(command)
        state = after(state, command)

    if not state.shift:
        then(OPEN_SHIFT)
    if state.basket:
        then(pay(state))
    if state.held:
        then({"do": "resume"})
        then(pay(state))
    if not shift:
        then({"do": "close_shift", "counted": "500"})
    return doing


def _with_a_basket(shop: Shop) -> list[Command]:
    return [*ready(shop), SCANS[0]]


def _with_a_sale(shop: Shop) -> list[Command]:
    return ready(shop) if shop.sales else [*ready(shop), SCANS[0], {"do": "pay", "tender": "cash"}]


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done under the tracer, and what is done before, untraced."""

    before: Callable[[Shop], list[Command]]
    commands: tuple[Command, ...]


DEEDS = {
    "sale": Deed(ready, (*SCANS, {"do": "pay", "tender": "cash", "amount": "500"})),
    "sign_in": Deed(lambda _shop: [], (CASHIER,)),
    "hold": Deed(_with_a_basket, ({"do": "hold", "name": "挂"}, {"do": "resume"})),
    "reprint": Deed(_with_a_sale, ({"do": "reprint"},)),
    "close_shift": Deed(ready, ({"do": "close_shift", "counted": "500.00"},)),
    "receive": Deed(
        ready,
        (
            {
                "do": "receive",
                "supplier": "金鸡合作社",
                "lines": [
                    {"product": "13006", "quantity": "48", "cost": "9.5", "lot": "JJ1"},
                    {"product": "12001", "quantity": "12", "cost": "30", "lot": "HC1"},
                ],
            }
            | APPROVED,
        ),
    ),
    "adjust": Deed(
        ready,
        (
            {
                "do": "adjust",
                "lines": [
                    {"product": "13006", "quantity": "-2", "reason": "expired"},
                    {"product": "12001", "quantity": "1", "reason": "found"},
                ],
            }
            | APPROVED,
        ),
    ),
    "transfer": Deed(
        ready,
        (
            {
                "do": "transfer_out",
                "to": "KP02",
                "lines": [{"product": "13006", "quantity": "3", "box": "1"}],
            }
            | APPROVED,
        ),
    ),
    "count": Deed(
        ready,
        (
            {"do": "count_open", "zone": "A1"},
            {"do": "count_line", "product": BAG, "quantity": "60", "replace": True},
            {"do": "count_close"} | APPROVED,
        ),
    ),
    "z": Deed(lambda shop: ready(shop, shift=False), ({"do": "z_report"} | APPROVED,)),
}


def run(
    server: TillServer,
    folder: Path,
    deed: Deed,
    calls: Sequence[str],
    *,
    plant: str = "",
    step: int = 1,
) -> Figures:
    """Kill a till at every `step`-th of these calls of a deed, all in one folder."""
    figures = Figures()
    ledger = Ledger(figures)
    wishes = {"plant": [plant]} if plant else {}
    for call in calls:
        for n in range(1, MOST_POINTS, step):
            if not _one_point(server, folder, deed, ledger, killing(call, n), wishes):
                break
        else:
            figures.count("bugs", f"{call}: the deed never came to its end")
    _look(server, folder, ledger, {}, verify=True)
    # Looking once more, without a death before it, was no point.
    figures.points -= 1
    return figures


def _one_point(
    server: TillServer,
    folder: Path,
    deed: Deed,
    ledger: Ledger,
    options: tuple[str, ...],
    wishes: dict[str, Any],
) -> bool:
    """Look, make ready, do the deed under the tracer; whether the till died of it."""
    till = server.start(folder, **wishes)
    found = till.ask({"do": "look", "after": ledger.seen})
    if found is None or not found["ok"]:
        ledger.figures.count("bugs", f"not opened again: {found} {server.complaints()}")
        return False
    ledger.hold_against(found)
    before = deed.before(ledger.shop)
    ledger.hear(before, till.run(before))
    tracer = Tracer(till, folder.with_suffix(".trace"), *options)
    answers = till.run(deed.commands)
    ledger.hear(deed.commands, answers)
    died = len(answers) < len(deed.commands)
    if not died:
        # What is printed after the last answer belongs to the deed: this answer comes behind it.
        died = till.ask({"do": "basket"}) is None
    if died:
        till.wait()
        tracer.wait()
    else:
        tracer.detach()
        till.wait()
    return died


def _look(
    server: TillServer, folder: Path, ledger: Ledger, wishes: dict[str, Any], *, verify: bool
) -> None:
    till = server.start(folder, **wishes)
    found = till.ask({"do": "look", "after": ledger.seen, "verify": verify})
    assert found is not None, server.complaints()
    ledger.hold_against(found)
    till.wait()


# --- The very first opening ----------------------------------------------------------------------


def first_opening(server: TillServer, work: Path, calls: Sequence[str], step: int = 1) -> Figures:
    """Kill a till at every call by which an empty folder becomes a shop.

    Afterwards it must open like any other, or begin again because nothing was ever recorded.
    """
    figures = Figures()
    for call in calls:
        for n in range(1, MOST_POINTS, step):
            folder = work / f"{call}-{n}"
            till = server.start(folder, go=False, reserve=True)
            tracer = Tracer(till, work / "first.trace", *killing(call, n))
            till.go()
            died = till.ask({"do": "basket"}) is None
            till.wait()
            tracer.wait()
            _opens_after(server, folder, figures, f"{call} {n}")
            if not died:
                break
    return figures


def _opens_after(server: TillServer, folder: Path, figures: Figures, where: str) -> None:
    figures.points += 1
    till = server.start(folder)
    found = till.ask({"do": "look", "verify": True})
    if found is not None and found.get("refused") == "folder_half_made":
        till.wait()
        till = server.start(folder, begin_again=True)
        found = till.ask({"do": "look", "verify": True})
    if found is None or not found.get("ok"):
        figures.count("lost", f"killed at {where}: the folder does not open: {found}")
    else:
        sold = till.run([CASHIER, OPEN_SHIFT, *SCANS, {"do": "pay", "tender": "cash"}])
        if [answer["ok"] for answer in sold] != [True] * 5 or found["problems"]:
            figures.count("wrong_state", f"killed at {where}: {found['problems']} {sold}")
    till.wait()

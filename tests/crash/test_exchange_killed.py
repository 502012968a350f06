"""A till killed while old goods are netted with new ones: both are in the books, or neither is."""

from pathlib import Path

import pytest

from tests.crash.conftest import Yard
from tests.crash.kill_points import MOST_POINTS
from tests.crash.till import CASHIER, Answer, Command, copy_folder
from tests.crash.tracing import DURABLE, Tracer, killing

EGG_ROLLS, TEA = "11014", "12001"
"""38.00 and 68.00."""
PAY: Command = {"do": "pay", "tender": "cash", "amount": "50"}


def promised(yard: Yard) -> Path:
    """A folder where egg rolls were sold and lie in a basket with tea, for the 30.00 between."""
    folder = yard.copy("promised")
    till = yard.server.start(folder)
    till.run([CASHIER, {"do": "add", "product": EGG_ROLLS, "quantity": "1"}])
    paid = till.ask({"do": "pay", "tender": "cash"})
    assert paid is not None and paid["ok"], paid
    back = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}
    answers = till.run(
        [
            {"do": "exchange", "receipt": paid["receipt"]["number"], "lines": [back]},
            {"do": "add", "product": TEA, "quantity": "1"},
        ]
    )
    assert answers[-1]["basket"]["due"] == "30.00", answers
    till.wait()
    return folder


def stands(yard: Yard, folder: Path) -> tuple[Answer, Answer]:
    """What X and the basket say after the till was opened again; the folder is proved."""
    till = yard.server.start(folder)
    _, report, basket, looked = till.run(
        [CASHIER, {"do": "x_report"}, {"do": "basket"}, {"do": "look", "verify": True}]
    )
    assert looked["ok"] and not looked.get("problems"), looked
    if basket["basket"]["lines"]:
        paid = till.ask(PAY)
        assert paid is not None and paid["state"] == "complete", paid
        after = till.ask({"do": "x_report"})
        assert after is not None and (after["sales"], after["refunds"]) == (2, "38.00")
    till.wait()
    return report, basket


@pytest.mark.parametrize("call", DURABLE)
def test_both_or_neither_at_every_call_that_reaches_the_disk(
    yard: Yard, call: str, soak: bool
) -> None:
    begun = promised(yard)
    seen = set()
    for n in range(1, MOST_POINTS, 1 if soak or "sync" in call else 5):
        folder = copy_folder(begun, yard.work / f"{call}-{n}")
        till = yard.server.start(folder)
        assert till.ask(CASHIER)
        tracer = Tracer(till, yard.work / f"{call}-{n}.trace", *killing(call, n))
        answer = till.ask(PAY)
        died = answer is None or till.ask({"do": "basket"}) is None
        if died:
            till.wait()
            tracer.wait()
        else:
            tracer.detach()
            till.wait()
        report, basket = stands(yard, folder)
        both = (report["sales"], report["refunds"]) == (2, "38.00")
        neither = (report["sales"], report["refunds"]) == (1, "0.00")
        assert both or neither, (call, n, report)
        assert neither or answer is None or answer["state"] == "complete"
        # What was answered is in the books, and what is not still stands in the basket.
        assert both or (answer is None and basket["basket"]["exchange"] is not None), (call, n)
        seen.add(both)
        if not died:
            break
    # Killed at the sync of a commit that is already written, it may stand at the first try.
    assert seen == {True, False} or (seen == {True} and "sync" in call)

"""A till killed between asking for an invoice and hearing of it: nothing is ever issued twice."""

import signal
import subprocess
import sys

import pytest

from sync.invoicing.practice import LEDGER
from tests.stories.counters import MakeShop
from tests.support.processes import ROOT, SECONDS


@pytest.mark.parametrize("when", ["sent", "taken"])
def test_asked_again_under_the_same_number_it_is_issued_once(
    make_shop: MakeShop, when: str
) -> None:
    shop = make_shop()
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.invoicing_process", str(shop.folder), when],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    receipt = done.stdout.split()[0]
    ledger = shop.folder / LEDGER
    taken = ledger.read_text().splitlines() if ledger.exists() else []
    assert len(taken) == {"sent": 0, "taken": 1}[when]
    shop.clock.advance(60_000)
    shop.sign_in()
    (before,) = shop.ok("invoices", receipt=receipt)["invoices"]
    assert (before["state"], bool(before["request_no"])) == ("requested", True)
    shop.ok("wait", seconds=60)
    (after,) = shop.ok("invoices", receipt=receipt)["invoices"]
    assert (after["state"], after["request_no"]) == ("issued", before["request_no"])
    assert len(ledger.read_text().splitlines()) == 1
    assert shop.kinds().count("invoice_sent") == 1
    shop.verified()

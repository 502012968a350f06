"""A till in a process of its own that is killed between a request for an invoice and its answer.

Run as `python -m tests.support.invoicing_process FOLDER WHEN`, WHEN being `sent` (before the
platform hears of it) or `taken` (it has taken it, and its answer never arrives).
"""

import os
import signal
import sys
from pathlib import Path

from app.sales.invoice_sending import Order
from sync.invoicing.gateway import Heard
from sync.invoicing.practice import PracticeGateway
from tests.stories.counters import ShopFloor


class Deadly(PracticeGateway):
    """Asking it is the last thing the till does."""

    when = ""

    def issue(self, order: Order) -> Heard:
        if self.when == "taken":
            super().issue(order)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")


def main(folder: Path, when: str) -> None:
    shop = ShopFloor(folder, seed="killed")
    shop.open_shift()
    receipt = shop.sell("11014")["receipt"]["number"]
    shop.ok("invoice_request", receipt=receipt, buyer={"name": "梁小开"})
    deadly = Deadly(folder, shop.clock, cut=lambda: False)
    deadly.when = when
    shop.till.invoices.gateway = deadly
    print(receipt, flush=True)
    shop.ok("wait", seconds=30)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

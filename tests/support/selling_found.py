"""Says that the customer has the goods, and dies: before, inside or after the commit.

`python -m tests.support.selling_found FOLDER TASK WHEN` (before, inside, after).
"""

import os
import signal
import sys
from pathlib import Path

from app.sales import actions, bill_answers
from tests.stories.counters import ShopFloor
from tests.stories.networks import approved


def main() -> None:
    """One answer, never heard."""
    folder, task, when = sys.argv[1:]
    shop = ShopFloor(Path(folder))
    shop.clock.advance(60_000)
    shop.sign_in()

    def die(*_values: object, **_named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if when == "before":
        actions.complete_in = die  # type: ignore[assignment]
    elif when == "inside":
        bill_answers._settled = die
    shop.ok("settle_task", task=task, answer="sale", **approved())
    die()


if __name__ == "__main__":
    main()

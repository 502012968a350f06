"""Everything the window asks of the shop runs here: in order, off the window, never lost.

One worker carries the counter, so a scan that comes while a sale is being written waits its turn
behind it instead of reaching into a half-done counter. Views are built on the worker too; the
window's thread only paints.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from app.errors import Refusal, ShopError, Trouble
from ui.background import Background

LOG = logging.getLogger(__name__)
Result = TypeVar("Result")

SETTLE_MS = 600
"""How long a result stands before the same Enter or tap may leave it: a double press is one."""


class DeskWork:
    """Remembers the background worker and who hears of trouble nobody handled."""

    def __init__(self, background: Background, say: Callable[[ShopError], None]) -> None:
        self._background = background
        self._say = say

    def do(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        refused: Callable[[ShopError], None] | None = None,
    ) -> None:
        """Run `work` on the worker; `done` or `refused` follow on the window's thread."""

        def failed(error: BaseException) -> None:
            if isinstance(error, ShopError):
                if isinstance(error, Trouble):
                    LOG.info("trouble at the counter: %s", error)
                (refused or self._say)(error)
                return
            # Our bug: loud in the log, a sentence on the screen, and the basket is as it was.
            LOG.error("work at the counter failed", exc_info=error)
            (refused or self._say)(Refusal("bug"))

        self._background.run(work, done=done, failed=failed)

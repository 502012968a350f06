"""A version that was just installed is on trial until it has shown a till's books.

The program installed first marks it as tried and starts it; here it says how that went. Whatever
ends without a word (a crash, a kill) is left as tried, and the version before is started next. In a
source folder, and in the program that was installed first, all of this is nothing.
"""

import logging
import sys
from pathlib import Path

LOG = logging.getLogger(__name__)
LIFT_FAILED = "upgrade_failed"
COULD_NOT_OPEN = (LIFT_FAILED, "start_failed")
"""Why the books did not open, where that may be this version's own fault."""


def is_update() -> bool:
    """Whether this program was unpacked beside the one installed first."""
    folder = Path(sys.executable).resolve().parent
    return bool(getattr(sys, "frozen", False)) and folder.parent.name == "updates"


def opened_books() -> None:
    """It opened a till's books, or is about to keep them lifted: from now on it stays."""
    if is_update():
        from ui.updating import runs_well

        runs_well()


def ended_in_order() -> None:
    """It did what it was asked, or was closed by a person: on trial still, not condemned."""
    if is_update():
        from ui.updating import stays_on_trial

        stays_on_trial()


def gives_way(code: str) -> bool:
    """Whether the version before runs from now on, because this one could not open the books."""
    if code not in COULD_NOT_OPEN or not is_update():
        return False
    from ui.updating import give_way

    gone = give_way(lift_failed=code == LIFT_FAILED)
    if gone:
        LOG.warning("this version gives way: %s", code)
    return gone

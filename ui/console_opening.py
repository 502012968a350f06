"""Opening a till's folder for the console: one under a passphrase asks for it."""

import os
import sys
from collections.abc import Callable
from functools import partial
from getpass import getpass
from pathlib import Path

from app.clock import Clock
from app.errors import Refusal
from app.ids import Ids
from app.opening import OpenFolder, open_folder

PASSPHRASE = "POS_PASSPHRASE"
"""In the environment, for whoever starts the console without a terminal. The lines that come in are
commands alone, so there it is never looked for."""


def open_for_lines(data: Path, clock: Clock, ids: Ids, lifted: Callable[[], None]) -> OpenFolder:
    """As `open_folder`, with the passphrase from the environment, or typed unseen.

    Raises Refusal("passphrase_needed") where neither is there.
    """
    # Taken out: nothing that is started from here inherits it.
    given = os.environ.pop(PASSPHRASE, "")
    opening = partial(open_folder, data, clock=clock, ids=ids, lifted=lifted)
    try:
        return opening(passphrase=given)
    except Refusal as refusal:
        if refusal.code != "passphrase_needed" or not sys.stdin.isatty():
            raise
    return opening(passphrase=getpass("passphrase: "))

"""The program with a fault planted: `python -m tests.support.planted FAULT WORDS…`.

A rig that speaks with processes cannot change what runs in them; this does, before anything runs.
"""

import sys
from collections.abc import Callable
from typing import Any

from sync.hub import ingest
from ui.commands import main


def loses_the_last() -> None:
    """The hub signs for a batch and keeps all of it but its last entry."""
    store: Callable[..., None] = ingest._store

    def storing(database: Any, db: Any, signer: Any, journal: str, known: Any, new: Any,
                now_ms: int) -> None:  # fmt: skip
        if len(new) > 1:
            store(database, db, signer, journal, known, new[:-1], now_ms)

    ingest._store = storing


def answers_nobody() -> None:
    """The hub is for ever busy."""

    def taking(*_args: Any, **_named: Any) -> Any:
        raise RuntimeError("planted")

    from sync.hub import application

    application.take = taking


FAULTS = {"loses_the_last": loses_the_last, "answers_nobody": answers_nobody}

if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))

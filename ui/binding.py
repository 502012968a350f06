"""Is the installed Qt binding safe to sell with?

PySide6 6.12.0 under Python 3.11 gives away a reference to None with every call that returns
nothing; after some thousand calls the process is aborted in the middle of whatever it was doing.
A till must find that out before the first sale, not during it.
"""

import linecache
import sys
from typing import Any

from PySide6.QtCore import QObject

_CALLS = 64
# Other threads may take or drop a few references to None meanwhile; a fault loses all of ours.
_LOST = _CALLS // 2


def keeps_none_alive() -> bool:
    """False when the binding loses references to None on this Python."""
    probe = QObject()
    before = sys.getrefcount(None)
    for _ in range(_CALLS):
        probe.setObjectName("")
    return sys.getrefcount(None) > before - _LOST


class _Unread:
    """Stands where the binding would look for a module's source: as in an installed program."""

    @staticmethod
    def getsource(module: object) -> str:
        raise OSError("not read")


def leave_sources_unread() -> None:
    """Keep the binding from reading the source of every module that is imported after it.

    It looks for its own name there, to decide on spellings nobody asked for; Python keeps those
    lines, eighteen megabytes of them, and the start waits. What it has read so far is let go. A
    binding without that habit is left as it is.
    """
    habit: Any = sys.modules.get("shibokensupport.feature")
    if hasattr(habit, "inspect"):
        habit.inspect = _Unread
        linecache.clearcache()

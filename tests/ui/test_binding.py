"""What the Qt binding costs a till, and how that is avoided; each in a process of its own."""

import subprocess
import sys

_IMPORTS = """
import linecache, sys
from PySide6.QtCore import QObject
from ui.binding import leave_sources_unread
if sys.argv[1] == "unread":
    leave_sources_unread()
import wave
print(any(name.endswith("wave.py") for name in linecache.cache))
"""


def _wave_was_read(how: str) -> str:
    command = [sys.executable, "-c", _IMPORTS, how]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_source_of_what_a_till_imports_is_not_kept_in_memory() -> None:
    # The habit itself is looked at too: the day a binding has lost it, this says so.
    assert _wave_was_read("as it comes") == "True"
    assert _wave_was_read("unread") == "False"

"""Lets python-escpos 3.1 in without its habits.

At import it calls `logging.basicConfig()`, makes a temporary folder it never removes (even when
told to use another), and dies for ever of a half-written cache. All three are undone here; when
a release mends them this module can shrink to its import.
"""

import importlib
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

_LOCK = threading.Lock()
_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"


def escpos_printer(data_folder: Path) -> ModuleType:
    """The module `escpos.printer`, its cache kept under `data_folder`."""
    with _LOCK:
        if "escpos.printer" in sys.modules:
            return sys.modules["escpos.printer"]
        cache = data_folder / "escpos"
        cache.mkdir(parents=True, exist_ok=True)
        try:
            return _imported(cache)
        except Exception:
            # The power may have gone while the cache was written: once more without it.
            for stale in cache.glob("*.pickle"):
                stale.unlink()
            for name in [name for name in sys.modules if name.partition(".")[0] == "escpos"]:
                del sys.modules[name]
            return _imported(cache)


@contextmanager
def root_log_kept() -> Iterator[None]:
    """Undoes what the library does to the root logger.

    Its `logging.info()` at every open and close sets up a handler as well when there is none.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        for handler in [handler for handler in root.handlers if handler not in handlers]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)


def _imported(cache: Path) -> ModuleType:
    before = os.environ.get(_VARIABLE)
    real_mkdtemp = tempfile.mkdtemp

    def mkdtemp(*args: Any, **named: Any) -> str:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        return str(cache) if caller == "escpos.capabilities" else real_mkdtemp(*args, **named)

    os.environ[_VARIABLE] = str(cache)
    tempfile.mkdtemp = mkdtemp  # type: ignore[assignment]
    try:
        with root_log_kept():
            return importlib.import_module("escpos.printer")
    finally:
        tempfile.mkdtemp = real_mkdtemp
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before

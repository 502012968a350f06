"""The log beside a till's data: JSON lines that say what happened, and never about whom.

Support gets these files, so nothing a person typed, scanned or is called may reach them. What our
own code says is kept, with its details cut down to codes and short numbers; of an error its kind
and the places it came through are kept, never its words, which may quote a customer. Of other
libraries only the sentence they always say is kept.
"""

import errno
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from app.errors import ShopError

LOGS = "logs"
FILE = "till.log"
MOST_BYTES, OLDER_FILES = 1_000_000, 4
OURS = ("app", "printers", "sync", "ui")
TRAIL = 12
"""Places an error came through, the last ones."""
LOG = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent
_PLAIN = re.compile(r"[\w.:/@ -]{0,80}", re.ASCII)
_DIGITS = re.compile(r"\d{5,}")
"""PINs, phones, wallet codes and barcodes; years, ports and line numbers are shorter."""


class JsonLines(logging.Formatter):
    """One record as one line of JSON: at, level, from, says, and of an error what and where."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": _says(record),
        }
        if record.exc_info and (error := record.exc_info[1]) is not None:
            said["error"] = error_kind(error)
            said["trail"] = _trail(error)
        return json.dumps(said, ensure_ascii=False)


def _says(record: logging.LogRecord) -> str:
    template = record.msg if isinstance(record.msg, str) else kept(record.msg)
    if record.name.split(".")[0] not in OURS or not record.args:
        return masked(template)
    given = record.args if isinstance(record.args, tuple) else ()
    try:
        details = (each if isinstance(each, int) else kept(each) for each in given)
        return masked(template % tuple(details))
    except (TypeError, ValueError):
        return masked(template)


def kept(value: object) -> str:
    """A detail as it may be kept: codes, kinds and plain words; free text becomes an ellipsis."""
    if isinstance(value, ShopError):
        return value.code
    if isinstance(value, BaseException):
        return error_kind(value)
    text = str(value)
    return text if _PLAIN.fullmatch(text) else "…"


def masked(text: str) -> str:
    """A text without long numbers."""
    return _DIGITS.sub("#", text)


def error_kind(error: BaseException) -> str:
    """What kind of error this is, without its words: "OSError ENOSPC", "disk_full"."""
    if isinstance(error, ShopError):
        return error.code
    code = getattr(getattr(error, "orig", error), "sqlite_errorname", "")
    if not code and isinstance(error, OSError):
        code = errno.errorcode.get(error.errno or 0, "")
    return f"{type(error).__name__} {code}".strip()


def _trail(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-TRAIL:]
    places = [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    return [*places, f"after {error_kind(cause)}"] if cause is not None else places


def _place(file: str) -> str:
    """A source file without the folders above the program: they hold somebody's name."""
    path = Path(file)
    if path.is_relative_to(_ROOT) and ".venv" not in path.parts:
        return path.relative_to(_ROOT).as_posix()
    return "/".join(path.parts[-2:])


class _LogFile(RotatingFileHandler):
    """Opened with the first line. A log that cannot be written costs nothing but itself."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder / FILE, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="utf-8",
            delay=True,
        )  # fmt: skip
        self._folder = folder

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._folder.mkdir(exist_ok=True)
        except OSError:
            # No data folder yet, or a disk that takes nothing: the till goes on without a log.
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk is told by the till itself; a log about the log helps nobody."""


@contextmanager
def kept_log(data: Path) -> Iterator[None]:
    """Keep a log in `data`/logs as long as this lasts, errors nobody caught included.

    Nothing is made before there is a data folder. Our own modules are kept from INFO up, others
    from WARNING.
    """
    root, handler = logging.getLogger(), _LogFile(data / LOGS)
    handler.setFormatter(JsonLines())
    levels = {name: logging.getLogger(name).level for name in OURS}
    hooks = sys.excepthook, threading.excepthook
    root.addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook, threading.excepthook = _uncaught, _uncaught_in_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = hooks
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        root.removeHandler(handler)
        handler.close()


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    LOG.critical("nobody caught this", exc_info=(kind, error, trace))


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
        _uncaught(given.exc_type, given.exc_value, given.exc_traceback)

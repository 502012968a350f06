"""The till without a window: one JSON object a line in, one a line out.

It calls the same actions as the window, never the tables. Whatever comes in, an answer goes out:
a refusal is `{"ok": false, "error": {"code": …, "message": …}}` and changed nothing.
"""

import inspect
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, TextIO

import msgspec

from app.clock import SettableClock
from app.errors import Refusal, ShopError
from app.messages import sentence
from app.staff.rules import NOBODY, Approver
from app.text import clean
from ui.startup import Till

LOG = logging.getLogger(__name__)
MOST_CHARACTERS = 1_000_000
"""One line of input; longer ones are refused unread."""

CATCH_UP_S = 0.3
"""How long a command waits for a payment network that is being asked."""

Answer = dict[str, Any]
Handler = Callable[..., Answer]
_APPROVAL = ("approver", "approver_pin")


class Seat:
    """What commands work on: the till, and its clock when it can be set."""

    def __init__(self, till: Till, clock: SettableClock | None = None) -> None:
        self.till = till
        self.counter = till.counter
        self.desk = till.counter.desk
        self.books = till.books
        self.clock = clock
        self.approver = NOBODY
        """Who stands behind the command being carried out, besides the person signed in."""


class Commands:
    """The commands by name; each one's fields are read off its function's own signature."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[type[msgspec.Struct], Handler]] = {}

    def add(self, handler: Handler) -> Handler:
        """Make a function a command: its keyword-only parameters are the fields."""
        fields: list[Any] = [("do", str)]
        fields += [
            (name.rstrip("_"), parameter.annotation)
            if parameter.default is parameter.empty
            else (name.rstrip("_"), parameter.annotation, parameter.default)
            for name, parameter in inspect.signature(handler).parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY
        ]
        fields += [(name, str, "") for name in _APPROVAL]
        shape = msgspec.defstruct(
            handler.__name__, fields, forbid_unknown_fields=True, kw_only=True
        )
        self._known[handler.__name__.rstrip("_")] = (shape, handler)
        return handler

    @classmethod
    def joined(cls, *several: "Commands") -> "Commands":
        """One set of commands out of several; no name may stand in two."""
        whole = cls()
        for each in several:
            assert not whole._known.keys() & each._known.keys()
            whole._known |= each._known
        return whole

    @property
    def names(self) -> list[str]:
        return sorted(self._known)

    def carry_out(self, seat: Seat, line: str) -> Answer:
        """One line's answer. Never raises for bad input."""
        try:
            return {"ok": True, **self._carry_out(seat, line)}
        except ShopError as error:
            return error_answer(error)
        except Exception:
            # Our bug: loud in the log, a sentence for the person, and the next line is served.
            LOG.exception("a console command failed")
            return error_answer(Refusal("bug"))

    def _carry_out(self, seat: Seat, line: str) -> Answer:
        request = object_in(line)
        shape, handler = self._known.get(str(request.get("do")), (None, None))
        if shape is None or handler is None:
            raise Refusal("unknown_command", do=clean(str(request.get("do")), most=40))
        try:
            command = msgspec.convert(request, shape)
        except msgspec.ValidationError as error:
            raise Refusal("bad_command", detail=clean(str(error), most=200)) from None
        fields = msgspec.structs.asdict(command)
        fields.pop("do")
        # What the networks answered since the last line is known before this one is served.
        seat.till.payments.settle(CATCH_UP_S)
        seat.approver = Approver(*(fields.pop(name) for name in _APPROVAL))
        # A field that is a Python word ("from", "set") is a parameter with a trailing underscore.
        taken = inspect.signature(handler).parameters
        named = {name if name in taken else f"{name}_": value for name, value in fields.items()}
        return handler(seat, **named)


def object_in(line: str) -> dict[str, Any]:
    """The object a line is. Raises Refusal("bad_command")."""
    if len(line) > MOST_CHARACTERS:
        raise Refusal("bad_command", detail="too long")
    try:
        request = json.loads(line)
        # Half a surrogate pair is no text: neither disk nor terminal could take it.
        json.dumps(request, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refusal("bad_command", detail=_printable(error)) from None
    if not isinstance(request, dict):
        raise Refusal("bad_command", detail="not an object")
    return request


def _printable(error: Exception) -> str:
    return str(error).encode("ascii", "replace").decode()[:200]


def error_answer(error: ShopError) -> Answer:
    """How a refusal or trouble is told."""
    details = {name: str(value) for name, value in error.details.items()}
    return {
        "ok": False,
        "error": {"code": error.code, "message": sentence(error), "details": details},
    }


def talk(commands: Commands, seat: Seat, lines: TextIO, out: TextIO) -> None:
    """Serve a till's lines until the input ends."""
    for _line in answered(lambda line: commands.carry_out(seat, line), lines, out):
        # Paper comes after the answer: a counter never waits for its printer.
        seat.till.devices.step()


def answered(answer: Callable[[str], Answer], lines: TextIO, out: TextIO) -> Iterator[str]:
    """Answer every line; each answer is on its way before the line is handed on."""
    _speak_utf8(lines, out)
    for line in _lines_of(lines):
        if line.strip():
            out.write(json.dumps(answer(line), ensure_ascii=False) + "\n")
            out.flush()
            yield line


def _speak_utf8(*streams: TextIO) -> None:
    """The contract is UTF-8 whatever the machine's own habit; a broken byte is no reason to die."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _lines_of(lines: TextIO) -> Iterator[str]:
    """Line by line; of one that is too long only as much as it takes to see that it is."""
    while line := lines.readline(MOST_CHARACTERS + 1):
        rest = line
        while len(rest) > MOST_CHARACTERS and not rest.endswith("\n"):
            rest = lines.readline(MOST_CHARACTERS + 1)
        yield line

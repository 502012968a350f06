"""Lines for a console that somebody wrote wrongly, or that something broke on the way.

Every command is asked for with its own fields, filled by what fits, by what nearly fits and by what
never does; then some lines are broken as text. One seed gives one sequence.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

import msgspec

from ui.console_commands import COMMANDS

FITTING: dict[str, tuple[Any, ...]] = {
    "staff": ("101", "201", "301"),
    "pin": ("246810", "135791", "864209"),
    "approver": ("201", "301", "302", "101", ""),
    "approver_pin": ("135791", "864209", "975318", "246810", ""),
    "float": ("500.00",),
    "counted": ("500.00", {"100": 5}),
    "code": ("6900000110140", "11014", "2111004218778", "6900000210109", "130000000000000055"),
    "product": ("11014", "12003", "16009", "21010", "99001"),
    "quantity": ("1", "2", "0.500", "10"),
    "line": (1, 2, 3),
    "question": ("age", "weight", "date"),
    "value": ("yes", "no", "1.2", "2027-06-01"),
    "price": ("10.00",),
    "percent": ("5",),
    "amount": ("1.00", "38.00", "100"),
    "reason": ("包装破损", "顾客不要了"),
    "tender": ("cash", "wechat", "alipay", "static_qr", "card", "room", "voucher"),
    "receipt": ("KP01-1D-261207-0001", "KP01-1D-261207-0002"),
    "number": ("KP01-1D-261207-0001",),
    "date": ("2026-12-07",),
    "text": ("dshc", "鹅", "11014"),
    "lines": (
        [{"line": 1, "quantity": "1", "reason": "不想要", "disposition": "shelf"}],
        [{"product": "11014", "quantity": "5", "cost": "19.00"}],
        [{"product": "11014", "price": "9.90"}],
    ),
    "set": ({"rounding": "jiao"}, {"cutoff_hour": "4"}),
    "what": ("paper_out", "silent_printer", "unplugged"),
    "on": (True, False),
    "answer": ("printed", "again", "drop"),
    "phone": ("13800000000",),
    "name": ("陈生",),
    "consent": (True,),
    "role": ("cashier",),
    "kind": ("percent",),
}
PEOPLE = (("101", "246810"), ("201", "135791"), ("301", "864209"), ("302", "975318"))
WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**31, 2**63, -(2**64), 10**300, 1e308, "", " ", "0", "-0.01",
    "NaN", "Infinity", "1e9", "99999999999999999999", "1.001", "½", "١٢", "\x00", "\x1b[2J", "\r\n",
    "\u202e", "\ufeff", "a" * 5_000, "🦆" * 300, "' OR 1=1 --", "=cmd|' /C calc'!A0", "{due}", "%s",
    [], {}, [[]], {"": ""}, [None] * 50, {"100": -1}, {"x": 1}, {"100": 10**40},
)  # fmt: skip
BROKEN_TEXT = (
    "",
    "{",
    "}",
    '"',
    ",",
    "[",
    "\\ud800",
    "\x00",
    ":",
    "null",
    "1e999",
    "NaN",
    "\u2028",
)


def fields_of(do: str) -> list[str]:
    """The fields a command has."""
    return [each.encode_name for each in msgspec.structs.fields(COMMANDS._known[do][0])]


def lines(seed: int, count: int, *, besides: tuple[str, ...] = ()) -> Iterator[str]:
    """So many lines; commands in `besides` are left out."""
    dice = random.Random(seed)
    names = [name for name in COMMANDS.names if name not in besides]
    for number in range(count):
        # Every command in turn, so that none is left to luck.
        do = names[number % len(names)]
        yield _broken(dice, json.dumps(_request(dice, do), ensure_ascii=dice.random() < 0.5))


def _request(dice: random.Random, do: str) -> dict[str, Any]:
    request: dict[str, Any] = {"do": do}
    wrong = dice.random()
    for name in fields_of(do):
        if name == "do" or dice.random() < 0.25:
            continue
        fits = dice.random() > 0.4 * wrong and name in FITTING
        request[name] = dice.choice(FITTING[name]) if fits else _value(dice)
    for person, pin in (("staff", "pin"), ("approver", "approver_pin")):
        # Ten wrong PINs lock a person; whoever is asked for should mostly be who they say.
        if dice.random() < 0.9 and (person in request or pin in request):
            request[person], request[pin] = dice.choice(PEOPLE)
    if dice.random() < 0.1:
        request[dice.choice(("nobody", "do ", "DO", "__class__", "line"))] = _value(dice)
    return request


def _value(dice: random.Random) -> Any:
    if dice.random() < 0.1:
        nested: Any = dice.choice(WRONG)
        for _ in range(dice.choice((3, 40, 400))):
            nested = [nested] if dice.random() < 0.5 else {"a": nested}
        return nested
    if dice.random() < 0.3:
        return dice.choice(dice.choice(tuple(FITTING.values())))
    return dice.choice(WRONG)


def _broken(dice: random.Random, line: str) -> str:
    """One line in six is hurt as text: cut, doubled, or with something stuck into it."""
    if dice.random() > 0.16:
        return line
    at = dice.randrange(len(line))
    match dice.randrange(4):
        case 0:
            return line[:at]
        case 1:
            return line[:at] + dice.choice(BROKEN_TEXT) + line[at:]
        case 2:
            return line + line
        case _:
            return line[:at] + line[at + 1 :]

"""Spoils bytes and JSON in one place."""

import json
from random import Random
from typing import Any

DEEP = 20_000
"""Deeper than any reader follows."""


class Raw(str):
    """Goes into JSON as it stands."""


def odd_value(dice: Random) -> Any:
    """Something no field of ours holds."""
    return dice.choice(
        (
            None, True, -1, 0, 1.5, 2**53 + 1, 2**64, Raw("1e400"), Raw("NaN"), Raw("1" * 5_000),
            "", "\0", "a\0b", "\u202e\ufeff", Raw('"\\ud800"'), "x" * 70_000, "<script>",
            "' OR 1=1--", [], {}, [[]], {"": {}}, Raw("[" * DEEP + "]" * DEEP),
            Raw('{"a":' * DEEP + "0" + "}" * DEEP),
        )
    )  # fmt: skip


def flipped(content: bytes, dice: Random) -> bytes:
    """One bit turned over."""
    place = dice.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << dice.randrange(8)]) + content[place + 1 :]


def twisted(plain: bytes, dice: Random, *, but: tuple[str, ...] = ()) -> bytes:
    """A JSON object with one value, anywhere but in these fields, made an odd one."""
    value = json.loads(plain)
    places: list[tuple[Any, Any]] = []
    _collect(value, but, places)
    holder, name = dice.choice(places)
    holder[name] = odd_value(dice)
    return written(value)


def _collect(value: Any, but: tuple[str, ...], places: list[tuple[Any, Any]]) -> None:
    names = value if isinstance(value, dict) else range(len(value))
    for name in names:
        if name in but:
            continue
        places.append((value, name))
        if isinstance(value[name], dict | list):
            _collect(value[name], but, places)


def written(value: Any) -> bytes:
    """JSON, with what is `Raw` as it stands."""
    raw: list[str] = []

    def marked(each: Any) -> Any:
        if isinstance(each, Raw):
            raw.append(str(each))
            return f"raw {len(raw) - 1}"
        if isinstance(each, dict):
            return {name: marked(one) for name, one in each.items()}
        return [marked(one) for one in each] if isinstance(each, list) else each

    text = json.dumps(marked(value), ensure_ascii=False)
    for number, each in enumerate(raw):
        text = text.replace(f'"raw {number}"', each)
    return text.encode(errors="surrogatepass")


def deep(plain: bytes, dice: Random) -> bytes:
    """The same object with a field nobody knows, and that one bottomless."""
    inside = dice.choice(("[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "0" + "}" * DEEP))
    return plain[:-1] + b',"newer":' + inside.encode() + b"}"

"""A request to the practice network and its answer, before they take any network's shape."""

from collections.abc import Mapping

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """One HTTP request."""

    method: str
    target: str
    """Path and query, as they were signed."""
    headers: Mapping[str, str]
    body: bytes
    now: int
    """The asking till's time, or the machine's. UTC milliseconds."""


class Reply(msgspec.Struct, frozen=True):
    """One HTTP answer. `lost` is none at all: the line goes dead."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    lost: bool = False


LOST_REPLY = Reply(lost=True)

"""One entry of 待办, whatever room it comes from."""

import msgspec


class Task(msgspec.Struct, frozen=True):
    """One thing that waits for a person. `answers` are what settles it, first the usual one."""

    id: str
    kind: str
    words: str
    since_ms: int
    owner: str
    answers: tuple[str, ...] = ()

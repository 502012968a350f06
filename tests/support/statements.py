"""SQL that SQLAlchemy compiled, shared by all engines of a process.

An engine keeps what it compiled for itself, and a till has one engine all its life; where many
tills live in one process, the next ones need not find the same words again.
"""

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

MOST_STATEMENTS = 5_000


class Statements(MutableMapping[Any, Any]):
    """What SQLAlchemy compiled, for every engine of one kind of database."""

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)

    @staticmethod
    def _key(key: tuple[Any, ...]) -> tuple[Any, ...]:
        # The first part is the engine's own dialect, of which each engine makes one.
        dialect, *statement = key
        return (type(dialect), *statement)

    def __getitem__(self, key: Any) -> Any:
        return self._kept[self._key(key)]

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(self._key(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._kept[self._key(key)] = value

    def __delitem__(self, key: Any) -> None:
        del self._kept[self._key(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def sharing(create: Callable[..., Engine], statements: Statements) -> Callable[..., Engine]:
    """`create_engine` whose engines know what the ones before them have compiled."""

    def create_engine(*values: Any, **named: Any) -> Engine:
        engine = create(*values, **named)
        engine.update_execution_options(compiled_cache=statements)
        return engine

    return create_engine

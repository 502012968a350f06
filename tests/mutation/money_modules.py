"""Which modules count money, which tests prove them, and which wrongs change nothing."""

from pathlib import Path

import msgspec

from tests.mutation.swapping import ROOT

HERE = Path(__file__).parent


class MoneyModule(msgspec.Struct, frozen=True):
    """A module of the app, and the tests that are quick and say what it must do."""

    path: str
    tests: list[str]


class Equivalent(msgspec.Struct, frozen=True):
    """Wrongs of one place that nobody could see, and why that is so."""

    module: str
    wrongs: list[str]
    why: str


class _Modules(msgspec.Struct, frozen=True):
    beside: list[str]
    walking: list[str]
    shared: dict[str, list[str]]
    module: list[MoneyModule]


class _Equivalents(msgspec.Struct, frozen=True):
    equivalent: list[Equivalent] = []


def money_modules() -> list[MoneyModule]:
    """Every money module; a name among its tests stands for the tests listed under it."""
    read = _read()
    return [
        MoneyModule(
            each.path,
            [f"{ROOT}/{test}" for name in each.tests for test in read.shared.get(name, [name])],
        )
        for each in read.module
    ]


def branch_modules() -> list[str]:
    """Modules whose every branch some test must take: the money modules and those beside them."""
    paths = [each.path for each in money_modules()]
    for pattern in _read().beside:
        paths += [found.relative_to(ROOT).as_posix() for found in sorted(ROOT.glob(pattern))]
    return [path for path in dict.fromkeys(paths) if not path.endswith("__init__.py")]


def branch_tests() -> list[str]:
    """Every test of a money module, and those that walk through them for other reasons."""
    own = {test for each in money_modules() for test in each.tests}
    return sorted(own | {f"{ROOT}/{test}" for test in _read().walking})


def _read() -> _Modules:
    return msgspec.toml.decode((HERE / "money_modules.toml").read_bytes(), type=_Modules)


def equivalents() -> dict[str, dict[str, str]]:
    """Module -> wrong -> why nobody could notice it."""
    read = msgspec.toml.decode((HERE / "equivalent.toml").read_bytes(), type=_Equivalents)
    found: dict[str, dict[str, str]] = {}
    for each in read.equivalent:
        found.setdefault(each.module, {}).update(dict.fromkeys(each.wrongs, each.why))
    return found

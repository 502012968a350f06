"""Bugs planted one by one in the real code: the simulator must see nearly every one of them.

Each is a small change of the source (`planted.toml`), made in a copy of this process, and the same
few seeds are played on it until something is wrong. A bug of a layer that another one stands behind
is also planted with its twin off: `twin` names the bug that takes the other layer away.
"""

import ast
import os
import resource
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import msgspec

from tests.faults.catalogue import Fault
from tests.mutation.swapping import module_name, swap
from tests.simulation.campaign import play
from tests.simulation.faults import ALL, CALM, Plan, swarm
from tests.simulation.hub_node import one_application
from tests.simulation.templates import Templates
from tests.simulation.wire import TalksWithoutEnd

LONGEST_S = 180
LAYERS = ("sync", "feeds", "payment", "stock", "cash", "auth", "journal")
NET = CALM.with_(dropped=0.1, answer_lost=0.2, doubled=0.15, late=0.1, slow=0.08, lying=0.25,
                 busy=0.05, portal=0.05, clock_jumps=1.0)  # fmt: skip
TWICE_LOST = CALM.with_(cloned=1.0, hub_back=1.0, partition=1.0, dropped=0.1)
FORGETFUL = CALM.with_(till_back=1.0, partition=1.0, slow=0.4, dropped=0.2)
PLANS = (
    *(
        Plan(seed=seed, shops=shops, days=days, sales=sales, faults=faults)
        for seed, shops, days, sales, faults in (
            (1, (1,), 1, 14, CALM.with_(payments=True)),
            (2, (2,), 1, 8, NET),
            (3, (1,), 2, 8, CALM.with_(hub_killed=0.3, till_killed=0.1, hub_back=1.0)),
            (4, (2,), 2, 7, CALM.with_(till_back=1.0, partition=1.0)),
            (5, (1, 1), 2, 9, CALM.with_(cloned=1.0, answer_lost=0.2, doubled=0.2)),
            (6, (2, 1), 3, 12, ALL),
            (7, (1,), 2, 10, NET.with_(mute=0.2)),
            (8, (1,), 2, 9, CALM.with_(till_back=1.0, hub_back=1.0, hub_silent=1, slow=0.2)),
            (9, (2,), 1, 9, CALM.with_(partition=1.0, rekeyed=1.0, days_alone=1.0)),
            (10, (1,), 1, 40, CALM.with_(days_alone=1.0)),
            (12, (1,), 3, 40, CALM),
            (17, (1,), 3, 40, CALM),
            *((seed, (1,), 1, 60, CALM.with_(payments=True)) for seed in (31, 32, 33, 205)),
            *((seed, (1,), 2, 60, CALM) for seed in (41, 42)),
            (51, (1,), 2, 12, FORGETFUL),
            (301, (2,), 2, 14, TWICE_LOST),
            *((seed, (1,), 2, 25, CALM.with_(payments=True, till_back=1.0)) for seed in (94, 104)),
        )
    ),
    swarm(20, small=True),
    swarm(57, small=True),
    swarm(24, queue=16),
)
"""The same for every bug, the small ones first."""


class Planted(Fault, frozen=True, kw_only=True):
    """A bug, and where in the chain it sits."""

    layer: str
    twin: str = ""
    """The bug that takes the layer behind this one away: both are planted together."""
    survives: str = ""
    """Why nobody can see it by itself, where that is so."""
    tests: list[str] = msgspec.field(default_factory=list)


def plant(bugs: Sequence[Planted]) -> None:
    """From now on this process has these bugs."""
    texts: dict[str, str] = {}
    for each in bugs:
        # Two bugs of one module go into one text.
        texts[each.path] = texts.get(each.path, each.source()).replace(each.before, each.after)
    for path, text in texts.items():
        swap(import_module(module_name(path)), ast.parse(text))


class _Catalogue(msgspec.Struct, frozen=True):
    bug: list[Planted]


def catalogue(words: Sequence[str] = ()) -> list[Planted]:
    """Every planted bug whose name holds one of the words."""
    text = Path(__file__).with_name("planted.toml").read_bytes()
    bugs = msgspec.toml.decode(text, type=_Catalogue).bug
    return [each for each in bugs if not words or any(word in each.name for word in words)]


def seen(bugs: Sequence[Planted], templates: Templates, work: Path) -> str:
    """What a process with these bugs came to: which seed saw it and how, "" when none did."""
    plant(bugs)
    one_application.cache_clear()
    for plan in PLANS:
        try:
            outcome = play(plan, templates, work, hasty=True)
        except (Exception, TalksWithoutEnd) as error:
            return f"seed {plan.seed}: fell over: {type(error).__name__}: {str(error)[:80]}"
        if not outcome.good:
            said = outcome.wrongs[0] if outcome.wrongs else "never converged"
            return f"seed {plan.seed}: {said[:110]}"
    return ""


def groups(bugs: Sequence[Planted], every: Mapping[str, Planted]) -> list[list[Planted]]:
    """What is planted together: each bug alone, unless the layer behind it covers it; then, and
    where there is such a layer at all, with that one off."""
    alone = [[each] for each in bugs if not (each.survives and each.twin)]
    pairs = {frozenset((each.name, each.twin)): [each, every[each.twin]]
             for each in bugs if each.twin}  # fmt: skip
    return [*alone, *pairs.values()]


def plant_all(bugs: Sequence[Planted], templates: Templates, work: Path, jobs: int) -> int:
    """Plant each in a copy of this process; 0 when at least 95 of 100 were seen."""
    if sound := seen([], templates, work):
        raise SystemExit(f"something is wrong without any bug planted: {sound}")
    every = {each.name: each for each in catalogue()}
    waiting = groups(bugs, every)
    planted = [" + ".join(bug.name for bug in group) for group in waiting]
    found: dict[str, str] = {}
    running: dict[int, tuple[list[Planted], int]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            group = waiting.pop(0)
            reading, writing = os.pipe()
            child = os.fork()
            if not child:
                os.close(reading)
                _try(group, templates, work, writing)
            os.close(writing)
            running[child] = group, reading
        child, status = os.wait()
        group, reading = running.pop(child)
        with os.fdopen(reading) as said:
            heard = said.read()
        name = " + ".join(bug.name for bug in group)
        found[name] = heard or ("did not end" if status else "")
        print(f"{'seen' if found[name] else 'MISSED':7} {group[0].layer:8} {name}")
        print(f"        {found[name]}", flush=True)
    missed = [name for name in planted if not found[name]]
    figures = {"planted": len(planted), "caught": len(planted) - len(missed), "missed": missed}
    print(msgspec.json.encode(figures).decode())
    return int(len(missed) * 20 > len(planted))


def _try(group: Sequence[Planted], templates: Templates, work: Path, writing: int) -> None:
    """In the copy: write down what saw it, and end."""
    # A bug after which nothing ends is seen as well; a busy machine is no bug.
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))
    code = 1
    try:
        os.write(writing, seen(group, templates, work).encode()[:2000])
        code = 0
    finally:
        os._exit(code)

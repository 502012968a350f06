"""Makes a failing seed smaller: fewer faults, fewer days, fewer customers, as long as it fails."""

from pathlib import Path

import msgspec

from tests.simulation.campaign import play
from tests.simulation.faults import Plan
from tests.simulation.templates import Templates


def fails(plan: Plan, templates: Templates, work: Path) -> bool:
    """Whether anything is wrong with it; falling over counts."""
    try:
        return not play(plan, templates, work).good
    except Exception:
        return True


def shrunk(plan: Plan, templates: Templates, work: Path) -> Plan:
    """The smallest plan on the way that still fails."""
    names = plan.faults.named
    step = max(len(names) // 2, 1)
    while step:
        at = 0
        while at < len(names):
            smaller = msgspec.structs.replace(
                plan, faults=plan.faults.without(names[at : at + step])
            )
            if fails(smaller, templates, work):
                plan, names = smaller, names[:at] + names[at + step :]
            else:
                at += step
        step //= 2
    for field in ("days", "sales"):
        while getattr(plan, field) > 1:
            half = msgspec.structs.replace(plan, **{field: getattr(plan, field) // 2})
            if not fails(half, templates, work):
                break
            plan = half
    for shop in range(len(plan.shops)):
        fewer = list(plan.shops)
        fewer[shop] = 1
        smaller = msgspec.structs.replace(plan, shops=tuple(fewer))
        if smaller != plan and fails(smaller, templates, work):
            plan = smaller
    return plan

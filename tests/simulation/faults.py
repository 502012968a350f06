"""What may go wrong in one seed, as plain numbers: each seed has a random part of it."""

import random

import msgspec

from tests.simulation.time_heap import DAY, HOUR


class Faults(msgspec.Struct, frozen=True, kw_only=True):
    """Shares are of one request or one act, rates of one day."""

    dropped: float = 0.0
    """The request never arrives."""
    answer_lost: float = 0.0
    """It arrives, is stored, and the till never hears so."""
    doubled: float = 0.0
    late: float = 0.0
    """It arrives after the till has given it up: behind newer ones."""
    slow: float = 0.0
    """The answer takes minutes: the watchdog's part."""
    mute: float = 0.0
    """The answer never comes, and neither does word that it will not."""
    lying: float = 0.0
    """The answer was changed, is an old one, or is nobody's."""
    portal: float = 0.0
    busy: float = 0.0
    partition: float = 0.0
    """A day's chance, for each shop, of hours without a line."""
    days_alone: float = 0.0
    """A till's chance of having no line for the whole time."""
    hub_killed: float = 0.0
    """Of one request: between two statements, or right before or after it is committed."""
    hub_back: float = 0.0
    """A day's chance that the hub is put back from an older copy."""
    hub_silent: bool = False
    """Nobody says so: the incarnation stays."""
    till_killed: float = 0.0
    """Of one act at the counter, at any write."""
    till_back: float = 0.0
    """A day's chance that a till is put back from an earlier copy."""
    cloned: float = 0.0
    clock_jumps: float = 0.0
    disk_full: float = 0.0
    payments: bool = False
    """The payment network has its bad days: timeouts, late money, doubled charges, hours away."""
    rekeyed: float = 0.0
    """A day's chance that somebody gives a till a new key, whatever its line is like."""

    @property
    def named(self) -> list[str]:
        """Those that are on."""
        return [name for name in self.__struct_fields__ if getattr(self, name)]

    def without(self, names: list[str]) -> "Faults":
        """The same with these off: how a failing seed is made smaller."""
        off = {name: type(getattr(self, name))() for name in names}
        return msgspec.structs.replace(self, **off)

    def with_(self, **changed: float) -> "Faults":
        """The same with these as told."""
        return msgspec.structs.replace(self, **changed)


ALL = Faults(
    dropped=0.1, answer_lost=0.08, doubled=0.08, late=0.06, slow=0.03, lying=0.06, portal=0.03,
    busy=0.03, partition=0.5, days_alone=0.25, hub_killed=0.06, hub_back=0.5, hub_silent=True,
    till_killed=0.03, till_back=0.35, cloned=0.2, clock_jumps=0.3, disk_full=0.3, payments=True,
    rekeyed=0.2,
)  # fmt: skip
"""Everything at once, as bad as it gets."""
CALM = Faults()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A seed, spelled out."""

    seed: int
    shops: tuple[int, ...]
    """Tills of each shop."""
    days: int
    sales: int
    """Sales of each till on each day, about."""
    faults: Faults
    small: bool = False
    queue: int = 0
    """Customers behind one who pays in cash, about: a soak's, where journals have to be long."""

    @property
    def replay(self) -> str:
        """The command that plays exactly this."""
        small = " --small" if self.small else f" --days {self.days} --sales {self.sales}"
        queue = f" --queue {self.queue}" if self.queue else ""
        return f"python -m tests.simulation --seed {self.seed}{small}{queue}"

    @property
    def copies_at_ms(self) -> int:
        """When on each day everything is copied: in the evening, or while there is a day left for
        a copy to come back."""
        return 3 * HOUR if self.small else 12 * HOUR

    @property
    def wanted_ms(self) -> int:
        """How long at most a till waits before it asks what is new once it thinks there is."""
        return (9 if self.small else 2) * HOUR

    @property
    def idle_ms(self) -> int:
        """How long at most it waits else. In a shop that is half a minute: nearly always nothing
        is new, and a day here may not last a day."""
        return (20 if self.small else 10) * HOUR

    @property
    def long_ms(self) -> int:
        return self.days * DAY


def swarm(seed: int, *, days: int = 0, sales: int = 0, small: bool = False, queue: int = 0) -> Plan:
    """What a seed stands for: a chain, its days, and a random part of all faults.

    `small` are the seeds of the suite: a street corner, not a town.
    """
    rng = random.Random(f"{seed}/plan")
    shops = tuple(rng.choices((1, 2, 3, 4), (5, 5, 2, 1))[0]
                  for _ in range(rng.choices((1, 2, 3), (5, 4, 1))[0]))  # fmt: skip
    on = [name for name in ALL.named if rng.random() < 0.45]
    faults = ALL.without([name for name in ALL.named if name not in on])
    drawn_days, drawn_sales = rng.choice((2, 2, 3)), rng.randrange(5, 12)
    if small:
        shops, drawn_days, drawn_sales = rng.choice(((1,), (1,), (1,), (2,), (1, 1))), 1, 4
    return Plan(seed=seed, shops=shops, days=days or drawn_days, sales=sales or drawn_sales,
                faults=faults, small=small, queue=queue)  # fmt: skip

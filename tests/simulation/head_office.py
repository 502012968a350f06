"""Head office as one machine of the chain: what it decides while the shops sell, and what it said.

It publishes straight into the hub's feeds, at any moment, also while the hub is about to die; what
it ever signed is kept here, whatever becomes of the hub's disk.
"""

from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from app.facts.base import Fact
from app.facts.pricing import (
    ListedPrice,
    PriceListSet,
    PriceListWithdrawn,
    Promotion,
    PromotionSet,
    PromotionWithdrawn,
)
from app.facts.shop import SettingChanged
from app.facts.staff import StaffSet
from app.facts.stock import LotsRecalled
from sync.hub.publishing import publish
from tests.simulation.driven_disk import Killed
from tests.simulation.overreaching import OTHER_MANAGER
from tests.simulation.pencil import SLIP_FEN
from tests.simulation.people import GOODS
from tests.simulation.time_heap import DAY, HOUR, SECOND

if TYPE_CHECKING:
    from tests.simulation.world import World

RECALLED = "13006"
"""Nobody sells it here: a recalled article would only keep customers from buying."""
ACTS = {"price": 8, "withdrawn": 3, "slip": 2, "promotion": 2, "promotion_over": 1, "recall": 3,
        "role": 3, "setting": 2}  # fmt: skip
_NAMES, _WEIGHTS = tuple(ACTS), tuple(ACTS.values())


class HeadOffice:
    """What it decides, and the versions that came of it."""

    def __init__(self, world: "World") -> None:
        self.world, self.heap = world, world.heap
        self.rng = world.heap.rng["office"]
        self.shops = [f"KP{shop:02d}" for shop in range(1, len(world.plan.shops) + 1)]
        self.published: set[tuple[str, str, int, str]] = set()
        """(shop, scope, version, hash of a part): everything it ever signed."""
        self._lists: list[str] = []
        self._slips: list[str] = []
        self._count = 0

    def plan_day(self, morning: int, hours: int) -> None:
        """A few decisions on this day."""
        for _ in range(self.rng.randrange(1, 2 + hours // (3 * HOUR))):
            self.heap.at(morning + self.rng.randrange(hours), self.decide)

    def decide(self) -> None:
        """One decision, for some of the shops."""
        if self.world.selling:
            self._decide(self.rng.choices(_NAMES, _WEIGHTS)[0])

    def _decide(self, what: str) -> None:
        self._count += 1
        some = sorted(self.rng.sample(self.shops, self.rng.randrange(1, len(self.shops) + 1)))
        scope, fact = getattr(self, f"_{what}")(f"hq{self._count}")
        self.send(scope, some, fact)

    def the_last_word(self) -> None:
        """All is well again: what was wrong is taken back, every shop is told prices and a recall
        once more."""
        for name in self._slips:
            self.send("prices", self.shops, PriceListWithdrawn(shop="", document=name))
        for what in ("price", "recall"):
            self._count += 1
            scope, fact = getattr(self, f"_{what}")(f"hq{self._count}")
            self.send(scope, self.shops, fact)

    def send(self, scope: str, shops: list[str], fact: Fact) -> None:
        """The next version of this scope for these shops, if the hub lives through it."""
        node = self.world.hub
        if not node.up:
            self.heap.sometimes("head office found no hub")
            return
        if self.heap.chance("office", self.world.faults.hub_killed):
            node.disk.arm(self.rng.randrange(8), self.rng.choice(("before", "after")))
        try:
            with node.hub.database.begin() as db:
                told = publish(node.hub, db, scope=scope, shops=shops, facts=[fact],
                               order=node.hub.now_ms())  # fmt: skip
                self.world.expect(18, sorted(told) == shops, f"{shops} should hear: {told}")
        except (Killed, SQLAlchemyError):
            if not node.disk.dead:
                raise
            self.heap.sometimes("hub killed while head office published")
        node.disk.disarm()
        if node.disk.dead:
            node.die(self.rng.randrange(5, 180) * SECOND)
        self.note()

    def note(self) -> None:
        """Keep what the hub's feeds say now: a version exists once it is committed."""
        if self.world.hub.up:
            rows = self.world.hub.rows("SELECT shop, scope, version, hash FROM hub_feed_part")
            self.published.update(rows)  # type: ignore[arg-type]

    # --- decisions -------------------------------------------------------------------------

    def _price(self, name: str) -> tuple[str, Fact]:
        """New prices, now or from the next midnight."""
        self._lists.append(name)
        now = self.heap.now
        begins = now - now % DAY + DAY if self.rng.random() < 0.2 else now
        return "prices", self._listed(name, begins, self.rng.choice((-200, -50, 100, 300)))

    def _slip(self, name: str) -> tuple[str, Fact]:
        """A finger too long on a key: no till may believe it."""
        self.heap.sometimes("head office slipped")
        self._slips.append(name)
        return "prices", self._listed(name, self.heap.now, SLIP_FEN)

    def _listed(self, name: str, begins: int, more: int) -> PriceListSet:
        some = sorted(self.rng.sample(GOODS, 3))
        lines = tuple(
            ListedPrice(product=code, price=self.world.prices[code] + more) for code in some
        )
        return PriceListSet(shop="", document=name, from_ms=begins, lines=lines)

    def _withdrawn(self, _name: str) -> tuple[str, Fact]:
        gone = self.rng.choice(self._lists or ["never"])
        return "prices", PriceListWithdrawn(shop="", document=gone)

    def _promotion(self, name: str) -> tuple[str, Fact]:
        rule = Promotion(code="P1", name=name, kind="percent", permille=100,
                         from_ms=self.heap.now, products=(self.rng.choice(GOODS),))  # fmt: skip
        return "promotions", PromotionSet(shop="", document=name, promotion=rule)

    def _promotion_over(self, _name: str) -> tuple[str, Fact]:
        return "promotions", PromotionWithdrawn(shop="", code="P1")

    def _recall(self, name: str) -> tuple[str, Fact]:
        return "recalls", LotsRecalled(shop="", till="", recall=name, number=name, product=RECALLED,
                                       batches=(name,), level="1")  # fmt: skip

    def _role(self, _name: str) -> tuple[str, Fact]:
        """Somebody is a manager no more, or again."""
        role = self.rng.choice(("cashier", "cashier", "manager"))
        return "staff", StaffSet(shop="", person=OTHER_MANAGER.number, role=role)

    def _setting(self, name: str) -> tuple[str, Fact]:
        return "settings", SettingChanged(shop="", key="service_phone", value=name)

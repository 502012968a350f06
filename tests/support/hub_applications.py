"""A hub's web application is put together once, and then serves one hub after the other.

Litestar looks at each handler it is given, which takes longer than most tests; the handlers are
the same for every hub. What an application remembers is made new for each: figures and limits.
"""

from collections.abc import Callable
from typing import Any

import pytest

import sync.hub.web.asking
from sync.hub.application import application
from sync.hub.limits import Limiter
from sync.hub.metrics import Requests
from sync.hub.signed_line import Buckets
from sync.hub.state import Hub


class InTurn:
    """In the place of something that is another one the next time."""

    def __init__(self, now: Any) -> None:
        self.now = now

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


class Served:
    """One application and the hub it speaks for now."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.clock = InTurn(hub), InTurn(hub.clock)
        self.hub.clock = self.clock
        self.limits: list[Limiter] = []

        def limiter(clock: Any, most: int) -> Limiter:
            self.limits.append(Limiter(clock, most))
            return self.limits[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sync.hub.web.asking, "Limiter", limiter)
            self.app: Requests = application(self.hub)  # type: ignore[arg-type]

    def begin(self, hub: Hub) -> None:
        """Speak for this hub, and remember nothing of another."""
        self.hub.now, self.clock.now = hub, hub.clock
        for each in self.limits:
            each._counts.clear()
        self.app.counts.clear()
        self.app.within.clear()
        self.app.total_ms = 0


class Applications:
    """Those of one process."""

    def __init__(self) -> None:
        self._free: list[Served] = []
        self._serving: list[Served] = []

    def application(
        self,
        hub: Hub,
        arrived: Callable[[], None] | None = None,
        buckets: Buckets | None = None,
    ) -> Requests:
        """What sync.hub.application's own gives."""
        if arrived is not None or buckets is not None:
            return application(hub, arrived or (lambda: None), buckets)
        served = self._free.pop() if self._free else Served(hub)
        served.begin(hub)
        self._serving.append(served)
        return served.app

    def give_back(self, hub: Hub) -> None:
        """This hub is closed: nobody can ask it any more."""
        for served in [each for each in self._serving if each.hub.now is hub]:
            self._serving.remove(served)
            self._free.append(served)


APPLICATIONS = Applications()

"""The line between a till and the hub, in place of sockets: bytes go in, bytes or trouble come out.

Everything above it is the real thing: what is signed, packed, believed and refused.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sync.channels.answers import ChannelTrouble
from sync.channels.carrying import Answer
from tests.simulation.hub_node import HubDown
from tests.simulation.time_heap import HOUR, SECOND

if TYPE_CHECKING:
    from tests.simulation.till_node import TillNode

HEARD = {
    b'"answer":"gap"': "gap answered",
    b'"answer":"fork"': "fork answered",
    b'"code":"replayed"': "replay refused",
    b'"code":"clock_off"': "clock off",
}
REFUSED = b'"code":'
MOST_AN_HOUR = 200
LYING = ("changed", "old", "nobody's", "cut")


class TalksWithoutEnd(BaseException):
    """A till that asks and asks: no fault here makes a sound one do that."""


class Wire:
    """One till's line. Stands in the place of `sync.channels.carrying.Line`."""

    def __init__(self, till: "TillNode") -> None:
        self.till = till
        self.world = till.world
        self.heap = till.heap
        self._cut_until = -1
        self._asked: Counter[int] = Counter()
        self._heard: list[Answer] = []

    @property
    def is_cut(self) -> bool:
        """Whether somebody dug up the cable."""
        return self.heap.now < self._cut_until

    def cut(self, until: int) -> None:
        """No line until then; the worker finds out by itself."""
        self._cut_until = max(self._cut_until, until)
        self.heap.at(self._cut_until, lambda: self.till.plan_look(self.heap.now))
        self.heap.at(self._cut_until, lambda: self.till.plan_pull(self.heap.now))

    def mend(self) -> None:
        """The cable is in again."""
        self._cut_until = -1

    def ask(
        self, _method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str]
    ) -> Answer:
        """One request, one answer. Raises ChannelTrouble."""
        faults, sent = self.world.faults, dict(headers)
        self._asked[self.heap.now // HOUR] += 1
        if self._asked[self.heap.now // HOUR] > MOST_AN_HOUR:
            raise TalksWithoutEnd(self.till.name)
        if self.is_cut or self.heap.chance("net", faults.dropped):
            raise ChannelTrouble("no_connection", reached=False)
        if self.heap.chance("net", faults.portal):
            self.heap.sometimes("captive portal")
            return Answer(200, {"Content-Type": "text/html"}, b"<html>login first</html>")
        if self.heap.chance("net", faults.busy):
            self.heap.sometimes("hub said busy")
            return Answer(503, {"Retry-After": "20"}, b"")
        if self.heap.chance("net", faults.late):
            self.heap.sometimes("request arrived late")
            wait = self.heap.rng["net"].randrange(20, 400) * SECOND
            self.heap.after(wait, lambda: self._deliver(path, sent, body))
            raise ChannelTrouble("no_answer", reached=True)
        if self.heap.chance("net", faults.hub_killed):
            when = self.heap.rng["net"].choice(("before", "before", "after"))
            self.world.hub.disk.arm(self.heap.rng["net"].randrange(12), when)
        answer = self._deliver(path, sent, body)
        self.world.hub.disk.disarm()
        if self.heap.chance("net", faults.doubled):
            self.heap.sometimes("request arrived twice")
            again = self._deliver(path, sent, body)
            heard = answer is not None and again is not None and REFUSED not in answer.body
            self.world.expect(24, not heard or REFUSED in again.body,
                              f"{self.till.name}: one request was heard twice")  # fmt: skip
        if answer is None:
            raise ChannelTrouble("no_answer", reached=True)
        if self.heap.chance("net", faults.answer_lost):
            self.heap.sometimes("answer lost after commit")
            raise ChannelTrouble("no_answer", reached=True)
        self._heard = [*self._heard[-3:], answer]
        if self.heap.chance("net", faults.lying):
            return self._lied(answer)
        return answer

    def _deliver(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        # It was on its way for a while since it was signed.
        self.world.hub.clock.skew = self.heap.rng["net"].randrange(5, 900)
        try:
            status, back, said = self.world.hub.ask(path, headers, body)
        except HubDown:
            return None
        self.world.projection_is_due()
        for word, mark in HEARD.items():
            if word in said:
                self.heap.sometimes(mark)
        return Answer(status, back, said)

    def _lied(self, answer: Answer) -> Answer:
        """Somebody between the two ends changes what was said."""
        how = self.heap.rng["net"].choice(LYING)
        self.heap.sometimes(f"lying answer: {how}")
        if how == "old":
            return self._heard[0]
        if how == "cut":
            return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2])
        headers = {} if how == "nobody's" else answer.headers
        return Answer(answer.status, headers, higher(answer.body))


def higher(body: bytes) -> bytes:
    """The answer with its seq far beyond what was sent: believed, nothing would be sent again."""
    before, mark, rest = body.partition(b'"seq":')
    said = before + mark + b"9" + rest if mark else body.replace(b'"v":1', b'"v":2')
    # What is packed says nothing to look for: its last bytes are another text's.
    return said if said != body else body[:-4] + b"\x00\x01\x02\x03"


class LineMaker:
    """What `HubLine` calls for a line: the wire of the till whose clock this is."""

    def __init__(self, wire_of: Callable[[object], Wire]) -> None:
        self._wire_of = wire_of

    def __call__(self, _address: str, clock: object, **_more: object) -> Wire:
        return self._wire_of(clock)

"""One question to a payment network, and what this process remembers of what it asks about."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.payments import rules
from app.payments.rules import RefundWatch, Watch
from sync.channels.answers import Back, Channel, Heard, Order

LOG = logging.getLogger(__name__)
NO_CHANNEL = Heard(outcome=rules.UNREACHED, reason="not_set_up")


class Call:
    """One question to a network, on a thread of its own unless `direct`."""

    def __init__(self, what: str, ask: Callable[[], Heard], *, direct: bool) -> None:
        self.what = what
        self.done = threading.Event()
        self.heard = Heard(outcome=rules.UNCLEAR, reason="broken_answer")
        self._ask = ask
        if direct:
            self._run()
        else:
            threading.Thread(target=self._run, name=f"payment {what}", daemon=True).start()

    def _run(self) -> None:
        try:
            self.heard = self._ask()
        except Exception:
            # A bug of ours in reading an answer must not lose the attempt: it stays unclear.
            LOG.exception("a payment network's answer")
        finally:
            self.done.set()


@dataclass
class Watched:
    """An attempt or refund this process works on."""

    watch: Watch | RefundWatch
    call: Call | None = None
    forced: bool = False
    """A person wants it asked about now."""
    shown: str = ""
    """The code our screen shows for it."""
    reason: str = ""
    """Why nothing certain was heard the last time."""


def question(channel: Channel | None, what: str, order: Order, code: str) -> Callable[[], Heard]:
    """What to ask a network about a charge; without one the answer is known."""
    if channel is None:
        return lambda: NO_CHANNEL
    if what == rules.SEND:
        return lambda: channel.pay(order, code)
    if what == rules.REVERSE:
        return lambda: channel.reverse(order)
    return lambda: channel.query(order)


def question_back(channel: Channel | None, what: str, back: Back) -> Callable[[], Heard]:
    """What to ask a network about money on its way back."""
    if channel is None:
        return lambda: NO_CHANNEL
    if what == rules.ASK:
        return lambda: channel.refund(back)
    return lambda: channel.query_refund(back)

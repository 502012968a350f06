"""Everything that stands on the counter: printers with their spools, and the customer display.

Which device plays which part is this till's own matter, so it is kept beside the journal and not
in it. Nothing here ever stops a sale: a device that fails says why and is tried again.
"""

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from app.content import Paper
from app.errors import Refusal, ShopError, Trouble
from app.money import yuan
from app.print_queue import LABEL_PRINTER, RECEIPT_PRINTER, PrintQueue
from app.sales.counter import Counter, Stage
from app.sales.devices import keep_device, read_devices
from app.transaction import Books
from printers.devices.carrier import Carrier, carrier_for, parse_address
from printers.devices.pole_display import Display, Shown, VirtualDisplay, display_for
from printers.devices.scale import Scale, scale_for
from printers.profile import load_profile
from printers.spooler import PrinterSpool

__all__ = ["CounterDevices", "read_devices", "set_device"]

LOG = logging.getLogger(__name__)
PRINTER_MARK = "device.printer.receipt"
"""Value: profile name, a space, the address ("chinese_80 network:192.0.2.7:9100"), or ""."""
LABEL_MARK = "device.printer.label"
"""The same for the label printer; the receipt printer prints no labels."""
DISPLAY_MARK = "device.display"
SCALE_MARK = "device.scale"
"""`asked:COM3`, `talking:COM3`, "" for none."""
DEMO_PRINTER = "virtual_80 virtual:"
DEMO_LABELS = "virtual_label virtual:"
DEMO_DISPLAY = "virtual:"
_MOST_WAITING = 4
"""Behind a display that answers slowly only what is newest is worth showing."""


def set_device(books: Books, name: str, value: str) -> None:
    """Say which device plays a part, "" for none. Raises Refusal when it cannot be one."""
    if name in (PRINTER_MARK, LABEL_MARK) and value:
        profile, _, address = value.partition(" ")
        load_profile(profile)
        parse_address(address)
    elif name == DISPLAY_MARK and value:
        display_for(value)
    elif name == SCALE_MARK and value:
        scale_for(value)
    keep_device(books, name, value)


class DisplayFeed:
    """Takes what a pole display shall show to its serial port, on a thread of its own.

    The port is slow (2400 baud) and may be unplugged; the counter waits for neither. Only the
    newest few messages are worth showing.
    """

    def __init__(self, display: Display) -> None:
        self.display = display
        self.trouble = ""
        self._waiting: queue.Queue[Shown | None] = queue.Queue()
        # What stands still in a test or on a screen needs no thread, and answers at once.
        self._direct = isinstance(display, VirtualDisplay)
        if not self._direct:
            threading.Thread(target=self._loop, name="display", daemon=True).start()

    def show(self, shown: Shown) -> None:
        """Have it shown; returns at once."""
        if self._direct:
            self._send(shown)
        else:
            self._waiting.put(shown)

    def close(self) -> None:
        """Let the port go after what waits was shown."""
        self._waiting.put(None)

    def _loop(self) -> None:
        while (shown := self._waiting.get()) is not None:
            if self._waiting.qsize() < _MOST_WAITING:
                self._send(shown)

    def _send(self, shown: Shown) -> None:
        try:
            self.display.show(shown)
            self.trouble = ""
        except Trouble as trouble:
            self.trouble = trouble.code
            LOG.warning("customer display: %s", trouble)


class CounterDevices:
    """The devices of one till. `step` is called by whoever has a thread for it."""

    def __init__(self, books: Books, folder: Path, *, demo: bool) -> None:
        self._books = books
        self._folder = folder
        self._demo = demo
        self.queue = PrintQueue(books)
        self.queue.after_restart(books.clock.wall_ms())
        self.spools: dict[str, PrinterSpool] = {}
        self.carriers: dict[str, Carrier] = {}
        self.printer_trouble = ""
        """Why the printer in the settings cannot be used at all."""
        self.scale: Scale | None = None
        """What weighs on the counter, None where nothing does."""
        self.screens: list[Callable[[int], bool]] = []
        """Second screens that say whether they show a total."""
        self._feed: DisplayFeed | None = None
        self._feed_trouble = ""
        self._shown: Shown | None = None
        self._done = ""
        self._stumbled = False
        self.set_up()

    def set_up(self) -> None:
        """(Re)build the devices from the till's settings; a bad one is left out with a reason."""
        chosen = read_devices(self._books)
        demo = (DEMO_PRINTER, DEMO_LABELS) if self._demo else ("", "")
        self._set_up_printers(
            {
                RECEIPT_PRINTER: chosen.get(PRINTER_MARK, demo[0]),
                LABEL_PRINTER: chosen.get(LABEL_MARK, demo[1]),
            }
        )
        self._set_up_display(chosen.get(DISPLAY_MARK, DEMO_DISPLAY if self._demo else ""))
        self.scale = self._scale(chosen.get(SCALE_MARK, "virtual:" if self._demo else ""))

    def _set_up_printers(self, settings: dict[str, str]) -> None:
        self.printer_trouble = ""
        spools: dict[str, PrinterSpool] = {}
        carriers: dict[str, Carrier] = {}
        for part, setting in settings.items():
            if not setting:
                continue
            name, _, address = setting.partition(" ")
            try:
                profile = load_profile(name)
                carrier = carrier_for(parse_address(address), profile, self._folder)
            except ShopError as error:
                # A till opens without its printer rather than not at all.
                if part == RECEIPT_PRINTER:
                    self.printer_trouble = error.code
                LOG.warning("printer %s: %s", setting, error)
                continue
            carriers[part] = carrier
            spools[part] = PrinterSpool(part, profile, carrier, self.queue, self._books.clock)
        # Replaced as a whole: the thread that steps may be in the middle of the old ones.
        self.spools, self.carriers = spools, carriers

    def _scale(self, setting: str) -> Scale | None:
        try:
            return scale_for(setting) if setting else None
        except Refusal:
            LOG.warning("scale %s cannot be one", setting)
            return None

    def _set_up_display(self, setting: str) -> None:
        if self._feed is not None:
            self._feed.close()
        self._feed, self._feed_trouble = None, ""
        if setting:
            try:
                self._feed = DisplayFeed(display_for(setting))
            except Refusal as refusal:
                self._feed_trouble = refusal.code

    @property
    def display(self) -> Display | None:
        """The customer display, None without one."""
        return self._feed.display if self._feed else None

    @property
    def display_trouble(self) -> str:
        """Why the customer sees nothing, "" when all is well."""
        return self._feed.trouble if self._feed else self._feed_trouble

    @property
    def has_printer(self) -> bool:
        """Whether papers can come out at all."""
        return RECEIPT_PRINTER in self.spools

    @property
    def has_label_printer(self) -> bool:
        """Whether labels can come out; without one they go onto a sheet of A4."""
        return LABEL_PRINTER in self.spools

    def step(self) -> bool:
        """Take every printer as far as it goes; whether anything was done. Never raises Trouble:
        a queue that cannot be written stays as it is and is tried again."""
        done = False
        for spool in list(self.spools.values()):
            try:
                if self._stumbled:
                    # What was being sent when the disk failed may be on paper or not.
                    self.queue.after_restart(self._books.clock.wall_ms())
                    self._stumbled = False
                while spool.step() is not None:
                    done = True
            except ShopError as error:
                self._stumbled = True
                LOG.warning("print queue: %s", error)
        return done

    def print_once(self, paper: Paper) -> None:
        """Send a paper that must not lie in the queue; nothing remembers it.

        Raises Refusal("no_printer"), Trouble: printer_unreachable, printer_broke_off.
        """
        spool = self.spools.get(RECEIPT_PRINTER)
        if spool is None:
            raise Refusal("no_printer")
        spool.send_unqueued(paper)

    def watch(self, counter: Counter) -> None:
        """Show the customer what the counter shows: unit price, total, received, change."""
        for shown in self._what_to_show(counter):
            if shown != self._shown and self._feed is not None:
                self._feed.show(shown)
            self._shown = shown

    def customer_sees(self, due: int) -> bool:
        """Whether the customer's display, if there is one, shows this total (fen)."""
        if not all(shows(due) for shows in self.screens):
            return False
        if self._feed is None:
            return not self._feed_trouble
        return not self._feed.trouble and self._shown == Shown("total", yuan(due))

    def _what_to_show(self, counter: Counter) -> list[Shown]:
        basket, done = counter.basket, counter.last
        if not basket.lines:
            if done is not None and done.id != self._done:
                self._done = done.id
                exchanged = done.back.exchanged if done.back else 0
                tendered = sum(tender.tendered for tender in done.sale.tenders) - exchanged
                return [Shown("received", yuan(tendered)), Shown("change", yuan(done.change))]
            # The change stays until the next goods; the total of a basket put aside does not.
            selling = self._shown is not None and self._shown.lamp in ("unit_price", "total")
            return [Shown("off", "")] if selling else []
        if counter.stage is Stage.COLLECTING:
            return [Shown("total", yuan(counter.due().open))]
        last = next(line for line in reversed(basket.lines) if not line.deposit_of)
        return [
            Shown("unit_price", yuan(last.price)),
            Shown("total", yuan(max(counter.due().due, 0))),
        ]

    def close(self) -> None:
        """Let the display's port go."""
        if self._feed is not None:
            self._feed.close()

"""Everything that stands on the counter: printers with their spools, and the customer display.

Which device plays which part is this till's own matter, so it is kept beside the journal and not
in it. Nothing here ever stops a sale: a device that fails says why and is tried again.
"""

import logging
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.errors import Refusal, Trouble
from app.journal.tables import mark
from app.money import yuan
from app.print_queue import RECEIPT_PRINTER, PrintQueue
from app.sales.counter import Counter, Stage
from app.transaction import Books, transaction
from printers.devices.carrier import Carrier, carrier_for, parse_address
from printers.devices.pole_display import Display, Shown, display_for
from printers.profile import load_profile
from printers.spooler import PrinterSpool

LOG = logging.getLogger(__name__)
PRINTER_MARK = "device.printer.receipt"
"""Value: profile name, a space, the address ("chinese_80 network:192.0.2.7:9100"), or ""."""
DISPLAY_MARK = "device.display"
DEMO_PRINTER = "virtual_80 virtual:"
DEMO_DISPLAY = "virtual:"


def read_devices(books: Books) -> dict[str, str]:
    """This till's device settings by mark."""
    with books.read() as db:
        rows = db.execute(select(mark).where(mark.c.name.like("device.%")))
        return {row.name: row.value for row in rows}


def set_device(books: Books, name: str, value: str) -> None:
    """Say which device plays a part, "" for none. Raises Refusal when it cannot be one."""
    if name == PRINTER_MARK and value:
        profile, _, address = value.partition(" ")
        load_profile(profile)
        parse_address(address)
    elif name == DISPLAY_MARK and value:
        display_for(value)
    with transaction(books) as tx:
        statement = insert(mark).values(name=name, value=value)
        tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


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
        self.display: Display | None = None
        self.display_trouble = ""
        self._shown: Shown | None = None
        self.set_up()

    def set_up(self) -> None:
        """(Re)build the devices from the till's settings; a bad one is left out with a reason."""
        chosen = read_devices(self._books)
        printer = chosen.get(PRINTER_MARK, DEMO_PRINTER if self._demo else "")
        display = chosen.get(DISPLAY_MARK, DEMO_DISPLAY if self._demo else "")
        self.spools.clear()
        self.carriers.clear()
        if printer:
            name, _, address = printer.partition(" ")
            profile = load_profile(name)
            carrier = carrier_for(parse_address(address), profile, self._folder)
            self.carriers[RECEIPT_PRINTER] = carrier
            self.spools[RECEIPT_PRINTER] = PrinterSpool(
                RECEIPT_PRINTER, profile, carrier, self.queue, self._books.clock
            )
        try:
            self.display = display_for(display) if display else None
        except Refusal as refusal:
            self.display, self.display_trouble = None, refusal.code

    @property
    def has_printer(self) -> bool:
        return bool(self.spools)

    def step(self) -> bool:
        """Take every printer one job further; whether anything was done."""
        done = False
        for spool in self.spools.values():
            while spool.step() is not None:
                done = True
        return done

    def watch(self, counter: Counter) -> None:
        """Show the customer what the counter shows: unit price, total, received, change."""
        for shown in _what_to_show(counter):
            if shown == self._shown:
                continue
            self._shown = shown
            if self.display is None:
                continue
            try:
                self.display.show(shown)
                self.display_trouble = ""
            except Trouble as trouble:
                self.display_trouble = trouble.code
                LOG.warning("customer display: %s", trouble)


def _what_to_show(counter: Counter) -> list[Shown]:
    done = counter.last
    if not counter.basket.lines:
        if done is None:
            return []
        tendered = sum(tender.tendered for tender in done.sale.tenders)
        return [Shown("received", yuan(tendered)), Shown("change", yuan(done.sale.change))]
    if counter.stage is Stage.COLLECTING:
        return [Shown("total", yuan(counter.due().open))]
    last = counter.basket.lines[-1]
    return [Shown("unit_price", yuan(last.price)), Shown("total", yuan(counter.priced().due))]

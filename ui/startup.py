"""Builds and joins all parts of a till, with or without a window. No Qt at the top.

This is the one place that knows everybody; everything else is handed what it needs.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app import demo, folder
from app.clock import Clock, SystemClock
from app.errors import Refusal, ShopError
from app.ids import Ids
from app.opening import NewTill, OpenFolder, is_set_up, open_folder
from app.sales import actions
from app.sales.basket import Basket
from app.sales.counter import Counter
from app.sales.draft_writer import DraftWriter
from app.sales.labels import Labels
from app.stock.counting import finish_postings
from printers.labels.template import Templates
from printers.template import shipped
from sync.channels.chosen import Channels
from sync.invoicing.gateway import Gateway, NoGateway
from sync.invoicing.practice import PracticeGateway
from ui.copying import Copying
from ui.counter_devices import CounterDevices
from ui.hub_side import HubSide
from ui.invoice_runner import InvoiceRunner
from ui.payment_runner import PaymentRunner

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
CATALOGUE = RESOURCES / "catalogue"
PRACTICE = ("D", "T")
"""Series of folders to practise in: they reach the practice network and nothing else."""


SWITCH_S = 0.001
"""How long a busy thread keeps Python's processor from one that waits for it. Each step of a sale
that touches the disk gives it away: beside a count being posted, Python's own five milliseconds
would be lost several times a sale."""


class Till:
    """A till that is open for business."""

    def __init__(
        self,
        opened: OpenFolder,
        *,
        save_draft: Callable[[Basket], None] | None = None,
        drafts_behind: bool = False,
    ) -> None:
        sys.setswitchinterval(SWITCH_S)
        self.opened = opened
        self.books = opened.books
        self.drafts: DraftWriter | None = None
        """Writes the open basket behind the painted line; without one it is written at once."""
        if drafts_behind:
            self.drafts = DraftWriter(lambda basket: actions.save_draft(opened.books, basket))
            save_draft = self.drafts.save
        self.disk_full = False
        """Practised in demo folders: the disk takes nothing more."""
        self.devices = CounterDevices(opened.books, opened.folder, demo=opened.demo)
        self.channels = Channels(
            opened.books,
            practice=opened.books.journal.series in PRACTICE,
            address=lambda: self.counter.desk.settings["channel_address"],
        )
        self.payments = PaymentRunner(
            opened.books,
            self.channels,
            subject=lambda: self.counter.desk.settings["shop_name"] or opened.books.shop,
        )
        self.counter = Counter(
            opened.books,
            template=shipped(),
            save_draft=save_draft,
            flush_drafts=self.drafts.flush if self.drafts else lambda: None,
            room_left=self.room_left,
            prints=lambda: self.devices.has_printer,
            carrier=self.payments,
            customer_sees=self.devices.customer_sees,
        )
        self.payments.counter = self.counter
        self.invoices = InvoiceRunner(
            opened.books, self._gateway(), codes=lambda: self.counter.invoices.codes
        )
        self.label_templates = Templates(opened.folder / "labels")
        self.labels = Labels(
            self.counter.desk,
            template=self.label_templates.checked,
            prints=lambda: self.devices.has_label_printer,
        )
        self.copying = Copying(opened)
        self.hub = HubSide(opened.books, opened.folder)
        self.counter.watchers.append(self.devices.watch)
        with suppress(ShopError):
            # A count that was decided when the till died is booked to its end.
            finish_postings(opened.books)

    def _gateway(self) -> Gateway:
        """Who issues this till's invoices: a folder to practise in has a platform of its own."""
        books = self.books
        if books.journal.series not in PRACTICE:
            return NoGateway()
        return PracticeGateway(self.opened.folder, books.clock, cut=lambda: self.channels.cut)

    def room_left(self) -> bool:
        """Whether the disk can take another sale without touching its last reserve."""
        return not self.disk_full and folder.free_bytes(self.opened.folder) > folder.STOP_BYTES

    def practise_full_disk(self, on: bool) -> None:
        """Let the database grow no further, as on a full disk, or let it grow again."""
        self.disk_full = on
        self.books.database.practise_full_disk(on)

    def close(self) -> None:
        """Close the folder; open baskets, payments and waiting papers stay on the disk."""
        self.payments.close()
        self.hub.close()
        self.invoices.close()
        if self.drafts is not None:
            self.drafts.close()
        self.copying.close()
        self.devices.close()
        self.opened.close()


def open_demo(
    data: Path, *, till: str, stock: bool, clock: Clock, ids: Ids, reserve: bool = True
) -> OpenFolder:
    """A demo folder: filled with the sample shop when it is empty.

    Raises Refusal("demo_only") when the folder belongs to a real shop.
    """
    opened = _begun(data, clock, ids, reserve) if is_set_up(data) else None
    if opened is None:
        new = NewTill(shop=demo.SHOP, till=till, series=demo.SERIES, keystore="file")
        opened = open_folder(data, clock=clock, ids=ids, new=new, reserve=reserve)
    elif not opened.demo:
        opened.close()
        raise Refusal("demo_only")
    if not demo.is_filled(opened.books):
        demo.fill(opened.books, CATALOGUE, stock=stock)
    return opened


def _begun(data: Path, clock: Clock, ids: Ids, reserve: bool) -> OpenFolder | None:
    """The folder, None when it was killed before its first entry and can be begun anew."""
    try:
        return open_folder(data, clock=clock, ids=ids, reserve=reserve)
    except Refusal as refusal:
        if refusal.code != "folder_half_made":
            raise
        return None


def system_ids(clock: Clock | None = None) -> tuple[Clock, Ids]:
    """The machine's clock, and identities made from it."""
    clock = clock or SystemClock()
    return clock, Ids(clock)

"""What a person does with a basket, one function and one transaction each."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, bindparam, delete, select, text

from app import print_queue
from app.catalogue.queries import kit_parts, products
from app.content import Paper
from app.database import Priority
from app.errors import Refusal
from app.facts.sales import (
    BasketCancelled,
    BasketHeld,
    BasketResumed,
    LineRemoved,
    ReceiptReprinted,
    SaleCompleted,
)
from app.journal.entry import MAX_ENTRY_BYTES
from app.journal.own import Entry
from app.row_writer import Prepared
from app.sales.basket import (
    Basket,
    Handed,
    next_revision,
    priced,
    removed_lines,
)
from app.sales.completing import Goods, Sitting, completed_sale, products_taken
from app.sales.documents import Document
from app.sales.exchange import TakenBack
from app.sales.frozen import frozen_line, frozen_lines, held_lines
from app.sales.owned import check_owned
from app.sales.queries import HELD, OPEN, Receipt, is_sold, next_sequence
from app.sales.tables import draft
from app.stock.queries import lots_of_many
from app.transaction import Books, Transaction, transaction

MakePaper = Callable[[SaleCompleted, Entry], Paper | None]
MakeCopy = Callable[[int], Paper]
TakeBack = Callable[[Transaction, Basket, Sitting], TakenBack]
"""Records the refund of the goods a basket is exchanged for."""
SURELY_FITS = 16
"""Lines whose sale stays below an entry's limit whatever stands in them."""
MOST_SALE_BYTES = MAX_ENTRY_BYTES - 4096
"""What a sale's fact may take of its entry; the rest is for the envelope and more tenders."""
ROUNDING_BYTES = 80
"""A line's share of 抹零, which comes only when cash is chosen."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A sale that is on the disk."""

    id: str
    sale: SaleCompleted
    entry: Entry
    back: TakenBack | None = None
    """What came back in the same sitting (换货)."""

    @property
    def due(self) -> int:
        """Fen the customer owed after what came back; below nought it went to them."""
        return self.sale.due - (self.back.refund.amount if self.back else 0)

    @property
    def change(self) -> int:
        """Fen of cash that go over the counter to the customer."""
        ways = self.back.refund.tenders if self.back else ()
        return self.sale.change + sum(way.amount for way in ways if way.tender == "cash")


_SAVE_DRAFT = text(
    "INSERT INTO draft (basket, state, name, content, changed_ms)"
    " SELECT :basket, :state, :name, :content, :changed_ms"
    " WHERE NOT EXISTS (SELECT 1 FROM entry WHERE fact = :basket)"
    " AND NOT EXISTS (SELECT 1 FROM basket_end"
    " WHERE shop = :shop AND basket = :basket AND what = 'cancelled')"
    " ON CONFLICT (basket) DO UPDATE SET state = excluded.state, name = excluded.name,"
    " content = excluded.content, changed_ms = excluded.changed_ms"
    " WHERE json_extract(excluded.content, '$.revision')"
    " >= json_extract(draft.content, '$.revision')"
)
"""A basket that became a sale or was given up never comes back, and an older draft is nothing."""

_DROP_DRAFT = Prepared(delete(draft).where(draft.c.basket == bindparam("dropped")))


def _put_draft(tx: Transaction, basket: Basket, state: str, name: str = "") -> None:
    tx.execute(
        _SAVE_DRAFT,
        {
            "shop": tx.shop,
            "basket": basket.id,
            "state": state,
            "name": name,
            "content": msgspec.json.encode(basket).decode(),
            "changed_ms": tx.now_ms,
        },
    )


def put_draft(tx: Transaction, basket: Basket) -> None:
    """Keep a basket as it is now, on the counter or put aside as it was."""
    rows = tx.read(select(draft.c.state, draft.c.name).where(draft.c.basket == basket.id))
    state, name = tuple(rows[0]) if rows else (OPEN, "")
    _put_draft(tx, basket, state, name)


def _drop_draft(tx: Transaction, basket: str) -> None:
    _DROP_DRAFT.run(tx.connection, {"dropped": basket})


def save_draft(books: Books, basket: Basket) -> None:
    """Keep the open basket on the disk, unless something newer is known of it already."""
    with transaction(books, priority=Priority.DRAFT) as tx:
        _put_draft(tx, basket, OPEN)


def complete_sale(
    books: Books,
    basket: Basket,
    sitting: Sitting,
    make_paper: MakePaper,
    *,
    kick_drawer: bool,
    take_back: TakeBack | None = None,
) -> Completed:
    """The sale, its number, its lots, its receipt and the drawer's kick, in one commit.

    `make_paper(sale, entry)` words the receipt, or None when none shall be printed; `take_back`
    records the refund of an exchange. Raises Refusal: over_refund (its goods came back meanwhile),
    basket_sold (before this till was put back), points_short; Trouble as `transaction` does. Then
    nothing is sold, the basket is as it was.
    """
    with transaction(books, staff=sitting.person, priority=Priority.CHECKOUT) as tx:
        return complete_in(
            tx, basket, sitting, make_paper, kick_drawer=kick_drawer, take_back=take_back
        )


def complete_in(
    tx: Transaction,
    basket: Basket,
    sitting: Sitting,
    make_paper: MakePaper,
    *,
    kick_drawer: bool,
    take_back: TakeBack | None = None,
    strict: bool = True,
) -> Completed:
    """The same inside a transaction that also keeps how the money came.

    Where a network's money is in already, `strict` is off: what was used up meanwhile is a query.
    """
    if is_sold(tx.connection, basket.id):
        raise Refusal("basket_sold")
    back = None
    if basket.exchange is not None:
        assert take_back is not None, "an exchange needs its refund"
        back = take_back(tx, basket, sitting)
        # The refund has the number before, and its goods may be what is sold.
        tx.flush()
    sequence = next_sequence(tx.connection, sitting.shop, sitting.till, sitting.day, sitting.series)
    goods = goods_of_basket(tx.connection, tx.shop, basket)
    sale = completed_sale(basket, sitting, goods, sequence=sequence, back=back)
    if strict:
        check_owned(tx.connection, tx.shop, sale)
    entry = tx.record(sale, basket.id)
    _drop_draft(tx, basket.id)
    paper = make_paper(sale, entry)
    if paper is not None or kick_drawer:
        print_queue.put(
            tx,
            printer=print_queue.RECEIPT_PRINTER,
            kind="receipt" if paper else "drawer",
            fact=basket.id,
            title=sale.number,
            paper=paper or print_queue.drawer_only(),
            kick_drawer=kick_drawer,
        )
    return Completed(basket.id, sale, entry, back)


def goods_of_basket(db: Connection, shop: str, basket: Basket) -> Goods:
    """What the books say now of everything the basket would take from the shelf."""
    kits = {
        line.product.code: kit_parts(db, shop, line.product.code)
        for line in basket.lines
        if line.product.kind == "kit"
    }
    part_codes = [part.part for parts in kits.values() for part in parts]
    return Goods(
        kits=kits,
        products=products(db, shop, part_codes) if part_codes else {},
        lots=lots_of_many(db, shop, products_taken(basket, kits)),
    )


def check_size(books: Books, basket: Basket, sitting: Sitting) -> None:
    """Refuse a basket whose sale would be longer than an entry may be, before money is taken.

    Raises Refusal("basket_full").
    """
    if len(basket.lines) <= SURELY_FITS:
        return
    with books.read() as db:
        goods = goods_of_basket(db, sitting.shop, basket)
    due = priced(basket).due
    paid = msgspec.structs.replace(
        basket,
        handed=(Handed(tender="cash", amount=due, tendered=due),),
        cash_chosen=False,
        exchange=None,
    )
    sale = msgspec.json.encode(completed_sale(paid, sitting, goods, sequence=9999))
    if len(sale) + ROUNDING_BYTES * len(basket.lines) > MOST_SALE_BYTES:
        raise Refusal("basket_full", most=len(basket.lines) - 1)


def remove_line(
    books: Books, basket: Basket, number: int, sitting: Sitting, smaller: Basket
) -> None:
    """删行: the line and its deposit go, and that they were there is kept.

    `smaller` is the basket without them.
    """
    net = {line.line: line.net for line in priced(basket).lines}
    with transaction(books, staff=sitting.person) as tx:
        for line in removed_lines(basket, number):
            tx.record(
                LineRemoved(
                    shop=tx.shop,
                    till=tx.till,
                    day=sitting.day,
                    shift=sitting.shift,
                    basket=basket.id,
                    person=sitting.person,
                    removed=frozen_line(line, net[line.line]),
                )
            )
        _put_draft(tx, smaller, OPEN)


def cancel_basket(books: Books, basket: Basket, sitting: Sitting, reason: str) -> None:
    """Give a basket up before payment; what was in it is kept for the report."""
    total = priced(basket)
    with transaction(books, staff=sitting.person) as tx:
        tx.record(
            BasketCancelled(
                shop=tx.shop,
                till=tx.till,
                day=sitting.day,
                shift=sitting.shift,
                basket=basket.id,
                person=sitting.person,
                reason=reason,
                lines=frozen_lines(basket, total),
                amount=total.due,
            )
        )
        _drop_draft(tx, basket.id)


def hold_basket(books: Books, basket: Basket, sitting: Sitting, name: str) -> None:
    """挂单: put the basket aside under a name that stays on this till.

    Raises Refusal("basket_empty").
    """
    if not basket.lines:
        raise Refusal("basket_empty")
    total = priced(basket)
    with transaction(books, staff=sitting.person) as tx:
        tx.record(
            BasketHeld(
                shop=tx.shop,
                till=tx.till,
                day=sitting.day,
                shift=sitting.shift,
                basket=basket.id,
                person=sitting.person,
                lines=held_lines(basket, total),
                pieces=basket.pieces,
                amount=total.due,
                answers=basket.answers,
                stays=int(basket.exchange is not None),
            )
        )
        _put_draft(tx, next_revision(basket), HELD, name)


def resume_basket(books: Books, basket: Basket, sitting: Sitting) -> Basket:
    """取单: the held basket is the open one again; an empty one it replaces is forgotten."""
    resumed = next_revision(basket)
    with transaction(books, staff=sitting.person) as tx:
        tx.record(
            BasketResumed(
                shop=tx.shop,
                till=tx.till,
                day=sitting.day,
                shift=sitting.shift,
                basket=basket.id,
                person=sitting.person,
            )
        )
        open_instead(tx, resumed)
    return resumed


def open_instead(tx: Transaction, basket: Basket) -> None:
    """Make this the open basket's draft; the empty one it replaces is forgotten."""
    tx.execute(delete(draft).where(draft.c.state == OPEN))
    _put_draft(tx, basket, OPEN)


def print_original(books: Books, found: Receipt, sitting: Sitting, paper: Paper) -> None:
    """The first paper of a sale that was completed without one: asked for, so no 重印."""
    with transaction(books, staff=sitting.person) as tx:
        print_queue.put(
            tx,
            printer=print_queue.RECEIPT_PRINTER,
            kind="receipt",
            fact=found.id,
            title=found.sale.number,
            paper=paper,
        )


def reprint(books: Books, found: Document, sitting: Sitting, make_paper: MakeCopy) -> int:
    """重印 n of a receipt, of a sale or of a refund: counted, marked and queued; n."""
    with transaction(books, staff=sitting.person) as tx:
        copy = found.copies + 1
        tx.record(
            ReceiptReprinted(
                shop=tx.shop,
                till=tx.till,
                day=sitting.day,
                shift=sitting.shift,
                sale=found.id,
                number=found.number,
                person=sitting.person,
                copy=copy,
            )
        )
        print_queue.put(
            tx,
            printer=print_queue.RECEIPT_PRINTER,
            kind=found.paper_kind,
            fact=found.id,
            title=f"{found.number} 重印 {copy}",
            paper=make_paper(copy),
        )
    return copy

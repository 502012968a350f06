"""What a person does with a basket, one function and one transaction each."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert

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
from app.journal.own import Entry
from app.sales.basket import Basket, find_line, frozen_line, frozen_lines, priced, without_line
from app.sales.completing import Goods, Sitting, completed_sale, products_taken
from app.sales.queries import HELD, OPEN, Receipt, next_sequence
from app.sales.tables import draft
from app.stock.queries import lots_of_many
from app.transaction import Books, Transaction, transaction

MakePaper = Callable[[SaleCompleted, Entry], Paper | None]
MakeCopy = Callable[[int], Paper]


@dataclass(frozen=True, slots=True)
class Completed:
    """A sale that is on the disk."""

    id: str
    sale: SaleCompleted
    entry: Entry


_SAVE = insert(draft)
_SAVE_DRAFT = _SAVE.on_conflict_do_update(
    index_elements=["basket"],
    set_={name: _SAVE.excluded[name] for name in ("state", "name", "content", "changed_ms")},
)


def _put_draft(tx: Transaction, basket: Basket, state: str, name: str = "") -> None:
    tx.execute(
        _SAVE_DRAFT,
        {
            "basket": basket.id,
            "state": state,
            "name": name,
            "content": msgspec.json.encode(basket).decode(),
            "changed_ms": tx.now_ms,
        },
    )


def _drop_draft(tx: Transaction, basket: str) -> None:
    tx.execute(delete(draft).where(draft.c.basket == basket))


def save_draft(books: Books, basket: Basket) -> None:
    """Keep the open basket on the disk; an empty one that was never sold is forgotten."""
    with transaction(books, priority=Priority.DRAFT) as tx:
        _put_draft(tx, basket, OPEN)


def complete_sale(
    books: Books, basket: Basket, sitting: Sitting, make_paper: MakePaper, *, kick_drawer: bool
) -> Completed:
    """The sale, its number, its lots, its receipt and the drawer's kick, in one commit.

    `make_paper(sale, entry)` words the receipt, or None when none shall be printed.
    Raises Trouble as `transaction` does; then nothing is sold and the basket is as it was.
    """
    with transaction(books, staff=sitting.person, priority=Priority.CHECKOUT) as tx:
        sequence = next_sequence(
            tx.connection, sitting.shop, sitting.till, sitting.day, sitting.series
        )
        goods = _goods(tx, basket)
        entry = tx.record(completed_sale(basket, sitting, goods, sequence=sequence), basket.id)
        sale = entry.fact
        assert isinstance(sale, SaleCompleted)
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
    return Completed(basket.id, sale, entry)


def _goods(tx: Transaction, basket: Basket) -> Goods:
    kits = {
        line.product.code: kit_parts(tx.connection, tx.shop, line.product.code)
        for line in basket.lines
        if line.product.kind == "kit"
    }
    part_codes = [part.part for parts in kits.values() for part in parts]
    return Goods(
        kits=kits,
        products=products(tx.connection, tx.shop, part_codes) if part_codes else {},
        lots=lots_of_many(tx.connection, tx.shop, products_taken(basket, kits)),
    )


def remove_line(books: Books, basket: Basket, number: int, sitting: Sitting) -> Basket:
    """删行: the line goes, and that it was there is kept. Raises Refusal("no_such_line")."""
    net = {line.line: line.net for line in priced(basket).lines}
    removed = frozen_line(find_line(basket, number), net[number])
    smaller = without_line(basket, number)
    with transaction(books, staff=sitting.person) as tx:
        tx.record(
            LineRemoved(
                shop=tx.shop,
                till=tx.till,
                day=sitting.day,
                shift=sitting.shift,
                basket=basket.id,
                person=sitting.person,
                removed=removed,
            )
        )
        _put_draft(tx, smaller, OPEN)
    return smaller


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
    """挂单: put the basket aside under a name that stays on this till."""
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
                lines=frozen_lines(basket, total),
                amount=total.due,
            )
        )
        _put_draft(tx, basket, HELD, name)


def resume_basket(books: Books, basket: Basket, sitting: Sitting) -> None:
    """取单: the held basket is the open one again."""
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
        _put_draft(tx, basket, OPEN)


def reprint(
    books: Books, receipt: Receipt, sitting: Sitting, make_paper: MakeCopy
) -> int:
    """重印 n of a receipt: counted, marked and queued; n."""
    with transaction(books, staff=sitting.person) as tx:
        copy = receipt.copies + 1
        tx.record(
            ReceiptReprinted(
                shop=tx.shop,
                till=tx.till,
                day=sitting.day,
                shift=sitting.shift,
                sale=receipt.id,
                number=receipt.sale.number,
                person=sitting.person,
                copy=copy,
            )
        )
        print_queue.put(
            tx,
            printer=print_queue.RECEIPT_PRINTER,
            kind="receipt",
            fact=receipt.id,
            title=f"{receipt.sale.number} 重印 {copy}",
            paper=make_paper(copy),
        )
    return copy

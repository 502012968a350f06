"""A shop to measure in: the sample shop in a folder of its own, on the disk that is measured."""

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, product
from pathlib import Path

from app.catalogue import rules
from app.catalogue.gs1 import check_digit
from app.catalogue.initials import initials
from app.catalogue.queries import all_barcodes, all_products
from app.catalogue.search import refresh
from app.facts.catalogue import Barcode, BarcodesSet, Product, ProductsSet
from app.sales.basket import Basket
from app.transaction import Books, transaction
from ui.startup import Till, open_demo, system_ids

CASHIER, PIN = "101", "246810"
_CHUNK = 90
"""Products in one fact: an entry holds 64 KiB."""
_GRADES = (
    *("生态", "绿色", "有机", "特级", "手工", "农家", "散养", "现做", "冷藏", "精选", "原产"),
    *("头道", "陈年", "即食", "礼盒", "家庭", "迷你", "珍藏", "早造", "晚造"),
)
_SPECS = ("100g", "120g", "200g", "250g", "300g", "400g", "500g", "1kg", "2.5kg", "5kg", "6枚")


@contextmanager
def bench_shop(
    save_draft: Callable[[Basket], None] | None = None, number: str = "1"
) -> Iterator[Till]:
    """A demo till with its sample goods, signed in and in shift, on the machine's own clock.

    Drafts are durable at once, as the console has them, unless `save_draft` says otherwise.
    """
    with tempfile.TemporaryDirectory(prefix="pos-bench-") as folder:
        clock, ids = system_ids()
        first, shop = number == "1", Path(folder) / "shop"
        opened = open_demo(shop, till=number, stock=first, clock=clock, ids=ids)
        till = Till(opened, save_draft=save_draft)
        try:
            till.counter.desk.sign_in(CASHIER, PIN)
            till.counter.desk.open_shift(500_00)
            yield till
        finally:
            till.close()


def plain_goods(books: Books) -> list[str]:
    """Barcodes of counted goods that join a basket without a question."""
    with books.read() as db:
        goods = all_products(db, books.shop)
        codes = all_barcodes(db, books.shop).values()
    return [one.code for one in codes if one.pack == 1 and _is_plain(goods[one.product])]


def _is_plain(one: Product) -> bool:
    return (
        one.kind == "goods"
        and not (one.weighed or one.age_limit or one.deposit)
        and rules.sellable(one) is None
    )


def grow_catalogue(books: Books, size: int) -> Sequence[Product]:
    """Invent products out of the sample's words until there are `size`; the new ones."""
    with books.read() as db:
        sample = list(all_products(db, books.shop).values())
    fresh = list(islice(_invented(sample), max(0, size - len(sample))))
    for start in range(0, len(fresh), 40 * _CHUNK):
        with transaction(books, staff="301") as tx:
            for at in range(start, min(start + 40 * _CHUNK, len(fresh)), _CHUNK):
                some = fresh[at : at + _CHUNK]
                tx.record(
                    ProductsSet(
                        shop=tx.shop, document="grown", products=tuple(one for one, _ in some)
                    )
                )
                tx.record(
                    BarcodesSet(
                        shop=tx.shop, document="grown", barcodes=tuple(code for _, code in some)
                    )
                )
                tx.flush()
            refresh(tx, [one for one, _ in fresh[start : start + 40 * _CHUNK]])
    return [one for one, _ in fresh]


def _invented(sample: Sequence[Product]) -> Iterator[tuple[Product, Barcode]]:
    """Place, grade, thing and size in an order that repeats: names as a large shop has them."""
    goods = [one for one in sample if one.kind == "goods" and not one.weighed]
    places = sorted({one.name[:2] for one in sample})
    things = sorted({_han(one.name[2:]) for one in goods} - {""})
    names = list(product(places, _GRADES, things, _SPECS))
    random.Random("catalogue").shuffle(names)
    for number, (place, grade, thing, spec) in enumerate(names):
        digits = f"691{number:09d}"
        code = f"8{number:06d}"
        yield (
            Product(
                code=code,
                name=f"{place}{grade}{thing}",
                spec=spec,
                unit="盒",
                price=100 + number % 9_900,
                cost=(100 + number % 9_900) * 5_000,
                tax_class="goods",
                tax_rate=13,
                initials=_joined_initials(place, grade, thing),
            ),
            Barcode(code=digits + check_digit(digits).__str__(), product=code),
        )


def _han(text: str) -> str:
    return "".join(char for char in text if "\u4e00" <= char <= "\u9fff")


_KNOWN: dict[str, tuple[str, ...]] = {}


def _joined_initials(*words: str) -> tuple[str, ...]:
    """Readings of a name made of words whose readings were looked up once."""
    for word in words:
        if word not in _KNOWN:
            _KNOWN[word] = initials(word, most=2) or ("",)
    return tuple(
        dict.fromkeys(islice(("".join(each) for each in product(*map(_KNOWN.get, words))), 4))
    )

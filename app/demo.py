"""Fills folders that are not a shop's books: the sample shop to look around in, and training.

A folder filled here is a demo for ever: its journal's series is D, and papers say 演示. A training
folder copies a real shop's catalogue and settings; its series is T.
"""

from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Connection, select

from app.catalogue.actions import import_products, load_sample
from app.catalogue.queries import (
    all_barcodes,
    all_products,
    brands,
    certificates,
    kit_parts,
    taxonomy,
)
from app.catalogue.reading import Preview, Totals
from app.clock import Clock
from app.errors import Refusal
from app.facts.catalogue import Certificate
from app.facts.stock import ReceivedLine
from app.ids import Ids
from app.journal.tables import own_journal
from app.opening import NewTill, OpenFolder, is_set_up, open_folder
from app.sales.devices import COPIES_MARK, keep_devices, read_devices
from app.sales.queries import taxonomy_version
from app.shop.actions import change_settings
from app.shop.queries import settings as read_settings
from app.staff.actions import set_person
from app.stock.actions import receive
from app.transaction import Books, Transaction, transaction

SHOP = "KP01"
SERIES = "D"
TRAINING_SERIES = "T"
OPENING_QUANTITY = 100_000
"""A hundred of everything, in thousandths."""
PEOPLE = (
    ("101", "张三", "cashier", "246810"),
    ("201", "李四", "lead", "135791"),
    ("301", "王五", "manager", "864209"),
    ("302", "赵六", "manager", "975318"),
    ("401", "钱七", "auditor", "112358"),
)
CERTIFIED_PRODUCT = "11004"
CERTIFICATE = Certificate(
    number="LB-DEMO-11004", kind="green", issuer="（演示）", valid_from="2026-01-01"
)
SETTINGS = {
    "shop_name": "开平优品 展示馆旗舰店",
    "seller_name": "开平潭江优联有限公司（演示）",
    "credit_code": "91440783MA00DEMO0X",
    "address": "广东省开平市长沙街道示例路 1 号",
    "phone": "0750-0000001",
    "service_phone": "0750-0000000",
    "profile": "flagship",
    "channel": "C13",
    "cutoff_hour": "4",
    "rounding": "jiao",
    "scale_formats": "21 PPPPP AAAAA C\n22 PPPPP AAAAA WWWWW C",
    "quick_keys": "热卖=11014,12001,21008,21004,13006,14001,23001,21007,33001,24001,24004,23003,"
    "16008,16009,33002,99001\n鹅=11014,11002,11003,11004,11012,11013,11015\n"
    "茶=12001,12002,12003,12004,12006,12007,12008\n禽蛋=13004,13005,13006,13007,13008,13009\n"
    "米=14001,14002,14003,14004,14005,14006,14007\n"
    "果蔬=16001,16003,16008,16009,16010,16011,16012\n"
    "手信=21008,23001,23002,23003,24007,21011\n文创=33001,33002,22001,24003,24006",
}


def fill(books: Books, catalogue: Path, *, stock: bool = True) -> None:
    """Settings, people, catalogue and opening stock in one transaction: all of it or nothing.

    Raises Refusal("sample_broken") when the shipped catalogue was changed.
    """
    with transaction(books) as tx:
        change_settings(tx, SETTINGS)
        for number, name, role, pin in PEOPLE:
            set_person(tx, number=number, name=name, role=role, pin=pin)
        load_sample(tx, catalogue)
        certify(tx)
        if stock:
            receive_opening(tx)


def certify(tx: Transaction) -> None:
    """The paper that lets the sample shop take its 绿色 goose in under that name."""
    tx.flush()
    goose = all_products(tx.connection, tx.shop)[CERTIFIED_PRODUCT]
    import_products(
        tx,
        Preview(
            kind="certificates",
            products=(replace(goose, certificates=(CERTIFICATE.number,)),),
            certificates=(CERTIFICATE,),
            totals=Totals(rows=1, good=1, bad=0, blank=0),
        ),
    )


def receive_opening(tx: Transaction) -> None:
    """A hundred of everything in one lot each, without dates, at the catalogue's cost."""
    tx.flush()
    goods = all_products(tx.connection, tx.shop).values()
    receive(
        tx,
        [
            ReceivedLine(
                line=n,
                product=product.code,
                lot=tx.ids.new(),
                quantity=OPENING_QUANTITY,
                unit_cost=product.cost,
            )
            for n, product in enumerate((each for each in goods if each.kind == "goods"), 1)
        ],
        supplier="opening",
    )


def is_filled(books: Books) -> bool:
    """Whether the sample shop stands; a folder killed while it was filled is not."""
    with books.read() as db:
        if db.execute(select(own_journal)).first() is None:
            return False
        return bool(all_products(db, books.shop))


def training_folder(data: Path) -> Path:
    """Where a shop's training folder lies: beside its data, with a journal of its own."""
    return data / "training"


def open_training(
    shop: Books, folder: Path, *, clock: Clock, ids: Ids, reserve: bool = True
) -> OpenFolder:
    """The shop's till to practise on: its catalogue, settings and devices as they are now.

    Nobody's name or PIN comes along; people practise under the demo's numbers. Papers say
    练习·非交易凭证 and nothing here ever reaches the shop's books. Raises Refusal("training_only")
    for a folder that is something else, and what `open_folder` raises.
    """
    new = NewTill(shop=shop.shop, till=shop.till, series=TRAINING_SERIES, keystore="file")
    known = is_set_up(folder)
    opened = open_folder(folder, clock=clock, ids=ids, new=None if known else new, reserve=reserve)
    if not opened.training:
        opened.close()
        raise Refusal("training_only")
    try:
        _practise_like(shop, opened.books)
    except BaseException:
        opened.close()
        raise
    return opened


def _practise_like(shop: Books, books: Books) -> None:
    """Bring the training folder up to the shop, in one transaction."""
    with shop.read() as db:
        settings = read_settings(db, shop.shop)
        catalogue = _everything(db, shop.shop)
    devices = {
        name: value
        for name, value in read_devices(shop).items()
        # What is practised is no part of the shop's copies.
        if not name.startswith(COPIES_MARK)
    }
    first = not is_filled(books)
    with books.read() as db:
        standing = read_settings(db, books.shop)
    changed = {key: value for key, value in settings.items() if standing[key] != value}
    with transaction(books) as tx:
        change_settings(tx, changed)
        import_products(tx, catalogue)
        keep_devices(tx, devices)
        if first:
            for number, name, role, pin in PEOPLE[:3]:
                set_person(tx, number=number, name=name, role=role, pin=pin)
            receive_opening(tx)


def _everything(db: Connection, shop: str) -> Preview:
    """A shop's whole catalogue as an import of it would be."""
    found = all_products(db, shop)
    kits = [one.code for one in found.values() if one.kind == "kit"]
    return Preview(
        kind="products",
        products=tuple(found.values()),
        barcodes=tuple(all_barcodes(db, shop).values()),
        kit_parts=tuple(part for kit in kits for part in kit_parts(db, shop, kit)),
        brands=tuple(brands(db, shop).values()),
        nodes=tuple(taxonomy(db, shop).values()),
        taxonomy=taxonomy_version(db, shop),
        certificates=tuple(certificates(db, shop).values()),
        totals=Totals(rows=len(found), good=len(found), bad=0, blank=0),
    )

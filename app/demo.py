"""Fills an empty folder with the sample shop, to look around in and to test on.

A folder filled here is a demo for ever: its journal's series is D, and papers say 演示.
"""

from pathlib import Path

from sqlalchemy import select

from app.catalogue.actions import load_sample
from app.catalogue.queries import all_products
from app.facts.stock import ReceivedLine
from app.journal.tables import own_journal
from app.shop.actions import change_settings
from app.staff.actions import set_person
from app.stock.actions import receive
from app.transaction import Books, transaction

SHOP = "KP01"
SERIES = "D"
OPENING_QUANTITY = 100_000
"""A hundred of everything, in thousandths."""
PEOPLE = (
    ("101", "张三", "cashier", "246810"),
    ("201", "李四", "lead", "135791"),
    ("301", "王五", "manager", "864209"),
    ("302", "赵六", "manager", "975318"),
    ("401", "钱七", "auditor", "112358"),
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
    """Settings, people, catalogue and opening stock, each in one transaction.

    Raises Refusal("sample_broken") when the shipped catalogue was changed.
    """
    with transaction(books) as tx:
        change_settings(tx, SETTINGS)
        for number, name, role, pin in PEOPLE:
            set_person(tx, number=number, name=name, role=role, pin=pin)
    with transaction(books) as tx:
        load_sample(tx, catalogue)
    if not stock:
        return
    with transaction(books) as tx:
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
                for n, product in enumerate(
                    (each for each in goods if each.kind == "goods"), 1
                )
            ],
            supplier="opening",
        )


def is_filled(books: Books) -> bool:
    """Whether the sample shop stands; a folder killed while it was filled is not."""
    with books.read() as db:
        if db.execute(select(own_journal)).first() is None:
            return False
        return bool(all_products(db, books.shop))

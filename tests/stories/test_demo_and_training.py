"""The sample shop is filled whole or not at all; training is the shop without its people."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import demo
from app.catalogue.queries import all_barcodes, all_products, kit_parts
from app.errors import Refusal
from app.opening import NewTill, OpenFolder, open_folder
from app.sales.devices import keep_device, read_devices
from app.shop.queries import settings
from app.staff.queries import people
from app.verification import verify_folder
from tests.stories.counters import CASHIER, MANAGER, MakeShop, ShopFloor
from ui.startup import Till


@contextmanager
def training(shop: ShopFloor, folder: Path) -> Iterator[OpenFolder]:
    """The shop's training folder, open."""
    opened = demo.open_training(
        shop.till.books, folder, clock=shop.clock, ids=shop.ids, reserve=False
    )
    try:
        yield opened
    finally:
        opened.close()


def test_the_sample_shop_has_its_people_catalogue_and_a_hundred_of_everything(
    shop: ShopFloor,
) -> None:
    books = shop.till.books
    with books.read() as db:
        assert len(all_products(db, books.shop)) == 107
        assert [(one.person, one.role) for one in people(db, books.shop, books.secrets)] == [
            ("101", "cashier"), ("201", "lead"), ("301", "manager"), ("302", "manager"),
            ("401", "auditor"),
        ]  # fmt: skip
        assert settings(db, books.shop)["channel"] == "C13"
    kinds = dict(shop.rows("SELECT kind, count(*) FROM product GROUP BY kind"))
    stocked = shop.rows("SELECT count(*), min(quantity), max(quantity) FROM on_hand")[0]
    assert stocked == (kinds["goods"], 100_000, 100_000)


def test_filling_that_breaks_off_leaves_an_empty_folder_to_fill_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_tx: object) -> None:
        raise KeyboardInterrupt

    again = ShopFloor(tmp_path / "other")
    opened = open_folder(
        tmp_path / "other", clock=again.clock, ids=again.ids, reserve=False,
        new=NewTill("KP01", "1", series="D", keystore="file"),
    )  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(demo, "receive_opening", killed)
        with pytest.raises(KeyboardInterrupt):
            demo.fill(opened.books, Path("resources/catalogue").resolve())
    assert not demo.is_filled(opened.books)
    opened.close()
    again.open_shift()
    again.sell("11014")
    again.verified()


def test_a_training_folder_sells_the_shops_goods_on_papers_that_say_so(
    shop: ShopFloor,
    tmp_path: Path,
) -> None:
    shop.sign_in(MANAGER)
    shop.ok("shop", set={"shop_name": "赤坎店", "rounding": "yuan"})
    keep_device(shop.till.books, "device.printer.receipt", "virtual_80 virtual:")
    with training(shop, demo.training_folder(tmp_path)) as opened:
        assert opened.training and not opened.demo
        with opened.books.read() as db, shop.till.books.read() as real:
            assert all_products(db, "KP01") == all_products(real, "KP01")
            assert all_barcodes(db, "KP01") == all_barcodes(real, "KP01")
            assert kit_parts(db, "KP01", "12006") == kit_parts(real, "KP01", "12006")
            assert settings(db, "KP01") == settings(real, "KP01")
        assert read_devices(opened.books) == read_devices(shop.till.books)
        till = Till(opened)
        till.counter.desk.sign_in(*CASHIER)
        till.counter.desk.open_shift(0)
        till.counter.scan("2111004218778")
        done = till.counter.pay_cash()
        assert done is not None and done.sale.number == "KP01-1T-261207-0001"
        assert done.sale.due == 218_00
        rows = [
            block.text
            for block in till.counter.receipts.paper(till.counter.receipts.find()).blocks
            if block.__class__.__name__ == "Banner"
        ]
        assert rows == ["练习·非交易凭证"]
    assert shop.rows("SELECT count(*) FROM sale") == [(0,)]
    assert verify_folder(demo.training_folder(tmp_path)).ok


def test_nobody_signs_in_to_training_with_the_pin_of_the_shop(
    shop: ShopFloor,
    tmp_path: Path,
) -> None:
    shop.sign_in(MANAGER)
    shop.ok("staff", staff="105", name="新人", role="manager", pin="908172")
    shop.ok("staff", staff="101", name="张三", role="cashier", pin="736251")
    with training(shop, tmp_path / "training") as opened:
        till = Till(opened)
        for number, pin in (("105", "908172"), ("101", "736251")):
            with pytest.raises(Refusal, match="wrong_pin"):
                till.counter.desk.sign_in(number, pin)
        till.counter.desk.sign_in(*CASHIER)


def test_training_follows_the_shop_and_records_nothing_when_nothing_changed(
    shop: ShopFloor,
    tmp_path: Path,
) -> None:
    def entries(opened: OpenFolder) -> int:
        with opened.books.read() as db:
            return int(opened.books.journal.head(db)[0])

    with training(shop, tmp_path / "training") as opened:
        first = entries(opened)
    with training(shop, tmp_path / "training") as opened:
        assert entries(opened) == first
    shop.sign_in(MANAGER)
    shop.ok("shop", set={"phone": "0750-1234567"})
    with training(shop, tmp_path / "training") as opened:
        assert entries(opened) == first + 1


def test_a_shops_own_folder_is_no_training_folder(make_shop: MakeShop) -> None:
    here, there = make_shop("here"), make_shop("there")
    there.say("basket")
    there.close()
    with pytest.raises(Refusal, match="training_only"), training(here, there.folder):
        raise AssertionError("opened")

"""What is left of a day that was closed: its sums, its report as PDF; and the week's prices."""

import subprocess
from pathlib import Path

import pytest
from msgspec import structs

from app.catalogue.queries import all_products
from app.errors import Refusal
from app.facts.shifts import DayClosed
from app.money import yuan
from tests.stories.counters import MANAGER, MakeShop, ShopFloor
from ui.day_end import day_end
from ui.presenters.customer import day_prices

ROLLS = "11014"


@pytest.fixture
def closed(make_shop: MakeShop) -> tuple[ShopFloor, DayClosed]:
    """A day with one sale, closed by the manager."""
    shop = make_shop("ended")
    shop.open_shift()
    shop.sell(ROLLS)
    shop.sign_in(MANAGER)
    held = shop.rows("SELECT sum(taken - given) FROM drawer_cash WHERE tender = 'cash'")
    shop.ok("close_shift", counted=yuan(held[0][0]))
    day, _report = shop.till.counter.desk.z_report()
    return shop, day


def test_a_closed_day_leaves_its_report_where_the_shop_wants_it(
    closed: tuple[ShopFloor, DayClosed], tmp_path: Path
) -> None:
    shop, day = closed
    shop.ok("shop", set={"report_folder": str(tmp_path / "usb")})
    file = day_end(shop.till, day)
    assert file.parent == tmp_path / "usb"
    assert file.name == "day-KP01-1-2026-12-07-1.pdf"
    assert (shop.folder / "reports" / file.name).read_bytes() == file.read_bytes()
    words = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    for said in ("时段", "商品", "收款方式", "马冈鹅蛋卷", "38.00", "演示", "一致"):
        assert said in words
    assert words.count("第 1 页，共 1 页") == 3
    assert shop.rows("SELECT day, papers FROM report_day") == [("2026-12-07", 1)]


def test_a_closed_day_finds_what_moved_before_it_summed_up(
    closed: tuple[ShopFloor, DayClosed],
) -> None:
    shop, day = closed
    day_end(shop.till, structs.replace(day, day="2026-12-08"))
    [(moved,)] = shop.rows("SELECT other FROM report_moved WHERE product = '11014'")
    assert moved == -1000


def test_a_day_closed_at_the_console_leaves_the_same_file(
    make_shop: MakeShop, tmp_path: Path
) -> None:
    """And one whose folder cannot be written is closed all the same."""
    shop = make_shop("by console")
    (tmp_path / "in the way").write_text("a file, no folder")
    for part, folder in enumerate(("usb", "in the way"), 1):
        shop.sign_in(MANAGER)
        shop.ok("shop", set={"report_folder": str(tmp_path / folder)})
        shop.open_shift()
        shop.sell(ROLLS)
        shop.sign_in(MANAGER)
        held = shop.rows("SELECT sum(taken - given) FROM drawer_cash WHERE tender = 'cash'")
        shop.ok("close_shift", counted=yuan(held[0][0]))
        assert shop.ok("z_report")["gross"] == "38.00"
        name = f"day-KP01-1-2026-12-07-{part}.pdf"
        assert (shop.folder / "reports" / name).exists()
        assert (tmp_path / folder / name).exists() == (folder == "usb")


def test_a_folder_that_is_not_there_is_told_and_the_file_lies_beside_the_books(
    closed: tuple[ShopFloor, DayClosed], tmp_path: Path
) -> None:
    shop, day = closed
    (tmp_path / "usb").write_text("a file, no folder")
    shop.ok("shop", set={"report_folder": str(tmp_path / "usb")})
    with pytest.raises(Refusal, match="export_failed"):
        day_end(shop.till, day)
    assert list((shop.folder / "reports").glob("day-*.pdf"))
    shop.verified()


def test_a_price_that_moved_since_last_week_says_how_far(make_shop: MakeShop) -> None:
    shop = make_shop("prices")
    shop.open_shift()
    shop.sign_in(MANAGER)
    goose = next(each for each in day_prices(shop.till.counter) if not each.change)
    with shop.till.books.read() as db:
        goods = all_products(db, shop.till.books.shop).values()
    code = next(one.code for one in goods if one.name == goose.name)
    lines = [{"product": code, "price": "61.00"}]
    shop.ok("price_list", lines=lines, **{"from": "2026-12-07T15:00:00+08:00"})
    shop.ok("wait", seconds=7_200)
    moved = next(each for each in day_prices(shop.till.counter) if each.name == goose.name)
    assert moved.price.startswith("¥ 61.00") and moved.change[0] in "▲▼"
    shop.ok("wait", seconds=8 * 86_400)
    calm = next(each for each in day_prices(shop.till.counter) if each.name == goose.name)
    assert calm.change == "" and calm.price == moved.price


def test_the_console_writes_a_report_where_it_is_told(
    closed: tuple[ShopFloor, DayClosed], tmp_path: Path
) -> None:
    shop, _day = closed
    for ending in ("pdf", "xlsx", "csv"):
        shop.ok("report", name="商品", file=str(tmp_path / f"goods.{ending}"))
    assert "马冈鹅蛋卷" in (tmp_path / "goods.csv").read_bytes().decode("utf-8-sig")
    assert (tmp_path / "goods.pdf").read_bytes().startswith(b"%PDF")
    assert shop.refused("report", name="商品", file=str(tmp_path / "goods.exe")) == "bad_command"

"""What head office sent and nobody can mean, told so that a shop can name it on the phone."""

import pytest

from app import feeds
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.pricing import ListedPrice, PriceListSet, Promotion, PromotionSet
from app.reports.held_feeds import HeldFeed, held_feeds
from app.reports.tasks import tasks
from tests.support.facts import setting
from tests.support.feeds import HUB_KEY, Feed
from tests.support.tills import MORNING, SHOP, MakeTill, TillInFolder, make_till, till

__all__ = ["MakeTill", "make_till", "till"]

TEA = "12006"


def goods(code: str, name: str, price: int) -> ProductsSet:
    one = Product(code=code, name=name, unit="盒", price=price)
    return ProductsSet(shop=SHOP, document=f"p{code}", products=(one,))


def list_of(price: int, *codes: str, shop: str = SHOP) -> PriceListSet:
    lines = tuple(ListedPrice(product=code, price=price) for code in codes or (TEA,))
    return PriceListSet(shop=shop, document="d1", from_ms=MORNING, lines=lines)


TOO_MUCH = PromotionSet(
    shop=SHOP,
    document="d",
    promotion=Promotion(code="P1", name="双十二", kind="percent", permille=1001, from_ms=0),
)
TOLD: dict[str, tuple[str, Fact, str]] = {
    "nought": ("prices", list_of(0), "有零价或负价（恩平簕菜茶 198.00→0.00）"),
    "ten times": ("prices", list_of(198_000), "有价格差到十倍（恩平簕菜茶 198.00→1,980.00）"),
    "too much off": ("promotions", TOO_MUCH, "有促销减得太多（双十二）"),
    "of tomorrow": ("prices", setting(), "新版程序才读得懂"),
    "not ours": ("prices", list_of(9900, shop="KP02"), "不是本店的"),
}


def held(till: TillInFolder) -> list[HeldFeed]:
    with till.books.read() as db:
        return held_feeds(db, SHOP)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_held_is_a_task_that_names_the_goods_and_whom_to_call(
    till: TillInFolder, name: str
) -> None:
    scope, fact, said = TOLD[name]
    till.record(goods(TEA, "恩平簕菜茶", 19800))
    feeds.take(till.books, [Feed(scope).next(fact)], hub_key=HUB_KEY)
    (found,) = held(till)
    with till.books.read() as db:
        (task,) = [each for each in tasks(db, SHOP, MORNING) if each.kind == "feed_held"]
    names = {"prices": "价格", "promotions": "促销"}
    assert task.words == f"总部下发的{names[scope]} v1 没采用：{said}。{found.what_to_do}"
    assert "总部" in found.what_to_do


def test_many_wrong_prices_are_named_by_three_and_counted_and_end_when_put_right(
    till: TillInFolder,
) -> None:
    codes = [str(number) for number in range(12001, 12006)]
    for code in codes:
        till.record(goods(code, f"茶{code}", 1000))
    feed = Feed("prices")
    feeds.take(till.books, [feed.next(list_of(0, *codes))], hub_key=HUB_KEY)
    (found,) = held(till)
    assert found.named == "茶12001 10.00→0.00、茶12002 10.00→0.00、茶12003 10.00→0.00 +2"
    feeds.take(till.books, [feed.next(list_of(900, *codes))], hub_key=HUB_KEY)
    assert held(till) == []

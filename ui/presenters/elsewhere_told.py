"""别店有货 in words: which other shop has some of an article, and as of when."""

import msgspec

from app.clock import local
from app.errors import Refusal
from app.facts.catalogue import Product
from app.quantity import shown
from app.sales.desk import Desk
from app.sales.scanning import goods_shown
from sync.protocol_stock import ShopStock
from sync.protocol_trace import AskGenuine
from ui.genuine import verdict
from ui.hub_words import why_not
from ui.language import tr
from ui.presenters.explain import explain
from ui.presenters.genuine_told import with_verdict
from ui.room_views import ExplainView
from ui.startup import Till

MOST_SHOWN = 5


def by_head_office(till: Till, text: str, asked: AskGenuine | None) -> ExplainView:
    """What a scan is, whether it is real where that can be asked, and which other shop has some.
    Waits for the network."""
    desk = till.counter.desk
    view = explain(desk, text)
    if asked is not None:
        view = with_verdict(till, view, verdict(till, asked))
    product = product_in(desk, text)
    return view if product is None else with_elsewhere(till, view, product)


def product_in(desk: Desk, text: str) -> Product | None:
    """The article a scan means, None for what is none of ours."""
    try:
        with desk.books.read() as db:
            return goods_shown(db, desk.books.shop, desk.read_code(text).reading, text)
    except Refusal:
        return None


def with_elsewhere(till: Till, view: ExplainView, product: Product) -> ExplainView:
    """The explained article with head office's answer below. Waits for the network."""
    said = till.hub.ask_elsewhere(product.code)
    if isinstance(said, str):
        words = [tr("问不到总部（{reason}）", reason=tr(why_not(said)))]
    elif said:
        words = [_words(each, product) for each in said[:MOST_SHOWN]]
    else:
        words = [tr("别的店也没有")]
    more = tuple((tr("别店有货") if n == 0 else "", each) for n, each in enumerate(words))
    return msgspec.structs.replace(view, facts=(*view.facts, *more))


def _words(each: ShopStock, product: Product) -> str:
    when = local(each.known_ms).strftime("%m-%d %H:%M")
    return tr(
        "{shop} {quantity} {unit}（{when} 的账）",
        shop=each.name or each.shop,
        quantity=shown(each.quantity, weighed=bool(product.weighed)),
        unit=product.unit,
        when=when,
    )

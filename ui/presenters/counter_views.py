"""The counter as views. Built on the worker, so the window only paints."""

from collections.abc import Mapping, Sequence

import msgspec

from app.catalogue import search
from app.catalogue.codes import receipt_qr
from app.catalogue.queries import products
from app.errors import ShopError
from app.facts.catalogue import Product
from app.facts.sales import Reduction
from app.money import yuan_shown
from app.pricing.rules import PricedLine
from app.quantity import shown
from app.sales import paying
from app.sales.actions import Completed
from app.sales.basket import Line
from app.sales.counter import Counter, Scan
from app.sales.exchange import TENDER
from app.sales.explaining import basket_hints
from app.sales.paying import Due
from app.sales.refund_completing import ways_back
from app.stock.queries import quantities_on_hand, quantity_on_hand
from printers.codes import qr_modules
from ui.language import error_words, tr, worded
from ui.presenters.price_words import hint_words
from ui.tender_words import tender_word
from ui.views import (
    BasketView,
    DoneView,
    GoodsView,
    LineView,
    MessageView,
    PaymentView,
    QuickKeysView,
    QuickKeyView,
    QuickTabView,
    ReductionView,
    TenderView,
)

HUES = {
    "1.1": "goose",
    "1.2": "tea",
    "1.3": "egg",
    "1.4": "rice",
    "1.5": "water",
    "1.6": "green",
    "2.1": "sauce",
    "2.2": "craft",
    "2.3": "sauce",
    "2.4": "herb",
    "3.2": "brand",
    "3.3": "craft",
}
"""A tile's bar by the goods' class; decoration only."""
MOST_HINTS = 2
NOTES_FEN = (100_00, 50_00, 20_00, 10_00, 5_00, 1_00)


def basket_view(counter: Counter, *, selected: str = "", scan: Scan | None = None) -> BasketView:
    """The basket with its sums; a scan's line is fresh, and flashes ×2 when it joined another."""
    total, due = counter.priced(), counter.due()
    lines = tuple(
        _line(line, priced) for line, priced in zip(counter.basket.lines, total.lines, strict=True)
    )
    fresh = str(scan.line) if scan and scan.line else ""
    keys = {line.key for line in lines}
    return BasketView(
        lines=(*exchange_lines(counter), *lines),
        selected=fresh or (selected if selected in keys else lines[-1].key if lines else ""),
        pieces=tr("{count} 件", count=counter.basket.pieces),
        member=_member(counter),
        full=yuan_shown(total.gross) if total.reduced else "",
        saved=yuan_shown(total.reduced) if total.reduced else "",
        total=yuan_shown(due.back or due.due),
        total_label=tr("应退") if due.back else "",
        fresh=fresh,
        hint=_hint(counter),
        again="×2" if scan and scan.again else "",
    )


def _hint(counter: Counter) -> str:
    """The two most useful things to say about promotions that are near, in one line."""
    found = basket_hints(counter)[:MOST_HINTS]
    codes = [code for hint in found for code in hint.promotion.products]
    if not found:
        return ""
    with counter.books.read() as db:
        known = products(db, counter.books.shop, codes) if codes else {}
    names = {code: one.name for code, one in known.items()}
    return "　".join(hint_words(hint, names) for hint in found)


def exchange_lines(counter: Counter) -> tuple[LineView, ...]:
    """Goods that come back for these, with what was paid for them."""
    exchange = counter.basket.exchange
    if exchange is None:
        return ()
    source = tr("原单 {number}", number=exchange.receipt) if exchange.receipt else tr("没有小票")
    last = len(exchange.lines)
    return tuple(
        LineView(
            key=f"back-{each.line}",
            number=tr("退"),
            name=each.name,
            quantity=quantity_shown(each.quantity, weighed=bool(each.weighed)),
            unit_price="",
            amount=yuan_shown(-each.amount),
            note=tr("换货 · {source}", source=source) if number == last else "",
            refund=True,
        )
        for number, each in enumerate(exchange.lines, 1)
    )


def quantity_shown(milli: int, *, weighed: bool) -> str:
    """ "× 2" or "0.820 kg"."""
    text = shown(milli, weighed=weighed)
    return f"{text} kg" if weighed else f"× {text}"


def _member(counter: Counter) -> str:
    """Whose basket it is, as everybody may see it."""
    if not counter.basket.member:
        return ""
    return tr("会员 {name}", name=counter.members.with_id(counter.basket.member).name)


def _line(line: Line, priced: PricedLine) -> LineView:
    return LineView(
        key=str(line.line),
        number=str(line.line),
        name=line.name,
        spec="" if line.name.endswith(line.product.spec) else line.product.spec,
        quantity=quantity_shown(line.quantity, weighed=line.weighed),
        unit_price=yuan_shown(priced.unit_price),
        amount=yuan_shown(priced.amount),
        reductions=tuple(_reduction(each) for each in priced.reductions),
    )


def _reduction(reduction: Reduction) -> ReductionView:
    return ReductionView(name=worded(reduction.name), amount=yuan_shown(reduction.amount))


def payment_view(counter: Counter, due: Due, received: int | None = None) -> PaymentView:
    """收款 in cash: due after 抹零, what lies there, what goes back."""
    exchange = counter.basket.exchange
    taken = tuple(
        (tender_word(each.tender), yuan_shown(each.tendered)) for each in counter.basket.handed
    )
    if exchange is not None:
        worth = (tender_word("exchange"), yuan_shown(exchange.amount - due.back))
        taken = (worth, *taken)
        if not due.open:
            return covered_view(counter, due, taken)
    return cash_view(
        PaymentView(
            due=yuan_shown(due.open),
            due_fen=due.open,
            rounding=yuan_shown(due.rounding) if due.rounding else "",
            taken=taken,
            tenders=(TenderView(key="cash", word=tr("现金"), chosen=True),),
            offers_fen=offers(due.open),
            notes_fen=NOTES_FEN,
            confirm_word=tr("完成并打印") if counter.receipts.when == "always" else tr("完成"),
            hint=tr("Enter 正好收齐 · Esc 返回"),
        ),
        received,
    )


def covered_view(counter: Counter, due: Due, taken: tuple[tuple[str, str], ...]) -> PaymentView:
    """收款 over goods that are worth what the new ones cost, or more: one Enter, and the rest goes
    back the way it came."""
    exchange = counter.basket.exchange
    assert exchange is not None
    with counter.books.read() as db:
        ways = ways_back(db, counter.books.shop, exchange.sale, due.back)
    words = tr("、").join(f"{tender_word(way.tender)} {yuan_shown(way.amount)}" for way in ways)
    hint = tr("按 Enter，多出的退给顾客：{ways}", ways=words) if ways else ""
    return PaymentView(
        due=yuan_shown(due.back),
        due_label=tr("应退") if due.back else "",
        taken=taken,
        covered=True,
        mode="plain",
        hint=hint or tr("换下的商品正好抵完，按 Enter 完成"),
        confirm_word=tr("完成换货"),
    )


def payment_ahead(counter: Counter) -> PaymentView | None:
    """收款 in cash as the next key would open it; None while nothing can be paid."""
    basket = counter.basket
    if not basket.lines or basket.question is not None:
        return None
    return payment_view(counter, paying.standing(paying.choose_cash(basket), counter.step))


def refusal_view(error: ShopError) -> MessageView:
    """A refusal in words; where one key mends it, with that key."""
    message = MessageView(text=error_words(error), code=error.code)
    if error.code == "clock_jumped":
        words = tr("时间没错，继续")
        message = msgspec.structs.replace(message, action="clock", action_word=words)
    return message


def cash_view(view: PaymentView, received: int | None) -> PaymentView:
    """The same panel for an amount as it is typed; nothing typed means exactly what is due."""
    handed = view.due_fen if received is None else received
    left = handed - view.due_fen
    return msgspec.structs.replace(
        view,
        received_fen=received,
        change=yuan_shown(abs(left)),
        change_label=tr("找零") if left >= 0 else tr("还差"),
        short=left < 0,
    )


def offers(due: int) -> tuple[int, ...]:
    """What people hand over for an amount, the exact one first: 297.01 -> 298, 300, 310, 350…"""
    found = [due]
    for step in (1_00, 5_00, 10_00, 50_00, 100_00):
        amount = -(-due // step) * step
        if amount not in found and amount > 0:
            found.append(amount)
    return tuple(found[:5])


def done_view(done: Completed, *, when: str, paper: str = "", ok: bool = True) -> DoneView:
    """The finished sale: the change stays large until the next scan.

    `when` this shop prints (`Receipts.when`); `paper` is what is known of a paper that was asked.
    """
    sale = done.sale
    words = {
        "always": tr("小票在打印"),
        "ask": tr("顾客要小票，就打一张"),
        "never": tr("本店不打纸小票，请顾客扫码看小票"),
        "": tr("没有打印机，请顾客扫码看小票"),
    }
    by_code = not paper and when in ("never", "")
    return DoneView(
        title=tr("已换货") if done.back else tr("已收款"),
        total=yuan_shown(sale.due),
        tenders=tuple(
            (tender_word(each.tender), yuan_shown(each.tendered)) for each in sale.tenders
        )
        + _given_back(done),
        change=yuan_shown(done.change) if _cash_in(done) else "",
        receipt=paper or words[when],
        receipt_state="ok" if ok else "warn",
        number=sale.number,
        qr_rows=qr_rows(receipt_qr(sale.number, done.entry.hash6)) if by_code else (),
        offers_paper=not paper and when == "ask",
    )


def _given_back(done: Completed) -> tuple[tuple[str, str], ...]:
    """What the old goods were worth more, by the ways it goes back."""
    if done.back is None:
        return ()
    return tuple(
        (
            tr("原路退 {tender}", tender=tender_word(way.tender)),
            yuan_shown(-way.amount),
        )
        for way in done.back.refund.tenders
        if way.tender != TENDER
    )


def _cash_in(done: Completed) -> bool:
    """Whether there is change to speak of: a wallet's sale has none."""
    return bool(done.change) or any(each.tender == "cash" for each in done.sale.tenders)


def qr_rows(text: str) -> tuple[str, ...]:
    """A QR code as rows of 0 and 1."""
    return tuple("".join(str(dot) for dot in row) for row in qr_modules(text))


def goods_views(found: Sequence[Product], on_hand: Mapping[str, int]) -> tuple[GoodsView, ...]:
    """Search results with price and what the books say is left."""
    return tuple(
        GoodsView(
            key=each.code,
            code=each.code,
            name=each.name,
            spec="" if each.name.endswith(each.spec) else each.spec,
            price=f"{yuan_shown(each.price)}/{each.unit}",
            stock=_left(each, on_hand),
        )
        for each in found
    )


def goods_found(counter: Counter, typed: str) -> tuple[GoodsView, ...]:
    """The goods a few letters may mean, at their prices of now."""
    books = counter.books
    with books.read() as db:
        prices = counter.desk.prices
        found = [prices.shown(db, each) for each in search.find(db, books.shop, typed, limit=8)]
        left = quantities_on_hand(db, books.shop, [each.code for each in found])
    return goods_views(found, left)


def _left(product: Product, on_hand: Mapping[str, int]) -> str:
    if product.kind != "goods" or product.code not in on_hand:
        return ""
    milli = on_hand[product.code]
    text = shown(milli, weighed=bool(product.weighed)) if milli else "0"
    return tr("余 {left}", left=text)


def price_words(counter: Counter, text: str) -> MessageView:
    """查价: what a code is, costs, and how much the books say is left. Raises Refusal."""
    one = counter.shown(counter.price_check(text))
    with counter.books.read() as db:
        left = quantity_on_hand(db, counter.books.shop, one.code)
    stock = tr("余 {left}", left=shown(left, weighed=bool(one.weighed)) if left else "0")
    code = tr("货号 {code}", code=one.code)
    return MessageView(
        text=f"{one.name} {one.spec}　{yuan_shown(one.price)}/{one.unit}",
        detail=f"{stock}　{code}" if one.kind == "goods" else code,
        tone="plain",
    )


def quick_view(counter: Counter, chosen: str = "") -> QuickKeysView:
    """The shop's quick keys; a page is `name=code,code…` in the settings."""
    pages = [
        line.partition("=")[::2]
        for line in counter.desk.settings["quick_keys"].splitlines()
        if "=" in line
    ]
    if not pages:
        return QuickKeysView()
    tabs = tuple(QuickTabView(key=name, word=name) for name, _ in pages)
    names = [name for name, _ in pages]
    page = names.index(chosen) if chosen in names else 0
    codes = [code.strip() for code in pages[page][1].split(",") if code.strip()]
    books = counter.books
    with books.read() as db:
        known = {
            code: counter.desk.prices.shown(db, one)
            for code, one in products(db, books.shop, codes).items()
        }
        left = quantities_on_hand(db, books.shop, codes)
    tiles = tuple(
        QuickKeyView(
            key=code,
            name=known[code].name,
            price=f"{yuan_shown(known[code].price)}/{known[code].unit}",
            stock=_left(known[code], left),
            hue=HUES.get(known[code].category, "plain"),
        )
        for code in codes
        if code in known
    )
    return QuickKeysView(tabs=tabs, chosen=names[page], tiles=tiles)

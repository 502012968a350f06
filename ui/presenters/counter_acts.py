"""What the function keys do at the counter, each a small conversation with the cashier."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.errors import Refusal, ShopError
from app.money import parse_yuan, yuan_shown
from app.pricing.rules import Discount, parse_fold
from app.sales.basket import Basket, find_line, priced, with_discount
from app.sales.held_elsewhere import held_elsewhere
from app.staff.rules import NOBODY, Approver
from ui.language import error_words, tr
from ui.presenters.approving import with_approval
from ui.presenters.asking import ask_choice, ask_value
from ui.presenters.member_acts import member
from ui.views import MessageView

if TYPE_CHECKING:
    from ui.presenters.selling import Painted, SellingPresenter

BELOW_HALF = 500
"""A discount above this many thousandths (below 五折) is asked about twice."""
REASONS = {
    "cancel": (("顾客不要了", "顾客不要了"), ("扫错了", "扫错了"), ("重新开单", "重新开单")),
    "discount": (("临期", "临期"), ("包装破损", "包装破损"), ("店长同意", "店长同意")),
    "drawer": (("换零钱", "换零钱"), ("核对现金", "核对现金")),
}


def _reasons(what: str) -> tuple[tuple[str, str], ...]:
    """The usual reasons: what the fact will say, and how the screen says it."""
    return tuple((name, tr(word)) for name, word in REASONS[what])


Act = Callable[["SellingPresenter"], None]
Approved = Callable[[Approver], None]


def _carry(
    selling: "SellingPresenter", work: Callable[[], object], sound: str = "accepted"
) -> None:
    """Run an action on the counter and paint what came of it."""

    def whole() -> "Painted":
        work()
        return selling.painted()

    def ready(painted: "Painted") -> None:
        selling.shown.message = None
        selling.sounds.play(sound)
        selling.paint(painted)

    selling.work.do(whole, ready, selling.refused)


def _try(selling: "SellingPresenter", work: Approved, approver: Approver = NOBODY) -> None:
    """Do it alone; when a second person is needed, ask for them and do it again."""

    def whole() -> "Painted":
        work(approver)
        return selling.painted()

    def ready(painted: "Painted") -> None:
        selling.shown.message = None
        selling.sounds.play("accepted")
        selling.paint(painted)

    def refused(error: ShopError) -> None:
        if error.code == "approval_needed":
            with_approval(selling, lambda who: _try(selling, work, who), error)
        else:
            selling.refused(error)

    selling.work.do(whole, ready, refused)


def hold(selling: "SellingPresenter") -> None:
    """F6: put the basket aside; what stands in the scan field becomes its name."""
    name = selling.screen.scan_field.take_text()
    _carry(selling, lambda: selling.counter.hold(name))


def take(selling: "SellingPresenter") -> None:
    """Shift+F6: the one held basket comes back; a list when there are more or another
    till has one."""

    def work() -> "Painted":
        counter = selling.counter
        if not counter.basket.begun:
            with counter.books.read() as db:
                there = held_elsewhere(db, counter.books.shop, counter.books.till)
            if there:
                raise Refusal("choose_held", count=len(there) + len(counter.held()))
        counter.resume()
        return selling.painted()

    def refused(error: ShopError) -> None:
        if error.code == "choose_held":
            selling.on_action("held")
        else:
            selling.refused(error)

    selling.work.do(work, selling.paint, refused)


def quantity(selling: "SellingPresenter") -> None:
    """F3: another quantity on the chosen line."""
    if not selling.selected:
        selling.refused(Refusal("basket_empty"))
        return
    line = find_line(selling.counter.basket, int(selling.selected))
    selling.ask(
        ask_value(
            tr("{name} 改成多少？", name=line.name),
            lambda text: _carry(selling, lambda: selling.counter.set_quantity(line.line, text)),
            kind="weight" if line.weighed else "quantity",
            unit=line.product.unit,
        )
    )


def remove(selling: "SellingPresenter") -> None:
    """Del: the chosen line goes; above one's limit a different person says yes."""
    if not selling.selected:
        selling.refused(Refusal("basket_empty"))
        return
    number = int(selling.selected)
    _try(selling, lambda approver: selling.counter.remove(number, approver))


def clear(selling: "SellingPresenter") -> None:
    """Ctrl+Del: give the whole basket up, with a reason."""
    if not selling.counter.basket.begun:
        selling.refused(Refusal("basket_empty"))
        return
    selling.ask(
        ask_choice(
            tr("取消整单？为什么"),
            _reasons("cancel"),
            lambda reason: _carry(selling, lambda: selling.counter.cancel(reason)),
        )
    )


def back(selling: "SellingPresenter") -> None:
    """Esc on an open till: goods that came back for new ones may stay the customer's after all."""
    if selling.counter.basket.exchange is not None:
        drop_exchange(selling)


def drop_exchange(selling: "SellingPresenter") -> None:
    """取消换货, asked once: the goods are handed back, the new ones stay in the basket."""
    selling.ask(
        ask_choice(
            tr("取消换货？商品还给顾客"),
            (("yes", tr("取消换货")),),
            lambda _yes: _carry(selling, selling.counter.drop_exchange),
        )
    )


def discount_words(basket: Basket, number: int, permille: int) -> str:
    """What a line would cost and save, under everything else that lowers it: what the basket shows
    after Enter."""
    try:
        changed = with_discount(basket, number, Discount(permille=permille))
    except Refusal as refusal:
        return error_words(refusal)
    before, after = (
        next(each.net for each in priced(one).lines if each.line == number)
        for one in (basket, changed)
    )
    return tr("折后 {after}，减 {off}", after=yuan_shown(after), off=yuan_shown(before - after))


def discount(selling: "SellingPresenter") -> None:
    """F4: 折 on the chosen line; 折后价 and 减多少 are shown before Enter."""
    if not selling.selected:
        selling.refused(Refusal("basket_empty"))
        return
    number = int(selling.selected)
    line = find_line(selling.counter.basket, number)

    def preview(typed: str) -> str:
        try:
            off = parse_fold(typed)
        except Refusal:
            return ""
        return discount_words(selling.counter.basket, number, off)

    def typed(text: str) -> None:
        try:
            off = parse_fold(text)
        except Refusal as error:
            selling.refused(error)
            return
        if off > BELOW_HALF:
            words = tr("低于五折，真的要打 {fold} 折？", fold=text.strip())
            selling.ask(ask_choice(words, (("yes", tr("是，继续")),), lambda _: reason(off)))
        else:
            reason(off)

    def reason(off: int) -> None:
        selling.ask(
            ask_choice(tr("为什么打折？"), _reasons("discount"), lambda why: decide(off, why))
        )

    def decide(off: int, why: str) -> None:
        decided = Discount(permille=off)
        _try(
            selling,
            lambda approver: selling.counter.reduce(
                number, discount=decided, reason=why, approver=approver
            ),
        )

    title = tr("{name} 打几折？（9.5 或 95 = 九五折）", name=line.name)
    selling.ask(ask_value(title, typed, preview=preview, unit=tr("折")))


def price(selling: "SellingPresenter") -> None:
    """F7: the next scan only shows what it is and costs."""
    selling.checking_price = not selling.checking_price
    words = tr("查价：扫一件商品，只看不卖。再按 F7 退出")
    selling.say(MessageView(text=words, tone="plain") if selling.checking_price else None)


def why(selling: "SellingPresenter") -> None:
    """Shift+F7: how the chosen line's price came about."""
    if not selling.selected:
        selling.refused(Refusal("basket_empty"))
        return
    selling.on_action(f"line:{selling.selected}")


def reprint(selling: "SellingPresenter") -> None:
    """F10: the last receipt; again, and marked 重印, when it was printed before."""

    def work() -> int:
        return selling.counter.receipts.reprint()

    def ready(copy: int) -> None:
        selling.sounds.play("accepted")
        words = tr("正在重印上一张小票（重印 {copy}）", copy=copy) if copy else tr("小票在打印")
        selling.paper_asked = True
        selling.paper_changed(words, ok=True)
        selling.say(MessageView(text=words, tone="ok"))

    selling.work.do(work, ready, selling.refused)


def drawer(selling: "SellingPresenter") -> None:
    """Ctrl+F9: open the drawer without a sale; a right, with a reason."""

    def decide(reason: str) -> None:
        _try(selling, lambda approver: selling.counter.desk.open_drawer(reason, approver))

    selling.ask(ask_choice(tr("为什么开钱箱？"), _reasons("drawer"), decide))


def cash(selling: "SellingPresenter", sign: int) -> None:
    """Cash put into (1) or taken out of (-1) the drawer, with its reason."""

    def amount(text: str) -> None:
        try:
            fen = parse_yuan(text) * sign
        except Refusal as error:
            selling.refused(error)
            return
        title = tr("为什么？")
        selling.ask(ask_value(title, lambda why: decide(fen, why)))

    def decide(fen: int, why: str) -> None:
        _try(selling, lambda approver: selling.counter.desk.move_cash(fen, why, approver))

    title = tr("存入多少？") if sign > 0 else tr("取出多少？")
    selling.ask(ask_value(title, amount, kind="money"))


def find(selling: "SellingPresenter") -> None:
    """F2: to the scan field, which finds goods as one types."""
    selling.screen.scan_field.setFocus()
    selling.screen.scan_field.selectAll()


def mute(selling: "SellingPresenter") -> None:
    """F11: silent, but for refusals."""
    muted = selling.sounds.toggle_mute()
    words = tr("已静音，拒绝的声音照常") if muted else tr("声音已打开")
    selling.say(MessageView(text=words, tone="plain"))


ACTS: dict[str, Act] = {
    "hold": hold,
    "take": take,
    "quantity": quantity,
    "remove": remove,
    "clear": clear,
    "back": back,
    "drop_exchange": drop_exchange,
    "discount": discount,
    "price": price,
    "why": why,
    "reprint": reprint,
    "drawer": drawer,
    "find": find,
    "mute": mute,
    "member": member,
}

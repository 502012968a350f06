"""Slips for money a customer leaves and takes back: each kind says what the law makes of it."""

from app.clock import local
from app.content import AnyBlock, Banner, Pair, Paper, Rule, Space, Text
from app.facts.members import MoneyLeft, MoneyReturned
from app.members.rules import Account
from app.money import yuan_shown
from app.shifts.papers import BANNERS
from app.tender_names import PURPOSE_NAMES, TENDER_NAMES

KIND_TEXTS = {
    "deposit": "订金在交货时抵货款；不买了，凭本单原数退还",
    "earnest": "定金担保合同：买方违约不退，卖方违约双倍返还",
    "prepaid": "预付款在取货时抵扣；付款起 7 日内可无理由退还本金",
    "pledge": "押金在归还物品时原数退还；有损坏的，按约定扣除",
    "stored": "储值记名，不设期限，余额凭会员使用；7 日内可无理由退还本金",
}
"""One text a kind: 订金 and 定金 sound alike and are not."""
TITLES = {"money_left": "收款凭条", "money_returned": "退款凭条"}


def left_slip(fact: MoneyLeft, account: Account, now_ms: int, series: str = "") -> Paper:
    """What the customer takes home for money they left."""
    kind = PURPOSE_NAMES[fact.purpose]
    return Paper(
        kind="money_left",
        blocks=(
            *_head(f"{kind}收据", fact.shop, fact.till, now_ms, series),
            *_note(account.note),
            *_tenders([(each.tender, each.amount) for each in fact.tenders]),
            Pair(f"收{kind}", yuan_shown(fact.amount), bold=True),
            *([Pair("赠送", yuan_shown(fact.bonus))] if fact.bonus else []),
            Pair("余额", yuan_shown(account.balance)),
            Rule(),
            Text(KIND_TEXTS[fact.purpose]),
            Pair("凭号", short(account.account)),
            Space(1),
        ),
    )


def returned_slip(fact: MoneyReturned, account: Account, now_ms: int, series: str = "") -> Paper:
    """What stays with the shop, signed, for money that went back."""
    kind = PURPOSE_NAMES[fact.purpose]
    return Paper(
        kind="money_returned",
        blocks=(
            *_head(f"退{kind}", fact.shop, fact.till, now_ms, series),
            *_note(account.note),
            *_tenders([(each.tender, each.amount) for each in fact.tenders]),
            Pair(f"退{kind}", yuan_shown(fact.amount), bold=True),
            Pair("余额", yuan_shown(account.balance)),
            Text(f"原因：{fact.reason}"),
            Pair("凭号", short(account.account)),
            Space(2),
            Text("签名："),
            Space(1),
        ),
    )


def short(account: str) -> str:
    """An account as people read it: its last eight figures."""
    return account[-8:].upper()


def _head(title: str, shop: str, till: str, now_ms: int, series: str) -> tuple[AnyBlock, ...]:
    when = local(now_ms).strftime("%Y-%m-%d %H:%M")
    banner = (Banner(BANNERS[series]),) if series in BANNERS else ()
    return (
        *banner,
        Text(title, align="center", size=2, bold=True),
        Pair(f"{shop} · {till}号机", when),
        Rule(),
    )


def _note(note: str) -> tuple[AnyBlock, ...]:
    return (Text(note),) if note else ()


def _tenders(tenders: list[tuple[str, int]]) -> list[AnyBlock]:
    return [Pair(TENDER_NAMES.get(name, name), yuan_shown(amount)) for name, amount in tenders]

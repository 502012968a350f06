"""Prices and promotions in shop words: what one will do, before and after it is published."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.clock import local
from app.facts.pricing import Promotion, Step
from app.money import yuan_shown
from app.pricing.board import MEMBERS
from app.pricing.hints import Hint
from app.pricing.lines import WHOLE
from app.pricing.rules import fold_shown
from ui.language import tr

Names = Mapping[str, str]
"""Product code -> name."""
MOST_NAMED = 3
HALF = WHOLE // 2


def promotion_sentence(promotion: Promotion, names: Names, year: int = 0) -> str:
    """ "11014 马冈鹅蛋卷：12月12日 00:00 起，第二件半价". `year` is left out where it is meant."""
    parts = [period_words(promotion.from_ms, promotion.to_ms, year), *_clock(promotion)]
    parts += [what_words(promotion, names), *_limits(promotion)]
    return tr("{goods}：{what}", goods=_goods(promotion, names), what=tr("，").join(parts))


def period_words(from_ms: int, to_ms: int, year: int = 0) -> str:
    """ "12月12日 00:00 起，到 12月12日 24:00"."""
    begins = tr("{moment} 起", moment=moment_words(from_ms, year))
    if not to_ms:
        return begins
    return tr("{begins}，到 {moment}", begins=begins, moment=end_words(to_ms, year))


def moment_words(moment_ms: int, year: int = 0) -> str:
    """A moment as people say it: "12月12日 00:00"."""
    here = local(moment_ms)
    return f"{_day(here.year, here.month, here.day, year)} {here:%H:%M}"


def end_words(to_ms: int, year: int = 0) -> str:
    """The first moment after, as the last one meant: midnight is 24:00 of the day before."""
    here = local(to_ms)
    if (here.hour, here.minute) != (0, 0):
        return moment_words(to_ms, year)
    last = here - timedelta(days=1)
    return f"{_day(last.year, last.month, last.day, year)} 24:00"


def _day(year: int, month: int, day: int, meant: int) -> str:
    if year == meant:
        return tr("{month}月{day}日", month=month, day=day)
    return tr("{year}年{month}月{day}日", year=year, month=month, day=day)


def _goods(promotion: Promotion, names: Names) -> str:
    if promotion.kind == "kit":
        return tr("套餐")
    if not promotion.products:
        return tr("全部商品")
    return named(promotion.products, names)


def named(codes: Sequence[str], names: Names) -> str:
    """A few goods by code and name, the rest counted."""
    words = [f"{code} {names.get(code, '')}".strip() for code in codes[:MOST_NAMED]]
    said = tr("、").join(words)
    if len(codes) > MOST_NAMED:
        return tr("{goods} 等 {count} 种", goods=said, count=len(codes))
    return said


def _clock(promotion: Promotion) -> list[str]:
    found = []
    if promotion.weekdays:
        days = tr("、").join(_weekday(day) for day in promotion.weekdays)
        found.append(tr("只在周{days}", days=days))
    if promotion.hours:
        found.append(tr("只在 {hours}", hours=tr("、").join(promotion.hours)))
    return found


def _weekday(day: int) -> str:
    return (tr("一"), tr("二"), tr("三"), tr("四"), tr("五"), tr("六"), tr("日"))[day - 1]


def what_words(promotion: Promotion, names: Names) -> str:
    """What it takes off, in a few words."""
    price, fold = yuan_shown(max(promotion.price, 0)), fold_shown(promotion.permille)
    by_price = promotion.price >= 0
    match promotion.kind:
        case "item_price":
            words = tr("卖 {price}", price=price)
            base = tr("（划线价 {base}）", base=yuan_shown(promotion.base))
            return words + base if promotion.base else words
        case "percent":
            return tr("打 {fold} 折", fold=fold)
        case "nth":
            return _nth(promotion, price, fold)
        case "buy_get":
            words = tr("买 {n} 送 {get}", n=promotion.n, get=promotion.get)
            gifts = tr("（送 {goods}）", goods=named(promotion.gifts, names))
            return words + gifts if promotion.gifts else tr("{words}，送便宜的", words=words)
        case "spend_get":
            return _spending(promotion)
        case "swap":
            spend = yuan_shown(promotion.steps[0].spend)
            return tr("别的买满 {spend}，就能 {price} 换购一件", spend=spend, price=price)
        case "kit":
            parts = [
                tr("{goods} {count} 件", goods=named((each.product,), names), count=each.pieces)
                for each in promotion.parts
            ]
            return tr("{parts}，一起 {price}", parts=" + ".join(parts), price=price)
        case _:
            words = tr("会员 {price}", price=price) if by_price else tr("会员 {fold} 折", fold=fold)
            return tr("{words}，促销商品除外", words=words)


def _nth(promotion: Promotion, price: str, fold: str) -> str:
    which = tr("第二件") if promotion.n == 2 else tr("第 {n} 件", n=promotion.n)
    if promotion.price >= 0:
        return tr("{which} {price}", which=which, price=price)
    if promotion.permille == WHOLE:
        return tr("{which}免费", which=which)
    if promotion.permille == HALF:
        return tr("{which}半价", which=which)
    return tr("{which} {fold} 折", which=which, fold=fold)


def _spending(promotion: Promotion) -> str:
    said = tr("，").join(step_words(each, bool(promotion.repeats)) for each in promotion.steps)
    if promotion.most_off:
        said += tr("，最多减 {amount}", amount=yuan_shown(promotion.most_off))
    return said


def step_words(step: Step, repeats: bool = False) -> str:
    """ "满 300.00 减 40.00", "每满 100.00 减 10.00", "满 300.00 打 9 折"."""
    spend, off = yuan_shown(step.spend), yuan_shown(step.off)
    if step.permille:
        return tr("满 {spend} 打 {fold} 折", spend=spend, fold=fold_shown(step.permille))
    if repeats:
        return tr("每满 {spend} 减 {off}", spend=spend, off=off)
    return tr("满 {spend} 减 {off}", spend=spend, off=off)


def _limits(promotion: Promotion) -> list[str]:
    found = []
    if promotion.needs_code:
        found.append(tr("要出示优惠码 {code}", code=promotion.needs_code))
    if promotion.basket_cap:
        found.append(tr("每单最多 {count} 次", count=promotion.basket_cap))
    if promotion.member_cap:
        found.append(tr("只给会员，每位最多 {count} 次", count=promotion.member_cap))
    if promotion.stacking:
        found.append(tr("和“{kind}”类的只取一个", kind=promotion.stacking))
    return found


def group_words(group: str, zone: str) -> str:
    """Whom a price list is for."""
    who = {"": tr("所有人"), MEMBERS: tr("会员")}.get(group, group)
    return tr("{who}，{zone} 价区", who=who, zone=zone) if zone else who


def hint_words(hint: Hint, names: Names) -> str:
    """What to say to the customer, in one short line."""
    rule = hint.promotion
    missing = yuan_shown(hint.missing)
    match hint.kind:
        case "swap":
            return tr("可以换购：{goods}，每件 {price}", goods=named(rule.products, names),
                      price=yuan_shown(rule.price))  # fmt: skip
        case "swap_short":
            return tr("再买 {missing}，可以换购 {goods}", missing=missing,
                      goods=named(rule.products, names))  # fmt: skip
        case "spend" if hint.step is not None:
            return tr("再买 {missing}：{step}", missing=missing,
                      step=step_words(hint.step, bool(rule.repeats)))  # fmt: skip
        case "cap":
            return tr("{name}：这位会员享满 {count} 次了", name=rule.name, count=rule.member_cap)
        case _:
            return tr("{name}：这位会员 {count} 次已用完", name=rule.name, count=rule.member_cap)

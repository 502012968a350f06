"""A promotion as a short form: which fields each kind has, and what was typed as a draft.

Every field is read on its own, so that what is wrong is said beside it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from app.errors import Refusal
from app.facts.pricing import Promotion
from app.money import parse_yuan, yuan, yuan_shown
from app.pricing.actions import check_shape
from app.pricing.drafts import PromotionDraft, promotion_of
from app.pricing.lines import WHOLE
from app.pricing.rules import parse_fold
from app.pricing.windows import minutes_of
from app.text import clean
from ui.language import error_words, tr
from ui.presenters.price_words import what_words
from ui.room_views import FieldView

Kind = Literal["text", "code", "secret", "phrase", "money"]
Values = Mapping[str, str]
KINDS = ("item_price", "percent", "nth", "buy_get", "spend_get", "swap", "kit", "member")
HOW: dict[str, tuple[str, ...]] = {
    "item_price": ("price", "base"),
    "percent": ("fold",),
    "nth": ("n", "fold", "price"),
    "buy_get": ("n", "get", "gifts"),
    "spend_get": ("steps", "most_off"),
    "swap": ("spend", "price"),
    "kit": ("price",),
    "member": ("price", "fold"),
}
"""What each kind asks on its first page."""
WHEN = ("from", "to", "weekdays", "hours", "basket_cap", "member_cap", "needs_code", "stacking",
        "name", "code")  # fmt: skip
"""What the second page asks of every kind; all but the code may stay empty."""
_MONEY = ("price", "base", "spend", "most_off")
_PLAIN = (*_MONEY, "n", "get", "from", "to", "basket_cap", "member_cap", "hours", "weekdays")
"""Fields without an input method: figures and signs only."""
_STEP = re.compile(
    r"(每)?满?\s*([0-9.]{1,12})\s*(?:减|-|−|－|打|:|：)\s*([0-9.]{1,12})\s*(折)?(?=$|[\s,，;；、])"
)
_DATE = re.compile(r"(?:(\d{4})[-./年])?(\d{1,2})[-./月](\d{1,2})日?(?:\s+(\d{1,2}):(\d{2}))?")
_DAYS = {**{word: day for day, word in enumerate("一二三四五六日", 1)}, "天": 7}


def kind_words(kind: str) -> tuple[str, str]:
    """(word, example) of a kind."""
    return {
        "item_price": (tr("单品特价"), tr("三色套装 198 → 168")),
        "percent": (tr("打折"), tr("全场 9 折，或某几样")),
        "nth": (tr("第 N 件"), tr("第二件半价")),
        "buy_get": (tr("买送"), tr("买 2 送 1")),
        "spend_get": (tr("满减"), tr("满 300 减 40，可分几档")),
        "swap": (tr("换购"), tr("满 100，加 9.90 换一件")),
        "kit": (tr("组合价"), tr("几样一起 99")),
        "member": (tr("会员优惠"), tr("会员 9.5 折，或会员价")),
    }[kind]


def picks_words(kind: str) -> str:
    """What goods stand for in a kind."""
    return {
        "item_price": tr("哪些商品特价"),
        "swap": tr("哪些商品可以换购"),
        "kit": tr("哪几样一起卖（同一样再选一次就加一件）"),
    }.get(kind, tr("哪些商品（不选就是全部）"))


def form_fields(
    kind: str, names: Sequence[str], values: Values, errors: Values
) -> tuple[FieldView, ...]:
    """The fields of a page as they stand."""
    return tuple(
        FieldView(
            name=name, word=_word(kind, name), hint=_words(name)[1], value=values.get(name, ""),
            kind=_kind(name), error=errors.get(name, ""),
        )
        for name in names
    )  # fmt: skip


def _kind(name: str) -> Kind:
    # A money field takes no letter; what is typed elsewhere may be Han.
    return "money" if name in _MONEY else "phrase" if name in _PLAIN else "text"


def _word(kind: str, name: str) -> str:
    """What a field asks in a form of this kind."""
    match kind, name:
        case "nth", "n":
            return tr("第几件")
        case "nth", "price":
            return tr("或者那件卖")
        case "kit", "price":
            return tr("一起卖")
        case "swap", "price":
            return tr("换购价")
        case "member", "price":
            return tr("会员价")
        case "member", "fold":
            return tr("或者打几折")
        case _:
            return _words(name)[0]


def _words(name: str) -> tuple[str, str]:
    return {
        "price": (tr("卖多少"), tr("元")),
        "base": (tr("划线价"), tr("可不填；不能高过前七天最低卖的价")),
        "fold": (tr("打几折"), tr("9.5 或 95 是九五折；半价；免费")),
        "n": (tr("买几件"), tr("件")),
        "get": (tr("送几件"), tr("件")),
        "gifts": (tr("送什么"), tr("货号；空着 = 同样的里送便宜的")),
        "steps": (tr("满几减几"), tr("300减40；几档用逗号；每满100减10；满300打9折")),
        "most_off": (tr("最多减"), tr("可不填")),
        "spend": (tr("别的买满"), tr("元")),
        "from": (tr("从"), tr("空着 = 现在；12-12 或 12-12 17:00")),
        "to": (tr("到"), tr("空着 = 一直；12-12 是到那天 24:00")),
        "weekdays": (tr("周几"), tr("空着 = 每天；1-5 或 6,7")),
        "hours": (tr("几点"), tr("空着 = 全天；17:00-19:00")),
        "basket_cap": (tr("每单最多"), tr("次或件；可不填")),
        "member_cap": (tr("每位会员最多"), tr("填了就只给会员")),
        "needs_code": (tr("优惠码"), tr("填了就要出示；字母、数字")),
        "stacking": (tr("同类只取一个"), tr("可不填；写同样字的促销互不叠加")),
        "name": (tr("小票上的名字"), tr("空着 = 按做法取名")),
        "code": (tr("编号"), tr("再发一次同样的编号就是改它")),
    }[name]


# --- Reading what was typed -------------------------------------------------------------------


def typed_moment(text: str, today: date) -> str:
    """ "12-12", "12-12 17:00" or with a year as a draft has it; a day that is over this year is
    next year's. "" stays "". Raises Refusal("bad_time")."""
    if not text.strip():
        return ""
    match = _DATE.fullmatch(text.strip().replace("：", ":"))
    if match is None:
        raise Refusal("bad_time", text=clean(text, most=40))
    year, month, day, hour, minute = match.groups()
    try:
        found = date(int(year or today.year), int(month), int(day))
        if not year and found < today:
            found = found.replace(year=today.year + 1)
    except ValueError:
        raise Refusal("bad_time", text=clean(text, most=40)) from None
    if hour is None:
        return found.isoformat()
    if int(hour) > 23 or int(minute) > 59:
        raise Refusal("bad_time", text=clean(text, most=40))
    return f"{found.isoformat()}T{int(hour):02d}:{minute}:00+08:00"


def _bad(field: str) -> Refusal:
    return Refusal("bad_promotion", field=_words(field)[0])


def _amount(text: str) -> str:
    fen = parse_yuan(text)
    if fen < 0:
        raise Refusal("bad_amount", text=clean(text, most=20))
    return yuan(fen)


def _percent(text: str) -> str:
    """折, 半价 or 免费 as the share taken off, in percent."""
    plain = clean(text, most=20)
    if plain in ("免费", "0"):
        return "100"
    off = WHOLE // 2 if plain == "半价" else parse_fold(plain)
    return f"{off // 10}.{off % 10}" if off % 10 else str(off // 10)


def _whole(field: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 0 < int(text[:7]) < 1_000_000):
            raise _bad(field)
        return int(text)

    return read


def _steps(text: str) -> list[dict[str, str]]:
    found, at = [], 0
    for match in _STEP.finditer(text):
        if text[at : match.start()].strip(" ,，;；、"):
            raise _bad("steps")
        at = match.end()
        every, spend, off, fold = match.groups()
        step = {"spend": _amount(spend)}
        step |= {"percent": _percent(off)} if fold else {"off": _amount(off)}
        found.append(step | ({"repeat": "1"} if every else {}))
    if text[at:].strip(" ,，;；、") or not found:
        raise _bad("steps")
    return found


def _weekdays(text: str) -> list[int]:
    found: set[int] = set()
    for part in re.split(r"[\s,，、;；]+", text.replace("周", "").replace("星期", "").strip()):
        first, dash, last = part.partition("-")
        days = [_DAYS.get(each, int(each) if each in list("1234567") else 0)
                for each in ([first, last] if dash else list(part))]  # fmt: skip
        if not days or 0 in days or (dash and days[0] > days[1]):
            raise _bad("weekdays")
        found |= set(range(days[0], days[1] + 1)) if dash else set(days)
    return sorted(found)


def _hours(text: str) -> list[str]:
    found = [part for part in re.split(r"[\s,，、;；]+", text.replace("：", ":").strip()) if part]
    for window in found:
        minutes_of(window)
    return found


def _codes(text: str) -> list[str]:
    return [clean(part, most=40) for part in re.split(r"[\s,，、;；]+", text.strip()) if part]


_READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "price": ("price", _amount),
    "base": ("base", _amount),
    "fold": ("percent", _percent),
    "n": ("n", _whole("n")),
    "get": ("get", _whole("get")),
    "gifts": ("gifts", _codes),
    "steps": ("steps", _steps),
    "most_off": ("most_off", _amount),
    "spend": ("spend", _amount),
    "weekdays": ("weekdays", _weekdays),
    "hours": ("hours", _hours),
    "basket_cap": ("per_basket", _whole("basket_cap")),
    "member_cap": ("per_member", _whole("member_cap")),
    "needs_code": ("code", lambda text: clean(text, most=40).upper()),
}
"""A field -> the param of the draft it becomes, and how it is read."""
_FIELD_OF = {
    "percent": "fold", "permille": "fold", "to": "to", "hours": "hours", "cap": "basket_cap",
    "weekdays": "weekdays", "code": "code", "name": "name",
}  # fmt: skip
"""How the rules call what they refuse -> the field it stands in; else they share the name."""


class Read(msgspec.Struct, frozen=True):
    """What a form says: a draft when nothing is wrong, else what is wrong by field.

    "goods" is no field of its own: what is wrong with it is said over the list.
    """

    draft: PromotionDraft | None
    errors: dict[str, str]


def read_form(
    kind: str, values: Values, goods: Sequence[tuple[str, int]], *, today: date, now: int
) -> Read:
    """A promotion out of what was typed. `goods` are (code, pieces); `now` trusted ms."""
    params: dict[str, Any] = {}
    errors: dict[str, str] = {}
    moments = {"from": "", "to": ""}
    for name in (*HOW[kind], *WHEN):
        text = values.get(name, "").strip()
        try:
            if name in moments:
                moments[name] = typed_moment(text, today)
            elif name in _READ and text:
                params[_READ[name][0]] = _READ[name][1](text)
        except Refusal as refusal:
            errors[name] = error_words(refusal)
    _every(params)
    if kind == "kit":
        params["parts"] = dict(goods)
    draft = PromotionDraft(
        code=clean(values.get("code", ""), most=40),
        name=clean(values.get("name", ""), most=60),
        kind=kind,
        from_=moments["from"],
        to=moments["to"],
        products=() if kind == "kit" else tuple(code for code, _ in goods),
        params=params,
        stacking=clean(values.get("stacking", ""), most=40),
    )
    return Read(None, errors) if errors else _shaped(draft, now)


def _every(params: dict[str, Any]) -> None:
    """每满 on any step is 每满 of the promotion."""
    if any(step.pop("repeat", "") for step in params.get("steps", [])):
        params["repeats"] = True


def _shaped(draft: PromotionDraft, now: int) -> Read:
    """The draft as the rules would take it, named by what it does when it has no name."""
    try:
        rule = promotion_of(msgspec.structs.replace(draft, name=draft.name or "?"), now)
        check_shape(rule)
    except Refusal as refusal:
        said = str(refusal.details.get("field", ""))
        field = _FIELD_OF.get(said, "goods" if said in ("products", "parts") else said)
        known = field in (*HOW[draft.kind], *WHEN, "goods")
        words = _missing(field) if refusal.code == "bad_promotion" else error_words(refusal)
        return Read(None, {field if known else HOW[draft.kind][0]: words})
    if draft.name:
        return Read(draft, {})
    return Read(msgspec.structs.replace(draft, name=clean(_name(rule), most=60)), {})


def _name(rule: Promotion) -> str:
    """What a receipt calls a promotion nobody named."""
    if rule.kind == "kit":
        return tr("组合价 {price}", price=yuan_shown(rule.price))
    if rule.kind == "item_price":
        return tr("特价 {price}", price=yuan_shown(rule.price))
    if rule.kind == "swap":
        return tr("满 {spend} 换购", spend=yuan_shown(rule.steps[0].spend))
    return what_words(rule, {})


def _missing(field: str) -> str:
    if field == "goods":
        return tr("先选商品")
    if field == "to":
        return tr("结束要晚于开始")
    return tr("这一项还没填对")

"""A price list's lines while they are typed, and the last look before they are published."""

from collections.abc import Mapping, Sequence

import msgspec

from app.errors import Refusal
from app.facts.catalogue import Product
from app.money import parse_yuan, yuan_shown
from app.pricing.drafts import PriceListDraft
from app.pricing.windows import parse_from, parse_to
from ui.language import tr
from ui.presenters.price_words import group_words, period_words
from ui.price_views import LastLookView
from ui.room_views import ColumnView, FieldView, ListView, RowView

MOST_CHANGES = 200
"""Goods whose price changes most, as they are shown before publishing."""
HEAD = ("from", "to", "group", "zone")


class Priced(msgspec.Struct, frozen=True):
    """One line as it is typed: what it costs now in fen, and the new price and floor as text."""

    product: Product
    now: int
    price: str = ""
    floor: str = ""

    @property
    def fen(self) -> int:
        """The new price, -1 while it is none."""
        try:
            return parse_yuan(self.price)
        except Refusal:
            return -1


def is_good(line: Priced) -> bool:
    """A price, and not below its own floor."""
    try:
        floor = parse_yuan(line.floor or "0")
    except Refusal:
        return False
    return line.fen > 0 and line.fen >= floor


def line_fields(line: Priced) -> tuple[FieldView, ...]:
    """What is asked of the marked goods."""
    wrong = line.fen >= 0 and not is_good(line)
    return (
        FieldView(name="price", word=tr("新价"), value=line.price, kind="money",
                  hint=tr("现在 {price}", price=yuan_shown(line.now)),
                  error=tr("低于最低价") if wrong else ""),
        FieldView(name="floor", word=tr("最低价"), value=line.floor, kind="money",
                  hint=tr("可不填")),
    )  # fmt: skip


def head_fields(values: Mapping[str, str], errors: Mapping[str, str]) -> tuple[FieldView, ...]:
    """When it is valid, and for whom."""
    words = {
        "from": (tr("从"), tr("空着 = 现在；12-12 或 12-12 17:00")),
        "to": (tr("到"), tr("空着 = 一直；12-12 是到那天 24:00")),
        "group": (tr("给谁"), tr("空着 = 所有人；会员 = 会员价")),
        "zone": (tr("价区"), tr("空着 = 不分价区")),
    }
    return tuple(
        FieldView(name=name, word=words[name][0], hint=words[name][1],
                  value=values.get(name, ""), error=errors.get(name, ""),
                  kind="phrase" if name in ("from", "to") else "text")
        for name in HEAD
    )  # fmt: skip


def line_row(line: Priced, *, sees_cost: bool) -> RowView:
    """A line in the list: now, new, lowest, margin."""
    price = yuan_shown(line.fen) if line.fen >= 0 else "–"
    wrong = line.price and not is_good(line)
    return RowView(
        key=line.product.code, under=line.product.code, state="warn" if wrong else "",
        cells=(line.product.name, yuan_shown(line.now), price, line.floor or "–",
               _margin(line) if sees_cost else ""),
    )  # fmt: skip


def _margin(line: Priced) -> str:
    """毛利 in percent of the new price."""
    if line.fen <= 0 or not line.product.cost:
        return ""
    price = line.fen * 10_000
    tenths = (price - line.product.cost) * 1000 // price
    return f"{'−' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}%"


def list_sentence(draft: PriceListDraft, now: int, year: int) -> str:
    """Who pays these prices, and when. `now` in ms is when a list without a beginning begins."""
    begins = parse_from(draft.from_) if draft.from_ else now
    return tr(
        "{who}：{period}，{count} 种商品按这张价目卖",
        who=group_words(draft.group, draft.zone),
        period=period_words(begins, parse_to(draft.to), year),
        count=f"{len(draft.lines):,}",
    )


def last_look(lines: Sequence[Priced], sentence: str, *, sees_cost: bool) -> LastLookView:
    """What publishing these lines would change, what changes most first."""
    changes = [(line, line.fen, line.fen - line.now) for line in lines]
    figures = [
        (tr("商品"), f"{len(lines):,}"),
        (tr("涨价"), f"{sum(more > 0 for _, _, more in changes):,}"),
        (tr("降价"), f"{sum(more < 0 for _, _, more in changes):,}"),
    ]
    dear = [line for line, fen, _ in changes if fen * 10_000 < line.product.cost and sees_cost]
    if sees_cost:
        figures.append((tr("低于进价"), f"{len(dear):,}"))
    most = sorted(changes, key=lambda change: -abs(change[2]))[:MOST_CHANGES]
    rows = tuple(
        RowView(
            key=line.product.code,
            under=line.product.code,
            cells=(line.product.name, yuan_shown(line.now), yuan_shown(fen), yuan_shown(more)),
        )
        for line, fen, more in most
    )
    named = tr("、").join(f"{each.product.code} {each.product.name}" for each in dear[:5])
    return LastLookView(
        title=tr("发布前再看一眼"),
        sentence=sentence,
        figures=tuple(figures),
        note=tr("变得最多的排在前面；什么都还没有发布"),
        warning=tr("低于进价：{goods}", goods=named) if dear else "",
        rows=ListView(columns=changed_columns(), rows=rows),
        confirm_word=tr("发布 {count} 种价", count=f"{len(lines):,}"),
    )


def line_columns(*, sees_cost: bool) -> tuple[ColumnView, ...]:
    """goods (code under it) · now · new · lowest · margin."""
    columns = (
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(title=tr("现价"), width=76, right=True),
        ColumnView(title=tr("新价"), width=84, right=True, look="figure"),
        ColumnView(title=tr("最低"), width=68, right=True),
    )
    return (*columns, ColumnView(title=tr("毛利"), width=64, right=True)) if sees_cost else columns


def changed_columns() -> tuple[ColumnView, ...]:
    """goods · now · new · difference."""
    return (
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(title=tr("现价"), width=140, right=True),
        ColumnView(title=tr("新价"), width=140, right=True),
        ColumnView(title=tr("差"), width=140, right=True, look="figure"),
    )

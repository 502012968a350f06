"""验真 in words beside what a code says: real, sold before, recalled or not known, and how old."""

import msgspec

from sync.protocol_trace import Genuine
from ui.genuine import Verdict
from ui.hub_words import why_not
from ui.language import tr
from ui.presenters.feeds_told import age
from ui.room_views import ExplainView
from ui.startup import Till
from ui.views import State

STATES: dict[str, State] = {"genuine": "ok", "sold": "warn", "recalled": "stop", "unknown": "warn"}


def with_verdict(till: Till, view: ExplainView, said: Verdict) -> ExplainView:
    """The explained code with the answer on top of everything else it says."""
    answer = said.answer
    facts = [
        (tr("验真"), _words(answer, own=said.by == "own")),
        (tr("谁答的"), _source(said, till.books.clock.wall_ms())),
        (tr("商品"), f"{answer.name} {answer.spec}".strip()),
        (tr("产地"), f"{answer.town} {answer.village}".strip()),
        (tr("批次"), answer.batch),
        (tr("保质期到"), answer.expires),
        (tr("合格证"), answer.certificate),
        (tr("检验报告"), answer.report),
    ]
    told = {word: value for word, value in facts if value}
    return msgspec.structs.replace(
        view,
        facts=(*told.items(), *((word, value) for word, value in view.facts if word not in told)),
        state=STATES[answer.state],
    )


def _words(answer: Genuine, *, own: bool) -> str:
    match answer.state:
        case "genuine":
            return tr("真品")
        case "sold":
            return tr("这一件已经卖过：{day} {shop}", day=answer.sold_day, shop=answer.sold_shop)
        case "recalled":
            return tr("已召回，请下架（召回单 {number}）", number=answer.recall)
    return tr("本机账上没有这批货") if own else tr("总部没有这批货的记录")


def _source(said: Verdict, now_ms: int) -> str:
    if said.by == "hub":
        return tr("总部，刚刚")
    if not said.as_of_ms:
        return tr("本机的账，总部还没有回过话")
    if not said.reason:
        return tr("本机的账，{age}", age=age(now_ms - said.as_of_ms))
    return tr(
        "本机的账，总部{age}的消息（{reason}）",
        age=age(now_ms - said.as_of_ms), reason=tr(why_not(said.reason)),
    )  # fmt: skip

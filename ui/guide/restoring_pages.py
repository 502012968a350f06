"""The pages of 恢复 as views: what is asked and what was found, in which words."""

from datetime import datetime
from pathlib import Path

import msgspec

from app.clock import local
from app.copied_till import CopiedTill, damaged
from app.journal.problems import Report
from ui.guide.answers import Answers
from ui.language import error_words, tr
from ui.room_views import CardView, FieldView, GuideView
from ui.views import MessageView

AGAIN, ACCEPT = "again", "accept"


class Lying(msgspec.Struct):
    """What lies on the disk that was plugged in, and what was said about it."""

    places: list[Path] = []
    place: Path = Path()
    code: str = ""
    found: CopiedTill | None = None
    series: str = ""
    """The letter the receipts will carry."""
    accepts: bool = False
    """What is broken is left out."""
    keystore: str = "keyring"
    passphrase: str = ""
    number: str = ""
    report: Report | None = None

    @property
    def sound(self) -> bool:
        """Whether everything that was found is as it was written."""
        return self.found is not None and not self.found.problems

    answers: Answers = msgspec.field(default_factory=Answers)


def steps(*, keystore: bool) -> dict[str, str]:
    """Every page's short name, in order."""
    words = {
        "where": tr("备份在哪里"), "code": tr("恢复码"), "found": tr("是不是这家店"),
        "keystore": tr("钥匙放哪里"), "person": tr("谁来开机"), "done": tr("回来了"),
    }  # fmt: skip
    if not keystore:
        del words["keystore"]
    return words


def _where(frame: GuideView, lying: Lying) -> GuideView:
    cards = [
        CardView(name=str(place), word=place.name, description=_written(place), icon="archive")
        for place in lying.places
    ]
    cards.append(
        CardView(name=AGAIN, word=tr("再找一遍"), icon="search",
                 description=tr("插上 U 盘或备份盘以后按这里"))
    )  # fmt: skip
    field = FieldView(name="place", word=tr("文件夹"), kind="folder", optional=True,
                      hint=tr("上面没有的，在这里写出或选出备份的文件夹"))  # fmt: skip
    found = tr("找到了 {count} 台机的备份，选一台", count=len(lying.places))
    nothing = tr("还没有找到备份。插上有备份的盘，再找一遍")
    return msgspec.structs.replace(
        frame, title=tr("备份在哪里？"), detail=found if lying.places else nothing,
        cards=tuple(cards), fields=(field,),
    )  # fmt: skip


def _written(place: Path) -> str:
    """When something was last written there, by the disk's own word."""
    try:
        seconds = max((each.stat().st_mtime for each in place.iterdir()), default=0)
    except OSError:
        return str(place.parent)
    day = datetime.fromtimestamp(seconds, local(0).tzinfo).strftime("%Y-%m-%d %H:%M")
    return f"{place.parent} · " + tr("最后写入 {time}", time=day)


def _code(frame: GuideView, lying: Lying) -> GuideView:
    field = FieldView(name="code", word=tr("恢复码"), kind="code", value=lying.code,
                      hint=tr("五组，每组四个；横线可以不打"))  # fmt: skip
    return msgspec.structs.replace(
        frame, title=tr("备份是加密的"), fields=(field,),
        detail=tr("恢复码在开店第一天印出来、封好放在店外的那张纸上。没有它，谁也打不开"),
    )  # fmt: skip


def _found(frame: GuideView, lying: Lying) -> GuideView:
    found = lying.found
    assert found is not None
    when = local(found.last_ms).strftime("%Y-%m-%d %H:%M")
    said = [
        tr("{count} 笔记录，最后一笔 {time}", count=f"{len(found.entries):,}", time=when),
        *([tr("最后一张单 {number}", number=found.last_number)] if found.last_number else []),
        tr("新的单号带字母 {series}，旧号一个也不会重用", series=lying.series),
    ]
    message: MessageView | None = None
    cards: tuple[CardView, ...] = ()
    if found.problems:
        wrong = damaged(found.problems)
        message = MessageView(text=error_words(wrong), code=wrong.code)
        cards = (
            CardView(name=ACCEPT, word=tr("坏的不要，恢复其余的"),
                     description=tr("{count} 处对不上；审计里永远看得到缺了哪里",
                                    count=len(found.problems))),
        )  # fmt: skip
    else:
        said.insert(1, tr("签名和次序逐笔验证，全部对上"))
        said.append(tr("加入过总部的，开好后在 设备 里用新的加入码再加入"))
    return msgspec.structs.replace(
        frame, title=tr("是这家店吗？"), figure=_till(found),
        figure_note="\n".join(said), message=message, cards=cards,
        next_enabled=not cards, next_reason=tr("先选一个"), next_word=tr("就是它"),
    )  # fmt: skip


def _till(found: CopiedTill) -> str:
    return f"{found.shop} · " + tr("{till} 号机", till=found.till)


def _person(frame: GuideView, lying: Lying) -> GuideView:
    known = tr("、").join(lying.found.managers) if lying.found else ""
    fields = (
        FieldView(name="number", word=tr("工号"), value=lying.number, kind="code",
                  hint=tr("备份里的店长：{numbers}", numbers=known) if known else ""),
        FieldView(name="pin", word=tr("新的 PIN"), kind="secret", hint=tr("至少六位，不能是顺子")),
        FieldView(name="again", word=tr("再输一次"), kind="secret"),
    )  # fmt: skip
    return msgspec.structs.replace(
        frame, title=tr("谁来开机？"), fields=fields, next_word=tr("恢复"),
        detail=tr("PIN 和姓名不在备份里：先给自己设一个，别人的以后在 人员 里设"),
    )  # fmt: skip


def _done(frame: GuideView, lying: Lying) -> GuideView:
    report, found = lying.report, lying.found
    assert report is not None and found is not None
    good = tr("{count} 笔全部验证相符，可以接着卖", count=f"{report.entries:,}")
    holes = tr("恢复了 {count} 笔；缺口在 审计 里看得到", count=f"{report.entries:,}")
    return msgspec.structs.replace(
        frame, title=tr("店回来了"), figure=_till(found),
        figure_note=good if report.ok else holes, can_go_back=False, next_word=tr("开门"),
    )  # fmt: skip


PAGES = {"where": _where, "code": _code, "found": _found, "person": _person, "done": _done}

"""PINs to another till by a stick: which one, and what came of it in words."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.staff.pin_files import Exchanged
from ui.language import error_words, tr
from ui.presenters.asking import Asking, ask_choice, ask_value
from ui.views import MessageView

TYPED = "typed"
MOST_TOLD = 3
"""Files that were not taken, by name; of the rest how many."""


def ask_stick(
    disks: Sequence[Path], put: Callable[[Asking], None], chosen: Callable[[str], None]
) -> Asking:
    """Ask for one of the disks that are plugged in, or for a folder by its name."""
    detail = tr("每台机插上它按一次，直到都齐了；文件封着口，只有收它的那台打得开")
    typed = ask_value(
        tr("放到哪个文件夹？"), chosen, kind="file",
        detail=detail if disks else tr("没有看到 U 盘：插上再来，或写一个文件夹"),
    )  # fmt: skip
    if not disks:
        return typed

    def picked(name: str) -> None:
        if name == TYPED:
            put(typed)
        else:
            chosen(name)

    choices = [(str(disk), str(disk)) for disk in disks]
    title = tr("用哪个 U 盘带 PIN？")
    return ask_choice(title, (*choices, (TYPED, tr("写一个文件夹"))), picked, keyed=True)


def told(done: Exchanged) -> MessageView:
    """What happened, and where the stick goes next."""
    refused = [
        tr("{file}：{why}", file=name, why=error_words(why))
        for name, why in done.refused[:MOST_TOLD]
    ]
    if (more := len(done.refused) - MOST_TOLD) > 0:
        refused.append(tr("还有 {count} 个文件没有用", count=more))
    return MessageView(
        text=" · ".join((*_happened(done), _next(done))),
        detail="\n".join(refused),
        tone="warn" if refused else "ok",
    )


def _happened(done: Exchanged) -> list[str]:
    parts = []
    if done.came:
        parts.append(tr("来了 {count} 个 PIN，现在就能登录", count=len(done.came)))
    elif done.taken:
        parts.append(tr("没有比这里更新的 PIN"))
    if done.behind:
        parts.append(tr("给 {tills} 号机的放好了", tills=_tills(done.behind)))
    if done.card and not parts:
        parts.append(tr("这台机的名片留在盘上了"))
    return parts or [tr("什么也没有写上去")]


def _next(done: Exchanged) -> str:
    if done.behind:
        return tr("插到 {tills} 号机，再按一次", tills=_tills(done.behind))
    if done.came or done.taken:
        return tr("盘上这些机都齐了，可以收好")
    if done.card:
        return tr("插到有 PIN 的那台机按一次，再拿回来按一次")
    return tr("换一个 U 盘再按一次")


def _tills(tills: Sequence[str]) -> str:
    return tr("、").join(tills)

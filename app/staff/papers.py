"""The sheet with the recovery code: printed once, folded, sealed, and kept outside the shop."""

from app.clock import local
from app.content import Banner, Pair, Paper, Rule, Space, Text
from app.staff.recovery import GROUP_MARK

GROUPS_A_ROW = 3
"""In double width three groups just fit 32 columns."""


def recovery_sheet(code: str, *, shop: str, till: str, now_ms: int, banner: str = "") -> Paper:
    """The code in large groups, whose it is, and what to do with the sheet.

    `banner` is what a demo or training folder says on every paper.
    """
    groups = code.split(GROUP_MARK)
    rows = ["  ".join(groups[:GROUPS_A_ROW]), "  ".join(groups[GROUPS_A_ROW:])]
    return Paper(
        kind="recovery",
        blocks=(
            *([Banner(banner)] if banner else []),
            Text("恢复码", align="center", size=2, bold=True),
            Pair(f"{shop} · {till}号机", local(now_ms).strftime("%Y-%m-%d %H:%M")),
            Rule(),
            *[Text(row, align="center", size=2, bold=True) for row in rows],
            Rule(),
            Text("忘了 PIN 或工号被锁定时，在登录页用它设一个新 PIN。"),
            Text("请折好封起来，放在店外。谁拿到它，谁就能开这台机；换了新码，这张作废。"),
            Space(1),
        ),
    )

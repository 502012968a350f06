"""The page a person looks at to choose a printer's profile: width, encoding, cutter, drawer."""

from app.content import Banner, Line, Pair, Paper, Qr, Rule, Space, Text
from printers.profile import Profile

HARD_WORDS = "蚬糍濑豉煲鳝"
"""Local dishes whose characters a poor ROM or a wrong encoding gets wrong."""


def trial_page(name: str, profile: Profile) -> Paper:
    """A paper that shows at a glance whether the profile fits the printer called `name`."""
    ruler = "".join(str(column % 10) for column in range(1, profile.columns + 1))
    return Paper(
        kind="test_page",
        blocks=(
            Banner("测试页"),
            Text(name, align="center", bold=True),
            Text(profile.title, align="center"),
            Rule(),
            Text("① 宽度：下面的数字排成一行，两头都看得见"),
            Text(ruler),
            Text("② 文字：下面六个字和价钱都对，没有方块和怪字"),
            Text(HARD_WORDS, size=2),
            Line("品名", "数量", "单价", "金额"),
            Line("开平优品", "2.486 kg", "88.00", "218.77"),
            Pair("应收", "￥423.20", size=2, bold=True),
            Pair("优惠", "\N{MINUS SIGN}64.00"),
            Rule(double=True),
            Text("③ 二维码：手机扫得出 KAIPING-YOUPIN"),
            Qr("KAIPING-YOUPIN"),
            Text("④ 切纸：这一页自己切断（没有切刀的撕下来）"),
            Text("⑤ 钱箱：接了钱箱的，刚才弹开了"),
            Space(),
        ),
    )

"""Words the catalogue's rules look for: tables, so that a lawyer can read them without the code."""

CLAIM_WORDS: tuple[str, ...] = (
    "降糖",
    "降血糖",
    "降脂",
    "降血脂",
    "降血压",
    "降三高",
    "减肥",
    "抗癌",
    "防癌",
    "治疗",
)
"""Functions ordinary food may not claim in anything printed, unless head office approved the very
words (certificate kind "claim")."""

CERTIFIED_WORDS: dict[str, str] = {
    "有机": "organic",
    "绿色": "green",
    "地理标志": "gi",
}
"""Word in a name -> kind of certificate without which it may be neither received nor labelled."""

OEM_WORDS: tuple[str, ...] = ("代工", "贴牌", "定制")
"""Made by somebody else under our mark: such goods must name both parties and the true origin."""

PLAN_SLIPS: dict[str, str] = {
    "碧潭冬瓜": "潭碧冬瓜",
    "稳糠米": "稳糖米",
    "稳粮米": "稳糖米",
    "金乡鸡": "金鸡鸡",
    "金乡蛋": "金鸡蛋",
    "天平冷链": "天业冷链",
}
"""Slips of the pen that travel in circulated lists, and what was meant."""

UNITS: frozenset[str] = frozenset(
    "个只件盒瓶罐袋包箱桶杯碗份支根条块片把束捆串颗粒枚头尾羽棵株盆篮筐扎板排提套双对副面张本册卷"
    "筒听壶坛盘碟打台辆间次人位天"
) | {"小时", "间夜", "分钟", "kg"}
"""Units the till knows. Weighed goods are sold per kg and nothing else."""

UNIT_SPELLINGS: dict[str, str] = {
    "公斤": "kg",
    "千克": "kg",
    "KG": "kg",
    "Kg": "kg",
    "kG": "kg",
    "㎏": "kg",
    "隻": "只",
    "個": "个",
    "盒装": "盒",
    "瓶装": "瓶",
    "袋装": "袋",
}
JIN_UNITS: frozenset[str] = frozenset({"斤", "市斤", "两", "市两", "钱", "担", "500g", "500克"})
"""Units that may not be used in trade (in force since 2024-06-01): the price must be per kg."""

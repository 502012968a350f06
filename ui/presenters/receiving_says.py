"""What 收货 asks of a line or a document: each thing a letter stands for."""

from collections.abc import Callable

from ui.language import tr
from ui.presenters.asking import Asking, ask_choice, ask_value


def ask_for(name: str, on_value: Callable[[str], None]) -> Asking:
    """Ask for one thing by its name."""
    if name == "reason":
        return ask_choice(tr("为什么和来单不一样？"), differences(), on_value, keyed=True)
    if name == "level":
        levels = (("county", tr("县级")), ("town", tr("镇级")))
        return ask_choice(tr("认定到哪一级？"), levels, on_value, keyed=True)
    return ask_value(_titles()[name], on_value, detail=_details().get(name, ""))


def differences() -> tuple[tuple[str, str], ...]:
    """Why less or more came: what stands in the fact, and the word on the screen."""
    return (
        ("短少", tr("短少")),
        ("破损", tr("破损")),
        ("多发", tr("多发")),
        ("发错", tr("发错")),
        ("质量不合格", tr("质量")),
    )


def _titles() -> dict[str, str]:
    return {
        "batch": tr("包装上的批次"),
        "expires": tr("到期日"),
        "made": tr("生产日期"),
        "certificate": tr("承诺达标合格证的编号"),
        "cost": tr("每单位进价，含税"),
        "floor": tr("这批的保价下限"),
        "report": tr("检验报告的编号"),
        "village": tr("产地村"),
        "supplier": tr("供应商"),
        "temperature": tr("送货温度"),
        "approval_no": tr("总部的批准号"),
    }


def _details() -> dict[str, str]:
    day = tr("写成 2026-12-31")
    return {"expires": day, "made": day, "cost": tr("最多四位小数"), "temperature": "℃"}

"""Scripted states of the invoice room and of the page that asks for one."""

from typing import Any

import msgspec

from app.facts.invoices import InvoiceLine
from ui.invoice_views import InvoiceDetailView, InvoiceFormView, InvoicesView
from ui.presenters.asking import ask_value
from ui.presenters.invoice_words import line_list
from ui.room_views import ListView, RowView
from ui.screens.invoices import document_columns
from ui.views import ChoiceView, MessageView

FILTERS = (
    ChoiceView(name="all", word="全部", key="A"),
    ChoiceView(name="waiting", word="等着开", key="W"),
    ChoiceView(name="todo", word="要处理", key="S"),
)


def line(number: int, name: str, amount: int, tax: int, **other: Any) -> InvoiceLine:
    said: dict[str, Any] = {
        "spec": "",
        "unit": "盒",
        "quantity": 1000,
        "tax_code": "1030200000000000000",
        "tax_name": "食品",
        "rate": 13,
    }
    return InvoiceLine(
        line=number, product=str(number), name=name, amount=amount, tax=tax, **said | other
    )


LINES = (
    line(1, "大沙红茶 100g", 68_00, 7_82, tax_name="茶叶", tax_code="1010116010000000000"),
    line(2, "大沙麦菜", 9_51, 0, unit="kg", weighed=1, quantity=820, rate=-2, tax_name="农产品",
         tax_code="1010100000000000000"),
    line(3, "侨心饼 400g", 144_00, 16_57, quantity=3000),
    line(4, "购物袋(大)", 50, 6, unit="个", tax_name="塑料制品", tax_code="1070601010000000000"),
)  # fmt: skip
ROWS = (
    RowView(key="1", cells=("开平市塘口文旅发展有限公司", "要开红字", "222.01"), state="warn",
            under="KP01-1-261207-0031 · 12-07 14:02"),
    RowView(key="2", cells=("梁**", "已申请", "68.00"), state="warn",
            under="KP01-1-261207-0030 · 12-07 13:51"),
    RowView(key="3", cells=("江门市新会陈皮贸易有限公司", "没有开成", "1,680.00"), state="stop",
            under="KP01-1-261207-0024 · 12-07 11:20"),
    RowView(key="4", cells=("开平市马冈镇中心小学", "红字已开", "−77.51"),
            under="KP01-1-261206-0102 · 12-06 17:45"),
    RowView(key="5", cells=("开平市马冈镇中心小学", "已开", "221.51"),
            under="KP01-1-261206-0102 · 12-06 10:02"),
)  # fmt: skip
DETAIL = InvoiceDetailView(
    state="warn",
    words="要开红字 77.51",
    facts=(
        ("小票", "KP01-1-261207-0031"),
        ("抬头", "开平市塘口文旅发展有限公司"),
        ("税号", "914403001922038216"),
        ("发票号码", "26442000000123456789"),
        ("价税合计", "222.01"),
        ("其中税额", "24.45"),
    ),
    lines=line_list(LINES, coded=False),
)


def invoices(*, failed: bool = False, asking: bool = False) -> InvoicesView:
    said = ask_value("工号 201 的 PIN", lambda _pin: None, kind="secret", yes="授权",
                     detail="这一步要班长授权：请另一人输入工号和 PIN")  # fmt: skip
    detail = DETAIL
    if failed:
        detail = msgspec.structs.replace(
            DETAIL, state="stop", words="没有开成", why="开票平台查不到这个抬头和税号",
            facts=tuple(fact for fact in DETAIL.facts if fact[0] != "发票号码"),
        )  # fmt: skip
    return InvoicesView(
        filters=FILTERS,
        chosen="all",
        documents=ListView(
            columns=document_columns(), rows=ROWS, marked="3" if failed else "1", foot="5 张"
        ),
        detail=detail,
        primary_word="再开一次" if failed else "开红字发票",
        primary_enabled=True,
        correct_enabled=failed,
        correct_reason="发出后不能改",
        withdraw_enabled=failed,
        withdraw_reason="发出后不能撤",
        print_enabled=True,
        question=said.view if asking else None,
        message=None,
    )


def exported() -> InvoicesView:
    told = MessageView(
        text="已导出 5 张", detail="D:/kp/exports/invoices-20261207-140210.xlsx", tone="ok"
    )
    return msgspec.structs.replace(invoices(), message=told)


def waiting() -> InvoicesView:
    """One that is on its way, and why it is not there yet."""
    detail = msgspec.structs.replace(
        DETAIL,
        words="已申请",
        why="连不上开票平台",
        facts=(("小票", "KP01-1-261207-0030"), ("抬头", "梁**"), ("价税合计", "68.00"),
               ("其中税额", "7.82")),
        lines=line_list(LINES[:1], coded=False),
    )  # fmt: skip
    return msgspec.structs.replace(
        invoices(),
        documents=msgspec.structs.replace(invoices().documents, marked="2"),
        detail=detail,
        primary_word="没有要做的",
        primary_enabled=False,
        primary_reason="开票平台的结果会自己出现",
        correct_enabled=True,
        withdraw_enabled=True,
    )


NO_INVOICES = InvoicesView(
    filters=FILTERS,
    chosen="all",
    documents=ListView(
        state="empty",
        state_title="还没有开过发票",
        state_detail="收完钱扫顾客的抬头码，或在单据里选一张小票开票",
    ),
    primary_word="没有要做的",
    primary_reason="先选一张",
    correct_reason="先选一张",
    withdraw_reason="先选一张",
    print_reason="先选一张",
)


def form(
    *, scanned: bool = False, refused: bool = False, standing: bool = False
) -> InvoiceFormView:
    message = None
    if refused:
        message = MessageView(
            text="抬头码不完整或已损坏，请顾客重新打开再扫，或手工输入", code="buyer_code_bad"
        )
    if standing:
        message = MessageView(text="这张小票已经申请过开票", tone="warn")
    return InvoiceFormView(
        under="KP01-1-261207-0031 · 12-07 14:02 · ¥252.01",
        lines=line_list(LINES),
        total="222.01",
        tax="其中税额 24.45",
        notes=("30.00 储值付的部分：储值时已开过票，不再开",),
        filled=1 if scanned else 0,
        fields=(
            "开平市塘口文旅发展有限公司",
            "914403001922038216",
            "开平市塘口镇潭溪圩 0750-2210000",
            "农业银行开平支行 44-0001",
        )
        if scanned
        else ("", "", "", ""),
        confirm_word="申请开票",
        confirm_enabled=not standing,
        confirm_reason="这张小票已经申请过开票" if standing else "",
        message=message,
    )

"""What an entry says, in the shop's words: its kind, and each field with its name and value.

For an auditor's eyes. The exact bytes stand beside it; what has no word here is shown by the name
it has on the wire, so nothing an entry says is left out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.clock import iso
from app.money import yuan
from app.quantity import shown as quantity_shown

KIND_WORDS = {
    "journal_opened": "开流水账",
    "clock_confirmed": "确认时间",
    "setting_changed": "改设置",
    "staff_set": "人员资料",
    "signed_in": "登录",
    "signed_out": "退出",
    "pin_set": "换 PIN",
    "pin_locked": "PIN 锁定",
    "pin_unlocked": "PIN 解锁",
    "refusal_shown": "被拒绝",
    "self_approved": "自己批准",
    "self_approval_reviewed": "复核自批",
    "brands_set": "品牌资料",
    "taxonomy_set": "分类资料",
    "certificates_set": "证书资料",
    "products_set": "商品资料",
    "barcodes_set": "条码资料",
    "kits_set": "礼包资料",
    "price_list_set": "发布价目",
    "price_list_withdrawn": "撤回价目",
    "promotion_set": "发布促销",
    "promotion_withdrawn": "撤回促销",
    "goods_received": "收货入库",
    "goods_moved": "移位",
    "stock_adjusted": "库存调整",
    "transfer_sent": "调拨出",
    "transfer_received": "调拨入",
    "dispatch_expected": "来单",
    "transit_settled": "在途了结",
    "goods_ordered": "要货",
    "count_opened": "开始盘点",
    "count_entered": "盘点录入",
    "count_sheet_printed": "打盘点表",
    "count_closed": "盘点过账",
    "lots_recalled": "召回",
    "recall_found": "找到召回货",
    "date_checked": "看过日期",
    "labels_printed": "打标签",
    "tag_taken": "换下价签",
    "day_opened": "开营业日",
    "shift_opened": "开班",
    "cash_moved": "收支现金",
    "drawer_opened": "开钱箱",
    "drawer_counted": "点钱箱",
    "shift_closed": "交班",
    "shift_counted": "补点",
    "difference_confirmed": "确认长短款",
    "day_closed": "日结 Z",
    "sale_completed": "销售",
    "line_removed": "删行",
    "basket_cancelled": "取消整单",
    "basket_held": "挂单",
    "basket_resumed": "取单",
    "twice_taken_seen": "核对两次取单",
    "receipt_reprinted": "重印",
    "tender_corrected": "改付款方式",
    "print_answered": "打印答复",
    "refund_completed": "退货",
    "invoice_requested": "申请开票",
    "invoice_buyer_corrected": "改抬头",
    "invoice_asked_again": "再次开票",
    "invoice_withdrawn": "不开票了",
    "red_letter_requested": "申请红字",
    "invoice_sent": "发票送出",
    "invoice_issued": "发票开出",
    "invoice_failed": "开票失败",
    "invoices_exported": "导出开票资料",
    "payment_attempted": "发起收款",
    "payment_moved": "收款进展",
    "refund_attempted": "发起退款",
    "refund_moved": "退款进展",
    "tab_opened": "开账单",
    "tab_settled": "结账单",
    "member_enrolled": "会员入会",
    "member_changed": "改会员",
    "member_forgotten": "会员注销",
    "member_shown": "看会员手机号",
    "points_adjusted": "调积分",
    "money_left": "顾客存款",
    "money_returned": "退还存款",
    "money_kept": "扣留存款",
    "office_person_set": "总部人员资料",
    "office_secret_set": "总部换密码",
    "office_signed_in": "总部登录",
    "office_sign_in_failed": "总部登录失败",
    "office_signed_out": "总部退出",
    "office_unlocked": "总部解锁",
    "office_refused": "总部被拒绝",
    "enrol_code_given": "发加入码",
    "device_approved": "放行设备",
    "device_revoked": "吊销设备",
    "device_released": "收进隔离的记录",
    "publication_proposed": "提出发布",
    "publication_declined": "驳回发布",
    "published": "发布",
    "recall_closed": "了结召回",
    "festival_set": "设节日",
    "update_offered": "发程序更新",
}
"""Kind without its version -> what happened."""
FIELD_WORDS = {
    "shop": "店", "till": "机号", "day": "营业日", "shift": "班次", "person": "工号",
    "amount": "金额", "reason": "原因", "document": "单据", "product": "货号", "lines": "明细",
    "number": "单号", "quantity": "数量", "approvals": "授权", "approver": "授权人",
    "code": "代码", "lot": "批", "tax": "税额", "member": "会员", "count": "个数",
    "tenders": "付款", "zone": "货架", "basket": "购物篮", "drawer": "钱箱", "tender": "付款方式",
    "sale": "原单", "supplier": "供应商", "expected": "应有", "counted": "实点", "series": "号段",
    "sequence": "当日序号", "gross": "原价合计", "reduced": "优惠", "rounding": "抹零",
    "due": "应收", "change": "找零", "points_earned": "得积分", "points_used": "用积分",
    "points_returned": "退积分", "points": "积分", "channel": "渠道", "seller": "销售主体",
    "pieces": "件数", "opened_ms": "开单时间", "price_list": "价目版本",
    "promotions": "促销版本", "rights": "权限版本", "original_number": "原小票号",
    "original_day": "原营业日", "public_key": "公钥", "previous": "上一本流水账",
    "previous_hash": "上一本的末位指纹", "device": "设备", "role": "角色", "active": "在岗",
    "key": "设置", "value": "改成", "what": "看了什么", "purpose": "用途", "difference": "差额",
    "net": "净额", "refunds": "退货", "sales": "销售", "grand_total": "累计净额",
    "float_fen": "备用金", "copy": "第几次重印", "action": "做什么", "before": "之前",
    "after": "之后", "state": "状态", "trade_no": "商户单号", "out_trade_no": "我方单号",
    "out_refund_no": "我方退款号", "attempt": "收款", "waybill": "运单", "temperature": "温度",
    "invoice_no": "发票号码", "taxes": "税", "acts": "要看的事", "notes": "票面",
    "head": "末位指纹", "from_seq": "从第几条", "to_seq": "到第几条",
    "removed": "删掉的行", "promotion": "促销",
    "products": "商品", "barcodes": "条码", "copies": "张数", "price": "价格",
    "failures": "错了几次", "by": "谁做的", "answer": "答复", "recall": "召回单", "lots": "批",
    "from_day": "从哪天", "to_day": "到哪天", "room": "房间", "expected_ms": "应是",
    "shown_ms": "机器显示",
}  # fmt: skip
"""Field of a fact -> its name; only of the fact itself, not of its parts."""
PROBLEM_WORDS = {
    "entry_missing": "缺记录",
    "entry_misplaced": "记录不在自己的位置",
    "content_changed": "内容被改过",
    "hash_changed": "指纹被改过",
    "signature_bad": "签名不对",
    "signature_unchecked": "没有公钥可验",
    "chain_broken": "与上一条接不上",
    "columns_changed": "索引栏被改过",
    "order_not_rising": "时间倒了",
    "entry_unreadable": "读不出来",
    "fact_unreadable": "读不懂",
    "entry_too_long": "太长",
    "journal_not_opened": "流水账没有开头",
    "key_changed": "公钥被换过",
    "previous_cut": "上一本流水账缺尾",
    "previous_went_on": "上一本流水账又写了",
    "number_missing": "缺小票号",
    "number_twice": "小票号重复",
    "number_out_of_order": "小票号乱序",
    "head_missing": "找不到这个指纹",
    "database_damaged": "数据库损坏",
    "schema_differs": "表结构不同",
    "meaning_failed": "记录写不进表",
    "row_changed": "账表的行被改过",
    "row_missing": "账表缺行",
    "row_extra": "账表多行",
    "sum_wrong": "合计不对",
    "paper_without_fact": "有小票没有记录",
    "more_problems": "还有更多",
}
"""What a check found, by its code."""
_MONEY = frozenset({
    *("amount", "tax", "gross", "reduced", "rounding", "due", "change", "net", "grand_total"),
    *("float_fen", "difference", "price", "refunds", "sales", "bonus", "expected", "counted"),
    *("paid", "tendered"),
})  # fmt: skip
_NOT_MONEY = frozenset({("count_entered", "counted"), ("day_closed", "counted")})
_PART_FIRST = ("line", "number", "name", "product", "tender", "kind", "rate", "lot", "code")
_PART_LAST = ("quantity", "amount", "paid", "price", "reason", "person", "approver", "count")
MOST_PARTS = 200
"""Lines of one list that are shown; the bytes hold them all."""
Translate = Callable[[str], str]


def kind_words(kind: str) -> str:
    """ "sale_completed@1" -> "销售"; a kind nobody knows here keeps its name."""
    return KIND_WORDS.get(kind.partition("@")[0], kind)


def said(kind: str, body: Mapping[str, Any], words: Translate = str) -> list[tuple[str, str]]:
    """(name, value) of everything a fact says, lists with a row for each part.

    `body` is the entry's JSON without its envelope; `words` translates a name.
    """
    rows: list[tuple[str, str]] = []
    name = kind.partition("@")[0]
    for field, value in body.items():
        shown = words(FIELD_WORDS[field]) if field in FIELD_WORDS else field
        if isinstance(value, list):
            rows.append((shown, str(len(value))))
            rows += [(f"　{n}", _part(name, each)) for n, each in enumerate(value[:MOST_PARTS], 1)]
        elif isinstance(value, dict):
            rows.append((shown, _part(name, value)))
        elif value != "":
            rows.append((shown, value_text(name, field, value)))
    return rows


def value_text(kind: str, field: str, value: object) -> str:
    """A value as people write it: yuan, quantities, times in China; else as it stands."""
    if not isinstance(value, int) or isinstance(value, bool):
        return str(value)
    if field in _MONEY and (kind, field) not in _NOT_MONEY:
        return yuan(value)
    if field == "quantity":
        return quantity_shown(value, weighed=value % 1000 != 0)
    return iso(value) if field.endswith("_ms") else str(value)


def _part(kind: str, part: object) -> str:
    """A line of a list in one row: what it is, then how much."""
    if not isinstance(part, dict):
        return str(part)
    ordered = [*_PART_FIRST, *_PART_LAST]
    known = [
        value_text(kind, field, part[field])
        for field in ordered
        if part.get(field) not in (None, "")
    ]
    rest = [
        f"{field} {value}"
        for field, value in part.items()
        if field not in ordered and value and not isinstance(value, list | dict)
    ]
    return " · ".join(known or rest)

"""What an import says about a row, in shop words: code -> sentence. Codes never change.

English is in `sentences_en.py`, under the same codes.
"""

from collections.abc import Mapping

from app.catalogue import sentences_en

SENTENCES: dict[str, str] = {
    # A row that cannot be taken.
    "row_unreadable": "这一行的引号没有配对，读不出来",
    "too_many_cells": "这一行比表头多出内容：{value}",
    "missing": "没有填写",
    "merged": "这一格被合并单元格盖住了，看不出它的内容。请取消合并，每一行都填上",
    "cell_error": "表格里是错误值 {value}，请改成正确的内容",
    "formula": "这一格是公式 {value}，请复制后“粘贴为数值”",
    "text_too_long": "太长了，最多 {most} 个字",
    "code_bad": "货号“{value}”只能用字母、数字和短横线，最多 24 位",
    "code_twice": "货号“{value}”与第 {other} 行重复",
    "price_bad": "“{value}”不是价格，请写成 12.50 这样",
    "price_zero": "售价不能是 0",
    "price_absurd": "价格“{value}”不合常理（应在 0.01 到 100,000.00 之间）",
    "cost_bad": "“{value}”不是进价，请写成 6.25 这样，最多 6 位小数",
    "yes_no_bad": "“{value}”看不懂，请填“是”或“否”",
    "unit_unknown": "不认识单位“{value}”",
    "unit_jin": "单位“{value}”不能用于交易，请改为 kg 并按每公斤定价",
    "weighed_needs_kg": "称重商品的单位必须是 kg",
    "choice_bad": "“{value}”不在可选范围：{choices}",
    "number_bad": "“{value}”不是 {least} 到 {most} 之间的整数",
    "rate_bad": "税率“{value}”不对，只能是 {choices}",
    "mark_needs_town": "标识含镇级，请填写品牌镇",
    "town_unknown": "没有“{value}”的镇级品牌，先在品牌表中加上",
    "claim_not_approved": "“{value}”是功能声称，没有核准的声称文件不能使用",
    "barcode_bad": "条码“{value}”只能用数字、字母和 - . _ /，最多 48 位",
    "barcode_scientific": "条码“{value}”被表格软件改成了科学计数，请把这一列设成“文本”再填写",
    "barcode_number": "条码“{value}”按数字存放，位数已不可靠，请把这一列设成“文本”再填写",
    "barcode_wallet": "“{value}”和付款码一样，不能当商品条码",
    "barcode_twice": "条码“{value}”与第 {other} 行重复，却是另一个商品",
    "barcode_taken": "条码“{value}”已经属于商品 {other}",
    "below_floor": "低于这一行的最低价 {value}",
    "product_unknown": "没有货号“{value}”的商品",
    "pack_of_weighed": "称重商品没有箱规",
    "kit_unknown": "“{value}”不是套装商品",
    "kit_in_kit": "套装里不能再放套装或服务：{value}",
    "kit_part_twice": "套装 {value} 的这个部件与第 {other} 行重复",
    "quantity_bad": "“{value}”不是数量",
    "date_bad": "“{value}”不是日期，请写成 2026-12-31",
    "number_twice": "编号“{value}”与第 {other} 行重复",
    "parent_unknown": "没有上级分类“{value}”",
    # A row that is taken, with a word of warning.
    "column_unknown": "不认识这一列，没有导入",
    "cleaned": "去掉了看不见的字符",
    "slip_mended": "“{value}”改为“{other}”",
    "unit_spelling": "单位“{value}”改为“{other}”",
    "weighed_assumed": "单位是 kg，按称重商品处理",
    "kg_not_weighed": "单位是 kg 却不称重，只能按整数卖",
    "looks_like_formula": "内容以 = + - @ 开头，按文字原样保存",
    "cost_above_price": "进价高于售价",
    "price_jump": "售价与现在的 {other} 相差五倍以上",
    "shelf_days_missing": "有保质期的商品没有填保质天数",
    "category_unknown": "分类“{value}”不在产品分类里",
    "no_certificate": "品名含“{value}”，收货和打签前要登记有效证书",
    "oem_incomplete": "贴牌代工商品还缺：{columns}",
    "health_food_no_missing": "没有保健食品批准文号，不能销售",
    "check_digit": "条码“{value}”的校验位不对，只认完全相同的码",
    "barcode_repeated": "与第 {other} 行相同，只导入一次",
}

COLUMN_WORDS: dict[str, str] = {
    "entrusting_party": "委托方",
    "maker": "受托方",
    "maker_licence": "受托方许可证号",
    "true_origin": "真实产地",
}


def sentence(code: str, details: Mapping[str, str | int], language: str = "zh") -> str:
    """The sentence of a code, its details filled in ("zh" or "en")."""
    words = dict(details)
    said, columns, between = SENTENCES, COLUMN_WORDS, "、"
    if language == "en":
        said, columns, between = sentences_en.SENTENCES, sentences_en.COLUMN_WORDS, ", "
    if "columns" in words:
        words["columns"] = between.join(columns[each] for each in str(words["columns"]).split())
    if "choices" in words:
        # A choice is quoted as it has to stand in the table; some are Chinese only.
        words["choices"] = str(words["choices"]).replace("、", between)
    return said[code].format(**words)

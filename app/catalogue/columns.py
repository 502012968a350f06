"""What people call the columns of their tables: our name -> the names we also understand."""

import re
import unicodedata

PRODUCT_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("货号", "商品编码", "商品编号", "编码", "编号", "商品代码", "plu", "sku", "代码"),
    "name": ("品名", "商品名称", "名称", "商品名", "商品", "产品名称", "product", "product name"),
    "spec": ("规格", "规格型号", "型号", "specification"),
    "unit": ("单位", "计价单位", "计量单位", "销售单位"),
    "weighed": ("称重", "是否称重", "称", "称重商品", "计重"),
    "price": ("price_yuan", "售价", "零售价", "单价", "价格", "销售价", "现价", "retail price"),
    "cost": ("cost_yuan", "进价", "成本", "成本价", "进货价", "采购价", "purchase price"),
    "kind": ("类型", "商品类型", "型", "type"),
    "mark": ("标识", "贴标", "品牌标识"),
    "brand_town": ("品牌镇", "镇级品牌", "品牌所属镇"),
    "origin_town": ("产地", "产地镇", "原产镇", "origin", "产地镇街"),
    "origin_village": ("产地村", "村", "village"),
    "category": ("类", "分类", "类别", "中类", "分类编码", "商品分类"),
    "subcategory": ("小类", "子类", "子类别", "细类"),
    "three_origin": ("三原", "三原程度"),
    "tier": ("档", "档次", "质量等级", "等级"),
    "shelf_life": ("效期", "保质方式", "保存方式", "效期类型"),
    "shelf_days": ("保质天数", "保质期", "保质期天数", "保质期(天)", "shelf life days"),
    "tax_class": ("税类", "税收类别"),
    "tax_rate": ("税率", "税率%", "增值税率", "vat"),
    "age_limit": ("年龄限制", "限龄", "最低年龄"),
    "deposit": ("deposit_yuan", "押金", "容器押金"),
    "wholesale_only": ("仅批发", "只批发"),
    "needs_health_food_no": ("需蓝帽子", "需保健食品号", "保健食品"),
    "health_food_no": ("蓝帽子", "保健食品批准文号", "保健食品号", "批准文号"),
    "needs_farm_certificate": ("需合格证", "承诺达标合格证"),
    "reducible": ("可打折", "参与优惠", "可优惠"),
    "display_only": ("展品", "只展示", "仅展示"),
    "aliases": ("别名", "俗名", "其他名称", "alias"),
    "certificates": ("证书", "证书号", "证书编号"),
    "entrusting_party": ("委托方", "委托企业"),
    "maker": ("受托方", "生产商", "制造商", "生产企业", "manufacturer"),
    "maker_licence": ("许可证号", "生产许可证", "sc证号", "受托方许可证号"),
    "true_origin": ("真实产地", "实际产地", "生产地"),
    "story": ("介绍", "故事", "简介", "说明", "description"),
    "active": ("在售", "启用", "有效", "上架", "enabled"),
    "barcode": ("条码", "条形码", "商品条码", "国际条码", "69码", "ean", "upc", "gtin"),
}
BARCODE_COLUMNS: dict[str, tuple[str, ...]] = {
    "product": ("货号", "商品编码", "商品编号", "编码", "商品", "product code"),
    "code": ("条码", "条形码", "商品条码", "国际条码", "69码", "barcode", "ean", "upc", "gtin"),
    "pack": ("件数", "箱规", "包装数", "每箱数量", "入数", "pieces"),
}
PRICE_COLUMNS: dict[str, tuple[str, ...]] = {
    "product": ("货号", "商品编码", "商品编号", "编码", "code", "product code"),
    "price": ("新价", "售价", "零售价", "单价", "价格", "销售价", "price_yuan"),
    "floor": ("最低价", "最低", "底价", "保底价", "floor_yuan"),
}
KIT_COLUMNS: dict[str, tuple[str, ...]] = {
    "kit": ("套装", "套装货号", "组合", "组合货号"),
    "part": ("部件", "部件货号", "子件", "组成", "component"),
    "quantity": ("数量", "用量", "qty"),
}
BRAND_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "代码", "品牌编码", "品牌代码"),
    "name": ("品牌", "品牌名称", "名称"),
    "level": ("级别", "层级"),
    "town": ("镇", "所属镇"),
}
TAXONOMY_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "代码", "分类编码"),
    "name": ("名称", "分类名称", "分类"),
    "parent": ("上级", "上级编码", "父类"),
    "version": ("版本",),
}
CERTIFICATE_COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("证书号", "证书编号", "编号"),
    "kind": ("种类", "证书种类", "类型", "type"),
    "issuer": ("发证机构", "颁发机构"),
    "text": ("核准用语", "内容", "用语"),
    "valid_from": ("生效日期", "有效期起", "开始日期"),
    "valid_to": ("失效日期", "有效期至", "截止日期"),
}

_NAMES = BARCODE_COLUMNS | KIT_COLUMNS | PRODUCT_COLUMNS | PRICE_COLUMNS


def heading_shown(column: str, language: str = "zh") -> str:
    """What a finding's column is called for people: a heading of the file as it stands there, a
    column the file does not have as our own lists call it."""
    return _NAMES.get(column, (column,))[0] if language == "zh" else column.replace("_", " ")


def header_key(text: str) -> str:
    """A heading without width, case, spaces, brackets around a unit, and stars for 'required'."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"\((元|yuan|天|days|%|kg|元/kg)\)|/元$", "", text)
    return re.sub(r"[\s*:：'\"]", "", text)


def places_of(
    cells: tuple[str, ...], columns: dict[str, tuple[str, ...]]
) -> tuple[dict[str, int], dict[int, str]]:
    """(our column -> its place, place -> heading nobody knows). The first of two equal ones wins;
    the second is reported among the unknown."""
    names = {
        header_key(spelling): name
        for name, others in columns.items()
        for spelling in (name, *others)
    }
    places: dict[str, int] = {}
    strange: dict[int, str] = {}
    for place, cell in enumerate(cells):
        name = names.get(header_key(cell))
        if name is not None and name not in places:
            places[name] = place
        elif cell.strip():
            strange[place] = cell.strip()
    return places, strange

"""What reports call things: the plan's channels and classes, and each report by its name."""

CHANNELS = {
    "C01": "优餐进机关", "C02": "优餐进企业", "C03": "优餐进楼宇", "C04": "优游合作",
    "C05": "优品进校", "C06": "优餐进医院", "C07": "优餐进养老院",
    "C08": "政府采购", "C09": "捐赠", "C10": "战略储备",
    "C11": "常规定制", "C12": "偶发定制",
    "C13": "线下实体店", "C14": "线上电商店", "C15": "自媒体营销",
}  # fmt: skip
CLASSES = {
    "1": "开平农品", "1.1": "开平马冈鹅", "1.2": "开平大沙茶", "1.3": "开平禽蛋",
    "1.4": "开平丝苗米", "1.5": "开平水产", "1.6": "开平果蔬",
    "2": "开平工品", "2.1": "开平食品", "2.2": "开平工艺品", "2.3": "开平老字号",
    "2.4": "开平非遗产品", "2.5": "制造与品牌辐射",
    "3": "开平服务", "3.1": "开平旅游", "3.2": "开平餐饮", "3.3": "开平文创", "3.4": "开平民宿",
    "9": "非品牌",
}  # fmt: skip
INDEX_CLASSES = {"1.1": "鹅", "1.2": "茶", "1.3": "蛋", "1.4": "米"}
"""The classes whose prices people follow."""
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
NONE = "（未填）"
GONE_BY_COUNT = "盘点差异"
REDUCTION_KINDS = {
    "override": "改价", "label_price": "标签价", "promotion": "促销活动", "member": "会员",
    "tag_price": "价签价", "line_discount": "单品折扣", "basket_discount": "整单折扣",
    "points": "积分抵", "rounding": "抹零",
}  # fmt: skip
ACTS = {
    "drawer_opened": "不卖货开钱箱", "line_removed": "删行", "basket_cancelled": "取消整单",
    "reprinted": "重印小票", "refund": "退货", "exchange": "换货", "override": "改价",
    "line_discount": "单品折扣", "basket_discount": "整单折扣",
    "tender_corrected": "改付款方式", "cash_moved": "现金存取",
}  # fmt: skip
"""What a manager asks about, in the shop's words."""
REPORTS = {
    "day": "日销", "month": "月销", "hour": "时段", "product": "商品", "category": "品类",
    "brand": "品牌", "town": "镇", "three_origin": "三原", "tier": "档次", "channel": "渠道",
    "cashier": "收银人员", "till": "收银台", "margin": "毛利", "tenders": "收款方式",
    "fast": "畅销", "slow": "滞销", "near_expiry": "临期", "shrinkage": "损耗",
    "promotions": "促销效果", "price_index": "价格指数", "exceptions": "异常",
    "average_cost": "加权平均成本",
}  # fmt: skip
"""Name on the console -> title."""
BOOK = frozenset({"margin", "tenders", "slow", "shrinkage", "exceptions", "average_cost"})
"""Reports for whoever may see the books."""

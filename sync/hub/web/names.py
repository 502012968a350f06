"""What words of records are called on the pages; English stands in resources/hub/en.toml."""

SCOPES = {
    "recalls": "召回",
    "catalogue": "商品",
    "prices": "价目",
    "promotions": "促销",
    "staff": "店员",
    "settings": "设置",
    "stock_hint": "库存提示",
}
MARKS = {"county": "县级标识", "town": "镇级标识", "dual": "县镇双标识", "": "无标识"}
PROMOTION_KINDS = {
    "item_price": "特价",
    "percent": "打折",
    "nth": "第几件",
    "buy_get": "买送",
    "spend_get": "满减",
    "swap": "换购",
    "kit": "套装",
    "member": "会员价",
}
SHOP_ROLES = {
    "cashier": "收银员",
    "lead": "班长",
    "manager": "店长",
    "auditor": "审计",
    "head_office": "总部",
}
OFFICE_ROLES = {"editor": "编辑", "approver": "核准员", "auditor": "审计"}
GROUP_NAMES = {
    "shop": "门店",
    "brand": "品牌",
    "town": "镇",
    "origin": "三原",
    "tier": "档次",
    "channel": "渠道",
    "category": "分类",
}
ACT_NAMES = {
    "person_set": "定角色",
    "secret_set": "换密码或动态码",
    "signed_in": "登录",
    "sign_in_failed": "登录没成",
    "signed_out": "退出",
    "unlocked": "解锁",
    "refused": "没有权",
    "enrol_code": "开加入码",
    "device_approved": "放行收银机",
    "device_revoked": "停用收银机",
    "device_released": "收进隔离的记录",
    "proposed": "提交核准",
    "declined": "退回",
    "published": "发布",
    "recall_closed": "召回结案",
    "festival_set": "改消费节",
    "update_offered": "发程序更新",
    "price_list_set": "定价目",
    "price_list_withdrawn": "撤回价目",
    "promotion_set": "定促销",
    "promotion_withdrawn": "撤回促销",
    "recalled": "召回",
    "staff_set": "定店员",
}
SECRETS = {"password": "密码", "second_factor": "动态码"}
FAILURES = {
    "password": "密码不对",
    "code": "动态码不对",
    "locked": "连错十次，已锁定",
    "gone": "已离职",
    "unknown": "没有这个工号",
}
LEAVING = {"left": "自己退出", "idle": "太久没动"}
RIGHTS = {
    "see": "看页面",
    "audit": "看操作记录",
    "enrol_code": "开加入码",
    "approve_device": "放行收银机",
    "revoke_device": "停用收银机",
    "catalogue": "改商品",
    "publish": "发布",
    "second": "当第二个人核准",
    "festival": "改消费节",
    "recall": "召回",
    "recall_close": "召回结案",
    "staff": "定店员",
    "people": "定总部人员",
    "update": "发程序更新",
}
FLAGS = {"forked": "同一本流水账有两个写法", "quarantined": "有记录在隔离"}
HELD = {
    "newer_program": "要先更新程序",
    "unknown_kind": "有它不认识的内容",
    "unreadable": "读不懂",
    "wrong_shop": "不是这家店的",
    "price_zero": "有零价",
    "reduction_too_great": "降得太多",
    "price_jump": "价格变得太多",
}
"""Why a version does not count at a till."""
IMPORT_KINDS = {
    "products": "商品",
    "barcodes": "条码",
    "kits": "礼盒（套装的部件）",
    "brands": "品牌",
    "taxonomy": "分类",
    "certificates": "证书",
}
WEEKDAYS = {
    1: "周一",
    2: "周二",
    3: "周三",
    4: "周四",
    5: "周五",
    6: "周六",
    7: "周日",
}
"""As the calendar numbers them."""
PROMOTION_FIELDS = {
    "products": ("item_price", "percent", "nth", "buy_get", "spend_get", "swap", "member"),
    "base": ("item_price", "percent", "nth", "member"),
    "price": ("item_price", "percent", "nth", "swap", "kit", "member"),
    "percent": ("percent", "nth", "spend_get", "member"),
    "spend": ("spend_get", "swap"),
    "off": ("spend_get",),
    "n": ("nth", "buy_get"),
    "get": ("buy_get",),
    "gifts": ("buy_get",),
    "parts": ("kit",),
}
"""Which kinds of promotion a field of its form means something to; the others do not show it."""
CUSTOMER_GROUPS = {"member": "会员"}
DETAIL_WORDS = {
    "person_set": OFFICE_ROLES,
    "secret_set": SECRETS,
    "sign_in_failed": FAILURES,
    "signed_out": LEAVING,
    "refused": RIGHTS,
    "published": SCOPES,
    "price_list_set": CUSTOMER_GROUPS,
    "staff_set": SHOP_ROLES,
}
"""What the second word of an act means, by act; other words are people's own."""
ALL = {
    "import_kinds": IMPORT_KINDS,
    "weekdays": WEEKDAYS,
    "secrets": SECRETS,
    "failures": FAILURES,
    "leaving": LEAVING,
    "right_names": RIGHTS,
    "customer_groups": CUSTOMER_GROUPS,
    "flag_names": FLAGS,
    "held_names": HELD,
    "scopes": SCOPES,
    "marks": MARKS,
    "promotion_kinds": PROMOTION_KINDS,
    "shop_roles": SHOP_ROLES,
    "office_roles": OFFICE_ROLES,
    "group_names": GROUP_NAMES,
    "act_names": ACT_NAMES,
}

"""Every setting of a shop in one described, typed, defaulted table.

A setting is changed by a fact, so each change has a person and a time. Values travel as text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import Refusal
from app.languages import CHARACTERS, LANGUAGES
from app.text import clean, clean_lines


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key, group on the screen, sentence, default and check."""

    key: str
    group: str
    words: str
    default: str
    check: Callable[[str], str]


def _text(most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        value = clean(value)
        if len(value) > most:
            raise Refusal("setting_bad", reason=f"最多 {most} 个字")
        return value

    return check


def _lines(most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        return clean_lines(value, most=most)

    return check


def _one_of(*choices: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in choices:
            raise Refusal("setting_bad", reason=f"只能是 {'、'.join(choices)}")
        return value

    return check


def _whole(least: int, most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise Refusal("setting_bad", reason=f"{least} 到 {most} 的整数")
        return str(int(value))

    return check


def _practice_address(value: str) -> str:
    value = clean(value).rstrip("/")
    if value and not re.fullmatch(r"http://(127\.0\.0\.1|localhost):[0-9]{1,5}", value):
        raise Refusal("setting_bad", reason="只能是本机地址，如 http://127.0.0.1:8790")
    return value


def _page(value: str) -> str:
    value = clean(value)
    if value and not re.fullmatch(r"https://[!-~]{4,160}", value):
        raise Refusal("setting_bad", reason="要写完整的网址，如 https://fapiao.example.cn/r/")
    return value


def _credit_code(value: str) -> str:
    value = clean(value).upper()
    if value and not (len(value) == 18 and value.isascii() and value.isalnum()):
        raise Refusal("setting_bad", reason="统一社会信用代码是 18 位字母和数字")
    return value


SETTINGS: tuple[Setting, ...] = (
    Setting("shop_name", "店铺", "店名，印在小票抬头", "", _text(40)),
    Setting("seller_name", "店铺", "销售方（营业执照上的名称）", "", _text(60)),
    Setting("credit_code", "店铺", "统一社会信用代码", "", _credit_code),
    Setting("address", "店铺", "地址", "", _text(80)),
    Setting("phone", "店铺", "电话", "", _text(20)),
    Setting("service_phone", "店铺", "品牌服务电话", "", _text(20)),
    Setting(
        "return_rule",
        "店铺",
        "退换货规定，印在小票末尾",
        "凭小票 7 日内可退换，生鲜只收质量问题",
        _text(120),
    ),
    Setting("return_days", "退货", "几天内可以退（质量问题不限）", "7", _whole(0, 365)),
    Setting(
        "return_fresh",
        "退货",
        "只收质量问题的保质类别，空格隔开",
        "live fresh_loose made_today",
        _text(120),
    ),
    Setting("refund_day_cap", "退货", "没有小票的退货，一天最多几元", "500", _whole(0, 100_000)),
    Setting(
        "profile",
        "经营",
        "店型：旗舰店、连锁店、专柜、民宿前台",
        "chain",
        _one_of("flagship", "chain", "counter", "homestay"),
    ),
    Setting(
        "single_keeper",
        "经营",
        "一个人看店：要第二人授权的由店长自己做，事后复核",
        "off",
        _one_of("off", "on"),
    ),
    Setting("channel", "经营", "默认渠道小类", "C13", _text(8)),
    Setting("price_zone", "经营", "价区，由总部划分，空着是不分", "", _text(20)),
    Setting("cutoff_hour", "经营", "营业日几点换日", "4", _whole(0, 12)),
    Setting(
        "tag_price",
        "收款",
        "架上价签比收银价低时按价签收：开或关",
        "on",
        _one_of("on", "off"),
    ),
    Setting("rounding", "收款", "现金抹零到", "jiao", _one_of("none", "jiao", "yuan")),
    Setting("channel_address", "收款", "练习用的支付网络的地址", "", _practice_address),
    Setting(
        "receipt_print",
        "打印",
        "小票：每单都印、顾客要才印、不印",
        "always",
        _one_of("always", "ask", "never"),
    ),
    Setting("receipt_language", "打印", "小票的文字", "zh", _one_of(*LANGUAGES)),
    Setting("points_per", "会员", "满几元积一分，0 是不积分", "1", _whole(0, 1000)),
    Setting("points_worth", "会员", "一百分抵几分钱，0 是不能抵", "100", _whole(0, 10000)),
    Setting("stored_value", "会员", "收储值：关或开", "off", _one_of("off", "on")),
    Setting("report_folder", "报表", "日结后日报 PDF 另存到哪个文件夹，空着不另存", "", _text(200)),
    Setting("receipt_template", "打印", "小票模板的文字", "", _lines(4000)),
    Setting("invoice_words", "发票", "小票上怎么说开票，空着不印", "", _text(80)),
    Setting("invoice_page", "发票", "自助开票网页，单号接在后面，印成二维码", "", _page),
    Setting("tax_codes", "发票", "税收分类编码，一行一种：键 起始日 编码 简称", "", _lines(8000)),
    Setting("transit_days", "库存", "在途超过几天记入待办", "3", _whole(1, 60)),
    Setting("order_days", "库存", "要货看最近几天的销售", "14", _whole(1, 400)),
    Setting("order_lead", "库存", "要货后几天送到", "2", _whole(0, 60)),
    Setting("order_cover", "库存", "一次要够卖几天", "7", _whole(0, 200)),
    Setting("scale_formats", "秤签", "秤签条码格式，一行一种", "", _lines(1000)),
    Setting("trace_host", "秤签", "溯源网址的开头", "", _text(80)),
    Setting("count_recount", "盘点", "差异超过几元要第二个人复点", "50", _whole(0, 100_000)),
    Setting("count_clock", "盘点", "两台机的钟最多差几秒，卖出在这之内要复点", "5", _whole(0, 600)),
    Setting("quick_keys", "经营", "快捷键页：页名=货号,货号…", "", _lines(4000)),
    Setting(
        "large_type",
        "屏幕",
        "字号，下次打开时换；屏幕放不下的用小一号",
        "auto",
        _one_of("auto", "100", "125", "150"),
    ),
    Setting("colours", "屏幕", "颜色，下次打开时换", "light", _one_of("light", "dark")),
    Setting("customer_language", "屏幕", "顾客屏的文字", "zh", _one_of(*CHARACTERS)),
    Setting("language", "屏幕", "界面语言", "zh", _one_of("zh", "en")),
)
BY_KEY = {setting.key: setting for setting in SETTINGS}


def checked(key: str, value: str) -> str:
    """The value as it will be kept. Raises Refusal: setting_unknown, setting_bad."""
    if (setting := BY_KEY.get(key)) is None:
        raise Refusal("setting_unknown", key=key[:40])
    return setting.check(value)


ROUNDING_STEP = {"none": 1, "jiao": 10, "yuan": 100}
"""抹零: cash due is cut down to a multiple of so many fen."""

"""The pages before there is a till, as views: what is asked, in which words."""

import msgspec

from ui.guide.answers import Answers
from ui.language import tr
from ui.room_views import CardView, FieldView, GuideView
from ui.views import MessageView

ASKED_FIRST = ("which", "profile", "shop", "seller", "keystore", "person")
"""Before the till stands; `keystore` only where the system keeps no keys."""
STRONG_PASSPHRASE, FAIR_PASSPHRASE = 20, 12
"""Characters; below eight a passphrase is refused."""


def step_words(*, keystore: bool = False) -> dict[str, str]:
    """Every page's short name, in order."""
    words = {
        "which": tr("这是哪个店"), "profile": tr("店型"), "shop": tr("店名和店号"),
        "seller": tr("销售方"), "keystore": tr("钥匙放哪里"), "person": tr("第一个人"),
        "printer": tr("打印机"), "recovery": tr("恢复码"), "goods": tr("商品"),
        "scan": tr("扫一扫"),
    }  # fmt: skip
    if not keystore:
        del words["keystore"]
    return words


def frame(page: str, *, keystore: bool = False) -> GuideView:
    """An empty page that says where in the guide it stands."""
    words = step_words(keystore=keystore)
    return GuideView(
        step=list(words).index(page), steps=tuple(words.values()), title="", can_skip=False
    )


def first_page(page: str, answers: Answers, errors: dict[str, str], *, keystore: bool) -> GuideView:
    """One of the pages before the till; `errors` says by field what was wrong."""
    step = "keystore" if page == "passphrase" else page
    view = msgspec.structs.replace(_PAGES[page](answers), **_place(step, keystore=keystore))
    fields = tuple(
        msgspec.structs.replace(field, error=errors.get(field.name, "")) for field in view.fields
    )
    return msgspec.structs.replace(view, fields=fields)


def _place(step: str, *, keystore: bool) -> dict[str, object]:
    there = frame(step, keystore=keystore)
    return {"step": there.step, "steps": there.steps, "can_go_back": step != "which"}


def _page(title: str, detail: str = "", **more: object) -> GuideView:
    empty = GuideView(step=0, steps=(), title=title, detail=detail, can_skip=False)
    return msgspec.structs.replace(empty, **more)


def _which(_answers: Answers) -> GuideView:
    cards = (
        CardView(name="alone", word=tr("开自己的店"), icon="store",
                 description=tr("空着开始，或从 Excel、CSV 导入商品")),
        CardView(name="restore", word=tr("恢复"), icon="archive",
                 description=tr("机器坏了、丢了：用备份盘和恢复码，店和账都回来")),
        CardView(name="demo", word=tr("先看看"), icon="play",
                 description=tr("演示店：107 种商品，随便卖，不进真账")),
    )  # fmt: skip
    return _page(tr("这是哪个店？"), tr("选一个。关掉再开，会从停下的地方接着问。"),
                 cards=cards, next_enabled=False, next_reason=tr("先选一个"))  # fmt: skip


def _profile(answers: Answers) -> GuideView:
    words = {
        "flagship": (tr("旗舰店"), tr("展示馆那样的大店"), "building"),
        "chain": (tr("连锁店"), tr("街上的门店，每单都打小票"), "store"),
        "counter": (tr("专柜"), tr("在别人的场子里卖"), "shopping-basket"),
        "homestay": (tr("民宿前台"), tr("一天几单，顾客要才打小票"), "house"),
    }
    cards = tuple(
        CardView(name=name, word=word, description=text, icon=icon, chosen=name == answers.profile)
        for name, (word, text, icon) in words.items()
    )
    return _page(tr("这是什么样的店？"), tr("决定几个默认值，以后在设置里随时改。"),
                 cards=cards, next_enabled=False, next_reason=tr("先选一个"))  # fmt: skip


def _shop(answers: Answers) -> GuideView:
    fields = (
        FieldView(name="shop_name", word=tr("店名"), value=answers.shop_name,
                  hint=tr("印在小票抬头")),
        FieldView(name="code", word=tr("店号"), value=answers.code, kind="code",
                  hint=tr("2 到 8 位字母和数字，印在每个小票号里，定了不能改")),
        FieldView(name="till", word=tr("机号"), value=answers.till, kind="code",
                  hint=tr("这家店的第几台收银机，1 到 99，定了不能改")),
    )  # fmt: skip
    return _page(tr("店叫什么？"), fields=fields)


def _seller(answers: Answers) -> GuideView:
    fields = (
        FieldView(name="seller_name", word=tr("名称"), value=answers.seller_name,
                  hint=tr("营业执照上的名称，印在小票上")),
        FieldView(name="credit_code", word=tr("统一社会信用代码"), value=answers.credit_code,
                  kind="code", hint=tr("18 位字母和数字")),
        FieldView(name="address", word=tr("地址"), value=answers.address),
        FieldView(name="phone", word=tr("电话"), value=answers.phone, kind="code"),
    )  # fmt: skip
    return _page(tr("东西是谁卖的？"), tr("小票上要写清销售方。手边没有执照，可以以后在设置里填。"),
                 fields=fields, can_skip=True)  # fmt: skip


def _keystore(_answers: Answers) -> GuideView:
    cards = (
        CardView(name="passphrase", word=tr("用一句口令"), icon="key-round",
                 description=tr("每次开机都要输入；忘了口令，密封的资料谁也打不开")),
        CardView(name="file", word=tr("存成一个文件"), icon="lock",
                 description=tr("只有这个系统用户能读；谁拿走整块硬盘，谁就能打开")),
    )  # fmt: skip
    warning = MessageView(
        text=tr("这台机的系统没有可用的钥匙串"),
        detail=tr("人名、PIN 和签名用的钥匙要锁起来，请您选怎么锁"),
        tone="warn",
    )
    return _page(tr("钥匙放在哪里？"), cards=cards, message=warning, next_enabled=False,
                 next_reason=tr("先选一个"))  # fmt: skip


def _passphrase(_answers: Answers) -> GuideView:
    fields = (
        FieldView(name="passphrase", word=tr("口令"), kind="phrase",
                  hint=tr("至少 8 个字，越长越好；几个不相干的词连起来就很好")),
        FieldView(name="passphrase_again", word=tr("再输一次"), kind="phrase"),
    )  # fmt: skip
    return _page(tr("想一句口令"), tr("写下来锁好。忘了它，密封的资料谁也打不开。"), fields=fields)


def _person(answers: Answers) -> GuideView:
    fields = (
        FieldView(name="number", word=tr("工号"), value=answers.number,
                  hint=tr("2 到 8 位数字"), kind="code"),
        FieldView(name="name", word=tr("姓名"), value=answers.name),
        FieldView(name="pin", word=tr("PIN（至少六位）"), kind="secret",
                  hint=tr("不能是顺子，也不能只用一两个数字")),
        FieldView(name="again", word=tr("再输一次"), kind="secret"),
    )  # fmt: skip
    return _page(tr("谁是第一个人？"), tr("这个人是店长，可以再加别的人。"),
                 fields=fields, next_word=tr("开店"))  # fmt: skip


def strength(passphrase: str) -> str:
    """How strong a passphrase is, in a sentence."""
    kinds = len({_kind_of(mark) for mark in passphrase})
    length = len(passphrase) + 2 * (kinds - 1) if len(set(passphrase)) > 4 else 0
    if not passphrase:
        return ""
    if len(passphrase) < 8:
        return tr("还差 {count} 个字", count=8 - len(passphrase))
    if length >= STRONG_PASSPHRASE:
        return tr("强")
    return tr("够用") if length >= FAIR_PASSPHRASE else tr("弱，再长一点好")


def _kind_of(mark: str) -> str:
    if mark.isdigit():
        return "digit"
    if not mark.isascii():
        return "other"
    return "letter" if mark.isalpha() else "sign"


_PAGES = {
    "which": _which, "profile": _profile, "shop": _shop, "seller": _seller,
    "keystore": _keystore, "passphrase": _passphrase, "person": _person,
}  # fmt: skip

"""Scripted states of the rooms behind the till, and of the customer's screen."""

from functools import cache

import msgspec
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QImage, QPainter

from app.facts.catalogue import Product
from ui.presenters.asking import ask_choice, ask_value
from ui.presenters.loose_goods import LooseGoods
from ui.presenters.loose_views import loose_view
from ui.presenters.receipts import day_choices
from ui.presenters.refund_views import (
    dispositions,
    done_columns,
    line_columns,
    reasons,
)
from ui.refund_views import RefundLineView, RefundView
from ui.room_views import (
    ColumnView,
    CustomerLineView,
    CustomerView,
    DevicesView,
    DeviceView,
    ExplainView,
    ListView,
    PeopleView,
    PriceView,
    ReceiptsView,
    RoomView,
    RowView,
    SettingGroupView,
    SettingsView,
    SettingView,
    StoryView,
    TasksView,
)
from ui.screens.held import held_columns
from ui.screens.people import people_columns
from ui.screens.tasks import task_columns
from ui.theme import Theme
from ui.views import ChoiceView, MessageView, ReductionView


@cache
def paper_png() -> bytes:
    """A made-up receipt, drawn here so that these tests need no printer."""
    image = QImage(384, 520, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(Theme().font("amount", bold=True))
    painter.drawText(QRect(0, 20, 384, 40), Qt.AlignmentFlag.AlignHCenter, "开平优品 展示馆旗舰店")
    painter.setFont(Theme().font("product"))
    rows = ("大沙红茶 100g      68.00", "侨心饼 400g ×3   144.00", "----------------------",
            "应收             212.00", "微信             212.00")  # fmt: skip
    for number, text in enumerate(rows):
        painter.drawText(24, 110 + number * 40, text)
    painter.fillRect(112, 330, 160, 160, Qt.GlobalColor.black)
    painter.fillRect(132, 350, 120, 120, Qt.GlobalColor.white)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def receipts() -> ReceiptsView:
    columns = (
        ColumnView(title="时间", width=84),
        ColumnView(title="小票号", look="strong"),
        ColumnView(title="收款", width=90),
        ColumnView(title="金额", width=110, right=True, look="figure"),
    )
    rows = tuple(
        RowView(key=str(n), cells=(f"1{4 - n // 4}:{50 - n * 3 % 60:02d}",
                                   f"KP01-1-261207-{42 - n:04d}", ("现金", "微信", "支付宝")[n % 3],
                                   ("297.00", "68.00", "1,204.50")[n % 3]),
                state="warn" if n == 3 else "")
        for n in range(14)
    )  # fmt: skip
    return ReceiptsView(
        found=ListView(columns=columns, rows=rows, marked="1", foot="180 笔　实收 17,393.55"),
        preview_png=paper_png(), preview_note="已打印 1 次 · 微信 212.00", days=day_choices(),
        day_chosen="today", correct_enabled=True,
    )  # fmt: skip


def receipts_correcting(*, secret: bool = False) -> ReceiptsView:
    """Another tender was pressed: which it really was, and somebody else's PIN."""
    really = ask_choice("记的是现金，实际是？",
                        (("card", "银行卡"), ("static_qr", "静态码"), ("transfer", "转账")),
                        lambda _name: None, keyed=True)  # fmt: skip
    pin = ask_value("工号 201 的 PIN", lambda _pin: None, kind="secret", yes="授权",
                    detail="这一步要值班长授权：请另一人输入工号和 PIN")  # fmt: skip
    return msgspec.structs.replace(receipts(), question=(pin if secret else really).view)


NO_RECEIPTS = ReceiptsView(
    found=ListView(state="empty", state_title="没有找到小票",
                   state_detail="换一天，或输入小票号后四位、金额"),
    days=day_choices(), day_chosen="today", reprint_enabled=False, reprint_reason="先选一张小票",
    refund_enabled=False, refund_reason="先选一张", invoice_enabled=False,
    invoice_reason="先选一张",
)  # fmt: skip


def refund(*, asking: bool = False, refused: bool = False) -> RefundView:
    rows = (
        RowView(
            key="1",
            cells=("大沙红茶 100g", "1", "–" if refused else "1", "68.00"),
            under="不想要 · 验后回架",
        ),
        RowView(
            key="2",
            cells=("大沙麦菜", "0.820", "0.820" if refused else "–", "9.51"),
            under="生鲜：只收质量问题",
        ),
        RowView(key="3", cells=("侨心饼 400g", "3", "–", "144.00")),
    )
    said = ask_value("工号 301 的 PIN", lambda _pin: None, kind="secret", yes="授权",
                     detail="这一步要店长授权：请另一人输入工号和 PIN")  # fmt: skip
    message = MessageView(text="大沙麦菜 是生鲜，只收质量问题", code="return_policy",
                          action="approve", action_word="请另一人授权")  # fmt: skip
    return RefundView(
        under="原单 KP01-1-261207-0031 · 微信 221.51",
        rows=ListView(columns=line_columns(), rows=rows, marked="2" if refused else "1",
                      foot="退的是实付（已含优惠与抹零分摊）"),
        line=RefundLineView(
            key="1", name="大沙麦菜" if refused else "大沙红茶 100g",
            quantity="0.820" if refused else "1", weighed=refused,
            note="生鲜：只收质量问题" if refused else "",
            reason="no_longer_wanted", disposition="shelf"),
        reasons=reasons(), dispositions=dispositions(),
        ways=(("原路退 微信", "9.51" if refused else "68.00"),), note="退后仍可退 153.51",
        total_label="应退 ¥", total="9.51" if refused else "68.00", whole_shown=True,
        confirm_word="退款", confirm_enabled=True, question=said.view if asking else None,
        message=message if refused else None,
    )  # fmt: skip


def refund_finding() -> RefundView:
    return RefundView(
        rows=receipts().found, picking=True, loose_shown=True, confirm_word="打开这张",
        confirm_enabled=True,
        note="扫小票上的码，或选一张小票。也可以输微信、支付宝账单上的单号，或日期和金额。",
    )  # fmt: skip


def refund_loose() -> RefundView:
    loose = LooseGoods()
    for code, name, price in (
        ("11014", "马冈鹅蛋卷 400g", 38_00),
        ("12001", "大沙红茶 100g", 68_00),
    ):
        loose.add(Product(code=code, name=name, price=price, unit="罐"))
    loose.change(price=60_00, reason="quality")
    return loose_view(loose)


def refund_done() -> RefundView:
    rows = (RowView(key="1", cells=("大沙红茶 100g", "1", "−68.00"), under="不想要 · 验后回架"),)
    return RefundView(
        under="退货单 KP01-1-261207-0032",
        rows=ListView(columns=done_columns(), rows=rows, foot="原单 KP01-1-261207-0031"),
        ways=(("微信 在退，还没到账", "−50.00"), ("现金：从钱箱取给顾客", "−18.00")),
        note="可以先接下一位；没退成会出现在待办里。",
        total_label="已退 ¥", total="−68.00", confirm_word="完成", confirm_enabled=True,
    )  # fmt: skip


def tasks(*, asking: bool = False) -> TasksView:
    what = (
        ("微信 221.51 还不知道收到没有（商户单号 KPYP2612070031A1）", "店长", "12 分钟"),
        ("小票 KP01-1-261207-0038 不知道有没有印出来，请看打印机", "收银", "25 分钟"),
        ("绿色马冈光鹅 账面 −1.2，卖的比收的多，请补入库或盘点", "店长", "3 小时"),
        ("2026-12-06 微信 账单上已收，本机当作没有收到：KPYP2612060008A1，本机 0.00，账单 68.00",
         "店长", "昨天"),
    )  # fmt: skip
    rows = tuple(
        RowView(key=str(n), state="warn", cells=cells, action_word="" if n == 3 else "处理")
        for n, cells in enumerate(what, 1)
    )
    question = ask_choice(
        "请看打印机：印出来了吗？",
        (("printed", "印出来了"), ("again", "没有，再印一张"), ("drop", "不要了")),
        lambda _answer: None,
        keyed=True,
    )
    return TasksView(
        tasks=ListView(columns=task_columns(), rows=rows, marked="2" if asking else "1"),
        question=question.view if asking else None,
    )


NO_TASKS = TasksView(
    tasks=ListView(columns=(), state="empty", state_title="没有待办",
                   state_detail="有事要处理时会出现在这里")
)  # fmt: skip


def held() -> ListView:
    rows = (
        RowView(key="1", cells=("13:58", "马冈鹅蛋卷 300g 等", "6", "297.01", "本机")),
        RowView(key="2", cells=("13:41", "大沙黄茶 特级 100g", "1", "128.00", "2 号机")),
    )
    return ListView(columns=held_columns(), rows=rows, marked="1",
                    foot="2 号机的账到 12 分钟前")  # fmt: skip


def devices() -> DevicesView:
    return DevicesView(
        devices=(
            DeviceView(key="r", kind="receipt", name="小票打印机", how="USB · 80 毫米 · GB18030",
                       state="ok", state_word="正常", preview_png=paper_png(),
                       actions=(ChoiceView(name="test", word="测试"),
                                ChoiceView(name="setup", word="设置"))),
            DeviceView(key="l", kind="label", name="标签打印机",
                       how="网络 192.168.1.60 · TSPL 40×30",
                       state="stop", state_word="连不上", detail="已排队 3 张，连上后接着打",
                       actions=(ChoiceView(name="test", word="测试"),
                                ChoiceView(name="setup", word="设置"))),
            DeviceView(key="d", kind="drawer", name="钱箱", how="接在小票打印机上", state="ok",
                       state_word="已关", actions=(ChoiceView(name="open", word="打开"),)),
            DeviceView(key="c", kind="display", name="顾客屏",
                       how="第二块屏幕 1024×600", state="warn",
                       state_word="未接", actions=(ChoiceView(name="test", word="测试"),)),
        ),
        explain=ExplainView(
            code="2100187045206", kind="秤签（金额码）",
            facts=(("商品", "潭碧冬瓜"), ("PLU", "00187"), ("金额", "45.20"), ("校验位", "6 正确")),
            next_step="按 6.60/kg 折成 6.848 kg 入单。",
        ),
    )  # fmt: skip


def devices_refused() -> DevicesView:
    message = MessageView(text="钱箱没有打开，请看看线有没有插好", code="drawer_unreachable")
    return msgspec.structs.replace(devices(), message=message)


def settings() -> SettingsView:
    group = SettingGroupView(
        key="till", word="收银", description="只影响这台收银机。",
        settings=(
            SettingView(key="rounding", word="抹零", description="只在收现金时、只往下抹。",
                        kind="choice", value="fen",
                        choices=(ChoiceView(name="none", word="不抹"),
                                 ChoiceView(name="fen", word="抹到角"),
                                 ChoiceView(name="jiao", word="抹到元"))),
            SettingView(key="zero", word="扫付款码直接收款",
                        description="篮子没有待回答的问题时，扫到付款码就收，不用按键。",
                        kind="switch", value="1"),
            SettingView(key="float", word="备用金", description="开班时默认填入。", kind="number",
                        value="500.00", unit="元"),
            SettingView(key="cutoff", word="日切时间", description="几点以前算前一个营业日。",
                        kind="number", value="44", unit="点", error="要在 0 到 12 之间"),
            SettingView(key="backup", word="第二块盘", description="每次关店把当天单据再存一份。",
                        kind="action", value="选择位置…"),
        ),
    )  # fmt: skip
    words = ("本店", "收银", "打印", "声音和显示", "支付", "会员", "备份", "关于")
    groups = tuple(
        group if word == "收银" else SettingGroupView(key=word, word=word) for word in words
    )
    return SettingsView(groups=groups, chosen="till", saved="14:02 已保存")


ROOMS = tuple(
    RoomView(name=name, word=word, key=key, icon=icon, note=note)
    for name, word, key, icon, note in (
        ("receipts", "单据", "Ctrl+R", "receipt-text", "找小票、重印"),
        ("close_shift", "交班", "Ctrl+J", "wallet", "点钞、核对、交"),
        ("tasks", "待办", "Ctrl+T", "list-checks", "2 件要处理"),
        ("stock", "库存", "", "boxes", "收货、调拨、报损"),
        ("count", "盘点", "", "clipboard-check", "边卖边点"),
        ("reports", "报表", "", "chart-column", "日销、商品、时段"),
        ("members", "会员", "F5", "users", "侨乡卡"),
        ("devices", "设备", "", "printer", "打印机、钱箱、秤"),
        ("settings", "设置", "", "settings", "这台机和这家店"),
        ("lock", "锁屏", "Ctrl+L", "lock", "离开一下"),
    )
)


PEOPLE = PeopleView(
    people=ListView(
        columns=people_columns(),
        rows=(
            RowView(key="101", cells=("101", "张三", "收银员", "在岗")),
            RowView(key="102", cells=("102", "何九", "收银员", "已锁定"), state="warn"),
            RowView(key="103", cells=("103", "欧阳娜娜", "收银员", "已离岗")),
            RowView(key="201", cells=("201", "李四", "值班长", "在岗")),
            RowView(key="301", cells=("301", "王五", "店长", "在岗")),
        ),
        marked="102", foot="在岗 4 人",
    ),
)  # fmt: skip
PEOPLE_ASK = msgspec.structs.replace(
    PEOPLE, why_not={"unlock": "没有锁定"},
    question=ask_value("工号 102 的新 PIN（六位以上）", lambda _pin: None, kind="secret").view,
)  # fmt: skip

STORY = StoryView(
    title="大沙黄茶",
    place="大沙镇 · 夹水村",
    text="海拔七百米的老茶园，清明前一芽一叶，闷黄三天。村里三十七户合作社自己做，扫小票上的溯源码能看到是哪一批。",
)
CUSTOMER = CustomerView(
    mode="selling", shop="开平优品 · 展示馆旗舰店",
    lines=(
        CustomerLineView(name="马冈鹅蛋卷 300g", quantity="× 2", amount="76.00"),
        CustomerLineView(name="潭碧冬瓜", quantity="4.320 kg", amount="28.51"),
        CustomerLineView(name="大沙黄茶 特级 100g", quantity="× 2", amount="256.00",
                         reductions=(ReductionView(name="第二件半价", amount="−64.00"),)),
        CustomerLineView(name="塑料购物袋 大", quantity="× 1", amount="0.50"),
    ),
    saved="64.00", total="297.01", story=STORY,
)  # fmt: skip
CUSTOMER_PAID = CustomerView(
    mode="paid",
    shop="开平优品 · 展示馆旗舰店",
    total="297.00",
    paid_by="现金",
    change="3.00",
    notice="小票上的码可以看每样东西从哪里来",
)
CUSTOMER_IDLE = CustomerView(
    mode="idle", shop="开平优品 · 展示馆旗舰店", story=STORY,
    prices=tuple(PriceView(name=name, price=price, change=change) for name, price, change in (
        ("绿色马冈光鹅", "56.00/kg", "▲ 2.0"), ("大沙红茶 100g", "68.00/罐", ""),
        ("开平小粘 5kg", "78.00/袋", "▼ 2.0"), ("金鸡鲜鸡蛋", "13.60/kg", ""),
        ("潭碧冬瓜", "6.60/kg", "▲ 0.4"))),
)  # fmt: skip

NOTICE = MessageView(text="已保存", tone="ok")

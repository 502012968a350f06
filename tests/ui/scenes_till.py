"""Scripted states of the selling screens: what the pictures are made from."""

from ui.presenters.charging import tender_views
from ui.presenters.counter_views import qr_rows
from ui.views import (
    ActionView,
    BasketView,
    CashRowView,
    ChoiceView,
    DoneView,
    GoodsView,
    LineView,
    MessageView,
    OpenShiftView,
    PaymentView,
    PersonView,
    QuestionView,
    QuickKeysView,
    QuickKeyView,
    QuickTabView,
    ReductionView,
    SignInView,
    StatusView,
    StripView,
    TillView,
    WaitView,
)

STRIP = StripView(
    shop="展示馆旗舰店",
    till="1号机",
    person="张三 · 早班",
    lamps=(
        StatusView(state="ok", word="待传", value="0", action="sync"),
        StatusView(state="ok", word="打印", value="正常", action="devices"),
        StatusView(state="warn", word="待办", value="2", action="tasks"),
    ),
    clock="14:02",
)

_TILES = (
    ("马冈鹅蛋卷", "38.00/盒", "余 64", "goose"), ("大沙红茶 100g", "68.00/罐", "余 31", "tea"),
    ("侨心饼 400g", "48.00/盒", "余 22", "goose"), ("大沙山泉水", "3.00/瓶", "余 210", "water"),
    ("金鸡皮蛋 6枚", "16.80/盒", "余 40", "egg"), ("开平小粘 5kg", "78.00/袋", "余 18", "rice"),
    ("广合腐乳", "12.80/瓶", "余 55", "sauce"), ("赤水山楂条", "15.80/包", "余 37", "fruit"),
    ("金山箱冰箱贴", "25.00/个", "余 80", "craft"), ("马冈濑粉(鲜)", "10.00/份", "余 12", "rice"),
    ("洪玄堂龟苓膏", "9.90/杯", "余 29", "herb"), ("彬记饼礼盒", "45.00/盒", "余 15", "goose"),
    ("潭碧冬瓜", "6.60/kg", "余 86", "green"), ("大沙麦菜", "11.60/kg", "余 20", "green"),
    ("碉楼积木", "138.00/盒", "余 9", "craft"), ("塑料购物袋", "0.50/个", "", "plain"),
    ("绿色马冈光鹅", "56.00/kg", "余 30.5", "goose"),
    ("大沙黄茶 特级", "128.00/罐", "余 31", "tea"),
    ("大沙麦菜干 250g", "18.00/包", "余 26", "green"),
    ("金鸡咸蛋 10枚", "22.00/盒", "余 33", "egg"),
    ("赤坎豆腐角 礼盒装 六片", "28.00/盒", "余 8", "sauce"),
    ("丝苗米 2.5kg", "36.00/袋", "余 44", "rice"),
)  # fmt: skip

TABS = tuple(
    QuickTabView(key=word, word=word)
    for word in ("热卖", "鹅", "茶", "禽蛋", "米", "果蔬", "手信", "文创")
)


def quick(count: int = 16) -> QuickKeysView:
    """Tiles of the first tab."""
    tiles = tuple(
        QuickKeyView(key=str(number), name=name, price=price, stock=stock, hue=hue)
        for number, (name, price, stock, hue) in enumerate(_TILES[:count])
    )
    return QuickKeysView(tabs=TABS, chosen="热卖", tiles=tiles)


ACTIONS = (
    ActionView(name="hold", word="挂单", key="F6"),
    ActionView(name="member", word="会员", key="F5"),
    ActionView(name="discount", word="折扣", key="F4"),
)

LINES = (
    LineView(key="1", number="1", name="马冈鹅蛋卷", spec="300g", quantity="× 2",
             unit_price="38.00", amount="76.00"),
    LineView(key="2", number="2", name="潭碧冬瓜", spec="批 1123 当日", quantity="4.320 kg",
             unit_price="6.60", amount="28.51"),
    LineView(key="3", number="3", name="大沙黄茶 特级", spec="100g", quantity="× 2",
             unit_price="128.00", amount="256.00",
             reductions=(ReductionView(name="第二件半价", amount="−64.00"),)),
    LineView(key="4", number="4", name="塑料购物袋", spec="大", quantity="× 1",
             unit_price="0.50", amount="0.50"),
)  # fmt: skip

BASKET = BasketView(
    lines=LINES, selected="3", pieces="6 件", full="361.01", saved="−64.00", total="297.01"
)

TILL = TillView(
    basket=BASKET, quick=quick(), actions=ACTIONS, pay_word="收款 297.01",
    last="上一单 0041　找零 76.80",
)  # fmt: skip

HINT = TillView(
    basket=BasketView(
        lines=LINES, selected="3", pieces="6 件", full="361.01", saved="−64.00", total="297.01",
        member="会员 陈**",
        hint="可以换购：21008 侨心饼，每件 9.90　再买 2.99：满 300.00 减 40.00",
    ),
    quick=quick(), actions=ACTIONS, pay_word="收款 297.01",
)  # fmt: skip

EMPTY = TillView(quick=quick(22), actions=tuple(
    ActionView(name=action.name, word=action.word, key=action.key, enabled=action.name == "member",
               reason="篮子是空的") for action in ACTIONS),
    pay_enabled=False, pay_reason="篮子是空的")  # fmt: skip


def long_basket() -> BasketView:
    """Twenty-four lines, some with long names, the last one fresh."""
    lines = list(LINES)
    for number in range(5, 25):
        lines.append(
            LineView(
                key=str(number), number=str(number),
                name="开平非遗大沙里水库高山云雾手工有机大沙红茶礼盒"
                if number % 5 == 0 else "金鸡皮蛋 6枚",
                spec="一级 250g×4 罐" if number % 5 == 0 else "盒", quantity="× 12",
                unit_price="1,680.00", amount="20,160.00",
                reductions=(ReductionView(name="会员价（侨乡卡）", amount="−1,234.56"),)
                if number % 7 == 0 else (),
            )
        )  # fmt: skip
    return BasketView(
        lines=tuple(lines), selected="24", fresh="24", again="×2", pieces="251 件",
        full="403,561.01", saved="−3,767.68", total="99,793.33",
    )  # fmt: skip


LONG = TillView(basket=long_basket(), quick=quick(22), actions=ACTIONS, pay_word="收款 99,793.33",
                last="上一单 0041　找零 76.80")  # fmt: skip

REFUSED = TillView(
    basket=BASKET, quick=quick(), actions=ACTIONS, pay_word="收款 297.01",
    pay_enabled=False, pay_reason="先处理提示",
    message=MessageView(
        text="这批皮蛋已召回，请下架", code="recalled_lot",
        detail="召回单 ZH-0021。没有加入本单，其他商品不受影响。",
    ),
)  # fmt: skip

QUESTION = TillView(
    basket=BASKET, quick=quick(), actions=ACTIONS, pay_word="收款 297.01", pay_enabled=False,
    pay_reason="先回答问题",
    question=QuestionView(
        title="大沙黄茶 特级：打几折？", detail="9.5 或 95 都是九五折",
        value="text", value_text="9.5", preview="折后价 121.60，共减 12.80",
        choices=(ChoiceView(name="no", word="不改", key="Esc"),
                 ChoiceView(name="yes", word="改折扣", key="Enter", primary=True)),
    ),
)  # fmt: skip

DONE = TillView(
    quick=quick(), actions=ACTIONS, pay_enabled=False, pay_reason="篮子是空的",
    done=DoneView(
        title="已收款", total="297.00", tenders=(("现金", "300.00"), ("抹零", "−0.01")),
        change="3.00", receipt="小票已打印", number="KP01-1-261207-0042",
    ),
    last="上一单 0042　找零 3.00",
)  # fmt: skip

FOUND = tuple(
    GoodsView(key=str(n), code=f"KP-0{n}31", name=name, spec=spec, price=price, stock=stock)
    for n, (name, spec, price, stock) in enumerate(
        (("大沙红茶", "100g", "68.00/罐", "余 31"), ("大沙黄茶 特级", "100g", "128.00/罐", "余 31"),
         ("大沙麦菜", "当日", "11.60/kg", "余 20.0"), ("大沙山泉水", "550ml", "3.00/瓶", "余 210"),
         ("大沙里高山云雾红茶礼盒", "一级 250g×4", "498.00/盒", "余 6"))
    )
)  # fmt: skip

TENDERS = tender_views("cash")

PAY_CASH = PaymentView(
    due="297.00", due_fen=29700, rounding="−0.01", tenders=TENDERS, received_fen=30000,
    offers_fen=(29700, 30000, 31000, 35000, 40000),
    notes_fen=(100, 500, 1000, 2000, 5000, 10000), change="3.00",
)  # fmt: skip

PAY_SHORT = PaymentView(
    due="197.00", due_label="还要收", due_fen=19700, rounding="−0.01", tenders=TENDERS,
    taken=(("微信", "100.00"),), received_fen=10000,
    offers_fen=(19700, 20000, 21000, 25000, 30000),
    notes_fen=(100, 500, 1000, 2000, 5000, 10000), change="97.00", change_label="还差",
    short=True, confirm_word="先收这 100.00",
)  # fmt: skip

PAY_REFUSED = PaymentView(
    due="297.00", due_fen=29700, rounding="−0.01", tenders=TENDERS, received_fen=None,
    offers_fen=(29700, 30000, 31000, 35000, 40000),
    notes_fen=(100, 500, 1000, 2000, 5000, 10000), change="0.00",
    message=MessageView(text="不是付款码", detail="这一单还在收款。要加这件商品，先返回收银",
                        code="not_a_payment_code", action="add", action_word="返回并加上这件"),
)  # fmt: skip

_WECHAT = tender_views("code")
PAY_CODE = PaymentView(due="297.01", due_fen=29701, tenders=_WECHAT, mode="code",
                       hint="对准顾客手机上的付款码，扫到就收")  # fmt: skip

PAY_WAIT = PaymentView(
    due="297.01", due_fen=29701, mode="waiting", hint="微信",
    wait=WaitView(
        title="等顾客在手机上确认", seconds="12 秒",
        next_step="每 5 秒查一次结果；到 60 秒还没有结果就撤销，不会重复扣款。", share=20,
        choices=(ChoiceView(name="query", word="现在查", key="Q"),
                 ChoiceView(name="reverse", word="撤销这笔", key="R")),
    ),
)  # fmt: skip

_BACK = LineView(key="back-1", number="退", name="大沙红茶", quantity="× 1", unit_price="",
                 amount="−68.00", note="换货 · 原单 KP01-1-261205-0031", refund=True)  # fmt: skip
EXCHANGE = TillView(
    basket=BasketView(lines=(_BACK, LINES[0]), selected="1", pieces="2 件", total="8.00"),
    quick=quick(), pay_word="收款 8.00",
    actions=(ACTIONS[0], ActionView(name="drop_exchange", word="取消换货", key="Esc"), ACTIONS[2]),
)  # fmt: skip
PAY_EXCHANGE = PaymentView(
    due="30.00", due_label="应退", taken=(("换货抵", "38.00"),), covered=True, mode="plain",
    hint="按 Enter，多出的退给顾客：微信 20.00、现金 10.00", confirm_word="完成换货",
)  # fmt: skip
PAY_SHOWN = PaymentView(
    due="297.01",
    due_fen=29701,
    mode="code",
    hint="微信",
    wait=PAY_WAIT.wait,
    qr_rows=qr_rows("weixin://wxpay/bizpayurl?pr=KPYP0042"),
)

PEOPLE = (
    PersonView(number="101", name="张三"), PersonView(number="102", name="李四"),
    PersonView(number="103", name="王小芳"), PersonView(number="201", name="关店长"),
)  # fmt: skip

SIGN_IN = SignInView(shop="开平优品 · 展示馆旗舰店", till="1号机", people=PEOPLE)
SIGN_IN_REFUSED = SignInView(
    shop="开平优品 · 展示馆旗舰店", till="1号机", people=PEOPLE, staff_number="101",
    message=MessageView(text="工号或 PIN 不对", detail="还可以试 3 次，之后要等 5 分钟。",
                        code="wrong_pin"),
)  # fmt: skip
LOCKED = SignInView(
    shop="开平优品 · 展示馆旗舰店", till="1号机", people=PEOPLE, staff_number="101",
    locked_by="张三", kept_scan="已收到 1 次扫码，解锁后继续",
)  # fmt: skip

NOTES = tuple(
    CashRowView(fen=fen, word=word)
    for fen, word in ((10000, "100"), (5000, "50"), (2000, "20"), (1000, "10"), (500, "5"),
                      (100, "1"), (50, "0.5"), (10, "0.1"))
)  # fmt: skip
OPEN_SHIFT = OpenShiftView(
    person="张三", day="2026-12-07 星期一",
    day_note="凌晨 4 点前算前一天；日期不对请先改好系统时间",
    drawer="1号钱箱", shift_words=("早班", "中班", "晚班"), shift_chosen="早班", float_fen=50000,
    last_float="上次备用金 500.00", rows=NOTES,
)  # fmt: skip

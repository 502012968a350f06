"""Receipts a shop really writes: the material of the printing tests and of the golden pictures."""

import msgspec

from app.receipt import ReceiptData, ReceiptLine, ReceiptReduction, ReceiptTender

SHORT = ReceiptData(
    seller_name="开平优品供应链有限公司",
    credit_code="91440783MA5XAMPL08",
    shop="开平优品·展示馆旗舰店",
    address="开平市三埠街道曙光东路 18 号",
    phone="0750-2210000",
    number="KP01-1-261207-0031",
    time="2026-12-07 14:02:36",
    till="1 号机",
    cashier="101",
    lines=(
        ReceiptLine("马冈鹅蛋卷", "2 盒", "38.00", "76.00", spec="300g"),
        ReceiptLine("绿色马冈光鹅", "2.486 kg", "88.00", "218.77"),
        ReceiptLine("大沙红茶", "1 罐", "128.00", "128.00", spec="100g"),
    ),
    bags=(ReceiptLine("可降解购物袋 中号", "1 个", "0.50", "0.50"),),
    pieces="5 件",
    gross="423.27",
    rounding="−0.07",
    due="￥423.20",
    tenders=(ReceiptTender("现金", "500.00"),),
    change="76.80",
    return_rule="凭小票 7 日内可退换，生鲜只收质量问题。",
    service_phone="400-000-1234",
    verify_qr="https://check.example/KP01-1-261207-0031/ABC2D7",
    hash6="ABC2D7",
)
"""T1 of the worked days: cash, a weighed line, a bag, rounding down."""

LONG = msgspec.structs.replace(
    SHORT,
    number="KP01-2-261207-0118",
    lines=(
        ReceiptLine(
            "大沙黄茶 特级",
            "2 罐",
            "128.00",
            "256.00",
            spec="100g",
            reductions=(
                ReceiptReduction("第二件半价", "−64.00"),
                ReceiptReduction("会员价", "−6.40"),
            ),
            net="185.60",
        ),
        ReceiptLine("潭碧冬瓜", "4.320 kg", "6.60", "28.51"),
        ReceiptLine(
            "航天员营养级鲜鸡蛋与有机开平小粘米真空家庭装联名礼盒（碉楼纪念版）", "12 盒",
            "1,168.00", "14,016.00", spec="2.5kg",
            reductions=(ReceiptReduction("满 10,000.00 减 1,000.00，按金额分摊到行", "−1,000.00"),),
            net="13,016.00",
        ),
        ReceiptLine("蚬糍濑豉煲鳝（家庭装）", "1 份", "68.00", "68.00"),
    ),
    bags=(
        ReceiptLine("可降解购物袋 中号", "1 个", "0.50", "0.50"),
        ReceiptLine("可降解购物袋 大号", "2 个", "1.00", "2.00"),
    ),
    pieces="19 件",
    gross="14,371.01",
    reductions_total="−1,070.40",
    rounding="",
    due="￥13,300.61",
    tenders=(
        ReceiptTender("微信支付", "13,000.00", "4200****8812"),
        ReceiptTender("银联卡", "300.61", "6222****0017"),
    ),
    change="",
    member_points="本次 +1,330，累计 23,118",
)  # fmt: skip
"""Everything that makes a receipt long: names, reductions, bags, two tenders."""

DEMO_COPY = msgspec.structs.replace(SHORT, banners=("演示",), copy_no=2)
TRAINING = msgspec.structs.replace(SHORT, banners=("练习·非交易凭证",))
REFUND = msgspec.structs.replace(
    SHORT,
    number="KP01-1-261212-0007",
    original="KP01-1-261207-0031",
    lines=(ReceiptLine("大沙红茶", "−1 罐", "128.00", "−128.00", spec="100g"),),
    bags=(),
    pieces="1 件",
    gross="−128.00",
    rounding="",
    due="￥128.00",
    due_word="应退",
    tenders=(ReceiptTender("退现金", "−128.00"),),
    change="",
    banners=("退货",),
)

"""What a receipt says, every figure already formatted. Rooms fill it, a template orders it.

An empty string means "there is none": a template line whose fields are all empty is not printed.
"""

import msgspec


class ReceiptReduction(msgspec.Struct, frozen=True):
    """One reduction of a line: the rule's name and what it took off, with its sign."""

    name: str
    amount: str


class ReceiptLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sold (or returned) line."""

    name: str
    quantity: str
    """With its unit: "2 盒", "2.486 kg"."""
    unit_price: str
    amount: str
    spec: str = ""
    reductions: tuple[ReceiptReduction, ...] = ()
    net: str = ""
    """What the line comes to after its reductions."""


class ReceiptTender(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way of paying: for cash what was handed over, else what was charged."""

    name: str
    amount: str
    masked_number: str = ""
    """Trade number or card with its middle hidden, or empty."""


class ReceiptData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole receipt, ready to be set in any template."""

    seller_name: str
    """The legal name of who sells (消费者权益保护法 demands a receipt by the seller)."""
    number: str
    time: str
    lines: tuple[ReceiptLine, ...]
    due: str
    tenders: tuple[ReceiptTender, ...]
    due_word: str = "应收"
    """What `due` is: 应收, or 应退 on a refund."""
    credit_code: str = ""
    """统一社会信用代码."""
    shop: str = ""
    address: str = ""
    phone: str = ""
    till: str = ""
    cashier: str = ""
    bags: tuple[ReceiptLine, ...] = ()
    """Plastic bags stand apart, never reduced (塑料购物袋有偿使用管理办法)."""
    pieces: str = ""
    gross: str = ""
    reductions_total: str = ""
    rounding: str = ""
    change: str = ""
    original: str = ""
    """On a refund: the number of the receipt it goes back to."""
    member_points: str = ""
    return_rule: str = ""
    complaint_phone: str = "12315"
    service_phone: str = ""
    invoice: str = ""
    """How the customer asks for an invoice, in the shop's words."""
    invoice_qr: str = ""
    """The page where they ask for it themselves, this receipt's number in it."""
    verify_qr: str = ""
    """ASCII payload of the QR code that lets anybody check this receipt."""
    hash6: str = ""
    copy_no: int = 0
    """0 = the original; n = the n-th 重印."""
    banners: tuple[str, ...] = ()
    """演示, 练习·非交易凭证, 退货: what nobody may overlook."""

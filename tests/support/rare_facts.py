"""What not every day has: prices, charges gone wrong, goods back, members, reviews."""

from typing import Any

import msgspec

from app.facts import invoices, members, payments, pricing, sales, shifts, staff, tabs
from app.facts.base import Fact
from tests.support.facts import DAY, SHOP, TILL, sold
from tests.support.stock_facts import a_stock_room_day


def _price_facts() -> list[Fact]:
    """Prices are set and taken back, and a sale makes use of a promotion."""
    rule = pricing.Promotion(
        code="TEA", name="新茶 9 折", kind="percent", from_ms=1_795_000_000_000, permille=100
    )
    listed = pricing.ListedPrice(product="KP-A001", price=1800, floor=1500)
    return [
        pricing.PriceListSet(shop=SHOP, document="l-1", from_ms=rule.from_ms, lines=(listed,)),
        pricing.PriceListWithdrawn(shop=SHOP, document="l-1"),
        pricing.PromotionSet(shop=SHOP, document="p-1", promotion=rule),
        pricing.PromotionWithdrawn(shop=SHOP, code="TEA"),
        msgspec.structs.replace(
            sold(sequence=7), used=(sales.PromotionUsed(code="TEA", times=2),), member="m-1"
        ),
    ]


def _overridden() -> sales.SaleCompleted:
    """A sale in which somebody, and a tag on the shelf, lowered a price."""
    sale = sold(sequence=8)
    line = sale.lines[0]
    given = sales.Reduction(rule="", kind="override", name="改价", amount=-60)
    tag = sales.Reduction(rule="tag-1", kind="tag_price", name="按架上价签收", amount=-40)
    lowered = msgspec.structs.replace(line, reductions=(given, tag), paid=line.paid - 100)
    return msgspec.structs.replace(
        sale,
        lines=(lowered, *sale.lines[1:]),
        reduced=sale.reduced - 100,
        due=sale.due - 100,
        tenders=(sales.Tender(tender="cash", amount=sale.due - 100, tendered=sale.due - 100),),
        change=0,
    )


def _put_aside(head: dict[str, Any]) -> list[Fact]:
    """Put aside here, taken over from there, and looked at because both sold it."""
    return [
        sales.BasketHeld(
            **head,
            basket="b-7",
            person="101",
            amount=2500,
            lines=(
                sales.HeldLine(line=1, product="KP-A002", name="鱼干", quantity=1000, amount=2500),
            ),
        ),
        sales.BasketResumed(
            **head, basket="b-8", person="101", held="h-8", goes_on="b-9", first="b-8"
        ),
        sales.TwiceTakenSeen(**head, basket="b-8", person="301"),
    ]


def more_of_a_day() -> list[Fact]:
    """What not every day has: a charge that a channel captured late, and that goes back."""
    head: dict[str, Any] = {"shop": SHOP, "till": TILL, "day": DAY, "shift": "shift-1"}
    line = sales.BasketLine(line=1, product="KP-A002", name="鱼干", quantity=1000, amount=2500)
    return [
        *_price_facts(),
        _overridden(),
        *_put_aside(head),
        payments.PaymentAttempted(
            **head,
            basket="b-5",
            person="101",
            tender="wechat",
            amount=2500,
            due=2500,
            out_trade_no="T1",
            lines=(line,),
        ),
        payments.PaymentMoved(**head, attempt="a-1", before="SENT", state="LATE_CAPTURED"),
        payments.RefundAttempted(
            **head,
            refund="a-1",
            attempt="a-1",
            tender="wechat",
            amount=2500,
            out_trade_no="T1",
            out_refund_no="T1R1",
        ),
        payments.RefundMoved(**head, refund_attempt="r-1", before="ASKED", state="DONE"),
        tabs.TabOpened(**head, person="101", room="8203", check_out="2026-12-01"),
        tabs.TabSettled(
            **head,
            tab="t-1",
            person="101",
            drawer="1",
            amount=2500,
            tenders=(sales.Tender(tender="cash", amount=2500, tendered=2500),),
        ),
        staff.PinSet(**head, person="101", by="301"),
        staff.SelfApproved(**head, person="301", action="cash", reason="买水"),
        staff.SelfApprovalReviewed(**head, approval="s-1", person="501", answer="right"),
        shifts.DrawerCounted(**head, drawer="1", person="101", counted=100, expected=300),
        shifts.ShiftCounted(**head, person="101", counted=100, expected=300, unconfirmed=1),
        shifts.DifferenceConfirmed(**head, person="301", difference=-200),
        came_back(head),
        sales.TenderCorrected(
            **head,
            sale="s-1",
            number="n-1",
            person="201",
            before="cash",
            after="card",
            amounts=(3700,),
            reason="按错了",
        ),
        *an_invoice_and_its_red_letter(head),
        *a_member_and_their_money(head),
        *a_stock_room_day(head),
    ]


def came_back(head: dict[str, Any]) -> sales.RefundCompleted:
    """One of three fish comes back, quality at fault, cash."""
    line = sales.RefundLine(
        line=1,
        original_line=2,
        product="KP-A002",
        name="鱼干",
        spec="",
        unit="包",
        weighed=0,
        quantity=1000,
        unit_price=2500,
        amount=2500,
        tax_class="goods",
        tax_rate=13,
        tax=288,
        lots=(sales.LotShare(lot="doc-1-2", known="assumed", quantity=1000, unit_cost=1),),
        reason="quality",
        disposition="scrap",
    )
    return sales.RefundCompleted(
        **head,
        number=f"{SHOP}-{TILL}-261129-0010",
        sequence=10,
        series="",
        drawer="1",
        person="101",
        channel="C13",
        seller="",
        sale="s-2",
        lines=(line,),
        amount=2500,
        tenders=(sales.RefundTender(tender="cash", amount=2500),),
        tax=288,
    )


def an_invoice_and_its_red_letter(head: dict[str, Any]) -> list[Fact]:
    """Asked for, refused for its buyer, corrected, issued; then a part of it is taken back."""
    who: dict[str, Any] = {**head, "person": "101"}
    made_out: dict[str, Any] = {"buyer": "2" * 64, "buyer_kind": "company"}
    line = invoices.InvoiceLine(
        line=2,
        product="KP-A002",
        name="鱼干",
        unit="包",
        quantity=3000,
        amount=7500,
        tax_code="1030200000000000000",
        tax_name="食品",
        rate=13,
        tax=863,
    )
    asked: dict[str, Any] = {"sale": "s-2", "number": "n-2", "amount": 7500, "tax": 863}
    sent: dict[str, Any] = {**head, "document": "i-1", "request_no": "F1"}
    return [
        invoices.InvoiceRequested(**who, **asked, **made_out, lines=(line,)),
        invoices.InvoiceSent(**sent, lines=(line,), amount=7500, tax=863),
        invoices.InvoiceFailed(**sent, reason="buyer_not_found"),
        invoices.InvoiceBuyerCorrected(**who, document="i-1", **made_out),
        invoices.InvoiceAskedAgain(**who, document="i-1"),
        invoices.InvoiceIssued(
            **sent, amount=7500, invoice_no="99", issued_at="2026-11-29T14:02:02+08:00"
        ),
        invoices.InvoiceWithdrawn(**head, document="i-2", reason="nothing_left"),
        invoices.RedLetterRequested(
            **who, **asked, **made_out, invoice="i-1", reason="refund", lines=(line,)
        ),
        invoices.InvoicesExported(**who, from_day=DAY, to_day=DAY, count=1),
    ]


def a_member_and_their_money(head: dict[str, Any]) -> list[Fact]:
    """Somebody joins, leaves prepaid money, uses some in a sale, takes some back, is forgotten."""
    who: dict[str, Any] = {**head, "member": "m-1", "person": "101"}
    account: dict[str, Any] = {**who, "account": "acc-1", "purpose": "prepaid"}
    cash = (members.LedgerTender(tender="cash", amount=5000),)
    sale = sold(("KP-A002", 2500, 1000), sequence=9, tender="prepaid")
    paid = msgspec.structs.replace(sale.tenders[0], account="acc-1")
    return [
        members.MemberEnrolled(
            **who, number="KP0110001", sequence=1, profile="0" * 64, consents=("member",)
        ),
        members.MemberChanged(**who, profile="1" * 64, consents=("member", "marketing")),
        members.MemberShown(**who, what="phone"),
        members.PointsAdjusted(**who, points=100, reason="补登"),
        members.MoneyLeft(**account, amount=5000, bonus=500, tenders=cash),
        msgspec.structs.replace(
            sale, member="m-1", points_earned=25, points_used=100, tenders=(paid,)
        ),
        members.MoneyReturned(**account, amount=1000, tenders=cash, reason="不买了"),
        members.MoneyKept(**account, amount=500, reason="约定"),
        members.MemberForgotten(**who),
    ]

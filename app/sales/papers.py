"""What a receipt says, from the sale's fact alone: it says the same years later."""

from collections.abc import Mapping

from app.catalogue.codes import receipt_qr
from app.clock import local
from app.content import Paper
from app.facts.sales import SaleCompleted, SaleLine, Tender
from app.money import yuan_shown
from app.quantity import shown
from app.receipt import ReceiptData, ReceiptLine, ReceiptReduction, ReceiptTender
from app.receipt_template import fill
from app.sales.exchange import TENDER
from app.shifts.papers import BANNERS
from app.tender_names import TENDER_NAMES


def receipt_data(
    sale: SaleCompleted,
    *,
    wall_ms: int,
    hash6: str,
    settings: Mapping[str, str],
    cashier: str,
    copy_no: int = 0,
    tenders: tuple[Tender, ...] = (),
) -> ReceiptData:
    """Everything a receipt template may ask for, formatted.

    `tenders` are the sale's own one for one, with what was corrected since.
    """
    tenders = tenders or sale.tenders
    change = sum(each.change for each in tenders)
    bags = [line for line in sale.lines if _is_bag(line)]
    goods = [line for line in sale.lines if not _is_bag(line)]
    return ReceiptData(
        seller_name=sale.seller or settings["seller_name"] or settings["shop_name"],
        credit_code=settings["credit_code"],
        shop=settings["shop_name"],
        address=settings["address"],
        phone=settings["phone"],
        number=sale.number,
        till=f"{sale.till}号机",
        cashier=cashier,
        time=local(wall_ms).strftime("%Y-%m-%d %H:%M:%S"),
        lines=tuple(_line(line) for line in goods),
        bags=tuple(_line(line) for line in bags),
        pieces=f"{sale.pieces} 件",
        gross=yuan_shown(sale.gross),
        reductions_total=yuan_shown(sale.reduced) if sale.reduced else "",
        rounding=yuan_shown(sale.rounding) if sale.rounding else "",
        due=yuan_shown(sale.due),
        tenders=tuple(
            ReceiptTender(
                name=_tender_name(tender, pressed),
                amount=yuan_shown(tender.tendered),
                masked_number=tender.reference
                if tender.tender == TENDER
                else masked(tender.reference),
            )
            for tender, pressed in zip(tenders, sale.tenders, strict=True)
        ),
        change=yuan_shown(change) if change else "",
        member_points=_points(sale),
        return_rule=settings["return_rule"],
        service_phone=settings["service_phone"],
        invoice=settings["invoice_words"],
        invoice_qr=settings["invoice_page"] and f"{settings['invoice_page']}{sale.number}",
        verify_qr=receipt_qr(sale.number, hash6),
        hash6=hash6,
        copy_no=copy_no,
        banners=(
            *((BANNERS[sale.series],) if sale.series in BANNERS else ()),
            *(("换货",) if sale.exchange else ()),
        ),
    )


def _tender_name(tender: Tender, pressed: Tender) -> str:
    name = TENDER_NAMES.get(tender.tender, tender.tender)
    if tender == pressed:
        return name
    return f"{name}（更正，原记{TENDER_NAMES.get(pressed.tender, pressed.tender)}）"


def masked(reference: str) -> str:
    """A trade number or card with its middle hidden: "4200****0019"."""
    return f"{reference[:4]}****{reference[-4:]}" if len(reference) > 12 else reference


def _points(sale: SaleCompleted) -> str:
    """Points of this sale, "" for anybody without a card."""
    used = f" \N{MINUS SIGN}{sale.points_used}" if sale.points_used else ""
    return f"本单 +{sale.points_earned}{used}" if sale.member else ""


def receipt_paper(template: str, data: ReceiptData) -> Paper:
    """The receipt as the shop's template words it. Raises Refusal when the template is broken."""
    return fill(template, data)


def _is_bag(line: SaleLine) -> bool:
    return not line.reducible and line.kind == "goods"


def _line(line: SaleLine) -> ReceiptLine:
    reductions = tuple(
        ReceiptReduction(each.name, yuan_shown(each.amount))
        for each in line.reductions
        if each.kind != "rounding"
    )
    net = line.amount + sum(each.amount for each in line.reductions if each.kind != "rounding")
    # A name that ends in its spec ("大沙黄茶 特级100g" + "100g") says it once.
    spec = "" if line.name.endswith(line.spec) else line.spec
    return ReceiptLine(
        name=line.name,
        spec=spec,
        quantity=f"{shown(line.quantity, weighed=bool(line.weighed))} {line.unit}",
        unit_price=yuan_shown(line.unit_price),
        amount=yuan_shown(line.amount),
        reductions=reductions,
        net=yuan_shown(net) if reductions else "",
    )

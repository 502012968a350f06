"""Names on the wire -> the Structs that read them."""

import msgspec

from app.facts import (
    catalogue,
    dispatches,
    invoices,
    journals,
    members,
    office,
    payments,
    pricing,
    sales,
    shifts,
    shop,
    staff,
    stock,
    tabs,
)
from app.facts.base import Fact, wire_name

FACTS: tuple[type[Fact], ...] = (
    journals.JournalOpened,
    journals.ClockConfirmed,
    shop.SettingChanged,
    staff.StaffSet,
    staff.SignedIn,
    staff.SignedOut,
    staff.PinSet,
    staff.PinLocked,
    staff.PinUnlocked,
    staff.RefusalShown,
    staff.SelfApproved,
    staff.SelfApprovalReviewed,
    catalogue.BrandsSet,
    catalogue.TaxonomySet,
    catalogue.CertificatesSet,
    catalogue.ProductsSet,
    catalogue.BarcodesSet,
    catalogue.KitsSet,
    pricing.PriceListSet,
    pricing.PriceListWithdrawn,
    pricing.PromotionSet,
    pricing.PromotionWithdrawn,
    stock.GoodsReceived,
    stock.GoodsMoved,
    stock.StockAdjusted,
    stock.TransferSent,
    stock.TransferReceived,
    dispatches.DispatchExpected,
    dispatches.TransitSettled,
    dispatches.GoodsOrdered,
    stock.CountOpened,
    stock.CountEntered,
    stock.CountSheetPrinted,
    stock.CountClosed,
    stock.LotsRecalled,
    stock.RecallFound,
    stock.DateChecked,
    stock.LabelsPrinted,
    stock.TagTaken,
    shifts.DayOpened,
    shifts.ShiftOpened,
    shifts.CashMoved,
    shifts.DrawerOpened,
    shifts.DrawerCounted,
    shifts.ShiftClosed,
    shifts.ShiftCounted,
    shifts.DifferenceConfirmed,
    shifts.DayClosed,
    sales.SaleCompleted,
    sales.LineRemoved,
    sales.BasketCancelled,
    sales.BasketHeld,
    sales.BasketResumed,
    sales.TwiceTakenSeen,
    sales.ReceiptReprinted,
    sales.TenderCorrected,
    sales.PrintAnswered,
    sales.RefundCompleted,
    invoices.InvoiceRequested,
    invoices.InvoiceBuyerCorrected,
    invoices.InvoiceAskedAgain,
    invoices.InvoiceWithdrawn,
    invoices.RedLetterRequested,
    invoices.InvoiceSent,
    invoices.InvoiceIssued,
    invoices.InvoiceFailed,
    invoices.InvoicesExported,
    payments.PaymentAttempted,
    payments.PaymentMoved,
    payments.RefundAttempted,
    payments.RefundMoved,
    tabs.TabOpened,
    tabs.TabSettled,
    members.MemberEnrolled,
    members.MemberChanged,
    members.MemberForgotten,
    members.MemberShown,
    members.PointsAdjusted,
    members.MoneyLeft,
    members.MoneyReturned,
    members.MoneyKept,
    office.OfficePersonSet,
    office.OfficeSecretSet,
    office.OfficeSignedIn,
    office.OfficeSignInFailed,
    office.OfficeSignedOut,
    office.OfficeUnlocked,
    office.OfficeRefused,
    office.EnrolCodeGiven,
    office.DeviceApproved,
    office.DeviceRevoked,
    office.DeviceReleased,
    office.PublicationProposed,
    office.PublicationDeclined,
    office.Published,
    office.RecallClosed,
    office.FestivalSet,
    office.UpdateOffered,
)

_DECODERS = {wire_name(fact): msgspec.json.Decoder(fact) for fact in FACTS}


class UnknownKind(Exception):
    """A kind this program cannot read: kept as bytes and tried again after every upgrade."""


def is_known(kind: str) -> bool:
    """Whether this program can read entries of this kind."""
    return kind in _DECODERS


def decode_fact(kind: str, content: bytes) -> Fact:
    """The fact in an entry's bytes. Raises UnknownKind, msgspec.DecodeError."""
    if (decoder := _DECODERS.get(kind)) is None:
        raise UnknownKind(kind)
    try:
        return decoder.decode(content)
    except RecursionError as error:
        # A field nobody here knows, and bottomless.
        raise msgspec.DecodeError(str(error)) from None

"""What may be sold, received and printed under which name. Pure."""

from collections.abc import Iterable

import msgspec

from app.catalogue.words import CERTIFIED_WORDS, CLAIM_WORDS, OEM_WORDS
from app.errors import Refusal
from app.facts.catalogue import Certificate, Product

MARKS = ("county", "town", "dual", "")
KINDS = ("goods", "kit", "service")
SHELF_LIVES = (
    "live",
    "fresh_loose",
    "made_today",
    "chilled_dated",
    "frozen_dated",
    "ambient_dated",
    "none",
    "validity_date",
)
TAX_CLASSES = ("goods", "farm", "exempt", "ticket", "catering", "lodging")
TAX_RATES = (0, 1, 3, 5, 6, 9, 13)
"""Percent, as tax law knows them in 2026."""
THREE_ORIGINS = ("完全原产", "部分原产·主体", "部分原产·主导", "非三原", "")
TIERS = ("高端", "中端", "大众", "")


class NameProblem(msgspec.Struct, frozen=True):
    """A word in a product's printed texts that needs a paper it does not have.

    Codes: claim_not_approved, no_certificate.
    """

    code: str
    word: str
    field: str
    """name, spec or story."""
    needs: str
    """Kind of certificate: claim, organic, green, gi."""


def sellable(product: Product, *, wholesale: bool = False) -> Refusal | None:
    """Why this product cannot be sold, or None when it can.

    The refusal's `reason`: inactive, display_only, wholesale_only, dated_service, health_food_no.
    """
    reason = ""
    if not product.active:
        reason = "inactive"
    elif product.display_only:
        reason = "display_only"
    elif product.wholesale_only and not wholesale:
        reason = "wholesale_only"
    elif product.shelf_life == "validity_date":
        # Tickets, stays and hire need a date and a place for it; their rooms come later.
        reason = "dated_service"
    elif product.needs_health_food_no and not product.health_food_no:
        reason = "health_food_no"
    if not reason:
        return None
    return Refusal("not_sellable", product=product.code, name=product.name, reason=reason)


def valid_on(certificate: Certificate, on_date: str) -> bool:
    """Whether a certificate holds on an ISO date; an open end never expires."""
    return certificate.valid_from <= on_date and (
        not certificate.valid_to or on_date <= certificate.valid_to
    )


def name_problems(
    product: Product, certificates: Iterable[Certificate], on_date: str
) -> tuple[NameProblem, ...]:
    """Words in the printed texts that need a certificate the product lacks on that ISO date.

    `certificates` are those the shop holds; only the ones the product names count. Goods with a
    problem are neither received nor labelled (claim_not_approved, no_certificate).
    """
    held = [
        one for one in certificates if one.number in product.certificates and valid_on(one, on_date)
    ]
    problems = []
    for field in ("name", "spec", "story"):
        text: str = getattr(product, field)
        for word in CLAIM_WORDS:
            approved = any(one.kind == "claim" and word in one.text for one in held)
            if word in text and not approved:
                problems.append(NameProblem("claim_not_approved", word, field, "claim"))
    for word, kind in CERTIFIED_WORDS.items():
        if word in product.name and not any(one.kind == kind for one in held):
            problems.append(NameProblem("no_certificate", word, "name", kind))
    return tuple(problems)


def receivable(
    product: Product, certificates: Iterable[Certificate], on_date: str
) -> Refusal | None:
    """Why goods of this product may be neither received nor labelled under its name, or None.

    Refusals: claim_not_approved(word), no_certificate(word, kind).
    """
    problems = name_problems(product, certificates, on_date)
    if not problems:
        return None
    first = problems[0]
    return Refusal(
        first.code, product=product.code, name=product.name, word=first.word, kind=first.needs
    )


def is_oem(product: Product) -> bool:
    """Whether somebody else makes it under our mark (贴牌、代工、定制)."""
    return any(word in product.name or word in product.subcategory for word in OEM_WORDS)


def oem_missing(product: Product) -> tuple[str, ...]:
    """Fields an OEM product must carry and does not: both parties, licence, true origin."""
    if not is_oem(product):
        return ()
    fields = ("entrusting_party", "maker", "maker_licence", "true_origin")
    return tuple(field for field in fields if not getattr(product, field))

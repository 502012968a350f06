"""Which receipt a customer means: by its number, by the phone's bill, or by date and amount."""

from datetime import date

from sqlalchemy import Connection

from app.errors import ShopError
from app.money import parse_yuan
from app.sales.queries import Found, find_receipts
from app.sales.refund_queries import sale_numbers_by

LEAST_BILL = 8
"""A bill's number or a trace code is never shorter; less is part of a receipt's number."""


def receipts_meant(db: Connection, shop: str, typed: str, today: date) -> list[Found]:
    """Receipts that fit everything typed, newest first."""
    number, day, amount = "", "", None
    for word in typed.split():
        if (fen := _amount(word)) is not None:
            amount = fen
        elif found_day := day_of(word, today):
            day = found_day
        else:
            number = word
    found = find_receipts(db, shop, number=number.upper(), day=day, amount=amount)
    if found or len(number) < LEAST_BILL:
        return found
    return receipts_by_code(db, shop, number)


def receipts_by_code(db: Connection, shop: str, code: str) -> list[Found]:
    """Receipts by 商户单号, 交易单号 or trace code, each once."""
    numbers = dict.fromkeys(
        [
            *sale_numbers_by(db, shop, trade_no=code),
            *sale_numbers_by(db, shop, serial=code),
        ]
    )
    found = [one for number in numbers for one in find_receipts(db, shop, number=number)]
    return [one for one in found if one.number in numbers]


def day_of(word: str, today: date) -> str:
    """2026-12-07, or 12-07 of the last twelve months; "" for anything else."""
    parts = word.split("-")
    if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() for part in parts):
        return ""
    figures = [int(part) for part in parts]
    try:
        if len(figures) == 3:
            return date(*figures).isoformat()
        this_year = date(today.year, *figures)
        return (this_year if this_year <= today else date(today.year - 1, *figures)).isoformat()
    except ValueError:
        return ""


def _amount(word: str) -> int | None:
    if "." not in word:
        return None
    try:
        return parse_yuan(word)
    except ShopError:
        return None

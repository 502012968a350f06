"""Bars and QR codes as ones and zeros; whoever draws them decides how many dots a module has.

Two faults of the bar code library are answered here: it drops a leading "99" of an all-digit
Code 128, and it silently prints another number when an EAN check digit is wrong.
"""

from functools import lru_cache
from typing import Any, Literal

from app.errors import Refusal

QR_QUIET = 4
"""White modules around a QR code (ISO/IEC 18004)."""
BARS_QUIET = 10
"""White modules left and right of bars (GB/T 18347 for Code 128; EAN needs 11 on the left)."""


@lru_cache(maxsize=64)
def qr_modules(data: str) -> tuple[bytes, ...]:
    """Rows of 0/1 bytes, quiet zone included. Raises Refusal("qr_too_long").

    The encoding is left to the library: what it calls GB18030 is not read back by phones.
    """
    import segno

    try:
        code = segno.make(data, error="m", micro=False, boost_error=False)
    except segno.DataOverflowError:
        raise Refusal("qr_too_long", length=len(data)) from None
    return tuple(bytes(row) for row in code.matrix_iter(border=QR_QUIET))


@lru_cache(maxsize=256)
def bar_modules(data: str, kind: Literal["code128", "ean13"]) -> str:
    """Bars as text of 0 and 1, without quiet zones.

    Raises Refusal: bad_barcode (characters the symbology lacks), bad_check_digit.
    """
    if kind == "ean13":
        _demand_check_digit(data)
        import barcode

        return str(barcode.get_barcode_class("ean13")(data).build()[0])
    if not data or not all(" " <= char <= "~" for char in data):
        raise Refusal("bad_barcode", text=data[:40])
    return str(_code128()(data).build()[0])


@lru_cache(maxsize=1)
def _code128() -> Any:
    import barcode

    class MendedCode128(barcode.get_barcode_class("code128")):  # type: ignore[misc]
        """Code 128 that keeps a first pair "99".

        The library folds "start C, switch to X" into "start X". The pair "99" has the very
        number of the switch, so a code that begins with two digits must not be folded.
        """

        def _try_to_optimize(self, encoded: list[int]) -> list[int]:
            if self.code[:2].isdigit() and len(self.code) > 1:
                return encoded
            return list(super()._try_to_optimize(encoded))

    return MendedCode128


def ean_check_digit(digits: str) -> str:
    """The last digit of an EAN-8 or EAN-13 from the digits before it (GB 12904)."""
    weights = (3 if place % 2 == 0 else 1 for place in range(len(digits)))
    total = sum(int(digit) * weight for digit, weight in zip(digits[::-1], weights, strict=True))
    return str(-total % 10)


def _demand_check_digit(data: str) -> None:
    if len(data) != 13 or not (data.isascii() and data.isdigit()):
        raise Refusal("bad_barcode", text=data[:40])
    if ean_check_digit(data[:-1]) != data[-1]:
        raise Refusal("bad_check_digit", text=data)


def module_dots(modules: int, wanted: int, dots: int) -> int:
    """The widest whole dots a module may have on paper of `dots` dots; 0 = does not fit."""
    return min(wanted, dots // modules)

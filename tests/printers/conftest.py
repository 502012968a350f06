"""What the printing tests share: profiles and the standard receipt."""

import pytest

from app.content import Paper
from app.receipt_template import fill
from printers.profile import Profile
from printers.template import shipped
from tests.printers.receipt_samples import SHORT


@pytest.fixture(scope="session")
def standard() -> str:
    """The template that comes with the till."""
    return shipped("standard")


@pytest.fixture(scope="session")
def receipt(standard: str) -> Paper:
    """A short cash receipt as a paper."""
    return fill(standard, SHORT)


@pytest.fixture
def wide() -> Profile:
    """An 80 mm printer with a Chinese ROM that draws its own QR codes and tells its state."""
    return Profile("80", columns=48, dots=576, native_qr=True, status="dle_eot")


@pytest.fixture
def narrow() -> Profile:
    """A 58 mm printer with a GBK ROM and nothing else."""
    return Profile("58", columns=32, dots=384, encoding="gbk", cut="none")

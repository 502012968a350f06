"""抬头码 as phones show them, whole and broken."""

import base64

from app.sales.buyers import crc16

NUMBER = "914403001922038216"
"""A tax number whose check character is right."""


def code(*parts: str, crc: str = "", encoding: str = "gbk", packed: str = "utf-8") -> str:
    """A code as a phone shows it."""
    said = "".join(f"{part}</>" for part in parts)
    return sealed(said + (crc or f"{crc16(said.encode(encoding)):04X}"), packed)


def sealed(said: str, packed: str = "utf-8") -> str:
    return "$01" + base64.b64encode(said.encode(packed)).decode() + "$"

"""The keys everybody practises with. Public, worth nothing, and used over loopback alone."""

from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from sync.channels.aggregator import TerminalKeys
from sync.channels.alipay import AlipayKeys
from sync.channels.wechat import WeChatKeys

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "channels"
MCHID, APPID, SERIAL = "1900000109", "wx0000000000000000", "PRACTICE0MERCHANT0SERIAL"
PLATFORM_SERIAL = "PRACTICE0PLATFORM0SERIAL"
ALIPAY_APP = "2021000000000000"
TERMINAL, TERMINAL_KEY = "practice-1", "practice terminal key"


@cache
def private_key(who: str) -> str:
    """The private key of the practising merchant or of the practice platform, PEM."""
    return (FOLDER / f"practice_{who}.pem").read_text(encoding="ascii")


@cache
def public_key(who: str) -> str:
    """Its public half, PEM."""
    key = load_pem_private_key(private_key(who).encode(), None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def practice_keys(address: str) -> tuple[WeChatKeys, AlipayKeys, TerminalKeys]:
    """What a till needs to practise at this address."""
    wechat = WeChatKeys(
        mchid=MCHID,
        appid=APPID,
        serial=SERIAL,
        private_key=private_key("merchant"),
        platform_serial=PLATFORM_SERIAL,
        platform_key=public_key("platform"),
        address=address,
    )
    alipay = AlipayKeys(
        app_id=ALIPAY_APP,
        private_key=private_key("merchant"),
        alipay_key=public_key("platform"),
        address=address,
    )
    terminal = TerminalKeys(terminal=TERMINAL, key=TERMINAL_KEY, address=address)
    return wechat, alipay, terminal

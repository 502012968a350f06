"""Which network takes which tender: keys sealed at rest, practice apart from real money."""

from pathlib import Path

import msgspec
import pytest

from app.errors import Refusal
from sync.channels.aggregator import Aggregator
from sync.channels.alipay import Alipay
from sync.channels.answers import Order
from sync.channels.chosen import Channels, keep_keys
from sync.channels.practice.keys import practice_keys, private_key
from sync.channels.practice.server import PracticeServer
from sync.channels.wechat import WeChatPay
from tests.support.tills import TillInFolder

ADDRESS = "http://127.0.0.1:9"
ORDER = Order(out_trade_no="A1", amount=100, subject="店")


def channels(till: TillInFolder, *, practice: bool = False, address: str = "") -> Channels:
    return Channels(till.books, practice=practice, address=lambda: address)


def test_without_keys_no_network_takes_anything(till: TillInFolder) -> None:
    assert channels(till).of("wechat") is None
    assert channels(till, practice=True).of("wechat") is None
    assert channels(till, practice=True, address="http://pay.example.com:80").of("wechat") is None


def test_a_real_shop_never_reaches_the_practice_network(till: TillInFolder) -> None:
    assert channels(till, address=ADDRESS).of("wechat") is None
    assert isinstance(channels(till, practice=True, address=ADDRESS).of("wechat"), WeChatPay)


def test_a_shops_own_keys_go_before_the_terminals(till: TillInFolder) -> None:
    wechat, alipay, terminal = practice_keys(ADDRESS)
    keep_keys(till.books, "terminal", msgspec.json.encode(terminal), "301")
    known = channels(till)
    assert isinstance(known.of("wechat"), Aggregator)
    keep_keys(till.books, "wechat", msgspec.json.encode(wechat), "301")
    keep_keys(till.books, "alipay", msgspec.json.encode(alipay), "301")
    known.forget()
    assert isinstance(known.of("wechat"), WeChatPay)
    assert isinstance(known.of("alipay"), Alipay)
    assert isinstance(known.of("ecny"), Aggregator)
    assert known.of("card") is None
    keep_keys(till.books, "terminal", b"", "301")
    known.forget()
    assert known.of("ecny") is None


def test_keys_are_sealed_on_the_disk(till: TillInFolder) -> None:
    wechat, _alipay, _terminal = practice_keys(ADDRESS)
    keep_keys(till.books, "wechat", msgspec.json.encode(wechat), "301")
    folder = Path(till.path)
    till.close()
    disk = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    secret = private_key("merchant").splitlines()[3].encode()
    assert secret not in disk and wechat.mchid.encode() not in disk
    assert isinstance(channels(till).of("wechat"), WeChatPay)


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("paypal", b"{}", "channel_kind_unknown"),
        ("wechat", b"{", "channel_keys_bad"),
        ("wechat", b"{}", "channel_keys_bad"),
        ("terminal", b'{"terminal":"1","key":"k","address":"http://x.example:80"}', ""),
        ("terminal", b'{"terminal":"1","key":"k","address":"https://x","more":1}', ""),
    ],
)
def test_keys_that_are_none_are_refused(
    till: TillInFolder, kind: str, raw: bytes, code: str
) -> None:
    with pytest.raises(Refusal, match=code or "channel_keys_bad"):
        keep_keys(till.books, kind, raw, "301")


def test_a_pulled_line_is_off_for_every_network(
    till: TillInFolder, practice: PracticeServer
) -> None:
    known = channels(till, practice=True, address=practice.address)
    wechat = known.of("wechat")
    assert wechat is not None and wechat.why_off() == ""
    known.cut = True
    assert wechat.why_off() == "no_connection"
    assert wechat.pay(ORDER, "130000000000000055").outcome == "UNREACHED"

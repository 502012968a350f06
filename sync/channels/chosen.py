"""Which network takes which tender on this till, built from its sealed keys.

A shop with keys of its own reaches WeChat Pay and Alipay itself; an aggregator's terminal takes
whatever they do not. A folder to practise in reaches the practice network and nothing else.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from app.errors import Refusal
from app.tender_names import CHANNELS
from app.transaction import Books, transaction
from sync.channels.aggregator import Aggregator, TerminalKeys
from sync.channels.alipay import Alipay, AlipayKeys
from sync.channels.answers import Channel
from sync.channels.carrying import Line, is_loopback
from sync.channels.practice.keys import practice_keys
from sync.channels.wechat import WeChatKeys, WeChatPay

Keys = WeChatKeys | AlipayKeys | TerminalKeys
K = TypeVar("K", WeChatKeys, AlipayKeys, TerminalKeys)
KINDS: dict[str, type[Keys]] = {
    "wechat": WeChatKeys,
    "alipay": AlipayKeys,
    "terminal": TerminalKeys,
}
MOST_KEY_BYTES = 32_000


def keep_keys(books: Books, kind: str, raw: bytes, person: str) -> None:
    """Seal what a network gave the merchant, as JSON; b"" forgets it.

    Raises Refusal: channel_kind_unknown, channel_keys_bad.
    """
    shape = KINDS.get(kind)
    if shape is None:
        raise Refusal("channel_kind_unknown", kind=kind[:20])
    if raw:
        try:
            keys = msgspec.json.decode(raw[:MOST_KEY_BYTES], type=shape)
        except msgspec.DecodeError as error:
            raise Refusal("channel_keys_bad", detail=str(error)[:80]) from None
        if not (keys.address.startswith("https://") or is_loopback(keys.address)):
            raise Refusal("channel_keys_bad", detail="https")
    with transaction(books, staff=person) as tx:
        books.secrets.save(tx.connection, _name(kind), raw)


def _name(kind: str) -> str:
    return f"channel.{kind}"


class Channels:
    """The networks of one till by tender; rebuilt when an address or keys change."""

    def __init__(self, books: Books, *, practice: bool, address: Callable[[], str]) -> None:
        self._books = books
        self._practice = practice
        self._address = address
        self._built: dict[str, Channel] | None = None
        self._built_for = ""
        self.cut = False
        """The line to every network was pulled, for practice."""

    def of(self, tender: str) -> Channel | None:
        """The network that takes this tender, None when none does."""
        address = self._address() if self._practice else ""
        if self._built is None or self._built_for != address:
            self._built = dict(self._build(address))
            self._built_for = address
        return self._built.get(tender)

    def forget(self) -> None:
        """Keys changed: build anew at the next use."""
        self._built = None

    def _line(self, address: str) -> Line:
        return Line(address, self._books.clock, practice=self._practice, cut=lambda: self.cut)

    def _build(self, address: str) -> dict[str, Channel]:
        books = self._books
        wechat: WeChatKeys | None
        alipay: AlipayKeys | None
        terminal: TerminalKeys | None
        if self._practice:
            if not is_loopback(address):
                return {}
            wechat, alipay, terminal = practice_keys(address)
        else:
            with books.read() as db:
                raw = {kind: books.secrets.load(db, _name(kind)) for kind in KINDS}
            wechat = _kept(raw["wechat"], WeChatKeys)
            alipay = _kept(raw["alipay"], AlipayKeys)
            terminal = _kept(raw["terminal"], TerminalKeys)
        built: dict[str, Channel] = {}
        if terminal is not None:
            line = self._line(terminal.address)
            for tender in CHANNELS:
                built[tender] = Aggregator(tender, terminal, line, books.clock, books.ids)
        if wechat is not None:
            built["wechat"] = WeChatPay(wechat, self._line(wechat.address), books.clock, books.ids)
        if alipay is not None:
            built["alipay"] = Alipay(alipay, self._line(alipay.address), books.clock)
        return built


def _kept(raw: bytes | None, shape: type[K]) -> K | None:
    return msgspec.json.decode(raw, type=shape) if raw else None

"""Head office at its pages: people who sign in, press buttons and read; a brand with two shops."""

import base64
import html
import re
from typing import Any

import msgspec
import requests

from app.facts.base import Fact
from app.facts.catalogue import Barcode, BarcodesSet, Product, ProductsSet
from app.facts.sales import BasketLine, LineRemoved, SaleCompleted
from app.facts.shifts import DayOpened
from app.facts.shop import SettingChanged
from app.facts.staff import StaffSet
from app.facts.stock import GoodsReceived, ReceivedLine
from sync.hub import people
from sync.hub.rights import AT_THE_MACHINE
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.hubs import TIMEOUT_S, RunningHub

PASSWORD = "sunny goose 7"
GTIN, BATCH, LOT = "06901234567892", "JJ20261108-03", "0193-lot-eggs"
TEA_GTIN = "06901234567908"
EGGS = Product(
    code="13006", name="金鸡皮蛋", spec="6枚", unit="盒", price=1680, cost=9_500_000, mark="dual",
    origin_town="金鸡镇", origin_village="石迳村", story="禾草灰腌制，四十天出坛。",
    tier="中端", three_origin="完全原产", category="开平禽蛋",
)  # fmt: skip
TEA = Product(
    code="12006", name="大沙红茶礼盒", spec="200g", unit="盒", price=19800, cost=90_000_000,
    mark="town", brand_town="大沙镇", origin_town="大沙镇", origin_village="大塘村", tier="高端",
    three_origin="完全原产", category="开平大沙茶",
)  # fmt: skip


class Browser:
    """One person's browser, and nothing of a page but its text."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub
        self.session = requests.Session()
        self.session.trust_env = False
        self.page = ""

    def get(self, path: str) -> requests.Response:
        response = self.session.get(self.hub.address + path, timeout=TIMEOUT_S)
        self.page = response.text
        return response

    def post(self, path: str, **fields: Any) -> requests.Response:
        """Send a form as it stands, without adding anything."""
        answer = self.session.post(
            self.hub.address + path, data=fields, timeout=TIMEOUT_S, allow_redirects=False
        )
        self.page = answer.text
        return answer

    def framed(self, path: str) -> list[str]:
        """What the frame in a page says, each time it has loaded itself; none without a frame."""
        found: list[str] = []
        address = "".join(re.findall(r'<iframe [^>]*src="([^"]+)"', self.get(path).text))
        while address:
            text = self.get(html.unescape(address)).text
            (said,) = re.findall(r'<p class="[^"]*">.*?</p>', text, re.S)
            found.append(html.unescape(re.sub(r"<[^>]*>", " ", said)).strip())
            address = "".join(re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', text))
        return found

    def do(self, act: str, **fields: Any) -> requests.Response:
        """Send a form of this session's own."""
        return self.post(f"/hq/do/{act}", csrf=self.csrf(), **fields)

    def send(self, act: str, name: str, content: bytes, **fields: Any) -> requests.Response:
        """A form with a file chosen on this person's disk."""
        answer = self.session.post(
            f"{self.hub.address}/hq/do/{act}", data={"csrf": self.csrf(), **fields},
            files={"file": (name, content)}, timeout=TIMEOUT_S, allow_redirects=False,
        )  # fmt: skip
        self.page = answer.text
        return answer

    def csrf(self) -> str:
        self.get("/hq")
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page)
        return found.group(1) if found else ""

    def sign_in(self, person: str, code: str, password: str = PASSWORD) -> requests.Response:
        self.get("/hq/sign-in")
        word = re.search(r'name="word" value="([0-9a-f]+)"', self.page)
        assert word
        return self.post(
            "/hq/sign-in", word=word.group(1), person=person, password=password, code=code
        )

    def code(self) -> str:
        """The word of the refusal on the page, "" when there is none."""
        found = re.search(r'role="alert".*?<p class="quiet">([a-z_]+)</p>', self.page, re.DOTALL)
        return found.group(1) if found else ""


class Office:
    """People of head office with their second factors."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub
        self.secrets: dict[str, bytes] = {}

    def hire(self, person: str, role: str, name: str = "") -> None:
        link = people.set_person(
            self.hub.hub, AT_THE_MACHINE, person=person, name=name, role=role, password=PASSWORD
        )
        found = re.search(r"secret=([A-Z2-7]+)", link)
        assert found
        self.secrets[person] = base64.b32decode(found.group(1))

    def code_of(self, person: str) -> str:
        """What the phone shows now."""
        now = self.hub.clock.wall_ms() // 1000
        return people.factor(self.secrets[person]).generate(now).decode()

    def browser(self, person: str) -> Browser:
        """This person, signed in; the clock moves on, because a code counts once."""
        self.hub.clock.advance(people.STEP_S * 1000)
        one = Browser(self.hub)
        answer = one.sign_in(person, self.code_of(person))
        assert answer.status_code == 303, one.page
        return one


def a_shop_that_sells(hub: RunningHub, writer: Writer) -> None:
    """KP01 with eggs and tea, two sales, a removed line; all of it has arrived."""
    for fact in _day():
        writer.write(fact)
    assert hub.push(writer).code == "ack"
    hub.projection.work()


def _day() -> list[Fact]:
    lot = ReceivedLine(
        line=1, product="13006", lot=LOT, batch=BATCH, quantity=88_000, unit_cost=9_500_000,
        made="2026-11-08", expires="2027-05-07", certificate="HGZ-77", report="BG-9",
    )  # fmt: skip
    return [
        SettingChanged(shop="KP01", key="shop_name", value="展示馆旗舰店"),
        StaffSet(shop="KP01", person="101", role="cashier"),
        ProductsSet(shop="KP01", document="d", products=(EGGS, TEA)),
        BarcodesSet(shop="KP01", document="d", barcodes=(Barcode(code=GTIN[1:], product="13006"),)),
        GoodsReceived(shop="KP01", till="1", day="2026-11-09", document="r", lines=(lot,)),
        DayOpened(shop="KP01", till="1", day="2026-11-29", proposed="2026-11-29"),
        _sold(("13006", 1680, 3000), sequence=1),
        _sold(("13006", 1680, 34_000), sequence=2),
        LineRemoved(
            shop="KP01", till="1", day="2026-11-29", shift="shift-1", basket="b", person="101",
            removed=BasketLine(line=1, product="13006", name="皮蛋", quantity=1000, amount=1680),
        ),
    ]  # fmt: skip


def _sold(*lines: tuple[str, int, int], sequence: int) -> SaleCompleted:
    return sold(*lines, sequence=sequence, lot=LOT)


def tea_with_a_number(hub: RunningHub, writer: Writer) -> None:
    """A lot of tea whose boxes are numbered, and the box S-7 sold."""
    lot = ReceivedLine(
        line=1, product="12006", lot="lot-tea", batch="DS20261001", quantity=12_000,
        unit_cost=90_000_000, made="2026-10-01", expires="2028-09-30", certificate="HGZ-91",
    )  # fmt: skip
    sale = sold(("12006", 19800, 1000), sequence=3, lot="lot-tea")
    numbered = msgspec.structs.replace(sale.lines[0], serial="S-7")
    barcode = Barcode(code=TEA_GTIN[1:], product="12006")
    for fact in (
        BarcodesSet(shop="KP01", document="tea", barcodes=(barcode,)),
        GoodsReceived(shop="KP01", till="1", day="2026-11-10", document="tea", lines=(lot,)),
        msgspec.structs.replace(sale, lines=(numbered,)),
    ):
        writer.write(fact)
    assert hub.push(writer).code == "ack"
    hub.projection.work()

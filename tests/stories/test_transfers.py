"""Goods go from one shop to another that no hub joins: by paper, by a sealed file, by hand."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.clock import SettableClock, parse_time
from app.demo import fill
from app.ids import Ids, seeded
from app.opening import NewTill, open_folder
from tests.stories.counters import MANAGER, NOON, MakeShop, ShopFloor
from ui.startup import Till

EGGS, TEA = "13006", "12003"
CATALOGUE = Path(__file__).parents[2] / "resources" / "catalogue"


class OtherShop(ShopFloor):
    """A second standalone shop with the same catalogue: KP02."""

    @property
    def till(self) -> Till:
        if self._till is None:
            clock = SettableClock(parse_time(NOON))
            self.clock, self.ids = clock, Ids(clock, seeded("KP02"))
            new = NewTill(shop="KP02", till="1", series="D", keystore="file")
            opened = open_folder(self.folder, clock=clock, ids=self.ids, new=new, reserve=False)
            fill(opened.books, CATALOGUE, stock=False)
            self._till = Till(opened)
        return self._till


@pytest.fixture
def here(make_shop: MakeShop) -> ShopFloor:
    shop = make_shop("here", stock=False)
    shop.open_shift()
    shop.sign_in(MANAGER)
    line = {"product": EGGS, "quantity": "48", "cost": "9.5000", "lot": "JJ1"}
    shop.ok("receive", supplier="金鸡合作社",
            lines=[line | {"expires": "2027-08-01", "report": "JC-1", "level": "镇",
                           "village": "石迳村"}])  # fmt: skip
    return shop


@pytest.fixture
def there(tmp_path: Path) -> Any:
    shop = OtherShop(tmp_path / "there")
    shop.open_shift()
    shop.sign_in(MANAGER)
    yield shop
    shop.close()


def sent(here: ShopFloor, file: Path, quantity: str = "20") -> dict[str, Any]:
    lines = [{"product": EGGS, "quantity": quantity, "box": "1"}]
    return here.ok("transfer_out", to="KP02", lines=lines, waybill="SF100", file=str(file))


@pytest.mark.without_network("货", "调拨给别的店", "单据用 U 盘带过去")
def test_a_lot_keeps_its_id_and_its_papers_and_both_ends_agree(
    here: ShopFloor, there: ShopFloor, tmp_path: Path
) -> None:
    file, answer = tmp_path / "out.json", tmp_path / "back.json"
    out = sent(here, file)
    assert (here.on_hand(EGGS), here.ok("stock", product=EGGS)["sent"]) == ("28", "20")
    taken = there.ok("transfer_import", file=str(file))
    assert (taken["number"], taken["from"], taken["new_key"]) == (out["number"], "KP01", True)
    assert there.on_hand(EGGS) == "0"
    assert there.ok("stock", product=EGGS)["in_transit"] == "20"
    line = {"product": EGGS, "quantity": "18", "reason": "破损"}
    done = there.ok("transfer_in", document=out["code"], lines=[line])
    assert done["lines"][0]["difference"] == "-2"
    assert there.ok("stock", product=EGGS)["in_transit"] == "0"
    (lot,) = there.ok("lots", product=EGGS)["lots"]
    (mine,) = here.ok("lots", product=EGGS)["lots"]
    for name in ("lot_id", "lot", "cost", "expires", "report", "level", "village", "supplier"):
        assert lot[name] == mine[name]
    there.ok("transfer_export", document=out["number"], file=str(answer))
    (known,) = here.ok("transfer_status", file=str(answer))["lines"]
    assert (known["arrived"], known["lost"], known["in_transit"]) == ("18", "2", "0")
    again = here.kinds()
    here.ok("transfer_status", file=str(answer))
    assert here.kinds() == again
    for shop in (here, there):
        shop.verified()


def test_what_comes_in_two_parcels_is_received_twice_and_never_more(
    here: ShopFloor, there: ShopFloor, tmp_path: Path
) -> None:
    out = sent(here, tmp_path / "f")
    part = there.ok("transfer_in", file=str(tmp_path / "f"),
                    lines=[{"product": EGGS, "quantity": "12"}])  # fmt: skip
    assert part["in_transit"][0]["in_transit"] == "8"
    nine = [{"product": EGGS, "quantity": "9"}]
    name = {"document": out["document"]}
    assert there.refused("transfer_in", **name, lines=nine) == "more_than_dispatched"
    there.ok("transfer_in", **name)
    assert there.on_hand(EGGS) == "20"
    assert there.refused("transfer_in", **name) == "document_posted"


def test_a_file_is_taken_once_and_a_changed_one_never(
    here: ShopFloor, there: ShopFloor, tmp_path: Path
) -> None:
    file = tmp_path / "f"
    sent(here, file)
    there.ok("transfer_import", file=str(file))
    before = there.kinds()
    there.ok("transfer_import", file=str(file))
    assert there.kinds() == before
    said = json.loads(file.read_text())
    said["entries"][0]["content"] = said["entries"][0]["content"].replace(":20000,", ":21000,")
    forged = tmp_path / "forged"
    forged.write_text(json.dumps(said))
    assert there.refused("transfer_import", file=str(forged)) == "seal_broken"
    said["entries"][0]["hash"] = sha256(said["entries"][0]["content"].encode()).hexdigest()
    forged.write_text(json.dumps(said))
    assert there.refused("transfer_import", file=str(forged)) == "seal_broken"
    for text in ("", "{}", "[1]", "x" * 50, json.dumps(said | {"entries": []})):
        forged.write_text(text)
        assert there.refused("transfer_import", file=str(forged)) == "file_unreadable"
    assert there.refused("transfer_import", file=str(tmp_path)) == "file_unreadable"
    assert here.refused("transfer_import", file=str(file)) == "not_for_us"
    assert there.kinds() == before


def test_another_key_for_the_same_shop_needs_somebodys_word(
    here: ShopFloor, there: ShopFloor, make_shop: MakeShop, tmp_path: Path
) -> None:
    sent(here, tmp_path / "first")
    there.ok("transfer_import", file=str(tmp_path / "first"))
    other = make_shop("claims to be KP01")
    other.open_shift()
    other.sign_in(MANAGER)
    second = {"file": str(tmp_path / "second")}
    other.ok("transfer_out", to="KP02", lines=[{"product": EGGS, "quantity": "1"}], **second)
    assert there.refused("transfer_import", **second) == "sender_key_changed"
    there.ok("transfer_import", new_key=True, **second)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"product": "0"}, "unknown_code"),
        ({"product": "12006"}, "not_goods"),
        ({"quantity": "0"}, "bad_quantity"),
        ({"quantity": "0.5"}, "fraction_of_unit"),
        ({"lot": "nothing"}, "unknown_lot"),
        ({"product": TEA}, "unknown_lot"),
        ({"place": "attic"}, "bad_place"),
    ],
)
def test_what_is_not_there_is_sent_nowhere(
    here: ShopFloor, line: dict[str, str], code: str
) -> None:
    lines = [{"product": EGGS, "quantity": "1"} | line]
    before = here.kinds()
    assert here.refused("transfer_out", to="KP02", lines=lines) == code
    assert here.kinds() == before


def test_nothing_is_sent_to_oneself_nor_past_its_date(here: ShopFloor) -> None:
    one = [{"product": EGGS, "quantity": "1"}]
    assert here.refused("transfer_out", to="KP01", lines=one) == "bad_shop"
    assert here.refused("transfer_out", to="", lines=one) == "bad_shop"
    assert here.refused("transfer_in", document="nothing") == "unknown_document"
    here.ok("clock", now="2027-08-02T09:00:00+08:00")
    assert here.refused("transfer_out", to="KP02", lines=one) == "lot_expired"


def test_what_never_arrives_is_written_off_with_a_reason(here: ShopFloor, tmp_path: Path) -> None:
    out = sent(here, tmp_path / "f")
    (line,) = here.ok("transfer_status")["lines"]
    assert line["in_transit"] == "20"
    (line,) = here.ok("transfer_status", document=out["number"], lost="翻车")["lines"]
    assert (line["lost"], line["in_transit"]) == ("20", "0")
    assert here.ok("transfer_status")["lines"] == []
    here.verified()


def test_photos_lie_beside_what_came_and_what_is_none_is_refused(
    here: ShopFloor, there: ShopFloor, tmp_path: Path
) -> None:
    out = sent(here, tmp_path / "f")
    photo, letter, large = tmp_path / "a.jpg", tmp_path / "b.txt", tmp_path / "c.png"
    photo.write_bytes(b"\xff\xd8\xff wet box")
    letter.write_bytes(b"not a picture at all")
    large.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(4_000_000))
    there.ok("transfer_import", file=str(tmp_path / "f"))
    name = {"document": out["document"]}
    for path, code in (
        (letter, "not_a_photo"), (large, "too_many_photos"), (tmp_path, "file_unreadable"),
        (tmp_path / "none.jpg", "file_unreadable"),
    ):  # fmt: skip
        assert there.refused("transfer_in", **name, photos=[str(path)]) == code
    assert there.on_hand(EGGS) == "0"
    there.ok("transfer_in", **name, photos=[str(photo)])
    line = {"product": EGGS, "quantity": "2", "cost": "9", "lot": "JJ2", "expires": "2027-08-01"}
    assert there.refused("receive", lines=[line], photos=[str(photo)] * 10) == "too_many_photos"
    there.ok("receive", lines=[line], photos=[str(photo)])
    names = {name for (name,) in there.rows("SELECT name FROM attachment")}
    facts = "SELECT content FROM entry WHERE kind IN ('transfer_received@1', 'goods_received@1')"
    contents = [bytes(content) for (content,) in there.rows(facts)]
    assert len(names) == 2 and len(contents) == 2
    assert all(any(name.encode() in each for name in names) for each in contents)
    assert not any(b"wet box" in each for each in contents)
    there.verified()

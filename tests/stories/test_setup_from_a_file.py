"""Twenty tills from one file, nobody at a window: three of them here, with a hub, and they sell."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.queries import all_products
from app.errors import Refusal
from app.opening import open_folder
from app.verification import verify_folder
from sync.hub import office
from tests.support.hubs import RunningHub
from ui import commands
from ui.setting_up import fresh_pin, put_on_desktop
from ui.setup_file import read_setup
from ui.startup import Till, system_ids

PINS = "101 246810\n301 864209\n"
FILE = """
goods = "goods.csv"

[shop]
code = "KP07"
name = "开平优品 赤坎店"
seller_name = "开平优品商贸有限公司"

[settings]
cutoff_hour = "4"

[[people]]
number = "101"
name = "张三"
role = "cashier"

[[people]]
number = "301"
name = "王五"
role = "manager"

[hub]
address = "{hub}"

[every_till]
keystore = "file"
printer = "chinese_80 file:{place}/printer.bin"
copies = "{place}/stick"

[[till]]
number = "1"
code = "{codes[0]}"

[[till]]
number = "2"
code = "{codes[1]}"

[[till]]
number = "3"
code = "{codes[2]}"
"""
GOODS = "货号,品名,单位,售价,条码\n5001,赤坎豆腐角,份,12.00,6901234567892\n5002,水口白菜,包,6.50,\n"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    running = RunningHub(tmp_path / "hub", "")
    clock, _ids = system_ids()
    running.clock.jump_wall(clock.wall_ms() - running.clock.wall_ms())
    yield running
    running.close()


def written(place: Path, hub: str, codes: list[str], text: str = FILE) -> Path:
    """till.toml with its goods and its PINs beside it."""
    (place / "goods.csv").write_text(GOODS, encoding="utf-8")
    pins = place / "pins.txt"
    pins.write_text(PINS)
    os.chmod(pins, 0o600)
    path = place / "till.toml"
    path.write_text(text.format(hub=hub, place=place, codes=codes), encoding="utf-8")
    return path


def setup(path: Path, till: str, *more: str) -> int:
    return commands.main(
        ["setup", "--from", str(path), "--till", till, "--data", str(path.parent / f"till {till}"),
         *(more or ("--pins", str(path.parent / "pins.txt")))]
    )  # fmt: skip


def test_three_tills_are_set_up_by_three_lines_and_sell(
    hub: RunningHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [office.enrol_code(hub.hub, shop="KP07", till=number) for number in "123"]
    path = written(tmp_path, hub.address, codes)
    for number in "123":
        assert setup(path, number) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["till"], said["shop"], said["goods"], said["already"]) == (
            number, "KP07", 2, False,
        )  # fmt: skip
        assert len(said["six_digits"]) == 6
        # The same line once more does nothing twice, and asks for no PIN.
        assert setup(path, number, "--kiosk") == 0
        assert json.loads(capsys.readouterr().out)["already"]
    assert len(hub.rows("SELECT * FROM hub_device")) == 3
    clock, ids = system_ids()
    numbers = []
    for number in "123":
        till = Till(open_folder(tmp_path / f"till {number}", clock=clock, ids=ids, reserve=False))
        till.counter.desk.sign_in("101", "246810")
        till.counter.desk.open_shift(30_000)
        till.counter.scan("6901234567892")
        done = till.counter.pay_cash()
        assert done is not None
        numbers.append(done.sale.number)
        assert till.counter.desk.settings["shop_name"] == "开平优品 赤坎店"
        assert till.devices.has_printer
        with till.books.read() as db:
            assert list(all_products(db, "KP07")) == ["5001", "5002"]
        till.close()
        assert verify_folder(tmp_path / f"till {number}").ok
        assert list((tmp_path / "stick").glob(f"KP07-{number}/*.jsonl"))
    assert [each.split("-")[:2] for each in numbers] == [["KP07", n] for n in "123"]


def test_a_hub_that_is_away_is_said_and_joined_by_the_same_line_later(
    hub: RunningHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = office.enrol_code(hub.hub, shop="KP07", till="1")
    path = written(tmp_path, "http://127.0.0.1:9", [code, "", ""])
    assert setup(path, "1") == 1
    assert "hub_not_reached" in capsys.readouterr().err
    written(tmp_path, hub.address, [code, "", ""])
    assert setup(path, "1") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["already"] and len(said["six_digits"]) == 6


WRONG = {
    "misspelt": ('seller_name = "', 'sellername = "', "setup_unknown"),
    "no toml": ("[shop]", "[shop", "setup_file_bad"),
    "a shop's code": ('code = "KP07"', 'code = "开平"', "setup_field"),
    "a setting": ('cutoff_hour = "4"', 'cutoff_hour = "40"', "setup_field"),
    "a setting nobody knows": ("cutoff_hour", "day_of_rest", "setup_field"),
    "a number, not a text": ('number = "101"', "number = 101", "setup_field"),
    "a role": ('role = "cashier"', 'role = "king"', "setup_field"),
    "nobody in charge": ('role = "manager"', 'role = "lead"', "setup_field"),
    "a printer": ("chinese_80 file", "chinese_81 file", "setup_field"),
    "an address": ("chinese_80 file", "chinese_80 fax", "setup_field"),
    "a keystore": ('keystore = "file"', 'keystore = "pocket"', "setup_field"),
    "a place for copies": ('copies = "', 'copies = "here', "setup_field"),
    "one number twice": ('number = "3"', 'number = "2"', "setup_field"),
    "a till's number": ('number = "3"', 'number = "300"', "setup_field"),
    "a name that is missing": ('name = "张三"\n', "", "setup_field"),
    "no such till": ('number = "1"\ncode', 'number = "9"\ncode', "setup_till_missing"),
    "goods that are not there": ("goods.csv", "good.csv", "setup_field"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_the_file_is_said_before_the_first_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    before, after, code = WRONG[what]
    assert before in FILE
    path = written(tmp_path, "http://127.0.0.1:9", ["", "", ""], FILE.replace(before, after))
    assert setup(path, "1") == 1
    said = capsys.readouterr().err
    assert code in said and "$" not in said
    assert not (tmp_path / "till 1").exists()


def test_goods_with_a_wrong_row_are_named_by_row_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "", ["", "", ""])
    (tmp_path / "goods.csv").write_text(GOODS.replace("12.00", "12元半"), encoding="utf-8")
    assert setup(path, "1") == 1
    assert "goods:2" in capsys.readouterr().err


def test_pins_are_asked_for_and_never_weak_missing_or_in_an_open_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "", ["", "", ""])
    pins = tmp_path / "pins.txt"
    os.chmod(pins, 0o644)
    assert setup(path, "1") == 1
    assert "setup_pins_open" in capsys.readouterr().err
    os.chmod(pins, 0o600)
    pins.write_text("101 246810\n")
    assert setup(path, "1") == 1
    assert "setup_pin_missing" in capsys.readouterr().err
    pins.write_text("101 123456\n301 864209\n")
    assert setup(path, "1") == 1
    assert "pin_weak" in capsys.readouterr().err
    assert not (tmp_path / "till 1").exists()
    assert setup(path, "1", "--new-pins") == 0
    thrown = [line.split() for line in capsys.readouterr().err.splitlines()]
    assert [line[0] for line in thrown] == ["101", "301"]
    clock, ids = system_ids()
    till = Till(open_folder(tmp_path / "till 1", clock=clock, ids=ids, reserve=False))
    till.counter.desk.sign_in("301", thrown[1][2])
    till.close()
    assert fresh_pin(ids) != fresh_pin(ids)


def test_a_folder_of_another_till_is_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "", ["", "", ""])
    assert setup(path, "1") == 0
    line = ["setup", "--from", str(path), "--till", "2", "--data", str(tmp_path / "till 1")]
    assert commands.main(line) == 1
    assert "setup_other_till" in capsys.readouterr().err


def test_the_desktop_entry_opens_this_till_on_the_whole_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    written_files = put_on_desktop(
        '/opt/收银 "一"/pos', Path("/opt/till.svg"), data=Path("/srv/100%"), kiosk=True,
        autostart=True, home=tmp_path,
    )  # fmt: skip
    assert [path.relative_to(tmp_path).parent.as_posix() for path in written_files] == [
        ".local/share/applications", ".config/autostart",
    ]  # fmt: skip
    (line,) = [
        each for each in written_files[0].read_text().splitlines() if each.startswith("Exec=")
    ]
    assert line == 'Exec="/opt/收银 \\\\"一\\\\"/pos" "--kiosk" "--data" "/srv/100%%"'


def test_nothing_to_set_up_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["setup"]) == 1
    assert "setup_nothing" in capsys.readouterr().err


def test_the_file_in_the_guide_is_one_that_works(tmp_path: Path) -> None:
    """What the documentation shows is read by the program."""
    guide = (Path(__file__).parents[2] / "docs" / "setup.md").read_text(encoding="utf-8")
    example = guide.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "till.toml").write_text(example, encoding="utf-8")
    (tmp_path / "商品.csv").write_text(GOODS, encoding="utf-8")
    found = read_setup(tmp_path / "till.toml")
    assert len(found.till) > 1
    with pytest.raises(Refusal, match="setup_no_file"):
        read_setup(tmp_path / "other.toml")

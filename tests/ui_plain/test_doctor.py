"""`./pos doctor`: each thing that can be wrong is told, with its way out, and nobody is in it."""

import base64
import io
import json
import logging
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from app import folder as place
from app import inspection
from app.clock import SystemClock, parse_time
from app.errors import Refusal
from app.inspection import PLAIN_SETTINGS
from app.journal.secrets import KEY_FILE
from app.settings import checked
from tests.stories.counters import MANAGER, ShopFloor
from ui import commands, console, doctor, doctor_folder, doctor_machine
from ui.doctor_findings import Finding, as_text

LOOKED_AT = {
    *("python", "qt", "sqlite", "fonts", "clock", "sleep", "folder", "room", "disk", "books"),
    *("keystore", "printer", "last_fact", "hub", "log"),
}


def folder_findings(folder: Path) -> dict[str, Finding]:
    found, _standing = doctor_folder.look_at_folder(folder, SystemClock())
    return {each.name: each for each in found}


@pytest.fixture
def closed(demo_folder: Path, tmp_path: Path) -> Path:
    """The sample shop, closed, in a folder that may be spoilt."""
    return Path(shutil.copytree(demo_folder, tmp_path / "closed"))


def say_in_console(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *requests: dict[str, object]
) -> None:
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in requests)
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert commands.main(["console", "--data", str(folder), "--demo"]) == 0


def test_an_empty_machine_gets_a_whole_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = commands.main(["doctor", "--data", str(tmp_path / "none"), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert {each["name"] for each in report["checks"]} == LOOKED_AT
    stops = [each for each in report["checks"] if each["state"] == "stop"]
    assert (code, report["ok"], stops) == (0, True, [])
    assert not (tmp_path / "none").exists()


def test_every_line_has_words_in_both_languages_and_every_trouble_a_way_out(
    closed: Path,
) -> None:
    found = [*doctor_machine.look_at_machine(SystemClock()), *folder_findings(closed).values()]
    for each in found:
        assert all(each.title) and all(each.says), each
        assert not any(ord(char) > 0x2E7F for char in each.says.en + each.mend.en), each
        assert each.state == "ok" or all(each.mend), each
    assert len(as_text(found, "zh")) == len(found) + sum(bool(each.mend.zh) for each in found)


def test_a_folder_a_till_holds_is_looked_at_from_outside_only(
    shop: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.ok("sign_in", staff="101", pin="246810")
    monkeypatch.setattr(
        inspection, "Database", lambda path: pytest.fail("a till's database was opened")
    )
    found = folder_findings(shop.folder)
    assert found["books"].state == "ok" and "not touched" in found["books"].says.en
    assert "cannot be read now" in found["printer"].says.en
    assert found["keystore"].state == "ok"


def test_a_closed_folder_tells_how_it_stands(closed: Path) -> None:
    found = folder_findings(closed)
    assert found["books"].says.en.endswith(" entries")
    assert found["printer"].says.en == "virtual: ready"
    assert found["last_fact"].state == "warn", "the sample shop's day is not today"


def test_a_damaged_database_stops(closed: Path) -> None:
    file = closed / "till.db"
    file.write_bytes(b"nothing of ours" * 400)
    assert folder_findings(closed)["books"].state == "stop"
    assert doctor.run(closed, SystemClock()) == 1


def test_a_lost_key_stops_and_an_open_one_is_told(closed: Path) -> None:
    key = closed / KEY_FILE
    os.chmod(key, 0o644)
    assert folder_findings(closed)["keystore"].state == "warn"
    os.chmod(key, 0o600)
    assert folder_findings(closed)["keystore"].state == "ok"
    key.unlink()
    assert folder_findings(closed)["keystore"].state == "stop"


def test_a_folder_in_a_cloud_drive_stops(tmp_path: Path) -> None:
    folder = tmp_path / "坚果云" / "till"
    assert folder_findings(folder)["folder"].state == "stop"


def test_a_printer_nobody_answers_for_is_told(shop: ShopFloor) -> None:
    shop.till.counter.desk.sign_in(*MANAGER)
    from ui.counter_devices import PRINTER_MARK, set_device

    set_device(shop.till.books, PRINTER_MARK, "chinese_80 network:127.0.0.1:9")
    shop.close()
    found = folder_findings(shop.folder)["printer"]
    assert found.state == "warn" and found.mend.zh


def test_little_room_is_told_before_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for free, state in (
        (place.STOP_BYTES - 1, "stop"),
        (place.LOW_BYTES - 1, "warn"),
        (place.LOW_BYTES, "ok"),
    ):
        monkeypatch.setattr(place, "free_bytes", lambda _folder, free=free: free)
        assert doctor_folder.room(tmp_path).state == state


def test_a_window_that_cannot_open_stops() -> None:
    broken = {**os.environ, "QT_QPA_PLATFORM": "no_such_platform"}
    assert doctor_machine.qt(broken).state == "stop"


def test_a_clock_with_an_empty_battery_stops() -> None:
    assert doctor_machine.clock_of(parse_time("2009-01-01T00:00:00+08:00"), True).state == "stop"
    noon = parse_time("2026-12-07T12:00:00+08:00")
    states = [doctor_machine.clock_of(noon, kept).state for kept in (True, False, None)]
    assert states == ["ok", "warn", "warn"]


def test_old_parts_stop() -> None:
    assert doctor_machine.python((3, 10, 2)).state == "stop"
    assert doctor_machine.python((3, 11, 0), bits=2**31 - 1).state == "warn"


WINDOWS_SAYS = """
    電源設定 GUID: 29f6c1db-86da-48c5-9fdb-f2b67b1f44da  (睡眠)
      最小可能的設定: 0x00000000
      最大可能的設定: 0xffffffff
    目前的 AC 電源設定索引: 0x00000708
    目前的 DC 電源設定索引: 0x00000384
"""


def test_a_machine_that_sleeps_by_itself_is_told() -> None:
    assert doctor_machine.plugged_in_seconds(WINDOWS_SAYS) == 1800
    assert doctor_machine.plugged_in_seconds("") is None
    plain, later = "[Login]\nIdleAction=ignore\n", "[Login]\n  IdleAction = suspend\n"
    assert doctor_machine.idle_actions([plain, "#IdleAction=suspend\n"]) == []
    assert doctor_machine.idle_actions([plain, later]) == [("IdleAction", "suspend")]
    assert doctor_machine.sleep("IdleAction=suspend", "logind").state == "warn"
    assert doctor_machine.sleep("", "").state == "warn"
    assert doctor_machine.sleep("", "logind").state == "ok"


# --- The bundle ------------------------------------------------------------------------------

NAMES = ("关小燕", "余海珊", "zhang_canary", "开平市赤坎镇堤西路")
NUMBERS = ("13902880417", "134567890123456789", "778899", "553311", "6229880000417")
TEXTS = ("老顾客的孩子", "司徒家的礼盒")


@pytest.fixture
def busy(closed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose till saw much of what a bundle must not tell, bugs that quote it included."""
    real = console.Commands._carry_out

    def stumbling(self: console.Commands, seat: console.Seat, line: str) -> dict[str, object]:
        if "stumble" in line:
            logging.getLogger("urllib3").warning("lost %s", NUMBERS[0])
            logging.getLogger("ui.console").warning("member %s is %s", NUMBERS[0], NAMES[0])
            raise ValueError(f"no such member: {line} {NAMES} {NUMBERS}")
        return real(self, seat, line)

    monkeypatch.setattr(console.Commands, "_carry_out", stumbling)
    demo = {"staff": "301", "pin": "864209"}
    say_in_console(
        monkeypatch,
        closed,
        {"do": "sign_in", "staff": "101", "pin": NUMBERS[2]},
        {"do": "sign_in", **demo},
        {"do": "shop", "set": {"address": NAMES[3], "phone": NUMBERS[0], "service_phone": ""}},
        {"do": "staff", "staff": "188", "name": NAMES[1], "role": "cashier", "pin": NUMBERS[3]},
        {"do": "open_shift", "float": "500.00"},
        {"do": "member_create", "name": NAMES[0], "phone": NUMBERS[0], "consent": True},
        {"do": "scan", "code": NUMBERS[1]},
        {"do": "add", "product": "11014"},
        {"do": "hold", "name": TEXTS[1]},
        {"do": "cash_out", "amount": "10.00", "reason": TEXTS[0]},
        {"do": "stumble", "name": NAMES[0], "phone": NUMBERS[0], "card": NUMBERS[4]},
    )
    return closed


def test_the_bundle_tells_what_broke_and_nothing_about_anybody(
    busy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "bundle.zip"
    code = commands.main(["doctor", "--data", str(busy), "--bundle", str(target)])
    assert code == 0, capsys.readouterr().out
    with zipfile.ZipFile(target) as bundle:
        parts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert set(parts) == {"report.json", "versions.json", "settings.json", "logs/till.log"}
    bugs = [json.loads(line) for line in parts["logs/till.log"].splitlines()]
    broken = [each for each in bugs if each.get("error") == "ValueError"]
    assert len(broken) == 1 and "ui/console.py" in " ".join(broken[0]["trail"])
    assert json.loads(parts["settings.json"])["entries"] > 0

    key = (busy / KEY_FILE).read_bytes()
    secrets = [
        *(*NAMES, *NUMBERS, *TEXTS, "张三", "246810", "864209", str(Path.home())),
        *(key.hex(), base64.b64encode(key).decode()),
    ]
    for name, text in parts.items():
        found = [secret for secret in secrets if secret in text]
        assert not found, f"{name} tells {found}"


def test_lines_others_wrote_into_the_log_stay_out_of_the_bundle(
    closed: Path, tmp_path: Path
) -> None:
    logs = closed / "logs"
    logs.mkdir()
    ours = {"at": "2026-12-07", "says": "till 13902880417 opened", "note": NAMES[0]}
    (logs / "till.log").write_text(f"{NAMES[1]}\n{json.dumps(ours)}\n[1]\n", encoding="utf-8")
    target = tmp_path / "bundle.zip"
    doctor.run(closed, SystemClock(), bundle=target)
    with zipfile.ZipFile(target) as bundle:
        assert json.loads(bundle.read("logs/till.log")) == {
            "at": "2026-12-07",
            "says": "till # opened",
        }


def test_no_setting_that_takes_free_text_is_in_the_bundle() -> None:
    for key in PLAIN_SETTINGS:
        with pytest.raises(Refusal):
            checked(key, NAMES[0])


def test_a_bundle_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "no" / "such" / "folder.zip"
    assert commands.main(["doctor", "--data", str(tmp_path), "--bundle", str(target)]) == 1
    assert "bundle_not_written" in capsys.readouterr().err

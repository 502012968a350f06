"""An update: believed under a release key alone, unpacked beside, switched in one step, with a way
back. The programs here are scripts that say their version, so each case takes no time."""

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.errors import Refusal
from app.messages import sentence
from app.update_file import LIST, SIGNATURE, Here, Linked, Listed, Manifest, signed_bytes
from tests.built.release import listed, new_key, write_update
from ui import updating
from ui.updating import GOOD, NEW, Current, go_back, install, newer_starter, read_current

KEY = Ed25519PrivateKey.from_private_bytes(b"a release key of these tests ok!")
KEYS = (KEY.public_key().public_bytes_raw().hex(),)
HERE = Here(version="0.1.0", machine="linux-x86_64", schema="0002", today="2026-12-07")
Change = Callable[[Path], None]


def a_program(folder: Path, version: str, words: str = "") -> Path:
    """A folder like a built program's."""
    (folder / "_internal").mkdir(parents=True)
    starter = folder / "pos"
    starter.write_text(f"#!/bin/sh\necho '{version} (abc1234, 2026-12-01)'\n{words}\n")
    starter.chmod(0o755)
    (folder / "_internal" / "收银.txt").write_text(f"data of {version}")
    os.symlink("pos", folder / "kaiping-till")
    return folder


def manifest(program: Path, version: str, **more: object) -> Manifest:
    files, links = listed(program)
    fields: dict[str, object] = {
        "format": 1, "product": "kaiping-till", "version": version, "commit": "abc1234",
        "date": "2026-12-01", "machine": HERE.machine, "schema": "0003", "least_schema": "0001",
        "expires": "2027-06-01", "files": files, "links": links,
    }  # fmt: skip
    return msgspec.convert(fields | more, Manifest)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The program that was installed first."""
    return a_program(tmp_path / "installed", "0.1.0")


def made(tmp_path: Path, version: str = "0.2.0", words: str = "", **more: object) -> Path:
    """A signed update file."""
    program = a_program(tmp_path / f"built {version}", version, words)
    path = tmp_path / f"{version}.kpupdate"
    write_update(program, manifest(program, version, **more), KEY, path)
    return path


def take(path: Path, program: Path, known: Here = HERE, keys: tuple[str, ...] = KEYS) -> Manifest:
    return install(path, program, known, keys)


# --- Believed or refused --------------------------------------------------------------------------


def rewritten(change: Callable[[dict[str, bytes]], None]) -> Change:
    """The members of a file after somebody changed them."""

    def spoil(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        change(members)
        with zipfile.ZipFile(path, "w") as archive:
            for name, held in members.items():
                archive.writestr(name, held)

    return spoil


def relisted(**more: object) -> Change:
    """A list that somebody with the release key made wrong."""

    def change(members: dict[str, bytes]) -> None:
        fields = msgspec.json.decode(members[LIST]) | more
        members[LIST] = msgspec.json.encode(fields)
        members[SIGNATURE] = KEY.sign(signed_bytes(members[LIST]))

    return rewritten(change)


def listed_at(path: str) -> Change:
    return relisted(files=[{"path": path, "size": 0, "sha256": "0" * 64}])


DATA = "_internal/收银.txt"
HOSTILE: dict[str, tuple[Change, str]] = {
    "no zip": (lambda path: void(path.write_bytes(b"hello")), "update_unreadable"),
    "half a zip": (
        lambda path: void(os.truncate(path, path.stat().st_size // 2)),
        "update_unreadable",
    ),
    "not there": (lambda path: path.unlink(), "update_unreadable"),
    "no list": (rewritten(lambda m: void(m.pop(LIST))), "update_unreadable"),
    "no signature": (rewritten(lambda m: void(m.pop(SIGNATURE))), "update_unreadable"),
    "another's signature": (
        rewritten(lambda m: m.update({SIGNATURE: bytes(64)})),
        "update_not_signed",
    ),
    "a list changed afterwards": (
        rewritten(lambda m: m.update({LIST: m[LIST].replace(b"0.2.0", b"0.3.0")})),
        "update_not_signed",
    ),
    "a file changed": (rewritten(lambda m: m.update({DATA: b"data of 0.2.1"})), "update_damaged"),
    "a file longer than listed": (
        rewritten(lambda m: m.update({DATA: b"0" * 9_000_000})),
        "update_damaged",
    ),
    "a file cut off": (rewritten(lambda m: m.update({DATA: b""})), "update_damaged"),
    "a file too many": (rewritten(lambda m: m.update({"extra.so": b"x"})), "update_damaged"),
    "a file too few": (rewritten(lambda m: void(m.pop(DATA))), "update_damaged"),
    "out of the folder": (listed_at("../../evil"), "update_damaged"),
    "from the root": (listed_at("/etc/evil"), "update_damaged"),
    "another drive": (listed_at("C:/evil"), "update_damaged"),
    "a backslash": (listed_at("..\\evil"), "update_damaged"),
    "a stream": (listed_at("pos:evil"), "update_damaged"),
    "a link out": (relisted(links=[{"path": "_internal/x", "to": "../../evil"}]), "update_damaged"),
    "a link to the root": (relisted(links=[{"path": "x", "to": "/etc/passwd"}]), "update_damaged"),
    "two names for one": (relisted(links=[{"path": "POS", "to": "x"}]), "update_damaged"),
    "another product": (relisted(product="other"), "update_unreadable"),
    "another format": (relisted(format=2), "update_unreadable"),
    "no version": (relisted(version="newest"), "update_unreadable"),
    "a name in the commit": (relisted(commit="../../x"), "update_unreadable"),
    "older": (relisted(version="0.0.9"), "update_older"),
    "the same": (relisted(version="0.1.0"), "update_older"),
    "expired": (relisted(expires="2026-12-06"), "update_expired"),
    "another machine": (relisted(machine="win32-amd64"), "update_other_machine"),
    "data too old": (relisted(least_schema="0003"), "update_schema"),
    "data too new": (relisted(schema="0001"), "update_schema"),
}


def void(_value: object) -> None:
    return None


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_believed_is_refused_and_changes_nothing(
    installed: Path, tmp_path: Path, what: str
) -> None:
    path = made(tmp_path)
    spoil, code = HOSTILE[what]
    spoil(path)
    with pytest.raises(Refusal) as refused:
        take(path, installed)
    assert refused.value.code == code
    assert sentence(refused.value) != code
    assert read_current(installed) == Current("")
    assert not list(installed.glob("updates/*0.2.0*"))
    assert not (tmp_path / "evil").exists()


def test_files_of_two_releases_never_mix(installed: Path, tmp_path: Path) -> None:
    one, other = made(tmp_path), made(tmp_path, "0.3.0")
    with zipfile.ZipFile(other) as archive:
        newer = archive.read(DATA)
    rewritten(lambda members: members.update({DATA: newer}))(one)
    with pytest.raises(Refusal, match="update_damaged"):
        take(one, installed)


def test_another_key_or_none_is_not_believed(installed: Path, tmp_path: Path) -> None:
    path = made(tmp_path)
    other = new_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refusal, match="update_not_signed"):
        take(path, installed, keys=(other,))
    assert take(path, installed, keys=(other, *KEYS)).version == "0.2.0"
    with pytest.raises(Refusal, match="update_no_key"):
        install(path, installed, HERE)
    with pytest.raises(Refusal, match="update_not_built"):
        install(path, None, HERE, KEYS)


# --- Installed, started, and back -----------------------------------------------------------------


def test_it_is_unpacked_beside_and_started_next_time(installed: Path, tmp_path: Path) -> None:
    before = (installed / "pos").read_bytes()
    take(made(tmp_path), installed)
    assert (installed / "pos").read_bytes() == before
    assert read_current(installed) == Current("0.2.0-abc1234", "", NEW)
    starter = newer_starter(installed, window=False)
    assert starter == installed / "updates" / "0.2.0-abc1234" / "pos"
    assert os.access(starter, os.X_OK)
    window = starter.with_name("kaiping-till")
    assert window.is_symlink() and window.resolve() == starter
    assert (starter.parent / DATA).read_text() == "data of 0.2.0"


def test_a_version_that_never_showed_that_it_runs_gives_way(
    installed: Path, tmp_path: Path
) -> None:
    take(made(tmp_path), installed)
    assert newer_starter(installed, window=False) is not None
    assert newer_starter(installed, window=False) is None
    assert read_current(installed) == Current("")
    # Had it shown so, it would stay.
    updating.keep_current(installed, Current("0.2.0-abc1234", "", GOOD))
    for _ in range(3):
        assert newer_starter(installed, window=True) is not None


def test_an_update_of_an_update_and_two_ways_back(installed: Path, tmp_path: Path) -> None:
    take(made(tmp_path), installed)
    updating.keep_current(installed, Current("0.2.0-abc1234", "", GOOD))
    take(made(tmp_path, "0.3.0"), installed, msgspec.structs.replace(HERE, version="0.2.0"))
    assert read_current(installed) == Current("0.3.0-abc1234", "0.2.0-abc1234", NEW)
    assert go_back(installed, "0003") == "0.2.0-abc1234"
    starter = newer_starter(installed, window=False)
    assert starter is not None and starter.parent.name == "0.2.0-abc1234"
    with pytest.raises(Refusal, match="update_lifted"):
        go_back(installed, "0003")
    assert go_back(installed, "0002") == ""
    with pytest.raises(Refusal, match="update_no_way_back"):
        go_back(installed, "0002")


def test_a_version_that_does_not_run_here_is_not_switched_to(
    installed: Path, tmp_path: Path
) -> None:
    program = a_program(tmp_path / "broken", "0.2.0")
    (program / "pos").write_text("#!/bin/sh\nexit 127\n")
    path = tmp_path / "broken.kpupdate"
    write_update(program, manifest(program, "0.2.0"), KEY, path)
    with pytest.raises(Refusal, match="update_does_not_run"):
        take(path, installed)
    assert read_current(installed) == Current("")
    assert not list((installed / "updates").glob("*0.2.0*"))


def test_no_room_is_said_before_anything_is_unpacked(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1, 1, 9))
    with pytest.raises(Refusal, match="update_no_room"):
        take(made(tmp_path), installed)
    assert not (installed / "updates").exists()


def test_a_program_an_administrator_installed_for_everybody_is_left_to_him(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise PermissionError(13, "denied")

    path = made(tmp_path)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(Refusal, match="update_not_yours") as refused:
        take(path, installed)
    assert "管理员" in sentence(refused.value)


def test_a_disk_that_fails_or_a_kill_anywhere_leaves_the_old_or_the_new(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sync = made(tmp_path), os.fsync
    for at in range(1, 20):
        calls = 0

        def gone(handle: int, at: int = at) -> None:
            nonlocal calls
            calls += 1
            if calls == at:
                raise OSError(28, "no space left on device")
            sync(handle)

        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", gone)
            try:
                take(path, installed)
            except Refusal as refusal:
                code = refusal.code
            else:
                break
        assert code == "update_failed"
        standing = read_current(installed)
        assert standing in (Current(""), Current("0.2.0-abc1234", "", NEW))
        if standing.name:
            shutil.rmtree(installed / "updates")
    assert at > 4
    assert newer_starter(installed, window=False) is not None


def test_a_list_that_is_damaged_starts_the_first_program(installed: Path, tmp_path: Path) -> None:
    take(made(tmp_path), installed)
    (installed / "updates" / "current").write_bytes(b"\xff{")
    assert newer_starter(installed, window=False) is None
    updating.keep_current(installed, Current("9.9.9-gone", "", GOOD))
    assert newer_starter(installed, window=False) is None


def test_names_and_sizes_are_what_a_program_holds(tmp_path: Path) -> None:
    files, links = listed(a_program(tmp_path / "program", "0.2.0"))
    assert links == (Linked("kaiping-till", "pos"),)
    starter = next(each for each in files if each.path == "pos")
    assert (starter.run, starter.size) == (True, (tmp_path / "program" / "pos").stat().st_size)
    assert isinstance(starter, Listed)

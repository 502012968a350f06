"""Where a till may live: a writable disk of this machine, and nobody else in it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import folder as place
from app.errors import Refusal, Trouble

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/shop /srv/shop nfs4 rw 0 0
//nas/till /srv/nas cifs rw 0 0
/dev/sdb1 /srv/shop/local ext4 rw 0 0
me@host: /media/my\\040disk fuse.sshfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/srv/shop/data", "nfs4"), ("/srv/nas", "cifs"), ("/media/my disk/till", "fuse.sshfs")],
)
def test_a_network_disk_is_refused(folder: str, kind: str) -> None:
    with pytest.raises(Refusal, match="folder_on_network") as refused:
        place.check_place(Path(folder), MOUNTS)
    assert refused.value.details["name"] == kind


@pytest.mark.parametrize("folder", ["/srv/till", "/srv/shop/local/till", "/srv/shopping"])
def test_a_disk_of_this_machine_is_fine(folder: str) -> None:
    place.check_place(Path(folder), MOUNTS)


@pytest.mark.parametrize(
    "part",
    ["OneDrive - 开平优品", "百度网盘", "坚果云", "Dropbox (Personal)", "WPS云盘", "NutStore"],
)
def test_a_cloud_drive_is_refused_by_its_name(part: str) -> None:
    with pytest.raises(Refusal, match="folder_synced") as refused:
        place.check_place(Path("/srv") / part / "till", MOUNTS)
    assert refused.value.details["name"] == part


def test_a_link_into_a_cloud_drive_is_no_way_around(tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "till").symlink_to(tmp_path / "OneDrive")
    with pytest.raises(Refusal, match="folder_synced"):
        place.check_place(tmp_path / "till", MOUNTS)


def test_this_machines_own_mount_table_is_read(tmp_path: Path) -> None:
    place.check_place(tmp_path / "till")


def test_a_folder_is_made_and_tried(tmp_path: Path) -> None:
    place.prepare(tmp_path / "shop" / "till")
    assert list((tmp_path / "shop" / "till").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_trouble(tmp_path: Path) -> None:
    """As somebody without the rights of root, whom no folder refuses."""
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    source = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from app.folder import prepare, FolderLock\n"
        "from app.errors import Trouble\n"
        "if os.geteuid() == 0:\n"
        "    os.setegid(65534); os.seteuid(65534)\n"
        "for door in (prepare, FolderLock):\n"
        "    try:\n"
        "        door(Path(sys.argv[1]))\n"
        "    except Trouble as trouble:\n"
        "        print(trouble.code)\n"
    )
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o555)
    done = subprocess.run(
        [sys.executable, "-c", source, str(locked)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["folder_read_only", "folder_read_only"], done.stderr


def test_a_full_disk_is_called_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Trouble, match="disk_full"):
        place.prepare(tmp_path / "till")


def test_only_one_may_hold_a_folder(tmp_path: Path) -> None:
    lock = place.FolderLock(tmp_path)
    with pytest.raises(Refusal, match="till_already_open"):
        place.FolderLock(tmp_path)
    lock.release()
    lock.release()
    place.FolderLock(tmp_path).release()


def test_a_reserve_is_kept_and_can_be_given_back(tmp_path: Path) -> None:
    assert place.keep_reserve(tmp_path, 4096)
    assert (tmp_path / place.RESERVE_FILE).stat().st_size == 4096
    assert place.keep_reserve(tmp_path, 4096)
    place.free_reserve(tmp_path)
    place.free_reserve(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_reserve_is_taken_from_a_disk_that_has_little_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "free_bytes", lambda folder: 8191)
    assert not place.keep_reserve(tmp_path, 4096)
    assert list(tmp_path.iterdir()) == []

"""The data folder: one till, one process, on a disk of this machine."""

import errno
import os
import shutil
import sys
from pathlib import Path
from typing import IO

from app.errors import Refusal, Trouble

LOCK_FILE = "till.lock"
RESERVE_FILE = "reserve.bin"
RESERVE_BYTES = 64 * 1024 * 1024
"""Freed when the disk is full, so that a count, a Z and uploading still have room."""
LOW_BYTES = 1024**3
STOP_BYTES = 16 * 1024 * 1024
"""Below this much free space (the reserve not counted) money is no longer taken."""

_NETWORK_KINDS = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs",
    "fuse.sshfs", "fuse.rclone", "davfs", "fuse.davfs2", "fuse.s3fs", "fuse.gvfsd-fuse",
}  # fmt: skip
_SYNCED_NAMES = (
    "onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud", "syncthing",
    "百度网盘", "baidunetdisk", "baidusyncdisk", "坚果云", "nutstore", "微云", "weiyun",
    "阿里云盘", "aliyundrive", "天翼云", "腾讯微云", "wpsdrive", "wps云盘",
)  # fmt: skip
_WINDOWS_REMOTE_DRIVE = 4


class FolderLock:
    """Held while a till has the folder open; the system frees it when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._file: IO[bytes] | None = None
        try:
            file = open(folder / LOCK_FILE, "ab")  # noqa: SIM115 - held open on purpose
        except OSError as error:
            raise Trouble("folder_read_only") from error
        try:
            _lock(file)
        except OSError:
            file.close()
            raise Refusal("till_already_open") from None
        self._file = file

    def release(self) -> None:
        """Let the next process in."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def check_place(folder: Path, mounts: str | None = None) -> None:
    """Refuse folders a database cannot live in: network disks and cloud-drive folders.

    WAL needs memory shared by one machine, and a sync program copies files while they change.
    `mounts` is the text of the system's mount table (given in tests). Raises Refusal:
    folder_synced, folder_on_network.
    """
    # A link may lead from an innocent name into a cloud drive.
    folder = folder.resolve()
    for part in folder.parts:
        if any(name in part.lower() for name in _SYNCED_NAMES):
            raise Refusal("folder_synced", name=part)
    if sys.platform == "win32":
        import ctypes

        root = str(folder.anchor)
        kind = ctypes.windll.kernel32.GetDriveTypeW(root)
        if root.startswith("\\\\") or kind == _WINDOWS_REMOTE_DRIVE:
            raise Refusal("folder_on_network", name=root)
        return
    kind = disk_kind(folder, mounts)
    if kind in _NETWORK_KINDS:
        raise Refusal("folder_on_network", name=kind)


def disk_kind(folder: Path, mounts: str | None = None) -> str:
    """The kind of file system a folder lies on ("ext4"), "" where the system has no such table."""
    if mounts is None:
        table = Path("/proc/mounts")
        mounts = table.read_text() if table.exists() else ""
    above = {str(each) for each in (folder, *folder.parents)}
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        # Of those above a folder the longest is the nearest; of two disks the later one is on top.
        if point in above and len(point) >= best:
            best, kind = len(point), fields[2]
    return kind


def prepare(folder: Path) -> None:
    """Make the folder if need be and see that it can be written.

    Raises Trouble: folder_read_only, disk_full.
    """
    probe = folder / "probe.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            probe.write_bytes(b"can this folder be written?")
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        code = "disk_full" if error.errno == errno.ENOSPC else "folder_read_only"
        raise Trouble(code, detail=error.strerror or "") from error


def free_bytes(folder: Path) -> int:
    """Room left on the folder's disk."""
    return shutil.disk_usage(folder).free


def room_for(folder: Path, size: int) -> bool:
    """Whether so many bytes more fit on the folder's disk without the till being short of room."""
    return free_bytes(folder) > size + LOW_BYTES


def keep_reserve(folder: Path, size: int = RESERVE_BYTES) -> bool:
    """Put the reserve file down if there is room for it; says whether it stands."""
    path = folder / RESERVE_FILE
    if path.exists():
        return True
    if free_bytes(folder) < 2 * size:
        return False
    with open(path, "wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            file.truncate(size)
    return True


def free_reserve(folder: Path) -> None:
    """Give the reserved room back to a full disk."""
    (folder / RESERVE_FILE).unlink(missing_ok=True)

"""The till's data folder and what hangs on it: its place, disk, database, key, devices and log.

A folder a till holds is looked at from outside only. Nothing is changed anywhere; the printer is
asked for its state and gets no paper.
"""

import json
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app import demo, schema
from app import folder as place
from app.clock import Clock, iso
from app.errors import Refusal, ShopError, Trouble
from app.inspection import Standing, inspect
from app.journal.secrets import KEY_BYTES, KEY_FILE, key_from_keystore
from app.messages import sentence
from app.opening import is_set_up
from printers.devices.carrier import carrier_for, parse_address
from printers.profile import load_profile
from ui.counter_devices import DEMO_DISPLAY, DEMO_PRINTER, DISPLAY_MARK, PRINTER_MARK
from ui.doctor_findings import Finding, State, Words
from ui.log_file import FILE, LOGS

WEEK_MS = 7 * 24 * 3_600_000
FRAGILE_DISKS = {"vfat", "exfat", "msdos", "fuseblk", "ntfs"}
"""Without a journal of their own, or without file rights: bad places for money."""
MEMORY_DISKS = {"tmpfs", "ramfs", "overlay"}
LOUD = ("error", "critical")


def look_at_folder(folder: Path, clock: Clock) -> tuple[list[Finding], Standing | None]:
    """Everything about a data folder, and how it stands when it could be read."""
    findings = [where(folder), room(folder), disk(folder)]
    standing: Standing | None = None
    if findings[0].state != "stop":
        found, standing = database(folder)
        findings.append(found)
    findings.append(keystore(folder, standing))
    findings += devices(folder, standing)
    findings.append(last_fact(standing, clock.wall_ms()))
    findings += [hub(standing), log(folder)]
    return findings, standing


def shown_path(folder: Path) -> str:
    """A folder as it may be told: the home folder holds somebody's name."""
    try:
        return "~/" + folder.resolve().relative_to(Path.home().resolve()).as_posix()
    except (ValueError, RuntimeError):
        return str(folder)


def _said(error: ShopError) -> Words:
    return Words(sentence(error), sentence(error, "en"))


# --- Place and disk --------------------------------------------------------------------------


def where(folder: Path) -> Finding:
    """Whether a database may live in this place."""
    title, shown = Words("数据文件夹", "data folder"), shown_path(folder)
    move = Words("换一个本机磁盘上的文件夹：./pos --data 文件夹",
                 "take a folder on a disk of this machine: ./pos --data FOLDER")  # fmt: skip
    try:
        place.check_place(folder)
    except Refusal as refusal:
        return Finding("folder", title, "stop", _said(refusal), move)
    nearest = _nearest(folder)
    if not os.access(nearest, os.W_OK | os.X_OK):
        says = Words(f"{shown} 不能写", f"{shown} cannot be written")
        return Finding("folder", title, "stop", says, move)
    if not is_set_up(folder):
        return Finding(
            "folder", title, "ok",
            Words(f"{shown}，还没有开店", f"{shown}, no shop in it yet"),
        )  # fmt: skip
    return Finding("folder", title, "ok", Words(shown, shown))


def _nearest(folder: Path) -> Path:
    """The folder itself, or the closest one above it that is there."""
    folder = folder.resolve()
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def room(folder: Path) -> Finding:
    """Free space, and the reserve a till keeps for the day it runs out."""
    title, free = Words("磁盘空间", "room on the disk"), place.free_bytes(_nearest(folder))
    says = Words(f"还剩 {_size(free)}", f"{_size(free)} left")
    mend = Words("清理磁盘：日志、下载、回收站", "make room: downloads, the bin, old files")
    if free < place.STOP_BYTES:
        return Finding("room", title, "stop", says, mend)
    if free < place.LOW_BYTES:
        return Finding("room", title, "warn", says, mend)
    if is_set_up(folder) and not (folder / place.RESERVE_FILE).exists():
        return Finding(
            "room", title, "warn",
            Words(f"{says.zh}，但没有备用空间", f"{says.en}, but no reserve is kept"),
            Words("重开一次收银台，它会自己留出来", "open the till once more: it keeps one"),
        )  # fmt: skip
    return Finding("room", title, "ok", says)


def _size(number: int) -> str:
    giga = 1024**3
    return f"{number / giga:.1f} GB" if number >= giga else f"{number // 1024**2} MB"


def disk(folder: Path) -> Finding:
    """What kind of disk the folder lies on."""
    title, nearest = Words("磁盘种类", "kind of disk"), _nearest(folder)
    kind = place.disk_kind(nearest)
    if kind in MEMORY_DISKS:
        return Finding(
            "disk", title, "warn",
            Words(f"{kind}：关机就没有了", f"{kind}: gone when the machine goes off"),
            Words("只适合练习；开店请换本机硬盘", "good for practice; a shop needs a real disk"),
        )  # fmt: skip
    if kind in FRAGILE_DISKS:
        return Finding(
            "disk", title, "warn",
            Words(f"{kind}：断电容易坏", f"{kind}: a power cut may damage it"),
            Words("请用 ext4、xfs、btrfs（Windows 上用 NTFS）",
                  "use ext4, xfs or btrfs (NTFS on Windows)"),
        )  # fmt: skip
    if _hardware(nearest, "removable") == "1":
        return Finding(
            "disk", title, "warn",
            Words("可移动的盘，拔掉就停", "a removable disk"),
            Words("数据放本机硬盘，移动盘只放备份",
                  "keep the data inside, and only copies outside"),
        )  # fmt: skip
    turning = _hardware(nearest, "queue/rotational") == "1"
    zh = "，".join(filter(None, (kind, "机械硬盘，收款会慢一些" if turning else "")))
    en = ", ".join(filter(None, (kind, "turning: sales take a little longer" if turning else "")))
    return Finding("disk", title, "ok", Words(zh or "本机磁盘", en or "a disk of this machine"))


def _hardware(folder: Path, word: str) -> str:
    """What the system says about the disk under a folder, "" when it does not."""
    if sys.platform == "win32":
        return ""
    number = folder.stat().st_dev
    device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    # What belongs to a whole disk stands one level above its partitions.
    for each in (device / word, device.resolve().parent / word):
        try:
            return each.read_text().strip()
        except OSError:
            continue
    return ""


# --- What is in it ---------------------------------------------------------------------------


def database(folder: Path) -> tuple[Finding, Standing | None]:
    """The till's file: read only where no till holds it."""
    title = Words("账本", "books")
    if not is_set_up(folder):
        says = Words("还没有", "none yet")
        mend = Words("运行 ./pos，跟着向导开店", "run ./pos and follow the guide")
        return Finding("books", title, "ok", says, mend), None
    try:
        standing = inspect(folder)
    except Refusal:
        says = Words("收银台正开着，没有去碰", "a till has it open: not touched")
        return Finding("books", title, "ok", says), None
    except Trouble as trouble:
        mend = Words(
            "不要删任何文件；用备份恢复，或把诊断包交给支持人员",
            "remove nothing; restore from a copy, or hand the bundle to support",
        )
        return Finding("books", title, "stop", _said(trouble), mend), None
    if standing.schema == "":
        says = Words("第一次开店没有做完", "the first opening was never finished")
        mend = Words("运行 ./pos，跟着向导再做一次", "run ./pos and go through the guide again")
        return Finding("books", title, "warn", says, mend), standing
    if not standing.current:
        older = standing.schema < schema.HEAD
        state: State = "warn" if older else "stop"
        says = Words(f"版本 {standing.schema}，程序是 {schema.HEAD}",
                     f"version {standing.schema}, the program has {schema.HEAD}")  # fmt: skip
        mend = (
            Words("打开收银台时会先备份再升级", "the till copies and lifts it when it opens")
            if older
            else Words("请装新版程序；数据没有动", "install the newer program; nothing was changed")
        )
        return Finding("books", title, state, says, mend), standing
    says = Words(f"{standing.entries} 条记录", f"{standing.entries} entries")
    if unsure := standing.papers.get("UNSURE", 0):
        says = Words(
            f"{says.zh}；{unsure} 张纸不知印出没有", f"{says.en}; {unsure} papers may be out or not"
        )
        mend = Words("打开待办，逐张回答", "answer them in the tasks")
        return Finding("books", title, "warn", says, mend), standing
    return Finding("books", title, "ok", says), standing


def keystore(folder: Path, standing: Standing | None) -> Finding:
    """Where the master key lies, and whether it can be reached."""
    title = Words("密钥", "keys")
    lies_in = standing.keystore if standing else ""
    if lies_in == "file" or (not lies_in and (folder / KEY_FILE).exists()):
        return _key_file(folder / KEY_FILE, title)
    if lies_in == "passphrase":
        says = Words("用口令锁着", "under a passphrase")
        return Finding("keystore", title, "ok", says)
    if lies_in == "keyring" and standing is not None:
        try:
            key_from_keystore(standing.device, create=False, random_bytes=os.urandom)
        except Trouble as trouble:
            mend = Words("用装机时的系统账号登录；密钥真的丢了，就用备份恢复",
                         "sign in as the account it was set up under; if the key is lost, restore"
                         " from a copy")  # fmt: skip
            return Finding("keystore", title, "stop", _said(trouble), mend)
        return Finding("keystore", title, "ok", Words("在系统钥匙串里", "in the system's keystore"))
    return _system_keystore(title)


def _key_file(path: Path, title: Words) -> Finding:
    try:
        told = path.stat()
    except OSError:
        told = None
    if told is None or told.st_size != KEY_BYTES:
        return Finding(
            "keystore", title, "stop",
            _said(Trouble("keystore_key_lost")),
            Words("把 master.key 从备份放回原处", "put master.key back from a copy"),
        )  # fmt: skip
    if os.name == "posix" and stat.S_IMODE(told.st_mode) & 0o077:
        return Finding(
            "keystore", title, "warn",
            Words("密钥文件别人也能读", "others can read the key file"),
            Words(f"运行 chmod 600 {KEY_FILE}", f"run chmod 600 {KEY_FILE}"),
        )  # fmt: skip
    says = Words("在只有本人能读的文件里", "in a file only its owner can read")
    return Finding("keystore", title, "ok", says)


def _system_keystore(title: Words) -> Finding:
    import keyring
    from keyring.backends.fail import Keyring as NoKeyring

    if isinstance(keyring.get_keyring(), NoKeyring):
        return Finding(
            "keystore", title, "warn",
            Words("这台机器没有系统钥匙串", "this machine has no keystore"),
            Words("开店时选“口令”或“密钥文件”",
                  "choose a passphrase or a key file when you set up"),
        )  # fmt: skip
    return Finding("keystore", title, "ok", Words("有系统钥匙串", "the system has a keystore"))


def last_fact(standing: Standing | None, wall_ms: int) -> Finding:
    """The clock against the last thing that was recorded."""
    title = Words("记录与时钟", "books and clock")
    last = standing.last_ms if standing else 0
    if not last:
        return Finding("last_fact", title, "ok", Words("没有可比的", "nothing to compare with"))
    shown = iso(last)
    if wall_ms < last or wall_ms > last + WEEK_MS:
        before = wall_ms < last
        return Finding(
            "last_fact", title, "warn",
            Words(f"最后一笔记在 {shown}，时钟{'比它还早' if before else '已过一周多'}",
                  f"last entry {shown}: the clock stands "
                  + ("before it" if before else "more than a week later")),
            Words("核对年月日；收银台打开时会请人确认", "check the date; the till will ask"),
        )  # fmt: skip
    return Finding("last_fact", title, "ok", Words(f"最后一笔 {shown}", f"last entry {shown}"))


# --- Devices, hub, log -----------------------------------------------------------------------


def devices(folder: Path, standing: Standing | None) -> Iterator[Finding]:
    """The printer, asked for its state, and the customer's display."""
    if standing is None or not standing.current:
        says = (
            Words("这时读不到设置，没有查", "not looked at: the settings cannot be read now")
            if is_set_up(folder)
            else Words("开店时再设", "chosen when the shop is set up")
        )
        yield Finding("printer", Words("打印机", "printer"), "ok", says)
        return
    of_demo = standing.series == demo.SERIES
    usual = DEMO_PRINTER if of_demo else "", DEMO_DISPLAY if of_demo else ""
    yield printer(folder, standing.devices.get(PRINTER_MARK, usual[0]))
    yield display(standing.devices.get(DISPLAY_MARK, usual[1]))


def printer(folder: Path, setting: str) -> Finding:
    """What the receipt printer says of itself."""
    title = Words("打印机", "printer")
    choose = Words("在“设备”里选打印机并打测试页", "choose one in Devices and print the test page")
    if not setting:
        return Finding("printer", title, "warn", Words("没有设", "none is set"), choose)
    name, _, address = setting.partition(" ")
    try:
        parsed = parse_address(address)
        carrier = carrier_for(parsed, load_profile(name), folder)
        carrier.open()
    except ShopError as error:
        mend = Words("看电源、网线或 USB 线；地址不对就到“设备”里改",
                     "check power and cable; change the address in Devices")  # fmt: skip
        return Finding("printer", title, "warn", _said(error), mend)
    try:
        status = carrier.status()
    finally:
        carrier.close()
    if status.trouble:
        words = {
            "paper_out": Words("缺纸", "out of paper"),
            "cover_open": Words("盖子开着", "the cover is open"),
            "offline": Words("离线", "offline"),
        }[status.trouble]
        mend = Words("装纸、合盖，会接着印", "put paper in and close it: it goes on by itself")
        return Finding("printer", title, "warn", words, mend)
    if not status.answered:
        says = Words(
            f"{parsed.kind}，接得上，不回答状态", f"{parsed.kind}: reached, tells no state"
        )
        return Finding("printer", title, "ok", says)
    return Finding("printer", title, "ok", Words(f"{parsed.kind}，正常", f"{parsed.kind}: ready"))


def display(setting: str) -> Finding:
    """The customer's display on its pole."""
    title = Words("客显", "customer display")
    kind, _, rest = setting.partition(":")
    device = rest.partition("@")[0]
    if device.startswith("/") and not Path(device).exists():
        says = Words(f"{device} 不在", f"{device} is not there")
        mend = Words("插好客显，或到“设备”里改", "plug it in, or change it in Devices")
        return Finding("display", title, "warn", says, mend)
    says = Words(kind or "没有设", kind or "none is set")
    return Finding("display", title, "ok", says)


def hub(standing: Standing | None) -> Finding:
    """Head office, and what it does not have yet: to be sent before anything is removed here."""
    title = Words("总部", "hub")
    if standing is None or not standing.hub:
        says = Words("没有加入总部，独立收银", "not joined: the till stands alone")
        return Finding("hub", title, "ok", says)
    if standing.unsent is not None:
        mend = Words(
            "没有传完以前，不要卸载、换机或清空这个文件夹",
            "until then do not uninstall, change the machine or empty this folder",
        )
        return Finding("hub", title, "warn", _said(standing.unsent), mend)
    says = Words(f"{standing.hub}，都传到了", f"{standing.hub} has everything")
    return Finding("hub", title, "ok", says)


def log(folder: Path) -> Finding:
    """Errors in the newest log file."""
    title = Words("日志", "log")
    loud = Counter(_loud_lines(folder / LOGS / FILE))
    if not loud:
        return Finding("log", title, "ok", Words("没有记下错误", "no errors in it"))
    kinds = "、".join(f"{kind} ×{count}" for kind, count in loud.most_common(3))
    return Finding(
        "log", title, "warn",
        Words(f"记下了 {loud.total()} 次错误：{kinds}", f"{loud.total()} errors: {kinds}"),
        Words("运行 ./pos doctor --bundle，把诊断包交给支持人员",
              "run ./pos doctor --bundle and hand the bundle to support"),
    )  # fmt: skip


def _loud_lines(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            said = json.loads(line)
            if said["level"] in LOUD:
                yield str(said.get("error", said["says"]))
        except (ValueError, KeyError, TypeError):
            continue

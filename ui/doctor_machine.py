"""What of this machine a till stands on: Python, Qt, SQLite, fonts, clock, power settings.

Every look is a function that never raises and changes nothing on the machine.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.clock import Clock, iso, parse_time
from app.database import OLDEST_SQLITE, scratch, sqlite_version
from ui.doctor_findings import NOTHING, Finding, Words

OLDEST_PYTHON = (3, 11)
PATIENCE_S = 20
BEFORE_US = "2026-11-01T00:00:00+08:00"
"""No till of this program was open earlier: a clock that stands before has lost its battery."""
_QT_PROBE = """
import PySide6
from PySide6.QtWidgets import QApplication
application = QApplication([])
from ui.binding import keeps_none_alive
print(PySide6.__version__, application.platformName(), int(keeps_none_alive()))
"""


def look_at_machine(clock: Clock) -> Iterator[Finding]:
    """Everything that needs no data folder."""
    yield python()
    yield qt(os.environ)
    yield sqlite()
    yield fonts()
    yield clock_of(clock.wall_ms(), synchronised())
    yield sleep(*power_settings())


def python(version: tuple[int, ...] = sys.version_info[:3], bits: int = sys.maxsize) -> Finding:
    """The interpreter."""
    title = Words("Python", "Python")
    shown = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        return Finding(
            "python", title, "stop",
            Words(f"{shown}，太旧", f"{shown}: too old"),
            Words(f"请安装 Python {needed} 或更新版本", f"install Python {needed} or newer"),
        )  # fmt: skip
    if bits <= 2**32:
        return Finding(
            "python", title, "warn",
            Words(f"{shown}，32 位", f"{shown}, 32 bits"),
            Words("请装 64 位的 Python，程序包才齐",
                  "install a 64-bit Python: packages exist for it"),
        )  # fmt: skip
    where = f"{platform.system()} {platform.machine()}"
    return Finding("python", title, "ok", Words(f"{shown} · {where}", f"{shown} · {where}"))


def qt(environment: Mapping[str, str]) -> Finding:
    """Qt, tried in a process of its own: a platform it cannot load aborts the whole process."""
    title = Words("窗口（Qt）", "window (Qt)")
    screen = sys.platform == "win32" or any(
        environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )
    tried = {**environment, **({} if screen else {"QT_QPA_PLATFORM": "offscreen"})}
    if getattr(sys, "frozen", False):
        # The installed program brings its Qt along, and its starter runs no script.
        return Finding("qt", title, "ok", Words("随程序安装", "installed with the program"))
    said = _said_by([sys.executable, "-P", "-c", _QT_PROBE], tried)
    found = re.fullmatch(r"(\S+) (\S+) ([01])", said.strip())
    if found is None:
        return Finding(
            "qt", title, "stop",
            Words("窗口开不起来", "no window can be opened"),
            Words(
                "多半缺系统组件：重新运行 ./pos，它会自己装上；还不行就看它说的最后一行",
                "most likely system libraries are missing: run ./pos again, it installs them",
            ),
        )  # fmt: skip
    version, name, alive = found.groups()
    if alive == "0":
        return Finding(
            "qt", title, "stop",
            Words(f"PySide6 {version} 在这版 Python 上会突然退出",
                  f"PySide6 {version} aborts under this Python"),
            Words("请按 requirements.lock 重装程序包：删掉 .venv，再运行 ./pos",
                  "install the packages of requirements.lock: remove .venv and run ./pos"),
        )  # fmt: skip
    if not screen:
        return Finding(
            "qt", title, "warn",
            Words(f"PySide6 {version}；没有屏幕", f"PySide6 {version}; there is no screen here"),
            Words("收银窗口要在有桌面的机器上开；控制台不用屏幕",
                  "the window needs a desktop; the console does not"),
        )  # fmt: skip
    return Finding("qt", title, "ok", Words(*[f"PySide6 {version} · {name}"] * 2))


def sqlite() -> Finding:
    """The database library the till brings along."""
    title = Words("SQLite", "SQLite")
    version, needed = sqlite_version(), ".".join(map(str, OLDEST_SQLITE))
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        return Finding(
            "sqlite", title, "stop",
            Words(f"{version}，比 {needed} 旧，断电可能损坏数据",
                  f"{version} is older than {needed}: a power cut may damage the data"),
            Words("请按 requirements.lock 重装程序包：删掉 .venv，再运行 ./pos",
                  "install the packages of requirements.lock: remove .venv and run ./pos"),
        )  # fmt: skip
    try:
        with scratch() as connection:
            connection.exec_driver_sql("CREATE VIRTUAL TABLE words USING fts5(word)")
    except Exception:
        return Finding(
            "sqlite", title, "stop",
            Words(f"{version}，但不会全文检索", f"{version}, but without full text search"),
            Words("请重装 pysqlite3", "install pysqlite3 again"),
        )  # fmt: skip
    return Finding("sqlite", title, "ok", Words(*[version] * 2))


def fonts() -> Finding:
    """The till's own faces: without them no Chinese on paper."""
    from printers.fonts import FONTS, has_glyph

    title = Words("字体", "fonts")
    try:
        lacking = [
            char for char in "鹅焗腐乳¥" for bold in (False, True) if not has_glyph(char, bold)
        ]
    except (OSError, ImportError):
        lacking = ["鹅"]
    if lacking:
        return Finding(
            "fonts", title, "stop",
            Words(f"自带的中文字体不在或坏了（{FONTS.name}）",
                  f"the till's own Chinese fonts are missing or broken ({FONTS.name})"),
            Words("把 NotoSansSC-Regular.ttf 和 NotoSansSC-Bold.ttf 放回 resources/fonts",
                  "put NotoSansSC-Regular.ttf and NotoSansSC-Bold.ttf back into resources/fonts"),
        )  # fmt: skip
    return Finding("fonts", title, "ok", Words("自带的 Noto Sans SC 齐全", "Noto Sans SC is whole"))


# --- Clock -----------------------------------------------------------------------------------


def synchronised() -> bool | None:
    """Whether the system keeps its clock by the network; None when it does not say."""
    if Path("/run/systemd/timesync/synchronized").exists():
        return True
    if sys.platform == "win32":
        said = _said_by(["sc", "query", "w32time"])
        return "RUNNING" in said if said else None
    said = _said_by(["timedatectl", "show", "-p", "NTPSynchronized", "--value"]).strip()
    return {"yes": True, "no": False}.get(said)


def clock_of(wall_ms: int, kept: bool | None) -> Finding:
    """The machine's clock: every receipt carries its time."""
    title, shown = Words("时钟", "clock"), iso(wall_ms)
    set_it = Words(
        "在系统设置里打开自动对时，再核对年月日",
        "turn on automatic time in the system settings, then check the date",
    )
    if wall_ms < parse_time(BEFORE_US):
        return Finding(
            "clock", title, "stop",
            Words(f"{shown}，时钟停在过去，主板电池可能没电了",
                  f"{shown} is long ago: the board's battery may be empty"),
            set_it,
        )  # fmt: skip
    if kept is True:
        return Finding(
            "clock", title, "ok", Words(f"{shown}，自动对时", f"{shown}, kept by the network")
        )
    says = (
        Words(f"{shown}，没有对时", f"{shown}, not synchronised")
        if kept is False
        else Words(
            f"{shown}，系统没说有没有自动对时", f"{shown}; the system does not say who keeps it"
        )
    )
    return Finding("clock", title, "warn", says, set_it)


# --- Sleep -----------------------------------------------------------------------------------


def power_settings() -> tuple[str, str]:
    """(what may send this machine to sleep, where that was read): "" when nothing can be read."""
    if sys.platform == "win32":
        said = _said_by(["powercfg", "/query", "SCHEME_CURRENT", "SUB_SLEEP", "STANDBYIDLE"])
        seconds = plugged_in_seconds(said)
        return ("" if not seconds else f"{seconds // 60} min", "powercfg" if said else "")
    if "masked" in _said_by(["systemctl", "is-enabled", "suspend.target"]):
        return "", "systemd"
    files = [Path("/etc/systemd/logind.conf"), *Path("/etc/systemd/logind.conf.d").glob("*.conf")]
    texts = [text for each in files if (text := _text_of(each))]
    causes = [f"{key}={value}" for key, value in idle_actions(texts)]
    if shutil.which("gsettings"):
        schema = "org.gnome.settings-daemon.plugins.power"
        said = _said_by(["gsettings", "get", schema, "sleep-inactive-ac-type"]).strip("'\n ")
        if said in ("suspend", "hibernate", "shutdown"):
            causes.append(f"sleep-inactive-ac-type={said}")
        texts = [*texts, said]
    return "、".join(causes), "logind" if any(texts) else ""


def idle_actions(texts: list[str]) -> list[tuple[str, str]]:
    """What logind does after idling, by its configuration files in order."""
    found: dict[str, str] = {}
    for text in texts:
        found |= dict(re.findall(r"^\s*(IdleAction)\s*=\s*([\w-]+)", text, re.MULTILINE))
    return [each for each in found.items() if each[1] not in ("ignore", "lock")]


def plugged_in_seconds(said: str) -> int | None:
    """After how long Windows sleeps while plugged in (0 = never), from what powercfg prints.

    Its words are in the language of the machine, so the last two figures are taken: the one for
    mains comes first, the one for the battery last.
    """
    figures = re.findall(r"0x([0-9a-fA-F]{8})\s*$", said, re.MULTILINE)
    return int(figures[-2], 16) if len(figures) >= 2 else None


def sleep(cause: str, source: str) -> Finding:
    """A till that sleeps misses scans, prints late and loses its USB devices."""
    title = Words("休眠", "sleep")
    mend = Words("在系统的电源设置里把接电源时的“睡眠”设为“从不”",
                 "set sleep while plugged in to never in the power settings")  # fmt: skip
    if cause:
        return Finding(
            "sleep", title, "warn",
            Words(f"闲着会自己休眠（{cause}）", f"this machine goes to sleep by itself ({cause})"),
            mend,
        )  # fmt: skip
    if not source:
        says = Words("读不到电源设置", "the power settings cannot be read")
        return Finding("sleep", title, "warn", says, mend)
    return Finding("sleep", title, "ok", Words("不会自己休眠", "never by itself"), NOTHING)


# --- Asking the system -----------------------------------------------------------------------


def _said_by(command: list[str], environment: Mapping[str, str] | None = None) -> str:
    """What a program of the system prints, "" when it is not there, fails to start or hangs."""
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S,
            errors="replace", check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""

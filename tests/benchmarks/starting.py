"""From the process's start to a window that takes a scan, and what the till holds in memory then.

The limit is a bare PySide6 window of the same size, started in the same way in the same run. Both
are timed from outside, until their first picture is painted and their event loop turns: from then
on the till keeps what is typed and scanned. When the shop behind its door is loaded, so that a PIN
is checked, is told beside it. On a machine with Xvfb both are timed on a real X server as well.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter_ns

import msgspec

from tests.benchmarks.measuring import NS_PER_MS, Figure, percentile

START_RATIO, MEMORY_MB = 2.0, 150
ROUNDS = 9
MEMORY_SALES = 300
ROOT = Path(__file__).resolve().parents[2]

_WATCH = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
app = QApplication(sys.argv[:1])

def resident_kb():
    with open("/proc/self/status") as status:
        return next(line.split()[1] for line in status if line.startswith("VmRSS"))

def look():
    shown = [w for w in app.topLevelWidgets() if w.isVisible() and w.windowHandle()]
    if shown and all(w.windowHandle().isExposed() for w in shown):
        timer.stop()
        QTimer.singleShot(0, lambda: ready(shown[0]))

timer = QTimer()
timer.timeout.connect(look)
timer.start(1)
"""
_BARE = (
    _WATCH
    + """
from PySide6.QtWidgets import QLabel, QMainWindow

def ready(window):
    print("ready", resident_kb(), flush=True)
    app.quit()

window = QMainWindow()
window.setCentralWidget(QLabel("till"))
window.resize(1366, 768)
window.show()
app.exec()
"""
)
_TILL = (
    _WATCH
    + """
import os
from pathlib import Path
from ui.commands import main

SALES = int(sys.argv[2])

def ready(window):
    print("ready", resident_kb(), flush=True)
    wait_for_shop()

def wait_for_shop():
    if window_of_till().has_page("till"):
        print("open", resident_kb(), flush=True)
        if SALES:
            sell()
            print("sold", resident_kb(), flush=True)
        # A till that is asked to close does so in order; here only the start is looked at.
        os._exit(0)
    QTimer.singleShot(1, wait_for_shop)

def window_of_till():
    return next(each for each in app.topLevelWidgets() if hasattr(each, "has_page"))

def sell():
    import gc
    from app.sales.counter import Counter
    from tests.benchmarks.shop import plain_goods
    counter = next(each for each in gc.get_objects() if isinstance(each, Counter))
    counter.desk.sign_in("101", "246810")
    if counter.desk.shift is None:
        counter.desk.open_shift(500_00)
    codes = plain_goods(counter.books)
    for number in range(SALES):
        for at in range(5):
            counter.scan(codes[(number + at) % len(codes)])
        counter.pay_cash(None)
        app.processEvents()

main(["--data", sys.argv[1]])
"""
)
_FILL = """
import sys
from pathlib import Path
from app.sales.devices import keep_device
from ui.counter_devices import PRINTER_MARK
from ui.startup import open_demo, system_ids
clock, ids = system_ids()
opened = open_demo(Path(sys.argv[1]), till="1", stock=True, clock=clock, ids=ids)
# A printer that takes text, as in a shop; the one on the screen would draw every receipt.
keep_device(opened.books, PRINTER_MARK, "chinese_80 file:" + sys.argv[1] + "/printer.bin")
opened.close()
"""


class _Run(msgspec.Struct, frozen=True):
    """One start: how long until the first picture, and the memory held at each mark (kB)."""

    took_ms: dict[str, float]
    held_kb: dict[str, int]


def start(rounds: int = ROUNDS) -> list[Figure]:
    """Process start to the till's painted door, beside a bare window, in turns."""
    figures = []
    with _demo_folder() as folder:
        for screen, environment in _screens():
            till, bare = [], []
            for _ in range(rounds):
                till.append(_run(_TILL, environment, folder, "0").took_ms)
                bare.append(_run(_BARE, environment).took_ms["ready"])
            ready = [each["ready"] for each in till]
            loaded = percentile([each["open"] for each in till], 0.5)
            ratio = percentile(ready, 0.5) / percentile(bare, 0.5)
            figures.append(
                Figure(
                    name="start",
                    what=f"process start until a scan is taken, {screen}",
                    p50=percentile(ready, 0.5),
                    p99=max(ready),
                    limit="bare PySide6 window",
                    limit_p50=percentile(bare, 0.5),
                    limit_p99=max(bare),
                    ratio=ratio,
                    bar=f"at most {START_RATIO:.1f}× the bare window",
                    met=ratio <= START_RATIO,
                    more={"starts": rounds, "shop loaded behind the door, ms": round(loaded)},
                )
            )
    return figures


def memory(sales: int = MEMORY_SALES) -> list[Figure]:
    """Resident memory at the door and after a day's sales, beside a bare window."""
    with _demo_folder() as folder:
        screen, environment = next(_screens())
        held = _run(_TILL, environment, folder, str(sales)).held_kb
        bare = _run(_BARE, environment).held_kb["ready"]
    megabytes = max(held.values()) / 1024
    return [
        Figure(
            name="memory",
            what=f"resident memory of an open till, {screen}",
            p50=megabytes,
            limit="bare PySide6 window",
            limit_p50=bare / 1024,
            ratio=megabytes / (bare / 1024),
            bar=f"at most {MEMORY_MB} MB",
            met=megabytes <= MEMORY_MB,
            unit="MB",
            more={
                "open": held["open"] // 1024,
                f"after {sales} sales": held["sold"] // 1024,
            },
        )
    ]


@contextmanager
def _demo_folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pos-bench-") as parent:
        folder = str(Path(parent) / "shop")
        subprocess.run([sys.executable, "-c", _FILL, folder], cwd=ROOT, check=True)
        yield folder


def _screens() -> Iterator[tuple[str, dict[str, str]]]:
    """(name, environment) of each screen there is: none, and an X server where one can be had."""
    yield "offscreen", {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    server = shutil.which("Xvfb")
    if server is None:
        return
    reader, writer = os.pipe()
    command = [server, "-displayfd", str(writer), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    running = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            display = told.readline().strip()
        yield "xcb", {**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{display}"}
    finally:
        running.terminate()
        running.wait()


def _run(script: str, environment: dict[str, str], *arguments: str) -> _Run:
    began = perf_counter_ns()
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", script, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    took: dict[str, float] = {}
    held: dict[str, int] = {}
    for line in process.stdout:
        mark, kilobytes = line.split()
        took[mark] = (perf_counter_ns() - began) / NS_PER_MS
        held[mark] = int(kilobytes)
    process.wait()
    process.stdout.close()
    assert "ready" in held, "the window never came"
    return _Run(took, held)

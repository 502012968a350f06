"""An open till holds what selling needs; what a room needs is loaded by whoever goes there."""

import subprocess
import sys
from pathlib import Path

from app.clock import SystemClock
from app.ids import Ids
from app.sales.devices import keep_device
from tests.support.processes import ROOT
from ui.counter_devices import PRINTER_MARK
from ui.startup import open_demo

OPEN = """
import linecache, os, sys
from ui.commands import main
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
app = QApplication(sys.argv[:1])

def look():
    shown = [each for each in app.topLevelWidgets() if hasattr(each, "has_page")]
    if shown and shown[0].has_page("till"):
        read = sum(each[0] for each in linecache.cache.values() if len(each) > 1)
        print(read, *sys.modules, flush=True)
        os._exit(0)

timer = QTimer()
timer.timeout.connect(look)
timer.start(5)
main(["--data", sys.argv[1]])
"""
ROOMS = (
    *("why", "refunds", "invoices", "devices", "settings", "people", "audit", "prices", "stock"),
    *("counting", "reports", "labels", "guide"),
)
OF_ROOMS = {
    *(f"ui.joined_{name}" for name in ROOMS),
    *("ui.presenters.goods_import", "app.catalogue.importing", "ui.presenters.recovering"),
    *("ui.guide.sealing", "ui.presenters.printer_setup", "ui.updating", "sync.update_lane"),
    *("openpyxl", "reportlab", "PIL", "opencc", "pypinyin", "alembic", "requests", "keyring"),
    *("jinja2", "escpos", "barcode", "biip"),
}


def test_what_only_a_room_needs_is_not_loaded_before_somebody_goes_there(tmp_path: Path) -> None:
    folder, clock = tmp_path / "shop", SystemClock()
    shop = open_demo(folder, till="1", stock=False, clock=clock, ids=Ids(clock), reserve=False)
    # The printer on the screen draws its papers; this one takes text.
    keep_device(shop.books, PRINTER_MARK, f"chinese_80 file:{tmp_path}/printer.bin")
    shop.close()
    said = subprocess.run(
        [sys.executable, "-P", "-c", OPEN, str(folder)], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=120, env={"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    sources, *loaded = said.stdout.split()
    assert "ui.presenters.selling" in loaded, said.stderr
    assert OF_ROOMS & {*loaded} == set()
    # Lines of source that Python keeps: SQLAlchemy makes a few of its own.
    assert int(sources) < 50_000, sources
    known = {path.stem.removeprefix("joined_") for path in (ROOT / "ui").glob("joined_*.py")}
    assert known == {*ROOMS, "rooms"}

"""A stranger starts the till on an empty folder and sells, by keys alone, in a real window.

Xvfb is the screen, openbox the desktop, xdotool the hands. The program is killed on every page;
started again it goes on where it was, with nothing typed twice but what is secret.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from app.clock import SystemClock
from app.ids import Ids
from app.opening import open_folder
from app.verification import verify_folder

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 40
PIN = "864209"
GOODS = "货号,品名,单位,售价,条码\n1001,大沙红茶,罐,68.00,6901234567892\n1002,坏行,盒,abc,\n"


class Hands:
    """Somebody at the keyboard of a machine of their own."""

    def __init__(self, home: Path) -> None:
        self.data = home / "till"
        read, write = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        self.environment = os.environ | {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            # A machine without a keystore, whatever the one these tests run on has.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        self.desktop = self._run("openbox")
        self.till: subprocess.Popen[bytes] | None = None

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
        )

    def start(self) -> None:
        self.till = self._run(sys.executable, "-m", "ui.commands", "--data", str(self.data))

    def kill(self) -> None:
        """The plug is pulled."""
        if self.till is not None:
            self.till.send_signal(signal.SIGKILL)
            self.till.communicate()
            self.till = None

    def title(self) -> str:
        """What the window in front says it asks."""
        told = subprocess.run(
            ["xdotool", "getactivewindow", "getwindowname"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return told.stdout.strip().partition(" — ")[0]

    def sees(self, title: str) -> None:
        """Wait for a page."""
        until = time.monotonic() + PATIENCE_S
        while (shown := self.title()) != title:
            assert self.till is not None and self.till.poll() is None, self._said()
            assert time.monotonic() < until, f"waited for {title}, stands at {shown}"
            time.sleep(0.1)
        time.sleep(0.3)

    def goes_on_to(self, title: str) -> None:
        """Enter, and again where nothing happened: the machine may be busy, a person looks."""
        until = time.monotonic() + PATIENCE_S
        while self.title() != title and time.monotonic() < until:
            self.press("Return")
            for _look in range(30):
                if self.title() == title:
                    break
                time.sleep(0.1)
        self.sees(title)

    def _said(self) -> str:
        assert self.till is not None
        return (self.till.communicate()[1] or b"").decode()

    def press(self, *keys: str) -> None:
        for key in keys:
            self._xdotool("key", key)
            time.sleep(0.25)

    def type(self, text: str) -> None:
        """As fast as a person, so that nothing is taken for a scan; then Enter."""
        self._xdotool("type", "--delay", "200", text)
        self.press("Return")

    def scan(self, code: str) -> None:
        self._xdotool("type", "--delay", "4", f"{code}\n")
        time.sleep(0.8)

    def _xdotool(self, *what: str) -> None:
        subprocess.run(["xdotool", *what], env=self.environment, check=True)

    def killed_and_back(self, title: str) -> None:
        """The plug is pulled on this page, and the till started again."""
        self.sees(title)
        self.kill()
        self.start()

    def close(self) -> None:
        self.kill()
        for each in (self.desktop, self.screen):
            each.terminate()
            each.wait(10)
            if each.stderr is not None:
                each.stderr.close()


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    made = Hands(tmp_path)
    yield made
    made.close()


def sign_in(hands: Hands) -> None:
    hands.sees("登录")
    hands.type("301")
    hands.type(PIN)


def answer_what_makes_a_till(hands: Hands) -> None:
    """From the first page to the first person's PIN, with a mistake on two of them."""
    hands.killed_and_back("这是哪个店？")
    hands.sees("这是哪个店？")
    hands.press("Return")
    hands.killed_and_back("这是什么样的店？")
    hands.sees("这是什么样的店？")
    hands.press("Return")
    hands.killed_and_back("店叫什么？")
    hands.sees("店叫什么？")
    hands.type("Tanbi")
    hands.press("Return", "Return")
    hands.killed_and_back("东西是谁卖的？")
    hands.sees("东西是谁卖的？")
    hands.type("Tanbi Ltd")
    hands.type("123")
    hands.press("Return", "Return")
    # The code of 18 letters was wrong: said beside its field, and the name still stands.
    hands.sees("东西是谁卖的？")
    hands.press("ctrl+a", "BackSpace", "Return", "Return", "Return")
    hands.killed_and_back("钥匙放在哪里？")
    hands.sees("钥匙放在哪里？")
    hands.press("Down", "Return")
    hands.killed_and_back("谁是第一个人？")
    hands.sees("谁是第一个人？")
    hands.type("301")
    hands.type("Guan")
    for pin in ("123456", "123456"):
        hands.type(pin)
    hands.sees("谁是第一个人？")
    for pin in (PIN, PIN):
        hands.press("ctrl+a")
        hands.type(pin)


def answer_what_is_left(hands: Hands) -> None:
    """Printer, recovery code, goods, scanner; each after signing in again."""
    hands.killed_and_back("小票用什么打？")
    sign_in(hands)
    hands.sees("小票用什么打？")
    hands.press("Return")
    hands.sees("您看到的是什么？")
    hands.press("Return")
    hands.killed_and_back("把恢复码收好")
    sign_in(hands)
    hands.sees("把恢复码收好")
    hands.press("Tab", "Return")
    hands.killed_and_back("卖些什么？")
    sign_in(hands)
    hands.sees("卖些什么？")
    hands.press("Return")
    hands.sees("商品导入")
    hands.type("~/g.csv")
    hands.goes_on_to("卖些什么？")
    hands.press("Return")
    hands.killed_and_back("扫一扫")
    sign_in(hands)
    hands.sees("扫一扫")
    hands.scan("6901234567892")
    hands.press("Return")


def test_an_empty_folder_sells_by_keys_alone_though_it_is_killed_on_every_page(
    hands: Hands,
) -> None:
    (hands.data.parent / "g.csv").write_text(GOODS, encoding="utf-8")
    hands.start()
    answer_what_makes_a_till(hands)
    answer_what_is_left(hands)
    hands.sees("开班")
    hands.type("0")
    hands.sees("收银")
    hands.scan("6901234567892")
    hands.press("space", "Return")
    until = time.monotonic() + PATIENCE_S
    while not printed(hands.data) and time.monotonic() < until:
        time.sleep(0.2)
    hands.kill()
    what_was_sold(hands.data)


def printed(data: Path) -> bool:
    """Whether a receipt is out, as somebody sees who looks into the file from outside."""
    with closing(sqlite.connect(f"file:{data / 'till.db'}?mode=ro", uri=True)) as db:
        done = "SELECT 1 FROM print_job WHERE kind = 'receipt' AND state = 'PRINTED'"
        return db.execute(done).fetchone() is not None


def what_was_sold(data: Path) -> None:
    """One sale with its receipt on paper; the books hold together."""
    report = verify_folder(data)
    assert report.ok, report
    clock = SystemClock()
    opened = open_folder(data, clock=clock, ids=Ids(clock))
    try:
        with opened.books.read() as db:
            sales = db.exec_driver_sql("SELECT due FROM sale").all()
            papers = db.exec_driver_sql("SELECT state FROM print_job WHERE kind = 'receipt'").all()
            goods = db.exec_driver_sql("SELECT count(*) FROM product").scalar()
    finally:
        opened.close()
    assert [tuple(row) for row in sales] == [(6800,)]
    assert [tuple(row) for row in papers] == [("PRINTED",)]
    assert goods == 1
    assert not (data / "first-run.json").exists()

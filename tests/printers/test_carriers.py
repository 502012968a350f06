"""Carriers against printers that misbehave on a real line, each within a second or two."""

import contextlib
import logging
import os
import pty
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.content import Paper
from app.errors import Refusal, Trouble
from printers.commands import PrinterServer
from printers.devices.carrier import Address, Patience, carrier_for, parse_address
from printers.devices.status import UNKNOWN
from printers.encoder import paper_bytes
from printers.profile import Profile
from printers.spooler import PrinterSpool
from tests.printers.fake_queue import FakeJob, FakeQueue

SHORT = Patience(connect_ms=400, send_ms=400, answer_ms=200)
CHEAP = Profile("x", columns=48, dots=576)
ASKED = Profile("x", columns=48, dots=576, status="dle_eot")


@contextlib.contextmanager
def on_a_thread(work: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join(5)
        assert not thread.is_alive()


@pytest.fixture
def network_printer() -> Iterator[PrinterServer]:
    server = PrinterServer(port=0)
    with on_a_thread(server.serve, server.stop):
        yield server


@contextlib.contextmanager
def rude_printer(talk: Callable[[socket.socket], object]) -> Iterator[int]:
    """A port that does with each connection what `talk` says."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                with contextlib.suppress(TimeoutError, OSError):
                    line, _ = listening.accept()
                    with line:
                        talk(line)

        with on_a_thread(serve, over.set):
            yield listening.getsockname()[1]


def spool_of(
    port: int,
    folder: Path,
    profile: Profile = ASKED,
    size: int = 0,
    patience: Patience = SHORT,
) -> tuple[PrinterSpool, FakeQueue]:
    """A spool with one fresh job; `size` bytes of nothing instead of the receipt, if given."""

    def nothing(paper: Paper, profile: Profile) -> bytes:
        return b"\x00" * size

    clock = SystemClock()
    queue = FakeQueue("net")
    carrier = carrier_for(Address("network", "127.0.0.1", port), profile, folder, patience)
    render = nothing if size else paper_bytes
    spool = PrinterSpool("net", profile, carrier, queue, clock, render)
    queue.put(FakeJob("a", created_ms=clock.wall_ms(), kick_drawer=True))
    return spool, queue


def test_a_receipt_goes_over_the_network_and_is_confirmed(
    network_printer: PrinterServer, tmp_path: Path
) -> None:
    pages: list[list[str]] = []
    network_printer._on_page = lambda page: pages.append(page.rows)
    spool, _ = spool_of(network_printer.port, tmp_path)
    assert spool.step() == ("a", "PRINTED", "")
    assert pages == [["大沙红茶 128.00"]]
    assert len(network_printer.printer.drawer_pulses) == 1


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [("paper_state", "out", "paper_out"), ("cover_open", True, "cover_open")],
)
def test_a_network_printer_that_cannot_print_gets_no_byte_of_the_job(
    network_printer: PrinterServer, tmp_path: Path, attribute: str, value: object, reason: str
) -> None:
    setattr(network_printer.printer, attribute, value)
    spool, _ = spool_of(network_printer.port, tmp_path)
    assert spool.step() == ("a", "WAITING", reason)
    assert bytes(network_printer.printer._waiting) == b""


def test_a_silent_network_printer_ends_unsure(
    network_printer: PrinterServer, tmp_path: Path
) -> None:
    network_printer.printer.silent = True
    spool, _ = spool_of(network_printer.port, tmp_path)
    assert spool.step() == ("a", "UNSURE", "no_answer")


def test_a_cable_pulled_in_the_middle_ends_unsure(tmp_path: Path) -> None:
    def pull(line: socket.socket) -> None:
        for request in range(3):
            assert line.recv(3)[2] == (1, 2, 4)[request]
            line.sendall(b"\x12")
        line.recv(1000)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()

    with rude_printer(pull) as port:
        spool, queue = spool_of(port, tmp_path, size=3_000_000)
        outcome = spool.step()
    assert outcome is not None
    assert outcome.state == "UNSURE"
    assert queue.states("a") == ["SENDING", "UNSURE"]


def test_a_black_hole_ends_unsure_within_our_patience(tmp_path: Path) -> None:
    held = threading.Event()
    outcomes: list[object] = []
    with rude_printer(lambda line: held.wait()) as port:
        spool, _ = spool_of(port, tmp_path, CHEAP, size=30_000_000)
        step = threading.Thread(target=lambda: outcomes.append(spool.step()))
        step.start()
        step.join(15)
        told = list(outcomes)
        held.set()
        step.join(15)
    assert told == [("a", "UNSURE", "broke_off")]


def test_a_talkative_printer_gets_the_tail_of_the_job_too(tmp_path: Path) -> None:
    """Closing with unread answers would reset the line and throw away what is still on its way."""
    got = bytearray()
    talked, closed = threading.Event(), threading.Event()

    def chatter(line: socket.socket) -> None:
        line.sendall(b"\x10\x00\x00\x0f")
        talked.set()
        closed.wait(20)
        with contextlib.suppress(ConnectionResetError):
            while data := line.recv(65536):
                got.extend(data)

    with rude_printer(chatter) as port:
        carrier = carrier_for(Address("network", "127.0.0.1", port), CHEAP, tmp_path, SHORT)
        carrier.open()
        carrier.send(b"x" * 200_000)
        assert talked.wait(20)
        carrier.close()
        closed.set()
    assert len(got) == 200_000


def test_a_port_where_nobody_listens_leaves_the_job_waiting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    spool, _ = spool_of(port, tmp_path)
    assert spool.step() == ("a", "WAITING", "offline")


def test_a_host_that_never_answers_leaves_the_job_waiting(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.socket())
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        spool, _ = spool_of(deaf.getsockname()[1], tmp_path)
        assert spool.step() == ("a", "WAITING", "offline")


def test_a_dead_printer_blocks_no_other(network_printer: PrinterServer, tmp_path: Path) -> None:
    held = threading.Event()
    patient = Patience(send_ms=20_000)
    with rude_printer(lambda line: held.wait(20)) as port:
        dead, _ = spool_of(port, tmp_path, CHEAP, size=30_000_000, patience=patient)
        alive, _ = spool_of(network_printer.port, tmp_path)
        outcomes: dict[str, object] = {}
        slow = threading.Thread(target=lambda: outcomes.update(dead=dead.step()))
        slow.start()
        outcomes["alive"] = alive.step()
        assert outcomes == {"alive": ("a", "PRINTED", "")}
        held.set()
        slow.join(20)
    assert outcomes["dead"] == ("a", "UNSURE", "broke_off")


def test_a_serial_printer_gets_the_bytes_and_answers(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    got = bytearray()
    over = threading.Event()

    def printer() -> None:
        os.set_blocking(leader, False)
        while not over.is_set():
            with contextlib.suppress(BlockingIOError):
                data = os.read(leader, 4096)
                got.extend(data)
                for _ in range(data.count(b"\x10\x04")):
                    os.write(leader, b"\x12")
            time.sleep(0.005)

    carrier = carrier_for(Address("serial", os.ttyname(follower), 115200), ASKED, tmp_path, SHORT)
    with on_a_thread(printer, over.set):
        carrier.open()
        assert carrier.status().ready
        carrier.send("蚬糍￥".encode("gb18030") * 2000)
        carrier.close()
        while len(got) < 12000 and not over.wait(0.01):
            pass
    os.close(leader)
    os.close(follower)
    assert bytes(got).endswith("蚬糍￥".encode("gb18030"))


def test_a_silent_serial_printer_is_unknown_and_not_fine(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    carrier = carrier_for(Address("serial", os.ttyname(follower), 9600), ASKED, tmp_path, SHORT)
    carrier.open()
    assert carrier.status() == UNKNOWN
    carrier.close()
    os.close(leader)
    os.close(follower)


def test_a_file_collects_jobs_but_a_missing_device_is_not_made_up(tmp_path: Path) -> None:
    jobs = tmp_path / "jobs.bin"
    carrier = carrier_for(Address("file", str(jobs)), CHEAP, tmp_path, SHORT)
    for data in (b"one", b"two"):
        carrier.open()
        carrier.send(data)
        assert carrier.status() == UNKNOWN
        carrier.close()
    assert jobs.read_bytes() == b"onetwo"
    missing = carrier_for(Address("file", "/dev/no_such_printer"), CHEAP, tmp_path, SHORT)
    with pytest.raises(Trouble, match="printer_unreachable"):
        missing.open()
    assert not Path("/dev/no_such_printer").exists()


@pytest.mark.parametrize(
    "address", [Address("usb", vendor=0x0416, product=0x5011), Address("windows", "GP-80")]
)
def test_what_is_not_here_is_trouble_and_no_crash(address: Address, tmp_path: Path) -> None:
    carrier = carrier_for(address, CHEAP, tmp_path, SHORT)
    with pytest.raises(Trouble, match="printer_unreachable"):
        carrier.open()
    assert carrier.status() == UNKNOWN
    carrier.close()


def test_the_transport_library_leaves_no_folder_and_no_log_handler(tmp_path: Path) -> None:
    program = (
        "import logging, os, sys, tempfile\n"
        "from pathlib import Path\n"
        "from printers.devices.escpos_library import escpos_printer, root_log_kept\n"
        "mkdtemp = tempfile.mkdtemp\n"
        "escpos_printer(Path(sys.argv[1]))\n"
        "with root_log_kept(): logging.info('opened')\n"
        "assert logging.getLogger().handlers == []\n"
        "assert tempfile.mkdtemp is mkdtemp\n"
        "assert os.environ.get('ESCPOS_CAPABILITIES_PICKLE_DIR') is None\n"
    )
    temporary, data = tmp_path / "temporary", tmp_path / "data"
    temporary.mkdir()
    environment = os.environ | {"TMPDIR": str(temporary)}
    environment.pop("ESCPOS_CAPABILITIES_PICKLE_DIR", None)
    command = [sys.executable, "-W", "ignore", "-c", program, str(data)]
    subprocess.run(command, check=True, env=environment, timeout=60)
    assert list(temporary.iterdir()) == []
    (pickle,) = (data / "escpos").glob("*.pickle")
    # The power went while the cache was written: the next start must still print.
    pickle.write_bytes(pickle.read_bytes()[:100])
    subprocess.run(command, check=True, env=environment, timeout=60)
    assert tempfile.gettempdir() != str(temporary)
    assert logging.getLogger("escpos").handlers == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("network:192.168.1.50", Address("network", "192.168.1.50", 9100)),
        (" network:printer.local:9101 ", Address("network", "printer.local", 9101)),
        ("usb:0416:5011", Address("usb", vendor=0x416, product=0x5011)),
        ("serial:COM3@115200", Address("serial", "COM3", 115200)),
        ("serial:COM3", Address("serial", "COM3", 9600)),
        ("windows:GP-80 收银", Address("windows", "GP-80 收银")),
        ("file:/dev/usb/lp0", Address("file", "/dev/usb/lp0")),
        ("virtual:", Address("virtual")),
    ],
)
def test_an_address_is_one_line_of_text(text: str, wanted: Address) -> None:
    assert parse_address(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["", "network", "network:", "network:a:99999", "usb:04", "usb:x:y", "serial:@9600",
     "serial:COM1@fast", "bluetooth:a", "file:", "windows: "],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="bad_printer_address"):
        parse_address(text)


def test_a_virtual_address_makes_pictures(tmp_path: Path) -> None:
    carrier = carrier_for(parse_address(f"virtual:{tmp_path / 'out'}"), ASKED, tmp_path)
    carrier.open()
    assert carrier.status().ready
    carrier.send(b"a\n\x1dV\x00")
    carrier.close()
    assert (tmp_path / "out" / "0001.png").is_file()

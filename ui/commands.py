"""`./pos …`: what each command takes, and who carries it out. No Qt at the top."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import msgspec

from app import __version__
from app.clock import SettableClock, parse_time
from app.errors import Refusal, ShopError
from ui import first_start, ship_commands
from ui.version import version_line

LOG = logging.getLogger(__name__)
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
APP_NAME = "kaiping-youpin-till"


def default_data() -> Path:
    """Where this machine keeps the till's data unless told otherwise."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; the process's exit code."""
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        # It is started again by itself to check a journal with several processes.
        freeze_support()
        _run_the_newest()
    try:
        code = _carried_out(arguments)
    except (SystemExit, KeyboardInterrupt):
        first_start.ended_in_order()
        raise
    first_start.ended_in_order()
    return code


def _carried_out(arguments: Sequence[str] | None) -> int:
    parsed = _parser().parse_args(arguments)
    # What only the log file wants to know stays off the terminal.
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.WARNING)
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", handlers=[terminal]
    )
    if parsed.run not in (_window, _console):
        # Nothing of a till hangs on these, and a server is ended by a kill.
        first_start.ended_in_order()
    try:
        return int(parsed.run(parsed) or 0)
    except ShopError as error:
        from app.messages import sentence

        first_start.gives_way(error.code)
        print(f"{sentence(error)}（{error.code}）", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run_the_newest() -> None:
    """A built program that was updated starts the version beside it; costs nothing before."""
    if (Path(sys.executable).resolve().parent / "updates" / "current").exists():
        from ui.updating import hand_over

        hand_over()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pos",
        description="开平优品 till: opens the window when no command is given.",
        epilog="./pos test [--soak] [pytest arguments] runs the tests.",
    )
    parser.add_argument("--version", action="version", version=version_line())
    parser.add_argument("--data", type=Path, help="another data folder")
    parser.add_argument("--kiosk", action="store_true", help="the whole screen, nothing beside it")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(metavar="COMMAND")

    _add_shop_commands(commands)
    _add_hub_commands(commands)
    _add_machine_commands(commands)
    ship_commands.add(commands, default_data)
    return parser


def _add_shop_commands(commands: Subparsers) -> None:
    demo = commands.add_parser("demo", help="a whole shop day without a screen")
    demo.add_argument("--sales", type=int, default=180)
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--data", type=Path, help="keep the shop's folder here")
    demo.add_argument("--out", type=Path, help="papers and screens as PNG, Z as PDF")
    demo.set_defaults(run=_demo)

    console = commands.add_parser("console", help="the till without a window, one JSON a line")
    console.add_argument("--data", type=Path, required=True)
    console.add_argument("--demo", action="store_true", help="the sample shop KP01")
    console.add_argument("--till", default="1", help="till number of a new demo folder")
    console.add_argument("--stock", choices=("opening", "none"), default="opening")
    console.add_argument("--clock", help="ISO time of a clock that stands still (demo only)")
    console.set_defaults(run=_console)

    channels = commands.add_parser("channels", help="a payment network to practise on")
    channels.add_argument("--port", type=int, default=8790)
    channels.set_defaults(run=_channels)


def _add_hub_commands(commands: Subparsers) -> None:
    hub = commands.add_parser("hub", help="the central server of a brand")
    hub.add_argument("--data", type=Path, required=True, help="its key, and the SQLite file")
    hub.add_argument("--port", type=int, default=8780)
    hub.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="where to listen")
    hub.add_argument("--database", default="", metavar="URL", help="a PostgreSQL instead")
    hub.add_argument("--demo", action="store_true", help="takes demo tills and nothing else")
    hub.add_argument("--restored", action="store_true", help="its database was put back: say so")
    hub.add_argument("--cert", type=Path, metavar="PEM", help="its TLS certificate, with the chain")
    hub.add_argument("--key", type=Path, metavar="PEM", help="the key of that certificate")
    hub.set_defaults(run=_hub)

    office = commands.add_parser("hq", help="head office, one JSON a line")
    office.add_argument("--data", type=Path, help="the hub's folder")
    office.add_argument("--database", default="", metavar="URL", help="the hub's PostgreSQL")
    office.set_defaults(run=_hq)


def _add_machine_commands(commands: Subparsers) -> None:
    verify = commands.add_parser("verify", help="prove a data folder: chain, gaps, sums")
    what = verify.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", type=Path)
    what.add_argument("--export", type=Path, help="a journal that was exported, instead")
    verify.add_argument(
        "--head", action="append", default=[], metavar="LETTERS",
        help="a hash known outside: a receipt's six letters, or what Z printed; may be repeated",
    )  # fmt: skip
    verify.set_defaults(run=_verify)

    printer = commands.add_parser("printer", help="a network printer on the screen")
    printer.add_argument("--port", type=int, default=9100)
    printer.add_argument("--out", type=Path, help="no window: each paper as PNG in here")
    printer.set_defaults(run=_printer)

    doctor = commands.add_parser("doctor", help="what is wrong on this machine, and how to mend it")
    doctor.add_argument("--data", type=Path, help="the data folder to look at")
    doctor.add_argument(
        "--bundle", type=Path, nargs="?", const=Path(), metavar="FILE",
        help="also write a zip for support: logs, report, versions; nothing about people",
    )  # fmt: skip
    doctor.add_argument("--json", action="store_true")
    doctor.add_argument("--language", choices=("zh", "en"), default="zh")
    doctor.set_defaults(run=_doctor)

    card = commands.add_parser("keys", help="the key card as PDF, one page")
    card.add_argument("--out", type=Path, required=True, metavar="FILE")
    card.add_argument("--data", type=Path, metavar="DIR", help="of a shop with keys of its own")
    card.add_argument("--language", choices=("zh", "en"), default="zh")
    card.set_defaults(run=_keys)

    bench = commands.add_parser("bench", help="the benchmarks, each beside its limit")
    bench.add_argument("names", nargs="*", metavar="NAME")
    bench.add_argument("--json", action="store_true")
    bench.set_defaults(run=_bench)


def _window(parsed: argparse.Namespace) -> int:
    _demand_screen()
    from ui.binding import leave_sources_unread

    leave_sources_unread()
    from ui.door import run_window

    data = parsed.data or default_data()
    root, early = logging.getLogger(), _EarlyLog()
    root.addHandler(early)
    with ExitStack() as log:

        def keep_log() -> None:
            # Loading what writes a file takes as long as a tenth of the start.
            from ui.log_file import kept_log

            log.enter_context(kept_log(data))
            root.removeHandler(early)
            for record in early.records:
                root.handle(record)

        code = run_window(data, keep_log, kiosk=parsed.kiosk)
        LOG.info("the window is closed")
        return code


class _EarlyLog(logging.Handler):
    """What is said before there is a log file to say it to."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _demand_screen() -> None:
    """Qt aborts the process where it finds no screen, so that is said before. Refusal: no_screen"""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in screens):
        raise Refusal("no_screen")


def _console(parsed: argparse.Namespace) -> int:
    from ui.log_file import kept_log

    with kept_log(parsed.data):
        try:
            return _talk(parsed)
        except ShopError as error:
            LOG.info("the console stopped: %s", error)
            raise


def _talk(parsed: argparse.Namespace) -> int:
    from app.opening import is_set_up
    from ui.console import Seat, talk
    from ui.console_commands import COMMANDS
    from ui.console_opening import open_for_lines
    from ui.startup import Till, open_demo, system_ids

    clock = SettableClock(parse_time(parsed.clock)) if parsed.clock else None
    if clock is not None and not parsed.demo and is_set_up(parsed.data):
        raise Refusal("demo_only")
    used, ids = system_ids(clock)
    if parsed.demo:
        stock = parsed.stock == "opening"
        opened = open_demo(parsed.data, till=parsed.till, stock=stock, clock=used, ids=ids)
    else:
        opened = open_for_lines(parsed.data, used, ids, first_start.opened_books)
    till = Till(opened)
    first_start.opened_books()
    LOG.info("the console is open, version %s", __version__)
    if clock is None:
        # Time goes on by itself here, so payments must too.
        till.payments.loop.start()
    till.hub.start(by_itself=clock is None)
    try:
        talk(COMMANDS, Seat(till, clock), sys.stdin, sys.stdout)
    finally:
        till.close()
        LOG.info("the console is closed")
    return 0


def _demo(parsed: argparse.Namespace) -> int:
    from ui.demo_day import run

    return run(parsed.sales, parsed.seed, parsed.data, parsed.out)


def _verify(parsed: argparse.Namespace) -> int:
    if parsed.export is not None:
        from app.journal.export import verify_export

        report = verify_export(parsed.export, parsed.head)
    else:
        from app.verification import verify_folder

        report = verify_folder(parsed.data, expected_heads=parsed.head)
    print(msgspec.json.encode(report).decode())
    return 0 if report.ok else 1


def _printer(parsed: argparse.Namespace) -> int:
    if parsed.out is None:
        _demand_screen()
        from ui.printer_window import run_printer_window

        return run_printer_window(parsed.port)
    from printers.commands import run_printer

    run_printer(parsed.port, parsed.out, say=lambda line: print(line, flush=True))
    return 0


def _doctor(parsed: argparse.Namespace) -> int:
    from app.clock import SystemClock
    from ui import doctor

    clock = SystemClock()
    bundle = parsed.bundle
    return doctor.run(
        parsed.data or default_data(),
        clock,
        bundle=doctor.bundle_name(clock) if bundle == Path() else bundle,
        as_lines=not parsed.json,
        language=parsed.language,
    )


def _keys(parsed: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.door import prepare_qt
    from ui.keys import key_card_pdf, key_map, keys_of, read_actions

    prepare_qt(["pos"], parsed.language)
    try:
        keys = keys_of(parsed.data) if parsed.data else key_map(read_actions())
        parsed.out.write_bytes(key_card_pdf(keys))
    except OSError as error:
        raise Refusal("file_not_written", detail=error.strerror or "") from error
    return 0


def _channels(parsed: argparse.Namespace) -> int:
    from sync.channels.practice.server import run_practice
    from ui.startup import system_ids

    clock, ids = system_ids()
    try:
        run_practice(parsed.port, clock=clock, ids=ids, say=lambda line: print(line, flush=True))
    except OSError as error:
        raise Refusal("port_taken", port=parsed.port) from error
    return 0


def _hub(parsed: argparse.Namespace) -> int:
    from sync.hub.serving import serve
    from ui.startup import system_ids

    clock, ids = system_ids()
    serve(
        parsed.data,
        clock=clock,
        ids=ids,
        port=parsed.port,
        host=parsed.listen,
        url=parsed.database,
        demo=parsed.demo,
        certificate=parsed.cert,
        key=parsed.key,
        restored=parsed.restored,
        say=lambda line: print(line, flush=True),
    )
    return 0


def _hq(parsed: argparse.Namespace) -> int:
    from sync.hub.state import Hub, folder_of
    from ui.hq_lines import talk
    from ui.startup import system_ids

    if parsed.data is None and not parsed.database:
        raise Refusal("hub_not_named")
    folder = parsed.data or folder_of(parsed.database)
    clock, ids = system_ids()
    hub = Hub(folder, clock=clock, ids=ids, url=parsed.database, new=False)
    try:
        talk(hub, sys.stdin, sys.stdout, LOG.exception)
    finally:
        hub.close()
    return 0


def _bench(parsed: argparse.Namespace) -> int:
    from importlib import import_module

    # The benchmarks live with the tests, which an installed program does not carry.
    checkout = Path(__file__).resolve().parent.parent
    if not (checkout / "tests" / "benchmarks" / "run.py").is_file():
        raise Refusal("bench_not_here")
    return int(import_module("tests.benchmarks.run").run(parsed.names, as_json=parsed.json))


if __name__ == "__main__":
    sys.exit(main())

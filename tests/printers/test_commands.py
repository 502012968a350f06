"""`./pos printer`: a network printer whose paper is a picture."""

import socket
import threading
from pathlib import Path

import pytest
from PIL import Image

from app.content import Paper
from app.errors import Refusal
from printers.commands import PngFolder, PrinterServer, joined, render_png, run_printer
from printers.encoder import paper_bytes
from printers.profile import Profile
from printers.virtual_paper import Page


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("mode", ["text", "raster"])
def test_a_preview_is_as_wide_as_the_paper(receipt: Paper, columns: int, mode: str) -> None:
    picture = render_png(receipt, columns, mode)
    assert picture.width == columns * 12
    assert picture.height > 600


def test_nothing_to_print_is_a_blank_preview() -> None:
    assert render_png(Paper("drawer", ())).size == (576, 1)
    assert joined([], 384).size == (384, 1)


def test_what_is_sent_comes_out_as_png_and_questions_are_answered(
    receipt: Paper, wide: Profile, tmp_path: Path
) -> None:
    seen = threading.Event()
    folder = PngFolder(tmp_path)

    def page(one: Page) -> None:
        folder(one)
        seen.set()

    server = PrinterServer(0, page)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        with socket.create_connection(("127.0.0.1", server.port), 5) as line:
            line.sendall(paper_bytes(receipt, wide) + b"\x10\x04\x01")
            line.settimeout(5)
            assert line.recv(1) == b"\x12"
        assert seen.wait(5)
        seen.clear()
        with socket.create_connection(("127.0.0.1", server.port), 5) as line:
            line.sendall(b"not cut\n")
        assert seen.wait(5)
    finally:
        server.stop()
        thread.join(5)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["0001.png", "0002.png"]
    with Image.open(tmp_path / "0001.png") as picture:
        assert picture.width == 576


def test_numbers_go_on_where_the_folder_stopped(tmp_path: Path) -> None:
    (tmp_path / "0007.png").touch()
    (tmp_path / "notes.png").touch()
    PngFolder(tmp_path)(Page(Image.new("1", (8, 8), 1), [], [], "full"))
    assert (tmp_path / "0008.png").is_file()


def test_the_command_says_where_it_listens_and_ends_when_interrupted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(self: PrinterServer) -> None:
        self._listening.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(PrinterServer, "serve", interrupted)
    words: list[str] = []
    run_printer(0, tmp_path / "out", say=words.append)
    assert words[0].startswith("网络打印机已就绪：127.0.0.1:")
    assert (tmp_path / "out").is_dir()


def test_a_taken_port_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(Refusal, match="port_taken"),
    ):
        run_printer(taken.getsockname()[1])

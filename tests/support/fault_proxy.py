"""A line between tills and their hub that does what bad networks do, over real sockets.

It can be cut and healed, and it can treat each connection to one of `FAULTS`. Which one comes next
is drawn by a seed, so a bad day can be had again.
"""

import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random

CHUNK = 65_536
REQUEST_S = 5
DELAY_S = 0.4
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: the connection ends with a reset, not with a goodbye."""
PORTAL = b"<html><title>\xe9\x85\x92\xe5\xba\x97 WiFi</title>Welcome, please log in</html>"
BROKEN_TLS = b"\x16\x03\x03\x00\x04\x02\x00\x00\x63" + b"\x15\x03\x01\x00\x02\x02\x28"
"""A server's hello that is none, and an alert of another version."""


class FaultProxy:
    """Forwards connections from its own port to another one, as well as it is let."""

    def __init__(self, port: int, seed: str = "") -> None:
        self._to = port
        self._dice = Random(seed)
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._cut = False
        self._ended = threading.Event()
        self._days: list[str] = []
        self._held = ""
        self.loses_answers = False
        """What the till sends arrives; what comes back is lost, and then the line is gone."""
        self.lost = 0
        self.met: Counter[str] = Counter()
        """How many connections met which fault."""
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """What a till takes for the hub's address."""
        return f"http://127.0.0.1:{self.port}"

    def rough(self, faults: Sequence[str]) -> None:
        """The next connections meet these faults, each once, in an order the seed decides."""
        days = list(faults)
        self._dice.shuffle(days)
        with self._lock:
            self._days = days

    def hold(self, fault: str) -> None:
        """Every connection meets this fault, until the line is healed or holds another."""
        with self._lock:
            self._held = fault

    @property
    def left(self) -> int:
        """How many of those faults nobody has met yet."""
        return len(self._days)

    def cut(self) -> None:
        """End every connection in the middle of what it carries, and let none be made."""
        with self._lock:
            self._cut = True
            for each in self._open:
                _end(each)
            self._open = []

    def heal(self) -> None:
        """Let connections be made again, and carry what they are given."""
        with self._lock:
            self._cut = self.loses_answers = False
            self._days, self._held = [], ""

    def close(self) -> None:
        self._ended.set()
        self.cut()
        _end(self._listening)
        self._thread.join(10)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                if self._cut:
                    near.close()
                    continue
                self._open.append(near)
                fault = self._held or (self._days.pop() if self._days else "")
            self.met[fault] += 1
            act = FAULTS[fault] if fault else FaultProxy._honest
            threading.Thread(target=self._treat, args=(act, near), daemon=True).start()

    def _treat(self, act: "Act", near: socket.socket) -> None:
        with suppress(OSError):
            act(self, near)
        _end(near)
        near.close()

    def _reached(self) -> socket.socket:
        far = socket.create_connection(("127.0.0.1", self._to), 5)
        far.settimeout(None)
        with self._lock:
            self._open.append(far)
            if self._cut:
                _end(far)
        return far

    def _answer_to(self, request: bytes) -> bytes:
        """What the hub says to one request; it is told that nothing follows."""
        with self._reached() as far:
            far.sendall(request)
            return http_message(far)

    # --- what a connection may meet ------------------------------------------------------------

    def _honest(self, near: socket.socket) -> None:
        with self._reached() as far:
            back = threading.Thread(target=self._carry_back, args=(far, near), daemon=True)
            back.start()
            with suppress(OSError):
                while part := near.recv(CHUNK):
                    far.sendall(part)
            _end(far)
            back.join()

    def _carry_back(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while part := far.recv(CHUNK):
                if self.loses_answers:
                    self.lost += 1
                    break
                near.sendall(part)
        _end(near)
        _end(far)

    def _delay(self, near: socket.socket) -> None:
        request = http_message(near)
        self._ended.wait(DELAY_S)
        answer = self._answer_to(request)
        self._ended.wait(DELAY_S)
        near.sendall(answer)

    def _drop(self, near: socket.socket) -> None:
        """The hub has it; its answer gets lost."""
        self._answer_to(http_message(near))

    def _half_open(self, near: socket.socket) -> None:
        """Taken, and never heard of again: until the till itself lets go."""
        while near.recv(CHUNK) and not self._ended.is_set():
            pass

    def _truncate_request(self, near: socket.socket) -> None:
        request = http_message(near)
        with self._reached() as far:
            far.sendall(request[: self._dice.randrange(1, len(request))])

    def _truncate_answer(self, near: socket.socket) -> None:
        answer = self._answer_to(http_message(near))
        body = answer.index(b"\r\n\r\n") + 4
        near.sendall(answer[: self._dice.randrange(body, len(answer))])

    def _trickle(self, near: socket.socket) -> None:
        for byte in self._answer_to(http_message(near)):
            near.sendall(bytes([byte]))
            if self._ended.wait(1):
                return

    def _reset(self, near: socket.socket) -> None:
        request = http_message(near)
        answer = self._answer_to(request)
        near.sendall(answer[: len(answer) - 7])
        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        near.close()

    def _duplicate(self, near: socket.socket) -> None:
        """The hub hears it twice; the till hears either answer."""
        request = http_message(near)
        answers = [self._answer_to(request) for _ in range(2)]
        near.sendall(self._dice.choice(answers))

    def _portal(self, near: socket.socket) -> None:
        http_message(near)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PORTAL)}\r\n"
        near.sendall(head.encode() + b"\r\n" + PORTAL)

    def _speaks_tls(self, near: socket.socket) -> None:
        http_message(near)
        near.sendall(BROKEN_TLS)


Act = Callable[[FaultProxy, socket.socket], None]

FAULTS: dict[str, Act] = {
    name.removeprefix("_"): getattr(FaultProxy, name)
    for name in (
        "_delay", "_drop", "_half_open", "_truncate_request", "_truncate_answer", "_trickle",
        "_reset", "_duplicate", "_portal", "_speaks_tls",
    )
}  # fmt: skip
"""What can happen to one connection, by name."""


def http_message(source: socket.socket) -> bytes:
    """One whole HTTP message with a length; what there is of it when the other end lets go."""
    source.settimeout(REQUEST_S)
    said = b""
    while b"\r\n\r\n" not in said:
        part = source.recv(CHUNK)
        if not part:
            raise ConnectionError("went away")
        said += part
    head, _, body = said.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = (int(lengths[0].split(b":")[1]) if lengths else 0) - len(body)
    while missing > 0 and (part := source.recv(CHUNK)):
        said += part
        missing -= len(part)
    return said


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)

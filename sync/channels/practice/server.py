"""The practice network over HTTP, on this machine alone."""

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import msgspec

from app.clock import Clock, local
from app.errors import Refusal
from app.ids import Ids
from sync.channels.aggregator import PATH as TERMINAL_PATH
from sync.channels.alipay import GATEWAY
from sync.channels.carrying import CLOCK_HEADER
from sync.channels.practice.alipay_side import AlipaySide
from sync.channels.practice.asked import Asked, Reply
from sync.channels.practice.network import Network
from sync.channels.practice.terminal_side import TerminalSide
from sync.channels.practice.wechat_side import WeChatSide

LOOPBACK = "127.0.0.1"
HOLD_S = 2.0
"""How long a lost answer keeps its caller waiting before the line goes dead."""
MOST_BODY_BYTES = 1_000_000


class PracticeServer:
    """The network behind one port; `close` ends it. Raises Refusal("port_taken")."""

    def __init__(self, port: int, *, clock: Clock, ids: Ids, hold_s: float = HOLD_S) -> None:
        self.network = Network()
        self._clock = clock
        self._wechat = WeChatSide(self.network, ids)
        self._alipay = AlipaySide(self.network)
        self._terminal = TerminalSide(self.network)
        self.closing = threading.Event()
        self.hold_s = hold_s
        try:
            self._http = ThreadingHTTPServer((LOOPBACK, port), _handler(self))
        except OSError as error:
            raise Refusal("port_taken", port=port, detail=error.strerror or "") from error
        self._http.daemon_threads = True

    @property
    def address(self) -> str:
        """Where tills find it."""
        return f"http://{LOOPBACK}:{self._http.server_address[1]}"

    def serve(self) -> None:
        """Answer until somebody closes it."""
        self._http.serve_forever(poll_interval=0.1)

    def start(self) -> None:
        """Answer on a thread of its own."""
        threading.Thread(target=self.serve, name="practice network", daemon=True).start()

    def close(self) -> None:
        """Let the port go."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def answer(self, asked: Asked) -> Reply:
        """One request's answer."""
        path = urlsplit(asked.target).path
        if path.startswith("/v3/"):
            return self._wechat.answer(asked)
        if path == GATEWAY:
            return self._alipay.answer(asked)
        if path.startswith("/alipay/bill/"):
            return self._alipay.download(path.rpartition("/")[2])
        if path.startswith(TERMINAL_PATH):
            return self._terminal.answer(asked)
        if path == "/bill":
            return self._bill(asked)
        return Reply(404, b'{"code":"RESOURCE_NOT_EXISTS"}', _JSON)

    def _bill(self, asked: Asked) -> Reply:
        today = local(asked.now).date().isoformat()
        day = parse_qs(urlsplit(asked.target).query).get("date", [today])[0]
        said = {"date": day, "rows": self.network.bill(day)}
        return Reply(200, msgspec.json.encode(said), _JSON)

    def now(self, header: str) -> int:
        """The asking till's time if it tells one, else the machine's."""
        return int(header) if header.isascii() and header.isdigit() else self._clock.wall_ms()


_JSON = {"Content-Type": "application/json"}


def _handler(server: PracticeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length > MOST_BODY_BYTES:
                self.close_connection = True
                return
            asked = Asked(
                self.command,
                self.path,
                dict(self.headers.items()),
                self.rfile.read(length),
                server.now(self.headers.get(CLOCK_HEADER, "")),
            )
            reply = server.answer(asked)
            if reply.lost:
                server.closing.wait(server.hold_s)
                self.close_connection = True
                return
            with suppress(OSError):
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.status != 204:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

        do_GET = _answer
        do_POST = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Wallet codes pass here: nothing is written down."""

    return Handler


def run_practice(port: int, *, clock: Clock, ids: Ids, say: Callable[[str], None]) -> None:
    """`./pos channels`: answer until it is interrupted."""
    server = PracticeServer(port, clock=clock, ids=ids)
    say(server.address)
    try:
        server.serve()
    finally:
        server.close()

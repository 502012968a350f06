"""A line between a till and its hub that can be cut, and that can lose what comes back."""

import socket
import threading
from contextlib import suppress

CHUNK = 65_536


class Line:
    """Forwards connections from its own port to another one, as long as it is let."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._cut = False
        self.loses_answers = False
        """What the till sends arrives; what comes back is lost, and then the line is gone."""
        self.lost = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """What a till takes for the hub's address."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """End every connection in the middle of what it carries, and let none be made."""
        with self._lock:
            self._cut = True
            for each in self._open:
                _end(each)
            self._open = []

    def heal(self) -> None:
        """Let connections be made again."""
        self._cut = self.loses_answers = False

    def close(self) -> None:
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
                far = None if self._cut else self._reached()
                if far is None:
                    near.close()
                    continue
                self._open += [near, far]
            for source, target, back in ((near, far, False), (far, near, True)):
                threading.Thread(
                    target=self._carry, args=(source, target, back), daemon=True
                ).start()

    def _reached(self) -> socket.socket | None:
        with suppress(OSError):
            return socket.create_connection(("127.0.0.1", self._to), 5)
        return None

    def _carry(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with suppress(OSError):
            while part := source.recv(CHUNK):
                if back and self.loses_answers:
                    self.lost += 1
                    break
                target.sendall(part)
        _end(source)
        _end(target)
        source.close()


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)

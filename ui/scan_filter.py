"""Scanner or fingers? One filter before everything else decides, by time between keys alone.

Rules of this file:
- A scanner is a keyboard. What tells it from a person is speed: keys at most `GAP_MS` apart, at
  least `LEAST` of them, mostly ended by Enter or Tab.
- Printable keys are *held back* until the next key or `GAP_MS` of silence says which it was. Typing
  is then replayed in order; a scan is handed over whole and no widget ever sees one key of it.
  Letting keys through and taking them back later would be quicker to show, but it cannot be undone
  in a password box, a spin box or a field that already acted on its first character.
- The price is that a typed character appears up to 50 ms after its key, which hands do not feel.
  Function keys, arrows and Backspace are not held (they first release what is).
- Times come from the key events, not from our own clock: when the window was busy for a moment
  slow typing arrives all at once and must still be typing.
- Keys that repeat because they are held down are never part of a burst; a repeating Enter is
  dropped, because Enter pays.
- Only events on their way to a `QWindow` count. The same key is seen again by the widget and each
  of its parents; counting those would read every code three times.
- There are no QShortcuts in this till: Qt would match them before the window sees the key. Keys
  that were judged to be typed are offered to `on_key` first, and that is where hot keys live.
"""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from shiboken6 import isValid

from app.clock import Clock

GAP_MS = 50
LEAST = 4
LONGEST = 4096
"""Characters kept of one burst; a longer one is refused whole (the longest real code, a signed
trace QR, stays under 1,000)."""
GRACE_MS = 120
"""How long after a scan a late Enter still belongs to it: some scanners pause before the suffix."""
GROUP_SEPARATOR = "\x1d"

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_MODIFIER_KEYS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)


def folded(text: str) -> str:
    """Full-width letters and digits (an input method's) as plain ones."""
    return "".join(
        chr(ord(mark) - 0xFEE0) if "！" <= mark <= "～" else " " if mark == "\u3000" else mark
        for mark in text
    )


class Verdict(msgspec.Struct, frozen=True):
    """What to do now: replay these held keys, hand over this scan, keep or pass the new key."""

    replay: tuple[object, ...] = ()
    scan: str = ""
    too_long: bool = False
    keep: bool = False
    """True: the key just offered goes no further (held back, or part of a scan)."""


class BurstReader:
    """The decision without Qt: keys with times go in, verdicts come out.

    Remembers the held characters with the tokens they would be replayed by.
    """

    def __init__(self) -> None:
        self._marks: list[str] = []
        self._tokens: list[object] = []
        self._last_ms: int | None = None
        self._scanned_ms: int | None = None
        self._too_long = False
        self._pasted = False

    @property
    def holding(self) -> bool:
        """Are keys held back?"""
        return bool(self._marks) or self._too_long

    def character(self, text: str, token: object, at_ms: int) -> Verdict:
        """A printable key, or a piece of text an input method gave (`text` longer than one)."""
        if self.holding and self._close(at_ms):
            self._add(text, token, at_ms)
            return Verdict(keep=True)
        verdict = self.silence()
        self._add(text, token, at_ms)
        return msgspec.structs.replace(verdict, keep=True)

    def end(self, at_ms: int) -> Verdict:
        """Enter or Tab: the end of a scan, an Enter of one's own, or a scanner's late suffix."""
        if self._inside(at_ms):
            self._scanned_ms = at_ms
            return msgspec.structs.replace(self._scan(), keep=True)
        verdict = self.silence()
        late = self._scanned_ms is not None and 0 <= at_ms - self._scanned_ms <= GRACE_MS
        return msgspec.structs.replace(verdict, keep=late and not verdict.replay)

    def separator(self, at_ms: int) -> Verdict:
        """A GS1 group separator: part of a code inside a burst, nothing anywhere else."""
        if self.holding and self._close(at_ms):
            self._add(GROUP_SEPARATOR, None, at_ms)
            return Verdict(keep=True)
        return self.silence()

    def other(self, at_ms: int) -> Verdict:
        """Any other key: inside a burst it is the scanner's and dropped, else typing ends here."""
        if self._inside(at_ms):
            self._last_ms = at_ms
            return Verdict(keep=True)
        return self.silence()

    def silence(self) -> Verdict:
        """Nothing more came: a long burst was a scan without Enter, a short one was typing."""
        if not self.holding:
            return Verdict()
        if self._too_long or (self._long_enough() and not self._pasted):
            self._scanned_ms = self._last_ms
            return self._scan()
        tokens = tuple(token for token in self._tokens if token is not None)
        self._forget()
        return Verdict(replay=tokens)

    def _inside(self, at_ms: int) -> bool:
        """Is this key so close to a long enough burst that only a scanner can have sent it?"""
        return self.holding and self._close(at_ms) and (self._long_enough() or self._too_long)

    def _close(self, at_ms: int) -> bool:
        return self._last_ms is not None and 0 <= at_ms - self._last_ms <= GAP_MS

    def _long_enough(self) -> bool:
        return len(self._marks) >= LEAST

    def _add(self, text: str, token: object, at_ms: int) -> None:
        self._last_ms = at_ms
        if len(self._marks) + len(text) > LONGEST:
            # The rest of an endless burst is swallowed, but never stored.
            self._too_long = True
            self._marks.clear()
            self._tokens.clear()
        if not self._too_long:
            self._marks.extend(folded(text))
            self._tokens.append(token)
            self._pasted = self._pasted or len(text) > 1

    def _scan(self) -> Verdict:
        verdict = Verdict(scan="".join(self._marks), too_long=self._too_long)
        self._forget()
        return verdict

    def _forget(self) -> None:
        self._marks.clear()
        self._tokens.clear()
        self._too_long = False
        self._pasted = False
        self._last_ms = None


def _event_time(event: QKeyEvent) -> int:
    return int(event.timestamp())


class _HeldKey(msgspec.Struct, frozen=True):
    """A key press that waits for judgement, with the window it was meant for."""

    window: QWindow
    key: int
    modifiers: Qt.KeyboardModifier
    text: str


class _HeldCommit(msgspec.Struct, frozen=True):
    """Text an input method gave to a widget, waiting for judgement."""

    target: QObject
    text: str


def _uses_no_key(_event: QKeyEvent) -> bool:
    return False


class ScanFilter(QObject):
    """The application-wide event filter around `BurstReader`.

    `on_key` is offered every typed key press and returns True when it used it (hot keys).
    `key_time` gives a key's time in ms; tests hand in their own. Text from an input method carries
    no time, so `clock` says how long after the newest key it came.
    """

    scanned = Signal(str)
    too_long = Signal()

    def __init__(
        self,
        application: QGuiApplication,
        clock: Clock,
        on_key: Callable[[QKeyEvent], bool] = _uses_no_key,
        key_time: Callable[[QKeyEvent], int] = _event_time,
    ) -> None:
        super().__init__(application)
        self._clock = clock
        self._key_ahead_ms = 0
        self._on_key = on_key
        self._key_time = key_time
        self._reader = BurstReader()
        self._kept_down: set[int] = set()
        self._replaying = False
        self.quiet = QTimer(self)
        self.quiet.setSingleShot(True)
        self.quiet.setInterval(GAP_MS + 5)
        self.quiet.setTimerType(Qt.TimerType.PreciseTimer)
        self.quiet.timeout.connect(self._nearly_silent)
        self._last_look = QTimer(self)
        self._last_look.setSingleShot(True)
        self._last_look.setInterval(0)
        self._last_look.timeout.connect(self.silence)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True = the event goes no further."""
        if self._replaying:
            return False
        kind = event.type()
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            return self._committed(watched, event)
        if not isinstance(watched, QWindow):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            # Accepting it makes Qt send the key on as a plain key press: ours to judge.
            event.accept()
            return True
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(watched, event)
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            return self._released(event)
        return False

    def silence(self) -> None:
        """Judge what is held now; the timer calls this, and so may a test."""
        self._obey(self._reader.silence())

    def _nearly_silent(self) -> None:
        # The loop may have been busy: let keys that already wait in its queue arrive first.
        self._last_look.start()

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        self._last_look.stop()
        key = event.key()
        if key in _MODIFIER_KEYS:
            return False
        if event.isAutoRepeat():
            return self._repeated(event)
        at_ms, text = self._key_time(event), event.text()
        self._key_ahead_ms = at_ms - self._clock.monotonic_ms()
        if key in _ENDS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            verdict = self._reader.end(at_ms)
        elif text == GROUP_SEPARATOR:
            verdict = self._reader.separator(at_ms)
        elif _is_printable(event):
            held = _HeldKey(window, key, event.modifiers(), text)
            verdict = self._reader.character(text, held, at_ms)
        else:
            verdict = self._reader.other(at_ms)
        self._obey(verdict)
        if verdict.keep:
            self._kept_down.add(key)
            return True
        return self._on_key(event)

    def _repeated(self, event: QKeyEvent) -> bool:
        if event.key() in _ENDS:
            return True
        self._obey(self._reader.silence())
        return False if _is_printable(event) else self._on_key(event)

    def _released(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat() or event.key() not in self._kept_down:
            return False
        self._kept_down.discard(event.key())
        return True

    def _committed(self, watched: QObject, event: QInputMethodEvent) -> bool:
        """Text from an input method: digits may be a scanner's, Han never is."""
        text = event.commitString()
        if not text or event.preeditString() or event.replacementLength():
            return False
        if watched is not QGuiApplication.focusObject():
            return False
        plain = folded(text)
        if not (plain.isascii() and plain.isprintable()):
            self.silence()
            return False
        self._last_look.stop()
        at_ms = self._clock.monotonic_ms() + self._key_ahead_ms
        self._obey(self._reader.character(text, _HeldCommit(watched, text), at_ms))
        return True

    def _obey(self, verdict: Verdict) -> None:
        if verdict.scan:
            self.scanned.emit(verdict.scan)
        if verdict.too_long:
            self.too_long.emit()
        for token in verdict.replay:
            self._replay(token)
        if self._reader.holding:
            self.quiet.start()
        else:
            self.quiet.stop()

    def _replay(self, token: object) -> None:
        if isinstance(token, _HeldCommit) and isValid(token.target):
            given = QInputMethodEvent()
            given.setCommitString(token.text)
            self._send(token.target, given)
        elif isinstance(token, _HeldKey) and isValid(token.window):
            parts = (token.key, token.modifiers, token.text)
            press = QKeyEvent(QEvent.Type.KeyPress, *parts)
            if not self._on_key(press):
                self._send(token.window, press)
                self._send(token.window, QKeyEvent(QEvent.Type.KeyRelease, *parts))

    def _send(self, target: QObject, event: QEvent) -> None:
        self._replaying = True
        try:
            QCoreApplication.sendEvent(target, event)
        finally:
            self._replaying = False


def _is_printable(event: QKeyEvent) -> bool:
    allowed = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    return len(text) == 1 and text.isprintable() and not event.modifiers() & ~allowed

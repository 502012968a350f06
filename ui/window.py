"""The till's one window: strip, the page in charge, key bar, and what lies over all of them.

The window owns the scanner filter's ends: scans go to `scanned`, typed keys become actions, and an
action is offered to the page first and to the window's owner (`acted`) when the page has no use for
it. The window knows no shop; presenters join it to one.
"""

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent, QWindow
from PySide6.QtWidgets import QApplication, QLayout, QLineEdit, QStackedWidget, QWidget

from app.clock import Clock
from ui.keys import BACK_TAB, TAB, HotKeys, KeyMap, bar_hints
from ui.scan_filter import ScanFilter
from ui.theme import Theme
from ui.views import StripView
from ui.widgets.arrange import column
from ui.widgets.buttons import KeyBar
from ui.widgets.panel import DemoBorder, Flash, NotInFront
from ui.widgets.scan_field import ScanField
from ui.widgets.strip import Strip
from ui.widgets.touch_pad import TouchPad

DESIGN_SIZE = (1366, 768)


class Page(Protocol):
    """What the window asks of a screen: does it want this action?"""

    def act(self, action: str) -> bool:
        """True when the action was used here."""
        ...


class TillWindow(QWidget):
    """Pages by name, one shown at a time."""

    scanned = Signal(str)
    scan_too_long = Signal()
    acted = Signal(str)
    """An action nobody on the page wanted: F-keys, lamps of the strip, hints of the key bar."""
    page_shown = Signal(str)
    touched = Signal(bool)
    """The last input was a finger (True) or a key (False)."""
    stirred = Signal()
    """Somebody is there: any key or touch, wherever it goes."""
    closing = Signal()

    kiosk = False
    """The whole screen, without the system's bars: said once, before the first window."""

    def __init__(self, theme: Theme, keys: KeyMap, clock: Clock) -> None:
        super().__init__()
        self._theme = theme
        self._keys = keys
        self._pages: dict[str, QWidget] = {}
        self._bare: set[str] = set()
        self._shown = ""
        self._touch = False
        self.setProperty("look", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.strip, self.key_bar = Strip(theme), KeyBar(theme)
        self.strip.pressed.connect(self.perform)
        self.key_bar.pressed.connect(self.perform)
        self._stack = QStackedWidget()
        layout = column(self.strip, self._stack, self.key_bar)
        layout.setStretch(1, 1)
        # The screen's size is what there is; a page that wants more is squeezed, not hung over.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setLayout(layout)
        self._border = DemoBorder(theme, self)
        self._border.hide()
        self._not_in_front = NotInFront(theme, self)
        self._flash = Flash(theme, self)
        self._pad = TouchPad(theme, self)
        self._pad.entered.connect(lambda: self.perform("enter"))
        self.key_bar.show_hints(bar_hints(keys))
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self._filter = ScanFilter(application, clock, HotKeys(keys, self.perform))
        self._filter.setParent(self)
        self._filter.scanned.connect(self.scanned)
        self._filter.too_long.connect(self.scan_too_long)
        application.installEventFilter(self)
        application.applicationStateChanged.connect(self._state_changed)
        self._refocus = QTimer(self)
        self._refocus.setSingleShot(True)
        self._refocus.setInterval(0)
        self._refocus.timeout.connect(self._give_focus_back)
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)

    def show_whole(self) -> None:
        """Take the whole screen below the system's own bars: a till is looked at from afar."""
        self.resize(*DESIGN_SIZE)
        if self.kiosk:
            self.showFullScreen()
        else:
            self.showMaximized()

    def add_page(self, name: str, page: QWidget, *, keys: bool = True) -> None:
        """Give the window a page; the page should have `act`. Where nobody can sell yet the bar of
        the till's keys would promise what they do not do: `keys=False` leaves it away."""
        self._pages[name] = page
        if not keys:
            self._bare.add(name)
        self._stack.addWidget(page)
        page.windowTitleChanged.connect(self._name_window)

    def show_page(self, name: str) -> None:
        """Bring a page to the front and give it the keyboard."""
        page = self._pages[name]
        self._pad.close_pad()
        self._shown = name
        self._name_window()
        self.key_bar.setVisible(name not in self._bare)
        self._stack.setCurrentWidget(page)
        if page.focusProxy() is not None:
            # A page without a proxy put the cursor where it belongs when it was shown.
            page.setFocus()
        self.page_shown.emit(name)

    @property
    def page(self) -> str:
        """Name of the page that is shown."""
        return self._shown

    def page_of(self, name: str) -> QWidget:
        """A page by its name."""
        return self._pages[name]

    def has_page(self, name: str) -> bool:
        """A room that is not built is not shown."""
        return name in self._pages

    def show_strip(self, view: StripView) -> None:
        """Show the strip; a demo or training shop gets its hatched border."""
        self.strip.show_view(view)
        self._border.setVisible(bool(view.demo))
        self._border.raise_()

    def sleep(self) -> None:
        """Hear no key and no scan until `wake`: another window is in charge."""
        self._hear(False)

    def wake(self) -> None:
        """Be in charge again."""
        self._hear(True)

    def _hear(self, on: bool) -> None:
        application = QGuiApplication.instance()
        assert application is not None
        for listener in (self._filter, self):
            application.removeEventFilter(listener)
            if on:
                application.installEventFilter(listener)

    def flash(self, tone: str) -> None:
        """A sound nobody can hear, shown: "refused" stays longest, as it does in the ear."""
        self._flash.show_tone(tone)

    def perform(self, action: str) -> bool:
        """Offer an action to the page, then to the owner. Always used up: a key has one meaning."""
        if action in (TAB, BACK_TAB):
            # Not by overriding what Qt asks when a widget with the cursor goes: then the binding
            # takes half a widget for a whole one, and the next key was lost.
            self.walk(forward=action == TAB)
            return True
        page: object = self._pages.get(self._shown)
        taker = getattr(page, "act", None)
        if taker is None or not taker(action):
            self.acted.emit(action)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember whether a finger or a key came last; swallows nothing."""
        kind = event.type()
        if kind == QEvent.Type.TouchBegin and isinstance(watched, QWindow):
            self._set_touch(True)
            self.stirred.emit()
        elif kind == QEvent.Type.KeyPress and isinstance(watched, QWindow):
            self._set_touch(False)
            self._pad.close_pad()
            self.stirred.emit()
        elif kind == QEvent.Type.MouseButtonPress and isinstance(watched, QLineEdit):
            self._field_touched(watched)
        return False

    def _field_touched(self, field: QLineEdit) -> None:
        """A finger on a number field asks for digits; text is the system's own keyboard's."""
        page = self._pages.get(self._shown)
        if page is not None and page.isAncestorOf(field) and field.property("till_field"):
            self._pad.open_for(field, page)

    def walk(self, *, forward: bool = True) -> bool:
        """Tab stops at everything that takes the keyboard, once round; False when nothing else
        does. Qt itself leaps from a page's focus proxy over all that stands behind it on the page.
        """
        here: QWidget = self.focusWidget() or self
        stop = here
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        while True:
            beside = stop.nextInFocusChain() if forward else stop.previousInFocusChain()
            if beside is None or beside is here:
                return False
            stop = beside
            waits = stop.isVisibleTo(self) and stop.isEnabled() and stop.focusProxy() is None
            if waits and stop.focusPolicy() & Qt.FocusPolicy.TabFocus:
                stop.setFocus(reason)
                return True

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._border.setGeometry(self.rect())
        self._not_in_front.setGeometry(self.rect())
        self._flash.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.sleep()
        self.closing.emit()
        event.accept()

    def _name_window(self) -> None:
        """The task bar and screen readers say what the page says."""
        if (page := self._pages.get(self._shown)) is not None:
            self.setWindowTitle(page.windowTitle())

    def _set_touch(self, touch: bool) -> None:
        if touch != self._touch:
            self._touch = touch
            self.touched.emit(touch)

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._touch and isinstance(now, QLineEdit) and not isinstance(now, ScanField):
            self._field_touched(now)
        elif now is not self._pad.field:
            self._pad.close_pad()
        # Whatever had the cursor may have been closed; a till without a cursor swallows typing.
        if now is None:
            self._refocus.start()

    def _give_focus_back(self) -> None:
        page = self._pages.get(self._shown)
        if page is not None and self.isActiveWindow() and self.focusWidget() is None:
            page.setFocus()
        elif self.isActiveWindow() and QApplication.focusWidget() is None:
            (self.focusWidget() or self).setFocus()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        away = state != Qt.ApplicationState.ApplicationActive
        self._not_in_front.setVisible(away and self.isVisible())
        self._not_in_front.raise_()

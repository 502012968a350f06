"""商品: goods from an Excel or CSV file, looked at row by row before anything is taken."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit

from ui.language import tr
from ui.room_views import ColumnView, ImportView
from ui.theme import Theme
from ui.widgets.arrange import boxed, column, empty, label, row
from ui.widgets.progress import Progress
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList


def finding_columns() -> tuple[ColumnView, ...]:
    """row · column · what is wrong (the row's text under it); a presenter fills this order."""
    return (
        ColumnView(title=tr("行"), width=88, right=True),
        ColumnView(title=tr("列"), width=160),
        ColumnView(title=tr("怎么了"), look="strong"),
    )


class GoodsImportScreen(Room):
    """`chosen(path)`, `taken` on 导入, `cancelled` while it works."""

    chosen = Signal(str)
    taken = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme, title: str = "") -> None:
        super().__init__(theme, title or tr("商品导入"))
        px = theme.px
        self.shown = ImportView()
        self.setAcceptDrops(True)
        self.path = QLineEdit()
        self.path.setAccessibleName(tr("文件"))
        self.path.setPlaceholderText(tr("把文件拖进来，或输入它的位置"))
        self.path.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._browse = self.button(tr("选文件…"), "F2")
        self._browse.clicked.connect(self._choose)
        self._figures = row(gap=px(32))
        self._note = label("", "muted", wrap=True)
        self._list = RowList(theme)
        self._progress = Progress(theme)
        self._again = self.button(tr("重看一遍"))
        self._again.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._again.clicked.connect(lambda: self.chosen.emit(self.path.text()))
        self._back.clicked.disconnect(self.left)
        self._back.clicked.connect(lambda: self.act("back"))
        self._take = self.button(tr("导入"), "Enter", look="primary")
        self._take.clicked.connect(self._enter)
        self.foot.insertWidget(1, self._progress.words)
        self.foot.addWidget(self._again)
        self.foot.addWidget(self._take)
        line = row(self.path, self._browse, gap=px(12))
        line.setStretch(0, 1)
        body = column(
            line, px(12), boxed(self._figures), px(6), self._note, px(4), self._progress.bar, px(4),
            card(theme, column(self._list), pad=0),
        )  # fmt: skip
        body.setStretch(8, 1)
        self.build(body)
        self.setFocusProxy(self.path)

    def show_view(self, view: ImportView) -> None:
        """Show what is known about the file, and what can be done now."""
        before, self.shown = self.shown, view
        self.show_message(view.message)
        if view.path != before.path:
            self.path.setText(view.path)
        if view.figures != before.figures:
            empty(self._figures)
            for word, figure in view.figures:
                said = column(label(figure, "headline"), label(word, "muted"))
                self._figures.addLayout(said)
            self._figures.addStretch(1)
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        self._list.show_view(view.findings)
        busy = bool(view.busy_word)
        self._progress.show(view.busy_word, view.done, view.most)
        self._again.setVisible(view.can_take and not busy)
        self._back.set_word(tr("停下") if busy else tr("返回"))
        self._take.set_word(view.next_word or tr("看一遍"))
        self._take.set_usable(not busy, tr("正在做"))

    def act(self, action: str) -> bool:
        """Enter looks at the file, then takes it; Esc stops the work or leaves."""
        busy = bool(self.shown.busy_word)
        if action == "back" and busy:
            self.cancelled.emit()
        elif action == "back":
            self.back()
        elif action == "enter":
            self._enter()
        elif action == "find":
            self._choose()
        else:
            return self._list.act(action) or action != "mute"
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if path := _dropped(event):
            self.chosen.emit(path)

    def _enter(self) -> None:
        if self.shown.busy_word:
            return
        fresh = self.path.text().strip() != self.shown.path
        if self.shown.can_take and not fresh:
            self.taken.emit()
        elif self.shown.finished and not fresh:
            self.left.emit()
        elif self.path.text().strip():
            self.chosen.emit(self.path.text().strip())
        else:
            self._choose()

    def _choose(self) -> None:
        if self.shown.busy_word:
            return
        kinds = tr("表格") + " (*.xlsx *.xlsm *.csv *.txt)"
        path, _kind = QFileDialog.getOpenFileName(self, tr("选文件…"), str(Path.home()), kinds)
        if path:
            self.chosen.emit(path)


def _dropped(event: QDropEvent) -> str:
    urls = event.mimeData().urls()
    return urls[0].toLocalFile() if len(urls) == 1 else ""

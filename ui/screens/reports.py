"""报表: at the left which report, above for which days, then figures, chart and rows."""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from app.reports.wording import Kpi
from ui.language import tr
from ui.report_views import ReportsView
from ui.theme import Theme
from ui.views import ChoiceView
from ui.widgets.arrange import boxed, column, empty, label, relook, row
from ui.widgets.buttons import ActionButton
from ui.widgets.chart import ChartPicture
from ui.widgets.notices import StateShape
from ui.widgets.question_panel import QuestionPanel
from ui.widgets.room import Room, card
from ui.widgets.row_list import RowList

LEAST = 150
"""Pixels at 100 % a name needs."""
LOW = 660
"""Pixels at 100 %: below it the chart and the figures take less."""


class ReportsScreen(Room):
    """←→ between reports and rows, ↑↓ walk, Enter goes down to the papers, letters do the rest."""

    report_chosen = Signal(str)
    row_chosen = Signal(str)
    side_changed = Signal(bool)
    pressed = Signal(str)
    """compare, only, all, pdf, excel, prices, earlier, later, a period."""
    went_back = Signal()
    answered = Signal(str, str)
    again = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("报表"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view = ReportsView()
        self._drawn = False
        """On a low screen the chart stands in the place of the rows."""
        self._reports = RowList(theme)
        self._reports.marked.connect(self.report_chosen)
        self._reports.chosen.connect(lambda _key: self.side_changed.emit(False))
        self._rows = RowList(theme)
        self._rows.chosen.connect(self.row_chosen)
        self._rows.marked.connect(lambda _key: self.side_changed.emit(False))
        self._rows.again.connect(self.again)
        self.question = QuestionPanel(theme)
        self.question.answered.connect(self.answered)
        self._chart = ChartPicture(theme)
        self._build_periods()
        self._build_kpis()
        self._build_foot()
        self._left = card(theme, column(self._reports), pad=0)
        self._chart_box = card(theme, column(self._chart), pad=12)
        self._list_box = card(theme, column(self._rows), pad=0)
        right = column(
            self._bar, self.question, self.question.pad, self._kpi_row, self._chart_box,
            self._list_box, self._only, gap=theme.px(8),
        )  # fmt: skip
        self._right = right
        right.setStretch(5, 5)
        body = row(gap=theme.px(12))
        body.addWidget(self._left)
        body.addLayout(right, 1)
        self.build(body)
        self._fit()

    def _build_periods(self) -> None:
        self._periods = QHBoxLayout()
        self._periods.setSpacing(self.theme.px(6))
        self._period_buttons: dict[str, ActionButton] = {}
        self._shown_periods: tuple[ChoiceView, ...] = ()
        self._compare = self._small("", "C", "compare")
        self._look = ActionButton(self.theme, tr("看图"), "G", height=44, size="body")
        self._look.clicked.connect(lambda: self._turn())
        self._bar = boxed(row(self._periods, None, self._look, self._compare, gap=self.theme.px(6)))
        self._only = label("", "accent")

    def _small(self, word: str, key: str, name: str) -> ActionButton:
        button = ActionButton(self.theme, word, key, height=44, size="body")
        button.clicked.connect(lambda: self.pressed.emit(name))
        button.refused.connect(self.refused)
        return button

    def _build_kpis(self) -> None:
        self._kpis = QHBoxLayout()
        self._kpis.setSpacing(self.theme.px(24))
        self._kpi_row = boxed(row(self._kpis, None))

    def _build_foot(self) -> None:
        self._shape = StateShape(self.theme)
        self._check = label("", "muted", wrap=True)
        checked = row(self._shape, self._check, gap=self.theme.px(8))
        checked.setStretch(1, 1)
        self.foot.insertLayout(1, checked, 10)
        self._buttons = {
            "only": self.button(tr("只看它"), "S"),
            "prices": self.button(tr("价目表"), "A"),
            "pdf": self.button("PDF", "P"),
            "excel": self.button("Excel", "E"),
        }
        for name, button in self._buttons.items():
            button.setFixedWidth(self.theme.px(96))
            button.clicked.connect(lambda _=False, n=name: self.pressed.emit(n))
            self.foot.addWidget(button)
        self._primary = self.button("", "Enter", look="primary")
        self._primary.setFixedWidth(self.theme.px(170))
        self._primary.clicked.connect(self._go_on)
        self.foot.addWidget(self._primary)
        # Esc goes up from the papers before it leaves.
        self._back.clicked.disconnect(self.left)
        self._back.clicked.connect(self.went_back)

    # --- Showing ---------------------------------------------------------------------------

    def show_view(self, view: ReportsView) -> None:
        """Show which reports there are, and the one that is looked at."""
        before, self._view = self._view, view
        self.under.setText(f"{view.title} · {view.range_words}" if view.title else "")
        self._reports.show_view(view.reports)
        self._reports.rows.set_bright(view.walking)
        self._rows.rows.set_bright(not view.walking)
        self._show_periods(view.periods, view.period)
        self._compare.set_word(view.compare_word)
        self._compare.setVisible(view.compare_enabled)
        self._only.setText(view.only_word)
        self._only.setVisible(bool(view.only_word))
        if before.kpis != view.kpis:
            self._show_kpis(view.kpis)
        self._chart.show_chart(view.chart, view.chart_words)
        self.show_check(view.check_ok, view.check_words)
        self._buttons["only"].set_usable(view.only_enabled, tr("这行不能"))
        self._buttons["prices"].setVisible(view.prices_enabled)
        for name in ("pdf", "excel"):
            self._buttons[name].set_usable(view.export_enabled, tr("先返回"))
        asking = view.question is not None
        self._primary.set_word(view.primary_word)
        self._primary.set_usable(view.primary_enabled and not asking, view.primary_reason)
        asked = self.question.asking
        self.question.show_view(view.question)
        if asked and not asking:
            self.setFocus()
        self._fit()
        self.show_message(view.message)

    def show_check(self, ok: bool, words: str) -> None:
        """How the sums came out, as far as they were held."""
        self._view = msgspec.structs.replace(self._view, check_ok=ok, check_words=words)
        self._shape.show_state("ok" if ok else "stop")
        self._shape.setVisible(bool(words))
        relook(self._check, "look", "muted" if ok else "danger")
        self._check.setText(words)

    def _show_periods(self, periods: tuple[ChoiceView, ...], chosen: str) -> None:
        if periods != self._shown_periods:
            self._shown_periods = periods
            empty(self._periods)
            self._period_buttons = {}
            for each in periods:
                button = self._small(each.word, each.key, each.name)
                self._periods.addWidget(button)
                self._period_buttons[each.name] = button
        for name, button in self._period_buttons.items():
            button.set_chosen(name == chosen)

    def _show_kpis(self, kpis: tuple[Kpi, ...]) -> None:
        empty(self._kpis)
        for each in kpis:
            word = row(label(each.word, "small"), label(each.change, "small"), gap=self.theme.px(6))
            self._kpis.addLayout(column(word, label(each.figure, "strong")))

    def _fit(self) -> None:
        """A low screen shows the report's rows before anything else."""
        low = self.height() < self.theme.px(LOW)
        asking = self._view.question is not None
        drawn = self._view.chart is not None
        heat = self._view.chart is not None and self._view.chart.kind == "heat"
        # Seven weekdays need the room of seven lines.
        self._right.setStretch(4, 6 if heat else 3)
        self._chart_box.setVisible(drawn and not asking if not low else drawn and self._drawn)
        self._list_box.setVisible(not asking and not (low and drawn and self._drawn))
        self._look.setVisible(low and drawn)
        self._look.set_word(tr("看表") if self._drawn else tr("看图"))
        self._kpi_row.setVisible(bool(self._view.kpis) and not asking)
        self._bar.setVisible(not (low and asking))
        self._left.setFixedWidth(self.theme.px(150 if self.width() < self.theme.px(1200) else 190))
        self._fit_columns()

    def _fit_columns(self) -> None:
        """As many columns as there is room for; what is left out stands on paper."""
        rows, px = self._view.rows, self.theme.px
        left = set(range(len(rows.columns)))
        room = self.width() - self._left.width() - px(60 + 32)

        def needed() -> int:
            return sum(px(rows.columns[n].width or LEAST) + px(16) for n in left)

        for spare in self._view.spare:
            if needed() <= room:
                break
            left.discard(spare)
        kept = sorted(left)
        self._rows.show_view(
            msgspec.structs.replace(
                rows,
                columns=tuple(rows.columns[n] for n in kept),
                rows=tuple(
                    msgspec.structs.replace(each, cells=tuple(each.cells[n] for n in kept))
                    for each in rows.rows
                ),
            )
        )

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._fit()

    def showEvent(self, _event: QShowEvent) -> None:
        self.setFocus()

    # --- Keys ------------------------------------------------------------------------------

    def act(self, action: str) -> bool:
        """Enter goes down, Esc up and out, arrows walk in the list that has them."""
        if self.question.act(action):
            return True
        if action == "back":
            if not self.message.answer():
                self.went_back.emit()
            return True
        if action == "enter":
            self._go_on()
            return True
        chosen = self._reports if self._view.walking else self._rows
        return chosen.act(action)

    def _go_on(self) -> None:
        if self._view.walking:
            self.side_changed.emit(False)
        elif (key := self._rows.rows.marked_key()) and self._view.primary_enabled:
            self.row_chosen.emit(key)
        elif self._view.primary_reason:
            self.refused.emit(self._view.primary_reason)

    def _turn(self) -> None:
        """Chart or rows, where there is no room for both."""
        self._drawn = not self._drawn
        self._fit()

    def marked_row(self) -> str:
        """Key of the marked row."""
        return self._rows.rows.marked_key()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← to the reports, → to the rows; a letter does what carries it."""
        if self._view.question is not None:
            event.ignore()
            return
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.side_changed.emit(event.key() == Qt.Key.Key_Left)
            return
        typed = event.text().upper()
        if typed == "G" and self._look.isVisible():
            self._turn()
            return
        names = {each.key: each.name for each in self._view.periods}
        names |= {"C": "compare", "S": "only", "A": "prices", "P": "pdf", "E": "excel", "X": "all"}
        if typed and typed in names:
            self.press(names[typed])
            return
        event.ignore()

    def press(self, name: str) -> None:
        """Press a button by its name, as a finger would."""
        button = self._buttons.get(name)
        if name == "compare" and not self._view.compare_enabled:
            self.refused.emit(tr("这张不比"))
        elif name == "prices" and not self._view.prices_enabled:
            return
        elif button is not None and not button.isEnabled():
            self.refused.emit(button.accessibleDescription())
        else:
            self.pressed.emit(name)

"""What the room of reports is shown."""

from app.reports.sheet import Chart
from app.reports.wording import Kpi
from ui.room_views import ListView
from ui.views import ChoiceView, MessageView, QuestionView, View


class ReportsView(View, frozen=True, kw_only=True):
    """报表: which ones there are, and the one that is looked at or the papers behind a row."""

    reports: ListView = ListView()
    walking: bool = True
    """The list of reports has the arrows, not the rows."""
    title: str = ""
    range_words: str = ""
    periods: tuple[ChoiceView, ...] = ()
    period: str = ""
    compare_word: str = ""
    compare_enabled: bool = True
    only_word: str = ""
    """What the report is narrowed down to: "C13 线下实体店 · 马冈"."""
    kpis: tuple[Kpi, ...] = ()
    chart: Chart | None = None
    chart_words: str = ""
    rows: ListView = ListView()
    spare: tuple[int, ...] = ()
    """Columns of the rows that go first where there is no room for all."""
    check_ok: bool = True
    check_words: str = ""
    down: bool = False
    """Papers are looked at: Esc goes back to the report."""
    only_enabled: bool = False
    export_enabled: bool = False
    prices_enabled: bool = False
    primary_word: str = ""
    primary_enabled: bool = False
    primary_reason: str = ""
    question: QuestionView | None = None
    message: MessageView | None = None

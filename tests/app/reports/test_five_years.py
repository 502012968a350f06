"""The years that reports are measured on are a shop's own: their sums hold, and are measured."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.benchmarks.five_years import make
from tests.benchmarks.reporting import reports


def test_a_few_days_of_the_five_years_are_reported_on(qapp: QApplication, tmp_path: Path) -> None:
    assert make(tmp_path / "years", days=9, sales=20) == 180
    found = reports(tmp_path / "years", times=2)
    assert [each.name for each in found] == [
        "report_day", "report_month", "report_year", "report_average_cost", "report_chart",
    ]  # fmt: skip
    assert found[-1].more["days_summed_up_now"] == 8

"""The published table of what works without a network, made from the tests that hold it.

    python -m tests.offline_table

runs every test marked `without_network` with a dead line and writes docs/offline.md when all of
them pass. A row is a mark; a row without a green test cannot be written.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

TESTS = Path(__file__).resolve().parent
PAGE = TESTS.parent / "docs" / "offline.md"
MARK = "without_network"
AS_ALWAYS = "照常"
AREAS = ("卖货", "收钱", "退换", "会员", "价格", "货", "标签", "班次", "人", "账", "发票", "总部")
"""In the order of a shop's day; a mark of any other is an error."""
HEAD = """# 没有网络的时候

这张表由测试生成（`python -m tests.offline_table`）：
每一行都有测试在断网下跑过，没有通过的写不进来。
断网多久都一样；卖出的、收下的、点过的都记在本机，连上以后自己传，一笔不少，一笔不重。

(Made by the tests, which ran with no network at all. 照常 means: as always.)
"""


class Row(msgspec.Struct, frozen=True):
    """What a shop does, how it goes without a network, and the test that says so."""

    area: str
    what: str
    how: str
    test: str


def rows() -> list[Row]:
    """Every mark in the tests: by area, what goes on as always first."""
    found = [row for path in sorted(TESTS.rglob("test_*.py")) for row in _rows_in(path)]
    return sorted(found, key=lambda row: (AREAS.index(row.area), row.how != AS_ALWAYS))


def _rows_in(path: Path) -> Iterator[Row]:
    text = path.read_text(encoding="utf-8")
    if MARK not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith(f".{MARK}"):
                words = [ast.literal_eval(each) for each in mark.args]
                if words:
                    area, what, how = [*words, AS_ALWAYS][:3]
                    yield Row(area, what, how, f"{path.relative_to(TESTS.parent)}::{node.name}")


def page() -> str:
    """The whole page: for people first, for whoever wants to look behind it at the end."""
    lines, tests = [HEAD], ["## 谁守着哪一行\n"]
    shown = ""
    for number, row in enumerate(rows(), 1):
        if row.area != shown:
            shown = row.area
            lines += [f"## {shown}\n", "| | 要做 | 断网时 |", "|---|---|---|"]
        lines.append(f"| {number} | {row.what} | {row.how} |")
        tests.append(f"{number}. `{row.test}`")
    return "\n".join([*_apart(lines), "", *tests, ""])


def _apart(lines: list[str]) -> Iterator[str]:
    """Headings stand apart from the table above them."""
    for place, line in enumerate(lines):
        if line.startswith("## ") and place > 1:
            yield ""
        yield line


def main() -> int:
    """Run the marked tests and write the page; pytest's exit code."""
    code = pytest.main(["-q", "-m", MARK, *sorted({row.test for row in rows()})])
    if code == 0:
        PAGE.write_text(page(), encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())

"""The house style as rules with a reason each, over every file of the project.

A rule is a function from the text of one file to findings. Every rule is also fed something it
must refuse and something it must let pass (at the end), because a rule nobody has seen red
guards nothing.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "printers", "sync", "ui")
TOP_LEVEL = {
    *("app", "ui", "printers", "sync", "resources", "tests", "docs", "pyproject.toml"),
    *("build.spec", "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "requirements.lock"),
    *("LICENSE", "pos", ".gitignore", ".ci"),
}

FUNCTION_LINES, MODULE_LINES, LINE_COLUMNS = 60, 400, 100
GRAB_BAGS = {"utils", "util", "misc", "helpers", "helper", "manager", "managers"}
CLOCKS_AND_DICE = {
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
    *("datetime.date.today", "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns"),
    *("time.perf_counter", "time.perf_counter_ns", "time.localtime", "time.gmtime"),
}
DICE_MODULES = {"random", "uuid"}
FOLDER_WORDS = {"folder", "path", "root", "parent"}
# A skipped test needs a reason that a reader of this file would accept: path -> reason.
SKIPS_WITH_A_REASON: dict[str, str] = {}


class Finding(NamedTuple):
    """One line that breaks a rule, and why that matters."""

    line: int
    reason: str


Rule = Callable[[str, str], Iterator[Finding]]


def tree_of(source: str, *words: str) -> ast.Module:
    """The module's tree, or an empty one: what none of these words stands in breaks no rule."""
    return ast.parse(source if any(word in source for word in words) else "")


def dotted_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every name used in a module as its full dotted path, imports resolved."""
    meaning: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                meaning[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            first, *rest = ast.unparse(node).split(".")
            if first in meaning:
                yield node.lineno, ".".join([meaning[first], *rest])


def imported_modules(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the top package of every import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]


def functions_stay_short(_path: str, source: str) -> Iterator[Finding]:
    if source.count("\n") < FUNCTION_LINES:
        return
    for node in ast.walk(tree_of(source, "def")):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield Finding(node.lineno, f"{node.name} has {lines} lines, not {FUNCTION_LINES}")


def modules_stay_short(_path: str, source: str) -> Iterator[Finding]:
    lines = len(source.splitlines())
    if lines > MODULE_LINES:
        yield Finding(lines, f"{lines} lines: a module above {MODULE_LINES} does two things")


def lines_stay_short(_path: str, source: str) -> Iterator[Finding]:
    for number, line in enumerate(source.splitlines(), 1):
        if len(line) > LINE_COLUMNS:
            yield Finding(number, f"{len(line)} columns: {LINE_COLUMNS} fit side by side")


def modules_are_named_for_one_thing(path: str, _source: str) -> Iterator[Finding]:
    for part in path.removesuffix(".py").split("/"):
        if grab_bag := GRAB_BAGS.intersection(part.lower().split("_")):
            yield Finding(1, f"{grab_bag} says nothing, so it would collect everything")


def modules_say_what_they_are(_path: str, source: str) -> Iterator[Finding]:
    if not ast.get_docstring(ast.parse(source)):
        yield Finding(1, "no docstring: the first line of a module says what it is for")


def nothing_reads_clock_or_dice(path: str, source: str) -> Iterator[Finding]:
    if path in ("app/clock.py", "app/ids.py"):
        return
    reason = "is read only in app/clock.py and app/ids.py, or a whole chain cannot be simulated"
    tree = tree_of(source, "time", *DICE_MODULES)
    for line, name in dotted_names(tree):
        if name in CLOCKS_AND_DICE:
            yield Finding(line, f"{name} {reason}")
    for line, name in imported_modules(tree):
        if name in DICE_MODULES:
            yield Finding(line, f"{name} {reason}")


def joins_folders(node: ast.BinOp) -> bool:
    """Whether a ``/`` joins paths: it begins at something called a folder, or meets a text."""
    if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Div):
        return joins_folders(node.left)
    texts = (node.left, node.right)
    if any(isinstance(n, ast.JoinedStr) or isinstance(getattr(n, "value", 0), str) for n in texts):
        return True
    return ast.unparse(node.left).split(".")[-1].split("_")[-1] in FOLDER_WORDS


def no_floats(_path: str, source: str) -> Iterator[Finding]:
    reason = "0.1 + 0.2 is not 0.3: money is whole fen, quantity whole thousandths"
    tree = ast.parse(source)
    refusals = {
        id(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"
        for name in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield Finding(node.lineno, f"float {node.value}: {reason}")
        elif isinstance(node, ast.Name) and node.id == "float" and id(node) not in refusals:
            yield Finding(node.lineno, f"float: {reason}")
        elif isinstance(node, ast.Attribute) and node.attr in ("total_seconds", "timestamp"):
            yield Finding(node.lineno, f"{node.attr} answers with a float: {reason}")
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
            yield Finding(node.lineno, f"/=: {reason}; write //=")
        elif (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not joins_folders(node)
        ):
            yield Finding(node.lineno, f"/: {reason}; write //, or call a folder a folder")


def nothing_is_swallowed(_path: str, source: str) -> Iterator[Finding]:
    broad = {"Exception", "BaseException"}
    reason = "hides our own bugs: name what may go wrong here"
    for node in ast.walk(tree_of(source, "except", "suppress")):
        if isinstance(node, ast.ExceptHandler):
            caught = {ast.unparse(n) for n in ast.walk(node.type)} if node.type else broad
            silent = all(isinstance(n, ast.Pass | ast.Continue | ast.Expr) for n in node.body)
            calls = any(isinstance(n, ast.Call) for part in node.body for n in ast.walk(part))
            if broad & caught and silent and not calls:
                yield Finding(node.lineno, f"a silent except {reason}")
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            for _caught in broad & {ast.unparse(argument) for argument in node.args}:
                yield Finding(node.lineno, f"suppress {reason}")


def nothing_prints(_path: str, source: str) -> Iterator[Finding]:
    for node in ast.walk(tree_of(source, "print")):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            yield Finding(node.lineno, "print: standard output belongs to the commands in ui")


def one_sqlite_library(_path: str, source: str) -> Iterator[Finding]:
    for line, name in imported_modules(tree_of(source, "sqlite" + "3")):
        if name == "sqlite" + "3":
            yield Finding(line, "a second SQLite library in the process drops the first one's lock")


def nothing_is_put_off(_path: str, source: str) -> Iterator[Finding]:
    for number, line in enumerate(source.splitlines(), 1):
        if re.search(r"\b(TO[D]O|FIX[M]E)\b", line):
            yield Finding(number, "unfinished work belongs in an issue, where somebody sees it")


def no_test_is_skipped(path: str, source: str) -> Iterator[Finding]:
    if path in SKIPS_WITH_A_REASON:
        return
    for node in ast.walk(tree_of(source, "skip", "xfail", "assert")):
        if isinstance(node, ast.Attribute) and re.fullmatch(
            r"skip(if|Test|Unless|If)?|xfail|importorskip", node.attr
        ):
            yield Finding(node.lineno, f"{node.attr}: what is not run is not tested")
        elif isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant):
            yield Finding(node.lineno, "an assertion that is always the same tests nothing")


def nothing_names_this_machine(_path: str, source: str) -> Iterator[Finding]:
    # The brackets keep the patterns from finding themselves.
    folders = r"(?<![\w.*)}\]-])/([w]ork|[t]mp|[r]oot|[h]ome|[m]nt)/\w"
    hosts = r"pypi[.]org|python[h]osted|npmjs[.](org|com)|debian[.]org"
    pattern = re.compile(f"{folders}|{hosts}")
    for number, line in enumerate(source.splitlines(), 1):
        if found := pattern.search(line):
            yield Finding(number, f"{found[0]!r} is true on one machine only")


CODE: dict[str, tuple[Rule, tuple[str, ...]]] = {
    "functions stay short": (functions_stay_short, (*PACKAGES, "tests", "resources")),
    "modules stay short": (modules_stay_short, (*PACKAGES, "tests", "resources")),
    "lines stay short": (lines_stay_short, (*PACKAGES, "tests", "resources")),
    "modules are named for one thing": (modules_are_named_for_one_thing, (*PACKAGES, "tests")),
    "modules say what they are": (modules_say_what_they_are, (*PACKAGES, "tests", "resources")),
    "nothing reads clock or dice": (nothing_reads_clock_or_dice, ("app", "printers", "sync")),
    "no floats": (no_floats, ("app",)),
    "nothing is swallowed": (nothing_is_swallowed, (*PACKAGES, "tests", "resources")),
    "nothing prints": (nothing_prints, ("app", "printers", "sync")),
    "one SQLite library": (one_sqlite_library, (*PACKAGES, "tests")),
    "no test is skipped": (no_test_is_skipped, ("tests",)),
}
TEXT: dict[str, Rule] = {
    "nothing is put off": nothing_is_put_off,
    "nothing names this machine": nothing_names_this_machine,
}


def project_files() -> list[str]:
    """Return every file that is, or would be, in the repository, as git sees it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def text_of(name: str) -> str | None:
    """Return a file's text, or nothing for pictures, sounds and fonts."""
    content = (ROOT / name).read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


def broken(rule: Rule, names: list[str]) -> list[str]:
    """Return the findings of one rule over many files, as ``file:line: reason``."""
    return [
        f"{name}:{finding.line}: {finding.reason}"
        for name in names
        if (text := text_of(name)) is not None
        for finding in rule(name, text)
    ]


@pytest.mark.parametrize("name", CODE)
def test_the_code_keeps_the_rule(name: str) -> None:
    rule, rooms = CODE[name]
    files = [f for f in project_files() if f.endswith(".py") and f.split("/")[0] in rooms]
    assert files
    findings = broken(rule, files)
    assert not findings, "\n".join([name, *findings])


@pytest.mark.parametrize("name", TEXT)
def test_every_text_keeps_the_rule(name: str) -> None:
    findings = broken(TEXT[name], project_files())
    assert not findings, "\n".join([name, *findings])


def test_the_root_holds_what_it_should_and_nothing_else() -> None:
    assert {name.split("/")[0] for name in project_files()} == TOP_LEVEL


CHECKS = {
    "lint": ("ruff", "check", "--no-cache", "--output-format=concise"),
    "format": ("ruff", "format", "--check", "--no-cache", "--quiet", "--diff"),
    "types": ("mypy", "--no-error-summary"),
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_tools_find_nothing(check: str) -> None:
    command = [sys.executable, "-m", *CHECKS[check]]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]


# --- the rules themselves: what each must refuse, and what it must let pass -------------------

REFUSED: tuple[tuple[Rule, str], ...] = (
    (functions_stay_short, "def long():\n" + "    x = 1\n" * 60),
    (functions_stay_short, "class A:\n    async def long(self):\n" + "        x = 1\n" * 60),
    (modules_stay_short, "x = 1\n" * 401),
    (lines_stay_short, "x = " + "1" * 97),
    (modules_say_what_they_are, "import ast\n"),
    (modules_say_what_they_are, ""),
    (nothing_reads_clock_or_dice, "import time\nnow = time.time()"),
    (nothing_reads_clock_or_dice, "import time as t\ndef wait(clock=t.monotonic): ..."),
    (nothing_reads_clock_or_dice, "from time import monotonic as now\nx = now()"),
    (nothing_reads_clock_or_dice, "from datetime import datetime\nx = datetime.now(UTC)"),
    (nothing_reads_clock_or_dice, "import datetime as d\nx = d.date.today()"),
    (nothing_reads_clock_or_dice, "from uuid import uuid4"),
    (nothing_reads_clock_or_dice, "import random"),
    (no_floats, "price = 0.1"),
    (no_floats, "price = float(text)"),
    (no_floats, "def price() -> float: ..."),
    (no_floats, "share = total / count"),
    (no_floats, "share = sale.total / len(sale.lines) / 2"),
    (no_floats, "total /= 2"),
    (no_floats, "seconds = span.total_seconds()"),
    (nothing_is_swallowed, "try:\n    x()\nexcept Exception:\n    pass"),
    (nothing_is_swallowed, "try:\n    x()\nexcept:\n    ..."),
    (nothing_is_swallowed, "for a in b:\n    try: x()\n    except (OSError, Exception): continue"),
    (nothing_is_swallowed, "with contextlib.suppress(Exception):\n    x()"),
    (nothing_prints, "def f():\n    print(1)"),
    (one_sqlite_library, "def f():\n    import sqlite" + "3"),
    (one_sqlite_library, "from sqlite" + "3 import connect"),
    (nothing_is_put_off, "x = 1  # TO" + "DO: later"),
    (nothing_is_put_off, "FIX" + "ME"),
    (no_test_is_skipped, "@pytest.mark.skipif(a, reason='')\ndef test_x(): ..."),
    (no_test_is_skipped, "def test_x():\n    pytest.skip('no printer')"),
    (no_test_is_skipped, "@pytest.mark.xfail\ndef test_x(): ..."),
    (no_test_is_skipped, "np = pytest.importorskip('numpy')"),
    (no_test_is_skipped, "def test_x():\n    assert True"),
    (nothing_names_this_machine, "data = '/ho" + "me/li/till'"),
    (nothing_names_this_machine, "see /tm" + "p/receipt.png"),
    (nothing_names_this_machine, "--index-url https://pypi" + ".org/simple"),
)
ALLOWED: tuple[tuple[Rule, str], ...] = (
    (functions_stay_short, "def just_short_enough():\n" + "    x = 1\n" * 59),
    (modules_stay_short, "x = 1\n" * 400),
    (lines_stay_short, "x = " + "1" * 96),
    (modules_say_what_they_are, '"""The drawer."""\n'),
    (nothing_reads_clock_or_dice, "def open_shift(clock):\n    return clock.time.now()"),
    (nothing_reads_clock_or_dice, "import time\ntime.sleep(1)"),
    (no_floats, "x = 7 // 2"),
    (no_floats, 'path = folder / "till.db"'),
    (no_floats, 'path = self._folder / name / f"{till}.db"'),
    (no_floats, "path = data_folder / FILE_NAME"),
    (no_floats, "if isinstance(value, (bool, float)): raise Refusal('not_whole')"),
    (nothing_is_swallowed, "try:\n    x()\nexcept FileNotFoundError:\n    pass"),
    (nothing_is_swallowed, "try:\n    x()\nexcept Exception:\n    log.exception('x')"),
    (nothing_is_swallowed, "try:\n    x()\nexcept Exception as e:\n    raise Trouble() from e"),
    (nothing_prints, "printer.print_receipt()"),
    (one_sqlite_library, "import pysqlite3"),
    (nothing_is_put_off, "todos = open_tasks()"),
    (no_test_is_skipped, "def test_x():\n    assert skipped == []"),
    (nothing_names_this_machine, "see docs/work/plan.md, https://example.org/home/page"),
)


@pytest.mark.parametrize(("rule", "source"), REFUSED)
def test_a_planted_fault_is_found(rule: Rule, source: str) -> None:
    assert list(rule("app/planted.py", source))


@pytest.mark.parametrize(("rule", "source"), ALLOWED)
def test_good_code_is_left_alone(rule: Rule, source: str) -> None:
    assert not list(rule("app/planted.py", source))


@pytest.mark.parametrize("path", ["app/utils.py", "ui/helpers/money.py", "sync/hub_manager.py"])
def test_a_grab_bag_is_found_by_its_name(path: str) -> None:
    assert list(modules_are_named_for_one_thing(path, ""))


@pytest.mark.parametrize("path", ["app/money.py", "ui/screens/managerial_report.py"])
def test_a_plain_name_is_left_alone(path: str) -> None:
    assert not list(modules_are_named_for_one_thing(path, ""))


def test_the_two_modules_that_hold_the_clock_may_read_it() -> None:
    assert not list(nothing_reads_clock_or_dice("app/clock.py", "import time\nx = time.time()"))


def test_every_rule_has_been_seen_red() -> None:
    rules = {rule for rule, _ in CODE.values()} | set(TEXT.values())
    assert rules - {rule for rule, _ in REFUSED} == {modules_are_named_for_one_thing}


def test_every_allowed_skip_names_a_test_and_a_reason() -> None:
    for path, reason in SKIPS_WITH_A_REASON.items():
        assert (ROOT / path).is_file()
        assert len(reason.split()) > 3

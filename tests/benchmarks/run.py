"""`./pos bench`: runs the benchmarks by name and prints each figure beside its limit.

Bars are printed and not asserted: a busy machine says nothing about the till. A quiet one may be
held to them: `python -m tests.benchmarks.run --check` ends with 1 when a bar is not met.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

import msgspec

from app.errors import Refusal
from tests.benchmarks.measuring import Figure, line_of

BENCHMARKS: dict[str, tuple[str, str]] = {
    "complete": ("completing", "complete"),
    "commit_p99": ("completing", "commit_p99"),
    "scan_to_line": ("scanning", "scan_to_line"),
    "search": ("searching", "search"),
    "receipt_text": ("receipts", "receipt_text"),
    "receipt_raster": ("receipts", "receipt_raster"),
    "start": ("starting", "start"),
    "memory": ("starting", "memory"),
    "on_hand": ("counting", "on_hand"),
    "count": ("counting", "count"),
    "restart": ("restarting", "restart"),
    "ingest": ("hubs", "ingest"),
    "projection": ("hubs", "projection"),
    "drain": ("draining", "drain"),
    "catch_up": ("catching_up", "catch_up"),
    "storm": ("storm", "storm"),
    "put_back": ("putting_back", "put_back"),
    "verify": ("verifying", "verify"),
    "reports": ("reporting", "reports"),
}
"""Name -> (module beside this one, function). Loaded only when asked for."""


def run(names: Sequence[str] = (), *, as_json: bool = False, check: bool = False) -> int:
    """Run the named benchmarks, or all; the exit code. Raises Refusal("unknown_benchmark")."""
    for name in names:
        if name not in BENCHMARKS:
            raise Refusal("unknown_benchmark", name=name[:40], known="、".join(BENCHMARKS))
    met = True
    for name in names or BENCHMARKS:
        for figure in benchmark(name)():
            met = met and figure.met
            show(figure, as_json=as_json)
    return 0 if met or not check else 1


def benchmark(name: str) -> Callable[..., list[Figure]]:
    """The function behind a name."""
    module, function = BENCHMARKS[name]
    found: Callable[..., list[Figure]] = getattr(
        import_module(f"tests.benchmarks.{module}"), function
    )
    return found


def show(figure: Figure, *, as_json: bool) -> None:
    """One figure on standard output, at once."""
    if as_json:
        said = {
            key: round(value, 4) if isinstance(value, float) else value
            for key, value in msgspec.structs.asdict(figure).items()
        }
        print(json.dumps(said, ensure_ascii=False), flush=True)
    else:
        print(line_of(figure), flush=True)


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit code 1 when a bar is not met")
    parsed = parser.parse_args()
    return run(parsed.names, as_json=parsed.json, check=parsed.check)


if __name__ == "__main__":
    sys.exit(_main())

"""Times, percentiles, and the one line a benchmark prints beside its physical limit."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter_ns

import msgspec

NS_PER_MS = 1_000_000


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one benchmark found. Times in milliseconds."""

    name: str
    what: str
    p50: float | None = None
    p99: float | None = None
    limit: str
    """What the physical limit is, in words."""
    limit_p50: float | None = None
    limit_p99: float | None = None
    ratio: float | None = None
    """The figure over its limit, of the medians where there are any."""
    bar: str
    met: bool
    unit: str = "ms"
    more: dict[str, float | int | str] = {}


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all values do not exceed (nearest rank)."""
    ranked = sorted(values)
    rank = -(-len(ranked) * round(share * 1000) // 1000)
    return ranked[max(rank, 1) - 1]


def timed(work: Callable[[], object]) -> float:
    """How long one call took, in milliseconds."""
    start = perf_counter_ns()
    work()
    return (perf_counter_ns() - start) / NS_PER_MS


@contextmanager
def without_collecting() -> Iterator[None]:
    """No garbage collection between the two sides of a comparison, which neither of them made."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def line_of(figure: Figure) -> str:
    """A figure as a person reads it in a terminal."""
    parts = [f"{figure.name:<22}"]
    for words, p50, p99 in (
        ("", figure.p50, figure.p99),
        (figure.limit, figure.limit_p50, figure.limit_p99),
    ):
        shown = [
            f"{name} {_number(value)} {figure.unit}"
            for name, value in (("p50", p50), ("p99", p99))
            if value is not None
        ]
        parts.append(" ".join([f"{words}:" if words else "", *shown]).strip())
    if figure.ratio is not None:
        parts.append(f"{figure.ratio:.2f}×")
    parts.append(f"bar {figure.bar}: {'met' if figure.met else 'NOT MET'}")
    more = ", ".join(f"{key} {value}" for key, value in figure.more.items())
    return " | ".join(part for part in parts if part) + (f"\n{'':<22}   {more}" if more else "")


def _number(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"

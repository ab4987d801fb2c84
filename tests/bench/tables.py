"""Results as text: lines for the terminal, and ``docs/performance.md``."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.figures import Measured
from tests.bench.kept import machine

_INTRODUCTION = """# Performance

Measured by `python -m tests.bench` and written here by `python -m tests.bench report`; not edited by hand. The
program runs under a pseudo-terminal of 120×40 cells in truecolor, against a real kube-apiserver whose nodes kwok
plays, on the same machine; what is larger or faster than that bears (150,000 pods, 5,000 nodes, floods, Azure)
against the demo's server in a process of its own. A figure is the statistic named, over as many samples; `[least …
most]` shows how they spread. Lines that begin with *beside it* were run in the same way on the same machine, to
compare with.

Terms: *start* is exec with a static credential and a warm disk cache. *Complete*: every object has its row. *Details*:
every row is made from the whole object. *Stall*: one turn of the event loop. *Idle*: only node leases and heartbeats.
*Without the time that no core was free*: less what Linux counts as waiting in the run queue, because the API server,
and whatever else ran, shares the cores. Stalls and keys are measured with one core for the program and the others for
the API server, as on a machine that runs none, and once more with all cores shared.
"""


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def spread(one: Measured) -> str:
    """``median of 5 [0.25 … 0.31]``."""
    least, most = number(min(one.samples)), number(max(one.samples))
    return f"{one.figure.statistic.name} of {len(one.samples)} [{least} … {most}]"


def line(one: Measured) -> str:
    """For the terminal."""
    limit = one.figure.limit(one.size)
    work = one.figure.work.replace("`", "")
    cells = (
        f"{one.verdict:4} {work:58}",
        f"{one.size:,}".rjust(7) if one.size else " " * 7,
        f"{number(one.value):>7} {one.figure.unit:5}",
        (f"≤ {limit.bound:g}" if limit.bound is not None else "").ljust(7),
        (f"({limit.aim:g})" if limit.aim is not None else "").ljust(7),
        spread(one),
    )
    return " ".join(cells)


def page(measured: Sequence[Measured]) -> str:
    """``docs/performance.md``."""
    rows = [
        "| work | pods | measured | bound | aim | | samples | date | commit |",
        "|---|--:|--:|--:|--:|---|---|---|---|",
    ]
    for one in measured:
        limit, unit = one.figure.limit(one.size), one.figure.unit
        cells = (
            one.figure.work,
            f"{one.size:,}" if one.size else "",
            f"{number(one.value)} {unit}",
            f"{limit.bound:g} {unit}" if limit.bound is not None else "",
            f"{limit.aim:g} {unit}" if limit.aim is not None else "",
            {"over": "**over**", "aim": "aim met"}.get(one.verdict, one.verdict),
            spread(one),
            one.at,
            one.revision,
        )
        rows.append("| " + " | ".join(cells) + " |")
    return f"{_INTRODUCTION}\nMachine: {machine()}.\n\n" + "\n".join(rows) + "\n"

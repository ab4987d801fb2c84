"""Results between runs: one line of JSON each in the cache, the latest of a figure and size counts."""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path

from tests.bench.figures import BY_KEY, FIGURES, Measured


def _file() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kubetui" / "bench.jsonl"


def keep(measured: Measured) -> Measured:
    """Append, with the date."""
    dated = Measured(measured.key, measured.size, measured.samples, time.strftime("%Y-%m-%d %H:%MZ", time.gmtime()))
    _file().parent.mkdir(parents=True, exist_ok=True)
    with _file().open("a") as lines:
        print(json.dumps([dated.key, dated.size, dated.samples, dated.at]), file=lines)
    return dated


def latest() -> list[Measured]:
    """The newest of each figure and size, in the order of the figures."""
    found: dict[tuple[str, int], Measured] = {}
    if _file().exists():
        for line in _file().read_text().splitlines():
            key, size, samples, at = json.loads(line)
            if key in BY_KEY:
                found[key, size] = Measured(key, size, tuple(samples), at)
    order = [figure.key for figure in FIGURES]
    return sorted(found.values(), key=lambda one: (order.index(one.key), one.size))


def machine() -> str:
    """Processor, cores, system, Python."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    )

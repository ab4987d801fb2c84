"""Results between runs: one line of JSON each in the cache, the latest of a figure and size counts."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import BY_KEY, FIGURES, Measured
from tests.bench.harness.dashboard import ROOT


def _file() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kubetui" / "bench.jsonl"


def keep(measured: Measured) -> Measured:
    """Append, with the date."""
    at = time.strftime("%Y-%m-%d %H:%MZ", time.gmtime())
    dated = Measured(measured.key, measured.size, measured.samples, at, revision())
    _file().parent.mkdir(parents=True, exist_ok=True)
    with _file().open("a") as lines:
        print(json.dumps([dated.key, dated.size, dated.samples, dated.at, dated.revision]), file=lines)
    return dated


def latest() -> list[Measured]:
    """The newest of each figure and size, in the order of the figures."""
    found: dict[tuple[str, int], Measured] = {}
    if _file().exists():
        for line in _file().read_text().splitlines():
            key, size, samples, *rest = json.loads(line)
            if key in BY_KEY:
                found[key, size] = Measured(key, size, tuple(samples), *rest)
    order = [figure.key for figure in FIGURES]
    return sorted(found.values(), key=lambda one: (order.index(one.key), one.size))


@contextmanager
def alone() -> Iterator[None]:
    """One run at a time on this machine: two would measure each other."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    with _file().with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another run is measuring; waiting for it to end", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def revision() -> str:
    """The commit measured; ``+`` where the program's files differ from it; nothing outside a checkout."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    try:
        return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--", "kubetui") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


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

"""Logs: a flood into the pane, a million lines held, looking through them, and reading once beside ``kubectl logs``."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kubetui.cluster.logs.reading import Reading
from kubetui.cluster.logs.resuming import Delivered
from kubetui.store.logs.buffer import LogBuffer
from kubetui.store.logs.entry import NANO
from kubetui.store.logs.level import Level
from kubetui.store.logs.matcher import Matcher
from kubetui.store.logs.merge import Merge
from kubetui.store.logs.view import LogFilter, LogView
from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.cores import core_apart
from tests.bench.harness.dashboard import COMMAND, environ, program
from tests.bench.harness.demo import Demo
from tests.bench.harness.log_probe import END
from tests.bench.harness.process import resident_mib
from tests.bench.harness.pty_program import Lines
from tests.unit.cluster.logs.kubelet_model import stamp

SOURCES, RATE, SECONDS = 20, 5_000, 60
"""Pods of the flood, lines a second of each, and how long."""
HELD = 1_000_000
WIDTH = 120
_PATIENCE = 240.0
_START = 1_800_000_000 * NANO
_QUICK = {
    "substring, rare": LogFilter(text=Matcher("line 77777 ")),
    "substring, every line": LogFilter(text=Matcher("NOERROR")),
    "substring, one in ten": LogFilter(text=Matcher('7 "A')),
    "plain expression": LogFilter(text=Matcher("/SERVFAIL|line 99999 /")),
}
_ANY = {
    "levels": LogFilter(levels=frozenset({Level.ERROR})),
    "classes": LogFilter(text=Matcher("/line \\d+7 .*NOERR/")),
    "looking ahead": LogFilter(text=Matcher("/^(?=.*NOERROR).*line \\d*99 /")),
    "runs away": LogFilter(text=Matcher("/^(\\S|\\S\\S| )+$x/")),
}


# --- a flood into the pane


def flood(runs: int) -> Iterator[Measured]:
    """20 pods, 5,000 lines a second each, for a minute, into the Logs pane. Once: it takes its time."""
    found = flooded(RATE, SECONDS)
    yield Measured("logs-lost", 0, (found["lost"],))
    yield Measured("logs-twice", 0, (found["twice"],))
    yield Measured("logs-taken", 0, (found["taken"],))
    yield Measured("logs-behind", 0, (found["behind"],))
    yield Measured("logs-flood-stall", 0, (found["longest"] * 1e3,))


def flooded(rate: int, seconds: float) -> dict[str, float]:
    """What came of it; ``behind``: seconds after its end until the last line was in. Raises RuntimeError."""
    world = (f"--nodes={SOURCES}", "--pods=0", "--changes=0")
    with Demo(*world) as demo, core_apart(demo.keeper) as cores, tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "probe.json"
        listed = demo.get("/api/v1/namespaces/kube-system/pods?labelSelector=component%3Dkube-proxy")["items"]
        meant = [pod["metadata"]["name"] for pod in listed][:SOURCES]
        demo.do("mute-log", pod="kube-proxy-*")
        target = ["-n", "kube-system", "-c", "^kube-proxy$", f"^({'|'.join(meant)})$", "--tail", "0"]
        command = [sys.executable, "-m", "tests.bench.harness.log_probe", str(out), "--", "logs", *target]
        with program(command, demo.kubeconfig, cores) as running:
            running.wait_for(_all_live(len(meant)), _PATIENCE, f"{len(meant)} live streams")
            for pod in meant:
                demo.do("flood-log", pod=pod, rate=rate)
            time.sleep(seconds)
            for pod in meant:
                demo.do("flood-log", pod=pod, rate=0)
                demo.do("write-log", pod=pod, lines=[END.decode()])
            ended = time.monotonic()
            found = _until_all_ended(out, len(meant))
    return {**found, "taken": found["lines"] / (found["last"] - found["first"]), "behind": found["last"] - ended}


def _all_live(count: int) -> Callable[[Lines], bool]:
    return lambda lines: any(f"{count} live" in line for line in lines)


def _until_all_ended(out: Path, sources: int) -> dict[str, float]:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if out.exists():
            found: dict[str, float] = json.loads(out.read_text())
            if found["ends"] >= sources:
                return found
        time.sleep(0.2)
    raise RuntimeError("the flood never ended in the pane")


# --- a million lines held, and looked through


def held(runs: int) -> Iterator[Measured]:
    """A million lines through reading, merge and buffer, in a process of their own; then filters over them."""
    receiving, sending = multiprocessing.get_context("spawn").Pipe(duplex=False)
    child = multiprocessing.get_context("spawn").Process(target=_hold, args=(sending,))
    child.start()
    found: dict[str, list[float]] = receiving.recv()
    child.join()
    for key, samples in found.items():
        yield Measured(key, 0, tuple(samples))


def _hold(sending: multiprocessing.connection.Connection) -> None:
    sending.send(measured(HELD))


def measured(lines: int) -> dict[str, list[float]]:
    """All figures over so many lines, in this process; prints each filter's own."""
    buffer, seconds = _filled(lines)
    gc.collect()
    found = {"logs-in": [lines / seconds], "logs-held": [resident_mib(os.getpid())]}
    longest: list[float] = []
    for key, filters in (("logs-filter", _QUICK), ("logs-filter-any", _ANY)):
        found[key] = []
        for name, wanted in filters.items():
            took, slowest, count = _looked(LogView(buffer, wanted))
            print(f"  {name}: {took:.2f} s, {count:,} found, longest step {slowest * 1e3:.1f} ms", flush=True)
            found[key].append(took)
            longest.append(slowest * 1e3)
    return {**found, "logs-filter-stall": longest}


def _looked(view: LogView) -> tuple[float, float, int]:
    """Seconds in all, seconds of the longest step, lines found."""
    began, longest, more = time.perf_counter(), 0.0, True
    while more:
        turn = time.perf_counter()
        more = view.step()
        longest = max(longest, time.perf_counter() - turn)
    return time.perf_counter() - began, longest, view.matched


def _filled(lines: int) -> tuple[LogBuffer, float]:
    """All lines as streams bring them, and the seconds of CPU that took."""
    merge, buffer, now, spent = Merge(), LogBuffer(most_lines=lines, most_bytes=2**40), 0.0, 0.0

    def putter(source: int) -> Reading:
        def emit(times: Sequence[int], texts: Sequence[bytes]) -> None:
            merge.put(source, times, texts, now, _START / NANO + now)

        return Reading(Delivered(), emit, lambda time, text: None, lambda: 0, resume=False, longest=262_144)

    readings = [putter(source) for source in range(1, SOURCES + 1)]
    for first in range(0, lines // SOURCES, 500):
        chunks = [_chunk(source, first, min(500, lines // SOURCES - first)) for source in range(1, SOURCES + 1)]
        began = time.process_time()
        for reading, chunk in zip(readings, chunks, strict=True):
            reading.feed(chunk)
        now += 0.5
        if (entries := merge.take(now, all_of_it=first + 500 >= lines // SOURCES)) is not None:
            buffer.extend(entries)
        spent += time.process_time() - began
    assert len(buffer) == lines // SOURCES * SOURCES
    return buffer, spent


def _chunk(source: int, first: int, count: int) -> bytes:
    """What one pod's stream brings: lines of 120 bytes, a hundred a second of log time."""
    body = bytearray()
    for number in range(first, first + count):
        text = f'[INFO] 10.244.3.{source}:5556 - line {number} "A IN ledger.team-04.svc.cluster.local. udp 54" NOERROR'
        at = _START + number * NANO // 100 + source * 1_000_000
        body += stamp(at) + b" " + text.ljust(WIDTH).encode() + b"\n"
    return bytes(body)


# --- read once, beside kubectl


ONCE_PODS, ONCE_LINES = 4, 200_000


def once(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """200,000 lines of four pods, in turns with ``kubectl logs``. Needs a real node (``up --real``)."""
    ours, theirs = read_once(cluster, ONCE_LINES, runs)
    yield Measured("logs-once", 0, tuple(ours))
    yield Measured("beside-kubectl-logs", 0, tuple(theirs))
    yield Measured("logs-once-ratio", 0, tuple(one / other for one, other in zip(ours, theirs, strict=True)))


def read_once(cluster: Cluster, lines: int, runs: int) -> tuple[list[float], list[float]]:
    """Seconds by kubetui and by kubectl. Raises RuntimeError where an answer is not whole."""
    namespace = f"bench-{os.getpid()}"
    kubectl = [str(cluster.kubectl), f"--kubeconfig={cluster.kubeconfig}", "-n", namespace]
    subprocess.run([*kubectl, "create", "namespace", namespace], check=True, capture_output=True, timeout=60)
    try:
        pods = {
            "apiVersion": "v1",
            "kind": "List",
            "items": [_counter(n, lines // ONCE_PODS) for n in range(ONCE_PODS)],
        }
        subprocess.run(
            [*kubectl, "create", "-f", "-"], input=json.dumps(pods).encode(), check=True, capture_output=True
        )
        theirs_command = [*kubectl, "logs", "-l", "app=flood", "--tail=-1", f"--max-log-requests={ONCE_PODS}"]
        ours_command = [
            *COMMAND,
            "logs",
            "-l",
            "app=flood",
            "-n",
            namespace,
            "--no-follow",
            "--no-prefix",
            "-o",
            "text",
        ]
        _await_lines(theirs_command, lines)
        ours, theirs = [], []
        for _ in range(runs):
            theirs.append(_seconds(theirs_command, cluster.kubeconfig, lines))
            ours.append(_seconds(ours_command, cluster.kubeconfig, lines))
        return ours, theirs
    finally:
        command = [*kubectl, "delete", "namespace", namespace, "--wait=false"]
        subprocess.run(command, check=False, capture_output=True, timeout=60)


def _counter(number: int, lines: int) -> object:
    arguments = ["count", "-every", "0s", "-times", str(lines), "-width", str(WIDTH)]
    image = "registry.example/stand-in:1.0"
    container = {"name": "main", "image": image, "imagePullPolicy": "Never", "args": arguments}
    meta = {"name": f"flood-{number}", "labels": {"app": "flood"}}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 1}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}


def _await_lines(command: list[str], lines: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if subprocess.run(command, check=False, capture_output=True, timeout=60).stdout.count(b"\n") == lines:
            return
        time.sleep(1)
    raise RuntimeError("the pods never wrote all lines")


def _seconds(command: list[str], kubeconfig: Path, lines: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lines"
        with out.open("wb") as target:
            began = time.monotonic()
            subprocess.run(command, env=environ(kubeconfig, folder), stdout=target, check=True, timeout=_PATIENCE)
            took = time.monotonic() - began
        if (found := out.read_bytes().count(b"\n")) != lines:
            raise RuntimeError(f"{command[0]} wrote {found:,} of {lines:,} lines")
    return took

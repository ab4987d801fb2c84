"""What a kubelet does when it is asked for a log, modelled after k8s.io/cri-client ``pkg/logs/logs.go`` and the
kubelet's ``validateContainerLogStatus``, behind a transport that breaks where a test says so.

- The file has records, each stamped, whole (F) or partial (P); partial ones are joined, and only the first part of a
  line gets its stamp printed, unless that part was left out by ``sinceTime``.
- ``sinceTime`` counts in whole seconds and keeps records that are not older. ``tailLines`` counts records.
- Only the newest file of a run can be read. A plain request reads the latest run, ``previous`` the one before.
- No status is sent before the first byte.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

from kubetui.cluster.errors import ApiError, ClusterError, NotFound, Unreachable
from kubetui.cluster.transport import Answer, Request
from kubetui.kinds.log_pod import LOG_POD, LogContainer, LogPodRow
from kubetui.kinds.wire import decode_row
from kubetui.store.logs.entry import NANO
from tests.fake_clock import FakeClock


def stamp(time: int, zone: str = "Z") -> bytes:
    """As the kubelet prints it."""
    seconds, fraction = divmod(time, NANO)
    shift = 0
    if zone != "Z":
        shift = (1 if zone[0] == "+" else -1) * (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60)
    text = datetime.fromtimestamp(seconds + shift, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{fraction:09}{zone}".encode()


@dataclass
class Record:
    time: int
    text: bytes
    whole: bool = True


@dataclass
class Run:
    number: int
    started: float
    records: list[Record] = field(default_factory=list)
    first: int = 0
    """Where the newest file begins."""
    over: int | None = None
    """Exit code."""
    ended: float = 0.0
    reason: str = "Error"

    def stirs(self, position: int, first: int) -> bool:
        """Whether there is something new for who has read up to ``position`` of the file from ``first``."""
        return position < len(self.records) or self.over is not None or self.first != first


class Container:
    """One container of one pod, with all its runs."""

    def __init__(self, model: KubeletModel, namespace: str, pod: str, name: str, kind: str, zone: str) -> None:
        self.model, self.namespace, self.pod, self.name, self.kind, self.zone = model, namespace, pod, name, kind, zone
        self.runs: list[Run] = []
        self.waiting = "ContainerCreating"
        self.changed = asyncio.Condition()
        self.written: list[bytes] = []
        """Every line completed so far, of all runs, in order."""
        self._begun = b""
        self.skew = 0.0

    # --- what happens in it

    async def start(self) -> None:
        self.runs.append(Run(len(self.runs), self.model.clock.now()))
        self.waiting = ""
        await self._tell()

    async def write(self, *texts: bytes, time: int | None = None, whole: bool = True) -> None:
        for text in texts:
            at = int((self.model.clock.now() + self.skew) * NANO) + next(self.model.ticks) if time is None else time
            self.runs[-1].records.append(Record(at, text, whole))
            if whole:
                self.written.append(self._begun + text)
                self._begun = b""
            else:
                self._begun += text
        await self._tell()

    async def end(self, code: int = 1, reason: str = "Error", waiting: str = "") -> None:
        run = self.runs[-1]
        run.over, run.reason, run.ended, self.waiting = code, reason, self.model.clock.now(), waiting
        await self._tell()

    async def restart(self, code: int = 1, reason: str = "Error") -> None:
        await self.end(code, reason)
        await self.start()

    async def rotate(self) -> None:
        self.runs[-1].first = len(self.runs[-1].records)
        await self._tell()

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    # --- how the API server shows it

    def status(self) -> dict[str, Any]:
        if not self.runs:
            return {"name": self.name, "restartCount": 0, "state": {"waiting": {"reason": self.waiting}}}
        run = self.runs[-1]
        status: dict[str, Any] = {"name": self.name, "restartCount": run.number, "state": {}}
        last = self.runs[-2] if len(self.runs) > 1 else None
        if run.over is None:
            status["state"] = {"running": {"startedAt": _rfc(run.started)}}
        elif self.waiting:
            status["state"] = {"waiting": {"reason": self.waiting}}
            last = run
        else:
            status["state"] = {"terminated": _terminated(run)}
        if last is not None:
            status["lastState"] = {"terminated": _terminated(last)}
        return status

    @property
    def told(self) -> LogContainer:
        """As a stream is told."""
        return next(one for one in self.model.row(self.namespace, self.pod).containers if one.name == self.name)


def _rfc(time: float) -> str:
    return datetime.fromtimestamp(int(time), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _terminated(run: Run) -> dict[str, Any]:
    return {
        "exitCode": run.over,
        "reason": run.reason,
        "startedAt": _rfc(run.started),
        "finishedAt": _rfc(run.ended),
    }


Fault = Callable[[Request], "ClusterError | None"]


class KubeletModel:
    """Fulfils ``LogApi``."""

    def __init__(self, clock: FakeClock, seed: int = 0) -> None:
        self.clock = clock
        self.random = Random(seed)
        self.ticks = count(1)
        self.containers: dict[tuple[str, str, str], Container] = {}
        self.uids: dict[tuple[str, str], str] = {}
        self.asked: list[dict[str, str]] = []
        self.open = 0
        """Log streams open now."""
        self.fault: Fault = lambda request: None
        """Asked before each request: the error it meets, or None."""
        self.cut_after: Callable[[], int | None] = lambda: None
        """Asked for each stream: after how many bytes it breaks, None for never."""
        self.clean = False
        """Breaks look like an end of file."""
        self.chunk: Callable[[], int] = lambda: 65_536
        self._breaks: asyncio.Event = asyncio.Event()
        self.deaf = False
        """Streams that are open stay open and bring nothing any more."""

    def add(
        self, name: str = "app", pod: str = "web-0", namespace: str = "shop", kind: str = "containers", zone: str = "Z"
    ) -> Container:
        container = Container(self, namespace, pod, name, kind, zone)
        self.containers[namespace, pod, name] = container
        self.uids.setdefault((namespace, pod), f"uid-{len(self.uids)}")
        return container

    def delete(self, pod: str = "web-0", namespace: str = "shop") -> None:
        for key in [key for key in self.containers if key[:2] == (namespace, pod)]:
            del self.containers[key]
        self.uids.pop((namespace, pod))

    def pod(self, namespace: str, pod: str) -> dict[str, Any]:
        mine = [one for (ns, name, _), one in self.containers.items() if (ns, name) == (namespace, pod)]
        spec: dict[str, Any] = {"nodeName": "node-1"}
        status: dict[str, Any] = {"phase": "Running"}
        names = {
            "containers": "containerStatuses",
            "initContainers": "initContainerStatuses",
            "ephemeralContainers": "ephemeralContainerStatuses",
        }
        for one in mine:
            spec.setdefault(one.kind, []).append({"name": one.name})
            status.setdefault(names[one.kind], []).append(one.status())
        return {
            "metadata": {"namespace": namespace, "name": pod, "uid": self.uids[namespace, pod], "resourceVersion": "7"},
            "spec": spec,
            "status": status,
        }

    def row(self, namespace: str, pod: str) -> LogPodRow:
        return decode_row(LOG_POD, json.dumps(self.pod(namespace, pod)).encode())

    def break_streams(self) -> None:
        """Everything that is open breaks."""
        self._breaks.set()
        self._breaks = asyncio.Event()

    # --- LogApi

    async def send(self, request: Request) -> Answer:
        await asyncio.sleep(0)
        if (error := self.fault(request)) is not None:
            raise error
        parts = request.path.split("/")
        if not request.path.endswith("/log"):
            if (parts[4], parts[6]) not in self.uids:
                raise NotFound(request.tried, "404: not found", status=404)
            return Answer(200, json.dumps(self.pod(parts[4], parts[6])).encode(), "application/json", {})
        body = b""
        async for chunk in self._served(request):
            body += chunk
        return Answer(200, body, "text/plain", {})

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[_Opened]:
        await asyncio.sleep(0)
        if (error := self.fault(request)) is not None:
            raise error
        served = self._broken(request, self._served(request))
        self.open += 1
        try:
            first = await anext(served, None)
            yield _Opened(served, first)
        finally:
            self.open -= 1
            await served.aclose()

    async def _broken(self, request: Request, served: AsyncIterator[bytes]) -> Any:
        """The same bytes in chunks of any size, until the stream breaks."""
        left, breaks = self.cut_after(), self._breaks
        while (bytes_ := await self._next(served, breaks)) is not None:
            while bytes_:
                part = bytes_[: max(1, self.chunk())][:left]
                bytes_ = bytes_[len(part) :]
                if left is not None:
                    left -= len(part)
                if part:
                    yield part
                if left == 0:
                    break
            if left == 0:
                break
        else:
            if not breaks.is_set():
                return
        if not self.clean:
            raise Unreachable(request.tried, "cut short")

    async def _next(self, served: AsyncIterator[bytes], breaks: asyncio.Event) -> bytes | None:
        """What is served next; None at the end, and where everything breaks."""
        following, broken = asyncio.ensure_future(anext(served, None)), asyncio.create_task(breaks.wait())
        try:
            await asyncio.wait([following, broken], return_when=asyncio.FIRST_COMPLETED)
            if self.deaf and not broken.done():
                await broken
            return None if broken.done() else following.result()
        finally:
            following.cancel()
            broken.cancel()
            await asyncio.wait([following, broken])

    async def _served(self, request: Request) -> AsyncIterator[bytes]:
        query = dict(request.query)
        self.asked.append(query)
        parts = request.path.split("/")
        container = self.containers.get((parts[4], parts[6], query["container"]))
        if container is None:
            raise NotFound(request.tried, f'404: pods "{parts[6]}" not found', status=404)
        run = _run_meant(container, request, previous="previous" in query)
        position = _start(run, query)
        since = _since(query, self.clock.now() + container.skew)
        new_line = True
        while True:
            files_first = run.first
            out = bytearray()
            while position < len(run.records):
                record = run.records[position]
                position += 1
                if record.time >= since:
                    if new_line:
                        out += stamp(record.time, container.zone) + b" "
                    out += record.text + (b"\n" if record.whole else b"")
                new_line = record.whole
            if out:
                yield bytes(out)
            if position < len(run.records):
                continue
            if "follow" not in query or run.over is not None:
                return
            async with container.changed:
                while not run.stirs(position, files_first):
                    await container.changed.wait()


class _Opened:
    def __init__(self, served: Any, first: bytes | None) -> None:
        self._served, self._first = served, first

    async def chunks(self) -> AsyncIterator[bytes]:
        if self._first is not None:
            yield self._first
            async for chunk in self._served:
                yield chunk


def _run_meant(container: Container, request: Request, *, previous: bool) -> Run:
    runs = container.runs
    if previous:
        over = runs[-1] if runs and container.waiting else None
        found = over or (runs[-2] if len(runs) > 1 else None)
        if found is None:
            raise ApiError(request.tried, "400: previous terminated container not found", status=400)
        return found
    if not runs:
        words = f'400: container "{container.name}" in pod "{container.pod}" is waiting to start: {container.waiting}'
        raise ApiError(request.tried, words, status=400)
    return runs[-1]


def _start(run: Run, query: dict[str, str]) -> int:
    tail = query.get("tailLines")
    return run.first if tail is None else max(run.first, len(run.records) - int(tail))


def _since(query: dict[str, str], now: float) -> int:
    if "sinceTime" in query:
        return int(datetime.fromisoformat(query["sinceTime"]).timestamp()) * NANO
    if "sinceSeconds" in query:
        return int((now - int(query["sinceSeconds"])) * NANO)
    return 0

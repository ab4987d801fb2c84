"""Control calls about logs: cut streams, rotate, write exact lines, flood, set clocks, be silent. For tests.

``{"do": "write-log", "pod": "coredns-*", "lines": ["one", "two"]}``; names are globs, ``*`` by default.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

import msgspec

from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.entries.pod_status import INIT
from kubetui.demo.handlers.control import Command
from kubetui.demo.logs.line import SECOND
from kubetui.demo.logs.reader import Reader
from kubetui.demo.logs.tape import Tape


class LogCommand(Command, frozen=True):
    """Something about the logs of containers."""

    namespace: str = "*"
    pod: str = "*"
    container: str = "*"


class CutLogs(LogCommand, frozen=True, tag="cut-logs"):
    """End the open streams: cleanly, as most breaks arrive at the client, or by dropping the connection."""

    how: Literal["end", "reset"] = "end"
    torn: bool = False
    """Within a line, if one is about to be sent."""


class RotateLog(LogCommand, frozen=True, tag="rotate-log"):
    """Begin a new file: what was written before is not served any more."""


class WriteLog(LogCommand, frozen=True, tag="write-log"):
    """Write exactly these lines."""

    lines: tuple[str, ...] = ()
    encoding: Literal["utf-8", "latin-1", "base64"] = "utf-8"
    """How the strings stand for bytes."""
    same_instant: bool = False
    """All with one timestamp."""


class FloodLog(LogCommand, frozen=True, tag="flood-log"):
    """Write numbered lines at a pace: ``flood seq=0000000001 ...``. Rate 0 ends it; numbers go on after that."""

    rate: Annotated[float, msgspec.Meta(ge=0, le=1_000_000)] = 0.0
    """Lines a second of the world's time, in each container that is meant."""
    size: Annotated[int, msgspec.Meta(ge=0, le=16_000_000)] = 120
    """Bytes a line."""


class MuteLog(LogCommand, frozen=True, tag="mute-log"):
    """Let the programs be silent, so that only written lines come."""

    on: bool = True


class SkewClock(LogCommand, frozen=True, tag="skew-clock"):
    """Let timestamps be wrong from now on."""

    seconds: Annotated[float, msgspec.Meta(ge=-86_400, le=86_400)] = 0.0


class RestartContainer(LogCommand, frozen=True, tag="restart-container"):
    """End the first container of pods; it starts again at once."""

    reason: Literal["Error", "OOMKilled", "Completed"] = "Error"
    exit_code: int = 1


class DeletePod(LogCommand, frozen=True, tag="delete-pod"):
    """Delete pods, as ``kubectl delete pod`` does."""


class LogControl:
    """Carries the commands out; each raises ValueError when it meets nothing."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def commands(self) -> Mapping[type[Command], Callable[[Any], None]]:
        """For ``Control``."""
        return {
            CutLogs: self.cut,
            RotateLog: self.rotate,
            WriteLog: self.write,
            FloodLog: self.flood,
            MuteLog: self.mute,
            SkewClock: self.skew,
            RestartContainer: self.restart,
            DeletePod: self.delete,
        }

    def cut(self, command: CutLogs) -> None:
        """End open streams; fine when there are none."""
        for stream in self._reader.following:
            if _meant(command, stream.run.pod) and fnmatchcase(stream.container, command.container):
                stream.cut, stream.torn = command.how, command.torn

    def rotate(self, command: RotateLog) -> None:
        """A new file."""
        now = self._reader.now()
        for tape in self._tapes(command):
            tape.rotations.append(now)

    def write(self, command: WriteLog) -> None:
        """Lines, as bytes."""
        now = self._reader.now()
        texts = [_bytes(line, command.encoding) for line in command.lines]
        for tape in self._tapes(command):
            tape.write(now, texts, same_instant=command.same_instant)

    def flood(self, command: FloodLog) -> None:
        """Numbered lines."""
        now = self._reader.now()
        for tape in self._tapes(command):
            tape.flood(now, command.rate, command.size)

    def mute(self, command: MuteLog) -> None:
        """Silence."""
        now = self._reader.now()
        for tape in self._tapes(command):
            tape.mute(now, command.on)

    def skew(self, command: SkewClock) -> None:
        """A wrong clock."""
        now = self._reader.now()
        for tape in self._tapes(command):
            tape.skew(now, int(command.seconds * SECOND))
        self._reader.script.forget()

    def restart(self, command: RestartContainer) -> None:
        """Of the first container, whatever ``container`` says."""
        for pod in self._pods(command):
            self._reader.world.kubelets.restart(pod, command.reason, command.exit_code)

    def delete(self, command: DeletePod) -> None:
        """The controllers make others."""
        for pod in self._pods(command):
            self._reader.world.pods.delete(pod)

    def _pods(self, command: LogCommand) -> list[PodEntry]:
        workloads = self._reader.world.workloads.all.values()
        found = [pod for workload in workloads for pod in workload.pods.values() if _meant(command, pod)]
        if not found:
            raise ValueError(f"there is no pod {command.namespace}/{command.pod}")
        return found

    def _tapes(self, command: LogCommand) -> list[Tape]:
        tapes = self._reader.script.tapes
        keys = [(pod.uid, place) for pod in self._pods(command) for place in _places(pod, command.container)]
        if not keys:
            raise ValueError(f"no pod {command.namespace}/{command.pod} has a container {command.container}")
        return [tapes.setdefault(key, Tape()) for key in keys]


def _meant(command: LogCommand, pod: PodEntry) -> bool:
    return fnmatchcase(pod.namespace, command.namespace) and fnmatchcase(pod.name, command.pod)


def _places(pod: PodEntry, pattern: str) -> Iterator[int]:
    for first, shapes in ((0, pod.template.containers), (INIT, pod.template.init_containers)):
        for place, shape in enumerate(shapes, first):
            if fnmatchcase(shape.name, pattern):
                yield place


def _bytes(line: str, encoding: str) -> bytes:
    if encoding != "base64":
        return line.encode(encoding)
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error as problem:
        raise ValueError(f"a line is not base64: {problem}") from None

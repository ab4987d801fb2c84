"""Entries as text or JSON. Both fulfil ``LogSink``; they write at once, and block while the reader does not read."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final, Protocol

import msgspec

from kubetui.headless.logs.terminal_text import RESET, terminal_text
from kubetui.store.logs.entry import NANO, Entries, Mark
from kubetui.store.logs.sources import LogSources

Colour = Callable[[int], str]
_MOST_NAMES: Final = 5_000
"""Sources whose names are kept ready: jobs come and go for ever."""


class Writer(Protocol):
    """Where lines and marks go."""

    sources: LogSources

    def extend(self, entries: Entries) -> None:
        """Write entries that follow all earlier ones. Raises BrokenPipeError."""


def time_text(time: int) -> str:
    """A time in ns as the kubelet stamps it, in UTC: nine digits."""
    seconds, fraction = divmod(time, NANO)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:09}Z"


_COLOURS: Final = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
"""SGR colours of names. Red is left to errors."""


def _bound(ready: dict[int, Any]) -> None:
    """Make room for one more: sources come in order, so the first is the oldest."""
    if len(ready) >= _MOST_NAMES:
        del ready[next(iter(ready))]


class TextWriter:
    """Lines as bytes; names and times in front where asked for. Marks go to ``note``."""

    def __init__(
        self,
        out: BinaryIO,
        note: Callable[[str], None],
        *,
        prefix: bool,
        namespaces: bool,
        timestamps: bool,
        terminal: bool,
        colours: bool,
    ) -> None:
        """``namespaces``: names begin with them. ``terminal``: ``out`` is one, so that lines are made harmless."""
        self.sources: LogSources
        self._out, self._note = out, note
        self._prefix, self._namespaces, self._timestamps = prefix, namespaces, timestamps
        self._terminal, self._colours = terminal, terminal and colours
        self._names: dict[int, bytes] = {}

    def extend(self, entries: Entries) -> None:
        """See ``LogSink``. Raises BrokenPipeError."""
        if entries.marks:
            start = 0
            for index in sorted(entries.marks):
                self._write(entries, start, index)
                self._note(self._mark(entries.marks[index]))
                start = index + 1
            self._write(entries, start, len(entries.times))
        else:
            self._write(entries, 0, len(entries.times))
        self._out.flush()

    def _write(self, entries: Entries, start: int, end: int) -> None:
        if start == end:
            return
        texts = entries.texts[start:end]
        if self._terminal:
            texts = [terminal_text(text, colours=self._colours).encode() for text in texts]
        if self._timestamps:
            times = entries.times[start:end]
            texts = [b"%b %b" % (time_text(time).encode(), text) for time, text in zip(times, texts, strict=True)]
        if self._prefix:
            sources = entries.sources[start:end]
            texts = [self._name(source) + text for source, text in zip(sources, texts, strict=True)]
        self._out.write(b"\n".join(texts) + b"\n")

    def _name(self, source: int) -> bytes:
        name = self._names.get(source)
        if name is None:
            text = " ".join(self._parts(source))
            if self._colours:
                text = f"\x1b[{_COLOURS[source % len(_COLOURS)]}m{text}{RESET}"
            _bound(self._names)
            name = self._names[source] = f"{text} ".encode()
        return name

    def _parts(self, index: int) -> tuple[str, ...]:
        source = self.sources.get(index)
        if source is None:
            return ()
        return source.key if self._namespaces else source.key[1:]

    def _mark(self, mark: Mark) -> str:
        name = " ".join(self._parts(mark.source))
        return f"{name}: {mark.words}" if name else mark.words


class JsonWriter:
    """One JSON object a line; marks are objects too.

    A line: ``time``, ``namespace``, ``pod``, ``container``, ``node``, ``message``; where the bytes are not UTF-8,
    ``message`` has replacement characters and ``bytes`` the line in base64. A mark: ``mark`` and ``words`` instead.
    """

    def __init__(self, out: BinaryIO) -> None:
        self.sources: LogSources
        self._out = out
        self._encoder = msgspec.json.Encoder()
        self._who: dict[int, dict[str, str]] = {}

    def extend(self, entries: Entries) -> None:
        """See ``LogSink``. Raises BrokenPipeError."""
        columns = zip(entries.times, entries.sources, entries.texts, strict=True)
        objects = (
            self._line(time, source, text) if (mark := entries.marks.get(index)) is None else self._mark(mark)
            for index, (time, source, text) in enumerate(columns)
        )
        self._out.write(b"".join(self._encoder.encode(one) + b"\n" for one in objects))
        self._out.flush()

    def _line(self, time: int, source: int, text: bytes) -> dict[str, Any]:
        found: dict[str, Any] = {"time": time_text(time), **self._source(source)}
        try:
            found["message"] = text.decode()
        except UnicodeDecodeError:
            found["message"] = text.decode("utf-8", "replace")
            found["bytes"] = base64.b64encode(text).decode()
        return found

    def _mark(self, mark: Mark) -> dict[str, Any]:
        found = {"mark": mark.kind.value, "time": time_text(mark.time), **self._source(mark.source)}
        more = {"seconds": mark.seconds or None, "lines": mark.lines or None, "exitCode": mark.exit_code}
        return {**found, **{key: value for key, value in more.items() if value is not None}, "words": mark.words}

    def _source(self, index: int) -> dict[str, str]:
        who = self._who.get(index)
        if who is None:
            source = self.sources.get(index)
            who = {}
            if source is not None:
                namespace, pod, container = source.key
                who = {"namespace": namespace, "pod": pod, "container": container, "node": source.node}
                _bound(self._who)
                self._who[index] = who
        return who

"""Notices that kubeconfig files changed on disk, and says what that means for the context in use. Never switches."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import KubeconfigError
from kubetui.cluster.kubeconfig import KubeConfig, Target
from kubetui.cluster.kubeconfig_file import MAX_BYTES

LOOK_S = 10.0
"""Seconds between looks; a look is a ``stat`` of each file."""

_Stamp = tuple[int, int, int]


class KubeconfigWatch:
    """Looks after the files that one session was opened with."""

    def __init__(
        self,
        paths: Sequence[Path],
        target: Target,
        current: str,
        load: Callable[[], Awaitable[KubeConfig]],
        clock: Clock,
    ) -> None:
        """``paths``: where they stand, whether or not they exist; ``load`` reads them anew."""
        self._paths = tuple(paths)
        self._target, self._current = target, current
        self._load, self._clock = load, clock
        self._stamps: list[_Stamp | None] = []
        self._digests: list[bytes] = []

    async def follow(self, told: Callable[[str, Sequence[str]], None]) -> None:
        """Call ``told`` with words and all contexts' names after each change, until cancelled."""
        await asyncio.to_thread(self._changed)
        while True:
            await self._clock.sleep(LOOK_S)
            if path := await asyncio.to_thread(self._changed):
                told(*await self._words(path))

    def _changed(self) -> Path | None:
        """The first file whose content is another than at the last look; a mere touch is none."""
        stamps = [_stamp(path) for path in self._paths]
        if stamps == self._stamps:
            return None
        self._stamps = stamps
        before, self._digests = self._digests, [_digest(path) for path in self._paths]
        pairs = zip(self._paths, before, self._digests, strict=False)
        return next((path for path, old, new in pairs if old != new), None)

    async def _words(self, path: Path) -> tuple[str, Sequence[str]]:
        try:
            config = await self._load()
        except KubeconfigError as error:
            return f"{path} changed and can't be used: {error.answer}; this session goes on", ()
        return f"{path} changed: {self._meaning(config)}", config.context_names()

    def _meaning(self, config: KubeConfig) -> str:
        here = self._target.context
        try:
            target = config.context(here)
        except KubeconfigError:
            return f"context {here} is gone; this session goes on · C chooses another"
        if replace(target, source="") != replace(self._target, source=""):
            return f"context {here} now means another server or user; this session goes on · C opens it anew"
        if config.current != self._current:
            self._current = config.current
            return f"the current context is now {config.current or 'none'}; still on {here} · C chooses"
        return f"other entries than those of context {here} · C shows them"


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _digest(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe can be read once only
            return b""
        with path.open("rb") as file:
            return hashlib.sha256(file.read(MAX_BYTES)).digest()
    except OSError:
        return b""

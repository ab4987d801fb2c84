"""``kubetui logs`` as a process that reads a real cluster's logs, once or for as long as a test looks."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0


UNSENT = 1_000
"""Lines that a runtime may write into a file that is rotated while the new one is already there."""


def numbered(line: bytes) -> int:
    """Of ``line 12``, as it was written or as the runtime keeps it."""
    return int(line.rpartition(b"line ")[2].split()[0])


def assert_all_sent_came(found: Sequence[int], moved: Iterable[Path]) -> None:
    """Every number came once and in order, but for what the kubelet sends nobody; ``moved``: the files rotated away.

    It leaves the old file as soon as there is a new one (cri-client, pkg/logs: ``recreated``). What the runtime still
    writes into the old one, at its very end, is served no more.
    """
    ends = {numbered(path.read_bytes().splitlines()[-1]) for path in moved}
    for before, after in pairwise([0, *found]):
        assert after == before + 1 or (after - 1 in ends and before < after <= before + UNSENT), (before, after, ends)


def logs_command(*arguments: str) -> list[str]:
    """Into a pipe, as text unless the arguments say otherwise."""
    return [sys.executable, "-m", "kubetui", "logs", "-o", "text", *arguments]


def read_once(environ: Mapping[str, str], *arguments: str) -> bytes:
    """All that is there."""
    done = subprocess.run(
        logs_command("--no-follow", *arguments), cwd=_ROOT, env=environ, capture_output=True, timeout=_PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Followed:
    """What a follower has written so far."""

    out: Path
    err: Path

    @property
    def lines(self) -> list[bytes]:
        """Whole lines."""
        return self.out.read_bytes().split(b"\n")[:-1]

    def until(self, true: Callable[[list[bytes]], bool]) -> list[bytes]:
        """Wait until the lines are so, and give them."""
        deadline = time.monotonic() + _PATIENCE
        while not true(lines := self.lines):
            assert time.monotonic() < deadline, (len(lines), [line[:200] for line in lines[-3:]], self.err.read_text())
            time.sleep(0.1)
        return lines


@contextmanager
def following(environ: Mapping[str, str], folder: Path, *arguments: str) -> Iterator[Followed]:
    """Follow into files in ``folder``."""
    found = Followed(folder / "lines", folder / "told")
    with found.out.open("wb") as out, found.err.open("wb") as err:
        follower = subprocess.Popen(
            logs_command("--tail", "-1", *arguments), cwd=_ROOT, env=environ, stdout=out, stderr=err
        )
    try:
        yield found
    finally:
        follower.kill()
        follower.wait()

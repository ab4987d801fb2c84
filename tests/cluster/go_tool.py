"""The ``go`` program. Modules come by the environment's own settings (``GOPROXY``, ``GOFLAGS``)."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_SECONDS = 45 * 60  # one program, cold, on a slow machine; kube-apiserver took 5 min 20 s on two cores


class BuildFailed(Exception):
    """Go is missing, or a step of the build failed; the text holds the step and the end of its output."""


def has_go() -> bool:
    """Whether Go is on PATH."""
    return shutil.which("go") is not None


def go(arguments: list[str], folder: Path) -> str:
    """Run ``go`` in a folder and give its standard output; raises ``BuildFailed``."""
    environment = os.environ | {"CGO_ENABLED": "0", "GOWORK": "off", "GO111MODULE": "on"}
    try:
        done = subprocess.run(
            ["go", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as late:
        raise BuildFailed(f"go {' '.join(arguments)} took longer than {_SECONDS} s") from late
    if done.returncode:
        raise BuildFailed(f"go {' '.join(arguments)} failed ({done.returncode}):\n{done.stderr[-3000:]}")
    return done.stdout

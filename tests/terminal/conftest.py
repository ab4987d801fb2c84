"""What the tests of the whole program start from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.real.cluster import RealCluster
from tests.terminal.api_server import SmallCluster, serving
from tests.terminal.objects import a_small_cluster
from tests.terminal.program import Program

Start = Callable[..., Program]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A person's environment, with a home of its own and no cluster; a terminal of 256 colours."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


@pytest.fixture
def start(environ: dict[str, str]) -> Start:
    """Start the program in ``environ``: ``with start("-A") as program``."""

    def program(*arguments: str, width: int = 120, height: int = 40, pane: str = "pods") -> Program:
        # Most tests are about rows, and pods have the most of them.
        chosen = ("--pane", pane, *arguments) if pane and "--pane" not in arguments else arguments
        return Program(chosen, environ, width=width, height=height)

    return program


@pytest.fixture
def signed_in(real_cluster: RealCluster, environ: dict[str, str]) -> dict[str, str]:
    """A person's environment with the real cluster's administrator in ``KUBECONFIG``."""
    return {**environ, "KUBECONFIG": str(real_cluster.admin_kubeconfig)}


@pytest.fixture
def cluster() -> SmallCluster:
    """The small cluster's objects and the requests it saw."""
    return a_small_cluster()


@pytest.fixture
def small_cluster(cluster: SmallCluster, environ: dict[str, str], tmp_path: Path) -> Iterator[SmallCluster]:
    """The small cluster, served, with a kubeconfig of two contexts in ``KUBECONFIG``."""
    with serving(cluster) as url:
        environ["KUBECONFIG"] = str(kubeconfig(tmp_path / "kubeconfig", url))
        yield cluster


def kubeconfig(path: Path, server: str, current: str = "small") -> Path:
    """A kubeconfig with the contexts ``small`` and ``small-team-04`` (JSON is YAML)."""
    contexts = {"small": {}, "small-team-04": {"namespace": "team-04"}}
    path.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": current,
                "clusters": [{"name": "small", "cluster": {"server": server}}],
                "users": [{"name": "reader", "user": {"token": "a-token"}}],
                "contexts": [
                    {"name": name, "context": {"cluster": "small", "user": "reader", **more}}
                    for name, more in contexts.items()
                ],
            }
        )
    )
    return path

"""``python -m tests.cluster``: up, env, down."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.binaries import Binaries
from tests.cluster.detached import Detached, NotUp
from tests.cluster.wanted import Wanted

_ROOT = Path(__file__).parents[2]


@pytest.fixture
def detached(cluster_binaries: Binaries) -> Iterator[Detached]:
    mine = Detached(f"test-{os.getpid()}")
    yield mine
    mine.down()


def command(name: str, detached: Detached, *arguments: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "tests.cluster", name, "--name", detached.name, *arguments]
    return subprocess.run(asked, cwd=_ROOT, capture_output=True, text=True, timeout=300)


def test_what_came_up_stays_until_it_is_taken_down(detached: Detached, cluster_binaries: Binaries) -> None:
    # when it is brought up, twice
    first, second = command("up", detached), command("up", detached)
    # then its kubeconfig is printed and works after the command's end
    assert first.stdout == second.stdout == f"{detached.kubeconfig}\n", first.stderr
    ready = [str(cluster_binaries["kubectl"]), "--kubeconfig", str(detached.kubeconfig), "get", "--raw", "/readyz"]
    assert subprocess.run(ready, capture_output=True, text=True, timeout=60).stdout == "ok"
    assert f"export KUBECONFIG={detached.kubeconfig}\n" in command("env", detached).stdout
    assert detached.is_running()
    # and another one is not put in its place unasked
    other = command("up", detached, "--nodes", "3", "--pods", "50")
    assert other.returncode == 1
    assert "is up with 0 nodes, 0 pods; take it down first" in other.stderr
    # and nothing is left when it is taken down
    assert command("down", detached).returncode == 0
    assert not detached.is_running()
    assert not detached.folder.exists()
    assert subprocess.run(ready, capture_output=True, text=True, timeout=60).returncode != 0


def test_its_keeper_inflicts_faults_on_it(detached: Detached, cluster_binaries: Binaries) -> None:
    assert command("up", detached).returncode == 0
    ready = [str(cluster_binaries["kubectl"]), "--kubeconfig", str(detached.kubeconfig), "get", "--raw", "/readyz"]

    def fault(*words: str) -> subprocess.CompletedProcess[str]:
        asked = [sys.executable, "-m", "tests.cluster", "fault", detached.name, *words]
        return subprocess.run(asked, cwd=_ROOT, capture_output=True, text=True, timeout=120)

    stopped = fault("stop-api-server")
    assert stopped.stdout == "the API server is gone: connections are refused\n", stopped.stderr
    assert "refused" in subprocess.run(ready, capture_output=True, text=True, timeout=60).stderr
    assert fault("start-api-server").stdout == "the API server is ready\n"
    assert subprocess.run(ready, capture_output=True, text=True, timeout=60).stdout == "ok"
    token = Path(fault("token", "60").stdout.strip())
    by_token = [str(cluster_binaries["kubectl"]), "--kubeconfig", str(token), "get", "pods"]
    assert subprocess.run(by_token, capture_output=True, text=True, timeout=60).returncode == 0
    refused = fault("kill-kubelet")
    assert (refused.returncode, "kill-kubelet needs a real node" in refused.stderr) == (1, True)


def test_taking_down_what_is_not_up_says_so(detached: Detached) -> None:
    done = command("down", detached)
    assert (done.returncode, done.stderr) == (0, f"no control plane named {detached.name} is up\n")
    assert command("env", detached).returncode == 1


def test_what_cannot_come_up_says_why(detached: Detached) -> None:
    with pytest.raises(NotUp, match=r"(?s)did not come up.*no fewer than no pods: 2, -1"):
        detached.up(Wanted(nodes=2, pods=-1), lambda line: None)
    assert not detached.is_running()

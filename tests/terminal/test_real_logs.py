"""``kubetui logs`` beside ``kubectl logs`` on a real kubelet."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster import faults
from tests.cluster.real import containers
from tests.cluster.real.cluster import RealCluster

_PATIENCE = 60.0
_ROOT = Path(__file__).parents[2]


def logs_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "kubetui", "logs", "-o", "text", *arguments]


@pytest.fixture
def signed_in(real_cluster: RealCluster, environ: dict[str, str]) -> dict[str, str]:
    return {**environ, "KUBECONFIG": str(real_cluster.admin_kubeconfig)}


def read_once(signed_in: dict[str, str], *arguments: str) -> bytes:
    done = subprocess.run(
        logs_command("--no-follow", *arguments), cwd=_ROOT, env=signed_in, capture_output=True, timeout=_PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def kubectl_logs(cluster: RealCluster, *arguments: str) -> bytes:
    return cluster.kubectl("logs", *arguments).encode()


@contextmanager
def following(signed_in: dict[str, str], written: Path, *arguments: str) -> Iterator[Callable[[], list[int]]]:
    """Follow a counter; what it gives is the numbers written so far."""
    with written.open("wb") as target:
        follower = subprocess.Popen(
            logs_command("--no-prefix", "--tail", "-1", *arguments), cwd=_ROOT, env=signed_in, stdout=target
        )
    try:
        yield lambda: [int(line.split()[1]) for line in written.read_text().splitlines(keepends=True) if "\n" in line]
    finally:
        follower.kill()
        follower.wait()


def count_beyond(numbers: Callable[[], list[int]], least: int) -> None:
    """Wait until the counter's follower is past this number."""
    deadline = time.monotonic() + _PATIENCE
    while not numbers() or numbers()[-1] <= least:
        assert time.monotonic() < deadline, numbers()[-3:]
        time.sleep(0.1)


def test_a_containers_log_is_kubectls_byte_by_byte(
    real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str]
) -> None:
    containers.run(real_cluster, real_namespace, "counter", "count", "-every", "0s", "-times", "5000", "-width", "90")
    theirs = real_cluster.until(
        "all is written",
        lambda: (found := kubectl_logs(real_cluster, "counter", "-n", real_namespace)).count(b"\n") == 5000 and found,
    )
    whole = ("-n", real_namespace, "pod/counter", "--no-prefix", "--tail")
    assert read_once(signed_in, *whole, "-1") == theirs
    assert read_once(signed_in, *whole, "7") == kubectl_logs(real_cluster, "counter", "-n", real_namespace, "--tail=7")


def test_a_containers_former_life(real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str]) -> None:
    faults.inflict(real_cluster, "crash-loop", [real_namespace, "crashing"])
    real_cluster.until("it failed", lambda: _restarts(real_cluster, real_namespace) > 0)
    ours = read_once(signed_in, "-n", real_namespace, "pod/crashing", "--no-prefix", "--previous", "--tail", "-1")
    assert ours == kubectl_logs(real_cluster, "crashing", "-n", real_namespace, "--previous")
    assert b"ledger-db" in ours


def test_every_component_says_what_kubectl_says_it_does(real_cluster: RealCluster, signed_in: dict[str, str]) -> None:
    for name in ("ds/kube-proxy", "deploy/coredns-autoscaler"):
        kind = {"ds": "daemonset", "deploy": "deployment"}[name.partition("/")[0]]
        target = f"{kind}/{name.partition('/')[2]}"

        def same(name: str = name, target: str = target) -> bool:
            before = kubectl_logs(real_cluster, target, "-n", "kube-system", "--all-containers")
            ours = read_once(signed_in, "-n", "kube-system", name, "--no-prefix", "--tail", "-1")
            return before == ours

        real_cluster.until(f"{name} is the same", same)  # a line may come between the two


def test_following_goes_on_over_a_rotation(
    real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str], tmp_path: Path
) -> None:
    containers.run(real_cluster, real_namespace, "counter", "count", "-every", "10ms")
    _await_start(real_cluster, real_namespace)
    with following(signed_in, tmp_path / "lines", "-n", real_namespace, "pod/counter") as numbers:
        count_beyond(numbers, 100)
        faults.inflict(real_cluster, "rotate-log", [real_namespace, "counter"])
        count_beyond(numbers, numbers()[-1] + 300)
        found = numbers()
    assert found == list(range(1, len(found) + 1))


def test_following_loses_and_repeats_nothing_when_the_api_server_restarts(
    real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str], tmp_path: Path
) -> None:
    containers.run(real_cluster, real_namespace, "counter", "count", "-every", "10ms")
    _await_start(real_cluster, real_namespace)
    with following(signed_in, tmp_path / "lines", "-n", real_namespace, "pod/counter") as numbers:
        count_beyond(numbers, 100)
        faults.inflict(real_cluster, "start-api-server", [])  # it runs: it is killed first
        count_beyond(numbers, numbers()[-1] + 300)
        found = numbers()
    assert found == list(range(1, len(found) + 1))


def _restarts(cluster: RealCluster, namespace: str) -> int:
    status = cluster.admin.get(f"/api/v1/namespaces/{namespace}/pods/crashing")["status"]
    return sum(one["restartCount"] for one in status.get("containerStatuses", ()))


def _await_start(cluster: RealCluster, namespace: str) -> None:
    cluster.until("it counts", lambda: "line 10\n" in cluster.kubectl("logs", "counter", "-n", namespace))

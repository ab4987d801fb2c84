"""``kubetui logs`` beside ``kubectl logs`` on a real kubelet."""

from __future__ import annotations

from pathlib import Path

from tests.cluster import faults
from tests.cluster.real import containers
from tests.cluster.real.cluster import RealCluster
from tests.terminal.real_log_reading import Followed, assert_all_sent_came, following, read_once


def kubectl_logs(cluster: RealCluster, *arguments: str) -> bytes:
    return cluster.kubectl("logs", *arguments).encode()


def numbers(lines: list[bytes]) -> list[int]:
    """What a counter counted."""
    return [int(line.split()[1]) for line in lines]


def beyond(follower: Followed, least: int) -> list[int]:
    """What the counter has counted, once that is more than ``least``."""
    return numbers(follower.until(lambda lines: bool(lines) and numbers(lines[-1:])[0] > least))


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
    with following(signed_in, tmp_path, "--no-prefix", "-n", real_namespace, "pod/counter") as follower:
        before = beyond(follower, 100)
        moved = containers.rotate_log(real_cluster, real_namespace, "counter")
        found = beyond(follower, before[-1] + 300)
    assert_all_sent_came(found, [moved])


def test_following_loses_and_repeats_nothing_when_the_api_server_restarts(
    real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str], tmp_path: Path
) -> None:
    containers.run(real_cluster, real_namespace, "counter", "count", "-every", "10ms")
    _await_start(real_cluster, real_namespace)
    with following(signed_in, tmp_path, "--no-prefix", "-n", real_namespace, "pod/counter") as follower:
        before = beyond(follower, 100)
        faults.inflict(real_cluster, "start-api-server", [])  # it runs: it is killed first
        found = beyond(follower, before[-1] + 300)
    assert found == list(range(1, len(found) + 1))


def _restarts(cluster: RealCluster, namespace: str) -> int:
    status = cluster.admin.get(f"/api/v1/namespaces/{namespace}/pods/crashing")["status"]
    return sum(one["restartCount"] for one in status.get("containerStatuses", ()))


def _await_start(cluster: RealCluster, namespace: str) -> None:
    cluster.until("it counts", lambda: "line 10\n" in cluster.kubectl("logs", "counter", "-n", namespace))

"""Logs of a real kubelet that are hard to read: any bytes, any length, rotations under load, a rollout, few rights."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.cluster.real import containers
from tests.cluster.real.cluster import RealCluster
from tests.terminal.real_log_reading import assert_all_sent_came, following, numbered, read_once

MEBI = b"0123456789abcdef" * 65_536
"""A line that the runtime splits into 64 records, and the kubelet joins."""
RECORD = 16_384
HARD = [
    b"first",
    MEBI,
    b"x" * (RECORD - 1),
    b"y" * RECORD,
    b"z" * (RECORD + 1),
    b"\xff\xfe\x80 no UTF-8",
    b"\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J",
    b"a\x00b",
    b"begun and finished a second later",
    b"",
    b"line\rover\x0bthere\xe2\x80\xa8here",
    b"the end",
]
WRITES_THEM = r"""
sleep 2
echo first
x=0123456789abcdef; i=0; while [ $i -lt 16 ]; do x=$x$x; i=$((i+1)); done; echo "$x"
many() { s=$1; i=0; while [ $i -lt 14 ]; do s=$s$s; i=$((i+1)); done; printf %s "$s"; }
y=$(many y); z=$(many z); x=$(many x)
echo "${x%x}"; echo "$y"; echo "${z}z"
printf '\377\376\200 no UTF-8\n'
printf '\033[31mred\033[0m \033]0;title\007 \033[2J\n'
printf 'a\000b\n'
printf 'begun and '; sleep 1; printf 'finished a second later\n'
echo
printf 'line\rover\013there\342\200\250here\n'
echo 'the end'
sleep 600
"""


def test_lines_of_any_bytes_and_any_length_come_as_they_were_written(
    real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str], tmp_path: Path
) -> None:
    target = ("--no-prefix", "-n", real_namespace, "pod/hard")
    with following(signed_in, tmp_path, *target) as follower:
        containers.script(real_cluster, real_namespace, "hard", WRITES_THEM)
        followed = follower.until(lambda lines: lines[-1:] == HARD[-1:])
    assert [len(line) for line in followed] == [len(line) for line in HARD]
    assert followed == HARD
    assert read_once(signed_in, *target, "--tail", "-1") == b"\n".join([*HARD, b""])


def await_count(cluster: RealCluster, namespace: str) -> None:
    cluster.until("it counts", lambda: "line 10" in cluster.kubectl("logs", "counter", "-n", namespace))


ROTATIONS = 3


def test_rotations_under_load_lose_nothing_that_the_kubelet_sends(
    real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str], tmp_path: Path
) -> None:
    containers.run(real_cluster, real_namespace, "counter", "count", "-every", "200us", "-width", "200")
    await_count(real_cluster, real_namespace)

    def beyond(least: int) -> list[int]:
        return [numbered(line) for line in follower.until(lambda lines: bool(lines) and numbered(lines[-1]) > least)]

    moved: list[Path] = []
    with following(signed_in, tmp_path, "--no-prefix", "-n", real_namespace, "pod/counter") as follower:
        found = beyond(2_000)
        for _ in range(ROTATIONS):
            moved.append(containers.rotate_log(real_cluster, real_namespace, "counter"))
            found = beyond(found[-1] + 3_000)
    assert_all_sent_came(found, moved)


COUNTS_TO_ITS_END = r"""
n=1
trap 'echo "line $n last words"; exit 0' TERM
while :; do echo "line $n"; n=$((n+1)); sleep 0.05; done
"""


def deployment(name: str) -> dict[str, Any]:
    template = containers.shell(name, COUNTS_TO_ITS_END)
    template["spec"]["terminationGracePeriodSeconds"] = 10
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": template["spec"]},
        },
    }


def test_a_rollout_is_followed_from_the_old_pods_last_line_to_the_new_ones_first(
    real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str], tmp_path: Path
) -> None:
    real_cluster.admin.post(f"/apis/apps/v1/namespaces/{real_namespace}/deployments", deployment("web"))
    rollout = ("rollout", "status", "deployment/web", "--timeout=50s", "-n", real_namespace)
    real_cluster.kubectl(*rollout)
    with following(signed_in, tmp_path, "-o", "json", "-n", real_namespace, "deploy/web") as follower:
        follower.until(lambda lines: len(lines) > 20)
        real_cluster.kubectl("rollout", "restart", "deployment/web", "-n", real_namespace)
        real_cluster.kubectl(*rollout)

        def both_gone_and_both_new(lines: list[bytes]) -> bool:
            gone = sum(b'"mark":"gone"' in line for line in lines)
            return gone == 2 and len({pod_of(line) for line in lines[-40:] if b'"message"' in line}) >= 2

        objects = [json.loads(line) for line in follower.until(both_gone_and_both_new)]
    said: defaultdict[str, list[str]] = defaultdict(list)
    marks: defaultdict[str, list[str]] = defaultdict(list)
    for one in objects:
        (said if "message" in one else marks)[one["pod"]].append(one.get("message", one.get("mark", "")))
    assert len(said) == 4
    for pod, lines in said.items():
        assert [int(line.split()[1]) for line in lines] == list(range(1, len(lines) + 1)), pod
    old = {pod for pod, found in marks.items() if "gone" in found}
    assert all(said[pod][-1].endswith("last words") for pod in old)
    assert all(marks[pod] == ["joined"] for pod in said.keys() - old)


def pod_of(line: bytes) -> str:
    found = re.search(rb'"pod":"([^"]+)"', line)
    return found[1].decode() if found else ""


def test_a_role_for_one_pod_by_name_is_enough(
    real_cluster: RealCluster, real_namespace: str, signed_in: dict[str, str], tmp_path: Path
) -> None:
    containers.run(real_cluster, real_namespace, "counter", "count", "-every", "100ms")
    rules = [{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get"], "resourceNames": ["counter"]}]
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{real_namespace}"
    real_cluster.admin.post(f"{rbac}/roles", {"metadata": {"name": "one-log"}, "rules": rules})
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "one-log"}
    subjects = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "few"}]
    binding = {"metadata": {"name": "one-log"}, "roleRef": reference, "subjects": subjects}
    real_cluster.admin.post(f"{rbac}/rolebindings", binding)
    await_count(real_cluster, real_namespace)
    signed_in["KUBECONFIG"] = str(real_cluster.kubeconfig_for("few"))
    with following(signed_in, tmp_path, "--no-prefix", "-n", real_namespace, "pod/counter") as follower:
        lines = follower.until(lambda lines: len(lines) > 30)
    assert lines[:3] == [b"line 1", b"line 2", b"line 3"]
    assert follower.err.read_text() == ""

"""A pod of the demo: its JSON has a real pod's shape, and its Table cells say what the object says."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from kubetui.demo.entries.pod import Host, PodEntry, Rare
from kubetui.demo.entries.pod_status import ContainerState, Ended, creating
from kubetui.demo.entries.pod_template import Owner, PodTemplate
from tests.demo.entries.pod_printer import print_pod

NOW = 1_795_000_000
HOST = Host("aks-general-27182818-vmss00000h", "10.224.0.9", "10.244.5.")
RUN = ContainerState("running", NOW - 400, True)
CRASH = ContainerState(
    "waiting", restarts=7, reason="CrashLoopBackOff", last=Ended(1, "Error", NOW - 80, NOW - 70),
    message='back-off 5m0s restarting failed container="app" pod="x"',
)  # fmt: skip


def _container(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "image": f"acrprod.azurecr.io/{name}:1.4.2",
        "env": [{"name": "MODE", "value": 'a "quoted" 100 %'}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
        "volumeMounts": [{"name": "settings", "mountPath": "/etc/settings"}],
    }


def template(*names: str, init: tuple[str, ...] = (), **more: Any) -> PodTemplate:
    spec: dict[str, Any] = {
        "volumes": [{"name": "settings", "configMap": {"name": "settings", "defaultMode": 420}}],
        "containers": [_container(name) for name in names or ("app",)],
        "restartPolicy": "Always",
        **more.pop("spec", {}),
    }
    if init:
        spec["initContainers"] = [_container(name) for name in init]
    owner = more.pop("owner", Owner("apps/v1", "ReplicaSet", "cart-5d8f", "11111111-2222-4333-a444-555555555555"))
    return PodTemplate("team-00", owner, {"app": "cart"}, {"checksum/config": "ab"}, spec, **more)


def pod(template: PodTemplate, **values: Any) -> PodEntry:
    values = {"host": HOST, "octet": 17, "started": NOW - 3600, "ready_at": NOW - 3590, **values}
    entry = PodEntry("cart-5d8f-x7k2p", template, 0xABCDEF << 100 | 4711, NOW - 3605, **values)
    entry.stamp(4242)
    return entry


CASES = {
    "running": pod(template("app", "proxy")),
    "running after init": pod(template("app", init=("prepare",))),
    "two containers, one restarted": pod(
        template("app", "proxy"),
        containers=(RUN._replace(restarts=3, last=Ended(137, "OOMKilled", NOW - 900, NOW - 410)), RUN),
    ),
    "crash loop": pod(template("app", "proxy"), containers=(CRASH, RUN)),
    "creating": pod(template(), phase="Pending", octet=0, containers=(creating(),)),
    "pulling back off": pod(
        template(), phase="Pending", containers=(creating("ImagePullBackOff")._replace(message="Back-off"),)
    ),
    "unscheduled": pod(template(), phase="Pending", host=None, rare=Rare(unschedulable="0/12 nodes are available")),
    "bound, not taken yet": pod(template(), phase="Pending", octet=0, containers=()),
    "init running": pod(
        template("app", init=("prepare",)), phase="Pending", containers=(creating("PodInitializing"),),
        rare=Rare(init=(ContainerState("running", NOW - 3),), initialized=False),
    ),
    "init failing": pod(
        template("app", init=("prepare",)), phase="Pending", containers=(creating("PodInitializing"),),
        rare=Rare(init=(CRASH,), initialized=False),
    ),
    "completed": pod(
        template(), phase="Succeeded",
        containers=(ContainerState("terminated", ended=Ended(0, "Completed", NOW - 60, NOW - 20)),),
    ),
    "failed": pod(
        template(), phase="Failed",
        containers=(ContainerState("terminated", ended=Ended(3, "Error", NOW - 60, NOW - 20)),),
    ),
    "evicted": pod(template(), phase="Failed", rare=Rare(reason="Evicted", message="The node was low on memory")),
    "terminating": pod(template(), rare=Rare(deleted=NOW + 20)),
    "terminating on a lost node": pod(template(), rare=Rare(deleted=NOW, reason="NodeLost", node_lost=True)),
    "one container completed": pod(
        template("app", "once"),
        containers=(RUN, ContainerState("terminated", ended=Ended(0, "Completed", NOW - 60, NOW - 20))),
    ),
    "on the host's network": pod(template(spec={"hostNetwork": True})),
    "of a StatefulSet": pod(
        template(
            owner=Owner("apps/v1", "StatefulSet", "ledger", "u"), own_name_label="statefulset.kubernetes.io/pod-name"
        )
    ),
    "of a DaemonSet": pod(template(owner=Owner("apps/v1", "DaemonSet", "shipper", "u"))),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_table_cells_are_what_the_api_server_prints_of_the_object(case: str) -> None:
    entry = CASES[case]
    assert tuple(entry.cells(NOW)) == print_pod(json.loads(entry.encode()), NOW)


@pytest.mark.parametrize("case", CASES)
def test_json_agrees_with_what_selectors_see(case: str) -> None:
    entry = CASES[case]
    body = json.loads(entry.encode())
    assert (body["kind"], body["apiVersion"]) == ("Pod", "v1")
    assert body["metadata"]["resourceVersion"] == "4242"
    assert body["metadata"]["labels"] == entry.labels
    assert entry.field("metadata.name") == body["metadata"]["name"]
    assert entry.field("spec.nodeName") == body["spec"].get("nodeName", "")
    assert entry.field("status.phase") == body["status"]["phase"]
    assert entry.field("status.podIP") == body["status"].get("podIP", "")


@pytest.mark.parametrize(
    "usual",
    [
        "running",
        "running after init",
        "two containers, one restarted",
        "on the host's network",
        "of a StatefulSet",
        "of a DaemonSet",
    ],
)
def test_the_fast_way_writes_the_same_bytes_as_the_long_way(usual: str) -> None:
    entry = CASES[usual]
    assert entry.encode() == entry.whole()


def test_a_field_that_pods_do_not_select_by_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        CASES["running"].field("spec.containers")


def test_a_copy_can_be_stamped_without_touching_the_original() -> None:
    # the storage keeps the last state of a deleted object that way
    entry = CASES["crash loop"]
    last = copy.copy(entry)
    last.stamp(5000)
    assert (entry.version, last.version) == (4242, 5000)


def test_replace_leaves_the_original_alone_and_refuses_what_cannot_change() -> None:
    entry = CASES["running"]
    moved = entry.replace(phase="Failed")
    assert (entry.phase, moved.phase, moved.name) == ("Running", "Failed", entry.name)
    with pytest.raises(TypeError, match="name"):
        entry.replace(name="other")


def test_another_restart_is_another_container_id() -> None:
    def run(restarts: int) -> str:
        state = RUN._replace(restarts=restarts)
        body = json.loads(pod(template(), containers=(state,)).encode())
        return str(body["status"]["containerStatuses"][0]["containerID"])

    assert run(0) != run(1)


def test_managed_fields_are_about_a_third() -> None:
    body = json.loads(CASES["running"].encode())
    whole = len(json.dumps(body))
    assert 0.25 < len(json.dumps(body["metadata"]["managedFields"])) / whole < 0.45

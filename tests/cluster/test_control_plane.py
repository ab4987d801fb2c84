"""The control plane that other tests lean on does what it says."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.cluster.api_client import ApiClient, Refused
from tests.cluster.binaries import Binaries
from tests.cluster.control_plane import API_SERVER, ControlPlane
from tests.cluster.processes import Died

_ROOT = Path(__file__).parents[2]


def config_map(client: ApiClient, namespace: str, name: str, value: str = "") -> str:
    """Create a ConfigMap and give its resourceVersion."""
    made = client.post(
        f"/api/v1/namespaces/{namespace}/configmaps", {"metadata": {"name": name}, "data": {"value": value}}
    )
    return str(made["metadata"]["resourceVersion"])


def status_of(client: ApiClient, path: str) -> int:
    """The HTTP status of a read: 200, or what it was refused with."""
    try:
        client.get(path)
    except Refused as refused:
        return refused.status
    return 200


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet collected by its parent does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_it_is_ready_and_has_its_default_service_accounts(control_plane: ControlPlane) -> None:
    assert control_plane.admin.get("/readyz") == "ok"
    assert control_plane.admin.get("/version")["gitVersion"] == "v1.36.3"
    for namespace in ("default", "kube-system"):
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
        assert control_plane.admin.get(path)["metadata"]["name"] == "default"


def test_it_has_no_nodes(control_plane: ControlPlane) -> None:
    assert control_plane.admin.get("/api/v1/nodes")["items"] == []


def test_the_admin_kubeconfig_works_with_kubectl(control_plane: ControlPlane, namespace: str) -> None:
    assert control_plane.kubectl("get", "namespace", namespace, "-o", "name") == f"namespace/{namespace}\n"


def test_a_stopped_api_server_refuses_connections_and_comes_back_with_its_data(
    control_plane: ControlPlane, namespace: str
) -> None:
    version = config_map(control_plane.admin, namespace, "kept")
    control_plane.stop_api_server()
    try:
        with pytest.raises(ConnectionError):
            control_plane.admin.get("/readyz")
    finally:
        control_plane.start_api_server()
    kept = control_plane.admin.get(f"/api/v1/namespaces/{namespace}/configmaps/kept")
    assert kept["metadata"]["resourceVersion"] == version


def test_continuing_a_list_after_a_compaction_is_gone(control_plane: ControlPlane, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/configmaps?limit=1"
    for name in ("one", "two"):
        config_map(control_plane.admin, namespace, name)
    page = control_plane.admin.get(path)
    config_map(control_plane.admin, namespace, "three")
    control_plane.compact_etcd()
    # The API server may still hold that version in memory; its restart forgets it.
    control_plane.restart_api_server(grace=0)
    with pytest.raises(Refused) as refusal:
        control_plane.admin.get(f"{path}&continue={page['metadata']['continue']}")
    assert refusal.value.status == 410
    assert refusal.value.body["reason"] == "Expired"


def test_a_watch_from_before_a_compaction_is_gone(control_plane: ControlPlane, namespace: str) -> None:
    old = config_map(control_plane.admin, namespace, "one")
    for later in ("two", "three"):
        config_map(control_plane.admin, namespace, later)
    control_plane.compact_etcd()
    control_plane.restart_api_server(grace=0)
    watch = f"/api/v1/namespaces/{namespace}/configmaps?watch=1&timeoutSeconds=5&resourceVersion={old}"
    event = control_plane.admin.get(watch)
    assert (event["type"], event["object"]["code"]) == ("ERROR", 410)


def test_a_user_without_rights_is_forbidden(control_plane: ControlPlane, namespace: str) -> None:
    stranger = control_plane.client_for("stranger")
    with pytest.raises(Refused, match='User "stranger" cannot list resource "pods"') as refusal:
        stranger.get(f"/api/v1/namespaces/{namespace}/pods")
    assert refusal.value.status == 403


def test_a_user_may_have_rights_in_one_namespace_only(control_plane: ControlPlane, namespace: str) -> None:
    user = f"dev@{namespace}"
    control_plane.grant(user, "view", namespace=namespace)
    dev = control_plane.client_for(user)
    assert status_of(dev, f"/api/v1/namespaces/{namespace}/pods") == 200
    assert status_of(dev, "/api/v1/pods") == 403
    kubeconfig = control_plane.kubeconfig_for(user)
    question = ("auth", "can-i", "list", "pods", "--namespace", namespace)
    assert control_plane.kubectl(*question, kubeconfig=kubeconfig) == "yes\n"


def test_a_users_groups_are_its_certificates_organizations(control_plane: ControlPlane) -> None:
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    made = control_plane.client_for("dev", ["team-a", "a/b+c"]).post(
        "/apis/authentication.k8s.io/v1/selfsubjectreviews", review
    )
    assert made["status"]["userInfo"]["username"] == "dev"
    assert {"team-a", "a/b+c"} <= set(made["status"]["userInfo"]["groups"])


def test_a_service_accounts_token_signs_in(control_plane: ControlPlane, namespace: str) -> None:
    token = control_plane.service_account_token(namespace, "default")
    path = f"/api/v1/namespaces/{namespace}/pods"
    assert status_of(control_plane.client_with_token(token), path) == 403
    assert status_of(control_plane.client_with_token("not-a-token"), path) == 401


def test_several_run_at_once_with_flags_of_their_own(control_plane: ControlPlane, cluster_binaries: Binaries) -> None:
    with ControlPlane(cluster_binaries, api_server_args=["--watch-cache=false"]) as other:
        old = config_map(other.admin, "default", "one")
        for later in ("two", "three"):
            config_map(other.admin, "default", later)
        other.compact_etcd()
        # Without the watch cache a watch goes to the store itself, and is gone without any restart.
        watch = f"/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=5&resourceVersion={old}"
        assert other.admin.get(watch)["object"]["code"] == 410
        assert status_of(control_plane.admin, "/api/v1/namespaces/default/configmaps/one") == 404
        pids, folder = other.household.pids, other.folder
        assert set(pids) == {"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"}
    assert not any(alive(pid) for pid in pids.values())
    assert not folder.exists()


def test_a_program_that_fails_to_start_says_why(cluster_binaries: Binaries) -> None:
    plane = ControlPlane(cluster_binaries, api_server_args=["--no-such-flag"])
    with pytest.raises(Died, match=f"(?s){API_SERVER} is not running.*unknown flag: --no-such-flag"):
        plane.start()
    assert not plane.folder.exists()


def test_nothing_is_left_when_the_owner_is_killed(cluster_binaries: Binaries) -> None:
    # given a process that owns a control plane's store
    program = """
        import time
        from tests.cluster import binaries
        from tests.cluster.control_plane import ControlPlane
        plane = ControlPlane(binaries.find())
        plane.start_etcd()
        print(plane.folder, plane.household.pids["etcd"], flush=True)
        time.sleep(600)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        folder, etcd = owner.stdout.readline().split()
        assert Path(folder).exists()
        assert alive(int(etcd))
        # when it is killed, which it cannot answer
        owner.kill()
    # then its program and its folder go
    deadline = time.monotonic() + 30
    while (alive(int(etcd)) or Path(folder).exists()) and time.monotonic() < deadline:
        os.sched_yield()
        time.sleep(0.05)
    assert not alive(int(etcd))
    assert not Path(folder).exists()

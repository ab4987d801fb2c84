"""Every way to sign in, on a real API server: what comes on the screen is what that account may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.api_client import Refused
from tests.cluster.certificates import Authority, Certificate
from tests.cluster.real import containers
from tests.cluster.real.cluster import RealCluster
from tests.cluster.tokens import make_account, short_token
from tests.terminal import identity_endpoint, server_rows
from tests.terminal.conftest import Start
from tests.terminal.program import Program
from tests.terminal.table_on_screen import agree

BACK = 90.0
"""Seconds until a sign-in that was refused is tried again and succeeds: the pause after a refusal is 30 s."""
TRY_NOW = "\x12"  # ^r
SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630"  # AKS's own application in Entra ID


@pytest.fixture
def pod(real_cluster: RealCluster, real_namespace: str) -> str:
    """The namespace, with a pod in it and an account ``reader`` that may view it, and nothing else."""
    containers.run(real_cluster, real_namespace, "first", "speak", "ready")
    make_account(real_cluster, real_namespace, "reader")
    real_cluster.grant(f"system:serviceaccount:{real_namespace}:reader", "view", namespace=real_namespace)
    return real_namespace


def kubeconfig(cluster: RealCluster, path: Path, user: dict[str, Any]) -> str:
    """A kubeconfig for the cluster with this user's entry."""
    config = yaml.safe_load(cluster.admin_kubeconfig.read_text())
    config["users"][0]["user"] = user
    path.write_text(yaml.safe_dump(config))
    return str(path)


def equals_the_server(program: Program, cluster: RealCluster, namespace: str) -> None:
    program.wait_for("live", "first")
    agree(program, partial(server_rows.pods, cluster, namespace))


def test_a_client_certificate(real_cluster: RealCluster, pod: str, environ: dict[str, str], start: Start) -> None:
    real_cluster.grant(f"dev@{pod}", "view", namespace=pod)
    environ["KUBECONFIG"] = str(real_cluster.kubeconfig_for(f"dev@{pod}", ["team-a"]))
    with start("-n", pod, "--pane", "pods", width=200) as program:
        equals_the_server(program, real_cluster, pod)


def test_a_service_account_of_one_namespace_with_a_token(
    real_cluster: RealCluster, pod: str, environ: dict[str, str], start: Start
) -> None:
    token = real_cluster.service_account_token(pod, "reader")
    environ["KUBECONFIG"] = str(real_cluster.kubeconfig_with_token(token))
    with start("-n", pod, "--pane", "pods", width=200) as program:
        equals_the_server(program, real_cluster, pod)
        program.type("A")
        program.wait_for("forbidden: list pods")
        program.type("2")
        program.wait_for("forbidden: list nodes")


def test_kubelogin_itself(
    real_cluster: RealCluster, pod: str, environ: dict[str, str], start: Start, tmp_path: Path
) -> None:
    with identity_endpoint.serving(real_cluster.service_account_token(pod, "reader")) as endpoint:
        plugin = {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": str(real_cluster.binaries["kubelogin"]),
            "args": ["get-token", "--login", "msi", "--server-id", SERVER_ID],
            "env": [{"name": name, "value": value} for name, value in endpoint.variables.items()],
            "provideClusterInfo": False,
        }
        environ["KUBECONFIG"] = kubeconfig(real_cluster, tmp_path / "kubelogin", {"exec": plugin})
        with start("-n", pod, "--pane", "pods", width=200) as program:
            equals_the_server(program, real_cluster, pod)
        assert endpoint.asked == [SERVER_ID]


def test_kubelogin_that_is_refused_says_what_it_said(
    real_cluster: RealCluster, pod: str, environ: dict[str, str], start: Start, tmp_path: Path
) -> None:
    with identity_endpoint.serving("") as endpoint:
        wrong = endpoint.variables | {"IDENTITY_HEADER": "another"}
        plugin = {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": str(real_cluster.binaries["kubelogin"]),
            "args": ["get-token", "--login", "msi", "--server-id", SERVER_ID],
            "env": [{"name": name, "value": value} for name, value in wrong.items()],
            "provideClusterInfo": False,
        }
        environ["KUBECONFIG"] = kubeconfig(real_cluster, tmp_path / "kubelogin", {"exec": plugin})
        with start("-n", pod, "--pane", "pods", width=200) as program:
            program.wait_for("with kubelogin", "ManagedIdentityCredential", patience=BACK)


def test_a_token_that_expired_is_said_and_a_new_one_in_its_file_is_taken(
    real_cluster: RealCluster, pod: str, environ: dict[str, str], start: Start, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text(short_token(real_cluster, pod, "reader", -30))
    environ["KUBECONFIG"] = kubeconfig(real_cluster, tmp_path / "config", {"tokenFile": str(token)})
    with start("-n", pod, "--pane", "pods", width=200) as program:
        program.wait_for("Unauthorized")
        token.write_text(real_cluster.service_account_token(pod, "reader"))
        program.wait_for("live", "first", patience=BACK)
        equals_the_server(program, real_cluster, pod)


def test_a_token_that_expires_under_way(
    real_cluster: RealCluster, pod: str, environ: dict[str, str], start: Start, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text(short_token(real_cluster, pod, "reader", 10))
    environ["KUBECONFIG"] = kubeconfig(real_cluster, tmp_path / "config", {"tokenFile": str(token)})
    with start("-n", pod, "--pane", "pods", width=200) as program:
        equals_the_server(program, real_cluster, pod)
        real_cluster.until("it is refused", partial(_refused, real_cluster, token.read_text()))
        real_cluster.restart_api_server(grace=0)  # a watch that runs is not asked for its token again
        program.wait_for("stale", "first")
        token.write_text(real_cluster.service_account_token(pod, "reader"))
        containers.run(real_cluster, pod, "second", "speak", "ready")
        program.type(TRY_NOW)
        program.wait_for("live", "second", patience=BACK)
        equals_the_server(program, real_cluster, pod)


@pytest.fixture
def trust(real_cluster: RealCluster, tmp_path: Path) -> Iterator[Callable[[Authority], None]]:
    """Lets the API server take client certificates of an authority, beside the cluster's own, until the test's end."""

    def authority_too(authority: Authority) -> None:
        bundle = tmp_path / f"{authority.name}-and-own.crt"
        own = real_cluster.authority.root.certificate.read_text()
        bundle.write_text(own + authority.root.certificate.read_text())
        real_cluster.restart_api_server(f"--client-ca-file={bundle}", grace=0)

    yield authority_too
    real_cluster.restart_api_server(grace=0)


def test_a_certificate_that_was_rotated(
    real_cluster: RealCluster,
    trust: Callable[[Authority], None],
    pod: str,
    environ: dict[str, str],
    start: Start,
    tmp_path: Path,
) -> None:
    real_cluster.grant(f"rotated@{pod}", "view", namespace=pod)
    old, new = (Authority(tmp_path / name, name) for name in ("old", "new"))
    shown = Certificate(tmp_path / "user.crt", tmp_path / "user.key")
    put_certificate(old, f"rotated@{pod}", shown)
    files = {"client-certificate": str(shown.certificate), "client-key": str(shown.key)}
    environ["KUBECONFIG"] = kubeconfig(real_cluster, tmp_path / "config", files)
    trust(old)
    with start("-n", pod, "--pane", "pods", width=200) as program:
        equals_the_server(program, real_cluster, pod)
        # when the authority is replaced, and a moment later the user's certificate
        trust(new)
        program.wait_for("stale", "first")
        put_certificate(new, f"rotated@{pod}", shown)
        containers.run(real_cluster, pod, "second", "speak", "ready")
        program.type(TRY_NOW)
        program.wait_for("live", "second", patience=BACK)
        equals_the_server(program, real_cluster, pod)


def put_certificate(authority: Authority, user: str, place: Certificate) -> None:
    """Put a fresh certificate of the user's in its place."""
    made = authority.issue("user", user)
    place.key.write_bytes(made.key.read_bytes())
    place.certificate.write_bytes(made.certificate.read_bytes())


def _refused(cluster: RealCluster, token: str) -> bool:
    try:
        cluster.client_with_token(token).get("/version")
    except Refused as refused:
        return refused.status == 401
    return False

"""The commands to copy that need a kubelet, run as they are offered on a cluster with a real node."""

from __future__ import annotations

import re
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.request import ProxyHandler, build_opener

import pytest

from kubetui.commands.quoting import command_line
from kubetui.commands.subject import Subject
from tests.cluster.real.cluster import RealCluster
from tests.cluster.test_commands_to_copy import Shell, subject_in
from tests.unit.commands.subjects import NODE, POD, SERVICE

PATIENCE = 60.0
"""Seconds until a forwarded port must answer, or metrics be there: a loaded machine of two cores."""


@pytest.fixture
def shell(real_cluster: RealCluster) -> Shell:
    return Shell(real_cluster)


@pytest.fixture
def lines(shell: Shell) -> Callable[[Subject], dict[str, str]]:
    return lambda subject: {offer.id: command_line(offer.words) for offer in shell.offers(subject)}


@pytest.fixture
def coredns(real_cluster: RealCluster) -> Subject:
    words = ["-n", "kube-system", "get", "pods", "-l", "k8s-app=kube-dns", "-o", "jsonpath={.items[0].metadata.name}"]
    return subject_in(real_cluster, POD, "kube-system", real_cluster.kubectl(*words))


def test_logs_of_a_container_and_of_all(
    shell: Shell, lines: Callable[[Subject], dict[str, str]], coredns: Subject
) -> None:
    offered = lines(coredns)
    for identity in ("pod.logs.all", "pod.logs:coredns"):
        ended = shell.run(offered[identity].removesuffix(" -f"))
        assert ended.returncode == 0, ended.stderr
        assert "CoreDNS-" in ended.stdout


def test_the_container_that_ran_before_is_asked_for(
    shell: Shell, lines: Callable[[Subject], dict[str, str]], coredns: Subject
) -> None:
    ended = shell.run(lines(coredns)["pod.previous:coredns"])
    assert ended.returncode == 0 or "previous terminated container" in ended.stderr


def test_what_a_kubelet_tells_through_the_api_server(
    real_cluster: RealCluster, shell: Shell, lines: Callable[[Subject], dict[str, str]]
) -> None:
    offered = lines(subject_in(real_cluster, NODE, "", real_cluster.node))
    ended = shell.run(offered["node.configz"])
    assert '"kubeletconfig"' in ended.stdout, ended.stderr


def test_usage(
    real_cluster: RealCluster, shell: Shell, lines: Callable[[Subject], dict[str, str]], coredns: Subject
) -> None:
    node = lines(subject_in(real_cluster, NODE, "", real_cluster.node))["node.top"]
    for line in (node, lines(coredns)["pod.top"]):
        deadline = time.monotonic() + PATIENCE
        while (ended := shell.run(line)).returncode != 0 and time.monotonic() < deadline:
            time.sleep(1.0)
        assert re.search(r"\d+m +(\d+%)? +\d+Mi", ended.stdout), ended.stderr


@contextmanager
def running(shell: Shell, line: str) -> Iterator[str]:
    """A command that goes on; gives the first line it prints."""
    words = ["bash", "-c", f"exec {line}"]
    with subprocess.Popen(words, env=shell.environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], PATIENCE)[0], "it printed nothing"
            yield process.stdout.readline()
        finally:
            process.kill()


def test_a_port_is_forwarded_to_a_pod_and_through_a_service(
    real_cluster: RealCluster, shell: Shell, lines: Callable[[Subject], dict[str, str]], coredns: Subject
) -> None:
    service = lines(subject_in(real_cluster, SERVICE, "kube-system", "kube-dns"))["service.forward:53"]
    with running(shell, service) as said:
        assert "Forwarding from 127.0.0.1:8053 -> " in said
    port = next(port for one in coredns.containers for port in one.ports if port != 53)
    with running(shell, lines(coredns)[f"pod.forward:{port}"]) as said:
        local = re.findall(r"127\.0\.0\.1:(\d+) ->", said)[0]
        direct = build_opener(ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{local}/metrics", timeout=PATIENCE) as answer:
            assert b"coredns_build_info" in answer.read()

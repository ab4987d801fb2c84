"""``kubetui configz`` as a program: on the demo and on a real kubelet what is written is what the kubelet said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubetui.cluster.kubelet_config import KubeletConfigs, Why
from kubetui.cluster.transport import Request
from tests.contract.conftest import Api

CHECKOUT = Path(__file__).parents[2]


def run(kubeconfig: Path, *arguments: str) -> tuple[int, str, str]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(kubeconfig.parent), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "kubetui", "--kubeconfig", str(kubeconfig), "configz", *arguments]
    ended = subprocess.run(
        command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
    )
    return ended.returncode, ended.stdout, ended.stderr


async def raw(api: Api, node: str) -> dict[str, Any]:
    """The kubelet's own answer."""
    async with api.session() as session:
        answer = await session.send(Request(f"/api/v1/nodes/{node}/proxy/configz", "get configz"))
        found: dict[str, Any] = json.loads(answer.body)["kubeletconfig"]
        return found


@pytest.fixture(
    params=["demo_api", pytest.param("node_api", marks=(pytest.mark.cluster, pytest.mark.real_cluster))],
)
def kubelets(request: pytest.FixtureRequest) -> Api:
    """API servers with kubelets behind them."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Api)
    return found


async def test_what_is_written_is_what_each_kubelet_says(kubelets: Api) -> None:
    code, out, err = run(kubelets.kubeconfig, "-o", "json")
    assert (code, err) == (0, "")
    items = json.loads(out)["nodes"]
    assert items
    for item in items[:3]:
        assert item["kubeletconfig"] == await raw(kubelets, item["node"])
    name = items[0]["node"]
    code, out, _ = run(kubelets.kubeconfig, name, "-o", "yaml")
    assert code == 0
    assert yaml.safe_load(out)["nodes"][0]["kubeletconfig"] == items[0]["kubeletconfig"]


async def test_every_value_of_a_node_stands_in_the_text(kubelets: Api) -> None:
    async with kubelets.session() as session:
        listed = json.loads((await session.send(Request("/api/v1/nodes", "list nodes"))).body)
    name = listed["items"][0]["metadata"]["name"]
    code, out, _ = run(kubelets.kubeconfig, name)
    assert code == 0
    lines = dict(line.split(maxsplit=1) for line in out.splitlines()[1:])
    found = await raw(kubelets, name)
    assert lines["maxPods"] == str(found["maxPods"])
    assert lines["evictionHard.memory.available"] == found["evictionHard"]["memory.available"]
    assert lines["authentication.anonymous.enabled"] == "false"


def test_a_node_that_is_not_there_is_named(kubelets: Api) -> None:
    code, out, err = run(kubelets.kubeconfig, "no-such-node")
    assert (code, out) == (2, "")
    assert "there is no node no-such-node" in err


def test_who_may_not_list_nodes_is_told_which_right_is_missing(api: Api) -> None:
    code, out, err = run(api.nobody)
    assert (code, out) == (2, "")
    assert "list nodes" in err
    assert "role" in err


async def test_a_node_that_no_kubelet_stands_behind_is_told_apart(api: Api) -> None:
    async with api.session() as session:
        answer = await KubeletConfigs(session).read("no-such-node")
    assert answer.why is Why.GONE
    assert answer.error is not None

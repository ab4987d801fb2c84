"""``kubetui configz`` on standard output: variants, one node's fields, what differs, and exit codes that tell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
import yaml

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.errors import NotKubernetes, Unreachable
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.headless.configz import command
from kubetui.headless.configz.command_line import parse, parser
from tests.ui.cluster_in_memory import forbidden
from tests.ui.kubelets_in_memory import CONFIG, ClusterWithKubelets, may_not, tunnel_down

BEFORE = parser().parse_args([])
ODD, OTHER = "aks-general-27182818-vmss000003", "aks-system-31415926-vmss000001"


@dataclass(frozen=True)
class Place:
    session: Session
    namespace: str = ""


def drifted() -> ClusterWithKubelets:
    found = ClusterWithKubelets()
    found.says[ODD] = {"maxPods": 30}
    return found


async def configz(cluster: ClusterWithKubelets, *arguments: str) -> int:
    async def connect() -> Place:
        clock = SystemClock()
        return Place(Session("aks-prod", cluster, Traffic(clock), clock, Random(1)))

    async def close() -> None:
        pass

    return await command._run(parse(arguments, BEFORE), connect, close)


async def test_variants_with_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    assert await configz(drifted()) == command.READ
    out = capsys.readouterr().out
    assert out.startswith("# aks-prod: 8 of 8 nodes, 2 variants")
    assert f"B  1 node of pool general: {ODD}" in out
    assert "30 ◆ not as its pool" in out
    # What AKS reserves goes by maxPods: 20Mi × 30 + 50Mi.
    assert "2250Mi ▲ AKS sets 650Mi" in out


async def test_diff_tells_by_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert await configz(drifted(), "--diff") == command.DIFFERS
    out = capsys.readouterr().out
    assert ODD in out
    assert "aks-general-27182818-vmss000001" not in out
    assert await configz(ClusterWithKubelets(), "--diff") == command.READ
    assert "each node is as its pool" in capsys.readouterr().out


async def test_one_node_beside_its_pool(capsys: pytest.CaptureFixture[str]) -> None:
    cluster = drifted()
    assert await configz(cluster, ODD, "--diff") == command.DIFFERS
    head, first, *_ = capsys.readouterr().out.splitlines()
    assert head.split() == ["FIELD", "VALUE", "POOL", "AKS", "SETS", "DEFAULT"]
    assert first.split() == ["maxPods", "30", "110", "–", "110"]
    assert not any("system" in name for name in cluster.kubelets_asked), "other pools are not asked"
    assert await configz(cluster, "aks-general-27182818-vmss000001", "--diff") == command.READ


async def test_json_and_yaml_hold_the_kubelets_own_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert await configz(drifted(), ODD, OTHER, "-o", "json") == command.READ
    document = json.loads(capsys.readouterr().out)
    items = {item["node"]: item for item in document["nodes"]}
    assert sorted(items) == [ODD, OTHER]
    assert items[ODD]["kubeletconfig"] == {**CONFIG, "maxPods": 30, "providerID": f"azure:///{ODD}"}
    assert await configz(drifted(), "--pool", "system", "-o", "yaml") == command.READ
    document = yaml.safe_load(capsys.readouterr().out)
    assert [item["pool"] for item in document["nodes"]] == ["system", "system"]


async def test_differences_as_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert await configz(drifted(), "--diff", "-o", "json") == command.DIFFERS
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (document["nodes"], document["answered"], document["drifted"]) == (8, 8, 1)
    odd = document["variants"][1]
    assert odd["nodes"] == [ODD]
    assert odd["fields"]["maxPods"] == 30
    assert odd["notAsItsPool"] == ["maxPods"]
    assert odd["aksSets"] == {"kubeReserved.memory": "650Mi"}


async def test_who_gave_no_answer_is_told_and_the_rest_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    cluster = drifted()
    cluster.says[OTHER] = NotKubernetes("get", "the answer is no JSON")
    assert await configz(cluster, "-o", "json") == command.NOT_READ
    out, err = capsys.readouterr()
    assert f"wrong answer: {OTHER}: the answer is no JSON" in err
    errors = [item for item in json.loads(out)["nodes"] if "error" in item]
    assert [item["node"] for item in errors] == [OTHER]


@pytest.mark.parametrize(("error", "says"), [(may_not(), "ask for a role"), (tunnel_down(), "No agent available")])
async def test_without_any_kubelet_it_says_why_and_writes_what_nodes_tell(
    error: Any, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster = ClusterWithKubelets()
    cluster.everywhere = error
    assert await configz(cluster) == command.NOT_READ
    out, err = capsys.readouterr()
    assert says in err
    assert "what the Node objects tell of 8" in out
    assert "v1.36.3" in out


async def test_one_node_without_its_kubelet_is_what_its_object_tells(capsys: pytest.CaptureFixture[str]) -> None:
    cluster = ClusterWithKubelets()
    cluster.everywhere = may_not()
    assert await configz(cluster, ODD) == command.NOT_READ
    fields = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert fields["kubeletVersion"] == "v1.36.3"
    assert fields["allocatable.memory"] == "29743Mi"
    assert fields["labels.kubernetes.azure.com/sku-memory"] == "32768"


async def test_nodes_that_may_not_be_listed_may_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    cluster = drifted()
    cluster.refuses["nodes"] = forbidden("nodes")
    assert await configz(cluster) == command.NOT_READ
    assert "list nodes" in capsys.readouterr().err
    assert await configz(cluster, ODD) == command.READ
    assert "maxPods" in capsys.readouterr().out


async def test_an_unknown_node_or_pool_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert await configz(drifted(), "nobody") == command.NOT_READ
    assert "there is no node nobody" in capsys.readouterr().err
    assert await configz(drifted(), "--pool", "gpu") == command.NOT_READ
    assert "no nodes of pool gpu" in capsys.readouterr().err


async def test_a_cluster_that_cannot_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    async def connect() -> Place:
        raise Unreachable("read kubeconfig", "nothing is there", "look again")

    async def close() -> None:
        pass

    assert await command._run(parse([], BEFORE), connect, close) == command.NOT_READ
    assert "nothing is there" in capsys.readouterr().err


def test_wrong_arguments_leave_with_2() -> None:
    with pytest.raises(SystemExit) as left:
        parse(["-o", "xml"], BEFORE)
    assert left.value.code == 2

"""Every line for ``az`` that the program shows, in whatever place, is one that az takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubetui.azure.cli_credentials import AZ
from kubetui.azure.machines import Instance, ManagedCluster
from kubetui.insight.machine_commands import activity_command, pool_command, power_command, view_command
from tests.az_lines import AzLine, said, written, wrong_with, wrong_with_line

GROUP = "/subscriptions/s/resourceGroups/MC_shop"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
OF_A_SET = Instance(f"{COMPUTE}/virtualMachineScaleSets/aks-apps-vmss/virtualMachines/3", "aks-apps-vmss", "3")
BY_ITSELF = Instance(f"{COMPUTE}/virtualMachines/aks-default-cfc7h", "", "aks-default-cfc7h")
CLUSTER = ManagedCluster(f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/shop", "shop")
FINDINGS = Path(__file__).parents[3] / "kubetui" / "insight" / "findings"
PUT_TOGETHER = ("az aks nodepool X", "az aks nodepool …", "az vm X", "az vmss X")
"""How those begin whose verb is filled in; they are made below."""


@pytest.mark.parametrize("line", sorted({*written()}), ids=lambda line: f"{line.where}: {line.text[:60]}")
def test_a_line_in_a_text_is_one_of_azs(line: AzLine) -> None:
    if line.text.startswith(PUT_TOGETHER):
        return
    words = said(line)
    # With options of its own it is meant to be run, unless dots, or parts that are made elsewhere, say that more comes.
    options = any(word.startswith("-") for word in words)
    assert wrong_with(words, whole=options and not {"…", "X"} & set(words)) == ""


def verbs(function: str) -> Iterator[str]:
    """What findings give to ``function`` first."""
    for path in sorted(FINDINGS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                assert isinstance(node.args[0], ast.Constant)
                yield str(node.args[0].value)


@pytest.mark.parametrize("machine", [OF_A_SET, BY_ITSELF], ids=["of a scale set", "by itself"])
def test_the_lines_of_findings_about_machines_are(machine: Instance) -> None:
    powers = [power_command(verb, [machine]) for verb in sorted({*verbs("power_command")})]
    lines = [view_command(machine), activity_command(machine), *powers]

    assert len(powers) >= 2
    assert all(lines)
    assert [wrong for line in lines if (wrong := wrong_with_line(line))] == []


def test_the_lines_of_findings_about_pools_are() -> None:
    lines = [pool_command(verb, "apps", CLUSTER) for verb in sorted({*verbs("pool_command")})]

    assert len(lines) >= 3
    assert [wrong for line in lines if (wrong := wrong_with_line(line))] == []


def test_what_az_itself_is_asked_is() -> None:
    assert wrong_with(["az", *AZ.arguments, AZ.target, "https://management.azure.com", AZ.tenant, "t"]) == ""


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("az aks nodepol show -g g", "no command of az"),
        ("az vmss start -g g -n n --instance-id 3", "has no --instance-id"),
        ("az vm list-usage -o table", "wants [['--location', '-l']]"),
        ("kubectl delete node x", ""),
        ("az vm list-usage -l westeurope", ""),
    ],
)
def test_the_check_itself_finds_what_is_wrong(line: str, wrong: str) -> None:
    assert (wrong in wrong_with_line(line)) if wrong else wrong_with_line(line) == ""


def test_options_of_a_preview_are_wrong_where_the_extension_is_not_named() -> None:
    line = AzLine("x", "az aks update --kube-proxy-config FILE", "run az aks update --kube-proxy-config FILE")
    assert "has no --kube-proxy-config" in wrong_with(said(line), whole=False)

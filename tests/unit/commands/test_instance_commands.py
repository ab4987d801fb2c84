"""Commands for a machine that no node is on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kubetui.commands.command import Offer
from kubetui.commands.quoting import command_line
from kubetui.commands.subject import Subject, machine_subject
from tests.unit.commands.subjects import VM_ID, VMSS_ID, all_offers

AZ_OPTIONS = json.loads((Path(__file__).parent / "az_options.json").read_text(encoding="utf-8"))
SHOUTED = VMSS_ID.removeprefix("azure://").replace("mc_rg-prod_aks-prod_westeurope", "MC_RG-PROD_AKS-PROD_WESTEUROPE")


def instance(resource: str = SHOUTED) -> Subject:
    return machine_subject(resource, "17", "aks-general-27182818-vmss00000H", "general")


def offer(identity: str, subject: Subject) -> Offer:
    return next(one for one in all_offers(subject) if one.id == identity)


@pytest.mark.parametrize(
    ("identity", "resource", "line"),
    [
        ("vmss.view", SHOUTED,
         ("az vmss get-instance-view --subscription 00000000-0000-0000-0000-000000000000"
         " -g mc_rg-prod_aks-prod_westeurope -n aks-general-27182818-vmss --instance-id 17")),
        ("vmss.bootstrap", SHOUTED,
         ("az vmss run-command invoke --subscription 00000000-0000-0000-0000-000000000000"
         " -g mc_rg-prod_aks-prod_westeurope -n aks-general-27182818-vmss --instance-id 17 --command-id RunShellScript"
         " --scripts 'tail -n 150 /var/log/azure/cluster-provision.log'")),
        ("aks.machine.delete", SHOUTED,
         ("az aks nodepool delete-machines --subscription 00000000-0000-0000-0000-000000000000 -g rg-prod"
         " --cluster-name aks-prod --nodepool-name general --machine-names aks-general-27182818-vmss00000H")),
        ("vm.view", VM_ID.removeprefix("azure://"),
         ("az vm get-instance-view --subscription 00000000-0000-0000-0000-000000000000"
         " -g mc_rg-prod_aks-prod_westeurope -n aks-default-cfc7h")),
    ],
)  # fmt: skip
def test_lines(identity: str, resource: str, line: str) -> None:
    assert command_line(offer(identity, instance(resource)).words) == line


def test_no_line_asks_the_api_server_for_what_it_does_not_have() -> None:
    assert {one.words[0] for one in all_offers(instance())} == {"az"}


def test_what_takes_something_away_is_marked() -> None:
    assert offer("aks.machine.delete", instance()).effect.word == "deletes"


@pytest.mark.parametrize("resource", [SHOUTED, VM_ID.removeprefix("azure://")])
def test_az_knows_every_option(resource: str) -> None:
    for one in all_offers(instance(resource)):
        end = next(at for at, word in enumerate(one.words) if word.startswith("-"))
        known = AZ_OPTIONS["commands"][" ".join(one.words[1:end])]
        used = {word for word in one.words[end:] if word.startswith("-")}
        assert used <= {name for names in (*known["required"], *known["others"]) for name in names}, one.id


def test_an_id_that_is_no_machines_has_no_lines() -> None:
    assert all_offers(instance("/nonsense")) == []

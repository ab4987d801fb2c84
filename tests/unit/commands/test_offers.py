"""Which commands are offered for which objects, and how their lines read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.commands.command import Command
from kubetui.commands.managed_by_aks import notes_for
from kubetui.commands.offers import offers_for, sections_for
from kubetui.commands.place import ClusterPlace
from kubetui.commands.quoting import command_line
from kubetui.commands.read_object import read_subject
from kubetui.commands.subject import Resource, Subject, pool_subject, subject_of
from kubetui.commands.values import PLACES, VALUES
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import NODE as NODE_KIND
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod import POD as POD_KIND
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.provider_id import Machine
from tests.unit.commands.subjects import (
    CONFIG_MAP,
    DAEMON_SET,
    DEPLOYMENT,
    NODE,
    PLACE,
    POD,
    SAMPLES,
    SERVICE,
    VM_ID,
    all_offers,
    line,
    node,
    pod,
    service,
    subject,
    workload,
)

AZ_OPTIONS = json.loads((Path(__file__).parent / "az_options.json").read_text(encoding="utf-8"))


def ids(*subjects: Subject) -> list[str]:
    return [offer.id for offer in all_offers(*subjects)]


# --- the lines


@pytest.mark.parametrize(
    ("identity", "of", "expected"),
    [
        ("node.cordon", node(), "kubectl --context aks-prod cordon aks-general-27182818-vmss00000h"),
        ("node.drain", node(),
         ("kubectl --context aks-prod drain aks-general-27182818-vmss00000h --ignore-daemonsets --delete-emptydir-data"
         " --timeout=10m")),
        ("node.kubelet", node(),
         ("kubectl --context aks-prod -n default debug node/aks-general-27182818-vmss00000h -it --profile=sysadmin"
         " --image=mcr.microsoft.com/azurelinux/busybox:1.36 -- chroot /host journalctl -u kubelet --no-pager"
         " --since=-15min")),
        ("vmss.reimage", node(),
         ("az vmss reimage --subscription 00000000-0000-0000-0000-000000000000 -g mc_rg-prod_aks-prod_westeurope"
         " -n aks-general-27182818-vmss --instance-ids 17")),
        ("vm.restart", node("aks-default-cfc7h", VM_ID),
         ("az vm restart --subscription 00000000-0000-0000-0000-000000000000 -g mc_rg-prod_aks-prod_westeurope"
         " -n aks-default-cfc7h")),
        ("aks.pool.image", node(),
         ("az aks nodepool upgrade --subscription 00000000-0000-0000-0000-000000000000 -g rg-prod"
         " --cluster-name aks-prod -n general --node-image-only")),
        ("pod.exec:app", pod(), "kubectl --context aks-prod -n team-04 exec -it checkout-0 -c app -- sh"),
        ("pod.previous:proxy", pod(),
         "kubectl --context aks-prod -n team-04 logs checkout-0 -c proxy --tail=200 --previous"),
        ("pod.forward:80", pod(), "kubectl --context aks-prod -n team-04 port-forward pod/checkout-0 8080:80"),
        ("pod.crictl.logs:app", pod(),
         ("kubectl --context aks-prod -n default debug node/aks-general-27182818-vmss00000h -it --profile=sysadmin"
         " --image=mcr.microsoft.com/azurelinux/busybox:1.36 -- chroot /host crictl logs --tail=200 0123abcd")),
        ("service.forward:8080", service(), "kubectl --context aks-prod -n team-04 port-forward svc/web 8080:8080"),
        ("scale", workload(), "kubectl --context aks-prod -n team-04 scale deployment/checkout --replicas=3"),
        ("set.image:app", workload(),
         "kubectl --context aks-prod -n team-04 set image deployment/checkout app=registry/app:1"),
        ("rollout.restart", workload(DAEMON_SET, "agent"),
         "kubectl --context aks-prod -n team-04 rollout restart daemonset/agent"),
        ("any.yaml", subject(Resource("Certificate", "certificates", "cert-manager.io", "v1"), "tls", "team-04"),
         "kubectl --context aks-prod -n team-04 get certificates.cert-manager.io/tls -o yaml"),
    ],
)  # fmt: skip
def test_a_line_reads(identity: str, of: Subject, expected: str) -> None:
    assert command_line(line(identity, of)) == expected


def test_a_given_kubeconfig_is_named_and_quoted() -> None:
    place = ClusterPlace("my cluster", "/home/me/kube configs/prod")
    assert command_line(line("any.describe", pod(), place=place)) == (
        "kubectl --kubeconfig '/home/me/kube configs/prod' --context 'my cluster' -n team-04 describe pod/checkout-0"
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.title)
def test_every_command_has_an_id_of_its_own_and_its_section_is_not_empty(sample: Subject) -> None:
    sections = offers_for([sample], PLACE)
    identities = [offer.id for section in sections for offer in section.offers]
    assert len(identities) == len(set(identities))
    assert all(section.offers for section in sections)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.title)
def test_places_left_to_fill_in_are_named(sample: Subject) -> None:
    for offer in all_offers(sample, place=ClusterPlace("c")):
        left = {place for place in PLACES.values() if any(place in word for word in offer.words)}
        assert set(offer.missing) == left


def test_what_cannot_be_known_is_a_place_to_fill_in() -> None:
    unlabelled = node(metadata={"labels": {"agentpool": "general"}})
    words = next(offer for offer in all_offers(unlabelled, place=ClusterPlace("c")) if offer.id == "aks.pool.show")
    assert words.missing == ("<resource-group>", "<cluster>")
    assert "'<resource-group>'" in command_line(words.words)


@given(name=st.text(min_size=1), context=st.text(min_size=1), namespace=st.text())
def test_names_of_any_kind_stay_one_word(name: str, context: str, namespace: str) -> None:
    words = line("any.yaml", Subject(POD, name, namespace), place=ClusterPlace(context))
    where = ("-n", namespace) if namespace else ()
    assert words == ("kubectl", "--context", context, *where, "get", f"pod/{name}", "-o", "yaml")


# --- az, as its own reference has it


POOL = pool_subject("general", NodeRow("n", 1, pool="general", machine=Machine("s", "g", "v", "", "3")), 3)


@pytest.mark.parametrize("sample", [*SAMPLES[1:4], POOL], ids=["instance", "machine", "windows", "pool"])
def test_az_knows_every_option_and_has_those_it_wants(sample: Subject) -> None:
    offers = [offer for offer in all_offers(sample) if offer.words[0] == "az"]
    assert len(offers) >= 4
    for offer in offers:
        end = next(at for at, word in enumerate(offer.words) if word.startswith("-"))
        command = " ".join(offer.words[1:end])
        known = AZ_OPTIONS["commands"][command]
        used = {word for word in offer.words[end:] if word.startswith("-")}
        assert used <= {name for names in (*known["required"], *known["others"]) for name in names}, command
        assert [names for names in known["required"] if not used & set(names)] == [], command


# --- what is offered


def test_a_container_that_only_initialises_has_logs_and_no_shell() -> None:
    offered = ids(pod())
    assert "pod.logs:migrate" in offered
    assert "pod.exec:migrate" not in offered


def test_the_container_under_the_cursor_is_the_only_one() -> None:
    offered = ids(replace(pod(), container="proxy"))
    assert "pod.exec:proxy" in offered
    assert [one for one in offered if one.endswith((":app", ":migrate"))] == []


def test_before_the_object_came_there_is_a_place_for_the_container() -> None:
    bare = Subject(POD, "checkout-0", "team-04")
    assert line("pod.exec", bare)[-3:] == ("<container>", "--", "sh")


def test_a_service_without_pods_has_no_port_to_forward() -> None:
    external = subject(SERVICE, "db", "team-04", spec={"ports": [{"port": 5432}], "type": "ExternalName"})
    assert [one for one in ids(external) if one.startswith("service.forward")] == []


def test_a_windows_node_has_no_debug_pod() -> None:
    windows = node("akswin00000h", status={"nodeInfo": {"operatingSystem": "windows"}})
    offered = ids(windows)
    assert "node.shell" not in offered
    assert "vmss.kubelet" not in offered
    assert "vmss.kubelet.windows" in offered


def test_a_machine_that_is_not_azures_has_no_az_lines() -> None:
    assert [one for one in all_offers(node("bare-metal", "")) if one.words[0] == "az"] == []


def test_a_replica_set_with_a_deployment_is_not_scaled() -> None:
    owned = subject(
        Resource("ReplicaSet", "replicasets", "apps", "v1"), "checkout-5d4f", "team-04",
        metadata={"ownerReferences": [{"kind": "Deployment", "name": "checkout", "controller": True}]},
    )  # fmt: skip
    assert "replicaset.scale" not in ids(owned)


@pytest.mark.parametrize(
    ("identity", "of"),
    [("node.drain", node()), ("vmss.reimage", node()), ("pod.delete", pod()), ("rollout.restart", workload()),
     ("any.delete", service())],
)  # fmt: skip
def test_what_takes_something_away_is_marked_with_a_word(identity: str, of: Subject) -> None:
    offer = next(offer for offer in all_offers(of) if offer.id == identity)
    assert offer.effect.meaning is Meaning.ACT
    assert offer.effect.word


def test_every_destroying_command_is_marked_and_every_asking_one_is_not() -> None:
    for sample in SAMPLES:
        for offer in all_offers(sample):
            if "--dry-run=server" in offer.words:
                assert offer.effect.word == ""
            elif {"delete", "drain", "reimage", "restart", "delete-machines"} & set(offer.words[:8]):
                assert offer.effect.meaning is Meaning.ACT, offer.id


# --- several objects


def test_several_nodes_are_one_line() -> None:
    nodes = [node("aks-general-27182818-vmss000002", _vmss(2)), node("aks-general-27182818-vmss000001", _vmss(1))]
    assert line("node.cordon", *nodes)[-2:] == ("aks-general-27182818-vmss000001", "aks-general-27182818-vmss000002")


def _vmss(instance: int, vmss: str = "aks-general-27182818-vmss") -> str:
    return (
        "azure:///subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/"
        f"virtualMachineScaleSets/{vmss}/virtualMachines/{instance}"
    )


def test_instances_of_two_scale_sets_are_two_lines() -> None:
    nodes = [node("a", _vmss(1)), node("b", _vmss(2)), node("c", _vmss(3, "aks-spot-1-vmss"))]
    lines = [offer.words for offer in all_offers(*nodes) if offer.id.startswith("vmss.restart")]
    assert [words[words.index("--instance-ids") + 1 :] for words in lines] == [("1", "2"), ("3",)]


def test_pods_of_two_namespaces_are_two_lines() -> None:
    pods = [pod("a", "team-01"), pod("b", "team-02"), pod("c", "team-01")]
    lines = [offer.words for offer in all_offers(*pods) if offer.id.startswith("pod.delete:")]
    assert [words[3:] for words in lines] == [
        ("-n", "team-01", "delete", "pod", "a", "c"),
        ("-n", "team-02", "delete", "pod", "b"),
    ]


def test_what_takes_one_object_only_is_not_offered_for_several() -> None:
    assert [one for one in ids(pod("a"), pod("b")) if one.startswith(("pod.exec", "pod.logs"))] == []


# --- what AKS does by itself


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (workload(DEPLOYMENT, "coredns", "kube-system", labels={"addonmanager.kubernetes.io/mode": "Reconcile"}),
         ["undoes edits", "coredns-autoscaler sets its replicas"]),
        (subject(CONFIG_MAP, "coredns-custom", "kube-system",
                 metadata={"labels": {"addonmanager.kubernetes.io/mode": "EnsureExists"}}),
         ["anew when it is deleted", "when it is restarted"]),
        (workload(DAEMON_SET, "csi-azuredisk-node", "kube-system", labels={"kubernetes.azure.com/managedby": "aks"}),
         ["AKS installed"]),
        (node(), ["repairs a node"]),
        (workload(), []),
        (workload(DEPLOYMENT, "coredns", "team-04"), []),
    ],
)  # fmt: skip
def test_it_is_told(of: Subject, words: list[str]) -> None:
    notes = notes_for(of)
    assert len(notes) == len(words)
    for note, word in zip(notes, words, strict=True):
        assert word in note


def test_what_to_use_in_place_of_scaling_coredns_comes_first() -> None:
    coredns = workload(DEPLOYMENT, "coredns", "kube-system")
    assert ids(coredns)[:3] == ["aks.edit.coredns-custom", "aks.edit.coredns-autoscaler", "aks.restart.coredns"]


# --- where subjects come from


def test_a_pods_row_tells_what_it_holds() -> None:
    row = PodRow("team-04", "checkout-0", 1, containers=("app",), images=("app:1",), node="n", owner_kind="ReplicaSet",
                 labels=(("app", "checkout"),))  # fmt: skip
    found = subject_of(POD_KIND, row)
    assert [one.name for one in found.containers] == ["app"]
    assert (found.node, found.owner, found.labels) == ("n", "ReplicaSet", {"app": "checkout"})


def test_a_nodes_row_tells_its_machine() -> None:
    row = NodeRow("n", 1, os="linux", pool="general", machine=Machine("s", "g", "v", "", "3"))
    assert subject_of(NODE_KIND, row).machine.instance == "3"


def test_a_pool_is_seen_through_one_of_its_nodes() -> None:
    member = NodeRow("n", 1, pool="general", machine=Machine("s", "g", "v", "", "3"),
                     labels=(("kubernetes.azure.com/agentpool", "general"),))  # fmt: skip
    pool = pool_subject("general", member, 12)
    assert line("pool.nodes", pool)[-1] == "kubernetes.azure.com/agentpool=general"
    assert line("aks.pool.scale", pool)[-2:] == ("--node-count", "12")
    assert "any.delete" not in ids(pool)


@given(body=st.binary() | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["metadata", "spec", "status", "labels",
                                                                     "containers", "selector", "ports"]), inner),
    max_leaves=10,
).map(lambda found: json.dumps(found).encode()))  # fmt: skip
def test_whatever_the_object_is_it_gives_a_subject(body: bytes) -> None:
    found = read_subject(POD, "team-04", "x", body)
    assert all_offers(found)


def test_a_custom_resource_of_a_shape_of_its_own_keeps_its_labels() -> None:
    odd = subject(
        Resource("Odd", "odds", "x.io", "v1"), "a", "b", metadata={"labels": {"k": "v"}}, spec={"ports": "80"}
    )
    assert odd.labels == {"k": "v"}
    assert not odd.complete


def test_declarations_use_only_names_that_have_values() -> None:
    sections = [section for sample in (*SAMPLES, POOL) for section in sections_for(sample)]
    commands: list[Command] = [command for section in sections for command in section.commands]
    names = {name for command in commands for name in re.findall(r"\{(\w+)\}", command.line)}
    assert names <= set(VALUES)
    assert set(VALUES) - names == set()


def test_an_object_of_a_kind_that_is_only_known_by_name_is_never_fetched() -> None:
    assert Resource("Widget").path_of("team-04", "x") == ""
    assert NODE.path_of("", "n") == "/api/v1/nodes/n"
    assert DEPLOYMENT.path_of("team-04", "x") == "/apis/apps/v1/namespaces/team-04/deployments/x"

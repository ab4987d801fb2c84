"""Descriptions as their user meets them: opened from every table, followed, searched, copied; gaps are said."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from kubetui.cluster.errors import Forbidden, Unreachable
from kubetui.cluster.transport import Answer, Request
from tests.ui.cluster_in_memory import CREATED, ClusterInMemory, forbidden, node, pod
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import hides, running, shows, until
from tests.ui.test_workload_panes import steady
from tests.ui.workloads_in_memory import busy, event, owned_by, replica_set

SIZES = [(80, 24), (120, 40), (200, 60)]
UID = "8a1f"


def crashing(**more: Any) -> Any:
    """A pod whose container runs out of memory again and again."""
    ended = {
        "exitCode": 137,
        "reason": "OOMKilled",
        "startedAt": "2026-11-21T13:01:00Z",
        "finishedAt": "2026-11-21T13:02:00Z",
    }
    status = {
        "name": "app",
        "ready": False,
        "restartCount": 41,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}},
        "lastState": {"terminated": ended},
    }
    found = pod("cart-0", "team-01", status={"containerStatuses": [status], **more}, owners=owners())
    found["metadata"]["uid"] = UID
    return found


def owners() -> list[dict[str, Any]]:
    return [{"apiVersion": "apps/v1", "uid": "r1", **owned_by("ReplicaSet", "cart-7d9f")[0]}]


def about(name: str, reason: str, message: str, *, minute: int, count: int = 1) -> Any:
    """An event about the crashing pod."""
    found = event(name, "Pod/cart-0", reason, message, minute=minute, count=count, kind="Warning")
    found["metadata"]["namespace"] = found["involvedObject"]["namespace"] = "team-01"
    found["involvedObject"]["uid"] = UID
    return found


def in_team(found: Any, uid: str, owner: dict[str, Any] | None = None) -> Any:
    found["apiVersion"] = "apps/v1"
    found["metadata"] |= {"namespace": "team-01", "uid": uid}
    found["metadata"]["ownerReferences"] = [owner] if owner else []
    return found


def cluster() -> ClusterInMemory:
    """A pod in a crash loop, with its events and owners; a node that is silent."""
    here = ClusterInMemory(
        [crashing(), pod("web-0", "team-00")], [node("aks-general-27182818-vmss000000", "general", ready=False)]
    )
    deployment = {"apiVersion": "apps/v1", "uid": "d1", **owned_by("Deployment", "cart")[0]}
    here.add("replicasets", in_team(replica_set("cart-7d9f", "cart", 3, "2.0", desired=2, ready=1), "r1", deployment))
    here.add("deployments", in_team(deployment_of(), "d1"))
    here.add("events", about("e1", "BackOff", "Back-off restarting failed container", minute=3, count=7))
    return here


def deployment_of() -> Any:
    status = {"replicas": 2, "updatedReplicas": 2, "readyReplicas": 1, "availableReplicas": 1, "observedGeneration": 1}
    return {
        "kind": "Deployment",
        "metadata": {"name": "cart", "creationTimestamp": CREATED, "generation": 1},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "cart"}}},
        "status": status,
    }


def lines_of(app: Any) -> list[str]:
    return screen_text(app).split("\n")


async def opened(pilot: Any, app: Any) -> None:
    """The description of the crashing pod, all parts of it there."""
    await until(pilot, shows(app, "cart-0"))
    await pilot.press("j", "d")
    await until(pilot, shows(app, "Pod team-01/cart-0  described"))
    await until(pilot, shows(app, "✖ app: CrashLoopBackOff, restarted 41 times"))


@pytest.mark.parametrize("size", SIZES)
async def test_a_crash_loop_at_each_size(size: tuple[int, int]) -> None:
    async with running({"aks-prod": cluster()}, size) as (app, pilot):
        await opened(pilot, app)
        await until(pilot, lambda: re.search(r"described · \d+ lines", screen_text(app)) is not None)
        await pilot.press("slash", *"Deployment/cart", "enter")
        await until(pilot, shows(app, "└ Deployment/cart"))
        await pilot.press("escape", "g")
        await until(pilot, shows(app, "v1.36.3  live"))
        await assert_becomes(pilot, f"describe_pod_{size[0]}x{size[1]}", lambda: steady(screen_text(app)))


async def test_it_says_loading_at_once_and_keys_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    here = cluster()
    rest, answers = here.send, asyncio.Event()

    async def send(request: Request) -> Answer:
        if request.path.endswith("/cart-0"):
            await answers.wait()
        return await rest(request)

    monkeypatch.setattr(here, "send", send)
    async with running({"aks-prod": here}) as (app, pilot):
        await until(pilot, shows(app, "cart-0"))
        await pilot.press("j", "d")
        await until(pilot, shows(app, "loading Pod team-01/cart-0 …"))
        await pilot.press("escape")
        await until(pilot, shows(app, " Pods  all namespaces"))

        await pilot.press("d")
        await until(pilot, shows(app, "loading Pod team-01/cart-0 …"))
        answers.set()
        await until(pilot, shows(app, "restarted 41 times"))


async def test_an_object_that_can_not_be_read_says_why() -> None:
    here = cluster()
    async with running({"aks-prod": here}) as (app, pilot):
        await until(pilot, shows(app, "cart-0"))
        here.refuses["pods"] = Unreachable("get Pod team-01/cart-0", "no route to host", "is the VPN up?")
        await pilot.press("j", "d")
        await until(pilot, shows(app, "get Pod team-01/cart-0: no route to host"))
        await until(pilot, shows(app, "is the VPN up?"))

        del here.refuses["pods"]
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "restarted 41 times"))


async def test_the_chain_of_owners_and_the_events_stand_in_it_and_are_followed() -> None:
    here = cluster()
    async with running({"aks-prod": here}) as (app, pilot):
        await opened(pilot, app)
        await until(pilot, shows(app, "ReplicaSet/cart-7d9f  ▲ 1/2 ready, revision 3"))
        await until(pilot, shows(app, "  └ Deployment/cart"))
        assert "SIGKILL: out of memory, it used more than its limit" in screen_text(app)

        await pilot.press("G")
        await until(pilot, shows(app, "60s (x7 over 4m)"))
        await here.put("events", about("e2", "Failed", "the new one", minute=4))
        await until(pilot, shows(app, "the new one"))

        await pilot.press("g")
        healed = crashing(
            containerStatuses=[{"name": "app", "ready": True, "restartCount": 42, "state": {"running": {}}}]
        )
        await here.put("pods", healed)
        await until(pilot, hides(app, "✖ app: CrashLoopBackOff"))
        await pilot.press("slash", *"Restart Count", "enter")
        await until(pilot, shows(app, "Restart Count:  42"))


async def test_what_is_gone_says_so_and_keeps_its_text() -> None:
    here = cluster()
    async with running({"aks-prod": here}) as (app, pilot):
        await opened(pilot, app)
        await here.delete("pods", "team-01", "cart-0")
        await until(pilot, shows(app, "✖ gone since 2026-11-21 13:04Z; below is what was known last"))
        assert "restarted 41 times" in screen_text(app)
        assert "not installed" in lines_of(app)[0]

        await here.put("pods", crashing())
        await until(pilot, hides(app, "gone since"))


async def test_what_may_not_be_read_is_said_and_the_rest_is_there() -> None:
    here = cluster()
    here.refuses["events"] = forbidden("events")
    here.refuses["replicasets"] = Forbidden("get ReplicaSet team-01/cart-7d9f", "no", "ask for a role", status=403)
    async with running({"aks-prod": here}) as (app, pilot):
        await opened(pilot, app)
        await until(pilot, shows(app, "▲ forbidden: get ReplicaSet team-01/cart-7d9f; ask for a role"))
        await pilot.press("G")
        await until(pilot, shows(app, "▲ forbidden: list events"))
        await pilot.press("g")
        assert "CrashLoopBackOff" in screen_text(app)


async def test_it_reads_the_object_again_only_when_that_changed() -> None:
    here = cluster()
    async with running({"aks-prod": here}) as (app, pilot):
        await opened(pilot, app)
        await until(pilot, shows(app, "└ Deployment/cart"))
        before = [request.path for request in here.asked]
        for number in range(5):
            await here.put("pods", pod("web-0", "team-00", restarts=number))
            await pilot.pause(0.15)
        await pilot.pause(0.6)

    later = [request.path for request in here.asked][len(before) :]
    assert before.count("/api/v1/namespaces/team-01/pods/cart-0") == 1
    assert [path for path in later if "cart-0" in path] == []


async def test_it_is_copied_wrapped_and_shows_its_yaml() -> None:
    async with running({"aks-prod": cluster()}, (80, 24)) as (app, pilot):
        await opened(pilot, app)
        await pilot.press("c")
        assert app.clipboard.startswith("✖ app: CrashLoopBackOff, restarted 41 times\n")
        assert "\x1b" not in app.clipboard

        await pilot.press("y")
        await until(pilot, shows(app, "Pod team-01/cart-0  YAML"))
        await pilot.press("escape")
        await until(pilot, shows(app, "Pod team-01/cart-0  described"))
        await pilot.press("escape")
        await until(pilot, shows(app, " Pods  all namespaces"))


async def test_a_node_is_described_from_the_nodes_pane() -> None:
    here = cluster()
    async with running({"aks-prod": here}, pane="nodes") as (app, pilot):
        await until(pilot, shows(app, "vmss000000"))
        await pilot.press("j", "d")
        await until(pilot, shows(app, "✖ Ready=Unknown"))
        await pilot.press("slash", *"Non-terminated", "enter")
        await until(pilot, shows(app, "(2 in total)"))
    asked = [dict(request.query).get("fieldSelector", "") for request in here.asked if request.path == "/api/v1/pods"]
    assert "spec.nodeName=aks-general-27182818-vmss000000,status.phase!=Succeeded,status.phase!=Failed" in asked


@pytest.mark.parametrize(
    ("pane", "keys", "shown"),
    [
        ("daemonsets", ("d",), "DaemonSet kube-system/agent  described"),
        ("daemonsets", ("enter", "wait:3 missing", "d"), "Pod kube-system/agent-"),
        ("deployments", ("d",), "Deployment team-04/checkout  described"),
        ("deployments", ("enter", "wait:checkout-new-1", "d"), "ReplicaSet team-04/checkout-new  described"),
        ("deployments", ("enter", "wait:checkout-new-1", "j", "d"), "Pod team-04/checkout-new-1  described"),
        ("events", ("j", "d"), "Pod team-04/checkout-new-1  described"),
        ("pods", ("enter", "wait:Containers", "d"), "Pod kube-system/agent-a  described"),
    ],
)
async def test_every_table_describes_what_is_under_the_cursor(pane: str, keys: tuple[str, ...], shown: str) -> None:
    async with running({"aks-prod": busy()}, pane=pane) as (app, pilot):
        first = {"daemonsets": "agent", "deployments": "mailer", "events": "folded to 3", "pods": "agent-a"}[pane]
        await until(pilot, shows(app, first))
        for key in keys:
            if key.startswith("wait:"):
                await until(pilot, shows(app, key.removeprefix("wait:")))
            else:
                await pilot.press(key)
        await until(pilot, shows(app, shown))


async def test_an_event_about_a_custom_resource_finds_it_where_the_server_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = busy()
    served = [{"name": "certificates", "kind": "Certificate", "namespaced": True}]
    rest = here.send

    async def send(request: Request) -> Answer:
        if request.path == "/apis/cert-manager.io/v1":
            return Answer(200, json.dumps({"resources": served}).encode(), "application/json", {})
        return await rest(request)

    monkeypatch.setattr(here, "send", send)
    seen = event("e9", "Certificate/shop", "Failed", "no issuer", minute=4, kind="Warning")
    seen["involvedObject"]["apiVersion"] = "cert-manager.io/v1"
    here.add("events", seen)
    metadata = {"name": "shop", "namespace": "team-04", "creationTimestamp": CREATED}
    here.add("certificates", {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": metadata})
    async with running({"aks-prod": here}, pane="events") as (app, pilot):
        await until(pilot, shows(app, "certificate/shop"))
        await pilot.press("g", "d")
        await until(pilot, shows(app, "Certificate team-04/shop  described"))
        await until(pilot, shows(app, "API Version:"))

        await pilot.press("escape")
        await until(pilot, shows(app, "certificate/shop"))
        served.clear()
        await pilot.press("d")
        await until(pilot, shows(app, "the server has no Certificate of"))


async def test_a_large_object_is_described_and_followed_too() -> None:
    here = cluster()
    large = deployment_of()
    large["metadata"]["namespace"] = "team-01"
    large["spec"]["template"] = {
        "spec": {"containers": [{"name": f"c{number}", "image": "i"} for number in range(2_000)]}
    }
    here.add("deployments", large)
    async with running({"aks-prod": here}, pane="deployments") as (app, pilot):
        await until(pilot, shows(app, "cart"))
        await pilot.press("d")
        await until(pilot, shows(app, "Deployment team-01/cart  described"))
        await until(pilot, shows(app, "1 of 2 updated are available, 1/2 ready"))
        await here.put(
            "deployments", large | {"status": large["status"] | {"readyReplicas": 0, "availableReplicas": 0}}
        )
        await until(pilot, shows(app, "0 of 2 updated are available, 0/2 ready"))
        await pilot.press("y")
        await until(pilot, shows(app, "Deployment team-01/cart  YAML · "))


async def test_leaving_ends_what_was_followed() -> None:
    async with running({"aks-prod": cluster()}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "cart-0"))
        assert app.connected is not None
        await opened(pilot, app)
        await until(pilot, lambda: app.connected is not None and app.connected.session.open_stores >= 2)
        await pilot.press("escape")
        await until(pilot, shows(app, " Pods  all namespaces"))
        await until(pilot, lambda: not [task for task in all_tasks() if task.startswith("describe ")])


def all_tasks() -> list[str]:

    return [task.get_name() for task in asyncio.all_tasks()]

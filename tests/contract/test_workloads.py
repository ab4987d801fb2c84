"""DaemonSets and Deployments beside their own controllers: the counts and words are what the cluster says itself."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kubetui.cluster.list_watch import Selection
from kubetui.cluster.session import Session
from kubetui.insight.daemon_set_history import history
from kubetui.insight.daemon_set_nodes import Standing, Verdict, belongs, place_of, verdict
from kubetui.kinds.controller_revision import CONTROLLER_REVISION
from kubetui.kinds.daemon_set import DAEMON_SET, DaemonSetRow
from kubetui.kinds.deployment import DEPLOYMENT, DeploymentRow
from kubetui.kinds.event import EVENT
from kubetui.kinds.kind import Kind, Meaning
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from kubetui.kinds.replica_set import REPLICA_SET
from tests.cluster.control_plane import ControlPlane
from tests.cluster.fixtures import Scaled
from tests.contract.conftest import Api
from tests.contract.test_requests import everything, source

Json = dict[str, Any]
PLACE = "rollouts"
SOON = 60.0
"""Seconds in which controllers are through with what a test asks of them."""


@pytest.fixture(scope="module")
def plane(scaled: Scaled) -> Iterator[ControlPlane]:
    """Beside the pools' own taints: a node labelled, one tainted, one cordoned. Nobody else asks for these numbers."""
    plane = scaled(14, 60)
    first, second, third, *_ = plain_nodes(plane)
    plane.kubectl("label", "node", first, "pool=special", "cores=8")
    plane.kubectl("taint", "node", second, "reserved=yes:NoSchedule")
    plane.kubectl("cordon", third)
    plane.create_namespace(PLACE)
    yield plane
    plane.kubectl("delete", "namespace", PLACE, "--wait=false")
    plane.kubectl("label", "node", first, "pool-", "cores-")
    plane.kubectl("taint", "node", second, "reserved-")
    plane.kubectl("uncordon", third)


@pytest.fixture(scope="module")
def beside(plane: ControlPlane) -> Api:
    """The same control plane, as the app sees it."""
    return Api(plane.admin_kubeconfig, plane.admin_kubeconfig, real=True)


def plain_nodes(plane: ControlPlane) -> list[str]:
    """The nodes without taints."""
    nodes = plane.admin.get("/api/v1/nodes")["items"]
    return sorted(node["metadata"]["name"] for node in nodes if not node["spec"].get("taints"))


def template(name: str, cpu: str = "1m", **spec: Any) -> Json:
    container = {"name": "app", "image": "registry.example/app:1.0", "resources": {"requests": {"cpu": cpu}}}
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container], **spec}}


def apply(plane: ControlPlane, kind: str, name: str, **spec: Any) -> None:
    made = {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": PLACE},
        "spec": {"selector": {"matchLabels": {"app": name}}, **spec},
    }
    plane.kubectl("apply", "-f", "-", stdin=json.dumps(made))


async def rows(session: Session, kind: Kind[Any], namespace: str | None = PLACE) -> list[Any]:
    return (await everything(source(session, kind, Selection(namespace)), 500))[0]


async def one(session: Session, kind: Kind[Any], name: str) -> Any:
    return next(row for row in await rows(session, kind) if row.name == name)


def affinity(key: str, operator: str, *values: str, part: str = "matchExpressions") -> Json:
    term = {part: [{"key": key, "operator": operator, "values": list(values)}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}}


SPECS: dict[str, Json] = {
    "everywhere": {},
    "by-selector": {"nodeSelector": {"pool": "special"}},
    "nowhere": {"nodeSelector": {"pool": "none"}},
    "tolerant": {"tolerations": [{"key": "reserved", "operator": "Exists"}]},
    "tolerant-of-another": {"tolerations": [{"key": "reserved", "operator": "Equal", "value": "no"}]},
    "in": {"affinity": affinity("pool", "In", "special", "other")},
    "not-in": {"affinity": affinity("pool", "NotIn", "special")},
    "exists": {"affinity": affinity("pool", "Exists")},
    "does-not-exist": {"affinity": affinity("pool", "DoesNotExist")},
    "greater": {"affinity": affinity("cores", "Gt", "4")},
    "less": {"affinity": affinity("cores", "Lt", "8")},
    "on-the-host": {"hostNetwork": True, "tolerations": [{"operator": "Exists"}]},
}


async def verdicts(session: Session, found: DaemonSetRow) -> dict[str, Verdict]:
    """Each node's verdict, from rows as the panes have them."""
    pods = [pod for pod in await rows(session, POD) if belongs(found, pod)]
    nodes = await rows(session, NODE, None)
    return {row.name: verdict(found, row, [pod for pod in pods if place_of(pod) == row.name]) for row in nodes}


async def until(condition: Callable[[], Any]) -> Any:
    """What ``condition`` comes to once it is something; its last answer where it never is."""
    end = time.monotonic() + SOON
    while not (found := await condition()) and time.monotonic() < end:  # noqa: ASYNC110  # controllers tell nobody
        await asyncio.sleep(0.25)
    return found


@pytest.mark.parametrize("name", SPECS)
async def test_the_nodes_counted_are_those_the_controller_counts(name: str, plane: ControlPlane, beside: Api) -> None:
    await asyncio.to_thread(apply, plane, "DaemonSet", name, template=template(name, **SPECS[name]))
    async with beside.session() as session:

        async def settled() -> Any:
            found = await one(session, DAEMON_SET, name)
            return found if found.observed and found.ready == found.desired else None

        found = await until(settled)
        assert found is not None
        said = await verdicts(session, found)

    assert sum(one.counted for one in said.values()) == found.desired
    assert sum(one.standing is Standing.RUNS for one in said.values()) == found.ready
    assert not [one for one in said.values() if one.standing is Standing.MISSING]
    assert found.rollout == ("complete" if found.desired else "no node wants it")


async def test_a_pod_without_room_says_what_the_node_lacks(plane: ControlPlane, beside: Api) -> None:
    await asyncio.to_thread(apply, plane, "DaemonSet", "huge", template=template("huge", cpu="5000"))
    async with beside.session() as session:

        async def pending() -> Any:
            said = await verdicts(session, await one(session, DAEMON_SET, "huge"))
            due = [one for one in said.values() if one.counted]
            return said if due and all(one.pod and one.pod.reason for one in due) else None

        said = await until(pending)
        assert said is not None

        async def reported() -> Any:
            return [row for row in await rows(session, EVENT) if row.reason == "FailedScheduling"]

        events = await until(reported)

    assert {one.why for one in said.values() if one.counted} == {"Insufficient cpu"}
    assert {one.word for one in said.values() if one.counted} == {"pending"}
    assert events
    assert all(row.type == "Warning" and row.object.startswith("pod/") and row.last for row in events)


async def test_a_pod_that_stays_where_it_should_not_is_counted_as_the_controller_does(
    plane: ControlPlane, beside: Api
) -> None:
    await asyncio.to_thread(apply, plane, "DaemonSet", "stays", template=template("stays"))
    target = plain_nodes(plane)[-1]
    async with beside.session() as session:

        async def runs() -> Any:
            return (await verdicts(session, await one(session, DAEMON_SET, "stays")))[target].standing is Standing.RUNS

        assert await until(runs)
        await asyncio.to_thread(plane.kubectl, "taint", "node", target, "late=yes:NoSchedule")
        # Its controller counts anew when the DaemonSet or a pod changes; a taint that lets its pod stay wakes it not.
        await asyncio.to_thread(plane.kubectl, "annotate", "daemonset", "stays", "-n", PLACE, "looked=yes")
        try:

            async def counted() -> Any:
                found = await one(session, DAEMON_SET, "stays")
                return found if found.misscheduled else None

            found = await until(counted)
            assert found is not None
            said = await verdicts(session, found)
        finally:
            await asyncio.to_thread(plane.kubectl, "taint", "node", target, "late-")

    assert sum(one.standing is Standing.STRAY for one in said.values()) == found.misscheduled == 1
    assert said[target].why == "taint late=yes:NoSchedule not tolerated"
    assert sum(one.counted for one in said.values()) == found.desired


async def test_a_quota_that_keeps_a_daemonset_from_its_nodes_is_quoted(plane: ControlPlane, beside: Api) -> None:
    await asyncio.to_thread(plane.kubectl, "create", "quota", "none", "-n", PLACE, "--hard=pods=0")
    try:
        await asyncio.to_thread(apply, plane, "DaemonSet", "refused", template=template("refused"))
        async with beside.session() as session:

            async def told() -> Any:
                row = await one(session, DAEMON_SET, "refused")
                known = history(row, [], await rows(session, EVENT))
                return (row, known) if known.refused and row.desired else None

            found = await until(told)
            assert found is not None
            row, known = found
            nodes = await rows(session, NODE, None)
        said = [verdict(row, node, [], known) for node in nodes]
        missing = [one for one in said if one.counted]
        assert len(missing) == row.desired
        assert all(one.word == "no pod" and one.why.startswith("FailedCreate: ") for one in missing)
        assert all("exceeded quota: none" in one.why for one in missing)
    finally:
        await asyncio.to_thread(plane.kubectl, "delete", "quota", "none", "-n", PLACE)


async def test_revisions_are_numbered_and_pods_old_as_their_controller_counts(plane: ControlPlane, beside: Api) -> None:
    """Changed, then undone, pods replaced on delete only: those of the first template are up to date again."""
    spec = {"updateStrategy": {"type": "OnDelete"}}
    async with beside.session() as session:

        async def known(row: Any) -> Any:
            return history(row, await rows(session, CONTROLLER_REVISION), [])

        async def settled(updated_all: bool) -> Any:
            row = await one(session, DAEMON_SET, "turns")
            done = row.observed and row.desired and row.ready == row.desired
            return row if done and (row.updated == row.desired) is updated_all else None

        await asyncio.to_thread(apply, plane, "DaemonSet", "turns", template=template("turns"), **spec)
        assert await until(lambda: settled(True))
        await asyncio.to_thread(apply, plane, "DaemonSet", "turns", template=template("turns", cpu="2m"), **spec)
        changed = await until(lambda: settled(False))
        assert changed is not None
        at_change = await known(changed)
        pods = [pod for pod in await rows(session, POD) if belongs(changed, pod)]
        assert sum(not at_change.is_old(changed, pod) for pod in pods) == changed.updated
        await asyncio.to_thread(plane.kubectl, "rollout", "undo", "daemonset/turns", "-n", PLACE)
        undone = await until(lambda: settled(True))
        assert undone is not None
        after = await known(undone)
        pods = [pod for pod in await rows(session, POD) if belongs(undone, pod)]
        told = await asyncio.to_thread(plane.kubectl, "rollout", "history", "daemonset/turns", "-n", PLACE)

    assert sum(not after.is_old(undone, pod) for pod in pods) == undone.updated == undone.desired
    numbers = [int(line.split()[0]) for line in told.splitlines() if line[:1].isdigit()]
    assert sorted(after.numbers.values()) == sorted(numbers)
    assert after.revision_of(undone) == str(max(numbers))


# --- Deployments


def rollout_status(plane: ControlPlane, name: str) -> str:
    """What ``kubectl rollout status`` says now, errors too."""
    try:
        return plane.kubectl("rollout", "status", f"deployment/{name}", "-n", PLACE, "--watch=false")
    except subprocess.CalledProcessError as refused:
        return str(refused.stderr)


def in_our_words(theirs: str) -> str:
    """kubectl's sentence as kubetui shortens it."""
    if found := re.search(r"(\d+) out of (\d+) new replicas", theirs):
        return f"{found[1]} of {found[2]} updated"
    if found := re.search(r"(\d+) old replicas are pending termination", theirs):
        return f"{found[1]} old replica{'s' if found[1] != '1' else ''} terminating"
    if found := re.search(r"(\d+) of (\d+) updated replicas are available", theirs):
        return f"{found[1]} of {found[2]} updated are available"
    return "complete" if "successfully rolled out" in theirs else theirs


async def agreed(plane: ControlPlane, session: Session, name: str, words: str) -> DeploymentRow:
    """The row once it says ``words``; kubectl then says the same."""

    async def said() -> Any:
        row = await one(session, DEPLOYMENT, name)
        return row if row.rollout == words else None

    row = await until(said)
    assert row is not None, await one(session, DEPLOYMENT, name)
    assert in_our_words(await asyncio.to_thread(rollout_status, plane, name)) == words
    assert isinstance(row, DeploymentRow)
    return row


async def test_a_rollout_that_gets_stuck_is_told_as_kubectl_tells_it(plane: ControlPlane, beside: Api) -> None:
    async with beside.session() as session:
        await asyncio.to_thread(apply, plane, "Deployment", "web", replicas=3, template=template("web"))
        done = await agreed(plane, session, "web", "complete")
        await asyncio.to_thread(apply, plane, "Deployment", "web", replicas=3, template=template("web", cpu="5000"))
        going = await agreed(plane, session, "web", "1 of 3 updated")
        sets = [row for row in await rows(session, REPLICA_SET) if row.owner == "web"]

    assert (done.meaning, done.revision, done.strategy) == (Meaning.FINE, "1", "RollingUpdate 25%/25%")
    assert (going.meaning, going.revision, going.ready) == (Meaning.PLANNED, "2", 3)
    assert sorted((row.revision, row.desired, row.ready) for row in sets) == [(1, 3, 3), (2, 1, 0)]


async def test_a_deadline_that_passed_is_told(plane: ControlPlane, beside: Api) -> None:
    spec = {"replicas": 2, "progressDeadlineSeconds": 1, "template": template("late", cpu="5000")}
    async with beside.session() as session:
        await asyncio.to_thread(apply, plane, "Deployment", "late", **spec)

        async def exceeded() -> Any:
            row = await one(session, DEPLOYMENT, "late")
            return row if row.reason else None

        row = await until(exceeded)
    assert row is not None
    assert row.rollout == "stuck, 0 of 2 updated are available"
    assert row.reason.startswith("ProgressDeadlineExceeded: ")
    assert row.meaning is Meaning.ACT
    assert "exceeded its progress deadline" in rollout_status(plane, "late")


async def test_a_quota_that_stops_a_rollout_is_named(plane: ControlPlane, beside: Api) -> None:
    name = "full"
    await asyncio.to_thread(plane.kubectl, "create", "quota", "none", "-n", PLACE, "--hard=count/pods=0,pods=0")
    try:
        async with beside.session() as session:
            await asyncio.to_thread(apply, plane, "Deployment", name, replicas=2, template=template(name))

            async def refused() -> Any:
                row = await one(session, DEPLOYMENT, name)
                return row if row.reason else None

            row = await until(refused)
            sets = [found for found in await rows(session, REPLICA_SET) if found.owner == name]
        assert row is not None
        assert row.reason.startswith("FailedCreate: ")
        assert "exceeded quota: none" in row.reason
        assert row.meaning is Meaning.LOOK
        assert in_our_words(await asyncio.to_thread(rollout_status, plane, name)) == row.rollout == "0 of 2 updated"
        assert "exceeded quota: none" in sets[0].reason
    finally:
        await asyncio.to_thread(plane.kubectl, "delete", "quota", "none", "-n", PLACE)

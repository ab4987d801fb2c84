"""What a pane's rows must say, worked out from ``kubectl get -o json`` and ``kubectl get``: patterns, title by title.

Ages go on between asking and looking, so a cell is a regular expression. Nothing here reads the app's own rows; its
columns are asked only how much of a long text they show.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kubetui.kinds.age import human_duration  # held to kubectl's own by the contract tests
from kubetui.kinds.daemon_set import DAEMON_SET
from kubetui.kinds.deployment import DEPLOYMENT
from kubetui.kinds.event import EVENT
from kubetui.kinds.kind import Kind
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from tests.cluster.control_plane import ControlPlane

Json = Any  # what json.loads gives: the shapes are Kubernetes' own
Row = dict[str, str]
"""Column title → a pattern for its cell; one that matches nothing but blanks is ``""``."""

ANYTHING = "anything, or nothing"
"""For a cell whose words are the app's own: they are held by tests of their own."""
_EARLIER, _LATER = 12, 4  # seconds that an age on the screen may differ from now


@dataclass(frozen=True)
class Expected:
    """A pane's rows, in no order; ``kind``'s columns know how long a cell may be."""

    rows: list[Row]
    kind: Kind[Any]

    def pattern(self, row: Row, titles: Sequence[str]) -> re.Pattern[str]:
        """One line of the screen under these titles, each cell followed by one blank."""
        cells = (row[title] for title in titles)
        return re.compile("".join(f"(?:{cell}) " if cell != ANYTHING else "(?:.+? )?" for cell in cells if cell))

    def unexpected(self, head: str) -> list[str]:
        """Columns under this line of titles that the rows say nothing of."""
        known = [title for row in self.rows[:1] for title in row]
        return [
            column.title
            for column in self.kind.columns
            if f" {column.title} " in f" {head} " and column.title not in known
        ]


def items(plane: ControlPlane, *what: str) -> list[Json]:
    """``kubectl get … -o json``."""
    return list(json.loads(plane.kubectl("get", *what, "-o", "json"))["items"])


def words(plane: ControlPlane, *what: str) -> dict[tuple[str, str], dict[str, str]]:
    """``kubectl get …`` as a person reads it: (namespace, name) → title → cell."""
    head, *lines = plane.kubectl("get", *what, "-o", "wide").splitlines()
    starts = [found.start() for found in re.finditer(r"(?<=   )\S|^\S", head)]
    spans = list(zip(starts, [*starts[1:], None], strict=True))
    titles = [head[start:end].strip() for start, end in spans]
    rows = [dict(zip(titles, [line[start:end].strip() for start, end in spans], strict=True)) for line in lines]
    return {(row.get("NAMESPACE", ""), row["NAME"]): row for row in rows}


def text(value: object, limit: int = 1000) -> str:
    """Exactly this, cut as a column of so many cells cuts it."""
    shown = " ".join(str(value).split())
    return re.escape(shown if len(shown) <= limit else f"{shown[: limit - 1]}…")


def age(since: str | None) -> str:
    """How old something of this time is about now."""
    if not since:
        return "–"
    passed = time.time() - datetime.fromisoformat(since).timestamp()
    ages = {human_duration(max(0.0, passed + late)) for late in range(-_EARLIER, _LATER)}
    return "|".join(sorted(map(re.escape, ages)))


def pods(plane: ControlPlane, namespace: str) -> Expected:
    """The Pods pane, wide."""
    said = words(plane, "pods", "--namespace", namespace)
    found = [_pod(pod, said["", pod["metadata"]["name"]]) for pod in items(plane, "pods", "--namespace", namespace)]
    return Expected(found, POD)


def nodes(plane: ControlPlane) -> Expected:
    """The Nodes pane's lines of nodes, wide; a pool's line is above them."""
    running = [
        pod
        for pod in items(plane, "pods", "--all-namespaces")
        if pod["status"].get("phase") not in ("Succeeded", "Failed")
    ]
    said = words(plane, "nodes")
    return Expected([_node(node, said["", node["metadata"]["name"]], running) for node in items(plane, "nodes")], NODE)


def daemon_sets(plane: ControlPlane, namespace: str) -> Expected:
    """The DaemonSets pane, wide."""
    found = items(plane, "daemonsets", "--namespace", namespace)
    return Expected([_workload(one, DAEMON_SET) | _daemon_set(one) for one in found], DAEMON_SET)


def deployments(plane: ControlPlane, namespace: str) -> Expected:
    """The Deployments pane, wide."""
    found = items(plane, "deployments", "--namespace", namespace)
    return Expected([_workload(one, DEPLOYMENT) | _deployment(one) for one in found], DEPLOYMENT)


def events(plane: ControlPlane, namespace: str) -> Expected:
    """The Events pane, wide, of a namespace where nothing happened twice."""
    return Expected([_event(one) for one in items(plane, "events", "--namespace", namespace)], EVENT)


# -- one object


def _pod(pod: Json, said: Mapping[str, str]) -> Row:
    meta, spec, status = pod["metadata"], pod["spec"], pod["status"]
    owner = next((one for one in meta.get("ownerReferences", ()) if one.get("controller")), None)
    statuses = status.get("containerStatuses", [])
    ended = [one["lastState"]["terminated"] for one in statuses if "terminated" in one.get("lastState", {})]
    restarts = str(sum(one["restartCount"] for one in statuses))
    if ended:
        restarts = rf"{restarts} \((?:{age(max(one['finishedAt'] for one in ended))}) ago\)"
    well = not ended and all(one["ready"] for one in statuses) and bool(statuses)
    gates = len(spec.get("readinessGates", ()))
    return {
        "NAMESPACE": text(meta["namespace"], 32),
        "NAME": text(meta["name"], 63),
        "READY": text(said["READY"]),
        "STATUS": text(said["STATUS"], 32),
        "RESTARTS": restarts,
        "AGE": age(meta["creationTimestamp"]),
        "REASON": "" if well else ANYTHING,
        "NODE": text(spec.get("nodeName", ""), 48),
        "OWNER": text(f"{owner['kind']}/{owner['name']}", 48) if owner else "",
        "IP": text(status.get("podIP", "")),
        "QOS": text(status["qosClass"]),
        "CPU REQ/LIM": _request_limit(spec, "cpu", lambda one: f"{one:g}m"),
        "MEM REQ/LIM": _request_limit(spec, "memory", lambda one: f"{one / 2**20:g}Mi"),
        "NOMINATED NODE": text(status.get("nominatedNodeName", ""), 48),
        "READINESS GATES": rf"\d/{gates}" if gates else "",
    }


def _node(node: Json, said: Mapping[str, str], running: Sequence[Json]) -> Row:
    labels, status, info = node["metadata"]["labels"], node["status"], node["status"]["nodeInfo"]
    mine = [pod for pod in running if pod["spec"].get("nodeName") == node["metadata"]["name"]]
    allocatable = status["allocatable"]

    def share(resource: str) -> str:
        asked = sum(_total(pod["spec"], "requests", resource) for pod in mine)
        return text(f"{asked / _amount(allocatable[resource], resource):.0%}".replace("%", " %"))

    return {
        "NAME": text(node["metadata"]["name"]),
        "READY": "",  # a mark, which is taken off the line
        "STATUS": text(said["STATUS"]) if said["STATUS"].startswith("Ready") else rf"{said['STATUS']} \S+",
        "VERSION": text(info["kubeletVersion"].removeprefix("v")),
        "PODS": text(f"{len(mine)}/{allocatable['pods']}"),
        "CPU REQ": share("cpu"),
        "MEM REQ": share("memory"),
        "IMAGE": text(labels["kubernetes.azure.com/node-image-version"].rpartition("-")[2]),
        "INSTANCE": text(node["spec"]["providerID"].rpartition("/")[2]),
        "ZONE": text(labels["topology.kubernetes.io/zone"].rpartition("-")[2]),
        "AGE": age(node["metadata"]["creationTimestamp"]),
        "TAINTS": text(", ".join(_taint(taint) for taint in node["spec"].get("taints", ())), 60),
        "ROLES": "" if said["ROLES"] == "<none>" else text(said["ROLES"]),
        "SIZE": text(labels["node.kubernetes.io/instance-type"]),
        "INTERNAL-IP": text(said["INTERNAL-IP"]),
        "EXTERNAL-IP": "" if said["EXTERNAL-IP"] == "<none>" else text(said["EXTERNAL-IP"]),
        "OS-IMAGE": text(info["osImage"], 40),
        "KERNEL": text(f"{info['kernelVersion']} ({info['architecture']})", 40),
        "RUNTIME": text(info["containerRuntimeVersion"].removeprefix("containerd://"), 32),
    }


def _workload(one: Json, kind: Kind[Any]) -> Row:
    containers = one["spec"]["template"]["spec"]["containers"]
    images = [container["image"] for container in containers]
    selector = one["spec"]["selector"]["matchLabels"]
    return {
        "NAMESPACE": text(one["metadata"]["namespace"], 32),
        "NAME": text(one["metadata"]["name"], 63),
        "AGE": age(one["metadata"]["creationTimestamp"]),
        "IMAGE": text(", ".join(image.rpartition("/")[2] for image in images), _limit(kind, "IMAGE")),
        "CONTAINERS": text(",".join(container["name"] for container in containers), _limit(kind, "CONTAINERS")),
        "IMAGES": text(",".join(images), _limit(kind, "IMAGES")),
        "SELECTOR": text(",".join(f"{key}={value}" for key, value in sorted(selector.items())), 60),
    }


def _daemon_set(one: Json) -> Row:
    status, rolling = one["status"], one["spec"]["updateStrategy"]["rollingUpdate"]
    desired, updated = status["desiredNumberScheduled"], status.get("updatedNumberScheduled", 0)
    available = status.get("numberAvailable", 0)
    done = desired == updated == available
    return {
        "DESIRED": text(desired),
        "CURRENT": text(status["currentNumberScheduled"]),
        "READY": text(status["numberReady"]),
        "UP-TO-DATE": text(updated),
        "AVAILABLE": text(available),
        "MISSCHEDULED": text(status["numberMisscheduled"]),
        "STATUS": "complete" if done else r"(?!complete).+?",
        "REVISION": text(one["metadata"]["annotations"]["deprecated.daemonset.template.generation"]),
        "NODE SELECTOR": "",
        "STRATEGY": text(f"RollingUpdate {rolling['maxUnavailable']}/{rolling['maxSurge']}"),
    }


def _deployment(one: Json) -> Row:
    spec, status, rolling = one["spec"], one["status"], one["spec"]["strategy"]["rollingUpdate"]
    wanted, updated, available = spec["replicas"], status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    done = wanted == updated == available == status.get("replicas", 0)
    return {
        "READY": text(f"{status.get('readyReplicas', 0)}/{wanted}"),
        "STATUS": "complete|scaled to 0" if done else r"(?!complete).+?",
        "UP-TO-DATE": text(updated),
        "AVAILABLE": text(available),
        "STRATEGY": text(f"RollingUpdate {rolling['maxUnavailable']}/{rolling['maxSurge']}"),
        "REVISION": text(one["metadata"]["annotations"]["deployment.kubernetes.io/revision"]),
        "REASON": "" if done else ANYTHING,
    }


def _event(one: Json) -> Row:
    involved, source = one["involvedObject"], one.get("source", {})
    first = one.get("firstTimestamp") or one.get("eventTime")
    spoke = [source.get("component") or one.get("reportingComponent"), source.get("host") or one["reportingInstance"]]
    return {
        "LAST": age(one.get("lastTimestamp") or first),
        "TYPE": text(one["type"]),
        "REASON": text(one["reason"], 28),
        "OBJECT": text(f"{involved['kind'].lower()}/{involved['name']}", 64),
        "COUNT": text(one.get("count") or 1),
        "NAMESPACE": text(one["metadata"]["namespace"], 32),
        "MESSAGE": text(one["message"], 250),
        "FIRST": age(first),
        "SOURCE": text(", ".join(part for part in spoke if part), 48),
        "SUBOBJECT": text(involved.get("fieldPath", ""), 40),
        "NAME": text(one["metadata"]["name"], 63),
    }


# -- amounts


def _request_limit(spec: Json, resource: str, shown: Callable[[float], str]) -> str:
    totals = [_total(spec, part, resource) for part in ("requests", "limits")]
    return text("/".join(shown(total) if total else "–" for total in totals)) if any(totals) else ""


def _total(spec: Json, part: str, resource: str) -> float:
    """Millicores or bytes, of all containers."""
    asked: Iterable[Json] = (one.get("resources", {}).get(part, {}) for one in spec["containers"])
    return sum(_amount(one[resource], resource) for one in asked if resource in one)


def _amount(quantity: str, resource: str) -> float:
    if resource == "cpu":
        return float(quantity[:-1]) if quantity.endswith("m") else float(quantity) * 1000
    units = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
    return float(quantity[:-2]) * units[quantity[-2:]] if quantity[-2:] in units else float(quantity)


def _taint(taint: Json) -> str:
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def _limit(kind: Kind[Any], title: str) -> int:
    return next(column.max_width for column in kind.columns if column.title == title)

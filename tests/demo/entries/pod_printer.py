"""The API server's printPod (printers.go, 1.36), over a decoded pod: what the entry's own cells must agree with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kubetui.demo.entries.cells import seconds_of
from kubetui.demo.moment import human_duration

Pod = Mapping[str, Any]


def print_pod(pod: Pod, now: float) -> tuple[Any, ...]:
    """The nine cells."""
    spec, status, metadata = pod["spec"], pod["status"], pod["metadata"]
    reason = status.get("reason") or status["phase"]
    init = _initializing(pod)
    if init is not None:
        word, restarts, last, ready = init[0] or reason, init[1], init[2], 0
    else:
        word, restarts, last, ready = _containers(status, reason)
    if "deletionTimestamp" in metadata:
        if status.get("reason") == "NodeLost":
            word = "Unknown"
        elif status["phase"] not in ("Succeeded", "Failed"):
            word = "Terminating"
    shown = f"{restarts} ({human_duration(now - last)} ago)" if restarts and last else str(restarts)
    return (
        metadata["name"],
        f"{ready}/{len(spec['containers'])}",
        word,
        shown,
        human_duration(now - seconds_of(metadata["creationTimestamp"])),
        status.get("podIP") or "<none>",
        spec.get("nodeName") or "<none>",
        "<none>",
        "<none>",
    )


def _initializing(pod: Pod) -> tuple[str, int, int, int] | None:
    status = pod["status"]
    if any(item["type"] == "Initialized" and item["status"] == "True" for item in status.get("conditions", ())):
        return None
    restarts = last = 0
    for index, container in enumerate(status.get("initContainerStatuses", ())):
        state = container["state"]
        restarts += container["restartCount"]
        last = max(last, _finished(container))
        ended, waiting = state.get("terminated"), state.get("waiting", {})
        if ended and ended["exitCode"] == 0:
            continue
        if ended:
            return f"Init:{ended['reason']}", restarts, last, 0
        if waiting.get("reason", "PodInitializing") != "PodInitializing":
            return f"Init:{waiting['reason']}", restarts, last, 0
        return f"Init:{index}/{len(pod['spec']['initContainers'])}", restarts, last, 0
    return None


def _finished(container: Mapping[str, Any]) -> int:
    ended = container["lastState"].get("terminated")
    return seconds_of(ended["finishedAt"]) if ended else 0


def _containers(status: Mapping[str, Any], reason: str) -> tuple[str, int, int, int]:
    restarts = last = ready = 0
    failed = ""
    for container in reversed(status.get("containerStatuses", ())):
        state = container["state"]
        restarts += container["restartCount"]
        last = max(last, _finished(container))
        if state.get("waiting", {}).get("reason"):
            reason = state["waiting"]["reason"]
        elif "terminated" in state:
            reason = state["terminated"]["reason"]
            failed = reason if state["terminated"]["exitCode"] else failed
        elif container["ready"]:
            ready += 1
    if reason == "Completed":
        if ready and any(item["type"] == "Ready" and item["status"] == "True" for item in status["conditions"]):
            reason = "Running"
        elif failed or ready:
            reason = failed or "NotReady"
    return reason, restarts, last, ready

"""Pod specs as a workload's ``spec.template.spec`` holds them after the API server's defaults.

Equal small parts are one and the same dict: nobody changes a spec.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

Json = dict[str, Any]


@cache
def resources(requests: str, limits: str = "") -> Json:
    """``resources("100m/70Mi", "3/500Mi")``: CPU and memory; ``-`` leaves one out."""
    made: Json = {}
    if limits:
        made["limits"] = _quantities(limits)
    made["requests"] = _quantities(requests)
    return made


def _quantities(pair: str) -> Json:
    names = ("cpu", "memory")
    return {name: amount for name, amount in zip(names, pair.split("/"), strict=True) if amount != "-"}


@cache
def http_probe(path: str, port: int | str, *, delay: int = 0, period: int = 10, failures: int = 3) -> Json:
    """A probe with the API server's defaults."""
    probe: Json = {"httpGet": {"path": path, "port": port, "scheme": "HTTP"}}
    if delay:
        probe["initialDelaySeconds"] = delay
    return probe | {"timeoutSeconds": 1, "periodSeconds": period, "successThreshold": 1, "failureThreshold": failures}


@cache
def port(number: int, name: str = "", protocol: str = "TCP") -> Json:
    """A container port."""
    return ({"name": name} if name else {}) | {"containerPort": number, "protocol": protocol}


def container(
    name: str,
    image: str,
    *,
    command: Sequence[str] = (),
    args: Sequence[str] = (),
    ports: Sequence[Json] = (),
    env: Mapping[str, str | Json] | None = None,
    limits: Json | None = None,
    mounts: Mapping[str, str] | None = None,
    liveness: Json | None = None,
    readiness: Json | None = None,
    security: Json | None = None,
) -> Json:
    """A container. ``env`` values that are dicts are ``valueFrom``; ``mounts``: path to ``volume`` or ``volume:ro``."""
    made: Json = {"name": name, "image": image}
    if command:
        made["command"] = list(command)
    if args:
        made["args"] = list(args)
    if ports:
        made["ports"] = list(ports)
    if env:
        made["env"] = [
            {"name": key, "valueFrom": content} if isinstance(content, dict) else {"name": key, "value": content}
            for key, content in env.items()
        ]
    made["resources"] = limits or {}
    if mounts:
        made["volumeMounts"] = [_mount(path, volume) for path, volume in mounts.items()]
    for kind, probe in (("livenessProbe", liveness), ("readinessProbe", readiness)):
        if probe:
            made[kind] = probe
    made |= {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
    }
    if security:
        made["securityContext"] = security
    return made


def _mount(path: str, volume: str) -> Json:
    name, _, mode = volume.partition(":")
    return ({"name": name, "readOnly": True} if mode else {"name": name}) | {"mountPath": path}


@cache
def field_ref(path: str) -> Json:
    """``valueFrom`` a field of the pod."""
    return {"fieldRef": {"apiVersion": "v1", "fieldPath": path}}


def config_map(name: str, config: str = "", *, optional: bool = False) -> Json:
    """A volume of that name from a ConfigMap."""
    source: Json = {"name": config or name, "defaultMode": 420}
    if optional:
        source["optional"] = True
    return {"name": name, "configMap": source}


def host_path(name: str, path: str, kind: str = "") -> Json:
    """A volume of the node."""
    return {"name": name, "hostPath": {"path": path, "type": kind}}


def pod_spec(
    *containers: Json,
    init: Sequence[Json] = (),
    volumes: Sequence[Json] = (),
    account: str = "",
    priority_class: str = "",
    host_network: bool = False,
    tolerations: Sequence[Json] = (),
    selector: Mapping[str, str] | None = None,
    affinity: Json | None = None,
    spread: Sequence[Json] = (),
    restart: str = "Always",
    grace: int = 30,
    dns: str = "ClusterFirst",
    token: bool = True,
) -> Json:
    """A pod template's spec."""
    spec: Json = {}
    if volumes:
        spec["volumes"] = list(volumes)
    if init:
        spec["initContainers"] = list(init)
    spec |= {
        "containers": list(containers),
        "restartPolicy": restart,
        "terminationGracePeriodSeconds": grace,
        "dnsPolicy": dns,
    }
    optional: Json = {
        "nodeSelector": dict(selector or {}),
        "serviceAccountName": account,
        "serviceAccount": account,
        "hostNetwork": host_network,
        "affinity": affinity,
        "tolerations": list(tolerations),
        "priorityClassName": priority_class,
        "topologySpreadConstraints": list(spread),
    }
    spec |= {key: content for key, content in optional.items() if content}
    if not token:
        spec["automountServiceAccountToken"] = False
    return spec | {"securityContext": {}, "schedulerName": "default-scheduler"}

"""Table rows of the small kinds, as printers.go of Kubernetes 1.36 prints them (always wide, as Tables are)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kubetui.demo.entries.object import Since
from kubetui.demo.moment import human_duration

Body = Mapping[str, Any]
Cells = Callable[[Body], Sequence[Any]]
_NONE, _UNSET, _UNKNOWN = "<none>", "<unset>", "<unknown>"


def seconds_of(moment: str) -> int:
    """Unix seconds of a ``metav1.Time`` or ``MicroTime``."""
    return int(datetime.fromisoformat(moment).timestamp())


def _since(moment: str | None, otherwise: str = _UNKNOWN) -> Since | str:
    return Since(seconds_of(moment)) if moment else otherwise


def _age(body: Body) -> Since | str:
    return _since(body["metadata"].get("creationTimestamp"))


def _name(body: Body) -> str:
    return str(body["metadata"]["name"])


def _labels(labels: Mapping[str, str] | None) -> str:
    """``labels.FormatLabels``."""
    return ",".join(f"{key}={labels[key]}" for key in sorted(labels)) if labels else _NONE


def _selector(selector: Body | None) -> str:
    """``metav1.FormatLabelSelector``."""
    if not selector:
        return _NONE
    words = [f"{key}={label}" for key, label in sorted(selector.get("matchLabels", {}).items())]
    for term in selector.get("matchExpressions", ()):
        values = f" ({','.join(sorted(term['values']))})" if term.get("values") else ""
        operator = {"In": " in", "NotIn": " notin", "Exists": "", "DoesNotExist": "!"}[term["operator"]]
        words.append(f"!{term['key']}" if operator == "!" else f"{term['key']}{operator}{values}")
    return ",".join(words) if words else _NONE


def _containers(pod_spec: Body) -> tuple[str, str]:
    containers = pod_spec["containers"]
    return ",".join(item["name"] for item in containers), ",".join(item["image"] for item in containers)


def name_and_age(body: Body) -> Sequence[Any]:
    """ServiceAccounts, custom resources without columns of their own."""
    return (_name(body), _age(body))


def name_and_creation(body: Body) -> Sequence[Any]:
    """CustomResourceDefinitions: the default Table."""
    return (_name(body), body["metadata"]["creationTimestamp"])


def namespace(body: Body) -> Sequence[Any]:
    """Namespaces."""
    return (_name(body), body["status"]["phase"], _age(body))


def deployment(body: Body) -> Sequence[Any]:
    """Deployments."""
    spec, status = body["spec"], body.get("status", {})
    return (
        _name(body),
        f"{status.get('readyReplicas', 0)}/{spec['replicas']}",
        status.get("updatedReplicas", 0),
        status.get("availableReplicas", 0),
        _age(body),
        *_containers(spec["template"]["spec"]),
        _selector(spec["selector"]),
    )


def replica_set(body: Body) -> Sequence[Any]:
    """ReplicaSets."""
    spec, status = body["spec"], body.get("status", {})
    counts = (spec["replicas"], status.get("replicas", 0), status.get("readyReplicas", 0))
    return (_name(body), *counts, _age(body), *_containers(spec["template"]["spec"]), _selector(spec["selector"]))


def daemon_set(body: Body) -> Sequence[Any]:
    """DaemonSets."""
    spec, status = body["spec"], body["status"]
    pod_spec = spec["template"]["spec"]
    return (
        _name(body),
        status["desiredNumberScheduled"],
        status["currentNumberScheduled"],
        status["numberReady"],
        status.get("updatedNumberScheduled", 0),
        status.get("numberAvailable", 0),
        _labels(pod_spec.get("nodeSelector")),
        _age(body),
        *_containers(pod_spec),
        _selector(spec["selector"]),
    )


def stateful_set(body: Body) -> Sequence[Any]:
    """StatefulSets."""
    spec = body["spec"]
    ready = f"{body['status'].get('readyReplicas', 0)}/{spec['replicas']}"
    return (_name(body), ready, _age(body), *_containers(spec["template"]["spec"]))


_JOB_WORDS = (
    ("Complete", "Complete"),
    ("Failed", "Failed"),
    ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"),
    ("SuccessCriteriaMet", "SuccessCriteriaMet"),
)


def job(body: Body) -> Sequence[Any]:
    """Jobs."""
    spec, status = body["spec"], body.get("status", {})
    held = {condition["type"] for condition in status.get("conditions", ()) if condition["status"] == "True"}
    word = next((word for kind, word in _JOB_WORDS if kind in held), "Running")
    duration: Any = ""
    if start := status.get("startTime"):
        end = status.get("completionTime")
        duration = human_duration(seconds_of(end) - seconds_of(start)) if end else _since(start)
    done = f"{status.get('succeeded', 0)}/{spec.get('completions', 1)}"
    return (
        _name(body), word, done, duration, _age(body),
        *_containers(spec["template"]["spec"]), _selector(spec.get("selector")),
    )  # fmt: skip


def cron_job(body: Body) -> Sequence[Any]:
    """CronJobs."""
    spec, status = body["spec"], body.get("status", {})
    template = spec["jobTemplate"]["spec"]
    return (
        _name(body),
        spec["schedule"],
        spec.get("timeZone", _NONE),
        "True" if spec["suspend"] else "False",
        len(status.get("active", ())),
        _since(status.get("lastScheduleTime"), _NONE),
        _age(body),
        *_containers(template["template"]["spec"]),
        _selector(template.get("selector")),
    )


def service(body: Body) -> Sequence[Any]:
    """Services."""
    spec = body["spec"]
    ingress = body.get("status", {}).get("loadBalancer", {}).get("ingress", ())
    external = spec.get("externalName", "") or ",".join(sorted(point["ip"] for point in ingress))
    if not external:
        external = "<pending>" if spec["type"] == "LoadBalancer" else _NONE
    ports = ",".join(
        f"{port['port']}:{port['nodePort']}/{port['protocol']}"
        if "nodePort" in port
        else f"{port['port']}/{port['protocol']}"
        for port in spec.get("ports", ())
    )
    addresses = spec.get("clusterIPs") or [_NONE]
    selector = _labels(spec.get("selector"))
    return (_name(body), spec["type"], addresses[0], external, ports or _NONE, _age(body), selector)


def _at_most_three(words: Sequence[str], otherwise: str) -> str:
    if len(words) > 3:
        return f"{','.join(words[:3])} + {len(words) - 3} more..."
    return ",".join(words) or otherwise


def endpoint_slice(body: Body) -> Sequence[Any]:
    """EndpointSlices."""
    ports = [str(port["port"]) for port in body.get("ports") or ()]
    addresses = [address for point in body["endpoints"] or () for address in point["addresses"]]
    shown = (_at_most_three(ports, _UNSET), _at_most_three(addresses, _UNSET))
    return (_name(body), body["addressType"], *shown, _age(body))


def endpoints(body: Body) -> Sequence[Any]:
    """Endpoints."""
    points = [
        f"{address['ip']}:{port['port']}"
        for subset in body.get("subsets", ())
        for port in subset["ports"]
        for address in subset.get("addresses", ())
    ]
    otherwise = "" if body.get("subsets") else _NONE
    return (_name(body), _at_most_three(points, otherwise), _age(body))


def config_map(body: Body) -> Sequence[Any]:
    """ConfigMaps."""
    return (_name(body), len(body.get("data", {})) + len(body.get("binaryData", {})), _age(body))


def secret(body: Body) -> Sequence[Any]:
    """Secrets."""
    return (_name(body), body["type"], len(body.get("data", {})), _age(body))


def disruption_budget(body: Body) -> Sequence[Any]:
    """PodDisruptionBudgets."""
    spec = body["spec"]
    bounds = (str(spec.get("minAvailable", "N/A")), str(spec.get("maxUnavailable", "N/A")))
    return (_name(body), *bounds, body["status"]["disruptionsAllowed"], _age(body))


def priority_class(body: Body) -> Sequence[Any]:
    """PriorityClasses."""
    policy = body.get("preemptionPolicy", "")
    return (_name(body), body["value"], body.get("globalDefault", False), _age(body), policy)


_MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


def _modes(modes: Sequence[str]) -> str:
    return ",".join(_MODES[mode] for mode in modes)


def volume_claim(body: Body) -> Sequence[Any]:
    """PersistentVolumeClaims."""
    spec, status = body["spec"], body["status"]
    bound = bool(spec.get("volumeName"))
    return (
        _name(body),
        status["phase"],
        spec.get("volumeName", ""),
        status["capacity"]["storage"] if bound else "",
        _modes(status.get("accessModes", ())) if bound else "",
        spec.get("storageClassName", ""),
        spec.get("volumeAttributesClassName", _UNSET),
        _age(body),
        spec.get("volumeMode", _UNSET),
    )


def volume(body: Body) -> Sequence[Any]:
    """PersistentVolumes."""
    spec, status = body["spec"], body["status"]
    claim = spec.get("claimRef")
    return (
        _name(body),
        spec["capacity"]["storage"],
        _modes(spec["accessModes"]),
        spec["persistentVolumeReclaimPolicy"],
        status["phase"],
        f"{claim['namespace']}/{claim['name']}" if claim else "",
        spec.get("storageClassName", ""),
        spec.get("volumeAttributesClassName", _UNSET),
        status.get("reason", ""),
        _age(body),
        spec.get("volumeMode", _UNSET),
    )


def storage_class(body: Body) -> Sequence[Any]:
    """StorageClasses."""
    default = body["metadata"].get("annotations", {}).get("storageclass.kubernetes.io/is-default-class") == "true"
    return (
        f"{_name(body)} (default)" if default else _name(body),
        body["provisioner"],
        body.get("reclaimPolicy", "Delete"),
        body.get("volumeBindingMode", "Immediate"),
        body.get("allowVolumeExpansion", False),
        _age(body),
    )


def ingress(body: Body) -> Sequence[Any]:
    """Ingresses."""
    spec = body["spec"]
    hosts = [rule["host"] for rule in spec.get("rules", ()) if rule.get("host")]
    points = body.get("status", {}).get("loadBalancer", {}).get("ingress", ())
    return (
        _name(body),
        spec.get("ingressClassName", _NONE),
        _at_most_three(hosts, "*"),
        ",".join(sorted(point["ip"] for point in points)),
        "80, 443" if spec.get("tls") else "80",
        _age(body),
    )


def autoscaler(body: Body) -> Sequence[Any]:
    """HorizontalPodAutoscalers, those that scale on resources."""
    spec, status = body["spec"], body.get("status", {})
    current = {
        metric["resource"]["name"]: f"{metric['resource']['current']['averageUtilization']}%"
        for metric in status.get("currentMetrics") or ()
    }
    targets = [
        f"{metric['resource']['name']}: {current.get(metric['resource']['name'], _UNKNOWN)}"
        f"/{metric['resource']['target']['averageUtilization']}%"
        for metric in spec["metrics"]
    ]
    target = spec["scaleTargetRef"]
    return (
        _name(body),
        f"{target['kind']}/{target['name']}",
        ", ".join(targets[:2]) + (f" + {len(targets) - 2} more..." if len(targets) > 2 else ""),
        str(spec["minReplicas"]),
        spec["maxReplicas"],
        status.get("currentReplicas", 0),
        _age(body),
    )


def network_policy(body: Body) -> Sequence[Any]:
    """NetworkPolicies."""
    return (_name(body), _selector(body["spec"]["podSelector"]), _age(body))


def api_service(body: Body) -> Sequence[Any]:
    """APIServices, as kube-aggregator prints them."""
    behind = body["spec"].get("service")
    available = next((item for item in body["status"]["conditions"] if item["type"] == "Available"), None)
    word = available["status"] if available else "Unknown"
    if available and word != "True" and available.get("reason"):
        word = f"{word} ({available['reason']})"
    return (_name(body), f"{behind['namespace']}/{behind['name']}" if behind else "Local", word, _age(body))


def csi_node(body: Body) -> Sequence[Any]:
    """CSINodes."""
    return (_name(body), len(body["spec"]["drivers"] or ()), _age(body))


def csi_driver(body: Body) -> Sequence[Any]:
    """CSIDrivers."""
    spec = body["spec"]
    requests = spec.get("tokenRequests")
    return (
        _name(body),
        spec.get("attachRequired", True),
        spec.get("podInfoOnMount", False),
        spec.get("storageCapacity", False),
        _UNSET if requests is None else ",".join(request["audience"] for request in requests),
        spec.get("requiresRepublish", False),
        ",".join(spec.get("volumeLifecycleModes", ())) or _NONE,
        _age(body),
    )


def volume_attachment(body: Body) -> Sequence[Any]:
    """VolumeAttachments."""
    spec = body["spec"]
    source = spec["source"].get("persistentVolumeName", "")
    return (_name(body), spec["attacher"], source, spec["nodeName"], body["status"]["attached"], _age(body))

"""The paths that field selectors know, by kind.

Source: ``AddFieldLabelConversionFunc`` in ``pkg/apis/*/*/conversion.go`` of k8s.io/kubernetes 1.36.3.
"""

from __future__ import annotations

from collections.abc import Mapping

from kubetui.demo.entry import Resource

_ANY = ("metadata.name", "metadata.namespace")
_EVENT = ("reason", "reportingComponent", "type")
_OBJECT = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
_LABELS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("", "pods"): (
        *_ANY,
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.podIPs",
        "status.nominatedNodeName",
    ),
    ("", "nodes"): ("metadata.name", "spec.unschedulable"),
    ("", "namespaces"): ("metadata.name", "status.phase"),
    ("", "secrets"): (*_ANY, "type"),
    ("", "services"): (*_ANY, "spec.clusterIP", "spec.type"),
    ("", "replicationcontrollers"): (*_ANY, "status.replicas"),
    ("", "events"): (*_ANY, *_EVENT, "source", *(f"involvedObject.{part}" for part in _OBJECT)),
    ("events.k8s.io", "events"): (*_ANY, *_EVENT, "reportingController", *(f"regarding.{part}" for part in _OBJECT)),
    ("batch", "jobs"): (*_ANY, "status.successful"),
}


def field_labels(resource: Resource) -> tuple[str, ...]:
    """What a field selector on this resource may name."""
    return _LABELS.get((resource.group, resource.plural), _ANY)

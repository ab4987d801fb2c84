"""Every kind that the demo serves, with the Table columns of Kubernetes 1.36.

Columns: ``pkg/printers/internalversion/printers.go`` of k8s.io/kubernetes 1.36.3; APIServices: kube-aggregator's
``pkg/registry/apiservice/etcd``; CustomResourceDefinitions: the default Table; custom resources: their CRD.
"""

from __future__ import annotations

from kubetui.demo.custom_resources import CUSTOM
from kubetui.demo.entry import Resource, Subresource, TableColumn

_NAME = TableColumn("Name", format="name")
_AGE = TableColumn("Age")


def _columns(*columns: str | TableColumn) -> tuple[TableColumn, ...]:
    """``"Ready"`` a string, ``"Desired:integer"`` another type, ``"Node+"`` a wide one."""
    return tuple(column if isinstance(column, TableColumn) else _column(column) for column in columns)


def _column(words: str) -> TableColumn:
    name, _, kind = words.removesuffix("+").partition(":")
    return TableColumn(name, kind or "string", priority=1 if words.endswith("+") else 0)


PODS = Resource(
    "Pod", "pods", "", "v1", True, ("po",), "pod", ("all",),
    columns=_columns(
        _NAME, "Ready", "Status", "Restarts", _AGE, "IP+", "Node+", "Nominated Node+", "Readiness Gates+"
    ),
    subresources=(Subresource("log", "Pod"), Subresource("proxy", "PodProxyOptions")),
)  # fmt: skip
NODES = Resource(
    "Node", "nodes", "", "v1", False, ("no",), "node",
    columns=_columns(
        _NAME, "Status", "Roles", _AGE, "Version", "Internal-IP+", "External-IP+", "OS-Image+", "Kernel-Version+",
        "Container-Runtime+",
    ),
    subresources=(Subresource("proxy", "NodeProxyOptions"),),
)  # fmt: skip
NAMESPACES = Resource(
    "Namespace", "namespaces", "", "v1", False, ("ns",), "namespace", columns=_columns(_NAME, "Status", _AGE)
)
SERVICES = Resource(
    "Service", "services", "", "v1", True, ("svc",), "service", ("all",),
    columns=_columns(_NAME, "Type", "Cluster-IP", "External-IP", "Port(s)", _AGE, "Selector+"),
)  # fmt: skip
ENDPOINTS = Resource(
    "Endpoints", "endpoints", "", "v1", True, ("ep",), "endpoints", columns=_columns(_NAME, "Endpoints", _AGE)
)
CONFIG_MAPS = Resource(
    "ConfigMap", "configmaps", "", "v1", True, ("cm",), "configmap", columns=_columns(_NAME, "Data", _AGE)
)
SECRETS = Resource("Secret", "secrets", "", "v1", True, (), "secret", columns=_columns(_NAME, "Type", "Data", _AGE))
EVENTS = Resource(
    "Event", "events", "", "v1", True, ("ev",), "event",
    columns=_columns(
        "Last Seen", "Type", "Reason", "Object", "Subobject+", "Source+", "Message", "First Seen+", "Count+",
        TableColumn("Name", format="name", priority=1),
    ),
    watch_cache=False,
)  # fmt: skip
SERVICE_ACCOUNTS = Resource(
    "ServiceAccount", "serviceaccounts", "", "v1", True, ("sa",), "serviceaccount", columns=_columns(_NAME, _AGE)
)
VOLUMES = Resource(
    "PersistentVolume", "persistentvolumes", "", "v1", False, ("pv",), "persistentvolume",
    columns=_columns(
        _NAME, "Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim", "StorageClass",
        "VolumeAttributesClass", "Reason", _AGE, "VolumeMode+",
    ),
)  # fmt: skip
VOLUME_CLAIMS = Resource(
    "PersistentVolumeClaim", "persistentvolumeclaims", "", "v1", True, ("pvc",), "persistentvolumeclaim",
    columns=_columns(
        _NAME, "Status", "Volume", "Capacity", "Access Modes", "StorageClass", "VolumeAttributesClass", _AGE,
        "VolumeMode+",
    ),
)  # fmt: skip
DEPLOYMENTS = Resource(
    "Deployment", "deployments", "apps", "v1", True, ("deploy",), "deployment", ("all",),
    columns=_columns(
        _NAME, "Ready", "Up-to-date", "Available", _AGE, "Containers+", "Images+", "Selector+"
    ),
)  # fmt: skip
REPLICA_SETS = Resource(
    "ReplicaSet", "replicasets", "apps", "v1", True, ("rs",), "replicaset", ("all",),
    columns=_columns(
        _NAME, "Desired:integer", "Current:integer", "Ready:integer", _AGE, "Containers+", "Images+", "Selector+"
    ),
)  # fmt: skip
DAEMON_SETS = Resource(
    "DaemonSet", "daemonsets", "apps", "v1", True, ("ds",), "daemonset", ("all",),
    columns=_columns(
        _NAME, "Desired:integer", "Current:integer", "Ready:integer", "Up-to-date:integer", "Available:integer",
        "Node Selector", _AGE, "Containers+", "Images+", "Selector+",
    ),
)  # fmt: skip
STATEFUL_SETS = Resource(
    "StatefulSet", "statefulsets", "apps", "v1", True, ("sts",), "statefulset", ("all",),
    columns=_columns(_NAME, "Ready", _AGE, "Containers+", "Images+"),
)  # fmt: skip
JOBS = Resource(
    "Job", "jobs", "batch", "v1", True, (), "job", ("all",),
    columns=_columns(_NAME, "Status", "Completions", "Duration", _AGE, "Containers+", "Images+", "Selector+"),
)  # fmt: skip
CRON_JOBS = Resource(
    "CronJob", "cronjobs", "batch", "v1", True, ("cj",), "cronjob", ("all",),
    columns=_columns(
        _NAME, "Schedule", "Timezone", "Suspend:boolean", "Active:integer", "Last Schedule", _AGE, "Containers+",
        "Images+", "Selector+",
    ),
)  # fmt: skip
AUTOSCALERS = Resource(
    "HorizontalPodAutoscaler", "horizontalpodautoscalers", "autoscaling", "v2", True, ("hpa",),
    "horizontalpodautoscaler", ("all",),
    columns=_columns(_NAME, "Reference", "Targets", "MinPods", "MaxPods", "Replicas", _AGE),
)  # fmt: skip
ENDPOINT_SLICES = Resource(
    "EndpointSlice", "endpointslices", "discovery.k8s.io", "v1", True, (), "endpointslice",
    columns=_columns(_NAME, "AddressType", "Ports", "Endpoints", _AGE),
)  # fmt: skip
INGRESSES = Resource(
    "Ingress", "ingresses", "networking.k8s.io", "v1", True, ("ing",), "ingress",
    columns=_columns(_NAME, "Class", "Hosts", "Address", "Ports", _AGE),
)  # fmt: skip
NETWORK_POLICIES = Resource(
    "NetworkPolicy", "networkpolicies", "networking.k8s.io", "v1", True, ("netpol",), "networkpolicy",
    columns=_columns(_NAME, "Pod-Selector", _AGE),
)  # fmt: skip
DISRUPTION_BUDGETS = Resource(
    "PodDisruptionBudget", "poddisruptionbudgets", "policy", "v1", True, ("pdb",), "poddisruptionbudget",
    columns=_columns(_NAME, "Min Available", "Max Unavailable", "Allowed Disruptions:integer", _AGE),
)  # fmt: skip
LEASES = Resource(
    "Lease", "leases", "coordination.k8s.io", "v1", True, (), "lease", columns=_columns(_NAME, "Holder", _AGE)
)
PRIORITY_CLASSES = Resource(
    "PriorityClass", "priorityclasses", "scheduling.k8s.io", "v1", False, ("pc",), "priorityclass",
    columns=_columns(_NAME, "Value:integer", "Global-Default:boolean", _AGE, "PreemptionPolicy"),
)  # fmt: skip
STORAGE_CLASSES = Resource(
    "StorageClass", "storageclasses", "storage.k8s.io", "v1", False, ("sc",), "storageclass",
    columns=_columns(_NAME, "Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", _AGE),
)  # fmt: skip
CSI_NODES = Resource(
    "CSINode", "csinodes", "storage.k8s.io", "v1", False, (), "csinode",
    columns=_columns(_NAME, "Drivers:integer", _AGE),
)  # fmt: skip
CSI_DRIVERS = Resource(
    "CSIDriver", "csidrivers", "storage.k8s.io", "v1", False, (), "csidriver",
    columns=_columns(
        _NAME, "AttachRequired:boolean", "PodInfoOnMount:boolean", "StorageCapacity:boolean", "TokenRequests",
        "RequiresRepublish:boolean", "Modes", _AGE,
    ),
)  # fmt: skip
VOLUME_ATTACHMENTS = Resource(
    "VolumeAttachment", "volumeattachments", "storage.k8s.io", "v1", False, (), "volumeattachment",
    columns=_columns(
        _NAME, TableColumn("Attacher", format="name"), "PV", "Node", "Attached:boolean", _AGE
    ),
)  # fmt: skip
API_SERVICES = Resource(
    "APIService", "apiservices", "apiregistration.k8s.io", "v1", False, (), "apiservice", ("api-extensions",),
    columns=_columns(_NAME, "Service", "Available", _AGE),
)  # fmt: skip
CUSTOM_RESOURCE_DEFINITIONS = Resource(
    "CustomResourceDefinition", "customresourcedefinitions", "apiextensions.k8s.io", "v1", False, ("crd", "crds"),
    "customresourcedefinition", ("api-extensions",),
    columns=_columns(_NAME, "Created At:date"),
)  # fmt: skip
RESOURCES: tuple[Resource, ...] = (
    CONFIG_MAPS,
    ENDPOINTS,
    EVENTS,
    NAMESPACES,
    NODES,
    VOLUME_CLAIMS,
    VOLUMES,
    PODS,
    SECRETS,
    SERVICE_ACCOUNTS,
    SERVICES,
    API_SERVICES,
    DAEMON_SETS,
    DEPLOYMENTS,
    REPLICA_SETS,
    STATEFUL_SETS,
    AUTOSCALERS,
    CRON_JOBS,
    JOBS,
    LEASES,
    ENDPOINT_SLICES,
    INGRESSES,
    NETWORK_POLICIES,
    DISRUPTION_BUDGETS,
    PRIORITY_CLASSES,
    CSI_DRIVERS,
    CSI_NODES,
    STORAGE_CLASSES,
    VOLUME_ATTACHMENTS,
    CUSTOM_RESOURCE_DEFINITIONS,
    *(custom.resource for custom in CUSTOM),
)
"""In the order of discovery."""

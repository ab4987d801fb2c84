"""Objects of every kind that has a description of its own, with as many of their fields set as a server accepts."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
PLACE = "described"
IMAGE = "registry.example/app:1.0"


def _meta(name: str, **more: Any) -> Json:
    return {"name": name, "namespace": PLACE, "labels": {"app": name, "tier": "web"}, **more}


RICH_CONTAINER: Json = {
    "name": "app",
    "image": IMAGE,
    "command": ["/bin/app", "--serve"],
    "args": ["--one", "two\nthree"],
    "ports": [{"name": "http", "containerPort": 8080}, {"containerPort": 53, "protocol": "UDP", "hostPort": 5353}],
    "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "1", "memory": "128Mi"}},
    "livenessProbe": {"httpGet": {"path": "/live", "port": "http", "scheme": "HTTPS"}, "periodSeconds": 7},
    "readinessProbe": {"tcpSocket": {"port": 8080}, "timeoutSeconds": 3},
    "startupProbe": {"exec": {"command": ["cat", "/tmp/up"]}, "failureThreshold": 30},
    "securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "profiles/app.json"}},
    "envFrom": [
        {"configMapRef": {"name": "settings"}},
        {"secretRef": {"name": "token", "optional": True}, "prefix": "TOKEN_"},
    ],
    "env": [
        {"name": "PLAIN", "value": "a value"},
        {"name": "LINES", "value": "first\nsecond"},
        {"name": "EMPTY"},
        {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "LABEL", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
        {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
        {"name": "MEMORY", "valueFrom": {"resourceFieldRef": {"resource": "requests.memory", "divisor": "1Mi"}}},
        {"name": "DISK", "valueFrom": {"resourceFieldRef": {"resource": "limits.ephemeral-storage"}}},
        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "token", "key": "token"}}},
        {"name": "SETTING", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "a", "optional": True}}},
    ],
    "volumeMounts": [
        {"name": "settings", "mountPath": "/etc/app", "readOnly": True},
        {"name": "scratch", "mountPath": "/tmp", "subPath": "x"},
    ],
}
VOLUMES: list[Json] = [
    {"name": "settings", "configMap": {"name": "settings"}},
    {"name": "token", "secret": {"secretName": "token", "optional": True}},
    {"name": "scratch", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
    {"name": "plain", "emptyDir": {}},
    {"name": "host", "hostPath": {"path": "/var/log", "type": "DirectoryOrCreate"}},
    {"name": "claim", "persistentVolumeClaim": {"claimName": "data"}},
    {"name": "share", "azureFile": {"secretName": "share", "shareName": "files"}},
    {"name": "nfs", "nfs": {"server": "nfs.example", "path": "/exports"}},
    {"name": "csi", "csi": {"driver": "secrets-store.csi.k8s.io", "volumeAttributes": {"secretProviderClass": "kv"}}},
    {
        "name": "downward",
        "downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]},
    },
    {
        "name": "projected",
        "projected": {
            "sources": [
                {"secret": {"name": "token"}},
                {"configMap": {"name": "settings", "optional": True}},
                {"downwardAPI": {"items": [{"path": "n", "fieldRef": {"fieldPath": "metadata.name"}}]}},
                {"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}},
            ]
        },
    },
    {
        "name": "ephemeral",
        "ephemeral": {
            "volumeClaimTemplate": {
                "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
            }
        },
    },
]
RICH_SPEC: Json = {
    "initContainers": [
        {"name": "prepare", "image": IMAGE, "args": ["migrate"]},
        {"name": "sidecar", "image": IMAGE, "restartPolicy": "Always"},
    ],
    "containers": [RICH_CONTAINER, {"name": "bare", "image": IMAGE}],
    "volumes": VOLUMES,
    "priorityClassName": "described",
    "nodeSelector": {"kubernetes.io/os": "linux"},
    "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
    "readinessGates": [{"conditionType": "example.com/gate"}],
    "tolerations": [
        {"key": "sku", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"},
        {"key": "any", "operator": "Exists"},
        {"key": "late", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 60},
    ],
    "topologySpreadConstraints": [
        {
            "maxSkew": 2,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {"app": "rich"}},
        }
    ],
}
PLAIN_SPEC: Json = {"containers": [{"name": "app", "image": IMAGE}]}


def _template(app: str, spec: Json, **more: Any) -> Json:
    return {"metadata": {"labels": {"app": app}, **more}, "spec": spec}


def _workload(kind: str, name: str, template: Json, **spec: Any) -> Json:
    selector = {"matchLabels": {"app": name}}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": _meta(name, annotations={"example.com/note": "short", "example.com/long": "x" * 200}),
        "spec": {"selector": selector, "template": template, **spec},
    }


POD: Json = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": _meta(
        "rich",
        annotations={
            "example.com/short": "word",
            "example.com/json": '{"a": 1}\n{"b": 2}',
            "example.com/long": "y" * 300,
        },
    ),
    "spec": {**RICH_SPEC, "nodeName": "of-no-kubelet"},
}
RICH_STATUS: Json = {
    "phase": "Running",
    "hostIP": "10.224.0.9",
    "podIP": "10.244.0.9",
    "podIPs": [{"ip": "10.244.0.9"}, {"ip": "fd00::9"}],
    "startTime": "2026-11-20T08:00:00Z",
    "reason": "Trouble",
    "message": "something is wrong",
    "conditions": [
        {"type": "Ready", "status": "False", "reason": "ContainersNotReady", "message": "containers with unready"},
        {"type": "PodScheduled", "status": "True"},
    ],
    "initContainerStatuses": [
        {
            "name": "prepare",
            "ready": True,
            "restartCount": 0,
            "image": IMAGE,
            "imageID": "sha256:1",
            "state": {
                "terminated": {
                    "exitCode": 0,
                    "reason": "Completed",
                    "startedAt": "2026-11-20T08:00:01Z",
                    "finishedAt": "2026-11-20T08:00:05Z",
                }
            },
        }
    ],
    "containerStatuses": [
        {
            "name": "app",
            "ready": False,
            "restartCount": 41,
            "image": IMAGE,
            "imageID": "registry.example/app@sha256:2",
            "containerID": "containerd://abc",
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting"}},
            "lastState": {
                "terminated": {
                    "exitCode": 137,
                    "reason": "OOMKilled",
                    "message": "the last words",
                    "startedAt": "2026-11-20T09:00:00Z",
                    "finishedAt": "2026-11-20T09:00:30Z",
                }
            },
        },
        {
            "name": "bare",
            "ready": True,
            "restartCount": 0,
            "image": IMAGE,
            "imageID": "",
            "state": {"running": {"startedAt": "2026-11-20T08:00:10Z"}},
        },
    ],
}
WAITING_POD: Json = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": _meta("waiting"),
    "spec": {"containers": [{"name": "app", "image": IMAGE, "resources": {"requests": {"cpu": "5000"}}}]},
}
DEPLOYMENT = _workload(
    "Deployment",
    "web",
    _template("web", RICH_SPEC | {"topologySpreadConstraints": []}, annotations={"sum": "1"}),
    replicas=2,
)
DAEMON_SET = _workload("DaemonSet", "agent", _template("agent", PLAIN_SPEC | {"nodeSelector": {"no": "such"}}))
STATEFUL_SET = _workload(
    "StatefulSet",
    "db",
    _template("db", PLAIN_SPEC),
    replicas=2,
    serviceName="db",
    updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 1}},
    volumeClaimTemplates=[
        {
            "metadata": {"name": "data", "labels": {"a": "b"}},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": "managed-csi",
                "resources": {"requests": {"storage": "8Gi"}},
            },
        }
    ],
)
JOB: Json = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": _meta("once"),
    "spec": {
        "parallelism": 2,
        "completions": 3,
        "completionMode": "Indexed",
        "backoffLimit": 4,
        "activeDeadlineSeconds": 86400,
        "ttlSecondsAfterFinished": 3600,
        "template": _template("once", PLAIN_SPEC | {"restartPolicy": "Never"}),
    },
}
CRON_JOB: Json = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": _meta("nightly"),
    "spec": {
        "schedule": "0 3 * * *",
        "timeZone": "Europe/Berlin",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 300,
        "jobTemplate": {"spec": {"template": _template("nightly", PLAIN_SPEC | {"restartPolicy": "OnFailure"})}},
    },
}
_PORTS: list[Json] = [
    {"name": "http", "port": 80, "targetPort": "http"},
    {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 5353, "appProtocol": "dns"},
]
SERVICE: Json = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": _meta("web"),
    "spec": {
        "type": "LoadBalancer",
        "selector": {"app": "web"},
        "ports": _PORTS,
        "loadBalancerSourceRanges": ["10.0.0.0/8"],
    },
}
HEADLESS: Json = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": _meta("db"),
    "spec": {"clusterIP": "None", "selector": {"app": "db"}, "ports": [{"port": 5432}]},
}
EXTERNAL: Json = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": _meta("outside"),
    "spec": {"type": "ExternalName", "externalName": "example.com"},
}
SLICE: Json = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "metadata": {"name": "web-hand", "namespace": PLACE, "labels": {"kubernetes.io/service-name": "web"}},
    "addressType": "IPv4",
    "endpoints": [{"addresses": [f"10.244.1.{last}"], "conditions": {"ready": last != 7}} for last in range(3, 9)],
    "ports": [{"name": "http", "port": 8080}, {"name": "dns", "port": 5353, "protocol": "UDP"}],
}
CONFIG_MAP: Json = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": _meta("settings"),
    "data": {"a": "1", "file.yaml": "key: value\n"},
    "binaryData": {"bytes": "AAECAw=="},
}
SECRET: Json = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": _meta("token"),
    "stringData": {"token": "s3cr3t", "empty": "", "umlaut": "ä"},
}
VOLUME: Json = {
    "apiVersion": "v1",
    "kind": "PersistentVolume",
    "metadata": {"name": "described-disk", "labels": {"app": "data"}},
    "spec": {
        "capacity": {"storage": "16Gi"},
        "accessModes": ["ReadWriteOnce", "ReadOnlyMany"],
        "storageClassName": "by-hand",
        "persistentVolumeReclaimPolicy": "Retain",
        "claimRef": {"namespace": PLACE, "name": "data"},
        "csi": {
            "driver": "disk.csi.azure.com",
            "volumeHandle": "/subscriptions/0/disks/d",
            "volumeAttributes": {"k": "v"},
        },
        "nodeAffinity": {
            "required": {
                "nodeSelectorTerms": [
                    {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["one", "two"]}]},
                    {"matchExpressions": [{"key": "disk", "operator": "Exists"}]},
                ]
            }
        },
    },
}
CLAIM: Json = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": _meta("data"),
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "by-hand",
        "volumeName": "described-disk",
        "resources": {"requests": {"storage": "8Gi"}},
    },
}
UNBOUND: Json = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": _meta("unbound"),
    "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}},
}


def _backend(service: str, **port: Any) -> Json:
    return {"service": {"name": service, "port": port}}


INGRESS: Json = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": _meta("front", annotations={"a": "b"}),
    "spec": {
        "ingressClassName": "webapprouting.kubernetes.azure.com",
        "defaultBackend": _backend("web", name="http"),
        "tls": [{"hosts": ["a.example", "b.example"], "secretName": "cert"}, {"hosts": ["c.example"]}],
        "rules": [
            {
                "host": "a.example",
                "http": {
                    "paths": [
                        {"path": "/", "pathType": "Prefix", "backend": _backend("web", number=80)},
                        {"path": "/none", "pathType": "Exact", "backend": _backend("missing", number=80)},
                        {
                            "path": "/static",
                            "pathType": "Exact",
                            "backend": {"resource": {"apiGroup": "k8s.example", "kind": "Bucket", "name": "assets"}},
                        },
                    ]
                },
            },
        ],
    },
}
BARE_INGRESS: Json = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": _meta("bare"),
    "spec": {"defaultBackend": _backend("web", number=80)},
}
AUTOSCALER: Json = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": _meta("web"),
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 2,
        "maxReplicas": 9,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
            },
            {
                "type": "Resource",
                "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "1Gi"}},
            },
            {
                "type": "ContainerResource",
                "containerResource": {
                    "name": "cpu",
                    "container": "app",
                    "target": {"type": "Utilization", "averageUtilization": 60},
                },
            },
            {
                "type": "Pods",
                "pods": {"metric": {"name": "rps"}, "target": {"type": "AverageValue", "averageValue": "100"}},
            },
            {
                "type": "Object",
                "object": {
                    "metric": {"name": "hits"},
                    "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "web"},
                    "target": {"type": "Value", "value": "2k"},
                },
            },
            {
                "type": "External",
                "external": {"metric": {"name": "queue"}, "target": {"type": "AverageValue", "averageValue": "30"}},
            },
        ],
        "behavior": {
            "scaleDown": {
                "stabilizationWindowSeconds": 600,
                "policies": [{"type": "Pods", "value": 1, "periodSeconds": 120}],
            }
        },
    },
}
AUTOSCALER_STATUS: Json = {
    "currentReplicas": 2,
    "desiredReplicas": 3,
    "currentMetrics": [
        {
            "type": "Resource",
            "resource": {"name": "cpu", "current": {"averageUtilization": 91, "averageValue": "455m"}},
        },
        {"type": "Resource", "resource": {"name": "memory", "current": {"averageValue": "512Mi"}}},
    ],
    "conditions": [
        {"type": "AbleToScale", "status": "True", "reason": "ReadyForNewScale", "message": "recommended size matches"},
        {"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas", "message": "more than the maximum"},
    ],
}
QUOTA: Json = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": _meta("team"),
    "spec": {"hard": {"pods": "100", "requests.cpu": "40", "requests.memory": "80Gi"}},
}
SCOPED_QUOTA: Json = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": _meta("best-effort"),
    "spec": {"hard": {"pods": "10"}, "scopes": ["BestEffort"]},
}
LIMITS: Json = {
    "apiVersion": "v1",
    "kind": "LimitRange",
    "metadata": _meta("limits"),
    "spec": {
        "limits": [
            {"type": "Container", "max": {"memory": "64Gi"}, "maxLimitRequestRatio": {"cpu": "20"}},
            {"type": "PersistentVolumeClaim", "max": {"storage": "1Ti"}, "min": {"storage": "1Gi"}},
        ]
    },
}
PRIORITY: Json = {
    "apiVersion": "scheduling.k8s.io/v1",
    "kind": "PriorityClass",
    "metadata": {"name": "described"},
    "value": 1000,
    "description": "for descriptions",
}
DEFINITION: Json = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets", "singular": "widget"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}
CUSTOM: Json = {
    "apiVersion": "example.com/v1",
    "kind": "Widget",
    "metadata": _meta("blue"),
    "spec": {
        "podCIDRs": ["10.0.0.0/8"],
        "clusterIPs": [],
        "httpGet": {"URL": "https://example.com", "guid": "1"},
        "ratio": 0.25,
        "big": 12345678,
        "size": 3.0,
        "on": True,
        "nothing": None,
        "snake_case": "kept",
        "dash-ed": "x",
        "list": [{"name": "one", "value": 1}, {"name": "two"}, "three"],
        "empty": {},
    },
    "status": {"phase": "Ready", "conditions": [{"type": "Ready", "status": "False", "reason": "Broken"}]},
}

BUDGET: Json = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": _meta("web"),
    "spec": {"minAvailable": "50%", "selector": {"matchLabels": {"app": "web"}}},
}
ACCOUNT: Json = {
    "apiVersion": "v1",
    "kind": "ServiceAccount",
    "metadata": _meta("robot"),
    "imagePullSecrets": [{"name": "one"}, {"name": "two"}],
}
STORAGE: Json = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "described", "annotations": {"a": "b"}},
    "provisioner": "disk.csi.azure.com",
    "parameters": {"skuname": "Premium_LRS", "kind": "managed"},
    "mountOptions": ["ro"],
    "allowVolumeExpansion": True,
    "allowedTopologies": [{"matchLabelExpressions": [{"key": "zone", "values": ["one", "two"]}]}],
}
POLICY: Json = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": _meta("fence"),
    "spec": {
        "podSelector": {"matchLabels": {"app": "web"}},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            {
                "ports": [{"port": 80}, {"port": 8000, "endPort": 8010, "protocol": "UDP"}],
                "from": [
                    {"podSelector": {"matchLabels": {"a": "b"}}, "namespaceSelector": {}},
                    {"namespaceSelector": {"matchLabels": {"c": "d"}}},
                    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}},
                ],
            },
            {"from": [{"podSelector": {}}]},
        ],
        "egress": [{}],
    },
}
CLOSED: Json = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": _meta("closed"),
    "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
}

CSI: Json = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "CSINode",
    "metadata": {"name": "described"},
    "spec": {
        "drivers": [
            {"name": "disk.csi.azure.com", "nodeID": "n", "topologyKeys": ["a", "b"], "allocatable": {"count": 16}},
            {"name": "file.csi.azure.com", "nodeID": "n", "topologyKeys": None},
        ]
    },
}
CLASS: Json = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "IngressClass",
    "metadata": {"name": "described"},
    "spec": {
        "controller": "example.com/front",
        "parameters": {"apiGroup": "example.com", "kind": "Front", "name": "f", "scope": "Cluster"},
    },
}
BINDING: Json = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "RoleBinding",
    "metadata": _meta("readers"),
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
    "subjects": [
        {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "readers"},
        {"kind": "ServiceAccount", "name": "robot", "namespace": PLACE},
    ],
}

OBJECTS = (
    PRIORITY, DEFINITION, CONFIG_MAP, SECRET, VOLUME, CLAIM, UNBOUND, POD, WAITING_POD, DEPLOYMENT, DAEMON_SET,
    STATEFUL_SET, JOB, CRON_JOB, SERVICE, HEADLESS, EXTERNAL, SLICE, INGRESS, BARE_INGRESS, AUTOSCALER, QUOTA,
    SCOPED_QUOTA, LIMITS, BUDGET, ACCOUNT, STORAGE, POLICY, CLOSED, CSI, CLASS, BINDING,
)  # fmt: skip
"""In the order in which they are created; ``CUSTOM`` follows once its definition is served."""

"""``/configz`` of a kubelet, as AKS configures it: by pool, version and system, and few nodes that have drifted.

Fields and their order: a kubelet of 1.36.3; values: AgentBaker's configuration files and flags seen on AKS nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kubetui.demo.fleet import Node
from kubetui.demo.pools import EVICTION_MI, Pool, reserved_memory_mi, reserved_millicpu

Json = dict[str, Any]

_CIPHERS = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
]


def configz(node: Node) -> Json:
    """The whole answer of the node's kubelet."""
    config = _config(node.pool)
    for key, content in _drift(node).items():
        config[key] = {**config[key], **content} if isinstance(content, dict) and key in config else content
    config["providerID"] = node.state.provider_id
    return {"kubeletconfig": {key: config[key] for key in sorted(config, key=_place)}}


def _place(key: str) -> int:
    return _ORDER[key]


def _drift(node: Node) -> Mapping[str, Any]:
    """What few nodes have otherwise: an old image's settings, a hand's, a formula of before 1.29."""
    place = node.instance
    if node.pool.spot and place % 29 == 3:
        return {"containerLogMaxSize": "10Mi", "containerLogMaxFiles": 10}
    if node.pool.mode == "user" and not node.pool.spot:
        if place % 37 == 3:
            return {"evictionHard": {"memory.available": "750Mi"}, "imageGCHighThresholdPercent": 95}
        if place % 41 == 5:
            return {"kubeReserved": {"memory": f"{_regressive_mi(node.pool)}Mi"}}
        if place % 53 == 11:
            return {"featureGates": {"NodeLogQuery": True}, "enableSystemLogQuery": True}
    return {}


def _regressive_mi(pool: Pool) -> int:
    """``kubeReserved.memory`` of AKS before 1.29: a quarter of the first 4 GiB, a fifth of the next 4, and so on."""
    left, reserved = float(pool.size.nominal_memory_mi), 0.0
    for size, part in ((4096, 0.25), (4096, 0.2), (8192, 0.1), (114_688, 0.06)):
        piece = min(left, size)
        reserved += piece * part
        left -= piece
    return int(reserved)


def _config(pool: Pool) -> Json:
    config = {**_COMMON, **(_WINDOWS if pool.windows else _LINUX)}
    config["maxPods"] = pool.max_pods
    config["kubeReserved"] = {
        "cpu": f"{reserved_millicpu(pool.size.cpus)}m",
        "memory": f"{reserved_memory_mi(pool.size.nominal_memory_mi, pool.max_pods)}Mi",
        **({} if pool.windows else {"pid": "1000"}),
    }
    config["evictionHard"] = {"memory.available": f"{EVICTION_MI}Mi", **_COMMON["evictionHard"]}
    if pool.version.startswith("1.35."):
        for newer in ("memoryReservationPolicy", "mergeDefaultEvictionSettings"):
            del config[newer]
    return config


_COMMON: Json = {
    "kind": "KubeletConfiguration",
    "apiVersion": "kubelet.config.k8s.io/v1beta1",
    "enableServer": True,
    "podLogsDir": "/var/log/pods",
    "syncFrequency": "1m0s",
    "fileCheckFrequency": "20s",
    "httpCheckFrequency": "20s",
    "address": "0.0.0.0",  # noqa: S104 - what a kubelet says
    "port": 10250,
    "tlsCipherSuites": _CIPHERS,
    "rotateCertificates": True,
    "serverTLSBootstrap": True,
    "authorization": {
        "mode": "Webhook",
        "webhook": {"cacheAuthorizedTTL": "5m0s", "cacheUnauthorizedTTL": "30s"},
    },
    "registryPullQPS": 5,
    "registryBurst": 10,
    "imagePullCredentialsVerificationPolicy": "NeverVerifyPreloadedImages",
    "eventRecordQPS": 0,
    "eventBurst": 100,
    "enableDebuggingHandlers": True,
    "healthzPort": 10248,
    "healthzBindAddress": "127.0.0.1",
    "oomScoreAdj": -999,
    "clusterDomain": "cluster.local",
    "clusterDNS": ["10.0.0.10"],
    "streamingConnectionIdleTimeout": "4h0m0s",
    "nodeStatusUpdateFrequency": "10s",
    "nodeStatusReportFrequency": "5m0s",
    "nodeLeaseDurationSeconds": 40,
    "imageMinimumGCAge": "2m0s",
    "imageMaximumGCAge": "0s",
    "imageGCHighThresholdPercent": 85,
    "imageGCLowThresholdPercent": 80,
    "volumeStatsAggPeriod": "1m0s",
    "cpuManagerPolicy": "none",
    "cpuManagerReconcilePeriod": "10s",
    "memoryManagerPolicy": "None",
    "topologyManagerPolicy": "none",
    "topologyManagerScope": "container",
    "runtimeRequestTimeout": "2m0s",
    "hairpinMode": "promiscuous-bridge",
    "podPidsLimit": -1,
    "cpuCFSQuota": True,
    "cpuCFSQuotaPeriod": "100ms",
    "nodeStatusMaxImages": 50,
    "maxOpenFiles": 1_000_000,
    "contentType": "application/vnd.kubernetes.protobuf",
    "kubeAPIQPS": 50,
    "kubeAPIBurst": 100,
    "serializeImagePulls": False,
    "evictionHard": {"nodefs.available": "10%", "nodefs.inodesFree": "5%", "pid.available": "2000"},
    "evictionPressureTransitionPeriod": "5m0s",
    "mergeDefaultEvictionSettings": False,
    "enableControllerAttachDetach": True,
    "makeIPTablesUtilChains": True,
    "iptablesMasqueradeBit": 14,
    "iptablesDropBit": 15,
    "failSwapOn": False,
    "memorySwap": {},
    "containerLogMaxSize": "50M",
    "containerLogMaxFiles": 5,
    "containerLogMaxWorkers": 1,
    "containerLogMonitorInterval": "10s",
    "configMapAndSecretChangeDetectionStrategy": "Watch",
    "logging": {
        "format": "text",
        "flushFrequency": "5s",
        "verbosity": 2,
        "options": {"text": {"infoBufferSize": "0"}, "json": {"infoBufferSize": "0"}},
    },
    "enableSystemLogHandler": True,
    "enableSystemLogQuery": False,
    "shutdownGracePeriod": "0s",
    "shutdownGracePeriodCriticalPods": "0s",
    "crashLoopBackOff": {"maxContainerRestartPeriod": "5m0s"},
    "enableProfilingHandler": True,
    "enableDebugFlagsHandler": True,
    "seccompDefault": False,
    "memoryThrottlingFactor": 0.9,
    "memoryReservationPolicy": "None",
    "registerNode": True,
    "localStorageCapacityIsolation": True,
    "failCgroupV1": False,
}


def _authentication(authority: str) -> Json:
    return {
        "x509": {"clientCAFile": authority},
        "webhook": {"enabled": True, "cacheTTL": "2m0s"},
        "anonymous": {"enabled": False},
    }


_LINUX: Json = {
    "staticPodPath": "/etc/kubernetes/manifests",
    "tlsCertFile": "/etc/kubernetes/certs/kubeletserver.crt",
    "tlsPrivateKeyFile": "/etc/kubernetes/certs/kubeletserver.key",
    "authentication": _authentication("/etc/kubernetes/certs/ca.crt"),
    "cgroupsPerQOS": True,
    "cgroupDriver": "systemd",
    "enforceNodeAllocatable": ["pods"],
    "protectKernelDefaults": True,
    "resolvConf": "/run/systemd/resolve/resolv.conf",
    "volumePluginDir": "/etc/kubernetes/volumeplugins",
    "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
}
_WINDOWS: Json = {
    "tlsCertFile": "c:\\k\\kubeletserver.crt",
    "tlsPrivateKeyFile": "c:\\k\\kubeletserver.key",
    "authentication": _authentication("c:\\k\\ca.crt"),
    "cgroupsPerQOS": False,
    "cgroupDriver": "cgroupfs",
    "enforceNodeAllocatable": ["none"],
    "resolvConf": "",
    "volumePluginDir": "c:\\k\\volumeplugins",
    "containerRuntimeEndpoint": "npipe:////./pipe/containerd-containerd",
}
_ORDER: Mapping[str, int] = {
    key: place
    for place, key in enumerate(
        (
            "kind", "apiVersion", "enableServer", "staticPodPath", "podLogsDir", "syncFrequency", "fileCheckFrequency",
            "httpCheckFrequency", "address", "port", "tlsCertFile", "tlsPrivateKeyFile", "tlsCipherSuites",
            "rotateCertificates", "serverTLSBootstrap", "authentication", "authorization", "registryPullQPS",
            "registryBurst", "imagePullCredentialsVerificationPolicy", "eventRecordQPS", "eventBurst",
            "enableDebuggingHandlers", "healthzPort", "healthzBindAddress", "oomScoreAdj", "clusterDomain",
            "clusterDNS", "streamingConnectionIdleTimeout", "nodeStatusUpdateFrequency", "nodeStatusReportFrequency",
            "nodeLeaseDurationSeconds", "imageMinimumGCAge", "imageMaximumGCAge", "imageGCHighThresholdPercent",
            "imageGCLowThresholdPercent", "volumeStatsAggPeriod", "cgroupsPerQOS", "cgroupDriver", "cpuManagerPolicy",
            "cpuManagerReconcilePeriod", "memoryManagerPolicy", "topologyManagerPolicy", "topologyManagerScope",
            "runtimeRequestTimeout", "hairpinMode", "maxPods", "podPidsLimit", "resolvConf", "cpuCFSQuota",
            "cpuCFSQuotaPeriod", "nodeStatusMaxImages", "maxOpenFiles", "contentType", "kubeAPIQPS", "kubeAPIBurst",
            "serializeImagePulls", "evictionHard", "evictionPressureTransitionPeriod", "mergeDefaultEvictionSettings",
            "enableControllerAttachDetach", "protectKernelDefaults", "makeIPTablesUtilChains", "iptablesMasqueradeBit",
            "iptablesDropBit", "featureGates", "failSwapOn", "memorySwap", "containerLogMaxSize",
            "containerLogMaxFiles", "containerLogMaxWorkers", "containerLogMonitorInterval",
            "configMapAndSecretChangeDetectionStrategy", "kubeReserved", "enforceNodeAllocatable", "volumePluginDir",
            "providerID", "logging", "enableSystemLogHandler", "enableSystemLogQuery", "shutdownGracePeriod",
            "shutdownGracePeriodCriticalPods", "crashLoopBackOff", "enableProfilingHandler", "enableDebugFlagsHandler",
            "seccompDefault", "memoryThrottlingFactor", "memoryReservationPolicy", "registerNode",
            "localStorageCapacityIsolation", "containerRuntimeEndpoint", "failCgroupV1",
        )
    )
}  # fmt: skip
"""The order of the fields in the kubelet's struct."""

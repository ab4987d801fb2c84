"""What a kubelet is set to where nobody sets it, by its minor version.

Source: k8s.io/kubernetes ``pkg/kubelet/apis/config/v1beta1/defaults.go``, ``pkg/kubelet/eviction/defaults_linux.go``
and ``defaults_windows.go`` of 1.34.4 and 1.36.3, the feature gates behind them, and the changes that brought fields in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from kubetui.insight.kubelet.flat import Flat, flatten
from kubetui.kinds.node import version_key

OLDEST, NEWEST = (1, 30), (1, 36)
"""The minor versions whose defaults are known; others are compared with the nearest."""

_DEFAULTS: Final[Mapping[str, Any]] = {
    "kind": "KubeletConfiguration",
    "apiVersion": "kubelet.config.k8s.io/v1beta1",
    "enableServer": True,
    "podLogsDir": "/var/log/pods",
    "syncFrequency": "1m0s",
    "fileCheckFrequency": "20s",
    "httpCheckFrequency": "20s",
    "address": "0.0.0.0",  # noqa: S104 - what a kubelet listens on
    "port": 10250,
    "authentication": {"webhook": {"enabled": True, "cacheTTL": "2m0s"}, "anonymous": {"enabled": False}, "x509": {}},
    "authorization": {"mode": "Webhook", "webhook": {"cacheAuthorizedTTL": "5m0s", "cacheUnauthorizedTTL": "30s"}},
    "registryPullQPS": 5,
    "registryBurst": 10,
    "imagePullCredentialsVerificationPolicy": "NeverVerifyPreloadedImages",
    "eventRecordQPS": 50,
    "eventBurst": 100,
    "enableDebuggingHandlers": True,
    "healthzPort": 10248,
    "healthzBindAddress": "127.0.0.1",
    "oomScoreAdj": -999,
    "streamingConnectionIdleTimeout": "4h0m0s",
    "nodeStatusUpdateFrequency": "10s",
    "nodeStatusReportFrequency": "5m0s",
    "nodeLeaseDurationSeconds": 40,
    "imageMinimumGCAge": "2m0s",
    "imageMaximumGCAge": "0s",
    "imageGCHighThresholdPercent": 85,
    "imageGCLowThresholdPercent": 80,
    "volumeStatsAggPeriod": "1m0s",
    "cgroupsPerQOS": True,
    "cgroupDriver": "cgroupfs",
    "cpuManagerPolicy": "none",
    "cpuManagerReconcilePeriod": "10s",
    "memoryManagerPolicy": "None",
    "topologyManagerPolicy": "none",
    "topologyManagerScope": "container",
    "runtimeRequestTimeout": "2m0s",
    "hairpinMode": "promiscuous-bridge",
    "maxPods": 110,
    "podPidsLimit": -1,
    "resolvConf": "/etc/resolv.conf",
    "cpuCFSQuota": True,
    "cpuCFSQuotaPeriod": "100ms",
    "nodeStatusMaxImages": 50,
    "maxOpenFiles": 1_000_000,
    "contentType": "application/vnd.kubernetes.protobuf",
    "kubeAPIQPS": 50,
    "kubeAPIBurst": 100,
    "serializeImagePulls": True,
    "evictionHard": {
        "memory.available": "100Mi",
        "nodefs.available": "10%",
        "nodefs.inodesFree": "5%",
        "imagefs.available": "15%",
        "imagefs.inodesFree": "5%",
    },
    "evictionPressureTransitionPeriod": "5m0s",
    "mergeDefaultEvictionSettings": False,
    "enableControllerAttachDetach": True,
    "makeIPTablesUtilChains": True,
    "iptablesMasqueradeBit": 14,
    "iptablesDropBit": 15,
    "failSwapOn": True,
    "memorySwap": {},
    "containerLogMaxSize": "10Mi",
    "containerLogMaxFiles": 5,
    "containerLogMaxWorkers": 1,
    "containerLogMonitorInterval": "10s",
    "configMapAndSecretChangeDetectionStrategy": "Watch",
    "enforceNodeAllocatable": ["pods"],
    "volumePluginDir": "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/",
    "logging": {
        "format": "text",
        "flushFrequency": "5s",
        "verbosity": 0,
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
    "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
    "failCgroupV1": True,
}
"""Of 1.36."""

_UNKNOWN: Final = object()
_OLDER: Final[tuple[tuple[tuple[int, int], Mapping[str, Any]], ...]] = (
    ((1, 36), {"memoryReservationPolicy": _UNKNOWN}),
    (
        (1, 35),
        {
            "failCgroupV1": False,
            "crashLoopBackOff": {},
            "imagePullCredentialsVerificationPolicy": _UNKNOWN,
        },
    ),
    ((1, 33), {"mergeDefaultEvictionSettings": _UNKNOWN}),
    ((1, 32), {"crashLoopBackOff": _UNKNOWN}),
    ((1, 31), {"failCgroupV1": _UNKNOWN}),
)
"""A version, and what was otherwise before it; newest first."""


def minor_of(version: str) -> tuple[int, int]:
    """``(1, 36)`` of ``v1.36.3``; the newest known where it says nothing."""
    numbers = version_key(version)
    return (numbers[0], numbers[1]) if len(numbers) > 1 else NEWEST


_WINDOWS_EVICTION: Final = {"memory.available": "500Mi", "nodefs.available": "10%", "imagefs.available": "15%"}
_WINDOWS_FROM: Final = (1, 34)
"""The oldest version of which Windows' thresholds were read; of older ones none is claimed."""


def upstream_defaults(version: str, os: str = "linux") -> Flat:
    """The defaults of a kubelet of that version, ``v1.36.3``, on Linux or ``windows``."""
    return _defaults(max(OLDEST, min(NEWEST, minor_of(version))), os == "windows")


@cache
def _defaults(minor: tuple[int, int], windows: bool) -> Flat:
    document = dict(_DEFAULTS)
    for since, before in _OLDER:
        if minor < since:
            document |= before
    if windows:
        # Nothing else of the defaults is the system's: a Windows kubelet, too, defaults to /etc/resolv.conf.
        document["evictionHard"] = _WINDOWS_EVICTION if minor >= _WINDOWS_FROM else _UNKNOWN
    return flatten({key: value for key, value in document.items() if value is not _UNKNOWN})

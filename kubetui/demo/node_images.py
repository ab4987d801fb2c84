"""Container images that a node reports in ``status.images``: AKS's own, cached in the node image, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

REGISTRY = "mcr.microsoft.com"

COREDNS = f"{REGISTRY}/oss/v2/kubernetes/coredns:v1.14.3"
PROPORTIONAL_AUTOSCALER = f"{REGISTRY}/oss/v2/kubernetes/autoscaler/cluster-proportional-autoscaler:v1.9.0-21"
KONNECTIVITY_AGENT = f"{REGISTRY}/oss/v2/kubernetes/apiserver-network-proxy/agent:v0.32.1-14"
ADDON_RESIZER = f"{REGISTRY}/oss/v2/kubernetes/autoscaler/addon-resizer:v1.8.23-30"
METRICS_SERVER = f"{REGISTRY}/oss/v2/kubernetes/metrics-server:v0.8.0-21"
KUBE_PROXY = f"{REGISTRY}/oss/v2/kubernetes/kube-proxy:v1.36.3-1"
IP_MASQ_AGENT = f"{REGISTRY}/oss/v2/azure/ip-masq-agent-v2:v0.1.16-15"
NODE_MANAGER = f"{REGISTRY}/oss/v2/kubernetes/azure-cloud-node-manager:v1.35.8-1"
AZURE_DISK = f"{REGISTRY}/oss/v2/kubernetes-csi/azuredisk-csi:v1.34.5"
AZURE_FILE = f"{REGISTRY}/oss/v2/kubernetes-csi/azurefile-csi:v1.35.7"
LIVENESS_PROBE = f"{REGISTRY}/oss/v2/kubernetes-csi/livenessprobe:v2.17.0-6"
NODE_REGISTRAR = f"{REGISTRY}/oss/v2/kubernetes-csi/csi-node-driver-registrar:v2.15.0-6"
AZURE_CNS = f"{REGISTRY}/containernetworking/azure-cns:v1.7.13"
PAUSE = f"{REGISTRY}/oss/v2/kubernetes/pause:3.10.1"


def _images(*sizes: tuple[str, int]) -> Sequence[dict[str, Any]]:
    return [
        {"names": [name], "sizeBytes": size} for name, size in sorted(sizes, key=lambda image: image[1], reverse=True)
    ]


LINUX_IMAGES = _images(
    (AZURE_FILE, 263_318_612),
    (AZURE_DISK, 258_114_090),
    (f"{REGISTRY}/oss/v2/kubernetes-csi/azurefile-csi:v1.34.3", 261_774_011),
    (f"{REGISTRY}/oss/v2/kubernetes-csi/azuredisk-csi:v1.33.8", 256_902_447),
    (f"{REGISTRY}/azuremonitor/containerinsights/ciprod:3.1.31", 421_559_304),
    (f"{REGISTRY}/azuremonitor/containerinsights/ciprod/prometheus-collector/images:6.24.1-main", 298_115_660),
    (f"{REGISTRY}/containernetworking/azure-npm:v1.6.34", 121_906_233),
    (AZURE_CNS, 98_470_117),
    (f"{REGISTRY}/containernetworking/azure-ipam:v0.4.0", 12_633_901),
    (KUBE_PROXY, 86_230_144),
    (f"{REGISTRY}/oss/v2/kubernetes/kube-proxy:v1.35.4-1", 85_988_310),
    (COREDNS, 74_100_562),
    (f"{REGISTRY}/oss/v2/kubernetes/coredns:v1.13.1-20", 72_915_440),
    (METRICS_SERVER, 71_402_318),
    (f"{REGISTRY}/oss/v2/kubernetes/metrics-server:v0.7.2", 69_990_215),
    (NODE_MANAGER, 66_728_455),
    (f"{REGISTRY}/oss/v2/kubernetes/azure-cloud-node-manager:v1.34.11-1", 66_021_007),
    (IP_MASQ_AGENT, 61_540_880),
    (PROPORTIONAL_AUTOSCALER, 55_121_909),
    (ADDON_RESIZER, 49_310_774),
    (KONNECTIVITY_AGENT, 28_417_332),
    (f"{REGISTRY}/oss/v2/kubernetes/apiserver-network-proxy/agent:v0.31.4-3", 27_990_101),
    (NODE_REGISTRAR, 30_905_612),
    (LIVENESS_PROBE, 29_774_230),
    (f"{REGISTRY}/oss/v2/azure/secrets-store/provider-azure:v1.7.2-4", 97_554_120),
    (f"{REGISTRY}/oss/v2/kubernetes-csi/secrets-store/driver:v1.5.4-2", 60_118_734),
    (f"{REGISTRY}/azure-policy/policy-kubernetes-addon-prod:1.14.2", 84_662_019),
    (f"{REGISTRY}/oss/v2/open-policy-agent/gatekeeper:v3.20.1-2", 55_807_661),
    (f"{REGISTRY}/oss/azure/aad-pod-identity/nmi:v1.8.18", 47_200_398),
    (f"{REGISTRY}/oss/v2/azure/workload-identity/webhook:v1.5.1-6", 33_815_007),
    (f"{REGISTRY}/aks/ip-masq-agent-v2:v0.1.15-2", 58_998_233),
    (PAUSE, 749_210),
)
WINDOWS_IMAGES = _images(
    (f"{REGISTRY}/windows/servercore:ltsc2022", 2_190_443_520),
    (f"{REGISTRY}/windows/nanoserver:ltsc2022", 122_912_768),
    (f"{REGISTRY}/oss/v2/kubernetes-csi/azuredisk-csi:v1.34.5-windows-hp", 161_220_608),
    (f"{REGISTRY}/oss/v2/kubernetes-csi/azurefile-csi:v1.35.7-windows-hp", 166_133_760),
    (f"{REGISTRY}/oss/v2/kubernetes/azure-cloud-node-manager:v1.35.8-1", 141_886_464),
    (f"{REGISTRY}/containernetworking/azure-cns:v1.7.13", 138_412_032),
    (PAUSE, 289_742_848),
)

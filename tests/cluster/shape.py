"""What a filled cluster looks like: pools, components and teams of a cluster on Azure, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Pool:
    """A node pool: one VM scale set. ``share`` is its part of all nodes; cpu in cores, memory in GiB."""

    name: str
    scale_set: str
    size: str
    cpu: int
    memory: int
    share: float
    mode: str = "User"
    priority: str = ""
    gpu: int = 0
    taints: tuple[tuple[str, str, str], ...] = ()


POOLS = (
    Pool(
        "system", "aks-system-31415926-vmss", "Standard_D4s_v5", 4, 16, 0.02,
        mode="System", taints=(("CriticalAddonsOnly", "true", "NoSchedule"),),
    ),
    Pool("general", "aks-general-27182818-vmss", "Standard_D8s_v5", 8, 32, 0.68),
    Pool(
        "spot", "aks-spot-16180339-vmss", "Standard_D8as_v5", 8, 32, 0.2,
        priority="spot", taints=(("kubernetes.azure.com/scalesetpriority", "spot", "NoSchedule"),),
    ),
    Pool(
        "gpu", "aks-gpu-14142135-vmss", "Standard_NC24ads_A100_v4", 24, 220, 0.1,
        gpu=1, taints=(("sku", "gpu", "NoSchedule"),),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Container:
    """A container: cpu in millicores and memory in MiB, requested and (twice that much) the limit."""

    name: str
    image: str
    cpu: int = 50
    memory: int = 64
    settings: int = 4


@dataclass(frozen=True, slots=True)
class Workload:
    """A Deployment, StatefulSet or DaemonSet with its replicas (None: one a node)."""

    kind: str
    namespace: str
    name: str
    labels: tuple[tuple[str, str], ...]
    containers: tuple[Container, ...]
    replicas: int | None = None
    host_network: bool = False
    system: bool = False


_OSS = "mcr.microsoft.com/oss/v2"
_PROXY = f"{_OSS}/kubernetes/kube-proxy:v1.36.3-1"
_MASQUERADE = f"{_OSS}/azure/ip-masq-agent-v2:v0.1.16-15"
_NODE_MANAGER = f"{_OSS}/kubernetes/azure-cloud-node-manager:v1.35.8-1"
_PROBE = f"{_OSS}/kubernetes-csi/livenessprobe:v2.17.0"
_REGISTRAR = f"{_OSS}/kubernetes-csi/csi-node-driver-registrar:v2.15.0"
_AZURE_DISK = f"{_OSS}/kubernetes-csi/azuredisk-csi:v1.34.5"
_AZURE_FILE = f"{_OSS}/kubernetes-csi/azurefile-csi:v1.35.7"
_CNS = "mcr.microsoft.com/containernetworking/azure-cns:v1.7.4"
_LOGS = "mcr.microsoft.com/azuremonitor/containerinsights/ciprod:3.1.31"
_RETINA = "mcr.microsoft.com/containernetworking/retina-agent:v1.0.3"
_COREDNS = f"{_OSS}/kubernetes/coredns:v1.14.3"
_RESIZER = f"{_OSS}/kubernetes/autoscaler/addon-resizer:v1.8.23-30"
_METRICS = f"{_OSS}/kubernetes/metrics-server:v0.8.0-21"
_KONNECTIVITY = f"{_OSS}/kubernetes/apiserver-network-proxy/agent:v0.32.1-14"
_AUTOSCALER = f"{_OSS}/kubernetes/autoscaler/cluster-proportional-autoscaler:v1.9.0-21"


def _addon(kind: str, name: str, label: tuple[str, str], *containers: Container, host: bool = False) -> Workload:
    labels = (label, ("kubernetes.azure.com/managedby", "aks"))
    return Workload(kind, "kube-system", name, labels, containers, host_network=host, system=True)


def _csi(name: str, driver: str, image: str) -> Workload:
    sidecars = (
        Container("liveness-probe", _PROBE, 10, 20, 2),
        Container("node-driver-registrar", _REGISTRAR, 10, 20, 2),
    )
    return _addon("DaemonSet", name, ("app", name), *sidecars, Container(driver, image, 10, 20), host=True)


DAEMON_SETS = (
    _addon("DaemonSet", "kube-proxy", ("component", "kube-proxy"),
           Container("kube-proxy", _PROXY, 100, 20, 2), host=True),
    _addon("DaemonSet", "azure-ip-masq-agent", ("k8s-app", "azure-ip-masq-agent"),
           Container("azure-ip-masq-agent", _MASQUERADE, 100, 50, 2), host=True),
    _addon("DaemonSet", "cloud-node-manager", ("k8s-app", "cloud-node-manager"),
           Container("cloud-node-manager", _NODE_MANAGER, 50, 50, 2), host=True),
    _csi("csi-azuredisk-node", "azuredisk", _AZURE_DISK),
    _csi("csi-azurefile-node", "azurefile", _AZURE_FILE),
    _addon("DaemonSet", "azure-cns", ("k8s-app", "azure-cns"),
           Container("cns-container", _CNS, 40, 250), host=True),
    _addon("DaemonSet", "ama-logs", ("component", "ama-logs-agent"),
           Container("ama-logs", _LOGS, 75, 325), Container("ama-logs-prometheus", _LOGS, 75, 225)),
    _addon("DaemonSet", "retina-agent", ("k8s-app", "retina"), Container("retina", _RETINA, 100, 100), host=True),
)  # fmt: skip

DEPLOYMENTS = (
    (_addon("Deployment", "coredns", ("k8s-app", "kube-dns"), Container("coredns", _COREDNS, 100, 70, 1)), 2),
    (_addon("Deployment", "metrics-server", ("k8s-app", "metrics-server"),
            Container("metrics-server-vpa", _RESIZER, 5, 30), Container("metrics-server", _METRICS, 44, 51)), 2),
    (_addon("Deployment", "konnectivity-agent", ("app", "konnectivity-agent"),
            Container("konnectivity-agent", _KONNECTIVITY, 20, 20)), 2),
    (_addon("Deployment", "coredns-autoscaler", ("k8s-app", "coredns-autoscaler"),
            Container("autoscaler", _AUTOSCALER, 20, 10)), 1),
)  # fmt: skip

# The applications of every team, with their part of the team's pods; `store` is a StatefulSet.
_APPS = (
    ("gateway", 6), ("checkout", 5), ("cart", 4), ("search", 4), ("feed", 3), ("ledger", 3), ("auth", 2),
    ("ranker", 2), ("mailer", 1), ("store", 1),
)  # fmt: skip

_PODS_PER_TEAM = 60
_MOST_TEAMS = 100


@dataclass(frozen=True, slots=True)
class Shape:
    """How many nodes each pool has, and every workload with its replicas; both add up to what was asked for."""

    nodes: tuple[tuple[Pool, int], ...]
    workloads: tuple[Workload, ...]
    teams: int


def shape(nodes: int, pods: int) -> Shape:
    """A cluster of exactly so many nodes and pods: DaemonSets first, then add-ons, then the teams' pods."""
    if nodes < 1 or pods < 0:
        raise ValueError(f"a filled cluster has at least one node and no fewer than no pods: {nodes}, {pods}")
    daemon_sets = DAEMON_SETS[: pods // (2 * nodes)]
    left = pods - len(daemon_sets) * nodes
    workloads = list(daemon_sets)
    for workload, replicas in DEPLOYMENTS:
        if replicas <= left:
            workloads.append(replace(workload, replicas=replicas))
            left -= replicas
    teams = min(_MOST_TEAMS, max(1, left // _PODS_PER_TEAM))
    for team, share in enumerate(_parts(left, [1] * teams)):
        workloads += _team(team, share)
    return Shape(tuple(zip(POOLS, _pool_sizes(nodes), strict=True)), tuple(workloads), teams)


def team_name(team: int) -> str:
    """The namespace of a team, for example ``team-07``."""
    return f"team-{team:02d}"


def _team(team: int, pods: int) -> list[Workload]:
    name = team_name(team)
    replicas = _parts(pods, [weight for _, weight in _APPS])
    return [_app(name, app, count, team) for (app, _), count in zip(_APPS, replicas, strict=True)]


def _app(team: str, app: str, replicas: int, release: int) -> Workload:
    containers = [Container(app, f"registry.example/{team}/{app}:2026.11.{release % 28}", 100, 128, 1)]
    if app != "store":
        containers.append(Container("mesh-proxy", "registry.example/mesh/proxy:1.29.1", 20, 64, 0))
    labels = (
        ("app", app),
        ("app.kubernetes.io/name", app),
        ("app.kubernetes.io/instance", f"{app}-{team}"),
        ("team", team),
    )
    kind = "StatefulSet" if app == "store" else "Deployment"
    return Workload(kind, team, app, labels, tuple(containers), replicas)


def _pool_sizes(nodes: int) -> list[int]:
    """One node for each pool while there are nodes, the rest by the pools' shares."""
    first = [1 if position < nodes else 0 for position in range(len(POOLS))]
    rest = _parts(nodes - sum(first), [pool.share for pool in POOLS])
    return [one + more for one, more in zip(first, rest, strict=True)]


def _parts(total: int, weights: Sequence[float]) -> list[int]:
    """Split a number by weights into whole parts that add up to it."""
    scale, given, parts, gone = sum(weights), 0, [], 0.0
    for weight in weights:
        gone += weight
        upto = round(total * gone / scale)
        parts.append(upto - given)
        given = upto
    return parts

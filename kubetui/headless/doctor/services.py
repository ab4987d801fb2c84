"""What stands behind the API server: its tunnel to the nodes, and the metrics."""

from __future__ import annotations

import msgspec

from kubetui.cluster.errors import ApiError, ClusterError, Forbidden, NotFound
from kubetui.cluster.rights import Need
from kubetui.cluster.transport import Request
from kubetui.headless.doctor.case import Case
from kubetui.headless.doctor.line import Line, Verdict, finding, fine, unknown

_METRICS = "/apis/metrics.k8s.io/v1beta1"
_KONNECTIVITY = (
    "logs, exec, configz and metrics go through it; look at konnectivity-agent in kube-system: "
    "kubectl -n kube-system get pods -l app=konnectivity-agent"
)


class _Meta(msgspec.Struct):
    name: str = ""
    namespace: str = ""


class _Named(msgspec.Struct):
    name: str = ""


class _Spec(msgspec.Struct):
    containers: list[_Named] = []


class _Item(msgspec.Struct):
    metadata: _Meta = msgspec.field(default_factory=_Meta)
    spec: _Spec = msgspec.field(default_factory=_Spec)


class _List(msgspec.Struct):
    items: list[_Item] = []


async def tunnel(case: Case) -> Line:
    """Whether the API server reaches a kubelet: the harmless read that the account may do."""
    tried: Line | None = None
    try:
        for find in (_node_probe, _log_probe):
            probe = await find(case)
            tried = await _probed(case, probe) if probe is not None else tried
            if tried is not None and tried.verdict is not Verdict.UNKNOWN:
                return tried
    except ClusterError as error:
        return unknown("tunnel", f"{error.tried}: {error.answer}", error.advice)
    words = "not tried: it takes the right to get nodes/proxy, or pods/log of a running pod"
    return tried or unknown("tunnel", words)


async def _probed(case: Case, probe: Request) -> Line:
    begun = case.clock.monotonic()
    try:
        await case.session.send(probe)
    except ApiError as error:
        if error.status < 500:  # the server's own answer, or a kubelet's: that can't be told apart
            return unknown("tunnel", f"{probe.tried}: {error.answer}", error.advice)
        return finding("tunnel", f"{probe.tried}: {error.answer}", _KONNECTIVITY)
    except ClusterError as error:
        return finding("tunnel", f"{probe.tried}: {error.answer}", _KONNECTIVITY)
    return fine("tunnel", f"{probe.tried}: answered in {(case.clock.monotonic() - begun) * 1000:.0f} ms")


async def _node_probe(case: Case) -> Request | None:
    """The kubelet's healthz, through the API server's proxy."""
    rights = case.session.rights
    if not (await rights.may(Need("get", "nodes/proxy")) and await rights.may(Need("list", "nodes"))):
        return None
    nodes = await _items(case, "/api/v1/nodes", "list nodes", ())
    if not nodes:
        return None
    node = nodes[0].metadata.name
    return Request(f"/api/v1/nodes/{node}/proxy/healthz", f"ask the kubelet of {node}", accept="*/*")


async def _log_probe(case: Case) -> Request | None:
    """One line of a running pod's log."""
    namespace = min(case.namespaces) if case.namespaces else ""
    rights = case.session.rights
    needs = (Need("get", "pods/log", namespace=namespace), Need("list", "pods", namespace=namespace))
    if not all([await rights.may(need) for need in needs]):
        return None
    path = f"/api/v1/namespaces/{namespace}/pods" if namespace else "/api/v1/pods"
    pods = await _items(case, path, "list pods", (("fieldSelector", "status.phase=Running"),))
    if not pods:
        return None
    pod, containers = pods[0].metadata, pods[0].spec.containers
    # A pod of several has no log without a container's name.
    chosen = (("container", containers[0].name),) if containers else ()
    return Request(
        f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}/log",
        f"read the last line of {pod.namespace}/{pod.name}'s log",
        (*chosen, ("tailLines", "1"), ("limitBytes", "512")),
        accept="*/*",
    )


async def _items(case: Case, path: str, tried: str, query: tuple[tuple[str, str], ...]) -> list[_Item]:
    answer = await case.session.send(Request(path, tried, (*query, ("limit", "1"))))
    try:
        return msgspec.json.decode(answer.body, type=_List).items
    except msgspec.DecodeError:
        return []


async def metrics(case: Case) -> Line:
    """Whether the metrics API answers."""
    namespace = min(case.namespaces) if case.namespaces else ""
    path = f"{_METRICS}/namespaces/{namespace}/pods" if namespace else f"{_METRICS}/nodes"
    try:
        answer = await case.session.send(Request(path, "read metrics", (("limit", "1"),)))
        count = len(msgspec.json.decode(answer.body, type=_List).items)
    except NotFound:
        return finding("metrics", "metrics.k8s.io is not served", "Top needs metrics-server; AKS installs it by itself")
    except Forbidden as error:
        return finding("metrics", error.answer, error.advice)
    except ApiError as error:
        if error.status == 503:
            advice = "is metrics-server running? kubectl -n kube-system get pods -l k8s-app=metrics-server"
            return finding("metrics", f"metrics.k8s.io does not answer: {error.answer}", advice)
        return unknown("metrics", error.answer, error.advice)
    except ClusterError as error:
        return unknown("metrics", error.answer, error.advice)
    except msgspec.DecodeError:
        return unknown("metrics", "the answer can't be read")
    return fine("metrics", f"metrics.k8s.io answers{'' if count else ', with nothing yet'}")

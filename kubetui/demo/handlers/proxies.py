"""``nodes/{name}/proxy`` and ``pods/{name}:10249/proxy``: kubelets and kube-proxy through the API server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec

from kubetui.demo.call import Answer, Call
from kubetui.demo.clock import Clock
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.faults import html_page
from kubetui.demo.fleet import Node
from kubetui.demo.kubelet_api.configz import configz
from kubetui.demo.kubelet_api.kube_proxy import kube_proxy_configz
from kubetui.demo.kubelet_api.resource_metrics import resource_metrics
from kubetui.demo.kubelet_api.stats import KubeletStats
from kubetui.demo.kubelets_reached import PORT, KubeletsReached, Unreachable, proxy_failed
from kubetui.demo.resources import PODS
from kubetui.demo.status import ApiError, bad_request, method_not_allowed, not_found
from kubetui.demo.world import World

NODE_PATTERN = "/api/v1/nodes/{name}/proxy{rest:path}"
POD_PATTERN = "/api/v1/namespaces/{namespace}/pods/{name}/proxy{rest:path}"
_PLAIN = "text/plain; charset=utf-8"
_NO_SNIFF = {"X-Content-Type-Options": "nosniff"}
_CHECKS = ("ping", "log", "syncloop", "device-plugin")
_PROXY_PORT = 10249


class Proxies:
    """Answers for kubelets and for kube-proxy."""

    def __init__(self, world: World, kubelets: KubeletsReached, clock: Clock) -> None:
        self._world = world
        self._kubelets = kubelets
        self._clock = clock

    # --- kubelets ------------------------------------------------------------------------------------------------

    async def node(self, call: Call) -> Answer:
        """Raises ``ApiError`` 404 for no such node, 503 when its kubelet cannot be reached."""
        name, port = _split(call.match["name"], PORT)
        if name not in self._world.fleet.nodes:
            raise not_found("nodes", "", name)
        if call.method != "GET":
            raise method_not_allowed()
        if not call.match["rest"]:
            return Answer(b"", 301, headers={"Location": f"{call.info.path}/"})
        try:
            node = await self._kubelets.dial(name, port)
        except Unreachable as problem:
            raise proxy_failed(problem) from None
        return self._spoiled(node) or await self._kubelet(call, node)

    def _spoiled(self, node: Node) -> Answer | None:
        """What a kubelet in trouble answers instead."""
        how = self._world.troubled_kubelets.get(node.name)
        if how is None or not how.answer:
            return None
        return {
            "error": Answer(b"runtime error: context deadline exceeded\n", 500, _PLAIN, _NO_SNIFF),
            "page": Answer(html_page(502), 502, "text/html"),
            "garbled": Answer(b'{"kubeletconfig":{"enableServer":tr', 200, "application/json"),
            "empty": Answer(b"{}", 200, "application/json"),
        }[how.answer]

    async def _kubelet(self, call: Call, node: Node) -> Answer:
        match call.match["rest"]:
            case "/configz":
                return _json(configz(node))
            case "/stats/summary" | "/stats/summary/":
                return _json((await self._stats(node)).summary())
            case "/metrics/resource":
                text = resource_metrics(await self._stats(node))
                return Answer(text, content_type="text/plain; version=0.0.4; charset=utf-8; escaping=underscores")
            case "/healthz":
                return _plain(_health("verbose" in call.query))
            case "/pods" | "/pods/":
                return self._pods(node)
        return _not_served()

    async def _stats(self, node: Node) -> KubeletStats:
        await asyncio.sleep(0)
        pods = self._world.pods.on_node(node.name)
        return KubeletStats(node, pods, self._world.loads, self._clock.now())

    def _pods(self, node: Node) -> Answer:
        items = b",".join(pod.encode() for pod in self._world.pods.on_node(node.name))
        return Answer(b'{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[%b]}' % items)

    # --- pods ----------------------------------------------------------------------------------------------------

    async def pod(self, call: Call) -> Answer:
        """kube-proxy's own port; other pods refuse. Raises ``ApiError`` as for nodes."""
        name, port = _split(call.match["name"], 0)
        pod = self._world.storage.get(PODS, call.match["namespace"], name)
        if not isinstance(pod, PodEntry):
            raise not_found("pods", "", name)
        if call.method != "GET":
            raise method_not_allowed()
        if not pod.ip:
            raise bad_request("address not allowed")
        if not self._world.tunnel:
            dialing = f"proxy error from localhost:9443 while dialing {pod.ip}:{port}"
            raise proxy_failed(Unreachable(f"{dialing}, code 503: 503 Service Unavailable"))
        if port != _PROXY_PORT or pod.template.owner.name != "kube-proxy" or pod.phase != "Running":
            raise proxy_failed(Unreachable(f"dial tcp {pod.ip}:{port}: connect: connection refused"))
        return self._kube_proxy(call.match["rest"], pod)

    @staticmethod
    def _kube_proxy(rest: str, pod: PodEntry) -> Answer:
        match rest:
            case "/configz":
                return _json(kube_proxy_configz(pod.host.name if pod.host else ""))
            case "/proxyMode":
                return _plain("iptables")
            case "/healthz":
                return _plain("ok")
        return _not_served()


def _split(text: str, usual: int) -> tuple[str, int]:
    """``name``, ``name:port`` or ``scheme:name:port``; ``ApiError`` 400 for anything else."""
    parts = text.split(":")
    if len(parts) == 1:
        return text, usual
    name, port = parts[-2:] if len(parts) in (2, 3) else ("", "")
    if not name or not port.isdecimal():
        raise _invalid(text)
    return name, int(port)


def _invalid(text: str) -> ApiError:
    return bad_request(f'invalid request "{text}"')


def _health(verbose: bool) -> str:
    if not verbose:
        return "ok"
    return "".join(f"[+]{check} ok\n" for check in _CHECKS) + "healthz check passed\n"


def _json(body: Mapping[str, object]) -> Answer:
    return Answer(msgspec.json.encode(body), headers=_NO_SNIFF)


def _plain(text: str) -> Answer:
    return Answer(text.encode(), content_type=_PLAIN, headers=_NO_SNIFF)


def _not_served() -> Answer:
    return Answer(b"404 page not found\n", 404, _PLAIN, _NO_SNIFF)

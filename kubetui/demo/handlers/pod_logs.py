"""``GET /api/v1/namespaces/{ns}/pods/{name}/log``: as an API server with a kubelet behind it answers."""

from __future__ import annotations

from kubetui.demo.call import Answer, Call
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.kubelets_reached import PORT, KubeletsReached, Unreachable, get_failed
from kubetui.demo.logs.log_options import LogOptions, read_log_options
from kubetui.demo.logs.reader import Reader
from kubetui.demo.logs.run import NoRun, place_of, readable_run
from kubetui.demo.resources import PODS
from kubetui.demo.status import ApiError, bad_request, method_not_allowed, not_found
from kubetui.demo.storage import Storage

PATTERN = "/api/v1/namespaces/{namespace}/pods/{name}/log"


class PodLogs:
    """The subresource ``log`` of pods."""

    def __init__(self, storage: Storage, reader: Reader, kubelets: KubeletsReached) -> None:
        self._storage = storage
        self._reader = reader
        self._kubelets = kubelets

    async def answer(self, call: Call) -> Answer:
        """The log as plain text; raises ``ApiError``."""
        if call.method != "GET":
            raise method_not_allowed()
        name = call.match["name"]
        options = read_log_options(call.query, name)
        self._reader.now()  # what is due has happened
        pod = self._storage.get(PODS, call.match["namespace"], name)
        if not isinstance(pod, PodEntry):
            raise not_found("pods", "", name)
        container = _container(pod, options.container)
        if pod.host is None:
            return Answer(b"", 204, "text/plain")  # nowhere to ask: no content
        return await self._from_kubelet(pod, pod.host.name, container, options)

    async def _from_kubelet(self, pod: PodEntry, node: str, container: str, options: LogOptions) -> Answer:
        try:
            await self._kubelets.dial(node)
        except Unreachable as problem:
            raise get_failed(_url(pod, container, options), problem) from None
        place = place_of(pod, container)
        assert place is not None, "the container was checked"
        try:
            run = readable_run(pod, place, container, previous=options.previous)
        except NoRun as problem:
            raise bad_request(str(problem)) from None
        return Answer(self._reader.read(run, container, options), content_type="text/plain")


def _container(pod: PodEntry, wanted: str) -> str:
    """The container that is meant. Source: ``validateContainer`` in pkg/registry/core/pod/strategy.go."""
    names = [shape.name for shape in pod.template.containers]
    if not wanted:
        if len(names) == 1:
            return names[0]
        raise _several(pod, names, [shape.name for shape in pod.template.init_containers])
    if place_of(pod, wanted) is None:
        raise bad_request(f"container {wanted} is not valid for pod {pod.name}")
    return wanted


def _several(pod: PodEntry, names: list[str], init: list[str]) -> ApiError:
    words = f"a container name must be specified for pod {pod.name}, choose one of: [{' '.join(names)}]"
    return bad_request(words + (f" or one of the init containers: [{' '.join(init)}]" if init else ""))


def _url(pod: PodEntry, container: str, options: LogOptions) -> str:
    host = pod.host.ip if pod.host else ""
    query = options.query()
    path = f"https://{host}:{PORT}/containerLogs/{pod.namespace}/{pod.name}/{container}"
    return f"{path}?{query}" if query else path

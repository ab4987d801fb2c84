"""What hangs on the server beside stored objects: logs and metrics, the kubelets' own answers, control calls."""

from __future__ import annotations

from kubetui.demo.api_server import ApiServer
from kubetui.demo.clock import Clock
from kubetui.demo.handlers.control import Commands
from kubetui.demo.handlers.kubelet_control import KubeletControl
from kubetui.demo.handlers.log_control import LogControl
from kubetui.demo.handlers.metrics_api import NODE_METRICS, POD_METRICS, MetricsApi
from kubetui.demo.handlers.pod_logs import PATTERN, PodLogs
from kubetui.demo.handlers.proxies import NODE_PATTERN, POD_PATTERN, Proxies
from kubetui.demo.kubelets_reached import KubeletsReached
from kubetui.demo.logs.reader import Reader
from kubetui.demo.logs.script import Script
from kubetui.demo.logs.speakers import LastWords, Speakers
from kubetui.demo.logs.voices.registry import voice_of
from kubetui.demo.world import World


class Machinery:
    """Of one world; ``connect`` hangs it on a server."""

    def __init__(self, world: World, clock: Clock, pace: Clock) -> None:
        """``clock`` is the world's time, ``pace`` the clients'."""
        self.kubelets = KubeletsReached(world, pace)
        self.script = Script(world.options.seed, Speakers(world).of, voice_of, world.moods, LastWords(world).of)
        self.reader = Reader(world, self.script, self.kubelets, clock)
        self._world = world
        self._clock = clock

    @property
    def commands(self) -> Commands:
        """For the control calls."""
        return {**LogControl(self.reader).commands(), **KubeletControl(self._world).commands()}

    def connect(self, server: ApiServer) -> None:
        """Give the server its routes."""
        server.on_refusal(self.reader.close)
        server.route(PATTERN, PodLogs(self._world.storage, self.reader, self.kubelets).answer)
        server.storage.register(NODE_METRICS)
        server.storage.register(POD_METRICS)
        metrics = MetricsApi(self._world, self._world.loads, self._clock, server.discovery)
        for pattern, handler in metrics.routes().items():
            server.route(pattern, handler)
        proxies = Proxies(self._world, self.kubelets, self._clock)
        server.route(NODE_PATTERN, proxies.node)
        server.route(POD_PATTERN, proxies.pod)

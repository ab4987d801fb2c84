"""What this program costs the API server: requests, bytes, latency, and how often it was told to slow down."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from kubetui.cluster.clock import Clock

_WINDOW = 60
"""Seconds that ``requests_per_minute`` looks back; one count a second, so the memory is bounded."""
_MOST_SHAPES = 256
_OTHERS = "(others)"


@dataclass(slots=True)
class ShapeTraffic:
    """Counts of one shape of path since the start."""

    requests: int = 0
    failures: int = 0
    """Answers of 400 and above, and requests without an answer."""
    throttled: int = 0
    """Answers 429."""
    received: int = 0
    """Bytes of bodies, as they came over the wire."""
    last_latency: float = 0.0
    """Seconds until the head of the last answer."""
    total_latency: float = 0.0
    answers: int = 0
    streams: int = 0
    """Streams that are open now: watches, logs."""
    flow_schema: str = ""
    """UID of the FlowSchema that the last answer was counted to (``X-Kubernetes-PF-FlowSchema-UID``)."""

    @property
    def mean_latency(self) -> float:
        """Seconds; 0 before the first answer."""
        return self.total_latency / self.answers if self.answers else 0.0


class Traffic:
    """Fed by the transport, read by the header and the requests view. One per session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._shapes: dict[str, ShapeTraffic] = {}
        self._seconds: deque[tuple[int, int]] = deque(maxlen=_WINDOW + 1)

    def asked(self, shape: str) -> None:
        """A request is about to leave."""
        self._shape(shape).requests += 1
        second = int(self._clock.monotonic())
        count = 1
        if self._seconds and self._seconds[-1][0] == second:
            count += self._seconds.pop()[1]
        self._seconds.append((second, count))

    def answered(self, shape: str, status: int, latency: float, flow_schema: str = "") -> None:
        """The head of an answer came ``latency`` seconds after asking."""
        counts = self._shape(shape)
        counts.flow_schema = flow_schema or counts.flow_schema
        counts.answers += 1
        counts.last_latency = latency
        counts.total_latency += latency
        counts.failures += status >= 400
        counts.throttled += status == 429

    def failed(self, shape: str) -> None:
        """No answer came."""
        self._shape(shape).failures += 1

    def received(self, shape: str, count: int) -> None:
        """``count`` bytes of a body came over the wire."""
        self._shape(shape).received += count

    def stream(self, shape: str, change: int) -> None:
        """A stream was opened (1) or closed (-1)."""
        self._shape(shape).streams += change

    def requests_per_minute(self, now: float | None = None) -> int:
        """Requests of the last 60 s before ``now`` (monotonic seconds; None: the clock's)."""
        oldest = int(self._clock.monotonic() if now is None else now) - _WINDOW
        return sum(count for second, count in self._seconds if second > oldest)

    @property
    def throttled(self) -> int:
        """How often the server answered 429 since the start."""
        return sum(counts.throttled for counts in self._shapes.values())

    @property
    def received_bytes(self) -> int:
        """Bytes of all bodies since the start."""
        return sum(counts.received for counts in self._shapes.values())

    @property
    def streams(self) -> int:
        """Streams that are open now."""
        return sum(counts.streams for counts in self._shapes.values())

    @property
    def requests(self) -> int:
        """Requests since the start."""
        return sum(counts.requests for counts in self._shapes.values())

    def shapes(self) -> Mapping[str, ShapeTraffic]:
        """Counts by verb and shape of path: ``GET /api/v1/namespaces/*/pods``, ``WATCH /api/v1/nodes``."""
        return self._shapes

    def _shape(self, shape: str) -> ShapeTraffic:
        if shape not in self._shapes and len(self._shapes) >= _MOST_SHAPES:
            shape = _OTHERS
        return self._shapes.setdefault(shape, ShapeTraffic())

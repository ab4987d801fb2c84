"""``/metrics/resource`` of a kubelet: in Prometheus' text format, as metrics-server scrapes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from kubetui.demo.kubelet_api.stats import KubeletStats, Used

_Found = list[tuple[str, Used]]
_EXPONENT_FROM = 6


def resource_metrics(stats: KubeletStats) -> bytes:
    """The whole answer."""
    containers: _Found = []
    pods: _Found = []
    for pod, used in stats.everything():
        owner = f'namespace="{pod.namespace}",pod="{pod.name}"'
        containers += [(f'container="{pod.template.containers[place].name}",{owner}', item) for place, item in used]
        pods.append((owner, stats.pod(pod, [item for _, item in used])))
    node: _Found = [("", stats.node([item for _, item in pods]))]
    lines: list[str] = []
    for subject, found in (("container", containers), ("node", node), ("pod", pods)):
        words = f"Cumulative cpu time consumed by the {subject} in core-seconds"
        lines += _family(f"{subject}_cpu_usage_seconds_total", words, "counter", found, lambda used: used.total / 1e9)
        words = f"Current working set of the {subject} in bytes"
        lines += _family(f"{subject}_memory_working_set_bytes", words, "gauge", found, lambda used: used.memory)
    words = "Start time of the container since unix epoch in seconds"
    name = "container_start_time_seconds"
    lines += _family(name, words, "gauge", containers, lambda used: used.started, timed=False)
    words = "1 if there was an error while getting container metrics, 0 otherwise"
    lines += _family("resource_scrape_error", words, "gauge", [], lambda used: 0.0)
    return "\n".join([*lines, "resource_scrape_error 0", ""]).encode()


def _family(
    name: str, words: str, kind: str, found: _Found, value: Callable[[Used], float], *, timed: bool = True
) -> Iterator[str]:
    yield f"# HELP {name} [STABLE] {words}"
    yield f"# TYPE {name} {kind}"
    for label, used in found:
        stamp = f" {int(used.time * 1000)}" if timed else ""
        yield f"{name}{f'{{{label}}}' if label else ''} {prometheus_number(value(used))}{stamp}"


def prometheus_number(value: float) -> str:
    """As Go writes a float: the fewest digits that are exact, with an exponent from a million on."""
    digits = Decimal(repr(round(float(value), 9))).normalize()
    if digits and not -4 <= digits.adjusted() < _EXPONENT_FROM:
        mantissa, _, exponent = f"{digits:E}".partition("E")
        return f"{mantissa}e{int(exponent):+03d}"
    return f"{digits:f}"

"""One poll of Top at 5,000 nodes and 150,000 pods: CPU seconds from bytes to rows, totals and history.

``python -m tests.bench.top_bench [--pods 150000 --nodes 5000]``; the bound stands in the budgets: 1 s of CPU.
"""

from __future__ import annotations

import argparse
import time

import msgspec

from kubetui.cluster.wire import decode_list
from kubetui.insight.usage_book import Level, UsageBook
from kubetui.kinds.node_metrics import NodeMetricsRow
from kubetui.kinds.node_row import Capacity, NodeRow
from kubetui.kinds.pod_metrics import POD_METRICS, PodMetricsRow
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.wire import decode
from kubetui.store.store import Store


def body(count: int, at: int) -> bytes:
    """A list of PodMetrics as metrics-server writes it."""
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    items = ",".join(
        f'{{"metadata":{{"name":"service-{n:06}-abcde","namespace":"team-{n % 100:03}","creationTimestamp":"{when}"}},'
        f'"timestamp":"{when}","window":"15.{n % 900}s","containers":[{{"name":"app",'
        f'"usage":{{"cpu":"{n * 977 % 10**9}n","memory":"{n * 31 % 10**6}Ki"}}}}]}}'
        for n in range(count)
    )
    return f'{{"kind":"PodMetricsList","metadata":{{}},"items":[{items}]}}'.encode()


def pods(count: int, nodes: int) -> list[PodRow]:
    """Rows as the Pods store holds them."""
    return [
        PodRow(f"team-{n % 100:03}", f"service-{n:06}-abcde", n, phase="Running", status="Running",
               node=f"node-{n % nodes}", containers=("app",), shares=((100, 0, 0, 0),), cpu_request=100)
        for n in range(count)
    ]  # fmt: skip


def main() -> None:
    """Print what two polls cost; the first also builds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pods", type=int, default=150_000)
    parser.add_argument("--nodes", type=int, default=5_000)
    asked = parser.parse_args()
    pod_store: Store[PodRow] = Store()
    node_store: Store[NodeRow] = Store()
    pod_samples: Store[PodMetricsRow] = Store()
    node_samples: Store[NodeMetricsRow] = Store()
    pod_store.put(pods(asked.pods, asked.nodes))
    node_store.put(NodeRow(f"node-{n}", n, allocatable=Capacity(cpu=8000, memory=1 << 34, pods=110))
                   for n in range(asked.nodes))  # fmt: skip
    for level in (Level.PODS, Level.NAMESPACES):
        book = UsageBook(pod_store, node_store, pod_samples, node_samples, level, time.time)
        decoder = msgspec.json.Decoder(POD_METRICS.wire)
        for poll in range(3):
            raw = body(asked.pods, 1_790_000_000 + 60 * poll)
            begun = time.process_time()
            items = decode_list(raw).items or []
            listed = time.process_time()
            pod_samples.put(POD_METRICS.row(decode(decoder, item)) for item in items)
            decoded = time.process_time()
            while book.step():
                pass
            done = time.process_time()
            print(
                f"{level.value:11} poll {poll}: {done - begun:.2f} s CPU "
                f"(list {listed - begun:.3f}, rows {decoded - listed:.2f}, book {done - decoded:.2f}), "
                f"{len(raw) / 1e6:.0f} MB"
            )
        book.close()


if __name__ == "__main__":
    main()

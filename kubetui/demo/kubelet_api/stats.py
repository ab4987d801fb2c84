"""``/stats/summary`` of a kubelet: what its pods use, in its own form.

Fields and order: pkg/apis/stats/v1alpha1 of k8s.io/kubelet 1.36, and the answers of a kubelet of that version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.fleet import Node
from kubetui.demo.kubelet_api.pressure import psi
from kubetui.demo.moment import rfc3339
from kubetui.demo.usage.habits import habits
from kubetui.demo.usage.loads import NANO, Loads

Json = dict[str, Any]
_LOOKED = 10.0
"""The kubelet looks at its containers every ten seconds."""
_DISK = 129_886_128 * 1024
_INODES = 16_777_216
_PSI_FROM = (1, 36)


class Used(NamedTuple):
    """CPU and memory of one container, pod or node."""

    started: float
    time: float
    """When the kubelet looked, Unix seconds."""
    total: float
    """Nanocore-seconds since the start."""
    rate: float
    """Nanocores over the last ten seconds."""
    memory: int
    """Bytes of working set."""
    cpu_limit: float
    """Nanocores, 0 for none."""
    memory_limit: int
    """Bytes, 0 for none."""


class KubeletStats:
    """Of one node at one moment."""

    def __init__(self, node: Node, pods: Sequence[PodEntry], loads: Loads, now: float) -> None:
        self._node = node
        self._pods = pods
        self._loads = loads
        self._now = now
        self._psi = not node.pool.windows and _version(node) >= _PSI_FROM

    # --- what is used --------------------------------------------------------------------------------------------

    def container(self, pod: PodEntry, place: int, started: float) -> Used:
        """A container that runs."""
        habit = habits(pod.template)[place]
        time = max(started + 0.1, self._now - 0.4 - (pod.uid >> 11) % 97 / 10.2)
        first = max(started, time - _LOOKED)
        return Used(
            started,
            time,
            self._loads.cpu(pod, place, started, time),
            self._loads.cpu(pod, place, first, time) / max(0.1, time - first),
            self._loads.memory(pod, place, time),
            habit.cpu_limit * NANO,
            habit.memory_limit,
        )

    def pod(self, pod: PodEntry, containers: Sequence[Used]) -> Used:
        """All of a pod: its containers and the pause container."""
        return Used(
            float(pod.created),
            min(used.time for used in containers),
            sum(used.total for used in containers) + 22e6,
            sum(used.rate for used in containers) + 4000,
            sum(used.memory for used in containers) + 950_272,
            sum(used.cpu_limit for used in containers) if all(used.cpu_limit for used in containers) else 0.0,
            sum(used.memory_limit for used in containers) if all(used.memory_limit for used in containers) else 0,
        )

    def node(self, pods: Sequence[Used]) -> Used:
        """The whole node."""
        node, time = self._node, self._now - 0.4 - self._node.state.uid % 97 / 10.2
        age = time - node.state.created
        size = node.pool.size
        return Used(
            float(node.state.created),
            time,
            self._loads.node_cpu(node, sum(used.total for used in pods), age, counter=True),
            self._loads.node_cpu(node, sum(used.rate for used in pods), 1.0),
            self._loads.node_memory(node, sum(used.memory for used in pods)),
            size.cpus * 1000.0 * NANO,
            size.memory_ki * 1024,
        )

    def everything(self) -> Iterator[tuple[PodEntry, list[tuple[int, Used]]]]:
        """Pods with containers that run, with these."""
        for pod in self._pods:
            used = [
                (place, self.container(pod, place, started))
                for place, started in self._loads.running(pod)
                if started < self._now - 1
            ]
            if used:
                yield pod, used

    # --- stats/summary -------------------------------------------------------------------------------------------

    def summary(self) -> Json:
        """``/stats/summary``"""
        pods, sums = [], []
        for pod, containers in self.everything():
            whole = self.pod(pod, [used for _, used in containers])
            sums.append(whole)
            pods.append(self._pod_json(pod, containers, whole))
        node = self.node(sums)
        free = _DISK - self._disk_used()
        disk = self._disk(node.time, free)
        pods_group = Used(
            node.started,
            node.time,
            sum(used.total for used in sums),
            sum(used.rate for used in sums),
            sum(used.memory for used in sums),
            node.cpu_limit,
            node.memory_limit,
        )
        return {
            "node": {
                "nodeName": self._node.name,
                "systemContainers": [
                    self._group("pods", node, pods_group),
                    *(self._daemon(name, node, part) for name, part in (("kubelet", 0.004), ("runtime", 0.006))),
                ],
                "startTime": rfc3339(node.started),
                **self._usage(node),
                "network": self._network(node.time, node.started, "eth0", node.rate),
                "fs": {**disk, "usedBytes": self._disk_used(), "inodesUsed": 391_447},
                "runtime": {
                    "imageFs": {
                        **disk,
                        "usedBytes": 11_902_517_248 + self._node.state.uid % 10**9,
                        "inodesUsed": 210_114,
                    },
                    "containerFs": {**disk, "usedBytes": 1_302_517_248, "inodesUsed": 21_118},
                },
                "rlimit": {"time": rfc3339(self._now), "maxpid": 4_194_304, "curproc": 400 + len(pods) * 19},
                "swap": {"time": rfc3339(node.time), "swapAvailableBytes": 0, "swapUsageBytes": 0},
            },
            "pods": pods,
        }

    def _daemon(self, name: str, node: Used, part: float) -> Json:
        used = node._replace(
            total=node.total * 0.02 + part * 1e9,
            rate=part * node.cpu_limit,
            memory=int(part * 2e10),
            cpu_limit=0.0,
            memory_limit=0,
        )
        return self._group(name, node, used)

    def _group(self, name: str, node: Used, used: Used) -> Json:
        swap = {"time": rfc3339(node.time), "swapUsageBytes": 0}
        return {"name": name, "startTime": rfc3339(node.started), **self._usage(used), "swap": swap}

    def _pod_json(self, pod: PodEntry, containers: Sequence[tuple[int, Used]], whole: Used) -> Json:
        body: Json = {
            "podRef": {"name": pod.name, "namespace": pod.namespace, "uid": uid_text(pod.uid)},
            "startTime": rfc3339(pod.created),
            "containers": [self._container_json(pod, place, used) for place, used in containers],
            **self._usage(whole),
            "network": self._network(self._now, whole.started, "eth0", whole.rate),
        }
        volumes = [self._volume(pod, volume) for volume in pod.template.spec.get("volumes", ()) if _counted(volume)]
        if volumes:
            body["volume"] = volumes
        disk = self._disk(self._now, _DISK - self._disk_used())
        used_bytes = sum(self._written(pod, place) for place, _ in containers)
        return body | {
            "ephemeral-storage": {**disk, "usedBytes": used_bytes, "inodesUsed": 13},
            "process_stats": {"process_count": len(containers) + 1},
            "swap": {"time": rfc3339(whole.time), "swapUsageBytes": 0},
        }

    def _container_json(self, pod: PodEntry, place: int, used: Used) -> Json:
        disk = self._disk(used.time, _DISK - self._disk_used())
        written = self._written(pod, place)
        available = {"swapAvailableBytes": 0} if used.memory_limit else {}
        return {
            "name": pod.template.containers[place].name,
            "startTime": rfc3339(used.started),
            **self._usage(used),
            "rootfs": {**disk, "usedBytes": written // 9 // 4096 * 4096, "inodesUsed": 11},
            "logs": {**disk, "time": rfc3339(self._now), "usedBytes": written, "inodesUsed": 2},
            "swap": {"time": rfc3339(used.time), **available, "swapUsageBytes": 0},
        }

    def _usage(self, used: Used) -> Json:
        time = rfc3339(used.time)
        age = max(0.0, used.time - used.started)
        cpu: Json = {"time": time, "usageNanoCores": int(used.rate), "usageCoreNanoSeconds": int(used.total)}
        memory: Json = {"time": time}
        if used.memory_limit:
            memory["availableBytes"] = max(0, used.memory_limit - used.memory)
        memory |= {
            "usageBytes": int(used.memory * 1.18),
            "workingSetBytes": used.memory,
            "rssBytes": int(used.memory * 0.86),
            "pageFaults": int(age * 3),
            "majorPageFaults": int(age / 900),
        }
        if not self._psi:
            return {"cpu": cpu, "memory": memory}
        cpu["psi"] = psi(used.rate / used.cpu_limit if used.cpu_limit else 0.0, age)
        memory["psi"] = psi(used.memory / used.memory_limit - 0.25 if used.memory_limit else 0.0, age)
        return {"cpu": cpu, "memory": memory, "io": {"time": time, "psi": psi(0.0, age)}}

    def _network(self, time: float, started: float, name: str, rate: float) -> Json:
        """Traffic goes with CPU: what is computed is answered."""
        age = max(1.0, time - started)
        received = int(age * (900 + rate / 4000))
        counters = {"rxBytes": received, "rxErrors": 0, "txBytes": int(received * 1.7), "txErrors": 0}
        return {"time": rfc3339(time), "name": name, **counters, "interfaces": [{"name": name, **counters}]}

    def _disk(self, time: float, free: int) -> Json:
        return {
            "time": rfc3339(time),
            "availableBytes": free,
            "capacityBytes": _DISK,
            "inodesFree": _INODES - 612_119,
            "inodes": _INODES,
        }

    def _disk_used(self) -> int:
        return 24_000_000_000 + self._node.state.uid % (40 * 10**9) // 4096 * 4096

    def _written(self, pod: PodEntry, place: int) -> int:
        return (8192 + (pod.uid >> place * 3) % 190_000_000) // 4096 * 4096

    def _volume(self, pod: PodEntry, volume: Json) -> Json:
        claim = volume.get("persistentVolumeClaim")
        capacity = 32 * 1024**3 if claim else _DISK
        used = (pod.uid >> 5) % (capacity // 3) if claim else 4096 * (1 + len(volume["name"]) % 5)
        body: Json = {
            "time": rfc3339(self._now - 31),
            "availableBytes": capacity - used,
            "capacityBytes": capacity,
            "usedBytes": used,
            "inodesFree": 2_097_141,
            "inodes": 2_097_152,
            "inodesUsed": 11,
            "name": volume["name"],
        }
        return body | ({"pvcRef": {"name": claim["claimName"], "namespace": pod.namespace}} if claim else {})


def _counted(volume: Json) -> bool:
    """Volumes that the kubelet measures: not the host's folders."""
    return "hostPath" not in volume


def _version(node: Node) -> tuple[int, int]:
    major, minor, *_ = node.pool.version.split(".")
    return int(major), int(minor)

"""What can go wrong, on demand: ``python -m tests.cluster fault NAME VERB …``, and the same calls for tests.

A verb takes the control plane and its words, and gives back what it did in one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.cluster.control_plane import API_SERVER, ControlPlane
from tests.cluster.real.cluster import RealCluster
from tests.cluster.real.containers import crash_loop, remove_crash_loop, rotate_log
from tests.cluster.tokens import make_account, short_token

READER = "reader"
"""The ServiceAccount of ``default`` whose tokens ``token`` makes and ``expire-tokens`` ends; it may ``view``."""
_METRICS = "deployment/metrics-server"


class NoSuchFault(Exception):
    """No verb has this name, it lacks a word, or this cluster has no node to do it to; the text says which."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One verb: the words it takes (``[…]`` may be left out), and what it does."""

    words: str
    text: str
    do: Callable[[Any, Sequence[str]], str]  # takes a RealCluster where `real`, else any ControlPlane
    real: bool = True


def inflict(plane: ControlPlane, verb: str, words: Sequence[str]) -> str:
    """Do it, and say what was done; raises ``NoSuchFault``."""
    if verb not in FAULTS:
        raise NoSuchFault(f"no fault {verb}; there are: {', '.join(FAULTS)}")
    fault = FAULTS[verb]
    if fault.real and not isinstance(plane, RealCluster):
        raise NoSuchFault(f"{verb} needs a real node: python -m tests.cluster up --real")
    given = fault.words.split()
    least = sum(not word.startswith("[") for word in given)
    if not least <= len(words) <= len(given):
        raise NoSuchFault(f"usage: {verb} {fault.words}".rstrip())
    return fault.do(plane, words)


def _stop_api_server(plane: ControlPlane, _words: Sequence[str]) -> str:
    plane.stop_api_server(grace=0)
    return "the API server is gone: connections are refused"


def _start_api_server(plane: ControlPlane, _words: Sequence[str]) -> str:
    plane.stop_api_server(grace=0)
    plane.start_api_server()
    return "the API server is ready"


def _compact(plane: ControlPlane, _words: Sequence[str]) -> str:
    revision = plane.compact_etcd()
    plane.restart_api_server(grace=0)
    return f"history up to {revision} is forgotten: older watches and lists get 410"


def _token(plane: ControlPlane, words: Sequence[str]) -> str:
    accounts = plane.admin.get("/api/v1/namespaces/default/serviceaccounts")["items"]
    if READER not in {account["metadata"]["name"] for account in accounts}:
        make_account(plane, "default", READER)
        plane.grant(f"system:serviceaccount:default:{READER}", "view")
    return str(plane.kubeconfig_with_token(short_token(plane, "default", READER, float(words[0]))))


def _expire_tokens(plane: ControlPlane, _words: Sequence[str]) -> str:
    make_account(plane, "default", READER)
    return f"every token of default/{READER} is refused: 401, within ten seconds"


def _blackhole(cluster: RealCluster, _words: Sequence[str]) -> str:
    cluster.link.blackhole()
    return f"nothing from or to {cluster.server} arrives; the cluster itself goes on"


def _slow(cluster: RealCluster, words: Sequence[str]) -> str:
    kilobits = int(words[0]) if words else 256
    cluster.link.slow(kilobits)
    return f"{cluster.server} sends {kilobits} kbit/s at most"


def _heal(cluster: RealCluster, _words: Sequence[str]) -> str:
    cluster.link.heal()
    return "the connection is as it was"


def _stop_metrics(cluster: RealCluster, _words: Sequence[str]) -> str:
    cluster.kubectl("scale", _METRICS, "--namespace=kube-system", "--replicas=0")
    return "metrics-server is scaled to none: its API answers 503"


def _start_metrics(cluster: RealCluster, _words: Sequence[str]) -> str:
    cluster.kubectl("scale", _METRICS, "--namespace=kube-system", "--replicas=2")
    cluster.await_settled()
    return "metrics are served"


def _cordon(plane: ControlPlane, words: Sequence[str]) -> str:
    return plane.kubectl("cordon", _node(plane, words)).strip()


def _uncordon(plane: ControlPlane, words: Sequence[str]) -> str:
    return plane.kubectl("uncordon", _node(plane, words)).strip()


def _drain(plane: ControlPlane, words: Sequence[str]) -> str:
    flags = ("--ignore-daemonsets", "--delete-emptydir-data", "--force", "--grace-period=1", "--timeout=50s")
    return plane.kubectl("drain", _node(plane, words), *flags).strip()


def _crash_loop(cluster: RealCluster, words: Sequence[str]) -> str:
    return crash_loop(cluster, *words)


def _end_crash_loop(cluster: RealCluster, words: Sequence[str]) -> str:
    return remove_crash_loop(cluster, *words)


def _rotate_log(cluster: RealCluster, words: Sequence[str]) -> str:
    return f"the log is moved to {rotate_log(cluster, *words).name}"


def make_reachable(cluster: RealCluster) -> None:
    """Let the API server run and its answers arrive."""
    cluster.link.heal()
    if not cluster.household.running(API_SERVER):
        cluster.start_api_server()


def mend(cluster: RealCluster) -> None:
    """As if nothing had ever been inflicted; pods that somebody made stay."""
    make_reachable(cluster)
    cluster.start_kubelet()
    cluster.kubectl("uncordon", cluster.node)
    cluster.kubectl("scale", _METRICS, "--namespace=kube-system", "--replicas=2")
    cluster.await_settled()


def _mend(cluster: RealCluster, _words: Sequence[str]) -> str:
    mend(cluster)
    return "everything runs"


def _kill_kubelet(cluster: RealCluster, _words: Sequence[str]) -> str:
    cluster.kill_kubelet()
    return f"the kubelet of {cluster.node} is gone; the node is Unknown in some twenty seconds"


def _start_kubelet(cluster: RealCluster, _words: Sequence[str]) -> str:
    cluster.start_kubelet()
    return f"the kubelet of {cluster.node} runs"


def _node(plane: ControlPlane, words: Sequence[str]) -> str:
    if words:
        return words[0]
    if isinstance(plane, RealCluster):
        return plane.node
    raise NoSuchFault("which node?")


FAULTS: Mapping[str, Fault] = {
    "stop-api-server": Fault("", "end it as a crash does", _stop_api_server, real=False),
    "start-api-server": Fault("", "start it anew, with its data", _start_api_server, real=False),
    "compact-etcd": Fault("", "forget all history: a real 410", _compact, real=False),
    "token": Fault("SECONDS", "print a kubeconfig whose token ends so soon", _token, real=False),
    "expire-tokens": Fault("", "let the API server refuse all those tokens", _expire_tokens, real=False),
    "cordon": Fault("[NODE]", "let no more pods onto the node", _cordon, real=False),
    "uncordon": Fault("[NODE]", "let pods onto the node again", _uncordon, real=False),
    "drain": Fault("[NODE]", "cordon it and evict its pods", _drain, real=False),
    "blackhole": Fault("", "drop every packet between here and the API server", _blackhole),
    "slow": Fault("[KILOBITS]", "let the API server send so many kbit/s (256)", _slow),
    "heal": Fault("", "end blackhole and slow", _heal),
    "stop-metrics-server": Fault("", "scale it to none", _stop_metrics),
    "start-metrics-server": Fault("", "scale it to two, and wait until it serves", _start_metrics),
    "crash-loop": Fault("[NAMESPACE] [NAME]", "run a pod that fails over and over", _crash_loop),
    "end-crash-loop": Fault("[NAMESPACE] [NAME]", "remove it", _end_crash_loop),
    "rotate-log": Fault("NAMESPACE POD [CONTAINER]", "rotate a container's log, as its kubelet would", _rotate_log),
    "kill-kubelet": Fault("", "end it as a crash does; containers go on", _kill_kubelet),
    "start-kubelet": Fault("", "start it anew", _start_kubelet),
    "mend": Fault("", "undo all of the above, and wait until everything is ready", _mend),
}

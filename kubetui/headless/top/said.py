"""What top says beside its table, on standard error: each cause once, with what to do next. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kubetui.cluster.session import Scope
from kubetui.insight.usage_book import Level
from kubetui.insight.usage_words import NO_SAMPLES, NO_SAMPLES_ADVICE
from kubetui.kinds.kind import Kind
from kubetui.kinds.node import NODE
from kubetui.kinds.node_metrics import NODE_METRICS
from kubetui.store.state import Phase, SyncState

_METRICS: Final = NODE_METRICS.group
_NO_METRICS_SERVER: Final = (
    "metrics-server does not answer, so what is used is not known: look at its pods "
    "(kubectl -n kube-system get pods -l k8s-app=metrics-server), at what they log (kubetui logs "
    "deploy/metrics-server -n kube-system), and at konnectivity-agent in kube-system: the API server reaches it there"
)
_NOUN: Final[Mapping[Level, str]] = {
    Level.NODES: "nodes", Level.POOLS: "nodes", Level.CONTAINERS: "containers of pods",
}  # fmt: skip


def beside(
    level: Level, scope: Scope, missing: Sequence[tuple[Kind[Any], SyncState]], *, rows: bool, blank: bool = False
) -> list[str]:
    """A line for each cause why figures or rows are missing; or that there is nothing.

    ``missing``: the kinds that did not come, as they stand; ``rows``: whether there is a table all the same;
    ``blank``: without any sample in it.
    """
    if not missing:
        return [f"{NO_SAMPLES} – {NO_SAMPLES_ADVICE}"] if rows and blank else [] if rows else [_nothing(level, scope)]
    barred = [(kind, state) for kind, state in missing if state.phase is Phase.FORBIDDEN]
    said = [_barred(level, scope, barred, rows=rows)] if barred else []
    return said + [_failed(kind, state) for kind, state in _causes(missing)]


def _causes(missing: Sequence[tuple[Kind[Any], SyncState]]) -> list[tuple[Kind[Any], SyncState]]:
    """Of those that failed, one for each answer: where the API server itself does not answer, nothing behind it can."""
    failed = [(kind, state) for kind, state in missing if state.phase is not Phase.FORBIDDEN]
    own = [(kind, state) for kind, state in failed if kind.group != _METRICS]
    by_answer: dict[str, tuple[Kind[Any], SyncState]] = {}
    for kind, state in own or failed:
        by_answer.setdefault(state.reason.partition(": ")[2] or kind.group, (kind, state))
    return list(by_answer.values())


def _nothing(level: Level, scope: Scope) -> str:
    noun = _NOUN.get(level, "pods")
    if noun == "nodes" or scope.namespaces is None:
        return f"no {noun}"
    return f"no {noun} in {', '.join(sorted(scope.namespaces))}; -A for all namespaces"


def _barred(level: Level, scope: Scope, barred: Sequence[tuple[Kind[Any], SyncState]], *, rows: bool) -> str:
    """One line for all that the account may not list: what that costs, the first refusal, and its advice."""
    kinds = [kind for kind, _ in barred]
    _, first = barred[0]
    costs = ""
    if rows and NODE in kinds:
        costs = "capacity and shares are missing: "
    elif rows:
        costs = "some figures are missing: "
    elif level is Level.POOLS and NODE in kinds:
        costs = "a node's pool stands in its Node object: "
    elif level.of_nodes:
        costs = "nothing of nodes can be told: "
    others = [_plural(kind) for kind in kinds[1:]]
    also = f"; the same of {' and '.join(others)}" if others else ""
    advice = f" – {first.advice}" if first.advice else ""
    narrower = not rows and (level.of_nodes or scope.namespaces is None)
    elsewhere = "; or look at one namespace: kubetui top pods -n NAME" if narrower else ""
    return f"{costs}{first.reason}{also}{advice}{elsewhere}"


def _failed(kind: Kind[Any], state: SyncState) -> str:
    """One line for what did not come for another reason than a right."""
    reason = state.reason or f"list {_plural(kind)}: no answer in time"
    if kind.group == _METRICS and state.phase is not Phase.NOT_INSTALLED:
        return f"{reason} – {_NO_METRICS_SERVER}"
    return reason + (f" – {state.advice}" if state.advice else "")


def _plural(kind: Kind[Any]) -> str:
    return f"{kind.plural}.{kind.group}" if kind.group else kind.plural

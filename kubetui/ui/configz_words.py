"""What the Configz panes say: progress, ages, who is in a variant, why there is no configuration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kubetui.cluster.errors import ApiError, ClusterError, Forbidden
from kubetui.cluster.kubelet_config import KubeletAnswer, KubeletConfigs, Why, next_step, unreached, why_of
from kubetui.insight.kubelet.compare import differing_words
from kubetui.insight.kubelet.drift import Variant
from kubetui.insight.kubelet.survey import Survey
from kubetui.store.state import Phase, SyncState
from kubetui.ui.state_words import count, span

_BAR: Final = 10
_LONG: Final = 24
_TITLE: Final = 20

RIGHT: Final = "get nodes/proxy"


def stopped_state(error: ClusterError, *, known: bool) -> SyncState:
    """Why asking the kubelets was given up; ``known``: there are answers of before."""
    below = "below is what was read before" if known else "below is what the Node objects tell"
    if isinstance(error, Forbidden):
        return SyncState(
            Phase.FORBIDDEN,
            missing=RIGHT,
            reason=f"403: your account may not {RIGHT}, which configz needs",
            advice=f"{error.advice} · {below}",
        )
    if why_of(error) is Why.SILENT or (isinstance(error, ApiError) and unreached(error)):
        return SyncState(
            Phase.FAILED,
            word="tunnel down",
            reason=f"the API server's tunnel reaches no kubelet: {error.answer}",
            advice=f"see konnectivity-agent in kube-system; ^r tries again · {below}",
        )
    return SyncState(Phase.FAILED, reason=f"{error.tried}: {error.answer}", advice=error.advice)


def failed_state(failure: KubeletAnswer, before: KubeletAnswer | None) -> SyncState:
    """That one node's kubelet gave no answer the last time; ``before``: what it said earlier."""
    assert failure.why is not None
    error = failure.error
    below = "below is what was read before" if before is not None else "below is what the Node object tells"
    return SyncState(
        Phase.STALE if before is not None else Phase.FAILED,
        since=before.at if before is not None else None,
        word=WHY_WORDS[failure.why],
        reason=f"{error.tried}: {error.answer}" if error is not None else "",
        advice=" · ".join(part for part in (next_step(error) if error is not None else "", below) if part),
    )


def heading(survey: Survey, configs: KubeletConfigs, now: float) -> str:
    """``Configz  101 of 101 nodes · fetched 2m ago · 3 variants · 98 fields alike · 4 differ …``."""
    if not survey.nodes:
        return "Configz  –"
    drift = survey.drift
    answered = f"{count(survey.answered + survey.hidden)} of {count(survey.nodes)} nodes"
    if configs.running:
        share = configs.done / configs.asked if configs.asked else 0.0
        return f"Configz  {answered}  {bar(share)} {count(configs.done)}/{count(configs.asked)} · Esc stops"
    if survey.without:
        return f"Configz  {answered} · {_what_nodes_tell(survey.nodes)}"
    parts = [answered]
    if configs.cancelled:
        parts.append("stopped, ^r asks all")
    if drift.nodes:
        parts.append(drift_words(survey))
        # What drifted in its reservation is told by that already.
        wrong = sum(len(one.nodes) for one in drift.variants if one.wrong.keys() - one.differs)
        if wrong:
            parts.append(f"▲ {count(wrong)} reserve{'s' if wrong == 1 else ''} not what AKS sets")
        parts.append(f"{count(drift.configurations)} variant{'s' if drift.configurations != 1 else ''}")
        parts.append(f"{drift.alike} fields alike" + (f", {len(drift.differing)} differ" if drift.differing else ""))
    if survey.oldest is not None:
        parts.append(f"read {span(now - survey.oldest)} ago")
    return "Configz  " + " · ".join(parts)


def _what_nodes_tell(nodes: int) -> str:
    return f"what {count(nodes)} Node objects tell" if nodes != 1 else "what its Node object tells"


def drift_words(survey: Survey) -> str:
    """``▲ 14 drifted in maxPods, evictionHard``: from the majority of their pools."""
    drift = survey.drift
    if not drift.drifted:
        return "each pool alike"
    return f"▲ {count(drift.drifted)} drifted in {differing_words(drift.drifting, 2)}"


def short_titles(paths: Sequence[str]) -> dict[str, str]:
    """Paths as columns' titles: long ones without their beginning, or cut in the middle; each another one."""
    titles: dict[str, str] = {}
    for path in paths:
        short = path if len(path) <= _TITLE else path.partition(".")[2] or path
        if len(short) > _TITLE:
            short = f"{short[: _TITLE - 9]}…{short[-8:]}"
        titles[path] = path if short in titles.values() else short
    return titles


def bar(share: float) -> str:
    """``████░░░░░░``."""
    full = min(_BAR, max(0, int(share * _BAR)))
    return "█" * full + "░" * (_BAR - full)


def who(variant: Variant, survey: Survey) -> str:
    """``pool general, spot`` for whole or most of pools; else ``aks-general…00000v and 11 more``."""
    if variant.differs:
        first = short_node(variant.nodes[0], variant.pools)
        more = len(variant.nodes) - 1
        return f"{first} and {count(more)} more" if more else variant.nodes[0]
    pools = [pool for pool in variant.pools if pool]
    if not pools:
        return "nodes without a pool" if len(variant.nodes) > 1 else variant.nodes[0]
    return f"pool {', '.join(pools)}"


def short_node(name: str, pools: Sequence[str]) -> str:
    """``aks-general…00000v`` of ``aks-general-27182818-vmss00000v``: what tells nodes apart stays."""
    if len(name) <= _LONG:
        return name
    pool = next((pool for pool in pools if pool and pool in name), "")
    head = name[: name.index(pool) + len(pool)] if pool else name[:8]
    return f"{head}…{name[-6:]}"


WHY_WORDS: Final = {
    Why.FORBIDDEN: "forbidden",
    Why.UNREACHED: "not reached",
    Why.SILENT: "no answer",
    Why.WRONG: "wrong answer",
    Why.FAILED: "failed",
    Why.GONE: "gone",
}

"""All nodes and what is known of their configuration: who answered, who did not and why, and what differs.

Without an answer a Node object still tells something of its kubelet: versions, the most pods, what is reserved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from kubetui.cluster.kubelet_config import Document, KubeletAnswer, KubeletConfigs, Why
from kubetui.insight.kubelet.aks import NodeShape, shape_of
from kubetui.insight.kubelet.drift import Configured, Drift, drift
from kubetui.insight.kubelet.flat import Flat, flatten, json_text
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.quantity import cpu_text, memory_text

Keep = Callable[[Configured], bool]
OWN_LABELS: Final = "labels."
"""What the paths of a Node object's labels begin with."""


class Trouble(NamedTuple):
    """Nodes that gave no configuration for one reason."""

    why: Why
    words: str
    """Of the first of them."""
    nodes: tuple[str, ...]
    """Sorted."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known now."""

    nodes: int = 0
    """That there are, after a search those that it keeps."""
    hidden: int = 0
    """Answers that a search leaves out."""
    drift: Drift = field(default_factory=Drift)
    configured: Mapping[str, Configured] = field(default_factory=dict)
    """By node."""
    answers: Mapping[str, KubeletAnswer] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    without: bool = False
    """There is no configuration at all: ``configured`` is what the Node objects tell."""
    oldest: float | None = None
    """When the oldest answer came; Unix seconds."""

    @property
    def answered(self) -> int:
        """Nodes whose configuration is known."""
        return 0 if self.without else len(self.configured)


class Surveyor:
    """Makes surveys, remembering what has not changed since the last."""

    def __init__(self) -> None:
        self._flats: dict[Document, Flat] = {}
        self._known: dict[str, tuple[NodeRow, KubeletAnswer | None, Configured]] = {}
        self._shapes: dict[NodeShape, NodeShape] = {}
        self._without: dict[tuple[tuple[str, str], ...], Flat] = {}

    def prepare(self, rows: Iterable[NodeRow], configs: KubeletConfigs, most: int) -> bool:
        """Look at nodes that are new or changed, at most so many; False: there are more of them."""
        without = not configs.answers and configs.stopped is not None
        for row in rows:
            answer = configs.answers.get(row.name)
            known = self._known.get(row.name)
            if (answer is None and not without) or (known is not None and known[0] is row and known[1] is answer):
                continue
            if not most:
                return False
            most -= 1
            self._known[row.name] = self._one(row, answer)
        return True

    def survey(self, rows: Iterable[NodeRow], configs: KubeletConfigs) -> Survey:
        """All of ``rows``."""
        nodes = list(rows)
        without = not configs.answers and configs.stopped is not None
        configured: dict[str, Configured] = {}
        known: dict[str, tuple[NodeRow, KubeletAnswer | None, Configured]] = {}
        oldest: float | None = None
        for row in nodes:
            answer = configs.answers.get(row.name)
            if answer is None and not without:
                continue
            one = known[row.name] = self._one(row, answer)
            configured[row.name] = one[2]
            if answer is not None and (oldest is None or answer.at < oldest):
                oldest = answer.at
        self._known = known
        self._forget()
        return Survey(
            nodes=len(nodes),
            drift=drift(configured.values()),
            configured=configured,
            answers=configs.answers,
            troubles=() if without else _troubles(configs),
            without=without,
            oldest=oldest,
        )

    def _one(self, row: NodeRow, answer: KubeletAnswer | None) -> tuple[NodeRow, KubeletAnswer | None, Configured]:
        before = self._known.get(row.name)
        if before is not None and before[0] is row and before[1] is answer:
            return before
        shape = shape_of(row)
        shape = self._shapes.setdefault(shape, shape)
        flat = self._told(row) if answer is None else self._flat(answer)
        return row, answer, Configured(row.name, row.pool, flat, shape)

    def _told(self, row: NodeRow) -> Flat:
        """Nodes of which the same is told share it."""
        flat = without_configz(row)
        return self._without.setdefault(tuple(flat.items()), flat)

    def _flat(self, answer: KubeletAnswer) -> Flat:
        assert answer.document is not None
        flat = self._flats.get(answer.document)
        if flat is None:
            flat = self._flats[answer.document] = flatten(answer.document.content)
        return flat

    def _forget(self) -> None:
        if len(self._flats) > 2 * len(self._known) + 8:
            used = {id(known[2].flat) for known in self._known.values()}
            self._flats = {document: flat for document, flat in self._flats.items() if id(flat) in used}
        if len(self._shapes) > len(self._known) + 8:
            self._shapes.clear()
        if len(self._without) > len(self._known) + 8:
            self._without.clear()


def without_configz(row: NodeRow) -> Flat:
    """What the Node object tells of its kubelet, as paths and values."""
    told = {
        "kubeletVersion": row.kubelet,
        "capacity.pods": row.capacity.pods,
        "reserved.cpu": f"{row.capacity.cpu - row.allocatable.cpu}m" if row.capacity.cpu else "",
        "reserved.memory": f"{(row.capacity.memory - row.allocatable.memory) >> 20}Mi" if row.capacity.memory else "",
        "capacity.cpu": row.capacity.cpu // 1000,
        "size": row.size,
        "nodeImageVersion": row.image,
        "containerRuntimeVersion": row.runtime,
        "osImage": row.os_image,
        "kernelVersion": row.kernel,
    }
    return {path: json_text(value) for path, value in told.items() if value}


def told_of(row: NodeRow) -> Configured:
    """One node as its Node object tells of it: ``without_configz``, and what is its own."""
    flat = {**without_configz(row), **own_of(row)}
    return Configured(row.name, row.pool, flat, shape_of(row))


def own_of(row: NodeRow) -> Flat:
    """What a Node object tells that nodes alike do not share: exact sizes, labels."""
    capacity, allocatable = row.capacity, row.allocatable
    told: dict[str, Any] = {
        "capacity.memory": memory_text(capacity.memory) if capacity.memory else "",
        "allocatable.cpu": cpu_text(allocatable.cpu) if allocatable.cpu else "",
        "allocatable.memory": memory_text(allocatable.memory) if allocatable.memory else "",
        "allocatable.pods": allocatable.pods,
        **{f"{OWN_LABELS}{key}": value for key, value in row.labels},
    }
    return {path: json_text(value) for path, value in told.items() if value or path.startswith(OWN_LABELS)}


def in_order(rows: Iterable[NodeRow]) -> list[str]:
    """Names, those first that are likely to answer: a node that is gone keeps one of few places for long."""
    return [row.name for row in sorted(rows, key=lambda row: (row.ready != "True", row.name))]


def found_in(survey: Survey, keep: Keep) -> Survey:
    """What ``keep`` lets through. Where it differs from its pool is as it was: majorities are those of all nodes."""
    variants = []
    for variant in survey.drift.variants:
        nodes = tuple(node for node in variant.nodes if keep(survey.configured[node]))
        if nodes:
            pools = tuple(sorted({survey.configured[node].pool for node in nodes}))
            variants.append(replace(variant, nodes=nodes, pools=pools))
    configured = {node: survey.configured[node] for variant in variants for node in variant.nodes}
    nodes_left = len(configured)
    return replace(
        survey,
        hidden=len(survey.configured) - nodes_left,
        drift=replace(
            survey.drift,
            variants=tuple(variants),
            nodes=nodes_left,
            drifted=sum(len(variant.nodes) for variant in variants if variant.differs),
        ),
        configured=configured,
        troubles=(),
    )


def _troubles(configs: KubeletConfigs) -> tuple[Trouble, ...]:
    found: dict[Why, list[str]] = {}
    for failure in configs.failures.values():
        if failure.why is not None:
            found.setdefault(failure.why, []).append(failure.node)
    return tuple(
        Trouble(why, _words(configs, nodes), tuple(sorted(nodes))) for why, nodes in sorted(found.items(), key=_size)
    )


def _size(item: tuple[Why, Sequence[str]]) -> tuple[int, str]:
    return -len(item[1]), item[0].value


def _words(configs: KubeletConfigs, nodes: Sequence[str]) -> str:
    error = configs.failures[min(nodes)].error
    return error.answer if error is not None else ""

"""What a person names: ``deploy/coredns``, ``pod/x``, a regular expression over pods' names, labels. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

KINDS: Final = {
    "po": "pods", "pod": "pods", "pods": "pods",
    "deploy": "deployments", "deployment": "deployments", "deployments": "deployments",
    "ds": "daemonsets", "daemonset": "daemonsets", "daemonsets": "daemonsets",
    "sts": "statefulsets", "statefulset": "statefulsets", "statefulsets": "statefulsets",
    "rs": "replicasets", "replicaset": "replicasets", "replicasets": "replicasets",
    "job": "jobs", "jobs": "jobs",
    "cj": "cronjobs", "cronjob": "cronjobs", "cronjobs": "cronjobs",
    "svc": "services", "service": "services", "services": "services",
    "no": "nodes", "node": "nodes", "nodes": "nodes",
}  # fmt: skip
"""How people call the kinds whose logs can be asked for, and their plurals."""

_SHORT: Final = {
    "pods": "pod", "deployments": "deploy", "daemonsets": "ds", "statefulsets": "sts", "replicasets": "rs",
    "jobs": "job", "cronjobs": "cronjob", "services": "svc", "nodes": "node",
}  # fmt: skip


class BadTarget(ValueError):
    """What was named can't be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class LogTarget:
    """Whose logs. ``namespaces`` None is all of them; a node's pods are looked for in all of these."""

    namespaces: frozenset[str] | None
    plural: str = ""
    """``deployments``; ``""`` where pods are chosen by name or label alone."""
    name: str = ""
    expression: str = ""
    """A regular expression that a pod's name must contain; one that is a pod's whole name means that pod."""
    labels: str = ""
    """A label selector, applied by the server."""

    @property
    def words(self) -> str:
        """``deploy/coredns``, ``/core/``, ``-l app=x``."""
        if self.plural:
            return f"{_SHORT[self.plural]}/{self.name}"
        parts = [self.expression] if self.expression else []
        if self.labels:
            parts.append(f"-l {self.labels}")
        return " ".join(parts) or "all pods"

    @property
    def place(self) -> str:
        """``kube-system``, ``all namespaces``."""
        return "all namespaces" if self.namespaces is None else ", ".join(sorted(self.namespaces))


def parse_target(text: str, namespaces: frozenset[str] | None, labels: str = "") -> LogTarget:
    """The target that ``text`` (``""`` for none) and a label selector name. Raises BadTarget."""
    kind, slash, name = text.partition("/")
    plural = KINDS.get(kind.lower())
    if slash and plural is not None:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.:-]*[a-z0-9])?", name):
            raise BadTarget(f"{text!r}: {name!r} is no name of an object")
        if labels:
            raise BadTarget(f"{text!r} and labels: name one of the two")
        return LogTarget(namespaces, plural, name)
    if slash:
        raise BadTarget(
            f"{text!r}: logs of {kind!r} are not known; known are {', '.join(sorted(set(_SHORT.values())))}"
        )
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadTarget(f"{text!r} is no regular expression: {error}") from error
    if not text and not labels:
        raise BadTarget("whose logs? name deploy/NAME, pod/NAME, a regular expression over pods' names, or -l LABELS")
    return LogTarget(namespaces, expression=text, labels=labels)

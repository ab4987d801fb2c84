"""Whose logs a person asked for before it is known where: the context's own namespace comes with the session."""

from __future__ import annotations

from dataclasses import dataclass, field

from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.target import KINDS, LogTarget, parse_target


@dataclass(frozen=True, slots=True)
class LogsAsked:
    """What the command line says."""

    text: str = ""
    """``deploy/coredns``, ``pod/x``, a regular expression; ``""`` where labels choose."""
    labels: str = ""
    namespaces: frozenset[str] = frozenset()
    """Empty: the context's own."""
    all_namespaces: bool = False
    options: LogOptions = field(default_factory=LogOptions)

    def target(self, own_namespace: str) -> LogTarget:
        """With the context's own namespace (``""`` for none) where none was named. Raises BadTarget."""
        node = KINDS.get(self.text.partition("/")[0]) == "nodes" and "/" in self.text
        everywhere = self.all_namespaces or (node and not self.namespaces)
        named = self.namespaces or frozenset({own_namespace or "default"})
        return parse_target(self.text, None if everywhere else named, self.labels)

"""Values from local files: contexts and namespaces of kubeconfig and of the settings. No cluster is asked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kubetui.completion.candidates import Candidate, Given

if TYPE_CHECKING:
    from kubetui.cluster.kubeconfig import Context


def contexts(given: Given) -> Iterable[Candidate]:
    """The contexts of the kubeconfig that the command line names, or of the one that would be found."""
    for context in _contexts(given):
        yield Candidate(context.name, f"cluster {context.cluster}")


def namespaces(given: Given) -> Iterable[Candidate]:
    """The namespaces that the contexts and the settings name; those of the given context come first."""
    from kubetui.settings.file import read_settings

    chosen = given.get("context", ("",))[-1]
    found: dict[str, str] = {}
    for context in sorted(_contexts(given), key=lambda one: one.name != chosen):
        if context.namespace:
            found.setdefault(context.namespace, f"of context {context.name}")
    read = read_settings(given.get("config", (None,))[-1], os.environ)
    for name, settings in sorted(read.settings.contexts.items(), key=lambda one: one[0] != chosen):
        for namespace in settings.namespaces:
            if namespace != "*":
                found.setdefault(namespace, f"settings of {name}")
    return [Candidate(name, told) for name, told in found.items() if name not in given.get("namespace", ())]


def _contexts(given: Given) -> Iterable[Context]:
    from kubetui.cluster.errors import ClusterError
    from kubetui.cluster.kubeconfig import KubeConfig

    named = given.get("kubeconfig", ("",))[-1]
    try:
        return KubeConfig.load(Path(named).expanduser() if named else None, os.environ).contexts.values()
    except ClusterError:
        return ()

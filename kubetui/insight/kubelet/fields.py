"""What a field of a kubelet's configuration is, in a line. Looked up by path: ``evictionHard.memory.available``."""

from __future__ import annotations

from typing import Final

from kubetui.insight.kubelet.field import Field
from kubetui.insight.kubelet.fields_node import FIELDS_NODE
from kubetui.insight.kubelet.fields_pods import FIELDS_PODS
from kubetui.insight.kubelet.fields_server import FIELDS_SERVER
from kubetui.insight.kubelet.fields_told import FIELDS_TOLD

FIELDS: Final[tuple[Field, ...]] = (*FIELDS_SERVER, *FIELDS_NODE, *FIELDS_PODS)
"""All fields of ``KubeletConfiguration`` in ``kubelet.config.k8s.io/v1beta1`` up to 1.36, and of what it consists of.
Their paths: k8s.io/kubelet ``config/v1beta1/types.go``."""

_BY_PATH: Final = {field.path: field for field in (*FIELDS, *FIELDS_TOLD)}


def field_at(path: str) -> Field | None:
    """The declaration of a path, else of what it is an entry of (``featureGates.NodeLogQuery``); None: not known."""
    while path:
        found = _BY_PATH.get(path)
        if found is not None:
            return found
        path = path.rpartition(".")[0]
    return None

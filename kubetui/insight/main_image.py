"""Which of a workload's images says what version it is: its own container's, not one that stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kubetui.insight.aks_components import AKS_COMPONENTS
from kubetui.kinds.workload_wire import short_image

SIDECARS: Final = frozenset(
    {
        *("liveness-probe", "livenessprobe"),
        *("node-driver-registrar", "csi-node-driver-registrar"),
        *("csi-provisioner", "csi-attacher", "csi-resizer", "csi-snapshotter"),
        *("metrics-server-vpa", "addon-resizer", "pod-nanny"),
        *("addon-token-adapter", "addon-token-adapter-win", "health-probe-proxy"),
        *("kube-rbac-proxy", "istio-proxy", "linkerd-proxy"),
    }
)
"""Names of containers, and of images, that stand beside what a workload is for: those of AKS' own workloads, of the
Kubernetes CSI project, and of service meshes."""

_WINDOWS: Final = ("-windows", "-win")
"""Ends of the names of the DaemonSets that do the same on Windows nodes."""
_DECLARED: Final = {one.name: one.container for one in AKS_COMPONENTS if one.container}


def main_image(name: str, containers: Sequence[str], images: Sequence[str]) -> str:
    """The image of the container that the workload ``name`` is there for; ``""`` where it has none.

    That is the one that is declared for the component, else the one of the workload's name, else the first that is
    not known to stand beside others, else the first. ``images`` are in the order of ``containers``.
    """
    found = dict(zip(containers, images, strict=False))
    bare = _without_system(name)
    for wanted in (_DECLARED.get(bare, ""), name, bare):
        if wanted in found:
            return found[wanted]
    own = (image for container, image in found.items() if not _is_beside(container, image))
    return next(own, next(iter(images), ""))


def _without_system(name: str) -> str:
    return next((name.removesuffix(end) for end in _WINDOWS if name.endswith(end)), name)


def _is_beside(container: str, image: str) -> bool:
    return container in SIDECARS or short_image(image).partition(":")[0] in SIDECARS

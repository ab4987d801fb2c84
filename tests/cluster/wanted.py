"""What is to be kept: a plain control plane, one filled with played nodes, or one with a real node."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cluster import binaries
from tests.cluster.control_plane import ControlPlane
from tests.cluster.go_tool import go
from tests.cluster.programs import CONTROL_PLANE, KUBERNETES
from tests.cluster.real.cluster import RealCluster
from tests.cluster.snapshot import filled

Report = Callable[[str], None]


class NoSuchRelease(Exception):
    """There is no such release of Kubernetes, or its name is none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """``nodes`` and ``pods`` are played; with ``real`` there is one real node instead. ``kubernetes``: a release."""

    nodes: int = 0
    pods: int = 0
    real: bool = False
    kubernetes: str = KUBERNETES

    def __str__(self) -> str:
        what = "a real node" if self.real else f"{self.nodes} nodes, {self.pods} pods"
        return what if self.kubernetes == KUBERNETES else f"{what}, Kubernetes {self.kubernetes}"

    @property
    def arguments(self) -> list[str]:
        """As the command line takes them."""
        numbers = ["--nodes", str(self.nodes), "--pods", str(self.pods), "--kubernetes", self.kubernetes]
        return [*numbers, *(["--real"] if self.real else [])]

    def build(self, report: Report) -> binaries.Binaries:
        """Its programs; raises ``BuildFailed``."""
        return binaries.build(report, binaries.WITH_NODE if self.real else CONTROL_PLANE, self.kubernetes)

    def start(self, report: Report) -> ControlPlane:
        """Build what is missing, start it, and wait until it is ready; whoever calls takes it down."""
        programs = self.build(report)
        if self.real:
            return RealCluster(programs).start()
        if self.nodes:
            return filled(programs, self.nodes, self.pods, report=report)
        return ControlPlane(programs).start()


def release(name: str) -> str:
    """A release's full name: ``1.34`` is the newest of that minor version, as the Go module proxy knows it.

    Raises ``NoSuchRelease``, ``BuildFailed``.
    """
    found = re.fullmatch(r"v?(1\.\d+)(\.\d+)?", name)
    if not found:
        raise NoSuchRelease(f"{name} is no release of Kubernetes: say 1.34 or 1.34.2")
    if found[2]:
        return found[1] + found[2]
    told = go(["list", "-m", "-f", "{{.Version}}", f"k8s.io/kubernetes@v{found[1]}"], Path("/"))
    return told.strip().removeprefix("v")

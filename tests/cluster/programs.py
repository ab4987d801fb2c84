"""The programs of a cluster, and the Go modules that they are built from, at pinned versions."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.go_tool import go

KUBERNETES = "1.36.3"
"""The release that is built unless another is named."""
OLDER = "1.34.4"
"""The oldest release that the app promises to read: tests run against its API server too."""
ETCD = "3.6.7"
KWOK = "0.8.0"
COREDNS = "1.14.7"
METRICS_SERVER = "0.9.0"
KUBELOGIN = "0.2.21"

_GO_LINE = "go 1.26.0"  # what Kubernetes 1.36 asks for; an older Go fetches this toolchain by itself
_MODULE = f"module cluster\n\n{_GO_LINE}\n"
_OWN = Path(__file__).with_name("real")
_KUBERNETES_MODULE = "k8s.io/kubernetes"


@dataclass(frozen=True, slots=True)
class Source:
    """Where programs come from; ``write`` lays out a main module for a Kubernetes release (without "v")."""

    name: str
    write: Callable[[Path, str], None]


@dataclass(frozen=True, slots=True)
class Program:
    """One program: its file name, where it comes from, and the package built there."""

    name: str
    source: Source
    package: str

    def link(self, kubernetes: str) -> str:
        """The linker's settings: no debugging tables; Kubernetes' own programs know their version."""
        return f"-s -w {_stamp(kubernetes)}" if self.source is _KUBERNETES else "-s -w"


def _stamp(kubernetes: str) -> str:
    major, minor, _ = kubernetes.split(".", 2)
    values = {"gitVersion": f"v{kubernetes}", "gitMajor": major, "gitMinor": minor}
    return " ".join(f"-X k8s.io/component-base/version.{name}={value}" for name, value in values.items())


def _write_kubernetes(folder: Path, kubernetes: str) -> None:
    """A module that depends on Kubernetes, its staging modules pinned to the release that belongs to it."""
    module = json.loads(go(["mod", "download", "-json", f"{_KUBERNETES_MODULE}@v{kubernetes}"], folder))
    declared = Path(module["Dir"], "go.mod").read_text()
    staging = sorted(set(re.findall(r"^\s*(k8s\.io/[a-z-]+) (?:v0\.0\.0$|=> \./staging)", declared, re.MULTILINE)))
    release = f"v0.{kubernetes.removeprefix('1.')}"
    replaced = "\n".join(f"\t{name} => {name} {release}" for name in staging)
    required = f"require {_KUBERNETES_MODULE} v{kubernetes}\n\nreplace (\n{replaced}\n)\n"
    (folder / "go.mod").write_text(f"{_MODULE}\n{required}")
    shutil.copytree(_OWN / "reopen_log", folder / "reopen_log")
    programs = (*CONTROL_PLANE, *NODE)
    _write_imports(folder, [p.package for p in programs if p.package.startswith(_KUBERNETES_MODULE)])


def _write_etcd(folder: Path, _kubernetes: str) -> None:
    """etcd's main package is not part of a module that builds alone; its own entry point is one call."""
    (folder / "go.mod").write_text(f"{_MODULE}\nrequire go.etcd.io/etcd/server/v3 v{ETCD}\n")
    (folder / "main.go").write_text(
        'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\n'
        "func main() { etcdmain.Main(os.Args) }\n"
    )


def _write_coredns(folder: Path, _kubernetes: str) -> None:
    """coredns' main package needs generated files; its own entry point, with the usual plugins, is one call."""
    (folder / "go.mod").write_text(f"{_MODULE}\nrequire github.com/coredns/coredns v{COREDNS}\n")
    (folder / "main.go").write_text(
        'package main\n\nimport (\n\t_ "github.com/coredns/coredns/core/plugin"\n'
        '\t"github.com/coredns/coredns/coremain"\n)\n\nfunc main() { coremain.Run() }\n'
    )


def _write_stand_in(folder: Path, _kubernetes: str) -> None:
    (folder / "go.mod").write_text(_MODULE)
    shutil.copyfile(_OWN / "stand_in" / "main.go", folder / "main.go")


def _module(module: str, version: str, package: str) -> Source:
    """A module whose main package builds as it stands."""

    def write(folder: Path, _kubernetes: str) -> None:
        (folder / "go.mod").write_text(f"{_MODULE}\nrequire {module} v{version}\n")
        _write_imports(folder, [package])

    return Source(f"{module} {version}", write)


def _write_imports(folder: Path, packages: list[str]) -> None:
    """Name the main packages as imports, behind a tag, so that ``go mod tidy`` keeps what they need."""
    lines = "\n".join(f'import _ "{package}"' for package in packages)
    (folder / "imports.go").write_text(f"//go:build imports\n\npackage cluster\n\n{lines}\n")


_KUBERNETES = Source("Kubernetes", _write_kubernetes)
_ETCD = Source(f"etcd {ETCD}", _write_etcd)
_KWOK = _module("sigs.k8s.io/kwok", KWOK, "sigs.k8s.io/kwok/cmd/kwok")
_COREDNS = Source(f"coredns {COREDNS}", _write_coredns)
_METRICS = _module("sigs.k8s.io/metrics-server", METRICS_SERVER, "sigs.k8s.io/metrics-server/cmd/metrics-server")
_KUBELOGIN = _module("github.com/Azure/kubelogin", KUBELOGIN, "github.com/Azure/kubelogin")
_STAND_IN = Source("stand-in", _write_stand_in)

CONTROL_PLANE = (
    Program("kube-apiserver", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-apiserver"),
    Program("kubectl", _KUBERNETES, "k8s.io/kubernetes/cmd/kubectl"),
    Program("kube-controller-manager", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-controller-manager"),
    Program("kube-scheduler", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-scheduler"),
    Program("etcd", _ETCD, "."),
    Program("kwok", _KWOK, "sigs.k8s.io/kwok/cmd/kwok"),
)
"""What a control plane with played nodes needs."""

NODE = (
    Program("kubelet", _KUBERNETES, "k8s.io/kubernetes/cmd/kubelet"),
    Program("kube-proxy", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-proxy"),
    Program("reopen-log", _KUBERNETES, "./reopen_log"),
    Program("coredns", _COREDNS, "."),
    Program("metrics-server", _METRICS, "sigs.k8s.io/metrics-server/cmd/metrics-server"),
    Program("kubelogin", _KUBELOGIN, "github.com/Azure/kubelogin"),
    Program("stand-in", _STAND_IN, "."),
)
"""What a real node needs beside it."""

# How kwok plays nodes and pods: it has no behaviour of its own, its module brings these descriptions of it.
STAGES = (
    "node/fast/node-initialize.yaml",
    "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-complete.yaml",
    "pod/fast/pod-delete.yaml",
)

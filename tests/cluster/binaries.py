"""The programs of a real control plane, built from their Go modules at pinned versions.

They lie outside the checkout, in ``kubetui/cluster/<versions>/bin`` of ``$XDG_CACHE_HOME`` (``~/.cache``).
Building takes about ten minutes on two cores the first time, half a minute where Go's own caches are warm, and
resumes where it was interrupted: a file appears there only when it is whole. ``KUBEBUILDER_ASSETS`` (a folder,
the convention of Kubernetes' controller tests) is looked into first.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KUBERNETES = "1.36.3"
ETCD = "3.6.7"
KWOK = "0.8.0"
VERSIONS = f"kubernetes-{KUBERNETES}_etcd-{ETCD}_kwok-{KWOK}"

BUILD_COMMAND = "python -m tests.cluster build"
_BUILD_SECONDS = 45 * 60  # one program, cold, on a slow machine; kube-apiserver took 5 min 20 s on two cores
_GO_LINE = "go 1.26.0"  # what Kubernetes 1.36 asks for; an older Go fetches this toolchain by itself

Report = Callable[[str], None]


class NotBuilt(Exception):
    """Programs are missing, and nobody asked to build them; the text names the command that does."""


class BuildFailed(Exception):
    """Go is missing, or a step of the build failed; the text holds the step and the end of its output."""


@dataclass(frozen=True, slots=True)
class Source:
    """A Go module that programs are built from; ``write`` lays out a main module which depends on it."""

    module: str
    version: str
    write: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Program:
    """One program: its file name, where it comes from, the package built, and the linker's settings."""

    name: str
    source: Source
    package: str
    link: str = "-s -w"


def _write_kubernetes(folder: Path) -> None:
    """A module that depends on Kubernetes, its staging modules pinned to the release that belongs to it."""
    module = json.loads(_go(["mod", "download", "-json", f"k8s.io/kubernetes@v{KUBERNETES}"], folder))
    declared = Path(module["Dir"], "go.mod").read_text()
    staging = sorted(set(re.findall(r"^\s*(k8s\.io/[a-z-]+) (?:v0\.0\.0$|=> \./staging)", declared, re.MULTILINE)))
    release = f"v0.{KUBERNETES.removeprefix('1.')}"
    replaced = "\n".join(f"\t{name} => {name} {release}" for name in staging)
    (folder / "go.mod").write_text(
        f"module controlplane\n\n{_GO_LINE}\n\nrequire k8s.io/kubernetes v{KUBERNETES}\n\nreplace (\n{replaced}\n)\n"
    )
    packages = [program.package for program in PROGRAMS if program.source.module == "k8s.io/kubernetes"]
    _write_imports(folder, packages)


def _write_etcd(folder: Path) -> None:
    """etcd's main package is not part of a module that builds alone; its own entry point is one call."""
    (folder / "go.mod").write_text(f"module controlplane\n\n{_GO_LINE}\n\nrequire go.etcd.io/etcd/server/v3 v{ETCD}\n")
    (folder / "main.go").write_text(
        'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\n'
        "func main() { etcdmain.Main(os.Args) }\n"
    )


def _write_kwok(folder: Path) -> None:
    (folder / "go.mod").write_text(f"module controlplane\n\n{_GO_LINE}\n\nrequire sigs.k8s.io/kwok v{KWOK}\n")
    _write_imports(folder, ["sigs.k8s.io/kwok/cmd/kwok"])


def _write_imports(folder: Path, packages: list[str]) -> None:
    """Name the main packages as imports, behind a tag, so that ``go mod tidy`` keeps what they need."""
    lines = "\n".join(f'import _ "{package}"' for package in packages)
    (folder / "imports.go").write_text(f"//go:build imports\n\npackage controlplane\n\n{lines}\n")


_KUBERNETES = Source("k8s.io/kubernetes", KUBERNETES, _write_kubernetes)
_ETCD = Source("go.etcd.io/etcd/server/v3", ETCD, _write_etcd)
_KWOK = Source("sigs.k8s.io/kwok", KWOK, _write_kwok)
_STAMP = "-s -w " + " ".join(
    f"-X k8s.io/component-base/version.{name}={value}"
    for name, value in (
        ("gitVersion", f"v{KUBERNETES}"),
        ("gitMajor", "1"),
        ("gitMinor", KUBERNETES.split(".")[1]),
    )
)

PROGRAMS = (
    Program("kube-apiserver", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-apiserver", _STAMP),
    Program("kubectl", _KUBERNETES, "k8s.io/kubernetes/cmd/kubectl", _STAMP),
    Program("kube-controller-manager", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-controller-manager", _STAMP),
    Program("kube-scheduler", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-scheduler", _STAMP),
    Program("etcd", _ETCD, "."),
    Program("kwok", _KWOK, "sigs.k8s.io/kwok/cmd/kwok"),
)

# How kwok plays nodes and pods: it has no behaviour of its own, its module brings these descriptions of it.
STAGES = (
    "node/fast/node-initialize.yaml",
    "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-complete.yaml",
    "pod/fast/pod-delete.yaml",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where every program and every kwok stage lies: file name → path."""

    paths: Mapping[str, Path]

    def __getitem__(self, name: str) -> Path:
        return self.paths[name]

    @property
    def stages(self) -> tuple[Path, ...]:
        """kwok's stages, in the order in which it is to read them."""
        return tuple(self.paths[Path(stage).name] for stage in STAGES)


def cache_folder() -> Path:
    """Everything kept between runs: programs under ``bin``, snapshots of filled clusters, what ``up`` started."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base, "kubetui", "cluster", VERSIONS)


def find() -> Binaries:
    """The programs as they are; raises ``NotBuilt`` naming those missing, and Go if that is missing too."""
    found = _found()
    missing = [name for name in _names() if name not in found]
    if missing:
        raise NotBuilt(
            f"no {', '.join(missing)} in {cache_folder() / 'bin'}; build them with: {BUILD_COMMAND}"
            + ("" if shutil.which("go") else " (it needs Go, which is not on PATH)")
        )
    return Binaries(found)


def build(report: Report = lambda line: None) -> Binaries:
    """The programs, built where missing; one builder at a time; raises ``BuildFailed``."""
    target = cache_folder() / "bin"
    target.mkdir(parents=True, exist_ok=True)
    with locked(target / ".lock"):
        missing = {name for name in _names() if name not in _found()}
        if missing and not shutil.which("go"):
            raise BuildFailed(
                f"{', '.join(sorted(missing))} must be built and Go is not on PATH: install Go 1.26 or newer, "
                "or name a folder that holds them in KUBEBUILDER_ASSETS"
            )
        for source in (_KUBERNETES, _ETCD, _KWOK):
            _build_programs(source, [p for p in PROGRAMS if p.source is source and p.name in missing], target, report)
        _copy_stages([stage for stage in STAGES if Path(stage).name in missing], target, report)
    return find()


def _names() -> list[str]:
    return [program.name for program in PROGRAMS] + [Path(stage).name for stage in STAGES]


def _found() -> dict[str, Path]:
    folders = [cache_folder() / "bin"]
    if assets := os.environ.get("KUBEBUILDER_ASSETS"):
        folders.insert(0, Path(assets))
    places = {name: [folder / name for folder in folders if (folder / name).is_file()] for name in _names()}
    return {name: paths[0].absolute() for name, paths in places.items() if paths}


def _build_programs(source: Source, programs: list[Program], target: Path, report: Report) -> None:
    if not programs:
        return
    with tempfile.TemporaryDirectory(prefix="kubetui-build-") as work:
        folder = Path(work)
        report(f"{source.module} {source.version}: fetching modules")
        source.write(folder)
        _go(["mod", "tidy"], folder)
        for program in programs:
            report(f"{program.name}: building")
            with appearing(target / program.name) as half:
                _go(["build", "-trimpath", "-ldflags", program.link, "-o", str(half), program.package], folder)


def _copy_stages(stages: list[str], target: Path, report: Report) -> None:
    if not stages:
        return
    report("kwok's stages: copying")
    with tempfile.TemporaryDirectory(prefix="kubetui-build-") as work:
        module = json.loads(_go(["mod", "download", "-json", f"sigs.k8s.io/kwok@v{KWOK}"], Path(work)))
    for stage in stages:
        with appearing(target / Path(stage).name) as half:
            shutil.copyfile(Path(module["Dir"], "kustomize", "stage", stage), half)


def _go(arguments: list[str], folder: Path) -> str:
    """Run ``go`` in a folder and give its standard output; modules come by the environment's own settings."""
    environment = os.environ | {"CGO_ENABLED": "0", "GOWORK": "off", "GO111MODULE": "on"}
    try:
        done = subprocess.run(
            ["go", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=_BUILD_SECONDS
        )
    except subprocess.TimeoutExpired as late:
        raise BuildFailed(f"go {' '.join(arguments)} took longer than {_BUILD_SECONDS} s") from late
    if done.returncode:
        raise BuildFailed(f"go {' '.join(arguments)} failed ({done.returncode}):\n{done.stderr[-3000:]}")
    return done.stdout


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes ``path``'s name only if the block succeeds."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield half
        half.replace(path)
    finally:
        if half.is_dir():
            shutil.rmtree(half)
        half.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of this file; waits for another process that holds it; gone with the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

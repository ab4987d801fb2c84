"""The programs of a real cluster, built from their Go modules (``programs.py``) and kept.

They lie outside the checkout, in ``kubetui/cluster/<versions>/bin`` of ``$XDG_CACHE_HOME`` (``~/.cache``).
Building a control plane takes about ten minutes on two cores the first time, the programs of a real node five to ten
more, half a minute where Go's own caches are warm. It resumes where it was interrupted: a file appears there only
when it is whole. ``KUBEBUILDER_ASSETS`` (a folder, the convention of Kubernetes' controller tests) is looked into
first, for the usual Kubernetes release.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.go_tool import BuildFailed, go, has_go
from tests.cluster.programs import CONTROL_PLANE, ETCD, KUBERNETES, KWOK, NODE, STAGES, Program, Source

BUILD_COMMAND = "python -m tests.cluster build"

Report = Callable[[str], None]

WITH_NODE = (*CONTROL_PLANE, *NODE)
"""The programs of a control plane and a real node."""


class NotBuilt(Exception):
    """Programs are missing, and nobody asked to build them; the text names the command that does."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where every program and every kwok stage lies (file name → path), and which Kubernetes they are."""

    paths: Mapping[str, Path]
    kubernetes: str = KUBERNETES

    def __getitem__(self, name: str) -> Path:
        return self.paths[name]

    @property
    def stages(self) -> tuple[Path, ...]:
        """kwok's stages, in the order in which it is to read them."""
        return tuple(self.paths[Path(stage).name] for stage in STAGES)


def cache_folder(kubernetes: str = KUBERNETES) -> Path:
    """Everything kept between runs: programs under ``bin``, snapshots of filled clusters, what ``up`` started."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base, "kubetui", "cluster", f"kubernetes-{kubernetes}_etcd-{ETCD}_kwok-{KWOK}")


def find(wanted: Sequence[Program] = CONTROL_PLANE, kubernetes: str = KUBERNETES) -> Binaries:
    """The programs as they are; raises ``NotBuilt`` naming those missing, and Go if that is missing too."""
    found = _found(wanted, kubernetes)
    missing = [name for name in _names(wanted) if name not in found]
    if missing:
        more = (" --real" if wanted == WITH_NODE else "") + (
            f" --kubernetes {kubernetes}" if kubernetes != KUBERNETES else ""
        )
        raise NotBuilt(
            f"no {', '.join(missing)} in {cache_folder(kubernetes) / 'bin'}; build them with: {BUILD_COMMAND}{more}"
            + ("" if has_go() else " (it needs Go, which is not on PATH)")
        )
    return Binaries(found, kubernetes)


def build(
    report: Report = lambda line: None, wanted: Sequence[Program] = CONTROL_PLANE, kubernetes: str = KUBERNETES
) -> Binaries:
    """The programs, built where missing; one builder at a time; raises ``BuildFailed``."""
    try:
        return find(wanted, kubernetes)  # without waiting for others, who may be building something else
    except NotBuilt:
        pass
    target = cache_folder(kubernetes) / "bin"
    target.mkdir(parents=True, exist_ok=True)
    with locked(target / ".lock"):
        found = _found(wanted, kubernetes)
        missing = {name for name in _names(wanted) if name not in found}
        if missing and not has_go():
            raise BuildFailed(
                f"{', '.join(sorted(missing))} must be built and Go is not on PATH: install Go 1.26 or newer, "
                "or name a folder that holds them in KUBEBUILDER_ASSETS"
            )
        for source in dict.fromkeys(program.source for program in wanted):
            programs = [p for p in wanted if p.source is source and p.name in missing]
            _build_programs(source, programs, target, kubernetes, report)
        _copy_stages([stage for stage in STAGES if Path(stage).name in missing], target, report)
    return find(wanted, kubernetes)


def _names(wanted: Sequence[Program]) -> list[str]:
    return [program.name for program in wanted] + [Path(stage).name for stage in STAGES]


def _found(wanted: Sequence[Program], kubernetes: str) -> dict[str, Path]:
    folders = [cache_folder(kubernetes) / "bin"]
    if (assets := os.environ.get("KUBEBUILDER_ASSETS")) and kubernetes == KUBERNETES:
        folders.insert(0, Path(assets))
    places = {name: [folder / name for folder in folders if (folder / name).is_file()] for name in _names(wanted)}
    return {name: paths[0].absolute() for name, paths in places.items() if paths}


def _build_programs(source: Source, programs: list[Program], target: Path, kubernetes: str, report: Report) -> None:
    if not programs:
        return
    with tempfile.TemporaryDirectory(prefix="kubetui-build-") as work:
        folder = Path(work)
        report(f"{source.name}: fetching modules")
        source.write(folder, kubernetes)
        go(["mod", "tidy"], folder)
        for program in programs:
            report(f"{program.name}: building")
            with appearing(target / program.name) as half:
                link = program.link(kubernetes)
                go(["build", "-trimpath", "-ldflags", link, "-o", str(half), program.package], folder)


def _copy_stages(stages: list[str], target: Path, report: Report) -> None:
    if not stages:
        return
    report("kwok's stages: copying")
    with tempfile.TemporaryDirectory(prefix="kubetui-build-") as work:
        module = json.loads(go(["mod", "download", "-json", f"sigs.k8s.io/kwok@v{KWOK}"], Path(work)))
    for stage in stages:
        with appearing(target / Path(stage).name) as half:
            shutil.copyfile(Path(module["Dir"], "kustomize", "stage", stage), half)


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

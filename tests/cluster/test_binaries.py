"""Programs are found where they are, and a person is told what to do where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster import binaries
from tests.cluster.binaries import NotBuilt
from tests.cluster.go_tool import BuildFailed
from tests.cluster.programs import CONTROL_PLANE, STAGES

ALL = [program.name for program in CONTROL_PLANE] + [Path(stage).name for stage in STAGES]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    return tmp_path / "cache"


def put(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()


def test_missing_programs_are_named_with_the_command_that_builds_them(cache: Path) -> None:
    put(binaries.cache_folder() / "bin", "etcd")
    with pytest.raises(NotBuilt) as absent:
        binaries.find()
    assert "kube-apiserver, kubectl" in str(absent.value)
    assert "etcd," not in str(absent.value)
    assert "python -m tests.cluster build" in str(absent.value)


def test_missing_go_is_said_too(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotBuilt, match="needs Go, which is not on PATH"):
        binaries.find()
    with pytest.raises(BuildFailed, match=r"Go is not on PATH: install Go 1\.26 or newer, or .* KUBEBUILDER_ASSETS"):
        binaries.build()


def test_a_complete_cache_needs_no_go(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    put(binaries.cache_folder() / "bin", *ALL)
    assert binaries.build() == binaries.find()


def test_a_folder_of_assets_comes_first_and_the_cache_adds_what_it_lacks(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = tmp_path / "assets"
    put(assets, "etcd", "kube-apiserver", "kubectl")
    put(binaries.cache_folder() / "bin", *ALL)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(assets))
    found = binaries.find()
    assert found["kube-apiserver"] == assets / "kube-apiserver"
    assert found["kube-scheduler"] == binaries.cache_folder() / "bin" / "kube-scheduler"


def test_a_file_that_is_not_whole_never_shows(tmp_path: Path) -> None:
    target = tmp_path / "program"

    def interrupted() -> None:
        with binaries.appearing(target) as half:
            half.write_text("half of")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []
    with binaries.appearing(target) as half:
        half.write_text("all of it")
        assert not target.exists()
    assert target.read_text() == "all of it"

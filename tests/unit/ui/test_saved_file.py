"""Saved files: below one folder, for their owner alone, never over another one unasked."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kubetui.ui.saved_file import Exists, NotSaved, default_path, words_of, write


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_name_says_context_kind_namespace_and_name() -> None:
    parts = ("Pod", "team-04", "checkout-0.yaml")
    assert default_path("~/kubetui", "aks-prod", parts) == "~/kubetui/aks-prod/Pod/team-04/checkout-0.yaml"
    assert default_path("~/kubetui", "aks-prod", ("Node", "", "n1.yaml")) == "~/kubetui/aks-prod/Node/n1.yaml"
    assert default_path("~/kubetui", "", ("Pods.txt",)) == "~/kubetui/Pods.txt"


@pytest.mark.parametrize(
    ("folder", "path"), [(".", "c/p"), ("./", "c/p"), ("", "c/p"), ("/", "/c/p"), ("/srv/", "/srv/c/p")]
)
def test_the_folder_is_the_persons_to_choose(folder: str, path: str) -> None:
    assert default_path(folder, "c", ("p",)) == path


def test_what_was_saved_is_told_as_it_was_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert words_of(write("~/kubetui/a", "")) == "~/kubetui/a"
    assert words_of(Path("/srv/a")) == "/srv/a"


def test_without_a_home_another_place_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", homeless)
    with pytest.raises(NotSaved, match="HOME"):
        write("~/kubetui/a", "")


@pytest.mark.parametrize("context", ["../../etc", "/etc", "a/b", "..", ".", "a\\b", "a:b", "x\x1b[31m", "c\n"])
def test_no_context_leads_out_of_the_folder(context: str) -> None:
    path = default_path(".", context, ("Pod", "..", "p.yaml"))

    assert len(Path(path).parts) == 4
    assert not {"..", "."} & set(Path(path).parts)
    assert path.isprintable()


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    last = Path(default_path(".", "c", (f"{'ä' * 300}.yaml",))).name

    assert len(last.encode()) <= 200
    assert last.endswith("ä.yaml")


def test_file_and_folders_are_its_owners_alone(tmp_path: Path) -> None:
    written = write(str(tmp_path / "a" / "b" / "c.txt"), "text\n")

    assert written.read_text() == "text\n"
    assert mode(written) == 0o600
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    text = "a\x1b[31m\r\nb\x00\u202e ä 🦜 \ud800"

    assert write(str(tmp_path / "f"), text).read_bytes() == text.encode("utf-8", "surrogatepass")


def test_another_file_is_never_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "there.yaml"
    path.write_text("precious")
    path.chmod(0o644)

    with pytest.raises(Exists, match=r"exists already .8 bytes.: ⏎ again replaces it"):
        write(str(path), "new")
    assert path.read_text() == "precious"

    write(str(path), "new", replace=True)
    assert path.read_text() == "new"
    assert mode(path) == 0o600
    assert os.listdir(tmp_path) == ["there.yaml"]


def test_a_dangling_link_is_not_followed(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Exists):
        write(str(link), "text")
    assert not (tmp_path / "elsewhere").exists()


def test_what_goes_wrong_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()

    with pytest.raises(NotSaved, match="is a folder: name a file in it"):
        write(str(tmp_path / "folder"), "text")
    with pytest.raises(NotSaved, match="file is a file, not a folder"):
        write(str(tmp_path / "file" / "below"), "text")
    with pytest.raises(NotSaved, match="file name too long; choose another place"):
        write(str(tmp_path / ("x" * 300)), "text")
    with pytest.raises(NotSaved, match="choose another place"):
        write("bad\x00name", "text")


@pytest.mark.parametrize("replace", [False, True])
def test_a_disk_that_is_full_leaves_nothing_half_written(
    replace: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f"
    if replace:
        path.write_text("before")

    def full(handle: int, data: bytes) -> None:
        os.write(handle, data[:2])
        os.close(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kubetui.ui.saved_file._fill", full)
    with pytest.raises(NotSaved, match="no space left on device; choose another place"):
        write(str(path), "much too long", replace=replace)
    assert [(name, (tmp_path / name).read_text()) for name in os.listdir(tmp_path)] == [("f", "before")] * replace

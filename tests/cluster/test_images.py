"""Images made by hand are what a container runtime reads, and the same each time."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

from tests.cluster.real.images import Image, write_archive


def program(folder: Path, name: str = "program") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/{name}")
    path.chmod(0o755)
    return path


def members(archive: Path) -> dict[str, bytes]:
    """Every file of the archive; each name stands there once."""
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        assert len(names) == len(set(names))
        files = {name: opened.extractfile(name) for name in names}
        return {name: file.read() for name, file in files.items() if file}


def test_an_image_has_its_files_its_links_and_what_it_starts(tmp_path: Path) -> None:
    links = {"/usr/sbin/iptables": "xtables"}
    image = Image("registry.example/one:1", {"/bin/program": program(tmp_path)}, ("/bin/program", "-v"), links)
    write_archive([image], tmp_path / "one.tar")

    found = members(tmp_path / "one.tar")
    (described,) = json.loads(found["manifest.json"])
    assert described["RepoTags"] == ["registry.example/one:1"]
    config, (layer_name,) = json.loads(found[described["Config"]]), described["Layers"]
    assert config["config"]["Entrypoint"] == ["/bin/program", "-v"]
    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(found[layer_name]).hexdigest()}"]
    with tarfile.open(fileobj=io.BytesIO(found[layer_name])) as layer:
        assert layer.getmember("bin/program").mode == 0o755
        assert layer.getmember("bin/program").uid == 0
        assert layer.getmember("usr/sbin/iptables").linkname == "xtables"
        assert layer.getmember("tmp").mode == 0o1777


def test_images_of_the_same_files_share_their_layer_and_are_not_the_same_image(tmp_path: Path) -> None:
    files = {"/bin/program": program(tmp_path)}
    write_archive([Image(name, files, ("/bin/program",)) for name in ("one:1", "two:1")], tmp_path / "both.tar")

    one, two = json.loads(members(tmp_path / "both.tar")["manifest.json"])
    assert one["Layers"] == two["Layers"]
    assert one["Config"] != two["Config"]


def test_the_same_files_make_the_same_archive(tmp_path: Path) -> None:
    image = Image("one:1", {"/bin/program": program(tmp_path)}, ("/bin/program",))
    for name in ("first", "second"):
        program(tmp_path)  # written anew, at another time
        write_archive([image], tmp_path / name)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()

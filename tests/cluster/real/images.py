"""Container images made by hand: one layer of a few files, without any registry.

The format is that of ``docker save`` (manifest.json, a configuration and a layer an image), which ``ctr images import``
reads. Files that are alike are stored once: images of one program differ by their name only.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import re
import subprocess
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_FOLDERS = ("bin", "dev", "etc", "etc/ssl", "etc/ssl/certs", "proc", "run", "sys", "tmp", "usr", "var")
_SECONDS = 30.0
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its name with tag, its files (path in the image → file here), links, and what it starts."""

    name: str
    files: Mapping[str, Path]
    entrypoint: tuple[str, ...]
    links: Mapping[str, str] = field(default_factory=dict)


def write_archive(images: Iterable[Image], path: Path) -> None:
    """One archive of all images."""
    manifest, written = [], set[str]()
    with tarfile.open(path, "w") as archive:
        for image in images:
            layer, layer_digest = _layer(image)
            config = _configuration(image, layer_digest)
            config_name = f"{hashlib.sha256(config).hexdigest()}.json"
            layer_name = f"{layer_digest}/layer.tar"
            for name, content in ((config_name, config), (layer_name, layer)):
                if name not in written:
                    _add(archive, name, content)
                    written.add(name)
            manifest.append({"Config": config_name, "RepoTags": [image.name], "Layers": [layer_name]})
        _add(archive, "manifest.json", json.dumps(manifest).encode())


def libraries_of(programs: Sequence[Path]) -> dict[str, Path]:
    """The shared libraries of dynamically linked programs and libraries, each at its own place, as ``ldd`` tells."""
    command = ["ldd", *map(str, programs)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True).stdout
    return {found: Path(found).resolve() for found in re.findall(r"(/\S+) \(0x", told)}


def _layer(image: Image) -> tuple[bytes, str]:
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w", dereference=True) as archive:
        for folder in sorted({*_FOLDERS, *_parents(image)}):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            archive.addfile(entry)
        for target, source in sorted(image.files.items()):
            archive.add(source, target.lstrip("/"), recursive=False, filter=_by_root)
        for target, source_path in sorted(image.links.items()):
            link = tarfile.TarInfo(target.lstrip("/"))
            link.type, link.linkname = tarfile.SYMTYPE, source_path
            archive.addfile(link)
    content = layer.getvalue()
    return content, hashlib.sha256(content).hexdigest()


def _parents(image: Image) -> set[str]:
    paths = [Path(path.lstrip("/")) for path in (*image.files, *image.links)]
    return {str(parent) for path in paths for parent in path.parents if str(parent) != "."}


def _by_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = 0  # the same files make the same layer
    return entry


def _configuration(image: Image, layer_digest: str) -> bytes:
    run = {
        "Entrypoint": list(image.entrypoint),
        "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
        "Labels": {"org.opencontainers.image.ref.name": image.name},  # or images of like files would be one
    }
    layers = {"type": "layers", "diff_ids": [f"sha256:{layer_digest}"]}
    made = {
        "architecture": _ARCHITECTURES.get(platform.machine(), "amd64"),
        "os": "linux",
        "config": run,
        "rootfs": layers,
        "history": [{}],
    }
    return json.dumps(made).encode()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))

"""The lock files hold versions and hashes of everything that pyproject.toml names, and no addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def normal(name: str) -> str:
    """PEP 503: ``types_PyYAML`` and ``types-pyyaml`` are one project."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: str) -> dict[str, str]:
    """Project → version."""
    lines = (CHECKOUT / lock).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"^([A-Za-z0-9._-]+)==(\S+)", line) for line in lines)
    return {normal(match[1]): match[2] for match in found if match}


def named(part: str) -> dict[str, str]:
    """Project → the specifier that pyproject.toml gives it; ``part`` is ``run`` or ``dev``."""
    project: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if part == "dev" else ())]
    parts = [re.fullmatch(r"([A-Za-z0-9._-]+)((?:>=|==)[\d.]+)", text) for text in wanted]
    assert None not in parts, "a specifier this test cannot read"
    return {normal(match[1]): match[2] for match in parts if match}


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_no_addresses(lock: str) -> None:
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    assert re.findall(r"\w+://\S*|--(?:index-url|extra-index-url|find-links|trusted-host)|@ \S+", text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_a_hash(lock: str) -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", (CHECKOUT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    pinned = [block for block in blocks if "==" in block]
    assert pinned
    assert [block.splitlines()[0] for block in pinned if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(("lock", "part"), [("requirements.lock", "run"), ("requirements-dev.lock", "dev")])
def test_every_dependency_named_is_locked_at_a_version_it_allows(lock: str, part: str) -> None:
    versions = locked(lock)
    for name, specifier in named(part).items():
        assert name in versions, f"{name} is not in {lock}"
        have, wanted = numbers(versions[name]), numbers(specifier)
        assert have == wanted if specifier.startswith("==") else have >= wanted, f"{name}: {lock} {versions[name]}"


def test_both_lock_files_agree() -> None:
    run, dev = (locked(lock) for lock in LOCKS)
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}

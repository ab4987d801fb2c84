"""A kubeconfig may name the demo's resource manager; whoever wrote it gets no token of Azure's by that."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kubetui.azure.clouds import PUBLIC
from kubetui.azure.machines_of import machines_of
from kubetui.azure.own_resource_manager import own_sign_in
from kubetui.cluster.kubeconfig import KubeConfig, Target
from kubetui.demo.access import standard_users
from kubetui.demo.kubeconfig import kubeconfig
from tests.unit.azure.resource_manager_double import PLACE, ResourceManagerDouble, served
from tests.unit.azure.test_cluster_tokens import Host, az_answer

HERE = "https://127.0.0.1:6443"
AZURE = "http://127.0.0.1:8080"


def target(folder: Path, server: str, extension: Any) -> Target:
    """Of a kubeconfig as the demo writes it, with another extension and with kubelogin as its user's plugin."""
    config = json.loads(kubeconfig(server, standard_users("team"), resource_manager=("", "")))
    (named,) = config["clusters"][0]["cluster"]["extensions"]
    named["extension"] = extension
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": ["get-token", "--login", "azurecli", "--server-id", "s"],
    }
    config["users"][0]["user"] = {"exec": plugin}
    (folder / "kubeconfig").write_text(json.dumps(config))
    return KubeConfig.load(folder / "kubeconfig", {}).context()


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A jump host where somebody has signed in with az."""
    found = Host(tmp_path, monkeypatch)
    (tmp_path / ".azure").mkdir()
    (tmp_path / ".azure/azureProfile.json").write_text("{}")
    found.az(az_answer("a-token-of-azure", found.clock.now() + 3600))
    return found


@pytest.fixture
async def azure() -> AsyncIterator[ResourceManagerDouble]:
    async with served(ResourceManagerDouble()) as double:
        yield double


async def test_what_the_demo_writes_is_used_with_its_own_token_and_nobody_signs_in_to_azure(
    host: Host, azure: ResourceManagerDouble
) -> None:
    found = machines_of(
        target(host.folder, HERE, {"endpoint": azure.url, "token": "of-the-demo"}), host.clock, host.environ
    )
    changed = asyncio.Event()
    found.follow({PLACE: frozenset()}, changed.set)
    await asyncio.wait_for(changed.wait(), 30)
    found.rest()

    assert found.look.machines is not None
    assert set(azure.tokens) == {"Bearer of-the-demo"}
    assert host.asked == []


@pytest.mark.parametrize(
    ("server", "extension"),
    [
        (HERE, None),
        (HERE, "http://127.0.0.1:8080"),
        (HERE, {"endpoint": AZURE}),
        (HERE, {"endpoint": AZURE, "token": ""}),
        (HERE, {"endpoint": AZURE, "token": "a\nHost: evil"}),
        (HERE, {"endpoint": AZURE, "token": "a\n"}),
        (HERE, {"endpoint": AZURE, "token": 7}),
        (HERE, {"endpoint": "http://evil.example:80", "token": "t"}),
        (HERE, {"endpoint": "https://evil.example", "token": "t"}),
        (HERE, {"endpoint": "http://localhost:8080", "token": "t"}),
        (HERE, {"endpoint": "http://127.0.0.1:8080@evil.example", "token": "t"}),
        (HERE, {"endpoint": "http://127.0.0.1@evil.example:80", "token": "t"}),
        (HERE, {"endpoint": "http://evil@127.0.0.1:8080", "token": "t"}),
        (HERE, {"endpoint": "http://127.0.0.1.evil.example:8080", "token": "t"}),
        (HERE, {"endpoint": "http://127.0.0.1:99999", "token": "t"}),
        (HERE, {"endpoint": "http://[", "token": "t"}),
        (HERE, {"endpoint": "file:///etc/passwd", "token": "t"}),
        ("https://prod.hcp.westeurope.azmk8s.io:443", {"endpoint": AZURE, "token": "t"}),
    ],
)
async def test_whatever_else_a_kubeconfig_names_gets_no_token(host: Host, server: str, extension: Any) -> None:
    given = target(host.folder, server, extension)

    assert own_sign_in(given) is None
    sign_in = machines_of(given, host.clock, host.environ).offer()

    assert sign_in is not None
    assert sign_in.endpoint == PUBLIC.endpoint, "az's token goes to Azure alone"


def test_the_token_shows_in_no_message(tmp_path: Path) -> None:
    given = target(tmp_path, HERE, {"endpoint": AZURE, "token": "of-the-demo"})

    assert "of-the-demo" not in repr(given)
    assert "of-the-demo" not in repr(own_sign_in(given))

"""A service principal's secret, through the real azure-identity and a local Entra over TLS, down to the machines.

In a process of its own, with nothing in the environment but what the test puts there.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kubetui.demo.pools import NODE_RESOURCE_GROUP, SUBSCRIPTION
from kubetui.demo.resource_manager import ResourceManager
from tests.demo.worlds import Lived
from tests.unit.azure.entra import CLIENT, TENANT, Entra, entra
from tests.unit.cluster.api_server_double import Tls
from tests.unit.test_imports import CHECKOUT

PROGRAM = f"""
import asyncio, os, sys
from pathlib import Path
from kubetui.azure.machine_feed import MachineFeed, SignIn
from kubetui.azure.machines import Place
from kubetui.azure.machines_of import machines_of
from kubetui.cluster.clock import SystemClock
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import ExecEntry, UserEntry

async def main(endpoint, *arguments):
    entry = ExecEntry(command="kubelogin", api_version="client.authentication.k8s.io/v1beta1",
                      args=["get-token", "--server-id", "aks", *arguments])
    target = Target("prod", "", "https://x.hcp.westeurope.azmk8s.io", User("joe", UserEntry(exec=entry), Path(".")))
    own = machines_of(target, SystemClock(), os.environ)
    feed = MachineFeed(lambda: SignIn(endpoint, own.offer().tokens), SystemClock())
    changed = asyncio.Event()
    feed.follow({{Place({SUBSCRIPTION!r}, {NODE_RESOURCE_GROUP.lower()!r}): frozenset()}}, changed.set)
    await asyncio.wait_for(changed.wait(), 60)
    feed.rest()
    if feed.look.error is not None:
        print(feed.look.error)
    else:
        print(sum(len(one.instances) for one in feed.look.machines.sets), "instances")

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass
class Azure:
    """Entra, the resource manager, and a program that signs in to the one to read the other."""

    entra: Entra
    resource_manager: ResourceManager
    ca: Path

    async def read(self, *, trust: str = "SSL_CERT_FILE") -> str:
        """What the program says. ``trust``: the variable that names the CA to it."""
        arguments = [
            *("--login", "spn", "--tenant-id", TENANT, "--client-id", CLIENT, "--client-secret", "the-secret"),
            *("--authority-host", f"https://{self.entra.authority}", "--disable-instance-discovery"),
        ]
        environ = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "PYTHONPATH": str(CHECKOUT)}
        if trust:
            environ[trust] = str(self.ca)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, self.resource_manager.url, *arguments),
            env=environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, errors = await asyncio.wait_for(process.communicate(), 120)
        assert (process.returncode, errors) == (0, b""), errors.decode()
        return said.decode().strip()


@pytest.fixture
async def azure(tmp_path: Path) -> AsyncIterator[Azure]:
    tls = Tls.make(tmp_path)
    resource_manager = ResourceManager(Lived(nodes=12, pods=0).world)
    await resource_manager.start()
    try:
        async with entra(tls) as idp:
            idp.token = resource_manager.token
            yield Azure(idp, resource_manager, tls.ca)
    finally:
        await resource_manager.stop()


@pytest.mark.parametrize("trust", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
async def test_the_secret_becomes_a_token_for_the_resource_manager_and_that_reads_the_machines(
    azure: Azure, trust: str
) -> None:
    assert await azure.read(trust=trust) == "12 instances"

    (asked,) = azure.entra.asked
    assert asked["grant_type"] == "client_credentials"
    assert asked["scope"] == "https://management.azure.com/.default"
    assert asked["client_secret"] == "the-secret"


async def test_a_secret_that_has_expired_is_said_in_entras_words_and_not_shown(azure: Azure) -> None:
    azure.entra.error = "AADSTS7000222: The provided client secret keys are expired."

    said = await azure.read()

    assert "AADSTS7000222" in said
    assert "the-secret" not in said


async def test_a_proxy_that_opens_tls_is_named(azure: Azure) -> None:
    said = await azure.read(trust="")

    assert f"TLS with {azure.entra.authority} failed: unable to get local issuer certificate" in said
    assert "does a proxy open TLS? its CA has to be in the file that REQUESTS_CA_BUNDLE names" in said
    assert azure.entra.asked == []

"""How fast the demo's API server gives 33,000 pods away, beside a real one.

``python -m tests.bench.demo_server_bench [--pods 33000] [--nodes 1001] [--real]``: read and thrown away by an aiohttp
client in this process, over TLS. Bounds: Tables per namespace, 8 in flight, 0.25 s in total; pages of 500 in 5 s.
``--real`` fills a kube-apiserver with as many pods and asks it the same.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import ssl
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec
import yaml

from kubetui.demo.child import DemoChild
from kubetui.demo.command_line import ServeOptions
from kubetui.demo.options import WorldOptions
from tests.cluster import binaries
from tests.cluster.snapshot import filled

_TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
_IN_FLIGHT = 8
_PAGE = 500
_ROUNDS = 3


class _ListMeta(msgspec.Struct):
    token: str = msgspec.field(name="continue", default="")


class _Head(msgspec.Struct):
    metadata: _ListMeta


_head = msgspec.json.Decoder(_Head).decode


@dataclass(frozen=True)
class Cost:
    """What reading everything once took."""

    seconds: float
    megabytes: float
    requests: int

    def __str__(self) -> str:
        return f"{self.seconds:6.2f} s  {self.megabytes:7.1f} MB  {self.requests:4} requests"


async def namespaces(session: aiohttp.ClientSession) -> list[str]:
    """Names of all namespaces."""
    async with session.get("/api/v1/namespaces") as response:
        return [item["metadata"]["name"] for item in (await response.json())["items"]]


async def tables(session: aiohttp.ClientSession) -> Cost:
    """Every namespace's pods as a Table without objects."""
    names = await namespaces(session)
    gate = asyncio.Semaphore(_IN_FLIGHT)

    async def one(name: str) -> int:
        url = f"/api/v1/namespaces/{name}/pods?resourceVersion=0&includeObject=None"
        async with gate, session.get(url, headers=_TABLE) as response:
            return len(await response.read())

    start = time.perf_counter()
    sizes = await asyncio.gather(*map(one, names))
    return Cost(time.perf_counter() - start, sum(sizes) / 1e6, len(names))


async def pages(session: aiohttp.ClientSession) -> Cost:
    """All pods as JSON, page by page. The token is read from the head: the items are thrown away."""
    token, size, count = "", 0, 0
    start = time.perf_counter()
    while count == 0 or token:
        params = {"limit": str(_PAGE)} | ({"continue": token} if token else {})
        async with session.get("/api/v1/pods", params=params) as response:
            body = await response.read()
        size, count = size + len(body), count + 1
        token = _head(body[: body.index(b',"items"')] + b"}").metadata.token
    return Cost(time.perf_counter() - start, size / 1e6, count)


async def whole(session: aiohttp.ClientSession) -> Cost:
    """All pods as JSON in one answer."""
    start, size = time.perf_counter(), 0
    async with session.get("/api/v1/pods?resourceVersion=0") as response:
        async for block in response.content.iter_any():
            size += len(block)
    return Cost(time.perf_counter() - start, size / 1e6, 1)


MEASURES: dict[str, Callable[[aiohttp.ClientSession], Awaitable[Cost]]] = {
    "Tables without objects, per namespace": tables,
    f"JSON in pages of {_PAGE}": pages,
    "JSON in one answer": whole,
}


async def measure(title: str, kubeconfig: Path) -> None:
    """The best of three rounds of each."""
    config = yaml.safe_load(await asyncio.to_thread(kubeconfig.read_text))
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    context = _tls(cluster, user)
    headers = {"Accept-Encoding": "identity", "User-Agent": "kubetui-bench"}
    if "token" in user:
        headers["Authorization"] = f"Bearer {user['token']}"
    timeout = aiohttp.ClientTimeout(total=300)
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(
        cluster["server"], headers=headers, connector=connector, timeout=timeout
    ) as session:
        print(title)
        for name, run in MEASURES.items():
            costs = [await run(session) for _ in range(_ROUNDS)]
            print(f"  {name:40} {min(costs, key=lambda cost: cost.seconds)}")


def _tls(cluster: dict[str, str], user: dict[str, str]) -> ssl.SSLContext:
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    context = ssl.create_default_context(cadata=authority)
    if "client-certificate-data" in user:
        with tempfile.NamedTemporaryFile() as pair:
            pair.write(base64.b64decode(user["client-key-data"]) + base64.b64decode(user["client-certificate-data"]))
            pair.flush()
            context.load_cert_chain(pair.name)
    return context


async def demo(nodes: int, pods: int) -> None:
    """A demo of the size, standing still."""
    options = ServeOptions(WorldOptions(nodes=nodes, pods=pods, changes=0))
    start = time.perf_counter()
    async with DemoChild(options, ready_seconds=120) as ready:
        print(f"demo ready after {time.perf_counter() - start:.1f} s")
        await measure("demo", Path(ready.kubeconfig))


async def real(nodes: int, pods: int) -> None:
    """A kube-apiserver of the size; filling it takes minutes the first time."""
    plane = await asyncio.to_thread(filled, binaries.find(), nodes, pods, report=print)
    try:
        await measure("kube-apiserver", plane.admin_kubeconfig)
    finally:
        await asyncio.to_thread(plane.down)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=1001)
    parser.add_argument("--pods", type=int, default=33_000)
    parser.add_argument("--real", action="store_true", help="measure a kube-apiserver too")
    given = parser.parse_args()
    asyncio.run(demo(given.nodes, given.pods))
    if given.real:
        asyncio.run(real(given.nodes, given.pods))


if __name__ == "__main__":
    main()

"""The connection against a real API server: sign-in, reads, reviews, and its refusals."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.connect import open_transport
from kubetui.cluster.errors import Forbidden, NotFound, Unauthorized
from kubetui.cluster.http_transport import HttpTransport
from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Request
from tests.cluster.control_plane import ControlPlane

NAMESPACES = Request("/api/v1/namespaces", "list namespaces", (("limit", "2"),))


@asynccontextmanager
async def connected(kubeconfig: Path) -> AsyncIterator[HttpTransport]:
    clock = SystemClock()
    target = KubeConfig.load(kubeconfig, {}).context()
    transport = await open_transport(target, clock, Traffic(clock), {})
    try:
        yield transport
    finally:
        await transport.close()


async def test_a_client_certificate_signs_in_and_lists_by_pages(control_plane: ControlPlane) -> None:
    async with connected(control_plane.admin_kubeconfig) as transport:
        page = json.loads((await transport.send(NAMESPACES)).body)
        assert len(page["items"]) == 2
        more = (*NAMESPACES.query, ("continue", page["metadata"]["continue"]))
        assert json.loads((await transport.send(Request(NAMESPACES.path, "list more", more))).body)["items"]


async def test_a_watch_streams_what_happens(control_plane: ControlPlane) -> None:
    async with connected(control_plane.admin_kubeconfig) as transport:
        query = (("watch", "true"), ("timeoutSeconds", "2"))
        async with asyncio.timeout(30), transport.stream(Request(NAMESPACES.path, "watch", query)) as stream:
            text = b"".join([chunk async for chunk in stream.chunks()])
    types = [json.loads(line)["type"] for line in text.splitlines()]
    assert set(types) == {"ADDED"}


async def test_an_access_review_is_answered(control_plane: ControlPlane) -> None:
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"verb": "list", "resource": "nodes"}},
    }
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    request = Request(path, "ask", method="POST", body=json.dumps(body).encode())
    async with connected(control_plane.admin_kubeconfig) as transport:
        assert json.loads((await transport.send(request)).body)["status"]["allowed"] is True
    async with connected(control_plane.kubeconfig_for("nobody")) as transport:
        assert json.loads((await transport.send(request)).body)["status"]["allowed"] is False


async def test_a_missing_right_is_named(control_plane: ControlPlane) -> None:
    async with connected(control_plane.kubeconfig_for("nobody")) as transport:
        with pytest.raises(Forbidden) as caught:
            await transport.send(NAMESPACES)
        assert caught.value.reason == "Forbidden"
        assert caught.value.advice == "ask for a role that allows list on namespaces in the whole cluster"


async def test_a_token_that_is_none_is_unauthorized(control_plane: ControlPlane) -> None:
    async with connected(control_plane.kubeconfig_with_token("wr0ng")) as transport:
        with pytest.raises(Unauthorized) as caught:
            await transport.send(NAMESPACES)
    assert "wr0ng" not in str(caught.value)


async def test_what_is_not_there_is_not_found(control_plane: ControlPlane) -> None:
    async with connected(control_plane.admin_kubeconfig) as transport:
        for path in ("/api/v1/namespaces/none-such", "/apis/none.such/v1/things"):
            with pytest.raises(NotFound):
                await transport.send(Request(path, "get it"))

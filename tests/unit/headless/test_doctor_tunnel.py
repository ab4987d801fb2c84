"""The doctor's look through the API server's tunnel, for an account that may only read logs of one namespace."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from kubetui.cluster.credentials import FixedCredential
from kubetui.cluster.errors import ApiError
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.session import Session
from kubetui.cluster.token import Credential
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from kubetui.cluster.who import Account
from kubetui.headless.doctor.case import Case
from kubetui.headless.doctor.line import Verdict
from kubetui.headless.doctor.services import tunnel
from tests.fake_clock import FakeClock
from tests.unit.cluster.silent_transport import SilentTransport


class OneNamespace(SilentTransport):
    """Lets look at pods and logs of ``team-00``; its pod has a container and a proxy beside it."""

    def __init__(self) -> None:
        self.asked_for: list[str] = []

    async def send(self, request: Request) -> Answer:
        if request.path.endswith("selfsubjectaccessreviews"):
            assert request.body is not None
            asked = json.loads(request.body)["spec"]["resourceAttributes"]
            return answer({"status": {"allowed": asked.get("namespace") == "team-00"}})
        if request.path == "/api/v1/namespaces/team-00/pods":
            spec = {"containers": [{"name": "cart"}, {"name": "mesh-proxy"}]}
            return answer({"items": [{"metadata": {"name": "cart-0", "namespace": "team-00"}, "spec": spec}]})
        container = dict(request.query).get("container")
        if container is None:
            raise ApiError(request.tried, "400: a container name must be specified", status=400)
        self.asked_for.append(container)
        return Answer(200, b"a line\n", "text/plain", {})


def answer(document: Any) -> Answer:
    return Answer(200, json.dumps(document).encode(), "application/json", {})


async def test_a_pod_of_several_containers_serves_to_look_through_the_tunnel() -> None:
    clock, server = FakeClock(), OneNamespace()
    session = Session("test", server, Traffic(clock), clock, Random(1))
    line = await tunnel(
        Case(
            session,
            Account(Target("prod", "", "https://10.0.0.1"), FixedCredential(Credential(), "a token")),
            frozenset({"team-00"}),
            {},
            clock,
        )
    )
    assert (line.verdict, server.asked_for) == (Verdict.FINE, ["cart"])
    assert "team-00/cart-0" in line.found

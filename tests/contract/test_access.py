"""Who one is and what one may, asked of the demo and of a real API server."""

from __future__ import annotations

from kubetui.cluster.flow_schemas import flow_schema_names
from kubetui.cluster.rights import Need
from kubetui.cluster.who import who_am_i
from tests.contract.conftest import Api


async def test_the_server_says_who_one_is(api: Api) -> None:
    async with api.session() as session:
        who = await who_am_i(session.send)
        assert who.name
        assert "system:authenticated" in who.groups


async def test_an_access_review_tells_what_one_may(api: Api) -> None:
    needs = [
        Need("list", "nodes"),
        Need("list", "deployments", "apps"),
        Need("get", "pods/log", namespace="default"),
        Need("get", "nodes/proxy"),
    ]
    async with api.session() as session:
        assert set((await session.rights.may_all(needs)).values()) == {True}
    async with api.session(api.nobody) as session:
        assert await session.rights.may(Need("list", "nodes")) is False
        assert await session.rights.may(Need("list", "pods")) is False


async def test_the_flow_schema_of_an_answer_has_a_name_where_the_server_tells(api: Api) -> None:
    async with api.session() as session:
        names = await flow_schema_names(session)
        await session.version()
        uid = session.traffic.shapes()["GET /version"].flow_schema
        assert uid
        assert (uid in names) is api.real, "the demo serves none"


async def test_answers_are_remembered_and_asked_anew_after_a_refusal(api: Api) -> None:
    need = Need("list", "nodes")
    shape = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    async with api.session(api.nobody) as session:
        for _ in range(3):
            await session.rights.may(need)
        assert session.traffic.shapes()[shape].requests == 1
        session.rights.forget()
        await session.rights.may(need)
        assert session.traffic.shapes()[shape].requests == 2

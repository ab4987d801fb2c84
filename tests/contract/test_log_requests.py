"""What an API server says to requests for logs that it does not pass on to a kubelet: the same words everywhere."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.cluster.errors import ApiError
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.kinds.pod import POD, PodRow
from tests.contract.conftest import Api
from tests.contract.test_requests import everything, source

NO_NUMBER = 'strconv.ParseInt: parsing "{}": {}'
FORBIDDEN = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
NEGATIVE = (
    "[tailLines: Invalid value: -1: must be greater than or equal to 0, "
    "limitBytes: Invalid value: -5: must be greater than 0]"
)
REFUSALS = [
    ("tailLines=-1", "tailLines: Invalid value: -1: must be greater than or equal to 0"),
    ("limitBytes=0", "limitBytes: Invalid value: 0: must be greater than 0"),
    ("sinceSeconds=0", "sinceSeconds: Invalid value: 0: must be greater than 0"),
    ("sinceSeconds=1&sinceTime=2026-11-21T12:00:00Z", f"[]: {FORBIDDEN}"),
    ("tailLines=-1&limitBytes=-5", NEGATIVE),
    ("stream=Stdout", "stream: Forbidden: may not be specified"),
]
UNREADABLE = [
    ("tailLines=many", NO_NUMBER.format("many", "invalid syntax")),
    ("tailLines=", NO_NUMBER.format("", "invalid syntax")),
    ("tailLines=99999999999999999999", NO_NUMBER.format("99999999999999999999", "value out of range")),
    (
        "sinceTime=yesterday",
        'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ),
]


async def refusal(session: Session, namespace: str, pod: str, query: str) -> dict[str, Any]:
    """The Status that a request for the pod's log gets."""
    pairs = tuple((pair.partition("=")[0], pair.partition("=")[2]) for pair in query.split("&") if pair)
    with pytest.raises(ApiError) as caught:
        await session.send(Request(f"{POD.path_in(namespace)}/{pod}/log", "read the log", pairs))
    body: dict[str, Any] = msgspec.json.decode(caught.value.body)
    assert body["code"] == caught.value.status
    return body


async def a_pod(session: Session, *, several: bool = False) -> PodRow:
    """One with several containers, or any."""
    pods: list[PodRow] = (await everything(source(session, POD), 500))[0]
    return next(pod for pod in pods if pod.total > 1 or not several)


@pytest.mark.parametrize(("query", "words"), REFUSALS)
async def test_options_that_contradict_each_other_are_invalid(api: Api, query: str, words: str) -> None:
    async with api.session() as session:
        pod = await a_pod(session)
        body = await refusal(session, pod.namespace, pod.name, query)

    assert (body["code"], body["reason"]) == (422, "Invalid")
    assert body["message"] == f'PodLogOptions "{pod.name}" is invalid: {words}'
    assert body["details"]["kind"] == "PodLogOptions"
    causes = [f"{cause['field']}: {cause['message']}" for cause in body["details"]["causes"]]
    assert ", ".join(causes) == (words[1:-1] if words is NEGATIVE else words)


@pytest.mark.parametrize(("query", "words"), UNREADABLE)
async def test_options_that_cannot_be_read_are_bad_requests(api: Api, query: str, words: str) -> None:
    async with api.session() as session:
        pod = await a_pod(session)
        body = await refusal(session, pod.namespace, pod.name, query)

    assert (body["code"], body["reason"], body["message"]) == (400, "BadRequest", words)


async def test_a_container_has_to_be_one_of_the_pods(api: Api) -> None:
    async with api.session() as session:
        pod = await a_pod(session, several=True)
        unknown = await refusal(session, pod.namespace, pod.name, "container=nope")
        unnamed = await refusal(session, pod.namespace, pod.name, "")

    assert (unknown["code"], unknown["message"]) == (400, f"container nope is not valid for pod {pod.name}")
    assert unnamed["code"] == 400
    assert unnamed["message"].startswith(f"a container name must be specified for pod {pod.name}, choose one of: [")


async def test_a_pod_that_is_not_there_is_not_found(api: Api) -> None:
    async with api.session() as session:
        pod = await a_pod(session)
        body = await refusal(session, pod.namespace, "nobody", "")

    assert (body["code"], body["message"]) == (404, 'pods "nobody" not found')

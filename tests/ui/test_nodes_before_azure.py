"""Nodes and pods are on screen whatever Azure does: nothing of the cluster's waits for it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from tests.ui.snapshot import screen_text
from tests.ui.test_app import shows, until
from tests.ui.test_node_machines import azure, running
from tests.unit.azure.resource_manager_double import APPS, SETS, failure


async def test_nodes_and_their_pods_are_there_while_azure_says_nothing() -> None:
    held, asked = asyncio.Event(), asyncio.Event()

    async def silent(request: web.Request) -> Any:
        asked.set()
        await held.wait()
        return {"value": []}

    double = azure()
    double.answers[SETS] = silent
    async with running(double) as (app, pilot, _):
        await asyncio.wait_for(asked.wait(), 30)
        await until(pilot, shows(app, f"{APPS}000003"))
        await until(pilot, shows(app, "1 pods"))
        assert "Azure: reading …" in screen_text(app)

        await pilot.press("5")
        await until(pilot, shows(app, "checkout-0"))
        held.set()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (failure(404, "ResourceGroupNotFound", "Resource group 'mc_x' could not be found."), "could not be found"),
        (failure(500, "InternalServerError", "An error occurred."), "Azure: An error occurred, again in "),
        (web.Response(text="<html><title>Proxy sign-in</title></html>"), "a web page came (Proxy sign-in)"),
        (web.Response(body=b"{"), "the answer is not one of Azure Resource Manager"),
    ],
)
async def test_the_heading_says_why_and_the_nodes_are_as_without_azure(answer: web.Response, words: str) -> None:
    double = azure()
    double.answers[SETS] = answer
    async with running(double) as (app, pilot, clock):
        await until(pilot, shows(app, words))
        assert f"{APPS}000003" in screen_text(app)
        assert " VM " not in screen_text(app).splitlines()[3]

        double.answers = azure().answers
        await clock.advance(61)
        app.request_tick()
        await until(pilot, shows(app, "never joined"))
        assert words not in screen_text(app)


async def test_a_part_that_fails_is_named_beside_what_was_read() -> None:
    double = azure()
    other = "aks-system-00000001-vmss"
    sets = double.answers[SETS]["value"]
    double.answers[SETS] = {"value": [*sets, sets[0] | {"id": sets[0]["id"] + "x", "name": other}]}
    double.answers[f"{SETS}/{other}/virtualMachines"] = failure(500, "InternalServerError", "An error occurred.")
    async with running(double) as (app, pilot, _):
        await until(pilot, shows(app, f"list instances of {other}: An error occurred"))

        assert "Azure just now" in screen_text(app)
        assert "· instance 74" in screen_text(app)

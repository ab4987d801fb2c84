"""Signing in as the person meets it: words in a dialog, keys that end, copy and hide; what a session says of itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from textual.pilot import Pilot

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import UserEntry
from kubetui.cluster.sign_in import Attempt, SignIns
from kubetui.cluster.token import Credential
from kubetui.cluster.transport import Answer, Request
from kubetui.cluster.who import Account
from kubetui.ui.app import KubetuiApp
from kubetui.ui.connector import Connected
from kubetui.ui.options import Options
from tests.ui.cluster_in_memory import NOW, ClusterInMemory, ConnectorInMemory, forbidden, node, pod
from tests.ui.snapshot import screen_text
from tests.ui.test_app import hides, shows, until

PROMPT = (
    "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code F7QK2LXYZ."
)


DECLINED = SignInFailed("sign in as clusterUser_rg_prod with kubelogin", "you ended it", "^r asks again")


class SignedInCluster(ClusterInMemory):
    """Answers once a plugin has signed in, and knows who asks and what they may."""

    def __init__(self, *args: Any, may_not: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sign_ins = SignIns(SystemClock())
        self.signed_in = asyncio.Event()
        self.attempts: list[Attempt] = []
        self.says = ""
        self.may_not = may_not
        self.declined_at = -1
        self._one_at_a_time = asyncio.Lock()

    async def send(self, request: Request) -> Answer:
        await self._sign_in()
        if request.method == "POST":
            return self._review(request)
        return await super().send(request)

    async def _sign_in(self) -> None:
        if self.signed_in.is_set() or not self.says:
            return
        async with self._one_at_a_time:
            await self._attempt()

    async def _attempt(self) -> None:
        if self.signed_in.is_set():
            return
        if self.declined_at == self.sign_ins.waived:
            raise DECLINED
        attempt = self.sign_ins.begin("kubelogin", "clusterUser_rg_prod")
        self.attempts.append(attempt)
        attempt.say(self.says)
        waits = [asyncio.ensure_future(self.signed_in.wait()), asyncio.ensure_future(attempt.stopped())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            self.sign_ins.finish(attempt)
        if attempt.declined:
            self.declined_at = self.sign_ins.waived
            raise DECLINED

    def _review(self, request: Request) -> Answer:
        if request.path.endswith("selfsubjectreviews"):
            status: Any = {"userInfo": {"username": "joe@example", "groups": ["sre", "system:authenticated"]}}
        else:
            asked = json.loads(request.body or b"{}")["spec"]["resourceAttributes"]
            status = {"allowed": f"{asked['verb']} {asked['resource']}" not in self.may_not}
        return Answer(201, json.dumps({"status": status}).encode(), "application/json", {})


class Tokens:
    async def credential(self) -> Credential:
        return Credential(token="t", expires_at=NOW + 3000)

    def reject(self, credential: Credential) -> None:
        """There is no other."""

    def describe(self) -> str:
        return "exec plugin kubelogin"


class SignedInConnector(ConnectorInMemory):
    async def connect(self, context: str | None) -> Connected:
        connected = await super().connect(context)
        cluster = self.clusters[context or self.hint()]
        assert isinstance(cluster, SignedInCluster)
        target = Target("aks-prod", "", "https://prod.example", User("clusterUser_rg_prod", UserEntry(), None))  # type: ignore[arg-type]  # no files are read
        return replace(connected, sign_ins=cluster.sign_ins, account=Account(target, Tokens()))


@asynccontextmanager
async def running(cluster: SignedInCluster, **options: Any) -> AsyncIterator[tuple[KubetuiApp, Pilot[None]]]:
    app = KubetuiApp(SignedInConnector({"aks-prod": cluster}), Options(**{"pane": "pods", **options}), lambda: NOW)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        yield app, pilot


def cluster(**more: Any) -> SignedInCluster:
    return SignedInCluster([pod("checkout-0")], [node("aks-system-31415926-vmss000000", "system")], **more)


async def test_a_device_code_is_shown_at_once_and_gone_once_it_was_answered() -> None:
    here = cluster()
    here.says = PROMPT
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "kubelogin signs in as clusterUser_rg_prod"))
        await until(pilot, shows(app, "F7QK2LXYZ"))
        assert "https://microsoft.com/devicelogin" in screen_text(app)
        here.signed_in.set()
        await until(pilot, hides(app, "F7QK2LXYZ"))
        await until(pilot, shows(app, "checkout-0"))


async def test_code_and_address_are_copied() -> None:
    here = cluster()
    here.says = PROMPT
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "c copies the code F7QK2LXYZ"))
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard == "F7QK2LXYZ")
        await pilot.press("u")
        await until(pilot, lambda: app.clipboard == "https://microsoft.com/devicelogin")


async def test_esc_ends_it_and_now_asks_again() -> None:
    here = cluster()
    here.says = PROMPT
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "F7QK2LXYZ"))
        await pilot.press("escape")
        await until(pilot, shows(app, "you ended it"))
        assert "not signed in" in screen_text(app)
        assert here.attempts[0].declined
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "F7QK2LXYZ"))
        assert here.sign_ins.waived == 1


async def test_hidden_it_goes_on() -> None:
    here = cluster()
    here.says = PROMPT
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "F7QK2LXYZ"))
        await pilot.press("h")
        await until(pilot, hides(app, "F7QK2LXYZ"))
        assert "signing in with kubelogin" in screen_text(app)
        here.attempts[0].say("still waiting\n")
        await pilot.pause(0.1)
        assert "still waiting" not in screen_text(app)
        here.signed_in.set()
        await until(pilot, shows(app, "checkout-0"))


async def test_what_it_says_can_not_steer_the_terminal() -> None:
    here = cluster()
    here.says = f"\x1b]0;title\x07\x1b[2J[red]{PROMPT}"
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "[red]To sign in"))
        assert "\x1b" not in screen_text(app)


async def test_leaving_works_while_a_sign_in_waits() -> None:
    here = cluster()
    here.says = PROMPT
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "F7QK2LXYZ"))
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)


async def test_one_that_ends_under_another_dialog_is_gone_when_that_closes() -> None:
    here = cluster()
    here.says = PROMPT
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "F7QK2LXYZ"))
        await pilot.press("C")
        await until(pilot, shows(app, "type to narrow"))
        here.signed_in.set()
        await until(pilot, lambda: here.sign_ins.running == ())
        await pilot.press("escape")
        await until(pilot, shows(app, "checkout-0"))
        assert "F7QK2LXYZ" not in screen_text(app)


async def test_who_am_i_says_how_long_and_what_is_missing() -> None:
    here = cluster(may_not=("list nodes", "watch nodes", "get pods"))
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("colon", *"whoami", "enter")
        await until(pilot, shows(app, "joe@example"))
        await until(pilot, shows(app, "may not list nodes; names come from metrics and pods"))
        text = screen_text(app)
        assert "sre" in text
        assert "exec plugin kubelogin" in text
        assert "in 50m" in text
        assert "may not get pods/log" in text
        assert "may not watch nodes" not in text, "what can't be listed need not be watched"


async def test_own_requests_are_counted() -> None:
    here = cluster()
    async with running(here) as (app, pilot):
        await until(pilot, shows(app, "checkout-0"))
        assert app.connected is not None
        traffic = app.connected.session.traffic
        for _ in range(3):
            traffic.asked("GET /api/v1/pods")
        traffic.answered("GET /api/v1/pods", 429, 0.25, "8ff35708-847f")
        traffic.received("GET /api/v1/pods", 14 * 1024)
        traffic.stream("WATCH /api/v1/pods", 1)
        await pilot.press("colon", *"requests", "enter")
        await until(pilot, shows(app, "GET /api/v1/pods"))
        line = next(line for line in screen_text(app).split("\n") if "GET /api/v1/pods" in line)
        assert [cell for cell in line.split() if cell != "▌GET"][1:] == [
            "3", "0", "14Ki", "250ms", "250ms", "1", "1", "8ff35708",
        ]  # fmt: skip
        assert "1 open stream" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, shows(app, "checkout-0"))


async def test_nodes_that_may_not_be_listed_are_named_by_their_pods() -> None:
    here = SignedInCluster([pod("checkout-0"), pod("checkout-1", node="aks-spot-16180339-vmss00000a")])
    here.refuses["nodes"] = forbidden("nodes")
    async with running(here, pane="nodes") as (app, pilot):
        await until(pilot, shows(app, "aks-spot-16180339-vmss00000a"))
        text = screen_text(app)
        assert "forbidden: list nodes" in text
        assert "names from pods and metrics only" in text
        assert "not ready" not in text
        assert "NotReady" not in text


async def test_a_kubeconfig_that_changed_is_told_and_esc_hides_it() -> None:
    class Files:
        async def follow(self, told: Any) -> None:
            told("~/.kube/config changed: the current context is now b; still on aks-prod", ("aks-prod", "b"))
            await asyncio.Event().wait()

    class Connector(SignedInConnector):
        async def connect(self, context: str | None) -> Connected:
            return replace(await super().connect(context), files=Files())  # type: ignore[arg-type]  # all that is used

    app = KubetuiApp(Connector({"aks-prod": cluster()}), Options(pane="pods"), lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, shows(app, "the current context is now b; still on aks-prod"))
        await until(pilot, shows(app, "checkout-0"))
        await pilot.press("escape")
        await until(pilot, hides(app, "current context is now b"))
        assert list(app.context_names) == ["aks-prod", "b"]

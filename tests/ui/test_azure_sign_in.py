"""A device-code sign-in to Azure as the person meets it: named where it helps, asked for by a key, never sprung."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from kubetui.azure.machine_feed import MachineFeed, SignIn
from kubetui.azure.tenants import ORGANIZATIONS, Tenant
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.sign_in import Attempt, SignIns, first_of
from kubetui.cluster.token import Credential
from kubetui.ui.app import KubetuiApp
from kubetui.ui.connector import Connected
from kubetui.ui.options import Options
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import NOW
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, shows, until
from tests.ui.test_node_machines import WithAzure, azure, cluster
from tests.unit.azure.entra import PROMPT
from tests.unit.azure.resource_manager_double import PLACE, ResourceManagerDouble, Tokens, served

SHOP = "11111111-2222-3333-4444-555555555555"
LEADS = "az login, or a for a device code, adds VM states and scale sets"


class Person:
    """Somebody who can sign in, and tokens that wait for them."""

    def __init__(self, endpoint: str, sign_ins: SignIns) -> None:
        self.endpoint, self._sign_ins = endpoint, sign_ins
        self.done = asyncio.Event()
        self.attempts: list[Attempt] = []
        self.tenants_asked: list[str] = []
        self.subscriptions: Collection[str] = ()
        self.refusal = ""

    def tenants(self, subscriptions: Collection[str]) -> Sequence[Tenant]:
        self.subscriptions = subscriptions
        return (Tenant(SHOP, "nodes' subscription Shop"), Tenant(ORGANIZATIONS, "of your account"))

    def tokens(self, tenant: str) -> PersonTokens:
        self.tenants_asked.append(tenant)
        return PersonTokens(self)

    async def sign_in(self) -> None:
        attempt = self._sign_ins.begin("Azure", f"you, in the tenant {self.tenants_asked[-1]}")
        self.attempts.append(attempt)
        try:
            if self.refusal:
                raise SignInFailed("sign in to Azure with a device code", self.refusal, "run: az login, here")
            attempt.say(PROMPT + "\n")
            await first_of(self.done_or_never(), attempt.stopped())
            if attempt.declined:
                raise SignInFailed("sign in to Azure with a device code", "you ended it")
        finally:
            self._sign_ins.finish(attempt)

    async def done_or_never(self) -> None:
        await self.done.wait()


class PersonTokens:
    ended = False

    def __init__(self, person: Person) -> None:
        self._person = person

    async def sign_in(self) -> None:
        await self._person.sign_in()

    async def credential(self) -> Credential:
        return Credential(token="of-joe")

    def reject(self, credential: Credential) -> None:
        """There is no other."""

    def describe(self) -> str:
        return "a device code"


class EndedTokens(Tokens):
    """What az says once its login has ended."""

    async def credential(self) -> Credential:
        raise SignInFailed("sign in to Azure", "the login has ended", "run: az login")


class SignInConnector(WithAzure):
    def __init__(self, feed: MachineFeed, sign_ins: SignIns) -> None:
        super().__init__(cluster(), feed)
        self._sign_ins = sign_ins

    async def connect(self, context: str | None) -> Connected:
        return replace(await super().connect(context), sign_ins=self._sign_ins)


@asynccontextmanager
async def running(
    size: tuple[int, int] = (120, 40), *, signed_in: bool = False, tokens: Tokens | None = None
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None], Person, ResourceManagerDouble]]:
    async with served(azure()) as double:
        clock = FakeClock(NOW)
        sign_ins = SignIns(clock)
        person = Person(double.url, sign_ins)
        offered = SignIn(double.url, tokens or Tokens()) if signed_in else None
        feed = MachineFeed(lambda: offered, clock, by_hand=person)
        app = KubetuiApp(
            SignInConnector(feed, sign_ins), Options(log_file="~/kubetui.log", pane="nodes"), clock.now
        )  # fmt: skip
        async with app.run_test(size=size, notifications=True) as pilot:
            yield app, pilot, person, double


async def choosing(app: KubetuiApp, pilot: Pilot[None]) -> None:
    await until(pilot, shows(app, LEADS))
    await pilot.press("a")
    await until(pilot, shows(app, "nodes' subscription Shop"))


@pytest.mark.parametrize("size", SIZES)
async def test_the_tenant_is_chosen_at_each_size(size: tuple[int, int]) -> None:
    async with running(size) as (app, pilot, _, _):
        await until(pilot, shows(app, "az login, or a for"))
        await pilot.press("a")
        await until(pilot, shows(app, "nodes' subscription"))
        await assert_becomes(pilot, f"azure_sign_in_{size[0]}x{size[1]}")


async def test_nobody_is_asked_before_they_press_the_key_that_the_notice_names() -> None:
    async with running() as (app, pilot, person, double):
        await until(pilot, shows(app, LEADS))

        assert person.attempts == []
        assert person.tenants_asked == []
        assert double.asked == []


async def test_esc_leaves_without_a_sign_in() -> None:
    async with running() as (app, pilot, person, _):
        await choosing(app, pilot)
        await pilot.press("escape")
        await until(pilot, hides(app, "nodes' subscription Shop"))

        assert person.attempts == []
        await choosing(app, pilot)  # and it can be chosen again


async def test_the_code_is_shown_and_copied_and_then_azure_is_read() -> None:
    async with running() as (app, pilot, person, double):
        await choosing(app, pilot)
        assert person.subscriptions == {PLACE.subscription}
        await pilot.press("enter")
        await until(pilot, shows(app, "enter the code F7QK2LXYZ"))
        await pilot.press("c")
        assert app.clipboard == "F7QK2LXYZ"
        await pilot.press("u")
        assert app.clipboard == "https://microsoft.com/devicelogin"

        person.done.set()
        await until(pilot, shows(app, "· instance 74"))

        assert person.tenants_asked == [SHOP]
        assert "F7QK2LXYZ" not in screen_text(app)
        assert set(double.tokens) == {"Bearer of-joe"}


async def test_another_tenant_can_be_typed() -> None:
    async with running() as (app, pilot, person, _):
        await choosing(app, pilot)
        await pilot.press(*"shop.example", "enter")
        await until(pilot, shows(app, "F7QK2LXYZ"))

        assert person.tenants_asked == ["shop.example"]


async def test_what_the_person_ends_is_over_and_can_be_chosen_again() -> None:
    async with running() as (app, pilot, person, _):
        await choosing(app, pilot)
        await pilot.press("enter")
        await until(pilot, shows(app, "F7QK2LXYZ"))
        await pilot.press("escape")
        await until(pilot, shows(app, "you ended it"))

        assert len(person.attempts) == 1
        await choosing(app, pilot)


async def test_what_entra_refuses_is_said_with_what_to_do() -> None:
    async with running() as (app, pilot, person, _):
        person.refusal = "AADSTS53003: blocked"
        await choosing(app, pilot)
        await pilot.press("enter")
        await until(pilot, shows(app, "AADSTS53003: blocked – run: az login, here"))
        await until(pilot, shows(app, LEADS))


async def test_a_second_key_finds_the_sign_in_that_is_under_way() -> None:
    async with running() as (app, pilot, person, _):
        await choosing(app, pilot)
        await pilot.press("enter")
        await until(pilot, shows(app, "F7QK2LXYZ"))
        await pilot.press("h")
        await until(pilot, hides(app, "F7QK2LXYZ"))
        await pilot.press("a")
        await until(pilot, shows(app, "F7QK2LXYZ"))

        assert len(person.attempts) == 1


async def test_who_leaves_the_cluster_ends_it() -> None:
    async with running() as (app, pilot, person, _):
        await choosing(app, pilot)
        await pilot.press("enter")
        await until(pilot, shows(app, "F7QK2LXYZ"))
        app.connect(None)
        await until(pilot, lambda: person.attempts[0].ended)


async def test_a_sign_in_that_serves_no_more_names_the_key_too() -> None:
    async with running(signed_in=True, tokens=EndedTokens()) as (app, pilot, person, _):
        await until(pilot, shows(app, "the login has ended – run: az login; or a for a device code"))
        await pilot.press("a")
        await until(pilot, shows(app, "nodes' subscription Shop"))
        await pilot.press("enter")
        await until(pilot, shows(app, "F7QK2LXYZ"))
        person.done.set()
        await until(pilot, shows(app, "· instance 74"))


async def test_the_palette_has_it_too() -> None:
    async with running() as (app, pilot, _, _):
        await until(pilot, shows(app, LEADS))
        await pilot.press("colon", *"azure")
        await until(pilot, shows(app, "device code, where nothing else does"))
        await pilot.press("down", "enter")
        await until(pilot, shows(app, "nodes' subscription Shop"))


async def test_where_azure_is_read_already_that_is_said() -> None:
    async with running(signed_in=True) as (app, pilot, person, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("a")
        await until(pilot, shows(app, "Azure is read already"))

        assert person.attempts == []


async def test_the_requests_pane_counts_what_is_asked_of_azure_and_what_is_left() -> None:
    async with running(signed_in=True) as (app, pilot, _, double):
        await until(pilot, shows(app, "· instance 74"))
        app.action_session_pane("requests")

        await until(pilot, shows(app, f"{len(double.asked)} reads of Azure, 3,749 left"))

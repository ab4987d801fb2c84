"""Node pools over a world of the demo: their rows and their pages, with Azure, without it, and without rights."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import pytest
from textual.pilot import Pilot

from kubetui.azure.machine_feed import MachineFeed, SignIn
from kubetui.azure.own_resource_manager import StaticToken
from kubetui.cluster.errors import ClusterError, Forbidden
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.demo.resource_manager import ResourceManager
from kubetui.demo.resources import CONFIG_MAPS, NODES
from kubetui.ui.app import KubetuiApp
from kubetui.ui.connector import Connected
from kubetui.ui.options import Options
from tests.demo.worlds import Lived
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import ClusterInMemory, ConnectorInMemory, forbidden, pod
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, shows, until

STATUS = "/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status"


class DemoConnector(ConnectorInMemory):
    """A session on the world's objects, its clock a test's; and what Azure tells of the machines."""

    def __init__(self, here: ClusterInMemory, feed: MachineFeed, clock: FakeClock) -> None:
        super().__init__({"aks-prod": here})
        self._here, self._feed, self._clock = here, feed, clock

    async def connect(self, context: str | None) -> Connected:
        session = Session("aks-prod", self._here, Traffic(self._clock), self._clock, Random(1))
        return replace(await super().connect(context), session=session, azure=self._feed)


class Place:
    """A world of the demo, the app on it, and the time of both."""

    def __init__(self, lived: Lived, app: KubetuiApp, pilot: Pilot[None], here: ClusterInMemory, clock: FakeClock):
        self.lived, self.app, self.pilot, self.here, self.clock = lived, app, pilot, here, clock

    @property
    def text(self) -> str:
        return screen_text(self.app)

    async def see(self, words: str) -> None:
        await until(self.pilot, shows(self.app, words))

    async def pass_time(self, seconds: float) -> None:
        """The world lives on, and its objects change; then time passes here, so that it is looked at again."""
        self.lived.pass_time(seconds)
        await put_all(self.lived, self.here)
        await self.clock.advance(seconds)
        self.app.request_tick()
        await self.pilot.pause()

    async def open(self, pool: str) -> None:
        """The page of a pool."""
        await self.see(f"▾ {pool}  ")
        lines = self.text.partition(" NAME ")[2].splitlines()[1:]
        place = next(index for index, line in enumerate(lines) if f"▾ {pool}  " in line)
        await self.pilot.press("g", *("j" * place), "d")
        await self.see(f"Node pool {pool}")

    def reads(self) -> int:
        """How often the autoscaler's status was read."""
        return sum(one.path == STATUS for one in self.here.asked)


async def put_all(lived: Lived, here: ClusterInMemory) -> None:
    """The world's nodes and ConfigMaps, where they differ from what is there."""
    wanted = {("", one["metadata"]["name"]): one for one in lived.all(NODES)}
    for _, name in here.objects["nodes"].keys() - wanted.keys():
        await here.delete("nodes", "", name)
    for one in wanted.values():
        await here.put("nodes", one)
    for one in lived.all(CONFIG_MAPS, "kube-system"):
        await here.put("configmaps", one)


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 40),
    *,
    incident: str = "",
    before: float = 0.0,
    signed_in: bool = True,
    refuses: ClusterError | None = None,
    pane: str = "nodes",
) -> AsyncIterator[Place]:
    """Twelve nodes; ``before``: seconds for which the incident has gone on."""
    lived = Lived(nodes=12, pods=0)
    if incident:
        lived.world.incidents.start(incident)
        lived.pass_time(before)
    here = ClusterInMemory(namespaces=("kube-system",))
    await put_all(lived, here)
    if refuses is not None:
        here.refuses["configmaps"] = refuses
    azure = ResourceManager(lived.world)
    await azure.start()
    try:
        clock = FakeClock(lived.clock.time)
        feed = MachineFeed(lambda: SignIn(azure.url, StaticToken(azure.token)) if signed_in else None, clock)
        options = Options(log_file="~/kubetui.log", pane=pane)
        app = KubetuiApp(DemoConnector(here, feed, clock), options, clock.now)
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Place(lived, app, pilot, here, clock)
    finally:
        await azure.stop()


# --- looked at


@pytest.mark.parametrize("size", SIZES)
async def test_a_pools_page_at_each_size(size: tuple[int, int]) -> None:
    async with opened(size, incident="instance-never-joins", before=600) as place:
        await place.see("· instance 7")
        await place.open("general")
        await place.see("backs off")
        await assert_becomes(place.pilot, f"node_pool_{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES)
async def test_pools_that_an_upgrade_goes_through_at_each_size(size: tuple[int, int]) -> None:
    async with opened(size, incident="pool-upgrade", before=150) as place:
        await place.see("upgrading")
        await assert_becomes(place.pilot, f"node_pools_upgrade_{size[0]}x{size[1]}")


# --- rows


async def test_an_upgrade_is_planned_in_the_row_and_tells_its_progress() -> None:
    async with opened((200, 60), incident="pool-upgrade", before=150) as place:
        await place.see("◐ upgrading")
        first = place.text
        await place.pass_time(300)
        await until(place.pilot, lambda: "upgrading" in place.text and place.text != first)

        row = next(line for line in place.text.splitlines() if "▾ general" in line)
        assert "✖" not in row
        assert "▲" not in row


async def test_a_scale_out_is_seen_from_its_first_instance_to_its_last_node() -> None:
    async with opened((200, 60)) as place:
        await place.see("3–10 auto")
        place.lived.world.incidents.start("scale-out")
        await place.pass_time(60)
        await place.see("◐ joining 60s, pool updating")
        await place.see("3 creating")
        await place.see("10 of 10")
        await place.pass_time(60)
        await place.pass_time(240)
        await place.see("at its limit of 10")
        await until(place.pilot, hides(place.app, "joining"))


async def test_a_ready_node_whose_machine_is_off_shows_in_the_row() -> None:
    async with opened((200, 60), incident="vm-deallocated", before=5) as place:
        await place.see("✖ 1 VM off")
        assert "7/7" in place.text, "its node is still Ready"


# --- without Azure


async def test_without_azure_limits_come_from_the_autoscalers_status_and_say_so() -> None:
    async with opened((200, 60), signed_in=False) as place:
        await place.see("limits from cluster-autoscaler-status")
        assert "3–10 auto" in place.text
        await place.open("general")
        await place.see("3 to 10  – from cluster-autoscaler-status")
        assert "az login" in place.text
        assert "Cluster aks-prod" not in place.text


async def test_a_missing_right_to_read_it_is_said() -> None:
    no = Forbidden("get configmaps", "configmaps is forbidden", status=403)
    async with opened((200, 60), signed_in=False, refuses=no) as place:
        await place.see("limits need get configmaps in kube-system")
        assert "auto" not in next(line for line in place.text.splitlines() if "▾ general" in line)
        await place.open("general")
        await place.see("your account may not get configmaps in kube-system")


async def test_with_azure_a_missing_right_there_is_no_matter() -> None:
    no = Forbidden("get configmaps", "configmaps is forbidden", status=403)
    async with opened((200, 60), refuses=no) as place:
        await place.see("3–10 auto")
        assert "limits need" not in place.text


async def test_without_an_autoscaler_nothing_is_said_of_one() -> None:
    async with opened((200, 60), signed_in=False) as place:
        await place.see("3–10 auto")
    async with opened((200, 60), signed_in=False, pane="pods") as place:
        await place.see("no pods in all namespaces")
        place.here.objects["configmaps"].clear()
        await place.pilot.press("2")
        await place.see("az login adds VM states")
        await until(place.pilot, lambda: place.reads() == 1)
        assert "limits" not in place.text
        await place.open("general")
        assert "Autoscaler" not in place.text
        assert "Limits" not in place.text


async def test_where_nodes_may_not_be_listed_their_names_lead_to_the_pools_limits() -> None:
    async with opened((200, 60), signed_in=False, pane="pods") as place:
        await place.see("no pods in all namespaces")
        name = place.lived.world.fleet.of_pool("general")[0].name
        place.here.refuses |= {"nodes": forbidden("nodes"), "metrics.k8s.io": forbidden("metrics")}
        await place.here.put("pods", pod("checkout-0", node=name))
        await place.pilot.press("2")
        await place.see("names from pods and metrics only")
        await place.see("3–10 auto")
        await place.open("general")
        await place.see("1, only their names are known")
        await place.see("Limits:      3 to 10")


async def test_an_autoscaler_that_has_stopped_is_told() -> None:
    async with opened((200, 60)) as place:
        await place.see("3–10 auto")
        await place.clock.advance(900)
        place.app.request_tick()
        await place.see("the cluster autoscaler has written nothing for 15m")


# --- the page


async def test_the_page_follows_what_changes_while_it_is_open() -> None:
    async with opened() as place:
        await place.see("3–10 auto")
        await place.open("general")
        await place.see("nothing is the matter with it")
        place.lived.world.incidents.start("instance-never-joins")
        await place.pass_time(300)
        await place.see("1 never joined")
        await place.see("CSE exit 50")
        await place.pilot.press("escape")
        await place.see("· instance 7")
        await place.see("1 never joined")


async def test_the_page_can_be_copied_whole_and_has_commands() -> None:
    async with opened() as place:
        await place.see("3–10 auto")
        await place.open("spot")
        await place.see("Spot:")
        await place.pilot.press("c")
        await until(place.pilot, lambda: "az aks nodepool show -n spot" in place.app.clipboard)
        assert "Tier:        Standard" in place.app.clipboard
        assert "Pods:        10.244.0.0/16" in place.app.clipboard
        await place.pilot.press("m")
        await place.see("show the pool")


async def test_a_pool_scaled_by_hand_says_nothing_of_an_autoscaler() -> None:
    async with opened() as place:
        await place.see("3–10 auto")
        await place.open("system")
        await place.see("none: it is scaled by hand")
        assert "Autoscaler" not in place.text


async def test_an_announced_eviction_is_on_the_row_and_found_by_its_condition() -> None:
    async with opened((200, 60), incident="spot-eviction", before=2) as place:
        await place.see("◐ 1 Preempt announced")
        assert "Ready  Preempt at 12:04Z" in place.text
        await place.pilot.press("slash", *"status:vmevent", "enter")
        await until(place.pilot, hides(place.app, "aks-general-27182818-vmss000000"))
        assert "Preempt at 12:04Z" in place.text


# --- pace


async def test_the_status_is_read_once_a_minute_and_never_for_other_panes() -> None:
    async with opened(pane="pods") as place:
        await place.see("no pods in all namespaces")
        await place.clock.advance(300)
        assert place.reads() == 0
        await place.pilot.press("2")
        await place.see("3–10 auto")
        await until(place.pilot, lambda: place.reads() == 1)
        for seconds, reads in ((30, 1), (30, 2), (60, 3)):
            await place.pass_time(seconds)
            await until(place.pilot, lambda reads=reads: place.reads() == reads)  # type: ignore[misc]  # bound at once
        await place.open("general")
        assert place.reads() == 3, "the page shares what its pane has read"
        await place.pilot.press("5")
        await place.see("Pods")
        await place.clock.advance(300)
        assert place.reads() == 3


async def test_a_refusal_is_not_tried_again_each_minute() -> None:
    no = Forbidden("get configmaps", "configmaps is forbidden", status=403)
    async with opened(refuses=no) as place:
        await until(place.pilot, lambda: place.reads() == 1)
        for _ in range(5):
            await place.pass_time(60)
        assert place.reads() == 1
        await place.pilot.press("ctrl+r")
        await until(place.pilot, lambda: place.reads() == 2)

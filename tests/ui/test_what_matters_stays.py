"""What a narrow screen, a filter or a fold leaves on the screen is what matters, and is counted."""

from __future__ import annotations

from tests.ui.overview_in_memory import burning
from tests.ui.snapshot import screen_text
from tests.ui.test_app import hides, shows, until
from tests.ui.test_node_machines import azure
from tests.ui.test_node_machines import running as with_machines
from tests.ui.test_overview import overview


async def test_what_ails_a_pool_outlasts_its_image() -> None:
    here = burning()
    for one in here.objects["nodes"].values():
        one["metadata"]["labels"]["kubernetes.azure.com/scalesetpriority"] = "spot"
        one["metadata"]["labels"]["kubernetes.azure.com/os-sku"] = "AzureLinux"
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "✖ 1 not ready"))
        (heads,) = [line for line in screen_text(app).split("\n") if line.startswith(" POOL")]
        assert "STATUS" in heads
        assert "IMAGE" not in heads


async def test_a_filter_counts_instances_beside_nodes_and_its_pools_fold_by_hand() -> None:
    async with with_machines(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("g", "z", "/", *"74", "enter")
        await until(pilot, shows(app, "0 of 3, 1 instance · filter 74"))
        text = screen_text(app)
        assert "▾ apps" in text, "what a filter found is in sight, also in a pool that was folded"
        assert "· instance 74" in text

        await pilot.press("g", "enter")
        await until(pilot, hides(app, "· instance 74"))
        assert "▸ apps" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, shows(app, "Nodes  3 ·"))

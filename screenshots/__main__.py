"""``python -m screenshots [NAME …]``: every pane of the seeded demo as SVG and PNG, at 80×24 and 120×40.

PNGs are drawn with DejaVu Sans Mono, which must be installed; without it only SVGs are written.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import resvg_py
from textual.pilot import Pilot

from kubetui.compose import KubeconfigConnector
from kubetui.demo.command_line import ServeOptions
from kubetui.demo.options import WorldOptions
from kubetui.demo_cluster import DemoCluster
from kubetui.store.state import Phase
from kubetui.ui.app import KubetuiApp
from kubetui.ui.options import Options

FOLDER = Path(__file__).parent
FONT = "DejaVu Sans Mono"
SIZES = ((80, 24), (120, 40))
SEED = 7
DEADLINE = 60.0
"""Seconds until a pane must be live."""


@dataclass(frozen=True)
class Scenery:
    """A demo that pictures are taken of."""

    incidents: tuple[str, ...]
    unfolding: float = 80.0
    """Seconds that the incidents are given to show."""
    every_kind: bool = False
    """With nodes of Karpenter, single VMs and a Flexible scale set."""


TROUBLED = Scenery(("coredns-crash-loop", "image-pull-failure", "node-not-ready"))
SILENT_DNS = Scenery(("coredns-upstream",))
"""Its coredns looks well, and says in its logs what is wrong."""
MACHINES = Scenery(("vm-deallocated", "instance-never-joins"), 270.0)
"""Until the bootstrap has failed."""
PLANNED = Scenery(("pool-upgrade", "spot-eviction", "scale-out"), 85.0, every_kind=True)
"""While all three are under way."""


@dataclass(frozen=True)
class Shot:
    """A picture: its name, the pane, and the keys pressed there."""

    name: str
    pane: str
    keys: tuple[str, ...] = ()
    settle: float = 1.0
    """Seconds that the live pane is given before the keys."""
    scenery: Scenery = TROUBLED


SHOTS = (
    Shot("overview", "overview"),
    Shot("nodes", "nodes"),
    Shot("daemonsets", "daemonsets"),
    Shot("deployments", "deployments"),
    Shot("pods", "pods"),
    Shot("pods-problems", "pods", ("exclamation_mark",)),
    Shot("containers", "pods", ("exclamation_mark", "enter")),
    Shot("describe-pod", "pods", ("exclamation_mark", "d")),
    Shot("describe-node", "nodes", ("exclamation_mark", "j", "d")),
    Shot("yaml", "pods", ("y",)),
    Shot("logs", "logs", settle=8.0, scenery=SILENT_DNS),
    Shot(
        "logs-errors",
        "logs",
        ("ampersand", *"/SERVFAIL|timeout/", "enter", "h", *"timeout", "enter"),
        settle=8.0,
        scenery=SILENT_DNS,
    ),
    Shot("top-nodes", "top", settle=40.0),
    Shot("top-pods", "top", ("t",), settle=3.0),
    Shot("stats", "top", ("s",), settle=3.0),
    Shot("configz", "configz", settle=6.0),
    Shot("commands", "nodes", ("j", "m")),
    Shot("events", "events"),
    Shot("kinds", "kinds"),
    Shot("endpoints", "kinds", ("slash", *"services", "enter", "j", "enter", "slash", *"dns", "enter", "enter")),
    Shot("help", "pods", ("question_mark",)),
    Shot("machines-overview", "overview", settle=6.0, scenery=MACHINES),
    Shot("machines-nodes", "nodes", settle=6.0, scenery=MACHINES),
    Shot("planned-overview", "overview", settle=6.0, scenery=PLANNED),
    Shot("planned-nodes", "nodes", settle=6.0, scenery=PLANNED),
)


async def main(names: Collection[str]) -> None:
    """Take the pictures of these names (none: all), scenery by scenery."""
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    for scenery in dict.fromkeys(shot.scenery for shot in wanted):
        await picture(scenery, [shot for shot in wanted if shot.scenery == scenery])


async def picture(scenery: Scenery, shots: Collection[Shot]) -> None:
    """Start one demo, take its pictures, end it."""
    world = WorldOptions(seed=SEED, incidents=scenery.incidents, every_kind=scenery.every_kind)
    demo = DemoCluster(ServeOptions(world))
    try:
        kubeconfig = await demo.start()
        await asyncio.sleep(scenery.unfolding)
        for shot in shots:
            for width, height in SIZES:
                svg = await take(kubeconfig, shot, (width, height))
                write(f"{shot.name}-{width}x{height}", svg)
    finally:
        await demo.stop()


async def take(kubeconfig: Path, shot: Shot, size: tuple[int, int]) -> str:
    """One picture as SVG."""
    os.environ["COLORTERM"] = "truecolor"
    connector = KubeconfigConnector(kubeconfig, {}, DemoCluster(ServeOptions()))
    app = KubetuiApp(connector, Options(all_namespaces=True, pane=shot.pane, log_file="~/.local/state/kubetui"))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.current is not None and app.current.state.phase is Phase.LIVE)
        await pilot.pause(shot.settle)
        for key in shot.keys:
            await pilot.press(key)
            await pilot.pause(1.0)
        return app.export_screenshot(title=f"kubetui · {shot.name}")


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app run until something is so."""
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await pilot.pause(0.1)


def write(name: str, svg: str) -> None:
    """The SVG, and the PNG drawn from it."""
    (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
    picture = resvg_py.svg_to_bytes(svg_string=svg, font_family=FONT, monospace_family=FONT)
    (FOLDER / f"{name}.png").write_bytes(bytes(picture))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

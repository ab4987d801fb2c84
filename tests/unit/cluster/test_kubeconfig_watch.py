"""Files that change under a session: what it means is said, and nothing is switched."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import yaml

from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.cluster.kubeconfig_watch import LOOK_S, KubeconfigWatch
from tests.fake_clock import FakeClock


def content(current: str = "a", server: str = "https://a.example", contexts: Sequence[str] = ("a", "b")) -> str:
    return yaml.safe_dump(
        {
            "current-context": current,
            "contexts": [{"name": name, "context": {"cluster": name, "user": "joe"}} for name in contexts],
            "clusters": [
                {"name": "a", "cluster": {"server": server}},
                {"name": "b", "cluster": {"server": "https://b.example"}},
            ],
            "users": [{"name": "joe", "user": {"token": "t"}}],
        }
    )


class Lab:
    """A session of context a, whose file is looked after."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "config"
        self.second = folder / "second"
        self.path.write_text(content())
        self.clock = FakeClock()
        self.told: list[tuple[str, Sequence[str]]] = []
        config = self.read()
        self.watch = KubeconfigWatch([self.path, self.second], config.context("a"), "a", self.load, self.clock)

    def read(self) -> KubeConfig:
        return KubeConfig.load(None, {"KUBECONFIG": f"{self.path}{os.pathsep}{self.second}"})

    async def load(self) -> KubeConfig:
        return self.read()

    async def looked(self) -> None:
        """Until the look, which is in a thread, is over: then the watch sleeps again."""
        async with asyncio.timeout(20):
            while not self.clock._sleepers:  # noqa: ASYNC110 – a thread gives no event
                await asyncio.sleep(0.001)

    async def look(self) -> list[str]:
        """What is said at the next look."""
        self.told.clear()
        await self.clock.advance(LOOK_S)
        await self.looked()
        return [words.removeprefix(f"{self.path} changed").removeprefix(": ") for words, _ in self.told]


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    lab = Lab(tmp_path)
    following = asyncio.create_task(lab.watch.follow(lambda words, names: lab.told.append((words, names))))
    await lab.look()
    yield lab
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (content(current="b"), "the current context is now b; still on a · C chooses"),
        (content(server="https://new.example"), "context a now means another server or user; this session goes on"),
        (content(contexts=("b",)), "context a is gone; this session goes on · C chooses another"),
        (content(contexts=("a", "b", "c")), "other entries than those of context a"),
        ("contexts: [", " and can't be used: line 2, column 1"),
    ],
)
async def test_a_change_is_told_with_what_it_means(lab: Lab, after: str, words: str) -> None:
    lab.path.write_text(after)
    (said,) = await lab.look()
    assert words in said
    assert await lab.look() == []


async def test_a_mere_touch_is_no_change(lab: Lab) -> None:
    os.utime(lab.path, (1, 1))
    assert await lab.look() == []


async def test_a_file_that_appears_or_vanishes_is_one(lab: Lab) -> None:
    lab.second.write_text(content(current="b"))
    assert "other entries" in (await lab.look())[0]
    lab.second.unlink()
    assert len(await lab.look()) == 1


async def test_the_contexts_to_choose_from_come_along(lab: Lab) -> None:
    lab.path.write_text(content(contexts=("a", "b", "c")))
    await lab.look()
    assert list(lab.told[0][1]) == ["a", "b", "c"]

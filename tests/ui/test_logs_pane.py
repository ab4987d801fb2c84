"""Logs as their reader meets them: whose lines, in which order, what is let through, what is said about the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from kubetui.cluster.errors import Forbidden, Unreachable
from kubetui.cluster.logs.asked import LogsAsked
from kubetui.cluster.logs.options import LogOptions
from kubetui.ui.app import KubetuiApp
from tests.ui.logs_in_memory import ClusterWithLogs, speaker
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, running, shows, until


def dns() -> dict[str, Any]:
    """coredns' Deployment."""
    selector = {"matchLabels": {"k8s-app": "kube-dns"}}
    return {"metadata": {"name": "coredns", "namespace": "kube-system"}, "spec": {"selector": selector}}


def coredns() -> ClusterWithLogs:
    """Three pods of coredns: one fine, one in trouble, one in colour."""
    cluster = ClusterWithLogs([speaker(f"coredns-abc12-{end}") for end in ("7kq2x", "m9fd4", "x2lpv")])
    cluster.add("deployments", dns())
    cluster.told("coredns-abc12-7kq2x", '13:03:58.114 [INFO] 10.244.3.17:5556 - 42621 "A IN ledger." NOERROR',
                 '13:03:58.200 [INFO] 10.244.3.18:5556 - 42622 "A IN cart." NOERROR')  # fmt: skip
    cluster.told("coredns-abc12-m9fd4", "13:03:58.131 [ERROR] plugin/errors: 2 api.example.com. A: i/o timeout",
                 "13:03:59.000 [WARNING] plugin/health: slow")  # fmt: skip
    cluster.told("coredns-abc12-x2lpv", "13:03:58.150 \x1b[32m[INFO]\x1b[0m green \x1b[2J not obeyed")
    return cluster


@asynccontextmanager
async def logs_of(
    cluster: ClusterWithLogs, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None]]]:
    """Pane 6, which begins with coredns."""
    async with running({"aks-prod": cluster}, size, pane="logs") as (app, pilot):
        yield app, pilot


def order(app: KubetuiApp, *texts: str) -> list[int]:
    shown = screen_text(app)
    return [shown.index(text) for text in texts]


@pytest.mark.parametrize("size", SIZES)
async def test_lines_of_all_pods_stand_in_the_order_of_their_times(size: tuple[int, int]) -> None:
    cluster = coredns()
    async with logs_of(cluster, size) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await until(pilot, shows(app, "3 live"))

        places = order(app, "ledger", "timeout", "green", "cart", "slow")
        assert places == sorted(places)

        def shown() -> str:
            return "".join(f"{line}\n" for line in screen_text(app).splitlines() if not line.startswith(" Logs"))

        await assert_becomes(pilot, f"logs-{size[0]}x{size[1]}", shown)


async def test_new_lines_come_while_it_is_looked_at_and_wait_while_it_is_paused() -> None:
    cluster = coredns()
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await cluster.tells("coredns-abc12-7kq2x", "13:04:01.000 first after")
        await until(pilot, shows(app, "first after"))

        await pilot.press("space")
        await cluster.tells("coredns-abc12-7kq2x", "13:04:02.000 second after")
        await until(pilot, shows(app, "paused, 1 new"))
        assert "second after" not in screen_text(app)

        await pilot.press("space")
        await until(pilot, shows(app, "second after"))


async def test_only_what_matches_is_shown_with_context_and_esc_shows_all() -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("ampersand", *"timeout", "enter")
        await until(pilot, hides(app, "ledger"))
        assert "1 of 5" in screen_text(app)

        await pilot.press("right_parenthesis")
        await until(pilot, shows(app, "ledger"))
        assert "slow" not in screen_text(app)

        await pilot.press("escape")
        await until(pilot, shows(app, "slow"))


async def test_a_filter_that_lets_nothing_through_says_so_and_what_may_have_been_meant() -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("ampersand", *"SERVFAIL|REFUSED", "enter")

        await until(pilot, shows(app, "none of the 5 lines held is let through"))
        assert "/SERVFAIL|REFUSED/ is a regular expression" in screen_text(app)


async def test_an_expression_that_takes_too_long_is_stopped_and_hides_nothing() -> None:
    cluster = coredns()
    cluster.told("coredns-abc12-7kq2x", *[f"13:04:{second:02}.000 {'a' * 60}b" for second in range(10)])
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "aaaa"))
        await pilot.press("ampersand", *"/^(a|aa)+$/", "enter")

        await until(pilot, shows(app, "takes too long on these lines"))
        assert "aaaa" in screen_text(app)


async def test_levels_are_gone_through() -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("L")
        await until(pilot, hides(app, "ledger"))
        assert "slow" in screen_text(app)
        await pilot.press("L")
        await until(pilot, hides(app, "slow"))
        assert "timeout" in screen_text(app)
        await pilot.press("L")
        await until(pilot, shows(app, "ledger"))


async def test_a_source_is_hidden_by_its_name() -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("s")
        await until(pilot, shows(app, "Sources of deploy/coredns"))
        await pilot.press("j", "space", "enter")

        await until(pilot, hides(app, "timeout"))
        assert "1 hidden" in screen_text(app)
        assert "ledger" in screen_text(app)


async def test_what_a_terminal_would_obey_is_shown_and_colours_are_kept() -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "green"))
        assert "[INFO] green ␛[2J not obeyed" in screen_text(app)


async def test_a_search_goes_to_matches_and_n_to_the_next() -> None:
    cluster = coredns()
    cluster.told("coredns-abc12-7kq2x", *(f"13:04:{n // 10:02}.{n % 10}00 line {n}" for n in range(300)))
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "line 299"))
        await pilot.press("slash", *"timeout", "enter")
        await until(pilot, shows(app, "i/o timeout"))
        await pilot.press("slash", *"line 150", "enter")
        await until(pilot, shows(app, "line 150"))
        await pilot.press("G")
        await until(pilot, shows(app, "line 299"))


async def test_a_time_is_gone_to() -> None:
    cluster = coredns()
    cluster.said["kube-system", "coredns-abc12-7kq2x"].clear()
    cluster.told("coredns-abc12-7kq2x", *(f"12:{n // 10:02}:{n % 10:02}.000 line {n}" for n in range(300)))
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("at", *"12:10Z", "enter")
        await until(pilot, shows(app, "line 100"))
        assert "slow" not in screen_text(app)

        await pilot.press("at", *"soon", "enter")
        await until(pilot, shows(app, "✖ no time; 12:03"))


async def test_times_go_through_their_formats() -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "13:03:58.114"))
        await pilot.press("t", "t")
        await until(pilot, shows(app, "ago"))
        await pilot.press("t")
        await until(pilot, hides(app, "13:03:58.114  7kq2x"))
        await until(pilot, shows(app, "times off"))


async def test_marked_lines_are_gone_to_and_copied() -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("slash", *"timeout", "enter")
        await pilot.press("v")
        await pilot.press("slash", *"slow", "enter")
        await pilot.press("v")
        await until(pilot, shows(app, "2 marked"))

        await pilot.press("c")

        copied = app.clipboard.splitlines()
        assert "timeout" in copied[0]
        assert "slow" in copied[-1]


async def test_the_lines_shown_are_saved_with_their_true_bytes(tmp_path: Path) -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("ampersand", *"green", "enter")
        await until(pilot, hides(app, "slow"))
        await pilot.press("S")
        await pilot.pause()
        await pilot.press("ctrl+u", *str(tmp_path / "dns.log"), "enter")
        await until(pilot, lambda: (tmp_path / "dns.log").exists())

        saved = (tmp_path / "dns.log").read_bytes()
        assert saved == (
            b"2026-11-21T13:03:58.150000000Z kube-system/coredns-abc12-x2lpv/app "
            b"\x1b[32m[INFO]\x1b[0m green \x1b[2J not obeyed\n"
        )


async def test_since_and_previous_read_anew() -> None:
    cluster = coredns()
    cluster.told("coredns-abc12-7kq2x", "12:00:00.000 last words", previous=True)
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "since 15m"))
        await pilot.press("5")
        await until(pilot, shows(app, "since 1h"))
        await pilot.press("p")
        await until(pilot, shows(app, "last words"))
        assert "previous containers" in screen_text(app)
        await pilot.press("p")
        await until(pilot, shows(app, "slow"))


async def test_l_on_a_pod_shows_that_pods_lines_and_esc_comes_back() -> None:
    cluster = coredns()
    async with running({"aks-prod": cluster}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "coredns-abc12-m9fd4"))
        await pilot.press("j", "l")
        await until(pilot, shows(app, "timeout"))
        assert "ledger" not in screen_text(app)

        await pilot.press("escape")
        await until(pilot, shows(app, "Pods  all namespaces"))
        await pilot.press("6")
        await until(pilot, shows(app, "Logs  pod/coredns-abc12-m9fd4"))


async def test_l_on_marked_pods_shows_them_together() -> None:
    async with running({"aks-prod": coredns()}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "coredns-abc12-m9fd4"))
        await pilot.press("space", "space", "l")
        await until(pilot, shows(app, "timeout"))
        assert "ledger" in screen_text(app)
        assert "green" not in screen_text(app)


async def test_l_where_there_is_nothing_to_read_says_so() -> None:
    async with running({"aks-prod": ClusterWithLogs([])}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "no pods"))
        await pilot.press("l")
        await until(pilot, shows(app, "nothing under the cursor"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("pod/coredns-abc12-m9fd4 -n kube-system", "Logs  pod/coredns-abc12-m9fd4"),
        ("-l k8s-app=kube-dns -A", "Logs  -l k8s-app=kube-dns · follow"),
        ("zebra/x", "logs of 'zebra' are not known"),
        ("coredns coredns", "name one of the two"),
        ("-l", "-l needs a value"),
    ],
)
async def test_other_logs_are_named(typed: str, said: str) -> None:
    async with logs_of(coredns()) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("o")
        await pilot.pause()
        await pilot.press(*typed, "enter")
        await until(pilot, shows(app, said))


async def test_a_target_without_pods_and_one_that_is_not_there() -> None:
    cluster = coredns()
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "slow"))
        await pilot.press("o")
        await pilot.pause()
        await pilot.press(*"nobody -A", "enter")
        await until(pilot, shows(app, "nobody has no pods in all namespaces"))
        await pilot.press("o")
        await pilot.pause()
        await pilot.press(*"deploy/gone -n kube-system", "enter")
        await until(pilot, shows(app, "find deploy/gone"))


async def test_a_container_that_may_not_be_read_says_which_right_is_missing() -> None:
    cluster = coredns()
    cluster.refused["kube-system", "coredns-abc12-m9fd4"] = Forbidden(
        "read logs", 'pods "coredns-abc12-m9fd4" is forbidden: User "me" cannot get resource "pods/log"', status=403
    )
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "forbidden 1"))
        await pilot.press("s")
        await until(pilot, shows(app, "forbidden:"))
        assert "get pods/log" in screen_text(app)


async def test_more_containers_than_streams_are_named_and_opened_on_demand() -> None:
    cluster = ClusterWithLogs([speaker(f"kube-proxy-{n:03}", owner="coredns-abc12") for n in range(53)])
    cluster.add("deployments", dns())
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "▲ 3 containers more are not shown: at most 50 streams"))
        await pilot.press("plus")
        await until(pilot, hides(app, "containers more are not shown"))
        await until(pilot, shows(app, "53 live"))


async def test_leaving_the_logs_ends_their_streams() -> None:
    cluster = coredns()
    async with running({"aks-prod": cluster}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "coredns-abc12-m9fd4"))
        await pilot.press("l")
        await until(pilot, shows(app, "ledger"))
        feed: Any = app.current
        task = feed.feed._task
        await pilot.press("escape")
        await until(pilot, task.done)


async def test_the_command_line_names_the_logs_to_begin_with() -> None:
    asked = LogsAsked("pod/coredns-abc12-m9fd4", namespaces=frozenset({"kube-system"}), options=LogOptions(tail=10))
    cluster = coredns()
    async with running({"aks-prod": cluster}, pane="logs", logs=asked) as (app, pilot):
        await until(pilot, shows(app, "Logs  pod/coredns-abc12-m9fd4"))
        await until(pilot, shows(app, "timeout"))
        assert "ledger" not in screen_text(app)
        assert cluster.log_queries[0]["tailLines"] == "10"


async def test_esc_leads_out_of_the_pane_in_which_digits_mean_something_else() -> None:
    async with running({"aks-prod": coredns()}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "coredns-abc12-m9fd4"))
        await pilot.press("6")
        await until(pilot, shows(app, "Logs  deploy/coredns"))
        await pilot.press("escape")
        await until(pilot, shows(app, "Pods  "))


async def test_streams_that_can_not_be_read_are_not_called_empty() -> None:
    cluster = coredns()
    for end in ("7kq2x", "m9fd4", "x2lpv"):
        cluster.refused["kube-system", f"coredns-abc12-{end}"] = Unreachable("read logs", "no agent available", "wait")
    async with logs_of(cluster) as (app, pilot):
        await until(pilot, shows(app, "no agent available"))
        assert "no lines" not in screen_text(app)
        assert "stale" in screen_text(app).splitlines()[0]

"""Going down in Top: the filter leaves exactly what was counted in the line."""

from __future__ import annotations

import pytest

from kubetui.insight.usage import Asked, UsageRow
from kubetui.insight.usage_book import NO_POOL, Level
from kubetui.store.filter import parse_filter
from kubetui.ui.top_columns import top_columns
from kubetui.ui.top_levels import down


def left(level: Level, line: UsageRow, rows: list[UsageRow], *, namespaces: bool = True) -> list[str]:
    """The rows one level down that the line's filter lets through."""
    below = down(level, line, namespaces=namespaces)
    assert below is not None
    columns = top_columns(below[0], lambda: None, lambda key: None)
    shown = [column for column in columns if namespaces or column.title != "NAMESPACE"]
    found = parse_filter(below[1], shown, None)
    return [f"{row.namespace}/{row.name}" for row in rows if found is None or found.keep(row)]


PODS = [
    UsageRow("a", name)
    for name in ("web-6d4f-x2x2x", "web-api-6d4f-x2x2x", "web-0", "web-x2x2x", "web", "my.web-6d4f-x2x2x")
] + [UsageRow("aa", "web-6d4f-x2x2x")]


@pytest.mark.parametrize(
    ("name", "pods"),
    [
        ("Deployment/web", ["a/web-6d4f-x2x2x"]),
        ("Deployment/web-api", ["a/web-api-6d4f-x2x2x"]),
        ("Deployment/my.web", ["a/my.web-6d4f-x2x2x"]),
        ("StatefulSet/web", ["a/web-0"]),
        ("DaemonSet/web", ["a/web-0", "a/web-x2x2x"]),
        ("Pod/web", ["a/web"]),
    ],
)
def test_a_workloads_pods_are_those_of_its_namespace_and_name(name: str, pods: list[str]) -> None:
    assert left(Level.WORKLOADS, UsageRow("a", name), PODS) == pods


def test_a_name_that_pods_may_not_hold_whole_is_taken_by_its_beginning() -> None:
    name = "a-very-long-name-" * 3
    pods = [UsageRow("a", f"{name}6d4f-x2x2x"[:63]), UsageRow("a", "web-0")]
    assert len(left(Level.WORKLOADS, UsageRow("a", f"Deployment/{name}"), pods)) == 1


def test_a_namespaces_pods_are_not_those_of_one_with_a_longer_name() -> None:
    assert "aa/web-6d4f-x2x2x" not in left(Level.NAMESPACES, UsageRow("", "a"), PODS)
    assert len(left(Level.NAMESPACES, UsageRow("", "a"), PODS)) == 6


def test_where_one_namespace_is_shown_its_name_stands_in_no_row() -> None:
    one = PODS[:2]
    assert len(left(Level.NAMESPACES, UsageRow("", "a"), one, namespaces=False)) == 2
    assert left(Level.WORKLOADS, UsageRow("a", "Deployment/web"), one, namespaces=False) == ["a/web-6d4f-x2x2x"]


def test_a_pods_containers_are_its_own() -> None:
    containers = [UsageRow("a", "web-0/app"), UsageRow("aa", "web-0/app"), UsageRow("a", "web-01/app")]
    assert left(Level.PODS, UsageRow("a", "web-0"), containers) == ["a/web-0/app"]


def test_nodes_of_a_pool_and_of_none() -> None:
    nodes = [UsageRow("", "n1", group="gen"), UsageRow("", "n2", group="general"), UsageRow("", "n3")]
    assert left(Level.POOLS, UsageRow("", "gen"), nodes) == ["/n1"]
    assert left(Level.POOLS, UsageRow("", NO_POOL), nodes) == ["/n3"]


@pytest.mark.parametrize("level", list(Level))
def test_every_figure_can_be_filtered_by(level: Level) -> None:
    columns = top_columns(level, lambda: None, lambda key: None)
    assert [one.title for one in columns if one.right and one.title != "SAMPLE" and one.amount is None] == []


def test_what_has_no_limit_is_below_no_figure() -> None:
    rows = [UsageRow("a", "open"), UsageRow("a", "small", asked=Asked(memory_limit=64 << 20))]
    found = parse_filter("memlim<128Mi", top_columns(Level.PODS, lambda: None, lambda key: None), None)
    assert found is not None
    assert [row.name for row in rows if found.keep(row)] == ["small"]

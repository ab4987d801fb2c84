"""``kubetui top`` on standard output: kubectl's columns and more, or JSON with null for what is unknown."""

from __future__ import annotations

import json

import pytest

from kubetui.headless.top.command_line import parser
from kubetui.headless.top.written import objects, ordered, text
from kubetui.insight.usage import Asked, Trouble, UsageRow
from kubetui.insight.usage_book import Level
from kubetui.kinds.usage import Usage

NOW = 1_795_000_000.0
MI = 1 << 20
ROWS = [
    UsageRow("x", "idle", at=int(NOW) - 9, usage=Usage(1_000_000, 300 * MI), asked=Asked(500, 0, 0, 400 * MI)),
    UsageRow("x", "busy", at=int(NOW) - 5, usage=Usage(900_000_001, 100 * MI), asked=Asked(500, 1000, MI, 400 * MI)),
    UsageRow("a", "new", asked=Asked(100, 0, 0, 0), unsampled=1),
]


@pytest.mark.parametrize(
    ("sort", "names"),
    [("cpu", ["busy", "idle", "new"]), ("memory", ["idle", "busy", "new"]), ("name", ["new", "busy", "idle"])],
)
def test_the_order(sort: str, names: list[str]) -> None:
    assert [row.name for row in ordered(ROWS, sort)] == names


def test_as_text_the_columns_line_up_and_nothing_unknown_is_zero() -> None:
    lines = text(ordered(ROWS, "cpu"), Level.PODS, NOW).splitlines()
    head = "NAMESPACE  NAME  CPU  CPU REQ  CPU LIM  CPU %LIM  MEMORY  MEM REQ  MEM LIM  MEM %LIM  SAMPLE  LOOK"
    assert " ".join(lines[0].split()) == " ".join(head.split())
    assert lines[1].split() == ["x", "busy", "901m", "500m", "1000m", "90%", "100Mi", "1Mi", "400Mi", "25%", "5s"]
    assert lines[3].split() == ["a", "new", "–", "100m", "–", "–", "–", "–", "–", "–", "–"]


def test_what_numbers_mean_is_said_and_a_sum_that_lacks_some_is_marked() -> None:
    bad = UsageRow(
        "x", "a", at=1, usage=Usage(1, MI), trouble=(Trouble.OOM_KILLED, Trouble.THROTTLED), since=int(NOW) - 120,
        asked=Asked(cpu_limit=250),
    )  # fmt: skip
    assert text([bad], Level.PODS, NOW).splitlines()[1].endswith("OOMKilled 2m ago, at CPU limit (250m): throttled")
    total = UsageRow("", "team", at=1, usage=Usage(5_000_000, MI), members=3, unsampled=1, asked=Asked(cpu_limit=10))
    line = text([total], Level.NAMESPACES, NOW).splitlines()[1]
    assert " ≥5m " in line
    assert " ≥50% " in line


def test_as_json_what_is_unknown_is_null() -> None:
    document = json.loads(objects(ordered(ROWS, "cpu"), Level.PODS))
    assert document["kind"] == "pods"
    assert document["items"][0]["cpuNanocores"] == 900_000_001
    assert document["items"][2]["cpuNanocores"] is None
    assert document["items"][2]["membersNotSampled"] == 1


def test_a_hostile_name_is_made_harmless() -> None:
    assert "\x1b" not in text([UsageRow("x", "a\x1b[2J")], Level.NODES, NOW)


def test_wrong_arguments_leave_with_2() -> None:
    with pytest.raises(SystemExit) as left:
        parser().parse_args(["gpus"])
    assert left.value.code == 2

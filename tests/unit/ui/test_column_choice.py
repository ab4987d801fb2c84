"""A pane's columns as the settings want them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kubetui.kinds.kind import Column
from kubetui.kinds.pod import POD_COLUMNS
from kubetui.kinds.pod_row import PodRow
from kubetui.settings.settings import PaneSettings
from kubetui.ui.column_choice import ColumnChoice, unknown_columns
from kubetui.ui.known_columns import known_columns

ROW = PodRow("team-04", "checkout-0", 1, labels=(("app", "checkout"), ("topology.kubernetes.io/zone", "westeurope-1")))


def choice(**wanted: object) -> ColumnChoice[PodRow]:
    return ColumnChoice(PaneSettings(**wanted), lambda row: row.labels)  # type: ignore[arg-type]  # the tests' own


def titles(columns: Sequence[Column[PodRow]]) -> list[str]:
    return [column.title for column in columns]


def test_without_a_wish_they_are_the_panes_own() -> None:
    assert titles(choice().of(POD_COLUMNS, wide=False)) == [one.title for one in POD_COLUMNS if not one.wide]
    assert titles(choice().of(POD_COLUMNS, wide=True)) == titles(POD_COLUMNS)


def test_named_ones_come_first_in_their_order_and_a_wide_one_stays() -> None:
    assert titles(choice(columns=("name", "IP", "STATUS")).of(POD_COLUMNS, wide=False))[:4] == [
        "NAME", "IP", "STATUS", "NAMESPACE",
    ]  # fmt: skip


def test_hidden_ones_are_gone_in_wide_too() -> None:
    for wide in (False, True):
        assert "OWNER" not in titles(choice(hidden=("owner",)).of(POD_COLUMNS, wide=wide))


def test_not_all_can_be_hidden() -> None:
    assert titles(choice(hidden=tuple(titles(POD_COLUMNS))).of(POD_COLUMNS, wide=False)) == ["NAMESPACE"]


def test_a_width_is_fixed() -> None:
    name = next(one for one in choice(widths={"NAME": 30}).of(POD_COLUMNS, wide=False) if one.title == "NAME")
    assert (name.width, name.max_width) == (30, 30)


def test_a_labels_column() -> None:
    shown = choice(columns=("NAME", "label:topology.kubernetes.io/zone", "label:gone")).of(POD_COLUMNS, wide=False)
    assert titles(shown)[:3] == ["NAME", "ZONE", "GONE"]
    assert [column.text(ROW, 0.0) for column in shown[:3]] == ["checkout-0", "westeurope-1", ""]
    assert shown[1].sort(ROW) == "westeurope-1"
    assert shown[1].from_table == "absent"


def test_a_labels_column_that_would_be_called_as_another_has_its_whole_key() -> None:
    assert titles(choice(columns=("label:x/node",)).of(POD_COLUMNS, wide=False))[0] == "X/NODE"


def test_of_two_labels_with_one_last_part_the_second_has_its_whole_key() -> None:
    shown = choice(columns=("label:a/zone", "label:b/zone", "label:a/zone")).of(POD_COLUMNS, wide=False)
    assert titles(shown)[:3] == ["ZONE", "B/ZONE", "NAMESPACE"]


def test_a_column_named_twice_is_there_once() -> None:
    assert titles(choice(columns=("NAME", "name", "label:")).of(POD_COLUMNS, wide=False)).count("NAME") == 1
    assert unknown_columns(PaneSettings(("label:",)), titles(POD_COLUMNS)) == [("columns", "label:")]


@pytest.mark.parametrize("wide", [False, True])
def test_the_same_columns_give_the_same_objects(wide: bool) -> None:
    chosen = choice(columns=("label:app", "NAME"), widths={"NAME": 9})
    first, second = chosen.of(POD_COLUMNS, wide=wide), chosen.of(POD_COLUMNS, wide=wide)
    assert all(one is other for one, other in zip(first, second, strict=True))


def test_what_a_pane_has_not_is_named() -> None:
    wanted = PaneSettings(("NAME", "label:x/zone", "NOPE"), ("NADA",), {"ZONE": 9, "NIL": 3})
    assert unknown_columns(wanted, titles(POD_COLUMNS)) == [("columns", "NOPE"), ("hidden", "NADA"), ("widths", "NIL")]


def test_the_panes_whose_columns_are_known() -> None:
    assert {"pods", "nodes", "deployments", "daemonsets", "events", "containers", "kinds"} <= set(known_columns())
    assert "CPU REQ" in known_columns()["nodes"]

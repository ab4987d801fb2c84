"""Columns as the server defines them: kubectl's texts, ages that go on, an order and a meaning where there is one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.kinds.age import human_duration
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.server_columns import cell_text, columns_filled, columns_for, in_trouble, is_filled
from kubetui.kinds.server_table import (
    PLAIN_HEAD,
    Printed,
    ServerColumn,
    TableRow,
    TableRowWire,
    head_of,
    plain_row,
    table_row,
)

AT = 1_795_262_640.0
"""When the Tables came."""
NAME = ServerColumn("Name", format="name")


def row(*cells: Any, head: tuple[ServerColumn, ...], **metadata: Any) -> TableRow:
    found = {"cells": cells, "object": {"metadata": {"name": str(cells[0]), **metadata}}}
    wire = msgspec.json.decode(msgspec.json.encode(found), type=TableRowWire)
    return table_row(Printed(wire, head_of(head), "", "7", AT))


def shown(found: TableRow, now: float = AT) -> dict[str, str]:
    return {column.title: column.text(found, now) for column in columns_for(found.head)}


def column(found: TableRow, title: str) -> Column[TableRow]:
    return next(one for one in columns_for(found.head) if one.title == title)


# --- texts


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Running", "Running"),
        (None, ""),
        (3, "3"),
        (0.5, "0.5"),
        (True, "true"),
        (False, "false"),
        ("<none>", "<none>"),
        ("one\ntwo", "one..."),
        ("one\r\ntwo", "one..."),
        ("", ""),
    ],
)
def test_a_cell_reads_as_kubectl_prints_it(cell: Any, text: str) -> None:
    assert cell_text(cell) == text


def test_titles_are_upper_case_and_each_stands_once() -> None:
    head = (NAME, ServerColumn("Status"), ServerColumn("status"), ServerColumn("Namespace"))
    assert [one.title for one in columns_for(head)] == [
        "NAMESPACE", "NAME", "STATUS", "STATUS 2", "NAMESPACE 2", "DELETING",
    ]  # fmt: skip


def test_a_priority_over_zero_is_wide_and_numbers_stand_right() -> None:
    head = (NAME, ServerColumn("Count", "integer"), ServerColumn("IP", priority=1))
    wide = {one.title: (one.wide, one.right) for one in columns_for(head)}
    assert (wide["COUNT"], wide["IP"]) == ((False, True), (True, False))
    assert [one.title for one in columns_for(head) if one.priority == 0] == ["NAME"]


def test_the_first_column_stays_where_the_server_names_none() -> None:
    head = (ServerColumn("Last Seen"), ServerColumn("Message"))
    assert [one.title for one in columns_for(head) if one.priority == 0] == ["LAST SEEN"]


def test_the_name_is_the_servers_cell_and_the_key_the_objects_name() -> None:
    """StorageClasses print ``default (default)``."""
    found = row("default (default)", head=(NAME,))
    found = msgspec.structs.replace(found, name="default")
    assert shown(found)["NAME"] == "default (default)"
    assert column(found, "NAME").sort(found) == "default"


def test_a_row_of_another_table_is_read_by_the_columns_name() -> None:
    old = row("a", "Ready", head=(NAME, ServerColumn("State")))
    new = columns_for(head_of((NAME, ServerColumn("Phase"), ServerColumn("State"))))
    assert [one.text(old, AT) for one in new[1:-1]] == ["a", "", "Ready"]


def test_fewer_cells_than_columns_are_no_crash() -> None:
    assert shown(row("a", head=(NAME, ServerColumn("State"), ServerColumn("Age"))))["STATE"] == ""


def test_columns_without_anything_in_them_leave_a_narrow_screen_first() -> None:
    head = head_of((NAME, ServerColumn("Status"), ServerColumn("Source"), ServerColumn("Age")))
    priorities = {one.title: one.priority for one in columns_filled(head, frozenset({0, 1, 3}))}
    assert max(priorities, key=lambda title: priorities[title]) == "SOURCE"
    assert priorities["NAME"] == 0
    assert [is_filled(cell) for cell in (None, "", "<none>", "<unset>", 0, False, "x")] == [False] * 4 + [True] * 3


# --- ages


def test_an_age_goes_on_from_the_creation() -> None:
    found = row("a", "5m", head=(NAME, ServerColumn("Age")), creationTimestamp="2026-11-21T11:59:00Z")
    assert shown(found)["AGE"] == "5m"
    assert shown(found, AT + 3600)["AGE"] == "65m"


def test_an_age_of_something_else_than_the_object_goes_on_from_its_cell() -> None:
    """A custom resource may call any time ``Age``."""
    found = row("a", "10s", head=(NAME, ServerColumn("Age", "date")), creationTimestamp="2026-01-01T00:00:00Z")
    assert shown(found, AT + 5)["AGE"] == "15s"


@pytest.mark.parametrize("title", ["CreationTime", "Last Schedule"])
def test_other_ages_go_on_from_their_cell(title: str) -> None:
    found = row("a", "90s", head=(NAME, ServerColumn(title, "date" if title == "CreationTime" else "string")))
    assert shown(found, AT + 90)[title.upper()] == "3m"


@pytest.mark.parametrize("cell", ["<unknown>", "<none>", "<invalid>", "2026-08-23T09:44:36Z", "never", ""])
def test_what_is_no_age_stays_as_it_is(cell: str) -> None:
    """``<invalid>`` is a time that is still to come: it must not seem to count."""
    found = row("a", cell, head=(NAME, ServerColumn("Expires", "date")))
    assert shown(found, AT + 1000)["EXPIRES"] == cell


def test_a_jobs_duration_grows_until_it_is_done() -> None:
    head = (NAME, ServerColumn("Status"), ServerColumn("Duration"))
    assert shown(row("a", "Running", "5s", head=head), AT + 10)["DURATION"] == "15s"
    assert shown(row("a", "Complete", "5s", head=head), AT + 10)["DURATION"] == "5s"


@given(st.integers(0, 20 * 365 * 86_400), st.integers(-120, 120))
def test_a_live_age_begins_as_the_servers_own_words(ago: int, skew: int) -> None:
    """Whatever the two clocks think: the text may be off by their difference, and by no more."""
    created = AT - ago
    text = human_duration(ago)
    found = TableRow(
        "", "a", 1, head_of((NAME, ServerColumn("Age"))), ("a", text), int(AT), created=int(created + skew)
    )
    assert shown(found)["AGE"] in (human_duration(max(0, ago - skew)), human_duration(ago))


# --- order


def test_numbers_are_sorted_as_numbers_and_what_is_none_last() -> None:
    head = (NAME, ServerColumn("Count", "integer"))
    rows = [row(name, count, head=head) for name, count in (("a", 10), ("b", 9), ("c", None), ("d", -1))]
    assert [one.name for one in sorted(rows, key=column(rows[0], "COUNT").sort)] == ["d", "b", "a", "c"]


def test_quantities_by_their_worth_and_texts_by_their_numbers() -> None:
    head = (NAME, ServerColumn("Size"))
    sizes = ("10Gi", "900Mi", "pvc-10", "pvc-9", "", "1Ti")
    rows = [row(size or "none", size, head=head) for size in sizes]
    assert [one.cells[1] for one in sorted(rows, key=column(rows[0], "SIZE").sort)] == [
        "900Mi", "10Gi", "1Ti", "", "pvc-9", "pvc-10",
    ]  # fmt: skip


def test_the_youngest_is_first_and_an_age_that_is_none_last() -> None:
    head = (NAME, ServerColumn("Age"))
    rows = [row(age, age, head=head) for age in ("2d", "<unknown>", "5s", "3h")]
    assert [one.name for one in sorted(rows, key=column(rows[0], "AGE").sort)] == ["5s", "3h", "2d", "<unknown>"]


CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.text())


@given(st.lists(CELLS, min_size=2, max_size=8), st.sampled_from(["string", "integer", "number", "date", "boolean"]))
def test_whatever_a_column_holds_its_cells_can_be_sorted_and_read(cells: list[Any], kind: str) -> None:
    head = head_of((NAME, ServerColumn("Value", kind)))
    rows = [TableRow("", str(at), 1, head, (str(at), cell), int(AT)) for at, cell in enumerate(cells)]
    value = column(rows[0], "VALUE")
    assert len(sorted(rows, key=value.sort)) == len(rows)
    assert all("\n" not in value.text(one, AT) for one in rows)


# --- meanings


@pytest.mark.parametrize(
    ("title", "cell", "trouble"),
    [
        ("Status", "Failed", True),
        ("Status", "Bound", False),
        ("Phase", "Lost", True),
        ("Available", "False (MissingEndpoints)", True),
        ("Available", "True", False),
        ("Ready", "2/3", True),
        ("Ready", "3/3", False),
        ("Ready", "False", True),
        ("Completions", "0/1", False),
        ("Comment", "Failed", False),
        ("ReadyToUse", False, True),
        ("ReadyToUse", True, False),
        ("Suspend", False, False),
    ],
)
def test_a_word_that_says_that_something_is_wrong_is_found_under_titles_of_states(
    title: str, cell: Any, trouble: bool
) -> None:
    found = row("a", cell, head=(NAME, ServerColumn(title)))
    assert in_trouble(found) is trouble
    meaning = column(found, title.upper()).meaning
    assert ((meaning(found) if meaning else Meaning.PLAIN) is Meaning.LOOK) is trouble


def test_what_waits_to_be_gone_says_since_when() -> None:
    found = row("a", head=(NAME,), deletionTimestamp="2026-11-21T12:00:00Z")
    assert shown(found)["DELETING"] == human_duration(AT - found.deleted)
    assert in_trouble(found)


# --- rows


def test_a_row_takes_its_name_and_namespace_from_its_object() -> None:
    found = row("a", head=(NAME,), namespace="team-04", resourceVersion="41", labels={"app": "web"})
    assert (found.namespace, found.name, found.version, found.labels) == ("team-04", "a", 41, (("app", "web"),))


def test_a_row_without_an_object_is_named_by_its_cell_and_by_what_was_asked_for() -> None:
    """Some aggregated API servers print no objects."""
    wire = TableRowWire(["a", 3])
    found = table_row(Printed(wire, head_of((NAME, ServerColumn("Count"))), "team-04", "9", AT))
    assert (found.namespace, found.name, found.version) == ("team-04", "a", 9)


@pytest.mark.parametrize("cells", [[], [None], [""]])
def test_a_row_without_a_name_is_unreadable(cells: list[Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        table_row(Printed(TableRowWire(cells), head_of((NAME,)), "", "", AT))


def test_cells_that_are_no_scalars_are_shown_as_json() -> None:
    assert shown(row("a", {"b": [1]}, head=(NAME, ServerColumn("Value"))))["VALUE"] == '{"b":[1]}'


def test_an_object_in_place_of_a_table_row_has_a_name_and_an_age() -> None:
    from kubetui.kinds.server_table import TableObjectWire

    raw = b'{"metadata":{"name":"a","resourceVersion":"3","creationTimestamp":"2026-11-21T12:00:00Z"},"spec":{}}'
    found = plain_row(msgspec.json.decode(raw, type=TableObjectWire), AT)
    assert found.head is PLAIN_HEAD
    assert shown(found, float(found.created) + 60)["AGE"] == "60s"


def test_equal_heads_are_one_object() -> None:
    assert head_of([ServerColumn("Name", format="name")]) is head_of([ServerColumn("Name", format="name")])

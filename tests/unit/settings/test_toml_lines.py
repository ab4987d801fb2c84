"""The line of every key, wherever TOML lets it stand."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.settings.toml_lines import key_lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1\nb = 2", {("a",): 1, ("b",): 2}),
        ("# c\n\n  a = 1", {("a",): 3}),
        ("[t]\na = 1\n[t.u]\nb = 2", {("t",): 1, ("t", "a"): 2, ("t", "u"): 3, ("t", "u", "b"): 4}),
        ('[t."x.y"]\n"a b" = 1', {("t", "x.y"): 1, ("t", "x.y", "a b"): 2}),
        ("a.b = 1\na . 'c' = 2", {("a", "b"): 1, ("a", "c"): 2}),
        ('a = [\n  "x = 1",\n  "y",\n]\nb = 1', {("a",): 1, ("b",): 5}),
        ('a = """\nx = 1\n[t]\n"""\nb = 1', {("a",): 1, ("b",): 5}),
        ("a = '''\nx = 1'''\nb = 1", {("a",): 1, ("b",): 3}),
        ('a = "# no [ comment" # [ a comment\nb = 1', {("a",): 1, ("b",): 2}),
        ("a = { x = 1, y = [1] }\nb = 1", {("a",): 1, ("b",): 2}),
        ("[[t]]\na = 1\n[[t]]\na = 2", {("t",): 1, ("t", "a"): 2}),
        (r'"say \"it\"" = 1', {('say "it"',): 1}),
    ],
)
def test_where_keys_stand(text: str, lines: dict[tuple[str, ...], int]) -> None:
    assert key_lines(text) == lines


NAMES = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=8)
VALUES = st.sampled_from(["1", '"x = 1"', "[\n1,\n2,\n]", '"""\n[a]\nb = 2\n"""', "'''\n#'''", "{ a = 1 }", '"# x"'])


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=4))
def test_every_key_that_toml_reads_has_a_line_that_begins_with_it(tables: dict[str, dict[str, str]]) -> None:
    text = "".join(f"[{_quoted(name)}]\n" + "".join(f"{_quoted(key)} = {value}\n" for key, value in keys.items())
                   for name, keys in tables.items())  # fmt: skip
    found: dict[str, Any] = tomllib.loads(text)
    lines = key_lines(text)
    for table, keys in found.items():
        assert text.split("\n")[lines[table,] - 1].startswith("[")
        for key in keys:
            assert text.split("\n")[lines[table, key] - 1].startswith(_quoted(key))


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@given(st.text())
def test_no_text_ends_it(text: str) -> None:
    assert all(line > 0 for line in key_lines(text).values())

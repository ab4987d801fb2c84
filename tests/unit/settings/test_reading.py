"""What the settings file says is used; what can't be used is named with its line, and nothing else is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.target import LogTarget
from kubetui.settings.document import default_file
from kubetui.settings.fields import FIELDS
from kubetui.settings.reading import nearest, parse
from kubetui.settings.settings import ContextSettings, LogSettings, PaneSettings, Read, Settings
from kubetui.ui.logs_desk import LogChoice

EVERYTHING = """\
pane = "nodes"
theme = "high-contrast"
marks = "ascii"
times = "local"
mouse = false
repaints = 5
log_file = "/tmp/x.log"

[logs]
since = "all"
lines = 5000
streams = 9

[contexts."aks-prod"]
namespaces = ["team-04", "team-05"]

[contexts.kind]
namespaces = "*"

[keys]
problems = "f5"
"namespace.all" = ["0", "ctrl+n"]

[panes.pods]
columns = ["NAME", "label:app"]
hidden = ["OWNER"]
widths = { NAME = 48, NODE = 20 }
"""


def read(text: str) -> Read:
    return parse(text, "config.toml")


def told(text: str) -> list[str]:
    return [str(problem) for problem in read(text).problems]


def test_everything_that_may_be_said() -> None:
    found = read(EVERYTHING)
    assert found.problems == []
    assert found.settings == Settings(
        pane="nodes",
        theme="high-contrast",
        marks="ascii",
        times="local",
        mouse=False,
        repaints=5,
        log_file="/tmp/x.log",
        logs=LogSettings("all", 5000, 9),
        contexts={"aks-prod": ContextSettings(("team-04", "team-05")), "kind": ContextSettings(("*",))},
        keys={"problems": ("f5",), "namespace.all": ("0", "ctrl+n")},
        panes={"pods": PaneSettings(("NAME", "label:app"), ("OWNER",), {"NAME": 48, "NODE": 20})},
    )


@pytest.mark.parametrize(("since", "seconds"), [("1m", 60.0), ("15m", 900.0), ("24h", 86_400.0), ("all", None)])
def test_how_far_back_logs_begin(since: str, seconds: float | None) -> None:
    assert read(f'[logs]\nsince = "{since}"').settings.logs.seconds == seconds


def test_logs_begin_as_the_settings_want_them() -> None:
    choice = LogChoice(LogTarget(frozenset({"kube-system"}), "deployments", "coredns"))
    options = choice.options(LogSettings("1h", streams=7))
    assert (options.since, options.most_streams) == (3600.0, 7)


def test_an_age_that_was_named_and_the_run_before_are_left_alone() -> None:
    choice = LogChoice(LogTarget(frozenset({"kube-system"}), "deployments", "coredns"), previous=True)
    assert choice.options(LogSettings("1h")).since is None
    named = replace(choice, previous=False, asked=LogOptions(since=900.0))
    assert named.options(LogSettings("1h", streams=7)).since == 900.0


def test_an_empty_file_changes_nothing() -> None:
    assert read("").settings == Settings()


def test_the_printed_defaults_change_nothing_and_hold_every_field() -> None:
    found = read(default_file())
    assert (found.settings, found.problems, found.lines) == (Settings(), [], {})
    for part in FIELDS:
        for line in part.example.splitlines():
            assert f"#{line}" in default_file().splitlines()


@pytest.mark.parametrize("part", FIELDS, ids=lambda part: part.path)
def test_every_example_is_understood(part: Any) -> None:
    found = read(part.example)
    assert found.problems == []
    assert found.settings != Settings()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('tehme = "dark"', "config.toml:1: unknown key tehme; meant perhaps: theme"),
        ("\n\nxyzzy = 1", "config.toml:3: unknown key xyzzy"),
        ('theme = "drak"',
         ("config.toml:1: theme knows no 'drak'; meant perhaps: dark; known: auto, dark, light, high-contrast,"
          " terminal, terminal-light")),
        ("mouse = 1", "config.toml:1: mouse is a number, and true or false is wanted: mouse = false"),
        ('repaints = "5"', "config.toml:1: repaints is a text, and a whole number is wanted: repaints = 5"),
        ("repaints = 0", "config.toml:1: repaints is from 1 to 30, not 0"),
        ("repaints = true", "config.toml:1: repaints is true or false, and a whole number is wanted: repaints = 5"),
        ('keys = "x"', "config.toml:1: keys is a table: write [keys] and its keys beneath it"),
        ("[panes.pods]\ncolums = []", "config.toml:2: unknown key panes.pods.colums; meant perhaps: columns"),
        ('[contexts."a b"]\nnamespaces = 7',
         ('config.toml:2: contexts."a b".namespaces is a number, and a text or a list of texts is wanted:'
         ' namespaces = ["team-04", "team-05"]')),
        ("[panes.pods.widths]\nNAME = 4\nNODE = 9999", "config.toml:1: panes.pods.widths is from 1 to 400, not 9999"),
        ("[pane]\nx = 1", 'config.toml:1: pane is a table, and a text in quotes is wanted: pane = "nodes"'),
        ("[[panes]]", "config.toml:1: panes is a table: write [panes] and its keys beneath it"),
        ("x = 2026-11-21", "config.toml:1: unknown key x"),
        ("times = 12:00:00",
         'config.toml:1: times is a date or a time, and a text in quotes is wanted: times = "local"'),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_what_is_meant(text: str, problem: str) -> None:
    assert told(text) == [problem]


def test_a_mistake_costs_only_itself() -> None:
    found = read('tehme = "x"\npane = "nodes"\n[keys]\nfilter = 7\nproblems = "f5"')
    assert (found.settings.pane, found.settings.keys) == ("nodes", {"problems": ("f5",)})
    assert [problem.line for problem in found.problems] == [1, 4]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('pane = "nodes"\ntheme = dark\n', 2),
        ('a = "x\n', 1),
        ("[keys\n", 1),
        ('x = """\n\n', 3),
        ("pane = 1\npane = 2", 2),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(text: str, line: int) -> None:
    found = read(text)
    assert found.settings == Settings()
    assert [problem.line for problem in found.problems] == [line]
    assert "no TOML" in found.problems[0].text


@given(st.text())
def test_no_text_ends_it(text: str) -> None:
    found = read(text)
    assert isinstance(found.settings, Settings)


JSON = st.recursive(
    st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(st.characters(codec="ascii")),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([part.path.split(".")[0] for part in FIELDS] + ["other"]), JSON, max_size=4))
def test_values_of_any_kind_are_used_or_named(values: dict[str, Any]) -> None:
    text = "\n".join(f"{key} = {_toml(value)}" for key, value in values.items())
    found = read(text)
    default = Settings()
    changed = {key for key in values if key != "other" and getattr(found.settings, key) != getattr(default, key)}
    named = {text.split("\n")[problem.line - 1].split(" ")[0] for problem in found.problems}
    same = {key for key in values if key != "other" and values[key] == getattr(default, key)}
    assert set(values) <= changed | named | same | {"log_file"}


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(one if one.isprintable() and one not in '"\\' else f"\\u{ord(one):04x}" for one in value)
        return f'"{escaped}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    text = repr(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def test_what_is_no_toml_is_told_with_line_and_column() -> None:
    assert told("mouse = true\ntheme = ")[0].startswith("config.toml:2: no TOML: Invalid value at ")
    assert told("mouse = true\ntheme = nope\n") == [
        "config.toml:2: no TOML: Invalid value at column 9; nothing of the file is used"
    ]


def test_only_near_names_are_suggested() -> None:
    assert nearest("nope", ["open", "pods"]) == ""
    assert nearest("opne", ["open", "pods"]) == "; meant perhaps: open"
    assert nearest("pod", ["open", "pods"]) == "; meant perhaps: pods"

"""What the file may say, one declaration a field: the reader, the document and the printed defaults come from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from kubetui.settings.panes import PANES

Shape = Literal["text", "flag", "number", "texts", "text or texts", "numbers by name"]
"""Of a value. ``text or texts``: one string, or several in brackets."""

THEMES: Final = ("auto", "dark", "light", "high-contrast", "terminal", "terminal-light")
"""``terminal``: the sixteen colours that the terminal itself has, on a dark background; ``-light``: on a light one."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field."""

    path: str
    """Dotted; ``*`` stands for a name that the user chooses: ``contexts.*.namespaces``."""
    shape: Shape
    default: str
    """As TOML, or in words where there is no value."""
    example: str
    """As TOML: a whole line, or lines."""
    help: str
    choices: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 0

    @property
    def table(self) -> str:
        """Where it stands: ``contexts.*``; ``""``: at the top of the file."""
        return self.path.rpartition(".")[0]

    @property
    def key(self) -> str:
        """Its own name; ``*`` where that is the user's."""
        return self.path.rpartition(".")[2]


FIELDS: Final[tuple[Field, ...]] = (
    Field("pane", "text", '"overview"; "pods" with -n or -A', 'pane = "nodes"', "The pane to begin with; --pane wins.",
          PANES),
    Field("theme", "text", '"auto"', 'theme = "light"',
          "Colours. auto: the terminal's own sixteen where it has no more or NO_COLOR is set, else dark, or light "
          "where COLORFGBG tells of a light background.", THEMES),
    Field("marks", "text", '"auto"', 'marks = "ascii"',
          "How marks and lines are drawn. auto: ASCII where LANG is C or the terminal is the Linux console.",
          ("auto", "unicode", "ascii")),
    Field("times", "text", '"utc"', 'times = "local"', "Points in time: UTC with a Z, or local.", ("utc", "local")),
    Field("mouse", "flag", "true", "mouse = false",
          "false leaves the mouse to the terminal; every action has a key. --no-mouse wins."),
    Field("kubelogin", "flag", "true", "kubelogin = false",
          "false signs in to AKS by Azure's own library where kubelogin is installed too. --no-kubelogin wins."),
    Field("repaints", "number", "10, over SSH 4", "repaints = 5", "Repaints a second, at most.", lowest=1, highest=30),
    Field("log_file", "text", "~/.local/state/kubetui/kubetui.log", 'log_file = "/tmp/kubetui.log"',
          "Where messages go; --log-file wins."),
    Field("save_folder", "text", "~/kubetui", 'save_folder = "."',
          "Where ^s begins to offer a name: FOLDER/CONTEXT/…; made when first saved to. \".\": the current folder."),
    Field("logs.since", "text", '"15m"', '[logs]\nsince = "1h"', "How far back logs begin; keys and --since win.",
          ("1m", "5m", "15m", "30m", "1h", "3h", "12h", "24h", "all")),
    Field("logs.lines", "number", "1000000", "[logs]\nlines = 200000",
          "Lines held of each log that is open, 256 MiB at most; of more the oldest go, which the pane counts.",
          lowest=1_000, highest=10_000_000),
    Field("logs.streams", "number", "50", "[logs]\nstreams = 20",
          "Containers that are followed at a time; + follows more. Each is a connection through the API server.",
          lowest=1, highest=1_000),
    Field("contexts.*.namespaces", "text or texts", "the context's own",
          '[contexts."aks-prod"]\nnamespaces = ["team-04", "team-05"]',
          'The namespaces to begin with in one kubeconfig context; "*": all. -n and -A win.'),
    Field("keys.*", "text or texts", "as docs/keys.md lists them",
          '[keys]\nproblems = "f5"\n"namespace.all" = ["0", "ctrl+n"]',
          "Other keys for an action, by its id (docs/keys.md). The keys it had are then free. Names: a, A, /, f5, "
          "ctrl+k or ^k, space, enter, tab, up, pagedown …"),
    Field("panes.*.columns", "texts", "as the pane has them",
          '[panes.pods]\ncolumns = ["NAME", "label:app.kubernetes.io/version", "STATUS", "NODE"]',
          "Columns that come first, in this order, wide ones among them; the others follow. label:KEY is a column of "
          "that label. The first one stays on the screen."),
    Field("panes.*.hidden", "texts", "none", '[panes.pods]\nhidden = ["OWNER"]', "Columns that are never shown."),
    Field("panes.*.widths", "numbers by name", "as wide as what they show",
          "[panes.pods]\nwidths = { NAME = 48, NODE = 20 }", "Columns of a fixed width, in cells.",
          lowest=1, highest=400),
)  # fmt: skip

"""What the person can do, one declaration each: bindings, footer, help, palette and docs come from here.

``do`` is a Textual action; a name without a dot is looked up from the focused widget outwards, so that each pane
answers to its own. Key names are Textual's. ``^a`` and ``^b`` alone belong to tmux and screen, ``^z`` to the shell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from textual.binding import Binding, BindingType


class Focus(Enum):
    """Where an action's keys count."""

    EVERYWHERE = "everywhere"
    TABLE = "in tables"
    TEXT = "in text"
    BOARD = "in the Overview"
    LOGS = "in logs"
    INSTANCE = "in an instance"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done."""

    id: str
    focus: Focus
    keys: str
    """Textual's key names, separated by commas."""
    shown: str
    """The keys as the footer and help write them."""
    word: str
    """One or two words for the footer."""
    help: str
    """One line for the help."""
    do: str
    footer: bool = False
    palette: bool = False
    listed: bool = True
    """False: another action's line in the help says it too."""


def _pane_actions() -> Iterable[Action]:
    for key, pane in PANE_KEYS.items():
        yield Action(
            f"pane.{pane}",
            Focus.TABLE,
            key,
            key,
            PANE_TITLES[pane],
            f"the {PANE_TITLES[pane]} pane",
            f"app.pane('{pane}')",
        )


PANE_KEYS: Final = {
    "1": "overview",
    "2": "nodes",
    "3": "daemonsets",
    "4": "deployments",
    "5": "pods",
    "6": "logs",
    "7": "configz",
    "8": "top",
    "9": "events",
    "0": "kinds",
}
"""Digit to pane. A pane that does not exist yet has no key."""

PANE_TITLES: Final = {
    "overview": "Overview",
    "nodes": "Nodes",
    "daemonsets": "DaemonSets",
    "deployments": "Deployments",
    "pods": "Pods",
    "logs": "Logs",
    "configz": "Configz",
    "top": "Top",
    "events": "Events",
    "kinds": "Kinds",
}
"""Pane to its name on the screen."""

SHORT_TITLES: Final = {"daemonsets": "DS", "deployments": "Deploy"}
"""Names of panes for a screen that is too narrow for all of them."""

ACTIONS: Final[tuple[Action, ...]] = (
    Action("open", Focus.TABLE, "", "⏎", "open", "open what is under the cursor", "select", footer=True),
    Action("back", Focus.EVERYWHERE, "escape", "Esc", "back", "back; first clears a filter. Never quits", "app.back"),
    Action("filter", Focus.TABLE, "slash", "/", "filter",
           "filter: text, /regex/, key=value label, COLUMN:text, in Top CPU>500m; ! in front for not", "filter",
           footer=True),
    Action("sort", Focus.TABLE, "greater_than_sign", "< >", "sort", "sort by the next or previous column", "sort_by(1)",
           footer=True),
    Action("sort.previous", Focus.TABLE, "less_than_sign", "<", "sort", "sort by the previous column",
           "sort_by(-1)", listed=False),
    Action("sort.invert", Focus.TABLE, "I", "I", "invert", "invert the order", "invert"),
    Action("wide", Focus.TABLE, "w", "w", "wide", "show the wide columns, or hide them", "wide", footer=True),
    Action("problems", Focus.TABLE, "exclamation_mark", "!", "problems", "only what needs a look", "problems",
           footer=True, palette=True),
    Action("namespace", Focus.TABLE, "n", "n", "namespace", "choose one namespace or several", "app.namespaces",
           footer=True, palette=True),
    Action("namespace.all", Focus.TABLE, "A", "A", "all", "all namespaces", "app.all_namespaces", footer=True,
           palette=True),
    Action("describe", Focus.TABLE, "d", "d", "describe", "the object in words: its state, events and owners",
           "describe", footer=True),
    Action("yaml", Focus.TABLE, "y", "y", "yaml", "the object as YAML", "yaml", footer=True),
    Action("logs", Focus.TABLE, "l", "l", "logs", "logs of the object, or of the marked pods", "app.logs(False)",
           footer=True),
    Action("logs.previous", Focus.TABLE, "p", "p", "previous", "logs of the containers that ran before",
           "app.logs(True)"),
    Action("top.level", Focus.TABLE, "t", "t T", "level",
           "in Top: nodes, pods, containers, node pools, namespaces, workloads", "level(1)"),
    Action("top.level.previous", Focus.TABLE, "T", "T", "level", "in Top: the level before", "level(-1)",
           listed=False),
    Action("top.stats", Focus.TABLE, "s", "s", "stats",
           "in Top: what the kubelet knows: RSS, filesystems, network, volumes, pressure", "stats"),
    Action("instance", Focus.TABLE, "i", "i", "instance", "in Nodes: the VM under a node, an instance of its scale set",
           "instance"),
    Action("azure.sign_in", Focus.TABLE, "a", "a", "azure sign-in",
           "sign in to Azure with a device code, where nothing else does", "app.azure_sign_in", palette=True),
    Action("mark", Focus.TABLE, "space", "space", "mark", "mark the row", "mark"),
    Action("mark.all", Focus.TABLE, "asterisk", "*", "mark all", "mark all rows shown, or none", "mark_all"),
    Action("copy", Focus.TABLE, "c", "c", "copy", "copy the name, or the marked names", "copy"),
    Action("save", Focus.TABLE, "ctrl+s,S", "^s S", "save", "save all rows to a file, with the columns shown", "save"),
    Action("fold", Focus.TABLE, "z", "z", "fold", "fold or unfold the group; Z folds or unfolds all", "fold"),
    Action("fold.all", Focus.TABLE, "Z", "Z", "fold all", "fold or unfold all groups", "fold_all", listed=False),
    Action("tree", Focus.TABLE, "v", "v", "tree", "a configuration's fields as a tree, or flat with what differs first",
           "tree"),
    Action("down", Focus.TABLE, "j", "j k ↑ ↓", "move", "down and up", "table_by(1)"),
    Action("up", Focus.TABLE, "k", "k", "up", "up", "table_by(-1)", listed=False),
    Action("top", Focus.TABLE, "g", "g G Home End", "top", "first and last row", "table_to(0)"),
    Action("bottom", Focus.TABLE, "G", "G", "bottom", "last row", "table_to(-1)", listed=False),
    Action("page.down", Focus.TABLE, "ctrl+f", "^f ^b PgDn PgUp", "page", "a page down and up", "table_page(1)"),
    Action("page.up", Focus.TABLE, "ctrl+b", "^b", "page up", "a page up", "table_page(-1)", listed=False),
    Action("search", Focus.TEXT, "slash", "/", "search", "search: text or /regex/", "search", footer=True),
    Action("search.next", Focus.TEXT, "n", "n N", "next", "next match", "next_match(1)", footer=True),
    Action("search.previous", Focus.TEXT, "N", "N", "previous", "previous match", "next_match(-1)", listed=False),
    Action("wrap", Focus.TEXT, "w", "w", "wrap", "wrap long lines, or cut them", "wrap", footer=True),
    Action("text.copy", Focus.TEXT, "c", "c", "copy", "copy the whole text", "copy", footer=True),
    Action("text.yaml", Focus.TEXT, "y", "y", "yaml", "the described object as YAML", "yaml"),
    Action("text.save", Focus.TEXT, "ctrl+s,S", "^s S", "save", "save the whole text to a file", "save", footer=True),
    Action("text.managed", Focus.TEXT, "M", "M", "managed fields", "show or fold metadata.managedFields",
           "managed_fields"),
    Action("text.reveal", Focus.TEXT, "x", "x", "values", "show a Secret's values, or mask them again", "reveal"),
    Action("text.down", Focus.TEXT, "j", "j k ↑ ↓", "scroll", "down and up", "lines_by(1)"),
    Action("text.up", Focus.TEXT, "k", "k", "up", "up", "lines_by(-1)", listed=False),
    Action("text.top", Focus.TEXT, "g", "g G Home End", "top", "first and last line", "lines_to(0)"),
    Action("text.bottom", Focus.TEXT, "G", "G", "bottom", "last line", "lines_to(-1)", listed=False),
    Action("text.page.down", Focus.TEXT, "ctrl+f", "^f ^b PgDn PgUp", "page", "a page down and up", "lines_page(1)"),
    Action("text.page.up", Focus.TEXT, "ctrl+b", "^b", "page up", "a page up", "lines_page(-1)", listed=False),
    Action("board.open", Focus.BOARD, "", "⏎", "open", "open what the line under the cursor is about", "select",
           footer=True),
    Action("board.filter", Focus.BOARD, "slash", "/", "filter", "only lines with a text or /regex/", "filter",
           footer=True),
    Action("board.next", Focus.BOARD, "tab", "Tab", "next part", "next part; shift+tab: the one before",
           "next_block(1)", footer=True),
    Action("board.previous", Focus.BOARD, "shift+tab", "shift+tab", "part before", "the part before",
           "next_block(-1)", listed=False),
    Action("board.describe", Focus.BOARD, "d", "d", "describe", "the line's object in words", "describe", footer=True),
    Action("board.logs", Focus.BOARD, "l", "l", "logs", "logs of what the line is about", "app.logs(False)",
           footer=True),
    Action("board.yaml", Focus.BOARD, "y", "y", "yaml", "the line's object as YAML", "yaml", footer=True),
    Action("board.copy", Focus.BOARD, "c", "c", "copy", "copy the finding, or the names", "copy", footer=True),
    Action("board.down", Focus.BOARD, "j", "j k ↑ ↓ ← →", "move", "down and up; to the other column", "board_by(1)"),
    Action("board.up", Focus.BOARD, "k", "k", "up", "up", "board_by(-1)", listed=False),
    Action("board.top", Focus.BOARD, "g", "g G Home End", "top", "first and last line", "board_to(0)"),
    Action("board.bottom", Focus.BOARD, "G", "G", "bottom", "last line", "board_to(-1)", listed=False),
    Action("board.page.down", Focus.BOARD, "ctrl+f", "^f ^b PgDn PgUp", "page", "a page down and up", "board_page(1)"),
    Action("board.page.up", Focus.BOARD, "ctrl+b", "^b", "page up", "a page up", "board_page(-1)", listed=False),
    Action("logs.only", Focus.LOGS, "ampersand", "&", "only", "only lines with a text or /regex/; ! in front: without",
           "only", footer=True),
    *(
        Action(f"logs.since.{digit}", Focus.LOGS, digit, "1 … 9", "since",
               "from 1m 5m 15m 30m 1h 3h 12h 24h ago, or all", f"since('{digit}')", footer=digit == "1",
               listed=digit == "1")
        for digit in "123456789"
    ),
    Action("logs.panes", Focus.LOGS, "", "[ ]", "panes", "previous and next pane", "", footer=True, listed=False),
    Action("logs.follow", Focus.LOGS, "F", "F", "follow", "stay at the end, or no longer", "follow", footer=True),
    Action("logs.pause", Focus.LOGS, "space", "space", "pause", "pause, and go on; nothing is lost meanwhile", "pause",
           footer=True),
    Action("logs.sources", Focus.LOGS, "s", "s", "sources", "who speaks, how each stream stands; hide some", "sources",
           footer=True),
    Action("logs.level", Focus.LOGS, "L", "L", "level", "all, warnings and worse, errors and worse", "level",
           footer=True),
    Action("logs.times", Focus.LOGS, "t", "t", "times", "times in UTC, local, ago, off", "times", footer=True),
    Action("logs.highlight", Focus.LOGS, "h", "h", "highlight", "highlight a text or /regex/, up to four at once",
           "highlight"),
    Action("logs.mark", Focus.LOGS, "v", "v '", "mark", "mark the line found, or the first shown; ' goes to the next "
           "mark, restart or gap", "mark"),
    Action("logs.next_mark", Focus.LOGS, "apostrophe", "'", "next mark", "the next mark", "next_mark", listed=False),
    Action("logs.go_to_time", Focus.LOGS, "at", "@", "time", "go to a time: 12:03, 12:03:58, -5m", "go_to_time"),
    Action("logs.context", Focus.LOGS, "right_parenthesis", "( )", "context", "fewer or more lines around what & finds",
           "context(1)"),
    Action("logs.context.less", Focus.LOGS, "left_parenthesis", "(", "context", "fewer lines of context", "context(-1)",
           listed=False),
    Action("logs.previous_run", Focus.LOGS, "p", "p", "previous", "the containers that ran before, and back",
           "previous"),
    Action("logs.widen", Focus.LOGS, "plus", "+", "more", "open streams of 50 containers more, where some are left out",
           "widen"),
    Action("logs.other", Focus.LOGS, "o", "o", "other", "other logs: deploy/NAME, pod/NAME, node/NAME, text, -l LABELS",
           "app.other_logs", footer=True),
    Action("instance.node", Focus.INSTANCE, "i,enter", "i ⏎", "node", "the node on it, described", "node", footer=True),
    Action("instance.id", Focus.INSTANCE, "I", "I", "id", "copy its resource id", "copy_id", footer=True),
    Action("instance.page", Focus.INSTANCE, "u", "u", "portal", "copy the address of its page in Azure's portal",
           "copy_page", footer=True),
    Action("instance.command", Focus.INSTANCE, "a", "a", "az", "copy the az command that shows it", "copy_command",
           footer=True),
    *_pane_actions(),
    Action("pane.next", Focus.EVERYWHERE, "right_square_bracket", "[ ]", "panes", "previous and next pane",
           "app.next_pane(1)"),
    Action("pane.previous", Focus.EVERYWHERE, "left_square_bracket", "[", "previous pane", "previous pane",
           "app.next_pane(-1)", listed=False),
    Action("jump", Focus.EVERYWHERE, "colon,ctrl+p", ":", "jump",
           "jump to a pane, kind, namespace, context or command by name; KIND NAMESPACE shows that pane alone there",
           "app.command_palette", footer=True),
    Action("commands", Focus.EVERYWHERE, "m", "m", "commands", "kubectl and az commands for this object, to copy",
           "app.commands", footer=True),
    Action("context", Focus.EVERYWHERE, "C", "C", "context", "choose another context", "app.contexts", footer=True,
           palette=True),
    Action("reconnect", Focus.EVERYWHERE, "ctrl+r", "^r", "reconnect", "reconnect now", "app.reconnect",
           palette=True),
    Action("whoami", Focus.EVERYWHERE, "", ":whoami", "whoami", "who you are here, how you signed in, what you may see",
           "app.session_pane('whoami')", palette=True),
    Action("requests", Focus.EVERYWHERE, "", ":requests", "requests", "what kubetui asks of the API server",
           "app.session_pane('requests')", palette=True),
    Action("demo", Focus.EVERYWHERE, "D", "D", "demo", "open a simulated cluster, where no other can be had",
           "app.demo"),
    Action("help", Focus.EVERYWHERE, "question_mark", "?", "help", "all keys", "app.help", footer=True, palette=True),
    Action("quit", Focus.EVERYWHERE, "q", "q", "quit", "quit; so does ^c twice", "app.quit", footer=True,
           palette=True),
    Action("suspend", Focus.EVERYWHERE, "ctrl+z", "^z", "suspend", "back to the shell; fg returns",
           "app.suspend_process"),
    Action("quit.interrupt", Focus.EVERYWHERE, "ctrl+c", "^c", "quit", "twice: quit", "app.interrupt", listed=False),
)  # fmt: skip


_FIRST = frozenset({"quit.interrupt", "suspend", "filter", "board.filter", "search", "jump"})
"""Done before the next key is looked at: what follows in the same burst is meant for what they open."""

OPENS_TYPING = frozenset({"filter", "search", "command_palette"})
"""The actions of these keys are not done while something is typed: there they are characters."""

OF_TEXTS: Final = (Focus.LOGS, Focus.INSTANCE)
"""Texts with keys of their own besides those of all texts."""


def bindings_for(focus: Focus) -> list[BindingType]:
    """The bindings of all actions of a focus; their ids are what a key map names."""
    return [
        Binding(action.keys, action.do, action.word, show=False, id=action.id, priority=action.id in _FIRST)
        for action in ACTIONS
        if action.keys and (action.focus is focus or (focus is Focus.BOARD and action.do.startswith("app.pane(")))
    ]


def bindings_before_panes() -> list[BindingType]:
    """The panes' keys for as long as nothing has the focus: no session yet, or its first pane is still to come."""
    return [
        Binding(action.keys, action.do.replace("app.pane(", "app.first_pane("), action.word, show=False, id=action.id)
        for action in ACTIONS
        if action.focus is Focus.TABLE and action.do.startswith("app.pane(")
    ]


def actions_for(focus: Focus) -> tuple[Action, ...]:
    """The actions that count in a focus: its own, those of all texts in logs, then those everywhere."""
    own = tuple(action for action in ACTIONS if action.focus is focus)
    if focus is Focus.EVERYWHERE:
        return own
    if focus in OF_TEXTS:
        own += tuple(action for action in ACTIONS if action.focus is Focus.TEXT)
    return own + tuple(action for action in ACTIONS if action.focus is Focus.EVERYWHERE)

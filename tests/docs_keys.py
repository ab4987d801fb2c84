"""``python -m tests.docs_keys`` writes ``docs/keys.md`` from the one declaration of all keys."""

from __future__ import annotations

from pathlib import Path

from kubetui.ui.actions import Focus, actions_for

DOCUMENT = Path(__file__).parents[1] / "docs" / "keys.md"

_HEAD = """\
# Keys

Written by `python -m tests.docs_keys` from `kubetui/ui/actions.py`; edit that file, not this one. `^r` is Ctrl and
`r`. In the program, `?` shows the same list and the last line the keys that count at the moment.
"""
_PLACES = {
    Focus.EVERYWHERE: "Everywhere",
    Focus.TABLE: "In tables",
    Focus.BOARD: "In the Overview",
    Focus.TEXT: "In text (YAML, help)",
    Focus.LOGS: "In logs, besides those in text",
    Focus.INSTANCE: "In an instance, besides those in text",
}


def keys_document() -> str:
    """The whole document."""
    return "\n".join([_HEAD, *("\n".join(_section(focus)) for focus in _PLACES)])


def _section(focus: Focus) -> list[str]:
    own = [action for action in actions_for(focus) if action.focus is focus]
    rows = [f"| {_cell(_code(action.shown))} | {_cell(action.help)} | `{action.id}` |" for action in own]
    return [f"## {_PLACES[focus]}", "", "| key | what it does | id |", "|---|---|---|", *rows, ""]


def _code(shown: str) -> str:
    return " ".join(f"`{key}`" for key in shown.split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(keys_document(), encoding="utf-8")
    print(DOCUMENT)

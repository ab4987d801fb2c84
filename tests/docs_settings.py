"""``python -m tests.docs_settings`` writes ``docs/settings.md`` from the declarations of all fields."""

from __future__ import annotations

from pathlib import Path

from kubetui.settings.document import default_file, field_rows

DOCUMENT = Path(__file__).parents[1] / "docs" / "settings.md"

_HEAD = """\
# Settings

Written by `python -m tests.docs_settings` from `kubetui/settings/fields.py`; edit that file, not this one.

One TOML file, read once when the program starts. Without one everything is as the defaults say.

| where | |
|---|---|
| `--config FILE` | wins |
| `KUBETUI_CONFIG` | this file |
| Linux, WSL | `$XDG_CONFIG_HOME/kubetui/config.toml`, else `~/.config/kubetui/config.toml` |
| macOS | `~/Library/Application Support/kubetui/config.toml` |

What the file says and the program can't use is named with file, line and the nearest name that it knows, in a message
when it starts and in the log file; all the rest is used.

```sh
kubetui config path                 # the file that would be read
kubetui config check                # every mistake in it; exit code 1 where there is one
kubetui config print-default        # a file with every field explained
```

## Fields

A `*` in a name stands for one that you choose: a context, an action's id ([keys.md](keys.md)), a pane.

| field | is | default | |
|---|---|---|---|
"""

_AFTER = """
Themes: `dark`, `light`, `high-contrast`, and `terminal` and `terminal-light`, which use the sixteen colours that the
terminal itself is set to. `:` and `theme` try another one at once. With `NO_COLOR` set there is no colour at all, in
whichever theme; everything that a colour says, a mark or a word says too.

Panes with columns to choose: `nodes`, `daemonsets`, `deployments`, `pods`, `events`, `containers`, `kinds`, and every
other kind by its resource's name (`services`, `certificates`). Titles may be written in lower case. A label's column
is called as `kubectl get -L` calls it: `label:topology.kubernetes.io/zone` is `ZONE`.

Keys: `^c` twice always quits, and `^z` always belongs to the shell. A key that two actions would have at the same
time is named, and the action whose key was changed keeps its own.

## A file with everything

`kubetui config print-default` prints this:

```toml
"""


def settings_document() -> str:
    """The whole document."""
    return _HEAD + "\n".join(field_rows()) + "\n" + _AFTER + default_file().rstrip("\n") + "\n```\n"


if __name__ == "__main__":
    DOCUMENT.write_text(settings_document(), encoding="utf-8")
    print(DOCUMENT)

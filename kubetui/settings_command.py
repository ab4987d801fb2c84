"""``kubetui config``: where the settings file is, what is wrong with it, a file to begin with."""

from __future__ import annotations

import os
import sys

from kubetui.settings.document import default_file
from kubetui.settings.file import read_settings, settings_file
from kubetui.settings.settings import Read

WORDS = ("path", "check", "print-default")
"""What may follow ``kubetui config``."""


def run(word: str, wanted: str | None) -> int:
    """Do it; the exit code. ``wanted``: the file that ``--config`` names."""
    if word == "print-default":
        sys.stdout.write(default_file())
        return 0
    path = settings_file(wanted, os.environ)
    if path is None:
        sys.stderr.write("kubetui: no home folder is known: name a file with --config\n")
        return 1
    if word == "path":
        sys.stdout.write(f"{path}\n")
        return 0
    read = checked(read_settings(wanted, os.environ))
    for problem in read.problems:
        sys.stdout.write(f"{problem}\n")
    if not read.problems:
        sys.stdout.write(f"{path}: {'nothing wrong' if path.exists() else 'there is none; the defaults hold'}\n")
    return 1 if read.problems else 0


def checked(read: Read) -> Read:
    """Everything that can be checked without a cluster: keys, and the columns of the panes that are known."""
    from kubetui.ui.keymap import keymap_of
    from kubetui.ui.known_columns import check_panes

    keymap_of(read)
    check_panes(read)
    read.problems.sort(key=lambda problem: problem.line)
    return read

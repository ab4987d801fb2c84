"""Commands for every object there is."""

from __future__ import annotations

from typing import Final

from kubetui.commands.command import CHANGES, Command, Section, destroys

ANY: Final = Section(
    "The object",
    (
        Command("any.yaml", "YAML", "{kubectl} {ns} get {objects} -o yaml", several=True),
        Command("any.describe", "describe", "{kubectl} {ns} describe {objects}", several=True),
        Command("any.events", "its events", "{kubectl} {events_ns} events --for={object}",
                when=lambda one: one.kind != "Event"),
        Command("any.edit", "edit", "{kubectl} {ns} edit {objects}", CHANGES, several=True),
    ),
)  # fmt: skip

DELETE: Final = Section(
    "Delete",
    (
        Command("any.delete.ask", "delete, dry run", "{kubectl} {ns} delete {objects} --dry-run=server",
                several=True),
        Command("any.delete", "delete", "{kubectl} {ns} delete {objects}", destroys("deletes"), several=True),
    ),
)  # fmt: skip

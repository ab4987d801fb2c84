"""How deep a YAML text nests, told before it is loaded: libyaml descends without limit, and ends the program."""

from __future__ import annotations

from typing import Any

MOST_EVENTS = 2_000_000
"""More than any text that is read here has; an entry of a kubeconfig is some forty."""


def is_deeper(text: str | bytes, most: int, loader: type[Any], most_events: int = MOST_EVENTS) -> bool:
    """Whether ``text`` nests deeper than ``most``, or has more in it than ``most_events``. Raises yaml.YAMLError."""
    import yaml  # not before: it is slow to import, and the first frame needs none of this

    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=loader)):
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if depth > most or number > most_events:
            return True
    return False

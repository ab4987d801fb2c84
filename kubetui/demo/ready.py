"""What the demo's process says about itself when it serves."""

from __future__ import annotations

import msgspec


class Ready(msgspec.Struct, frozen=True):
    """The one line of JSON on standard output, once the server answers."""

    server: str
    token: str
    """Of the user who reads everything."""
    kubeconfig: str
    """Path of the file; it goes with the process."""
    contexts: tuple[str, ...]
    control: str
    """URL of the control calls."""
    control_token: str
    pid: int
    azure: str = ""
    """URL of the demo's Azure Resource Manager; ``""`` where it has none."""
    azure_token: str = ""

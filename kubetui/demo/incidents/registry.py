"""All incidents by name."""

from __future__ import annotations

from collections.abc import Mapping

from kubetui.demo.incidents.incident import Incident

INCIDENTS: Mapping[str, Incident] = {}

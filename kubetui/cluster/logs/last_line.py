"""Whether a silent stream is dead: the container's last line, asked for apart.

After rotation some kubelets follow the old file for ever (kubernetes/kubernetes#59902, #115701, #126564), and a proxy
may acknowledge for a peer that is gone. Logs have no bookmarks, so silence alone says nothing.
"""

from __future__ import annotations

from kubetui.cluster.logs.place import LogApi
from kubetui.cluster.logs.request import log_request
from kubetui.cluster.logs.stamps import parse_stamp
from kubetui.store.logs.sources import SourceKey


async def last_line_time(api: LogApi, key: SourceKey) -> int:
    """The time (ns) of the container's last line; 0 where it has none. Raises ClusterError types."""
    answer = await api.send(log_request(key, tail=1))
    lines = [line for line in answer.body.split(b"\n") if line]
    parsed = parse_stamp(lines[-1]) if lines else None
    return parsed[0] if parsed else 0

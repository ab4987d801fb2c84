"""Whether a silent stream is dead: the container's last line, asked for apart.

After rotation some kubelets follow the old file for ever (kubernetes/kubernetes#59902, #115701, #126564), and a proxy
may acknowledge for a peer that is gone. Logs have no bookmarks, so silence alone says nothing.
"""

from __future__ import annotations

from kubetui.cluster.logs.place import LogApi
from kubetui.cluster.logs.request import log_request
from kubetui.cluster.logs.stamps import parse_stamp
from kubetui.store.logs.sources import SourceKey


async def last_line(api: LogApi, key: SourceKey) -> tuple[int, bytes] | None:
    """Time (ns) and text of the container's last line, or of its last record; None where it has none, or where it is
    being written. Raises ClusterError types.
    """
    answer = await api.send(log_request(key, tail=1))
    lines = answer.body.split(b"\n")
    if len(lines) < 2 or lines[-1]:
        return None
    parsed = parse_stamp(lines[-2])
    return (parsed[0], lines[-2][parsed[1] :]) if parsed else None

"""What the cluster autoscaler writes of itself: the ConfigMap ``cluster-autoscaler-status`` in kube-system.

Two forms: YAML since cluster-autoscaler 1.30 (``clusterstate/api/types.go``), before that text for people
(``GetReadableString`` in ``clusterstate/api/utils.go``). Whatever of it is missing or odd counts as not said.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from kubetui.cluster.errors import NotFound, NotKubernetes
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.cluster.yaml_depth import is_deeper

NAMESPACE: Final = "kube-system"
CONFIG_MAP: Final = "cluster-autoscaler-status"
MOST_GROUPS: Final = 1_000
LONGEST: Final = 400
"""Characters of an error that are kept."""
_MOST: Final = 1_048_576
"""Characters of a ConfigMap at most; more is none of an API server."""
_SHORT: Final = 16_384
"""Characters that are parsed within some milliseconds."""
_DEEPEST, _MOST_EVENTS = 20, 100_000
"""Of YAML: a status nests to seven levels, and has some seventy events a group."""
_UPDATED: Final = "cluster-autoscaler.kubernetes.io/last-updated"
_TIME: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:[.,]\d{1,12})? ?(Z|[+-]\d{2}):?(\d{2})?", re.ASCII
)
_PAIR: Final = re.compile(r"([A-Za-z]{1,40})=(\d{1,9})\b", re.ASCII)
_STATUS: Final = re.compile(
    r"[ \t]{0,40}(Name|Health|ScaleUp|ScaleDown|LastTransitionTime):[ \t]{0,40}(\S.*)?", re.ASCII
)


class NodeGroup(NamedTuple):
    """One pool as the autoscaler sees it. None and ``""``: not said."""

    name: str
    """On AKS the VM scale set's name."""
    health: str = ""
    """``Healthy`` or ``Unhealthy``."""
    ready: int | None = None
    registered: int | None = None
    """Nodes in the API server."""
    target: int | None = None
    """Instances that the autoscaler asked Azure for."""
    least: int | None = None
    most: int | None = None
    missing: int = 0
    """Instances that are to become nodes and have not yet."""
    missing_long: int = 0
    """Of those the ones that should have joined long ago: 15 minutes."""
    scale_up: str = ""
    """``NoActivity``, ``InProgress``, ``Backoff``, ``Needed``."""
    scale_up_since: int = 0
    scale_down: str = ""
    """``NoCandidates`` or ``CandidatesPresent``."""
    candidates: int = 0
    """Nodes that are not needed and go soon."""
    error: str = ""
    """Why it backs off from making more: ``QuotaExceeded: …``."""


class AutoscalerStatus(NamedTuple):
    """One reading."""

    at: int = 0
    """When the autoscaler wrote it, Unix seconds: every 10 s, while it lives."""
    state: str = ""
    """``Running`` or ``Initializing``."""
    health: str = ""
    message: str = ""
    groups: tuple[NodeGroup, ...] = ()


class _Metadata(msgspec.Struct):
    annotations: dict[str, str] | None = None


class _ConfigMap(msgspec.Struct):
    data: dict[str, str] | None = None
    metadata: _Metadata | None = None


async def read_autoscaler(session: Session) -> AutoscalerStatus | None:
    """The present status; None where there is no cluster autoscaler. Raises ClusterError types."""
    tried = f"get ConfigMap {NAMESPACE}/{CONFIG_MAP}"
    try:
        answer = await session.send(Request(f"/api/v1/namespaces/{NAMESPACE}/configmaps/{CONFIG_MAP}", tried))
    except NotFound:
        return None
    try:
        found = msgspec.json.decode(answer.body, type=_ConfigMap)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotKubernetes(tried, f"the answer is no ConfigMap: {error}") from None
    text = (found.data or {}).get("status", "")
    # Off the loop where it is long: libyaml needs some 30 ms for AKS's most pools, and can't be interrupted.
    status = parse(text) if len(text) < _SHORT else await asyncio.to_thread(parse, text)
    updated = ((found.metadata and found.metadata.annotations) or {}).get(_UPDATED, "")
    return status._replace(at=status.at or time_of(updated))


def parse(text: str) -> AutoscalerStatus:
    """Either form. Text that is neither is a status that says nothing."""
    text = text[:_MOST]
    if "NodeGroups:" in text or "Cluster-wide:" in text or text.startswith("Cluster-autoscaler status at"):
        return _of_text(text)
    return _of_yaml(text)


def time_of(text: object) -> int:
    """RFC 3339, or a time as Go prints it (``2026-10-02 14:29:22.99 +0000 UTC m=+31``); 0 for anything else."""
    found = _TIME.search(text[:200]) if isinstance(text, str) else None
    if found is None:
        return 0
    day, clock, zone, minutes = found.groups()
    offset = "+00:00" if zone == "Z" else f"{zone}:{minutes or '00'}"
    try:
        return max(0, int(datetime.fromisoformat(f"{day}T{clock}{offset}").timestamp()))
    except (ValueError, OverflowError):
        return 0


# --- YAML


def _of_yaml(text: str) -> AutoscalerStatus:
    import yaml  # not before: it is slow to import, and the first frame needs none of this

    # Scalars stay text: nothing is built that a text could name, no date fails to be one.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        if is_deeper(text, _DEEPEST, loader, _MOST_EVENTS):
            return AutoscalerStatus()
        found = yaml.load(text, Loader=loader)  # noqa: S506 – the base loader builds texts, lists and maps only
    except (yaml.YAMLError, RecursionError, ValueError):
        return AutoscalerStatus()
    groups = _at(found, "nodeGroups")
    return AutoscalerStatus(
        at=time_of(_at(found, "time")),
        state=_word(found, "autoscalerStatus"),
        health=_word(found, "clusterWide", "health", "status"),
        message=_word(found, "message"),
        groups=tuple(_group(one) for one in (groups[:MOST_GROUPS] if isinstance(groups, list) else ()) if _named(one)),
    )


def _named(found: object) -> bool:
    return bool(_word(found, "name"))


def _group(found: object) -> NodeGroup:
    counts = _at(found, "health", "nodeCounts")
    code, words = (_word(found, "scaleUp", "backoffInfo", part) for part in ("errorCode", "errorMessage"))
    long = _number(counts, "longUnregistered") or 0
    return NodeGroup(
        name=_word(found, "name"),
        health=_word(found, "health", "status"),
        ready=_number(counts, "registered", "ready"),
        registered=_number(counts, "registered", "total"),
        target=_number(found, "health", "cloudProviderTarget"),
        least=_number(found, "health", "minSize"),
        most=_number(found, "health", "maxSize"),
        missing=long + (_number(counts, "unregistered") or 0),
        missing_long=long,
        scale_up=_word(found, "scaleUp", "status"),
        scale_up_since=time_of(_at(found, "scaleUp", "lastTransitionTime")),
        scale_down=_word(found, "scaleDown", "status"),
        candidates=_number(found, "scaleDown", "candidates") or 0,
        error=": ".join(part for part in (code, words) if part)[:LONGEST],
    )


def _at(found: object, *path: str) -> Any:
    for name in path:
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def _word(found: object, *path: str) -> str:
    text = _at(found, *path)
    return text[:LONGEST] if isinstance(text, str) else ""


def _number(found: object, *path: str) -> int | None:
    text = _at(found, *path)
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 10 else None


# --- text


def _of_text(text: str) -> AutoscalerStatus:
    head, _, rest = text.partition("NodeGroups:")
    wide = _conditions(head)
    state = "Initializing" if "Initializing" in head and not wide else ""
    first = head.partition("\n")[0]
    parts = re.split(r"^[ \t]{0,40}(?=Name:)", rest, flags=re.MULTILINE)
    return AutoscalerStatus(
        at=time_of(first if first.startswith("Cluster-autoscaler status at") else ""),
        state=state or ("Running" if wide else ""),
        health=wide.get("Health", ("", {}, 0))[0],
        groups=tuple(group for part in parts[1 : MOST_GROUPS + 1] if (group := _text_group(part)).name),
    )


_Condition = tuple[str, dict[str, int], int]
"""Status, the numbers in its brackets, and since when."""


def _conditions(text: str) -> dict[str, _Condition]:
    found: dict[str, _Condition] = {}
    last = ""
    for line in text.splitlines():
        match = _STATUS.fullmatch(line)
        if match is None:
            continue
        name, rest = match[1], match[2] or ""
        if name == "LastTransitionTime":
            if last in found:
                status, numbers, _ = found[last]
                found[last] = (status, numbers, time_of(rest))
            continue
        last = name
        status = rest if name == "Name" else rest.partition(" ")[0]
        found[name] = (status[:LONGEST], {key: int(number) for key, number in _PAIR.findall(rest)}, 0)
    return found


def _text_group(text: str) -> NodeGroup:
    found = _conditions(text)
    nothing: _Condition = ("", {}, 0)
    health, numbers, _ = found.get("Health", nothing)
    up, _, since = found.get("ScaleUp", nothing)
    down, going, _ = found.get("ScaleDown", nothing)
    long, target, registered = (
        numbers.get("longUnregistered", 0),
        numbers.get("cloudProviderTarget"),
        numbers.get("registered"),
    )
    return NodeGroup(
        name=found.get("Name", nothing)[0].strip(),
        health=health,
        ready=numbers.get("ready"),
        registered=registered,
        target=target,
        least=numbers.get("minSize"),
        most=numbers.get("maxSize"),
        missing=max(long, (target or 0) - (registered or 0)),
        missing_long=long,
        scale_up=up,
        scale_up_since=since,
        scale_down=down,
        candidates=going.get("candidates", 0),
    )

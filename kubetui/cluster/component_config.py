"""Configuration of kube-proxy, CoreDNS and their companions in kube-system: where it stands, and reading it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec

from kubetui.cluster.errors import ClusterError, NotFound, NotKubernetes
from kubetui.cluster.gather import trouble_words
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request

NAMESPACE: Final = "kube-system"
MOST_PODS: Final = 500
"""Pods of a component that are listed to choose one."""
_KUBE_PROXY: Final = "kubeproxy.config.k8s.io"


@dataclass(frozen=True, slots=True)
class ComponentConfig:
    """One component and where its configuration is."""

    name: str
    title: str
    """What it configures, in a few words."""
    config_maps: tuple[str, ...] = ()
    """Of kube-system; those that there are."""
    selector: str = ""
    """Of its pods: their flags are part of it."""
    configz: int = 0
    """The pods' port that serves ``/configz``; 0: none does."""


COMPONENT_CONFIGS: Final = (
    ComponentConfig("kube-proxy", "Services' rules on each node", ("kube-proxy",), "component=kube-proxy", 10249),
    ComponentConfig("coredns", "Corefile, and what coredns-custom adds", ("coredns", "coredns-custom")),
    ComponentConfig(
        "coredns-autoscaler", "how many coredns there are", ("coredns-autoscaler",), "k8s-app=coredns-autoscaler"
    ),
    ComponentConfig(
        "azure-ip-masq-agent",
        "which destinations see the pods' own addresses",
        ("azure-ip-masq-agent-config-reconciled", "azure-ip-masq-agent-config"),
        "k8s-app=azure-ip-masq-agent",
    ),
)
"""In the order in which they are shown."""


class Section(NamedTuple):
    """One text that was read, or why it was not."""

    title: str
    """``ConfigMap coredns-custom · log.override``."""
    text: str = ""
    form: str = "text"
    """``json``, ``yaml`` or ``text``."""
    trouble: str = ""


async def read_component(session: Session, component: ComponentConfig) -> list[Section]:
    """All of it. Never raises ClusterError types: what could not be read says why."""
    read = await asyncio.gather(*(_config_map(session, name) for name in component.config_maps))
    maps = [section for found in read for section in found]
    pods = await _from_pods(session, component) if component.selector else []
    if not maps and not component.configz and any(section.text for section in pods):
        names = " nor ".join(component.config_maps)
        maps = [Section(component.name, trouble=f"there is no ConfigMap {names}: what its flags say counts")]
    # What runs comes first where it is served; else what is written, which the pods read.
    sections = [*pods, *maps] if component.configz else [*maps, *pods]
    if not any(section.text or section.trouble for section in sections):
        sections.append(Section(component.name, trouble="there is none of it in this cluster"))
    return sections


async def _config_map(session: Session, name: str) -> list[Section]:
    tried = f"get ConfigMap {NAMESPACE}/{name}"
    try:
        answer = await session.send(Request(f"/api/v1/namespaces/{NAMESPACE}/configmaps/{name}", tried))
        data = _decoded(answer.body, tried).get("data")
    except NotFound:
        return []
    except ClusterError as error:
        return [Section(f"ConfigMap {name}", trouble=trouble_words(error))]
    if not isinstance(data, dict) or not data:
        return [Section(f"ConfigMap {name}", trouble="it is empty")]
    return [Section(f"ConfigMap {name} · {key}", str(text), _form(key, str(text))) for key, text in data.items()]


async def _from_pods(session: Session, component: ComponentConfig) -> list[Section]:
    tried = f"list pods in {NAMESPACE}"
    query = (("labelSelector", component.selector), ("limit", str(MOST_PODS)))
    try:
        answer = await session.send(Request(f"/api/v1/namespaces/{NAMESPACE}/pods", tried, query))
        pods = [pod for pod in _decoded(answer.body, tried).get("items") or () if isinstance(pod, dict)]
    except ClusterError as error:
        return [Section(component.name, trouble=trouble_words(error))]
    running = [pod for pod in pods if (pod.get("status") or {}).get("phase") == "Running"]
    if not running:
        return [Section(component.name, trouble=f"no pod of it runs ({component.selector})")] if pods else []
    return await _of_pod(session, component, running[0], len(running))


async def _of_pod(session: Session, component: ComponentConfig, pod: Mapping[str, Any], running: int) -> list[Section]:
    name = (pod.get("metadata") or {}).get("name", "")
    node = (pod.get("spec") or {}).get("nodeName", "")
    where = f"{name} on {node}, one of {running:,}"
    flags = Section(f"flags of {where}", "\n".join(_flags(pod)) or "none")
    if not component.configz:
        return [flags]
    tried = f"get pods/proxy of {name} (configz)"
    path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}:{component.configz}/proxy/configz"
    try:
        found = _decoded((await session.send(Request(path, tried))).body, tried)
    except ClusterError as error:
        return [Section(f"configz of {where}", trouble=trouble_words(error)), flags]
    content = found.get(_KUBE_PROXY, found)
    text = msgspec.json.format(msgspec.json.encode(content), indent=2).decode("utf-8", "replace")
    return [Section(f"configz of {where}", text, "json"), flags]


def _flags(pod: Mapping[str, Any]) -> Sequence[str]:
    containers = (pod.get("spec") or {}).get("containers") or ()
    return [str(word) for one in containers for word in (*(one.get("command") or ()), *(one.get("args") or ()))]


def _decoded(body: bytes, tried: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotKubernetes(tried, f"the answer can't be read: {error}") from None


def _form(key: str, text: str) -> str:
    if text.lstrip()[:1] in ("{", "["):
        return "json"
    structured = key.endswith((".yaml", ".yml", ".conf")) or key.startswith("ip-masq-agent")
    return "yaml" if structured else "text"

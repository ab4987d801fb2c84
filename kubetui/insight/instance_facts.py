"""All that is known of one machine, as labels and values in the order they are read; and how to look further."""

from __future__ import annotations

from datetime import UTC, datetime

from kubetui.azure.machines import Instance, ScaleSet
from kubetui.insight.instance_view import InstanceView
from kubetui.insight.instances import vm_words
from kubetui.insight.machine_commands import view_command
from kubetui.kinds.age import age, human_duration
from kubetui.kinds.node_row import NodeRow

Facts = list[tuple[str, str]]
"""Label and value; values may have several lines. What is not known is left out."""

NOW, RESOURCE_ID, PORTAL, COMMAND = "Now", "Resource id", "Portal", "Look further"
"""Labels: of what is the matter, of what is there to be copied."""


def instance_facts(view: InstanceView, node: NodeRow | None, portal: str, now: float) -> Facts:
    """What is wrong first, then the node, then what the machine is. Azure's texts are as they came.

    ``node``: the node on the machine as it is now; ``portal``: the address of the machine's page.
    """
    one, trouble = view.instance, view.trouble_at(now)
    read = view.scale_set is not None or bool(one.provisioning)
    facts = [
        (NOW, trouble.words if trouble else ""),
        ("Node", node_words(view, node, now)),
        ("State", vm_words(one) if read else ""),
        ("Provisioning", one.provisioning),
        ("Power", one.power),
        ("Health", one.health),
        ("Last status", _moment(one.at, now)),
        ("Message", one.message),
        ("Bootstrap", one.bootstrap_state),
        ("", one.bootstrap),
        ("Maintenance", _coming(one.maintenance, now)),
        ("Made", _moment(one.created, now)),
        ("Computer name", one.computer_name),
        ("Image", _image(one, view.scale_set)),
        ("Latest model", {True: "applied", False: "not applied (usual on AKS)", None: ""}[one.latest_model]),
        ("Zone", one.zone),
        ("Pool", view.pool),
        ("Scale set", _set_words(view.scale_set) if view.scale_set is not None else one.scale_set),
        (RESOURCE_ID, one.id),
        (PORTAL, portal),
        (COMMAND, view_command(one)),
    ]
    return [(label, value) for label, value in facts if value]


def node_words(view: InstanceView, node: NodeRow | None, now: float) -> str:
    """``aks-general-27182818-vmss00000h  NotReady 4m  DiskPressure``."""
    if not view.node:
        return "none"
    if node is None:
        return f"{view.node}  gone"
    status = node.status if node.ready == "True" else f"{node.status} {age(node.ready_since, now)}"
    others = (condition.text for condition in node.conditions if condition.type != "Ready")
    return "  ".join((node.name, status, *others))


def _image(one: Instance, scale_set: ScaleSet | None) -> str:
    """``202610.12.0; the scale set's is 202611.1.0``."""
    model = scale_set.image if scale_set is not None else ""
    if not model or model == one.image:
        return one.image
    return f"{one.image}; the scale set's is {model}" if one.image else f"the scale set's is {model}"


def _set_words(one: ScaleSet) -> str:
    kind = "Flexible" if one.flexible else "Uniform"
    spot = f", spot ({one.eviction.lower() or 'eviction not said'})" if one.spot else ""
    state = f", {one.provisioning.lower()}" if one.provisioning.casefold() not in ("", "succeeded") else ""
    return f"{one.name}, {kind}, {one.size}{spot}, capacity {one.capacity}{state}"


def _moment(at: int, now: float) -> str:
    return f"{_clock(at)}, {human_duration(max(0.0, now - at))} ago" if at else ""


def _coming(at: int, now: float) -> str:
    if not at:
        return ""
    return f"{_clock(at)}, in {human_duration(at - now)}" if at > now else f"{_clock(at)}, begun"


def _clock(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%SZ}"

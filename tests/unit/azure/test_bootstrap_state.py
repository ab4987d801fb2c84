"""The state of the extension that makes a machine a node, and its words where it failed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.azure.machine_wire import VmWire, instance
from kubetui.azure.machines import Instance


def read(*extensions: dict[str, Any]) -> Instance:
    given = {"id": "/x/virtualMachines/7", "properties": {"instanceView": {"extensions": list(extensions)}}}
    return instance(msgspec.convert(given, VmWire), "set")


def status(code: str | None, **more: str) -> dict[str, Any]:
    return {"code": code, "level": "Info"} | more


@pytest.mark.parametrize("name", ["vmssCSE", "vmsscse", "CSE"])
def test_it_is_the_part_of_the_code_after_its_kind(name: str) -> None:
    said = status("ProvisioningState/succeeded", message="Enable succeeded: [stdout] a long story")

    found = read({"name": "AKSLinuxExtension", "statuses": [status("ProvisioningState/failed/1")]},
                 {"name": name, "statuses": [said]})  # fmt: skip

    assert (found.bootstrap_state, found.bootstrap) == ("succeeded", "")


def test_a_failure_is_told_whatever_came_after_it() -> None:
    failed = status("ProvisioningState/failed/50", level="Error", message="exit status=50")

    found = read({"name": "vmssCSE", "statuses": [failed, status("ProvisioningState/succeeded")]})

    assert (found.bootstrap_state, found.bootstrap) == ("failed/50", "exit status=50")


@pytest.mark.parametrize("statuses", [None, [], [status(None)]])
def test_nothing_said_is_nothing_known(statuses: list[dict[str, Any]] | None) -> None:
    found = read({"name": "vmssCSE", "statuses": statuses})

    assert (found.bootstrap_state, found.bootstrap) == ("", "")

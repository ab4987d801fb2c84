"""A lease: a kubelet's or a leader's heartbeat, rewritten every few seconds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kubetui.demo.entries.identity import uid_text
from kubetui.demo.managed_fields import fields, managed
from kubetui.demo.moment import human_duration, rfc3339, rfc3339_micro
from kubetui.demo.template import Template, member, text, value

_SLOTS = (
    "NAME",
    "NAMESPACE",
    "UID",
    "VERSION",
    "CREATED",
    "OWNER",
    "HOLDER",
    "SECONDS",
    "RENEWED",
    "MANAGER",
    "MORE",
)


class LeaseIdentity(NamedTuple):
    """What of a lease does not change."""

    namespace: str
    name: str
    uid: int
    created: int
    seconds: int
    """``leaseDurationSeconds``"""
    manager: str
    labels: Mapping[str, str] = {}
    owner: tuple[str, str] | None = None
    """Name and UID of the node that owns it."""


def _template() -> Template:
    spec = {"acquireTime": "", "holderIdentity": "", "leaseDurationSeconds": 0, "renewTime": ""}
    body = {
        "kind": "Lease",
        "apiVersion": "coordination.k8s.io/v1",
        "metadata": {
            "name": text("NAME"),
            "namespace": text("NAMESPACE"),
            "uid": text("UID"),
            "resourceVersion": text("VERSION"),
            "creationTimestamp": text("CREATED"),
            member("OWNER"): 0,
            "managedFields": [
                managed(text("MANAGER"), "coordination.k8s.io/v1", text("RENEWED"), fields({"spec": spec}))
            ],
        },
        "spec": {
            "holderIdentity": text("HOLDER"),
            "leaseDurationSeconds": value("SECONDS"),
            member("MORE"): 0,
            "renewTime": text("RENEWED"),
        },
    }
    return Template(json.dumps(body, separators=(",", ":")), _SLOTS)


_BODY = _template()


class LeaseEntry:
    """A lease at one beat."""

    __slots__ = ("_version", "acquired", "holder", "identity", "renewed", "transitions")

    def __init__(
        self, identity: LeaseIdentity, holder: str, renewed: float, acquired: float = 0, transitions: int = 0
    ) -> None:
        """``renewed`` and ``acquired`` in Unix seconds; ``acquired`` 0: not an election, as of kubelets."""
        self.identity = identity
        self.holder = holder
        self.renewed = renewed
        self.acquired = acquired
        self.transitions = transitions
        self._version = 0

    @property
    def namespace(self) -> str:
        """``kube-node-lease`` or ``kube-system``."""
        return self.identity.namespace

    @property
    def name(self) -> str:
        """The node's or the leader's name."""
        return self.identity.name

    @property
    def labels(self) -> Mapping[str, str]:
        """API servers' leases have some."""
        return self.identity.labels

    @property
    def version(self) -> int:
        """The resourceVersion of the last write."""
        return self._version

    def stamp(self, version: int) -> None:
        """Take the resourceVersion of this write."""
        self._version = version

    def encode(self) -> bytes:
        """The whole object."""
        identity = self.identity
        return _BODY.render(
            (
                identity.name.encode(),
                identity.namespace.encode(),
                uid_text(identity.uid).encode(),
                b"%d" % self._version,
                rfc3339(identity.created).encode(),
                self._labels_and_owner(),
                self.holder.encode(),
                b"%d" % identity.seconds,
                rfc3339_micro(self.renewed).encode(),
                identity.manager.encode(),
                self._election(),
            )
        )

    def _labels_and_owner(self) -> bytes:
        labels = json.dumps(dict(self.labels), separators=(",", ":"))
        parts = f'"labels":{labels},' if self.labels else ""
        if self.identity.owner:
            name, uid = self.identity.owner
            parts += f'"ownerReferences":[{{"apiVersion":"v1","kind":"Node","name":"{name}","uid":"{uid}"}}],'
        return parts.encode()

    def _election(self) -> bytes:
        if not self.acquired:
            return b""
        return f'"acquireTime":"{rfc3339_micro(self.acquired)}","leaseTransitions":{self.transitions},'.encode()

    def field(self, path: str) -> str:
        """Only the metadata; another path raises KeyError."""
        return {"metadata.name": self.name, "metadata.namespace": self.namespace}[path]

    def cells(self, now: float) -> Sequence[Any]:
        """Name, Holder, Age."""
        return (self.name, self.holder, human_duration(now - self.identity.created))

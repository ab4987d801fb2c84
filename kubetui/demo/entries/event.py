"""An event of core v1, as the classic recorder writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kubetui.demo.entries.identity import uid_text
from kubetui.demo.managed_fields import fields, managed
from kubetui.demo.moment import human_duration, rfc3339
from kubetui.demo.template import Template, member, text, value


class Reference(NamedTuple):
    """The object that an event is about."""

    kind: str
    namespace: str
    """``""`` for a cluster-scoped object: its events live in ``default``."""
    name: str
    uid: str
    api_version: str = "v1"
    field_path: str = ""


_SLOTS = (
    "NAME", "NAMESPACE", "UID", "VERSION", "FIRST", "LAST", "MANAGER", "INVOLVED", "REASON", "MESSAGE",
    "COMPONENT", "HOST", "COUNT", "TYPE",
)  # fmt: skip


def _template() -> Template:
    owned = {
        "count": 0,
        "firstTimestamp": "",
        "involvedObject": {},
        "lastTimestamp": "",
        "message": "",
        "reason": "",
        "reportingComponent": "",
        "source": {"component": ""},
        "type": "",
    }
    body = {
        "kind": "Event",
        "apiVersion": "v1",
        "metadata": {
            "name": text("NAME"),
            "namespace": text("NAMESPACE"),
            "uid": text("UID"),
            "resourceVersion": text("VERSION"),
            "creationTimestamp": text("FIRST"),
            "managedFields": [managed(text("MANAGER"), "v1", text("LAST"), fields(owned))],
        },
        "involvedObject": value("INVOLVED"),
        "reason": value("REASON"),
        "message": value("MESSAGE"),
        "source": {member("HOST"): 0, "component": text("COMPONENT")},
        "firstTimestamp": text("FIRST"),
        "lastTimestamp": text("LAST"),
        "count": value("COUNT"),
        "type": text("TYPE"),
        "eventTime": None,
        "reportingComponent": text("COMPONENT"),
        "reportingInstance": "",
    }
    return Template(json.dumps(body, separators=(",", ":")), _SLOTS)


_BODY = _template()


class EventEntry:
    """An event; ``again`` makes the next count of it."""

    __slots__ = (
        "_version", "about", "component", "count", "first", "host", "last", "message", "name", "reason", "type",
        "uid",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        uid: int,
        about: Reference,
        type: str,  # noqa: A002 - the field's name
        reason: str,
        message: str,
        component: str,
        first: int,
        *,
        host: str = "",
        last: int = 0,
        count: int = 1,
    ) -> None:
        """``first`` and ``last`` in Unix seconds."""
        self.name = name
        self.uid = uid
        self.about = about
        self.type = type
        self.reason = reason
        self.message = message
        self.component = component
        self.host = host
        self.first = first
        self.last = last or first
        self.count = count
        self._version = 0

    def again(self, now: int) -> EventEntry:
        """The same, seen once more."""
        return EventEntry(
            self.name, self.uid, self.about, self.type, self.reason, self.message, self.component, self.first,
            host=self.host, last=now, count=self.count + 1,
        )  # fmt: skip

    @property
    def namespace(self) -> str:
        """Where the object lives; ``default`` for nodes."""
        return self.about.namespace or "default"

    @property
    def labels(self) -> Mapping[str, str]:
        """None."""
        return {}

    @property
    def version(self) -> int:
        """The resourceVersion of the last write."""
        return self._version

    def stamp(self, version: int) -> None:
        """Take the resourceVersion of this write."""
        self._version = version

    def encode(self) -> bytes:
        """The whole object."""
        about = self.about
        involved = {
            "kind": about.kind,
            "namespace": about.namespace,
            "name": about.name,
            "uid": about.uid,
            "apiVersion": about.api_version,
            "fieldPath": about.field_path,
        }
        present = {key: content for key, content in involved.items() if content}
        return _BODY.render(
            (
                self.name.encode(),
                self.namespace.encode(),
                uid_text(self.uid).encode(),
                b"%d" % self._version,
                rfc3339(self.first).encode(),
                rfc3339(self.last).encode(),
                self.component.encode(),
                json.dumps(present, separators=(",", ":")).encode(),
                json.dumps(self.reason).encode(),
                json.dumps(self.message).encode(),
                self.component.encode(),
                f'"host":"{self.host}",'.encode() if self.host else b"",
                b"%d" % self.count,
                self.type.encode(),
            )
        )

    def field(self, path: str) -> str:
        """Field selectors of events. A path that they do not support raises KeyError."""
        about = self.about
        return {
            "metadata.name": self.name,
            "metadata.namespace": self.namespace,
            "involvedObject.kind": about.kind,
            "involvedObject.namespace": about.namespace,
            "involvedObject.name": about.name,
            "involvedObject.uid": about.uid,
            "involvedObject.apiVersion": about.api_version,
            "involvedObject.resourceVersion": "",
            "involvedObject.fieldPath": about.field_path,
            "reason": self.reason,
            "reportingComponent": self.component,
            "source": self.component,
            "type": self.type,
        }[path]

    def cells(self, now: float) -> Sequence[Any]:
        """Last Seen, Type, Reason, Object, Subobject, Source, Message, First Seen, Count, Name."""
        return (
            human_duration(now - self.last),
            self.type,
            self.reason,
            f"{self.about.kind.lower()}/{self.about.name}",
            self.about.field_path,
            f"{self.component}, {self.host}" if self.host else self.component,
            self.message.strip(),
            human_duration(now - self.first),
            self.count,
            self.name,
        )

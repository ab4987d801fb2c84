"""RoleBindings and ClusterRoleBindings, as kubectl has them: who gets which role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row
from kubetui.insight.describe.reading import items, text


def head(facts: Facts) -> Iterator[Entry]:
    """Name, role, subjects."""
    found = facts.found
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Heading("Role")
    yield Field("Kind", text(found, "roleRef", "kind"), 1)
    yield Field("Name", text(found, "roleRef", "name"), 1)
    yield Heading("Subjects")
    rows = [Row((text(one, "kind"), text(one, "name"), text(one, "namespace"))) for one in items(found, "subjects")]
    yield Grid(("Kind", "Name", "Namespace"), rows)


_RBAC: Final = "rbac.authorization.k8s.io"
ROLE_BINDING: Final = Description("RoleBinding", _RBAC, (head,), has_events=False)
CLUSTER_ROLE_BINDING: Final = Description("ClusterRoleBinding", _RBAC, (head,), has_events=False)

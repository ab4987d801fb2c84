"""ServiceAccounts, as ``describeServiceAccount`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.reading import NONE, get, items, text, yes_no


def head(facts: Facts) -> Iterator[Entry]:
    """Name and the secrets that images are pulled with."""
    found = facts.found
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("Image pull secrets", [text(one, "name") for one in items(found, "imagePullSecrets")] or NONE)
    if get(found, "automountServiceAccountToken") is not None:
        yield Field("Automount token", yes_no(get(found, "automountServiceAccountToken")))


SERVICE_ACCOUNT: Final = Description("ServiceAccount", "", (head, owners, events))

"""The Nodes pane's filter, over instances without a node: the same terms, read in what their lines say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from kubetui.insight.instances import Lone, vm_words
from kubetui.kinds.kind import Column
from kubetui.store.filter import parse_filter


class _LoneRow(NamedTuple):
    """An instance without a node as a row that can be filtered."""

    lone: Lone

    @property
    def name(self) -> str:
        """All of its names: on its line, in its scale set, in Azure, as a node."""
        one = self.lone.instance
        return f"instance {one.number} {one.scale_set}_{one.number} {one.computer_name}"

    @property
    def namespace(self) -> str:
        """None."""
        return ""

    @property
    def version(self) -> int:
        """None."""
        return 0

    @property
    def provisional(self) -> bool:
        """It is all there."""
        return False


_COLUMNS: Final[Sequence[Column[_LoneRow]]] = tuple(
    Column(title, lambda row, now: "", lambda row: "", searched=searched)
    for title, searched in (
        ("NAME", lambda row: row.name),
        ("STATUS", lambda row: row.lone.trouble.words),
        ("IMAGE", lambda row: row.lone.instance.image),
        (
            "INSTANCE",
            lambda row: f"{row.lone.instance.number} {row.lone.instance.scale_set}_{row.lone.instance.number}",
        ),
        ("VM", lambda row: vm_words(row.lone.instance)),
        ("ZONE", lambda row: row.lone.instance.zone),
    )
)


def matching(text: str, lone: Mapping[str, Sequence[Lone]]) -> dict[str, list[Lone]]:
    """Of instances without a node, by pool, those that the filter ``text`` keeps. Raises FilterError."""
    wanted = parse_filter(text, _COLUMNS, _labels)
    if wanted is None:
        return {pool: list(found) for pool, found in lone.items()}
    kept = {pool: [one for one in found if wanted.keep(_LoneRow(one))] for pool, found in lone.items()}
    return {pool: found for pool, found in kept.items() if found}


def _labels(row: _LoneRow) -> Sequence[tuple[str, str]]:
    """Those that its node would have: the pool's."""
    return (("agentpool", row.lone.pool), ("kubernetes.azure.com/agentpool", row.lone.pool))

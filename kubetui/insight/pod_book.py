"""Pods counted and those in trouble grouped, kept by adding and taking away what changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kubetui.insight.pod_trouble import Owner, Trouble, owner_of, since, trouble_of
from kubetui.kinds.kind import Key
from kubetui.kinds.pod_row import PodRow

_OF_STATUS = {"Running": "Running", "Completed": "Succeeded", "Succeeded": "Succeeded"}


class PodGroup:
    """The pods of one owner that are in the same trouble."""

    __slots__ = ("_since", "owner", "rows", "trouble")

    def __init__(self, owner: Owner, trouble: Trouble) -> None:
        self.owner, self.trouble = owner, trouble
        self.rows: dict[Key, PodRow] = {}
        self._since: int | None = None

    def put(self, key: Key, row: PodRow | None) -> None:
        """A pod came, changed, or left (None)."""
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row
        self._since = None

    @property
    def since(self) -> int:
        """Since when the first of them is in it; Unix seconds, 0: nothing tells."""
        if self._since is None:
            self._since = min((moment for row in self.rows.values() if (moment := since(row))), default=0)
        return self._since

    @property
    def worst(self) -> PodRow:
        """The one that says most: with a message, the most restarts."""
        return max(self.rows.values(), key=lambda row: (bool(row.message), row.restarts, row.name))


class PodBook:
    """Fed with every change of every pod that is watched. Pods without trouble cost one count."""

    def __init__(self) -> None:
        self.phases: Counter[str] = Counter()
        """How many are in each phase; ``""``: made from a Table, whose words don't tell it."""
        self.unready = 0
        """Running ones with a container that is not ready."""
        self._groups: dict[tuple[Owner, Trouble], PodGroup] = {}

    def __len__(self) -> int:
        return self.phases.total()

    def fold(self, before: PodRow | None, after: PodRow | None) -> None:
        """A pod has changed: take away what it was (None: it did not exist), add what it is (None: it is gone)."""
        if before is not None:
            self._count(before, -1)
            self._group(before, None)
        if after is not None:
            self._count(after, 1)
            self._group(after, after)

    def _count(self, row: PodRow, by: int) -> None:
        phase = phase_of(row)
        self.phases[phase] += by
        if not self.phases[phase]:
            del self.phases[phase]
        if phase == "Running" and row.ready < row.total:
            self.unready += by

    def _group(self, row: PodRow, held: PodRow | None) -> None:
        trouble = trouble_of(row)
        if trouble is None:
            return
        place = owner_of(row), trouble
        group = self._groups.get(place)
        if group is None:
            if held is None:
                return
            group = self._groups[place] = PodGroup(*place)
        group.put((row.namespace, row.name), held)
        if not group.rows:
            del self._groups[place]

    def groups(self, *troubles: Trouble) -> Iterator[PodGroup]:
        """All groups in one of these troubles."""
        return (group for group in self._groups.values() if group.trouble in troubles)

    def of(self, owner: Owner) -> list[PodGroup]:
        """The groups of one workload."""
        return [group for trouble in Trouble if (group := self._groups.get((owner, trouble))) is not None]


def phase_of(row: PodRow) -> str:
    """The pod's phase; of a row made from a Table what its status word tells."""
    return row.phase or _OF_STATUS.get(row.status, "")

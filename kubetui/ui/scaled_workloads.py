"""Which autoscaler drives a workload: looked up by the name of the workload's line in Top."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kubetui.cluster.session import Scope, Session
from kubetui.kinds.horizontal_pod_autoscaler import HORIZONTAL_POD_AUTOSCALER, AutoscalerRow
from kubetui.kinds.kind import Key
from kubetui.store.state import Phase

_UNKNOWN: Final = frozenset({Phase.FORBIDDEN, Phase.NOT_INSTALLED, Phase.FAILED})


class ScaledWorkloads:
    """The HorizontalPodAutoscalers of a scope, until ``close``. ``changed`` is called after each change of them."""

    def __init__(self, session: Session, scope: Scope, changed: Callable[[], None]) -> None:
        self._lease = session.open(HORIZONTAL_POD_AUTOSCALER, scope)
        self._changed = changed
        self._unwatch = self._lease.store.on_change(self._forget)
        self._by_target: dict[Key, AutoscalerRow] | None = None

    @property
    def trouble(self) -> str:
        """Why none of them is known; ``""`` where they are."""
        phase = self._lease.store.state.phase
        return f"autoscalers not known: {phase.value}" if phase in _UNKNOWN and not len(self._lease.store) else ""

    def close(self) -> None:
        """Give them back."""
        self._unwatch()
        self._lease.close()

    def _forget(self) -> None:
        self._by_target = None
        self._changed()

    def autoscaler(self, key: Key) -> AutoscalerRow | None:
        """Of (namespace, ``Deployment/web``)."""
        if self._by_target is None:
            rows = self._lease.store
            self._by_target = {(row.namespace, f"{row.target_kind}/{row.target}"): row for row in rows}
        return self._by_target.get(key)

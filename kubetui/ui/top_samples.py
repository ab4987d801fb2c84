"""How metrics.k8s.io stands for Top: an API that answers and has no sample of anything is as good as none."""

from __future__ import annotations

from typing import Any, Final

from kubetui.insight import usage_words
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store

NO_SAMPLES: Final = SyncState(
    Phase.FAILED,
    word="no samples",
    reason=usage_words.NO_SAMPLES,
    advice=usage_words.NO_SAMPLES_ADVICE,
)


def blank(samples: Store[Any], objects: Store[Any]) -> bool:
    """Whether all of ``objects`` are there and ``samples``, of all of them, are none."""
    there = samples.state.phase is Phase.LIVE and objects.state.phase is Phase.LIVE
    return there and not len(samples) and len(objects) > 0

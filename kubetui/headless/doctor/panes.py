"""Which panes the account's rights fill."""

from __future__ import annotations

from collections.abc import Mapping

from kubetui.cluster.rights import Need
from kubetui.headless.doctor.case import Case
from kubetui.headless.doctor.line import Line, finding, fine, unknown
from kubetui.insight.pane_needs import PANE_NEEDS, PaneNeed, missing_in, needs_in


async def rights(case: Case) -> list[Line]:
    """A line for each pane."""
    wanted = [one.need for pane in PANE_NEEDS for one in needs_in(pane, case.namespaces)]
    known = await case.session.rights.may_all(wanted)
    return [_pane(pane, case.namespaces, known) for pane in PANE_NEEDS]


def _pane(pane: str, namespaces: frozenset[str] | None, known: Mapping[Need, bool | None]) -> Line:
    subject = f"rights: {pane}"
    missing, not_known = missing_in(pane, namespaces, known)
    if missing:
        words = "; ".join(_without(one) for one in missing)
        ask = " and ".join(one.need.words for one in missing)
        return finding(subject, f"the account may not {words}", f"ask for a role that allows to {ask}")
    if not_known:
        return unknown(subject, "the server did not answer an access review")
    return fine(subject, "may " + ", ".join(one.need.words for one in needs_in(pane, namespaces)))


def _without(one: PaneNeed) -> str:
    return one.need.words + (f" ({one.without})" if one.without else "")

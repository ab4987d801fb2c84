"""All checks in order, each as soon as it is done; what needs a connection is not tried without one."""

from __future__ import annotations

from collections.abc import AsyncIterator

from kubetui.headless.doctor import connection
from kubetui.headless.doctor.azure import azure
from kubetui.headless.doctor.case import Case
from kubetui.headless.doctor.line import Line, Verdict, unknown
from kubetui.headless.doctor.panes import rights
from kubetui.headless.doctor.services import metrics, tunnel

_SIGNED_IN_ONLY = ("rights", "tunnel", "metrics")


async def examine(case: Case) -> AsyncIterator[Line]:
    """The lines of one context's session."""
    yield connection.context(case)
    server, connected = await connection.server(case)
    for line in server:
        yield line
    signed_in = False
    if connected:
        sign_in = await connection.sign_in(case)
        signed_in = sign_in[0].verdict is Verdict.FINE
        for line in sign_in:
            yield line
    else:
        yield unknown("sign-in", "not tried: there is no connection")
    if signed_in:
        for line in [*await rights(case), await tunnel(case), await metrics(case)]:
            yield line
    else:
        for subject in _SIGNED_IN_ONLY:
            yield unknown(subject, "not tried: not signed in")
    for line in await azure(case):
        yield line

"""From the kubeconfig to a signed-in account: context, server, TLS, sign-in."""

from __future__ import annotations

from kubetui.cluster.connect import open_transport
from kubetui.cluster.credentials import FixedCredential
from kubetui.cluster.errors import ApiError, ClusterError, NotKubernetes, SignInFailed, TlsFailed, Unauthorized
from kubetui.cluster.token import Credential
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Request
from kubetui.cluster.who import Ending, who_am_i
from kubetui.headless.doctor.case import Case
from kubetui.headless.doctor.line import Line, finding, fine, unknown

SOON_S = 14 * 86_400.0
"""A client certificate that ends sooner is worth a word: renewing it takes a person."""
SLOW_S = 1.0
"""An answer that takes longer makes every pane slow."""


def context(case: Case) -> Line:
    """Which context, cluster, user and namespace were chosen."""
    target = case.account.target
    user = f"user {target.user.name}" if target.user else "no user"
    where = "all namespaces" if case.namespaces is None else f"namespace {', '.join(sorted(case.namespaces))}"
    return fine("context", f"{target.context}: cluster {target.cluster}, {user}, {where} (from {target.source})")


async def server(case: Case) -> tuple[list[Line], bool]:
    """Whether it can be reached, and by TLS: asked without an account, so that sign-in can't be the reason.

    The second: whether a connection can be had at all.
    """
    target = case.account.target
    stranger = FixedCredential(Credential(), "anonymously")
    transport = await open_transport(target, case.clock, Traffic(case.clock), case.environ, stranger)
    through = f" through {case.account.proxy}" if case.account.proxy else ""
    begun = case.clock.monotonic()
    try:
        await transport.send(Request("/version", "reach the server"))
    except TlsFailed as error:
        taken = fine("server", f"{target.server} takes connections{through}")
        return [taken, finding("TLS", error.answer, error.advice)], False
    except ApiError:
        pass  # it answers, which is all that was asked
    except NotKubernetes as error:
        return [finding("server", error.answer, error.advice)], False
    except SignInFailed as error:  # a client certificate that can't be shown
        return [unknown("server", f"{error.tried}: {error.answer}", error.advice)], False
    except ClusterError as error:
        return [finding("server", error.answer, error.advice)], False
    finally:
        await transport.close()
    seconds = case.clock.monotonic() - begun
    return [_answered(target.server, through, seconds), _tls(case)], True


def _answered(address: str, through: str, seconds: float) -> Line:
    words = f"{address} answers{through}, in {seconds * 1000:.0f} ms with the connection's set-up"
    if seconds < SLOW_S:
        return fine("server", words)
    return finding("server", words, "a slow line or proxy: kubetui works, but each new pane takes that long")


def _tls(case: Case) -> Line:
    target = case.account.target
    if not target.server.startswith("https:"):
        return finding("TLS", "none: the address is plain http", "anybody on the way can read along; use https")
    if target.insecure_skip_tls_verify:
        advice = "remove insecure-skip-tls-verify and set certificate-authority-data" + (
            ": az aks get-credentials does" if target.is_aks else ""
        )
        return finding("TLS", "the server's certificate is not verified (insecure-skip-tls-verify)", advice)
    by = "the kubeconfig's CA" if target.ca_data or target.ca_file else "the system's CAs"
    return fine("TLS", f"the server's certificate is verified by {by}")


async def sign_in(case: Case) -> list[Line]:
    """Who the account is, how it signs in, how long that lasts."""
    by = case.account.signs_in
    try:
        who = await who_am_i(case.session.send)
    except (SignInFailed, Unauthorized) as error:
        return [finding("sign-in", f"{error.answer} (by {by})", error.advice)]
    except ClusterError as error:
        cause = error.__cause__
        if isinstance(cause, ApiError):  # signed in, but the question is not known or not allowed
            return [fine("sign-in", f"by {by}; the server does not say as whom ({cause.status})"), *await _ends(case)]
        return [unknown("sign-in", error.answer, error.advice)]
    groups = f" in {len(who.groups)} group{'' if len(who.groups) == 1 else 's'}" if who.groups else ""
    return [fine("sign-in", f"as {who.name}{groups}, by {by}"), *await _ends(case)]


async def _ends(case: Case) -> list[Line]:
    try:
        endings = await case.account.ends()
    except ClusterError as error:
        return [unknown("sign-in ends", error.answer, error.advice)]
    return [_ending(end, case.clock.now()) for end in endings]


def _ending(end: Ending, now: float) -> Line:
    if end.at is None:
        return fine("sign-in ends", f"the {end.what} does not say when it ends")
    left = end.at - now
    amount = f"{left / 86400:.0f} days" if left > 2 * 86400 else f"{left / 60:.0f} min"
    words = f"the {end.what} ends in {amount}"
    if left < 0:
        words = f"the {end.what} ended {-left / 60:.0f} min ago"
        return finding("sign-in ends", words, "is this machine's clock right?")
    if end.what == "client certificate" and left < SOON_S:
        return finding("sign-in ends", words, "get the kubeconfig anew before it does")
    return fine("sign-in ends", words)

"""What can go wrong between here and the API server, as types that speak to the person.

Each says what was tried, what came back and what to do next; none carries a traceback to the screen.
"""

from __future__ import annotations


class ClusterError(Exception):
    """Base of all errors of this room.

    ``tried`` what was attempted (``list pods in kube-system``), ``answer`` what came back, ``advice`` the next
    thing to do, ``""`` where there is nothing to advise.
    """

    def __init__(self, tried: str, answer: str, advice: str = "") -> None:
        super().__init__(f"{tried}: {answer}" + (f" – {advice}" if advice else ""))
        self.tried = tried
        self.answer = answer
        self.advice = advice


class KubeconfigError(ClusterError):
    """The kubeconfig can't be used; the answer names file and, where known, line."""


class NoKubeconfig(KubeconfigError):
    """There is none anywhere, and this is no pod either."""


class SignInFailed(ClusterError):
    """No credential could be had: an exec plugin failed, a token file is missing."""


class Refused(ClusterError):
    """The gate kept a request back: this program reads, and asks for access reviews, nothing else."""


class Unreachable(ClusterError):
    """No connection: refused, no route, name not found, or cut in the middle of an answer."""


class TimedOut(Unreachable):
    """No answer in time."""


class TlsFailed(ClusterError):
    """The server's certificate, or ours, was not accepted."""


class NotKubernetes(ClusterError):
    """Something answered that is no API server: a proxy's page, a login form."""


class ApiError(ClusterError):
    """The API server answered with an error status.

    ``status`` is the HTTP code, ``reason`` the Status object's reason (``Expired``), ``retry_after`` seconds
    of the Retry-After header or the Status details, None where absent. ``body`` is the answer's text, for who reads
    more in it than ``answer`` says; at most 16 KiB, not sanitised.
    """

    def __init__(
        self,
        tried: str,
        answer: str,
        advice: str = "",
        *,
        status: int,
        reason: str = "",
        retry_after: float | None = None,
        body: str = "",
    ) -> None:
        super().__init__(tried, answer, advice)
        self.body = body
        self.status = status
        self.reason = reason
        self.retry_after = retry_after


class Unauthorized(ApiError):
    """401: no credential, or one that has ended."""


class Forbidden(ApiError):
    """403: the account may not do this."""


class NotFound(ApiError):
    """404: no such object, or the server does not serve this resource."""


class Expired(ApiError):
    """410, or an ERROR event with reason Expired or Gone: the resourceVersion is too old to go on from."""


class TooLargeResourceVersion(ApiError):
    """504 with cause ResourceVersionTooLarge: this API server lags behind the version asked for."""


class Overloaded(ApiError):
    """429, 500, 502, 503 or 504: the server asks to come back later."""

"""Refusals as the API server words them: ``metav1.Status`` with its code, reason and details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

_CONTINUE_EXPIRED = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list "
    "without the continue parameter, or use the continue token in this response to retrieve the remainder of the "
    "results. Continuing with the provided token results in an inconsistent list - objects that were created, "
    "modified, or deleted between the time the first chunk was returned and now may show up in the list."
)


class ApiError(Exception):
    """A request that the server refuses; ``body()`` is what the client reads."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        details: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        retry_after: int = 0,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.metadata = metadata or {}
        self.retry_after = retry_after
        """Seconds for the Retry-After header; 0 for none."""

    def body(self) -> bytes:
        """The Status object as compact JSON."""
        status: dict[str, Any] = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": self.metadata,
            "status": "Failure",
            "message": self.message,
        }
        if self.reason:
            status["reason"] = self.reason
        if self.details is not None:
            status["details"] = self.details
        status["code"] = self.code
        return msgspec.json.encode(status)


class NoSuchPath(Exception):
    """A path that no part of the server knows: answered as plain text, as Go's mux does."""


def bad_request(message: str) -> ApiError:
    """400: what the client sent cannot be understood."""
    return ApiError(400, "BadRequest", message)


def unauthorized() -> ApiError:
    """401: no token, or one that nobody has, or one that expired."""
    return ApiError(401, "Unauthorized", "Unauthorized")


def not_found(plural: str, group: str, name: str) -> ApiError:
    """404: the resource exists, the object does not."""
    qualified = f"{plural}.{group}" if group else plural
    details = {"name": name, "group": group, "kind": plural} if group else {"name": name, "kind": plural}
    return ApiError(404, "NotFound", f'{qualified} "{name}" not found', details=details)


def no_such_resource() -> ApiError:
    """404: the group and version exist, the resource does not."""
    return ApiError(404, "NotFound", "the server could not find the requested resource", details={})


def method_not_allowed(
    message: str = "the server does not allow this method on the requested resource",
) -> ApiError:
    """405."""
    return ApiError(405, "MethodNotAllowed", message, details={})


def not_acceptable(offered: Sequence[str], *, known_type: bool) -> ApiError:
    """406: none of the media types the client accepts is served, or none in the form it wants."""
    message = "406: Not Acceptable\n\nAvailable representations: " + ", ".join(offered)
    if known_type:
        message = "only the following media types are accepted: " + ", ".join(offered)
    return ApiError(406, "NotAcceptable", message, details={})


class Problem(NamedTuple):
    """One field that is wrong, as a Status cause has it."""

    field: str
    rule: str
    """``FieldValueForbidden`` or ``FieldValueNotSupported``."""
    message: str


def invalid_list_options(problems: Sequence[Problem]) -> ApiError:
    """422: parameters of a list or watch that contradict each other."""
    words = ", ".join(f"{problem.field}: {problem.message}" for problem in problems)
    causes = [{"reason": rule, "message": message, "field": field} for field, rule, message in problems]
    return ApiError(
        422,
        "Invalid",
        f'ListOptions.meta.k8s.io "" is invalid: {f"[{words}]" if len(problems) > 1 else words}',
        details={"group": "meta.k8s.io", "kind": "ListOptions", "causes": causes},
    )


def expired(message: str) -> ApiError:
    """410: the version asked for is no longer kept."""
    return ApiError(410, "Expired", message)


def continue_expired(token: str) -> ApiError:
    """410 with a token that goes on inconsistently, from the current state."""
    return ApiError(410, "Expired", _CONTINUE_EXPIRED, metadata={"continue": token})


def too_large_version(asked: int, current: int, retry_after: int) -> ApiError:
    """504: a version newer than the server's; the watch cache asks to come back after a second."""
    details: dict[str, Any] = {
        "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]
    }
    if retry_after:
        details["retryAfterSeconds"] = retry_after
    message = f"Timeout: Too large resource version: {asked}, current: {current}"
    return ApiError(504, "Timeout", message, details=details, retry_after=retry_after)


def too_many_requests(retry_after: int) -> ApiError:
    """429 as API Priority and Fairness answers it."""
    message = "Too many requests, please try again later."
    details = {"retryAfterSeconds": retry_after}
    return ApiError(429, "TooManyRequests", message, details=details, retry_after=retry_after)


def service_unavailable(retry_after: int = 0) -> ApiError:
    """503, as the aggregator answers for an API whose server is down."""
    message = "the server is currently unable to handle the request"
    details = {"retryAfterSeconds": retry_after} if retry_after else {}
    return ApiError(503, "ServiceUnavailable", message, details=details, retry_after=retry_after)

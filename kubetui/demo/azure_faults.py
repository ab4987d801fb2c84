"""What can be made to go wrong with an answer of the demo's Azure Resource Manager: declared as data, spent one by one.

Beside what any server does wrong (``faults.py``): pages of a proxy with a good status, lists that lead elsewhere or
never end, entries that nobody expects.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any, Final, Literal

import msgspec

from kubetui.demo.faults import Armed, Cut, Delay, Html, Reject, Stall

_MANY: Final = 100_000


class SignInPage(msgspec.Struct, frozen=True, tag="sign-in-page", tag_field="kind", forbid_unknown_fields=True):
    """Answer 200 with a page that asks for a name and a password, as a proxy does that knows nobody yet."""


class Elsewhere(msgspec.Struct, frozen=True, tag="elsewhere", tag_field="kind", forbid_unknown_fields=True):
    """Let a list go on at another address."""

    next_link: str


class Endless(msgspec.Struct, frozen=True, tag="endless", tag_field="kind", forbid_unknown_fields=True):
    """Let a list go on for ever: always from the same page, or each time from another one."""

    from_page: Literal["same", "another"] = "another"


class OddItems(msgspec.Struct, frozen=True, tag="odd-items", tag_field="kind", forbid_unknown_fields=True):
    """Put entries of wrong types among a list's, and fields that nobody knows into the good ones."""


AzureEffect = Reject | Html | Cut | Delay | Stall | SignInPage | Elsewhere | Endless | OddItems
OnAList = Elsewhere | Endless | OddItems
"""What changes a list's page and leaves it an answer of Azure's."""


class AzureFault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An effect on the next ``count`` requests of a shape."""

    effect: AzureEffect
    path: str = "*"
    """A glob over the path without the query, in any case: ``*/virtualMachineScaleSets/aks-spot-*/virtualMachines``."""
    count: Annotated[int, msgspec.Meta(ge=1, le=_MANY)] = 1

    def concerns(self, path: str) -> bool:
        """Whether the request has the shape."""
        return fnmatchcase(path.casefold(), self.path.casefold())


class AzureFaults(Armed[AzureFault]):
    """The armed faults, oldest first."""

    def strike(self, path: str) -> AzureEffect | None:
        """The first armed effect for this request, spent once; None mostly."""
        fault = self.spend(lambda armed: armed.concerns(path))
        return fault.effect if fault is not None else None


_ODD: Final[tuple[Any, ...]] = (
    None,
    "a word",
    17,
    [],
    {},
    {"id": 17},
    {"id": "/x", "name": "x", "properties": "none"},
    {"id": "/x", "name": "x", "properties": {"provisioningState": 3, "instanceView": []}},
)


def with_odd_items(items: Sequence[dict[str, Any]]) -> list[Any]:
    """The items, each with fields of next year, and as many again that are nonsense."""
    found: list[Any] = list(_ODD)
    for item in items:
        properties = item.get("properties", {}) | {"newField": {"deep": [1, None]}}
        found.append({**item, "newField": [True], "properties": properties})
    return found


ODD_ITEMS: Final = len(_ODD)
"""How many entries are nonsense."""

_WORDS: Final = {
    401: ("ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time."),
    403: (
        "AuthorizationFailed",
        "The client 'joe@example.com' does not have authorization to perform action 'read' over scope '{path}'.",
    ),
    404: ("ResourceNotFound", "The Resource '{path}' was not found."),
    429: (
        "OperationNotAllowed",
        "The server rejected the request because too many requests have been received for this subscription.",
    ),
    500: ("InternalServerError", "An internal execution error occurred. Please retry later."),
    503: ("ServerTimeout", "The request timed out. Please retry later."),
}


def refusal(status: int, path: str) -> dict[str, Any]:
    """The body of an error, in Azure's words."""
    code, message = _WORDS.get(status, ("Failed", f"The request failed with status {status}."))
    return {"error": {"code": code, "message": message.replace("{path}", path)}}


SIGN_IN_PAGE: Final = (
    b"<!DOCTYPE html>\n<html><head><title>Proxy sign-in</title></head>\n"
    b"<body><form method=post>Name <input name=u> Password <input name=p type=password></form></body></html>\n"
)

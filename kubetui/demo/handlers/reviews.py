"""Who am I, may I, what may I: the reviews that everybody signed in may post."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from kubetui.demo.access import BASIC, Rule, User
from kubetui.demo.call import Answer, Call
from kubetui.demo.clock import Clock
from kubetui.demo.entry import Resource
from kubetui.demo.moment import rfc3339
from kubetui.demo.protobuf import ACCESS_REVIEW, MAGIC, RULES_REVIEW, Shape, read_object
from kubetui.demo.status import ApiError, bad_request, unauthorized

_AUTHORIZATION = "authorization.k8s.io"
_AUTHENTICATION = "authentication.k8s.io"
_MAY = Resource(
    "SelfSubjectAccessReview",
    "selfsubjectaccessreviews",
    _AUTHORIZATION,
    "v1",
    namespaced=False,
    verbs=("create",),
)
_RULES = Resource(
    "SelfSubjectRulesReview", "selfsubjectrulesreviews", _AUTHORIZATION, "v1", namespaced=False, verbs=("create",)
)
_WHO = Resource("SelfSubjectReview", "selfsubjectreviews", _AUTHENTICATION, "v1", namespaced=False, verbs=("create",))
REVIEWS = (_WHO, _MAY, _RULES)
"""For discovery; none of them is stored."""
_WEBHOOK = "webhook authorizer does not support user rule resolution"


class _ResourceAttributes(msgspec.Struct, omit_defaults=True):
    namespace: str = ""
    verb: str = ""
    group: str = ""
    version: str = ""
    resource: str = ""
    subresource: str = ""
    name: str = ""


class _NonResourceAttributes(msgspec.Struct, omit_defaults=True):
    path: str = ""
    verb: str = ""


class _AccessSpec(msgspec.Struct, rename="camel", omit_defaults=True):
    resource_attributes: _ResourceAttributes | None = None
    non_resource_attributes: _NonResourceAttributes | None = None


class _RulesSpec(msgspec.Struct):
    namespace: str = ""


class _AccessReview(msgspec.Struct):
    spec: _AccessSpec = msgspec.field(default_factory=_AccessSpec)


class _RulesReview(msgspec.Struct):
    spec: _RulesSpec = msgspec.field(default_factory=_RulesSpec)


class Reviews:
    """Answers the three self reviews."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def serves(self, call: Call) -> bool:
        """Whether the call posts one of them."""
        info = call.info
        path = (info.group, info.version, info.resource)
        return info.verb == "create" and any((one.group, one.version, one.plural) == path for one in REVIEWS)

    async def answer(self, call: Call) -> Answer:
        """201 with the review's status filled in; ``ApiError`` 400 or 422 for a bad one."""
        if call.user is None:
            raise unauthorized()
        body = await call.read()
        if call.info.resource == _MAY.plural:
            return _may(call.user, body)
        if call.info.resource == _RULES.plural:
            return _rules(call.user, body)
        return self._who(call.user)

    def _who(self, user: User) -> Answer:
        info = {"username": user.name, "uid": user.name, "groups": user.groups}
        metadata = {"creationTimestamp": rfc3339(self._clock.now())}
        return _created(_WHO, {}, {"userInfo": info}, metadata)


def _may(user: User, body: bytes) -> Answer:
    spec = _read(body, _AccessReview, _MAY.kind, ACCESS_REVIEW).spec
    asked, path = spec.resource_attributes, spec.non_resource_attributes
    if asked is not None and path is None:
        resource = f"{asked.resource}/{asked.subresource}" if asked.subresource else asked.resource
        allowed = user.may(asked.verb, asked.group, resource, asked.namespace)
    elif path is not None and asked is None:
        allowed = path.verb in ("get", "head") and user.may_visit(path.path)
    else:
        raise _one_of_two()
    status: dict[str, Any] = {"allowed": allowed}
    if allowed:
        status["reason"] = f'RBAC: allowed by ClusterRoleBinding "{user.name}" to User "{user.name}"'
    return _created(_MAY, spec, status)


def _one_of_two() -> ApiError:
    message = "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified"
    cause = {"reason": "FieldValueInvalid", "message": message, "field": "spec.resourceAttributes"}
    return ApiError(
        422,
        "Invalid",
        f'.authorization.k8s.io "" is invalid: spec.resourceAttributes: {message}',
        details={"group": _AUTHORIZATION, "causes": [cause]},
    )


def _rules(user: User, body: bytes) -> Answer:
    spec = _read(body, _RulesReview, _RULES.kind, RULES_REVIEW).spec
    if not spec.namespace:
        raise bad_request("no namespace on request")
    known = BASIC if user.azure else BASIC + user.rules
    here = [rule for rule in known if "*" in rule.namespaces or spec.namespace in rule.namespaces]
    status: dict[str, Any] = {
        "resourceRules": [_rule(rule) for rule in here],
        "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": list(user.all_paths)}],
        "incomplete": user.azure,
    }
    if user.azure:
        status["evaluationError"] = _WEBHOOK
    return _created(_RULES, {}, status)


def _rule(rule: Rule) -> dict[str, Any]:
    return {"verbs": rule.verbs, "apiGroups": rule.groups, "resources": rule.resources}


_Shape = TypeVar("_Shape", _AccessReview, _RulesReview)


def _read(body: bytes, shape: type[_Shape], kind: str, fields: Shape) -> _Shape:
    """JSON, or protobuf as kubectl posts it."""
    try:
        if body.startswith(MAGIC):
            return msgspec.convert(read_object(body, fields), type=shape)
        return msgspec.json.decode(body, type=shape)
    except ValueError as problem:  # msgspec's and Unicode's errors too
        words = f"the object provided is unrecognized (must be of type {kind}): {problem}"
        raise bad_request(words) from None


def _created(review: Resource, spec: Any, status: Any, metadata: dict[str, Any] | None = None) -> Answer:
    body = {
        "kind": review.kind,
        "apiVersion": f"{review.group}/{review.version}",
        "metadata": metadata or {},
        "spec": spec,
        "status": status,
    }
    if review is _WHO:
        del body["spec"]
    return Answer(msgspec.json.encode(body), 201)

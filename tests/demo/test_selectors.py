"""Label and field selectors: what they match, and the API server's words for what it cannot read."""

from __future__ import annotations

import pytest

from kubetui.demo.selectors import Selection, parse_fields, parse_labels
from kubetui.demo.status import ApiError
from tests.demo.synthetic import Thing

WEB = Thing("web", labels={"app": "web", "tier": "front", "size": "5"}, node="n1", phase="Running")


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        ("", True),
        ("app=web", True),
        ("app==web", True),
        ("app=db", False),
        ("app!=db", True),
        ("app!=web", False),
        ("missing!=x", True),
        ("missing=", False),
        ("app", True),
        ("missing", False),
        ("!missing", True),
        ("!app", False),
        ("app in (db, web)", True),
        ("app in (db)", False),
        ("app notin (db)", True),
        ("app notin (web)", False),
        ("missing notin (web)", True),
        ("size>4", True),
        ("size<5", False),
        ("app>4", False),
        ("app=web,tier in (front,back),!missing", True),
        ("app=web,tier=back", False),
        ("kubernetes.io/os=linux", False),
    ],
)
def test_label_selectors_match_as_kubernetes_does(selector: str, *, matches: bool) -> None:
    assert Selection(parse_labels(selector)).matches(WEB) is matches


@pytest.mark.parametrize(
    ("selector", "message"),
    [  # as kube-apiserver 1.36.3 answered
        ("a===b", "unable to parse requirement: found '=', expected: identifier"),
        ("a in b", "unable to parse requirement: found 'b' expected: '('"),
        ("a foo", "unable to parse requirement: found 'foo', expected: in, notin, =, ==, !=, gt, lt"),
        ("!", "unable to parse requirement: found '', expected: identifier"),
        ("a,,b", "found ',', expected: identifier after ','"),
        ("a in (", "unable to parse requirement: found '', expected: ',', ')' or identifier"),
        ("(a)", "found '(', expected: !, identifier, or 'end of string'"),
        (
            "a>x",
            "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must",
        ),
        ("x/y/z", 'unable to parse requirement: <nil>: Invalid value: "x/y/z": a valid label key must consist of'),
        ("/y", 'unable to parse requirement: <nil>: Invalid value: "/y": prefix part must be non-empty'),
        ("-a=b", 'unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of'),
        ("a=-b", 'unable to parse requirement: values[0][a]: Invalid value: "-b": a valid label must be an empty'),
    ],
)
def test_bad_label_selectors_are_refused_in_the_api_servers_words(selector: str, message: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_labels(selector)
    assert refusal.value.code == 400
    assert refusal.value.message.startswith(message)


@pytest.mark.parametrize(
    "selector", ["a in (", "a in (b", "a in (b c)", "a b c", "a,", "a>x", "a=" + "x" * 64, "x" * 64, "=b"]
)
def test_other_bad_label_selectors_are_refused_too(selector: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_labels(selector)
    assert refusal.value.code == 400


FIELDS = ("metadata.name", "status.phase", "spec.nodeName")


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        ("", True),
        ("metadata.name=web", True),
        ("metadata.name==web", True),
        ("metadata.name!=web", False),
        ("status.phase=Running,spec.nodeName=n1", True),
        ("status.phase=Running,spec.nodeName!=n1", False),
        ("spec.nodeName=", False),
        (r"metadata.name=a\,b", False),
    ],
)
def test_field_selectors_match(selector: str, *, matches: bool) -> None:
    assert Selection(fields=parse_fields(selector, FIELDS)).matches(WEB) is matches


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("foo=b", "field label not supported: foo"),
        ("foo", "invalid selector: 'foo'; can't understand 'foo'"),
    ],
)
def test_bad_field_selectors_are_refused_in_the_api_servers_words(selector: str, message: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_fields(selector, FIELDS)
    assert (refusal.value.code, refusal.value.message) == (400, message)


def test_an_escaped_comma_belongs_to_the_value() -> None:
    (term,) = parse_fields(r"metadata.name=a\,b\=c", FIELDS)
    assert term.value == "a,b=c"

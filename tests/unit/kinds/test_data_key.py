"""Keys of ConfigMaps and Secrets: what is told of values without keeping them."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.kinds.data_key import DATA_KEY_COLUMNS, as_text, object_data, text_lines, value_in
from tests.unit.kinds.fixture_files import texts


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


def config_map(data: Any = None, binary: Any = None, **more: Any) -> bytes:
    found = {"kind": "ConfigMap", "metadata": {"resourceVersion": "7"}, "data": data, "binaryData": binary, **more}
    return msgspec.json.encode(found)


def secret(**values: bytes) -> bytes:
    data = {name: encoded(value) for name, value in values.items()}
    return msgspec.json.encode({"kind": "Secret", "metadata": {}, "type": "kubernetes.io/tls", "data": data})


PEM = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (b"", {"BYTES": "0", "LINES": "–", "TYPE": "empty"}),
        (b"one", {"BYTES": "3", "LINES": "1", "TYPE": "text"}),
        (b"one\ntwo\n", {"BYTES": "8", "LINES": "2", "TYPE": "text"}),
        (b' {"a": 1}', {"BYTES": "9", "LINES": "1", "TYPE": "JSON"}),
        (PEM, {"BYTES": str(len(PEM)), "LINES": "3", "TYPE": "PEM CERTIFICATE"}),
        (b"-----BEGIN " + b"x" * 90, {"BYTES": "101", "LINES": "1", "TYPE": "PEM"}),
        (b"\xff\xfe\x00", {"BYTES": "3", "LINES": "–", "TYPE": "binary"}),
        (b"text with \x00", {"BYTES": "11", "LINES": "–", "TYPE": "binary"}),
        ("é".encode() * 1024, {"BYTES": "2,048", "LINES": "1", "TYPE": "text"}),
    ],
)
def test_what_is_told_of_a_value(value: bytes, told: dict[str, str]) -> None:
    (row,) = object_data(secret(key=value)).rows
    assert texts(DATA_KEY_COLUMNS, row) == {"KEY": "key", **told}


def test_a_config_maps_texts_are_no_base64_and_its_binary_data_is() -> None:
    body = config_map({"a": "aGk=", "b": None}, {"c": encoded(b"\x00\x01")})

    assert [(row.name, row.size, row.form) for row in object_data(body).rows] == [
        ("a", 4, "text"), ("b", 0, "empty"), ("c", 2, "binary"),
    ]  # fmt: skip
    assert (value_in(body, "a"), value_in(body, "b"), value_in(body, "c")) == (b"aGk=", b"", b"\x00\x01")


def test_an_object_without_data_has_no_keys() -> None:
    assert object_data(config_map()).rows == ()


def test_type_and_immutability_are_told() -> None:
    assert object_data(secret()).type == "kubernetes.io/tls"
    assert object_data(config_map(immutable=True)).immutable


def test_what_is_not_base64_is_said_to_be_none() -> None:
    body = msgspec.json.encode({"kind": "Secret", "data": {"a": "%%%"}})
    (row,) = object_data(body).rows
    assert (row.size, row.form, value_in(body, "a")) == (-1, "not base64", None)


def test_a_key_that_is_gone_has_no_value() -> None:
    assert value_in(config_map({"a": "x"}), "b") is None
    assert value_in(secret(a=b"x"), "b") is None


@pytest.mark.parametrize("body", [b"", b"[]", b'{"data": [1]}', b'{"data": {"a": 7}}', b"\xff"])
def test_what_is_no_such_object_is_refused_without_quoting_it(body: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        object_data(body)


@given(st.binary(max_size=200))
def test_rows_never_hold_the_value(value: bytes) -> None:
    """Only names, counts and a word: a Secret's values enter no store."""
    (row,) = object_data(secret(key=b"\x00secret:" + value)).rows
    assert msgspec.structs.asdict(row) == {
        "name": "key", "version": 0, "size": len(value) + 8, "lines": 0, "form": "binary", "namespace": "",
        "provisional": False,
    }  # fmt: skip


@given(st.text())
def test_lines_are_ended_by_line_feeds_alone(text: str) -> None:
    lines = text_lines(text)
    assert "\n".join(lines) in (text, text.removesuffix("\n"))
    assert not lines or as_text(text.encode("utf-8", "surrogatepass")) is None or "\n" not in "".join(lines)

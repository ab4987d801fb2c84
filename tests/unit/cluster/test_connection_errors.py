"""Failures below HTTP that no test can make on loopback, and their advice on AKS."""

from __future__ import annotations

import errno
import logging
import ssl
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest

from kubetui.cluster.connection_errors import connection_error
from kubetui.cluster.errors import ClusterError, KubeconfigError, TlsFailed, Unreachable
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import UserEntry
from kubetui.cluster.proxy import choose_proxy
from kubetui.cluster.token import Credential

AKS = Target("prod", "default", "https://prod-1234.hcp.westeurope.azmk8s.io:443")
KEY = cast(Any, SimpleNamespace(host="prod", port=443, is_ssl=True, ssl=True))


def of(error: BaseException, target: Target = AKS) -> ClusterError:
    return connection_error("list pods", error, target, None)


def refused_by_certificate(code: int, message: str) -> aiohttp.ClientError:
    inner = ssl.SSLCertVerificationError(1, "certificate verify failed")
    inner.verify_code, inner.verify_message = code, message
    return aiohttp.ClientConnectorCertificateError(KEY, inner)


def test_a_refusal_on_aks_asks_whether_the_cluster_is_stopped() -> None:
    error = of(aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(errno.ECONNREFUSED, "refused")))
    assert isinstance(error, Unreachable)
    assert "az aks show --resource-group … --name … --query powerState" in error.advice


@pytest.mark.parametrize(
    ("code", "message", "advice"),
    [
        (19, "self-signed certificate in certificate chain", "az aks get-credentials"),
        (20, "unable to get local issuer certificate", "--overwrite-existing"),
        (10, "certificate has expired", "clock"),
        (62, "Hostname mismatch, certificate is not valid for 'x'.", "tls-server-name"),
    ],
)
def test_a_certificate_that_is_not_accepted_says_what_to_do(code: int, message: str, advice: str) -> None:
    error = of(refused_by_certificate(code, message))
    assert isinstance(error, TlsFailed)
    assert message in error.answer
    assert advice in error.advice


def test_a_connection_that_nobody_takes_asks_for_the_vpn() -> None:
    error = of(aiohttp.ConnectionTimeoutError())
    assert "did not take the connection in time" in error.answer
    assert "VPN" in error.advice


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EHOSTUNREACH, "no route"), (errno.ENETUNREACH, "no route"), (errno.EACCES, "permission denied")],
)
def test_an_unreachable_network_is_told(number: int, words: str) -> None:
    error = of(aiohttp.ClientConnectorError(KEY, OSError(number, "x")))
    assert words in error.answer
    assert "VPN" in error.advice


def test_anything_else_is_still_an_error_of_ours() -> None:
    assert isinstance(of(aiohttp.ClientError("s3cret")), Unreachable)
    assert "s3cret" not in str(of(aiohttp.ClientError("s3cret")))
    assert isinstance(of(ConnectionResetError()), Unreachable)


def test_no_secret_is_in_any_error_or_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    user = User("joe", UserEntry(token="s3cret", client_key_data="s3cret"), cast(Any, "/"))
    target = Target("prod", "default", "https://prod:443", user, proxy_url="http://me:s3cret@p:1")
    proxy = choose_proxy(target.server, target.proxy_url, {})
    failed = aiohttp.ClientConnectorError(KEY, OSError(errno.EACCES, "x"))
    shown = [str(connection_error("list pods", failed, target, proxy)), repr(target), repr(proxy), repr(user)]
    with pytest.raises(KubeconfigError) as caught:
        choose_proxy(target.server, "nope://me:s3cret@p", {})
    shown += [str(caught.value), repr(caught.value), repr(Credential(token="s3cret", client_key="s3cret"))]
    assert not [words for words in [*shown, caplog.text] if "s3cret" in words]

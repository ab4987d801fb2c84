"""What Microsoft Entra's error codes mean for the person: AADSTS numbers to the next thing to do.

Source: https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes, and what kubelogin and ``az``
print on jump hosts.
"""

from __future__ import annotations

import re

_LOGIN = "run: az login"
_BLOCKED = (
    "Conditional Access does not allow this way to sign in; "
    "run: az login, then kubelogin convert-kubeconfig -l azurecli; or use a managed identity: -l msi"
)
_ADVICE = {
    "AADSTS700082": f"the sign-in has ended after long disuse; {_LOGIN}",
    "AADSTS70043": f"the sign-in has ended by a policy; {_LOGIN}",
    "AADSTS50173": f"the password was changed or the sign-in revoked; {_LOGIN}",
    "AADSTS50076": f"a second factor is asked for; {_LOGIN}",
    "AADSTS50079": f"a second factor has to be set up; {_LOGIN}",
    "AADSTS50078": f"the second factor has to be shown again; {_LOGIN}",
    "AADSTS50158": f"a further check is asked for; {_LOGIN}",
    "AADSTS53003": _BLOCKED,
    "AADSTS530003": _BLOCKED,
    "AADSTS530002": _BLOCKED,
    "AADSTS53000": _BLOCKED,
    "AADSTS50105": "the account is not assigned to this application; ask who manages the cluster's Entra integration",
    "AADSTS500011": "the tenant does not know the server application; check --server-id and --tenant-id",
    "AADSTS700016": "the tenant does not know the client application; check --client-id and --tenant-id",
    "AADSTS90002": "there is no such tenant; check --tenant-id",
    "AADSTS7000215": "the client secret is wrong; check the secret of the service principal",
    "AADSTS7000222": "the client secret has ended; make a new one for the service principal",
    "AADSTS700024": "the federated token has ended or is not valid yet; is this machine's clock right?",
    "AADSTS70020": "nobody entered the device code in time",
}


def entra_advice(words: str) -> str:
    """The next thing to do for the first AADSTS number in ``words`` that is known; ``""`` for none."""
    for number in re.findall(r"AADSTS\d+", words):
        if number in _ADVICE:
            return _ADVICE[number]
    return ""

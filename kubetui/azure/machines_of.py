"""From a kubeconfig's target to the feed of its machines: which cloud, and which sign-in that asks nobody."""

from __future__ import annotations

from collections.abc import Mapping

from kubetui.azure.clouds import cloud_of
from kubetui.azure.cluster_tokens import AzureTokens
from kubetui.azure.kubelogin import kubelogin_of
from kubetui.azure.machine_feed import MachineFeed, SignIn
from kubetui.azure.own_resource_manager import own_sign_in
from kubetui.azure.quiet_sign_in import quiet_login
from kubetui.azure.sign_in_by_hand import SignInByHand
from kubetui.cluster.clock import Clock
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.sign_in import SignIns

_ACCOUNT = "Azure Resource Manager"


def machines_of(
    target: Target, clock: Clock, environ: Mapping[str, str], sign_ins: SignIns | None = None
) -> MachineFeed:
    """The machines under ``target``'s nodes. Nothing is asked or read until somebody follows them.

    ``sign_ins``: where a person who chooses to sign in sees the code; None: nobody is there to choose.
    """
    if (own := own_sign_in(target)) is not None:
        return MachineFeed(lambda: own, clock, environ=environ)
    of_cluster = kubelogin_of(target, environ)
    cloud = cloud_of(target.server, of_cluster.environment if of_cluster else "")

    def offer() -> SignIn | None:
        login = quiet_login(of_cluster, cloud, environ)
        if login is None:
            return None
        # Sign-ins of its own: none of them asks anybody, so none has a dialog.
        return SignIn(cloud.endpoint, AzureTokens(login, _ACCOUNT, clock, environ, SignIns(clock)))

    by_hand = SignInByHand(cloud, of_cluster, clock, environ, sign_ins) if sign_ins is not None else None
    return MachineFeed(offer, clock, cloud=cloud, by_hand=by_hand, environ=environ)

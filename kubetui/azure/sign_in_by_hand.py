"""How a person may sign in to Azure where nothing does it without them: a device code, in a tenant that they choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kubetui.azure.clouds import Cloud
from kubetui.azure.device_code_tokens import DeviceCodeTokens
from kubetui.azure.kubelogin import Kubelogin
from kubetui.azure.tenants import Tenant, tenants
from kubetui.cluster.clock import Clock
from kubetui.cluster.sign_in import SignIns


@dataclass(frozen=True)
class SignInByHand:
    """For one cluster. Nothing happens before somebody asks for it."""

    cloud: Cloud
    of_cluster: Kubelogin | None
    """How the cluster itself is signed in to."""
    clock: Clock
    environ: Mapping[str, str]
    sign_ins: SignIns
    """Those whose words the person sees."""

    @property
    def endpoint(self) -> str:
        """Azure Resource Manager."""
        return self.cloud.endpoint

    def tenants(self, subscriptions: Collection[str]) -> tuple[Tenant, ...]:
        """Where nodes of these subscriptions may belong, the likeliest first. Reads a file."""
        own = self.of_cluster.tenant_id if self.of_cluster is not None else ""
        return tenants(subscriptions, own, self.cloud, self.environ)

    def tokens(self, tenant: str) -> DeviceCodeTokens:
        """Tokens for who will sign in there. The client is Azure's own: the cluster's may not read resources."""
        own = self.of_cluster or Kubelogin()
        login = Kubelogin(
            mode="devicecode",
            server_id=self.cloud.audience,
            tenant_id=tenant,
            environment=self.cloud.environment,
            authority_host=own.authority_host or self.environ.get("AZURE_AUTHORITY_HOST", ""),
            instance_discovery=own.instance_discovery,
        )
        return DeviceCodeTokens(login, self.clock, self.environ, self.sign_ins)

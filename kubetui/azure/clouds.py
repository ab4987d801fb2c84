"""Azure's clouds: where each one's resource manager is, told by how the cluster's API server or sign-in is called."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit


class Cloud(NamedTuple):
    """One cloud."""

    environment: str
    """As kubelogin calls it."""
    endpoint: str
    """Azure Resource Manager."""
    audience: str
    """What a token for it is asked for, without ``/.default``."""
    portal: str
    """Where people look at resources in a browser."""

    def page_of(self, resource: str) -> str:
        """The address of a resource's page in the portal, whatever its id holds."""
        return f"{self.portal}/#@/resource{quote(resource, safe=_IN_IDS)}"


_IN_IDS: Final = "/-._~()"
PUBLIC: Final = Cloud(
    "AzurePublicCloud", "https://management.azure.com", "https://management.azure.com", "https://portal.azure.com"
)
CHINA: Final = Cloud(
    "AzureChinaCloud",
    "https://management.chinacloudapi.cn",
    "https://management.chinacloudapi.cn",
    "https://portal.azure.cn",
)
GOVERNMENT: Final = Cloud(
    "AzureUSGovernmentCloud",
    "https://management.usgovcloudapi.net",
    "https://management.core.usgovcloudapi.net",
    "https://portal.azure.us",
)
_BY_DOMAIN: Final = ((".cx.prod.service.azk8s.cn", CHINA), (".cx.aks.containerservice.azure.us", GOVERNMENT))
_BY_ENVIRONMENT: Final = {
    "azurechinacloud": CHINA,
    "azureusgovernmentcloud": GOVERNMENT,
    "azureusgovernment": GOVERNMENT,
}


def cloud_of(server: str, environment: str) -> Cloud:
    """By the API server's name, else by kubelogin's ``--environment``; the public cloud where neither tells."""
    host = urlsplit(server).hostname or ""
    named = _BY_ENVIRONMENT.get(environment.lower(), PUBLIC)
    return next((cloud for domain, cloud in _BY_DOMAIN if host.endswith(domain)), named)

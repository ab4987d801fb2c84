"""Which voice a container has."""

from __future__ import annotations

from collections.abc import Mapping

from kubetui.demo.logs.voice import Speaker, Voice
from kubetui.demo.logs.voices import controllers, coredns, node_agents, odd, plain, structured

VOICES: Mapping[str, Voice] = {
    "coredns": coredns.COREDNS,
    "autoscaler": controllers.PROPORTIONAL_AUTOSCALER,
    "konnectivity-agent": controllers.KONNECTIVITY_AGENT,
    "metrics-server": controllers.METRICS_SERVER,
    "metrics-server-vpa": controllers.METRICS_NANNY,
    "kube-proxy": node_agents.KUBE_PROXY,
    "azure-ip-masq-agent": node_agents.IP_MASQ_AGENT,
    "cloud-node-manager": node_agents.NODE_MANAGER,
    "cns-container": node_agents.CNS,
    "azuredisk": node_agents.CSI_DRIVER,
    "azurefile": node_agents.CSI_DRIVER,
    "liveness-probe": node_agents.LIVENESS_PROBE,
    "node-driver-registrar": node_agents.NODE_REGISTRAR,
    "checkout": structured.ZAP,
    "notify": structured.ZAP,
    "auth": structured.PINO,
    "cart": structured.LOGFMT,
    "stock": structured.LOGFMT,
    "ingest": structured.TABBED,
    "search": plain.JAVA,
    "ledger": plain.JAVA,
    "mailer": plain.PYTHON,
    "feed": plain.COLOURED,
    "pricing": plain.CONSOLE,
    "gateway": plain.NGINX,
    "session-store": plain.REDIS,
    "mesh-proxy": plain.ENVOY,
    "log-shipper": plain.FLUENT_BIT,
    "shipping": plain.DOTNET,
    "ranker": odd.RANKER,
    "images": odd.IMAGES,
    "invoices": odd.INVOICES,
    "reviews": odd.REVIEWS,
    "catalog": plain.CATALOG,
    "export": plain.EXPORT,
    "migrate": plain.MIGRATE,
    "kube-proxy-bootstrap": plain.MIGRATE_NOTHING,
    "reindex": plain.JOB,
    "nightly-report": plain.JOB,
}
"""By the container's name."""


def voice_of(speaker: Speaker) -> Voice:
    """The container's; one that nobody wrote down is a Go service."""
    return VOICES.get(speaker.name, structured.ZAP)

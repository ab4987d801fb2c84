"""The ConfigMaps that AKS keeps in kube-system."""

from __future__ import annotations

import json
from collections.abc import Mapping

from kubetui.demo.system.components import COREDNS_CORES, COREDNS_NODES, KONNECTIVITY_NODES, ladder_text
from kubetui.demo.system.daemons import POD_CIDR

COREFILE = r""".:53 {
    errors
    ready
    health {
      lameduck 5s
    }
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
      ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
    import custom/*.override
    template ANY ANY internal.cloudapp.net {
      match "^(?:[^.]+\.){4,}internal\.cloudapp\.net\.$"
      rcode NXDOMAIN
      fallthrough
    }
    template ANY ANY reddog.microsoft.com {
      rcode NXDOMAIN
    }
}
import custom/*.server
"""

_NANNY = """apiVersion: nannyconfig/v1alpha1
kind: NannyConfiguration
baseCPU: 150m
cpuPerNode: 0.5m
baseMemory: 100Mi
memoryPerNode: 4Mi
"""

_ROOT_CA = """-----BEGIN CERTIFICATE-----
c2ltdWxhdGVkOiB0aGlzIGNsdXN0ZXIgaGFzIG5vIGNlcnRpZmljYXRlIGF1dGhv
cml0eTsgaXQgaXMgYSBkZW1vbnN0cmF0aW9uIG9uIHRoZSBsb29wYmFjayBkZXZp
-----END CERTIFICATE-----
"""

RECONCILE, ENSURE_EXISTS = "Reconcile", "EnsureExists"


def config_maps(cns_pods: int) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """Name to addon-manager mode (``""`` for none) and data; ``cns_pods``: the most pods of a node."""
    return {
        "azure-ip-masq-agent-config-reconciled": (
            RECONCILE,
            {
                "ip-masq-agent-reconciled": (
                    f"nonMasqueradeCIDRs:\n  - {POD_CIDR}\n  - 10.224.0.0/12\nmasqLinkLocal: true\n"
                )
            },
        ),
        "cns-config": (
            RECONCILE,
            {"cns_config.json": json.dumps({"ChannelMode": "CRD", "MaxPods": cns_pods}, indent=2)},
        ),
        "coredns": (RECONCILE, {"Corefile": COREFILE}),
        "coredns-autoscaler": (ENSURE_EXISTS, {"ladder": f"{{{ladder_text(COREDNS_NODES, COREDNS_CORES)}}}"}),
        "coredns-custom": (ENSURE_EXISTS, {"log.override": "log\n"}),
        "extension-apiserver-authentication": (
            "",
            {
                "client-ca-file": _ROOT_CA,
                "requestheader-allowed-names": '["aggregator"]',
                "requestheader-client-ca-file": _ROOT_CA,
                "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
                "requestheader-group-headers": '["X-Remote-Group"]',
                "requestheader-username-headers": '["X-Remote-User"]',
            },
        ),
        "konnectivity-agent-autoscaler": (ENSURE_EXISTS, {"ladder": f"{{{ladder_text(KONNECTIVITY_NODES)}}}"}),
        "metrics-server-config": (ENSURE_EXISTS, {"NannyConfiguration": _NANNY}),
        "overlay-upgrade-data": (RECONCILE, {"overlay": "true"}),
        "kube-root-ca.crt": ("", {"ca.crt": _ROOT_CA}),
    }


ROOT_CA = {"ca.crt": _ROOT_CA}
"""Of the ConfigMap ``kube-root-ca.crt`` that every namespace has."""

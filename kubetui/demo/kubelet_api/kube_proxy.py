"""``/configz`` of kube-proxy on AKS: what its flags make of it. Fields and order: kube-proxy of 1.36.3."""

from __future__ import annotations

from typing import Any

from kubetui.demo.system.daemons import POD_CIDR

Json = dict[str, Any]


def kube_proxy_configz(node: str) -> Json:
    """The whole answer."""
    logging = {
        "format": "text",
        "flushFrequency": "5s",
        "verbosity": 3,
        "options": {"text": {"infoBufferSize": "0"}, "json": {"infoBufferSize": "0"}},
    }
    client = {
        "kubeconfig": "/var/lib/kubelet/kubeconfig",
        "acceptContentTypes": "",
        "contentType": "application/vnd.kubernetes.protobuf",
        "qps": 5,
        "burst": 10,
    }
    idle = dict.fromkeys(("tcpTimeout", "tcpFinTimeout", "udpTimeout"), "0s")
    config = {
        "kind": "KubeProxyConfiguration",
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "clientConnection": client,
        "logging": logging,
        "hostnameOverride": node,
        "bindAddress": "0.0.0.0",  # noqa: S104 - what kube-proxy says
        "healthzBindAddress": "0.0.0.0:10256",
        "metricsBindAddress": "0.0.0.0:10249",
        "bindAddressHardFail": False,
        "enableProfiling": False,
        "showHiddenMetricsForVersion": "",
        "mode": "iptables",
        "iptables": {
            "masqueradeBit": 14,
            "masqueradeAll": False,
            "localhostNodePorts": True,
            "syncPeriod": "30s",
            "minSyncPeriod": "1s",
        },
        "ipvs": {
            "syncPeriod": "0s",
            "minSyncPeriod": "0s",
            "scheduler": "",
            "excludeCIDRs": None,
            "strictARP": False,
            **idle,
        },
        "nftables": {"masqueradeBit": 14, "masqueradeAll": False, "syncPeriod": "0s", "minSyncPeriod": "0s"},
        "winkernel": {
            "networkName": "",
            "sourceVip": "",
            "enableDSR": False,
            "rootHnsEndpointName": "",
            "forwardHealthCheckVip": False,
        },
        "detectLocalMode": "ClusterCIDR",
        "detectLocal": {"bridgeInterface": "", "interfaceNamePrefix": "azv"},
        "clusterCIDR": POD_CIDR,
        "nodePortAddresses": None,
        "oomScoreAdj": -999,
        "conntrack": {
            "maxPerCore": 0,
            "min": 131072,
            "tcpEstablishedTimeout": "0s",
            "tcpCloseWaitTimeout": "0s",
            "tcpBeLiberal": False,
            "udpTimeout": "0s",
            "udpStreamTimeout": "0s",
        },
        "configSyncPeriod": "15m0s",
        "portRange": "",
    }
    return {"kubeproxy.config.k8s.io": config}

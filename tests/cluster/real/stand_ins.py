"""What the components say that only run on Azure: lines of their own kind, printed by a program that stands in.

Their sources: azure-ip-masq-agent-v2, cloud-provider-azure, azuredisk-csi-driver, azurefile-csi-driver,
apiserver-network-proxy, cluster-proportional-autoscaler, autoscaler's addon-resizer.
"""

from __future__ import annotations

from collections.abc import Mapping

LINES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("azure-ip-masq-agent", "azure-ip-masq-agent"): (
        '{klog} ip-masq-agent.go:190] using config: {"nonMasqueradeCIDRs":["10.244.0.0/16"],"masqLinkLocal":true}',
        '{klog} ip-masq-agent.go:169] syncing config file "ip-masq-agent-reconciled" at "/etc/config/"',
    ),
    ("cloud-node-manager", "cloud-node-manager"): (
        "{klog} nodemanager.go:281] Updated 1 nodes",
        "{klog} nodemanager.go:291] Updating nodes for labels and addresses",
    ),
    ("csi-azuredisk-node", "liveness-probe"): (
        '{klog} main.go:133] "Calling CSI driver to discover driver name"',
        '{klog} main.go:141] "CSI driver name" driver="disk.csi.azure.com"',
    ),
    ("csi-azuredisk-node", "node-driver-registrar"): (
        '{klog} main.go:150] "Attempting to open a gRPC connection" csiAddress="/csi/csi.sock"',
        '{klog} main.go:164] "CSI driver name" csiDriverName="disk.csi.azure.com"',
    ),
    ("csi-azuredisk-node", "azuredisk"): (
        "{klog} utils.go:105] GRPC call: /csi.v1.Node/NodeGetCapabilities",
        "{klog} utils.go:105] GRPC call: /csi.v1.Node/NodeGetVolumeStats",
    ),
    ("csi-azurefile-node", "liveness-probe"): (
        '{klog} main.go:133] "Calling CSI driver to discover driver name"',
        '{klog} main.go:141] "CSI driver name" driver="file.csi.azure.com"',
    ),
    ("csi-azurefile-node", "node-driver-registrar"): (
        '{klog} main.go:150] "Attempting to open a gRPC connection" csiAddress="/csi/csi.sock"',
        '{klog} main.go:164] "CSI driver name" csiDriverName="file.csi.azure.com"',
    ),
    ("csi-azurefile-node", "azurefile"): (
        "{klog} utils.go:109] GRPC call: /csi.v1.Node/NodeGetCapabilities",
        "{klog} utils.go:109] GRPC call: /csi.v1.Identity/Probe",
    ),
    ("konnectivity-agent", "konnectivity-agent"): (
        '{klog} client.go:528] "remote connection EOF" connectionID=41',
        '{klog} client.go:210] "Connect to server" serverID="0c3f0c6a4d8e4d1fb2a7"',
    ),
    ("coredns-autoscaler", "autoscaler"): (
        "{klog} autoscaler_server.go:157] Cluster status: SchedulableNodes[1], SchedulableCores[2]",
        "{klog} k8sclient.go:285] Replicas are as expected : 2",
    ),
    ("metrics-server", "metrics-server-vpa"): (
        "{klog} nanny_lib.go:131] Resources are within the expected limits.",
        "{klog} nanny_lib.go:127] The number of nodes is 1",
    ),
}
"""Workload and container → the lines, again and again; ``{klog}`` is the head of a klog line."""

"""Fields about pods and containers: where they come from, their network, CPU, memory, logs, restarts."""

from __future__ import annotations

from typing import Final

from kubetui.insight.kubelet.field import Field

FIELDS_PODS: Final = (
    Field("staticPodPath", "where static pods' manifests are", "path"),
    Field("staticPodURL", "where static pods are fetched from"),
    Field("staticPodURLHeader", "headers of that request"),
    Field("fileCheckFrequency", "how often the manifests are looked at", "duration"),
    Field("httpCheckFrequency", "how often the URL is asked", "duration"),
    Field("syncFrequency", "how often running containers are compared with what should run, at most", "duration"),
    Field("runOnce", "run the static pods once and end", "yes or no"),
    Field("podHousekeepingPeriod", "how often what pods left behind is cleared", "duration"),
    Field("podLogsDir", "where containers' logs are", "path"),
    Field("containerLogMaxSize", "a container's log file is rotated at this size", "quantity"),
    Field("containerLogMaxFiles", "log files of a container, the open one included", "files"),
    Field("containerLogMaxWorkers", "logs that are rotated at a time", "workers"),
    Field("containerLogMonitorInterval", "how often logs' sizes are looked at", "duration"),
    Field("clusterDomain", "the DNS domain that pods search besides the node's"),
    Field("clusterDNS", "the DNS servers that pods get; 169.254.10.11 with AKS LocalDNS", "list"),
    Field("resolvConf", "the resolv.conf that pods' DNS is made from; empty: none", "path"),
    Field("hairpinMode", "how a pod reaches itself through its Service: promiscuous-bridge, hairpin-veth, none"),
    Field("podCIDR", "the pods' addresses, where there is no control plane to tell"),
    Field("makeIPTablesUtilChains", "a chain in iptables tells others which iptables the system uses", "yes or no"),
    Field("iptablesMasqueradeBit", "no longer used", "bit"),
    Field("iptablesDropBit", "no longer used", "bit"),
    Field("cgroupRoot", "the cgroup that all pods are under"),
    Field("cgroupsPerQOS", "a cgroup for each QoS class", "yes or no"),
    Field("cgroupDriver", "who manages cgroups: systemd or cgroupfs; the runtime's must be the same"),
    Field("singleProcessOOMKill", "out of memory ends one process, not the whole container", "yes or no"),
    Field("cpuManagerPolicy", "none, or static: Guaranteed pods with whole cores have these alone"),
    Field("cpuManagerPolicyOptions", "options of that policy"),
    Field("cpuManagerReconcilePeriod", "how often assigned cores are checked", "duration"),
    Field("memoryManagerPolicy", "None, or Static: memory of chosen NUMA nodes for Guaranteed pods"),
    Field("topologyManagerPolicy", "how CPU, memory and devices of a pod share a NUMA node: none, best-effort, "
          "restricted, single-numa-node"),
    Field("topologyManagerPolicyOptions", "options of that policy"),
    Field("topologyManagerScope", "whether that counts for a container or a whole pod"),
    Field("cpuCFSQuota", "CPU limits are enforced", "yes or no"),
    Field("cpuCFSQuotaPeriod", "the period that CPU limits are counted in", "duration"),
    Field("memoryThrottlingFactor", "the share of the limit at which memory is reclaimed", "share"),
    Field("memoryReservationPolicy", "whether requested memory is protected: None or TieredReservation"),
    Field("podPidsLimit", "processes of a pod; -1: as many as the node has left", "processes"),
    Field("allowedUnsafeSysctls", "kernel settings that pods may ask for though they touch others", "list"),
    Field("seccompDefault", "containers get the runtime's seccomp profile unless they ask for another", "yes or no"),
    Field("userNamespaces", "user namespaces of pods"),
    Field("userNamespaces.idsPerPod", "user ids that each has, a multiple of 65536", "ids"),
    Field("crashLoopBackOff", "how long crashing containers wait"),
    Field("crashLoopBackOff.maxContainerRestartPeriod", "the longest wait between two restarts", "duration"),
)  # fmt: skip
"""How pods run."""

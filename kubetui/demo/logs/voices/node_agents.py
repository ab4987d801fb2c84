"""The components on every node: kube-proxy, azure-ip-masq-agent, cloud-node-manager, azure-cns, the CSI drivers."""

from __future__ import annotations

from random import Random

from kubetui.demo.logs.voice import Said, Speaker, Voice, mixed
from kubetui.demo.logs.voices.formats import hexadecimal, iso_millis, klog, micros, milliseconds, service
from kubetui.demo.system.daemons import POD_CIDR

# --- kube-proxy, --v=3 -----------------------------------------------------------------------------------------------


def _sync(rng: Random, speaker: Speaker, moment: float) -> Said:
    services = speaker.teams * 6 + 9
    endpoints = services * 3 + rng.randrange(-6, 7)
    family = "IPv4"
    counts = (
        f'ipFamily="{family}" numServices={services} numEndpoints={endpoints} numFilterChains=6 '
        f"numFilterRules={3 + rng.randrange(3)} numNATChains={4 + rng.randrange(8)} numNATRules={5 + rng.randrange(60)}"
    )
    elapsed = f"{milliseconds(rng, 21.0):.6f}ms"
    return (
        klog("I", moment, "proxier.go:800", f'"Syncing iptables rules" ipFamily="{family}"'),
        klog("I", moment + 0.00001, "proxier.go:1503", f'"Reloading service iptables data" {counts}'),
        klog(
            "I",
            moment + 0.00002,
            "proxier.go:794",
            f'"SyncProxyRules complete" ipFamily="{family}" elapsed="{elapsed}"',
        ),
    )


def _bounded(rng: Random, speaker: Speaker, moment: float) -> Said:
    words = '"sync-runner": ran, next possible in 1s, periodic in 1h0m0s'
    return klog("I", moment, "bounded_frequency_runner.go:296", words.replace('"', "", 2))


def _endpoint_slice(rng: Random, speaker: Speaker, moment: float) -> Said:
    name = f"{service(rng, speaker)}-{hexadecimal(rng, 5)}"
    return klog(
        "I", moment, "endpointslicecache.go:303", f'"Setting endpoints for service port name" portName="{name}:http"'
    )


def _conntrack(rng: Random, speaker: Speaker, moment: float) -> Said:
    return klog(
        "I",
        moment,
        "cleanup.go:126",
        f'"Finished reconciling conntrack entries" ipFamily="IPv4" '
        f'entriesDeleted={rng.randrange(9)} took="{milliseconds(rng, 9):.6f}ms"',
    )


def _proxy_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    node = speaker.node
    said = (
        ("I", "server_linux.go:53", '"Using iptables proxy"'),
        ("I", "server.go:715", f'"Successfully retrieved node IPs" NodeIPs=["{speaker.node_ip}"]'),
        ("I", "conntrack.go:60", '"Setting nf_conntrack_max" nfConntrackMax=131072'),
        ("I", "server.go:254", '"kube-proxy running in dual-stack mode" primary ipFamily="IPv4"'),
        ("I", "server_linux.go:132", '"Using iptables Proxier"'),
        ("I", "proxier.go:242", '"Setting route_localnet=1 to allow node-ports on localhost"'),
        ("I", "server.go:496", '"Version info" version="v1.36.3"'),
        ("I", "server.go:498", '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""'),
        ("I", "config.go:200", '"Starting service config controller"'),
        ("I", "shared_informer.go:349", '"Waiting for caches to sync" controller="service config"'),
        ("I", "config.go:329", '"Starting node config controller"'),
        ("I", "config.go:105", '"Starting endpoint slice config controller"'),
        ("I", "shared_informer.go:356", '"Caches are synced" controller="service config"'),
        ("I", "shared_informer.go:356", f'"Caches are synced" controller="node config" node="{node}"'),
        ("I", "shared_informer.go:356", '"Caches are synced" controller="endpoint slice config"'),
    )
    return tuple(klog(level, moment + place * 0.03, where, words) for place, (level, where, words) in enumerate(said))


def _proxy_parts(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (klog("I", moment, "server.go:612", '"Received signal, shutting down" signal="terminated"'),)


KUBE_PROXY = Voice(
    0.12,
    mixed((70, _sync), (15, _endpoint_slice), (10, _conntrack), (5, _bounded)),
    greet=_proxy_greets,
    part=_proxy_parts,
)

# --- azure-ip-masq-agent ---------------------------------------------------------------------------------------------

_CONFIG = f'{{"nonMasqueradeCIDRs":["{POD_CIDR}","10.224.0.0/12"],"masqLinkLocal":true,"masqLinkLocalIPv6":false}}'


def _resync(rng: Random, speaker: Speaker, moment: float) -> Said:
    return (
        klog("I", moment, "ip-masq-agent.go:199", 'syncing config file "ip-masq-agent-reconciled" at "/etc/config/"'),
        klog("I", moment + 0.00004, "ip-masq-agent.go:214", f"using config: {_CONFIG}"),
    )


def _masq_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (
        klog("I", moment, "ip-masq-agent.go:144", "ip-masq-agent-v2 version: v0.1.16"),
        klog("I", moment, "ip-masq-agent.go:152", 'Flag --v="2"'),
    )


IP_MASQ_AGENT = Voice(1 / 60, _resync, greet=_masq_greets, busy=False, steady=True)

# --- cloud-node-manager ----------------------------------------------------------------------------------------------


def _updated(rng: Random, speaker: Speaker, moment: float) -> Said:
    return klog(
        "I",
        moment,
        "nodemanager.go:282",
        f"Updating node addresses for node {speaker.node}: done in {milliseconds(rng, 80):.1f}ms",
    )


def _manager_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    said = (
        ("nodemanager.go:117", "cloud-node-manager version v1.35.8"),
        ("nodemanager.go:149", '"Starting cloud-node-manager" node="{node}"'),
        ("node.go:87", "Using instance metadata service 169.254.169.254"),
        ("nodemanager.go:371", "Initializing node {node} with cloud provider"),
        ("nodemanager.go:412", "Successfully initialized node {node} with cloud provider"),
    )
    return tuple(
        klog("I", moment + place / 9, where, words.replace("{node}", speaker.node))
        for place, (where, words) in enumerate(said)
    )


def _metadata_slow(rng: Random, speaker: Speaker, moment: float) -> Said:
    words = (
        f'Error reconciling node address for node "{speaker.node}": failed to get node address from cloud provider: '
        'Get "http://169.254.169.254/metadata/instance?api-version=2021-10-01&format=json": context deadline exceeded'
    )
    return klog("E", moment, "nodemanager.go:305", words)


NODE_MANAGER = Voice(1 / 240, mixed((97, _updated), (3, _metadata_slow)), greet=_manager_greets, busy=False)

# --- azure-cns -------------------------------------------------------------------------------------------------------


def _cns(level: str, moment: float, place: str, words: str, more: str = "") -> str:
    return f'{{"level":"{level}","ts":"{iso_millis(moment)}","caller":"{place}","msg":"{words}"{more}}}'


def _ip_assigned(rng: Random, speaker: Speaker, moment: float) -> Said:
    used = 12 + rng.randrange(40)
    more = (
        f',"poolSize":256,"assigned":{used},"available":{256 - used},"pendingRelease":0,"component":"ipam-pool-monitor"'
    )
    return _cns("info", moment, "ipampool/monitor.go:221", "calculated pool state", more)


def _cns_api(rng: Random, speaker: Speaker, moment: float) -> Said:
    verb = rng.choice(("RequestIPConfigs", "ReleaseIPConfigs", "NetworkContainerHealthz"))
    head, _ = micros(moment)
    return f"{head[:10].replace('-', '/')} {head[11:]} [1] [Azure CNS] Code:Success {verb} handled in {milliseconds(rng, 3):.3f}ms"


CNS = Voice(1 / 20, mixed((3, _ip_assigned), (2, _cns_api)))

# --- the CSI drivers, --v=5 ------------------------------------------------------------------------------------------


def _grpc(rng: Random, speaker: Speaker, moment: float) -> Said:
    if rng.random() < 0.8:
        return (
            klog(
                "I",
                moment,
                "utils.go:105",
                "GRPC call: /csi.v1.Node/NodeGetVolumeStats"
                if rng.random() < 0.5
                else "GRPC call: /csi.v1.Identity/Probe",
            ),
            klog("I", moment + 0.00002, "utils.go:106", "GRPC request: {}"),
            klog("I", moment + 0.00004, "utils.go:112", 'GRPC response: {"ready":{"value":true}}'),
        )
    disk = f"pvc-{hexadecimal(rng, 8)}-{hexadecimal(rng, 4)}-4{hexadecimal(rng, 3)}-a{hexadecimal(rng, 3)}-{hexadecimal(rng, 12)}"
    path = f"/var/lib/kubelet/plugins/kubernetes.io/csi/disk.csi.azure.com/{hexadecimal(rng, 16)}/globalmount"
    return (
        klog("I", moment, "utils.go:105", "GRPC call: /csi.v1.Node/NodeStageVolume"),
        klog(
            "I",
            moment + 0.00002,
            "utils.go:106",
            f'GRPC request: {{"publish_context":{{"LUN":"{rng.randrange(8)}"}},'
            f'"staging_target_path":"{path}","volume_id":"/subscriptions/***stripped***/disks/{disk}"}}',
        ),
        klog(
            "I",
            moment + 0.0001,
            "azure_common_linux.go:199",
            f"azureDisk - found /dev/disk/azure/scsi1/lun{rng.randrange(8)} by link",
        ),
        klog("I", moment + 0.00007, "utils.go:112", "GRPC response: {}"),
    )


def _csi_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    driver = "disk.csi.azure.com" if "disk" in speaker.app else "file.csi.azure.com"
    return (
        klog("I", moment, "main.go:127", "set up prometheus server on 0.0.0.0:29605"),
        (
            klog("I", moment, "azuredisk.go:217", ""),
            "DRIVER INFORMATION:",
            "-------------------",
            f"Driver Name: {driver}",
            "Driver Version: v1.34.5",
            "Go Version: go1.25.3",
            "Platform: linux/amd64",
            "Topology Key: topology." + driver + "/zone",
            "",
            "Streaming logs below:",
        ),
        klog(
            "I",
            moment + 0.1,
            "server.go:117",
            'Listening for connections on address: &net.UnixAddr{Name:"//csi/csi.sock", Net:"unix"}',
        ),
    )


CSI_DRIVER = Voice(1 / 15, _grpc, greet=_csi_greets, busy=False, steady=True)


def _probe(rng: Random, speaker: Speaker, moment: float) -> Said:
    return klog("W", moment, "main.go:85", '"CSI driver probe took longer than expected" elapsed="2.1s"')


def _liveness_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    port = "29603" if "disk" in speaker.app else "29613"
    return (
        klog("I", moment, "main.go:133", '"Calling CSI driver to discover driver name"'),
        klog("I", moment + 0.01, "main.go:141", '"CSI driver name" driver="disk.csi.azure.com"'),
        klog("I", moment + 0.01, "main.go:170", f'"ServeMux listening" address="0.0.0.0:{port}"'),
    )


LIVENESS_PROBE = Voice(1 / 40_000, _probe, greet=_liveness_greets, busy=False)


def _notified(rng: Random, speaker: Speaker, moment: float) -> Said:
    return klog(
        "I", moment, "node_register.go:106", '"Received NotifyRegistrationStatus call" status="plugin_registered:true"'
    )


def _registrar_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (
        klog("I", moment, "main.go:150", '"Version" version="v2.15.0"'),
        klog("I", moment, "main.go:151", '"Running node-driver-registrar" mode=""'),
        klog("I", moment, "main.go:172", '"Attempting to open a gRPC connection" csiAddress="/csi/csi.sock"'),
        klog(
            "I", moment, "node_register.go:56", '"Starting Registration Server" socketPath="/registration/csi-reg.sock"'
        ),
        klog("I", moment, "main.go:96", '"Received GetInfo call" request="&InfoRequest{}"'),
        klog(
            "I",
            moment,
            "main.go:108",
            '"Received NotifyRegistrationStatus call" status="&RegistrationStatus{PluginRegistered:true,Error:,}"',
        ),
    )


NODE_REGISTRAR = Voice(1 / 20_000, _notified, greet=_registrar_greets, busy=False)

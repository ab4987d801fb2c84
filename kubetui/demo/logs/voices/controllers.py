"""kube-system's Deployments besides coredns: konnectivity-agent, metrics-server and its nanny, the autoscalers."""

from __future__ import annotations

from random import Random

from kubetui.demo.logs.voice import Mood, Said, Speaker, Voice, mixed
from kubetui.demo.logs.voices.formats import hexadecimal, klog
from kubetui.demo.system.components import API_HOST

# --- konnectivity-agent, -v=2 ----------------------------------------------------------------------------------------


def _closed(rng: Random, speaker: Speaker, moment: float) -> Said:
    return klog("I", moment, "client.go:528", f'"remote connection EOF" connectionID={int(moment) % 100_000}')


def _refused(rng: Random, speaker: Speaker, moment: float) -> Said:
    address = f"10.224.0.{4 + rng.randrange(12)}:10250"
    error = f'"dial tcp {address}: i/o timeout"'
    return klog(
        "E",
        moment,
        "client.go:476",
        f'"error dialing backend" err={error} dialID={rng.getrandbits(62)} '
        f'connectionID={int(moment) % 100_000} dialAddress="{address}"',
    )


def _cannot_connect(rng: Random, speaker: Speaker, moment: float) -> Said:
    error = (
        'rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: '
        'dial tcp 20.93.12.77:443: i/o timeout\\"'
    )
    return (
        klog("E", moment, "clientset.go:224", f'"cannot connect once" err="{error}"'),
        klog("I", moment + 0.001, "clientset.go:194", '"duration of backoff" backoff="5.2s"'),
    )


def _stream_broken(rng: Random, speaker: Speaker, moment: float) -> Said:
    error = "rpc error: code = Unavailable desc = error reading from server: read tcp: connection reset by peer"
    return klog("E", moment, "client.go:424", f'"could not read stream" err="{error}" serverID="{_server(0)}"')


def _server(number: int) -> str:
    return hexadecimal(Random(number), 32)  # noqa: S311 - no secret


def _agent_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    flags = (
        ("AgentCert", "/certs/client.crt"),
        ("AgentKey", "/certs/client.key"),
        ("CACert", "/certs/ca.crt"),
        ("ProxyServerHost", API_HOST),
        ("ProxyServerPort", "443"),
        ("ALPNProtos", "[konnectivity]"),
        ("HealthServerPort", "8082"),
        ("KeepaliveTime", "30s"),
        ("SyncForever", "true"),
        ("AgentIdentifiers", "default-route=true"),
    )
    said = [
        klog("I", moment, f"options.go:{128 + place}", f'{name} set to "{value}".')
        for place, (name, value) in enumerate(flags)
    ]
    said += [
        klog("I", moment + 0.4, "client.go:214", f'"Connect to server" serverID="{_server(number)}"')
        for number in (0, 1)
    ]
    said += [
        klog(
            "I",
            moment + 0.4,
            "client.go:238",
            f'"Start serving" serverID="{_server(number)}" agentID="{hexadecimal(rng, 32)}"',
        )
        for number in (0, 1)
    ]
    return tuple(said)


KONNECTIVITY_AGENT = Voice(
    0.25,
    mixed((97, _closed), (3, _refused)),
    greet=_agent_greets,
    moods={"tunnel-cut": Mood(0.4, mixed((8, _cannot_connect), (2, _stream_broken)), instead=True)},
)

# --- metrics-server --------------------------------------------------------------------------------------------------


def _slow_node(rng: Random, speaker: Speaker, moment: float) -> Said:
    address = f"10.224.0.{4 + rng.randrange(12)}"
    words = (
        f'"Failed to scrape node, timeout to access kubelet" err="Get \\"https://{address}:10250/metrics/resource\\": '
    )
    return klog(
        "E", moment, "scraper.go:147", words + f'context deadline exceeded" node="{speaker.node}" timeout="10s"'
    )


def _not_trusted(rng: Random, speaker: Speaker, moment: float) -> Said:
    address = f"10.224.0.{4 + rng.randrange(12)}"
    error = (
        f'Get \\"https://{address}:10250/metrics/resource\\": tls: failed to verify certificate: x509: certificate '
        "signed by unknown authority"
    )
    return klog("E", moment, "scraper.go:149", f'"Failed to scrape node" err="{error}" node="{speaker.node}"')


def _unreachable(rng: Random, speaker: Speaker, moment: float) -> Said:
    url = f"https://{speaker.node_ip}:10250/metrics/resource"
    error = f'Get \\"{url}\\": dial tcp {speaker.node_ip}:10250: connect: connection refused'
    return klog("E", moment, "scraper.go:149", f'"Failed to scrape node" err="{error}" node="{speaker.node}"')


def _probe_fails(rng: Random, speaker: Speaker, moment: float) -> Said:
    return klog("I", moment, "server.go:191", '"Failed probe" probe="metric-storage-ready" err="no metrics to serve"')


def _metrics_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    authority = "client-ca::kube-system::extension-apiserver-authentication"
    said = (
        ("serving.go:380", "Generated self-signed cert (/tmp/apiserver.crt, /tmp/apiserver.key)"),
        ("handler.go:288", "Adding GroupVersion metrics.k8s.io v1beta1 to ResourceManager"),
        ("requestheader_controller.go:180", "Starting RequestHeaderAuthRequestController"),
        ("shared_informer.go:350", '"Waiting for caches to sync" controller="RequestHeaderAuthRequestController"'),
        ("configmap_cafile_content.go:205", f'"Starting controller" name="{authority}::client-ca-file"'),
        (
            "dynamic_serving_content.go:135",
            '"Starting controller" name="serving-cert::/tmp/apiserver.crt::/tmp/apiserver.key"',
        ),
        ("secure_serving.go:211", "Serving securely on [::]:4443"),
        ("tlsconfig.go:243", '"Starting DynamicServingCertificateController"'),
        ("shared_informer.go:357", '"Caches are synced" controller="RequestHeaderAuthRequestController"'),
    )
    return tuple(klog("I", moment + place / 20, where, words) for place, (where, words) in enumerate(said))


METRICS_SERVER = Voice(
    1 / 20_000,
    _slow_node,
    greet=_metrics_greets,
    moods={
        "scrapes-fail": Mood(1.2, mixed((9, _not_trusted), (1, _probe_fails)), instead=True),
        "node-silent": Mood(1 / 15, _unreachable),
    },
    busy=False,
)


def _nanny(rng: Random, speaker: Speaker, moment: float) -> Said:
    return klog(
        "I",
        moment,
        "nanny_lib.go:113",
        "Resources are within the expected limits. Actual: "
        "{Limits:map[cpu:{156 -3} DecimalSI] Requests:map[cpu:{156 -3} DecimalSI]} Expected: [151m 158m]",
    )


def _nanny_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (
        klog(
            "I",
            moment,
            "pod_nanny.go:87",
            "Invoked by [/pod_nanny --config-dir=/etc/config --cpu=150m --extra-cpu=0.5m "
            "--memory=100Mi --extra-memory=4Mi --threshold=5 --deployment=metrics-server --poll-period=180000]",
        ),
        klog("I", moment, "pod_nanny.go:88", "Version: 1.8.23"),
        klog(
            "I",
            moment,
            "pod_nanny.go:108",
            "Watching namespace: kube-system, pod: " + speaker.pod + ", container: metrics-server.",
        ),
    )


METRICS_NANNY = Voice(1 / 180, _nanny, greet=_nanny_greets, busy=False, steady=True)

# --- cluster-proportional-autoscaler ---------------------------------------------------------------------------------


def _no_contact(rng: Random, speaker: Speaker, moment: float) -> Said:
    return klog(
        "E",
        moment,
        "autoscaler_server.go:153",
        'Error while getting cluster status: Get "https://10.0.0.1:443/api/v1/nodes": net/http: TLS handshake timeout',
    )


def _autoscaler_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    name = speaker.app.removesuffix("-autoscaler")
    return (
        klog("I", moment, "autoscaler.go:49", f"Scaling Namespace: kube-system, Target: deployment/{name}"),
        klog(
            "I",
            moment + 0.3,
            "autoscaler_server.go:159",
            "ConfigMap version change (old:  new: 4711) - rebuilding params",
        ),
        klog(
            "I",
            moment + 0.3,
            "ladder_controller.go:84",
            "Detected ConfigMap version change (old:  new: 4711) - rebuilding lookup entries",
        ),
    )


PROPORTIONAL_AUTOSCALER = Voice(1 / 40_000, _no_contact, greet=_autoscaler_greets, busy=False)

"""All incidents by name."""

from __future__ import annotations

from collections.abc import Mapping

from kubetui.demo.incidents import (
    coredns_crash_loop,
    coredns_upstream,
    image_pull_failure,
    instance_never_joins,
    konnectivity_down,
    metrics_server_down,
    node_not_ready,
    node_pressure,
    pool_upgrade,
    scale_out,
    spot_eviction,
    stuck_rollout,
    vm_deallocated,
)
from kubetui.demo.incidents.incident import Incident

INCIDENTS: Mapping[str, Incident] = {
    incident.name: incident
    for incident in (
        node_not_ready.INCIDENT,
        node_pressure.INCIDENT,
        konnectivity_down.INCIDENT,
        coredns_crash_loop.INCIDENT,
        coredns_upstream.INCIDENT,
        stuck_rollout.INCIDENT,
        image_pull_failure.INCIDENT,
        metrics_server_down.INCIDENT,
        pool_upgrade.INCIDENT,
        scale_out.INCIDENT,
        spot_eviction.INCIDENT,
        instance_never_joins.INCIDENT,
        vm_deallocated.INCIDENT,
    )
}

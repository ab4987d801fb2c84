"""How each kind is described."""

from __future__ import annotations

from typing import Any, Final

from kubetui.insight.describe.autoscaler import AUTOSCALER
from kubetui.insight.describe.config_map import CONFIG_MAP, SECRET
from kubetui.insight.describe.cron_job import CRON_JOB
from kubetui.insight.describe.csi_node import CSI_NODE
from kubetui.insight.describe.daemon_set import DAEMON_SET
from kubetui.insight.describe.deployment import DEPLOYMENT
from kubetui.insight.describe.disruption_budget import DISRUPTION_BUDGET
from kubetui.insight.describe.endpoint_slice import ENDPOINT_SLICE
from kubetui.insight.describe.endpoints_object import ENDPOINTS
from kubetui.insight.describe.facts import Description
from kubetui.insight.describe.generic import GENERIC
from kubetui.insight.describe.ingress import INGRESS
from kubetui.insight.describe.ingress_class import INGRESS_CLASS
from kubetui.insight.describe.job import JOB
from kubetui.insight.describe.limit_range import LIMIT_RANGE
from kubetui.insight.describe.namespace import NAMESPACE
from kubetui.insight.describe.network_policy import NETWORK_POLICY
from kubetui.insight.describe.node import NODE
from kubetui.insight.describe.pod import POD
from kubetui.insight.describe.priority_class import PRIORITY_CLASS
from kubetui.insight.describe.reading import text
from kubetui.insight.describe.replica_set import REPLICA_SET
from kubetui.insight.describe.resource_quota import RESOURCE_QUOTA
from kubetui.insight.describe.role_binding import CLUSTER_ROLE_BINDING, ROLE_BINDING
from kubetui.insight.describe.service import SERVICE
from kubetui.insight.describe.service_account import SERVICE_ACCOUNT
from kubetui.insight.describe.stateful_set import STATEFUL_SET
from kubetui.insight.describe.storage_class import STORAGE_CLASS
from kubetui.insight.describe.volume import VOLUME
from kubetui.insight.describe.volume_claim import VOLUME_CLAIM

DESCRIPTIONS: Final = (
    POD,
    NODE,
    NAMESPACE,
    DEPLOYMENT,
    DAEMON_SET,
    REPLICA_SET,
    STATEFUL_SET,
    JOB,
    CRON_JOB,
    SERVICE,
    CONFIG_MAP,
    SECRET,
    VOLUME_CLAIM,
    VOLUME,
    INGRESS,
    AUTOSCALER,
    DISRUPTION_BUDGET,
    STORAGE_CLASS,
    ENDPOINT_SLICE,
    SERVICE_ACCOUNT,
    PRIORITY_CLASS,
    LIMIT_RANGE,
    RESOURCE_QUOTA,
    NETWORK_POLICY,
    ENDPOINTS,
    CSI_NODE,
    INGRESS_CLASS,
    ROLE_BINDING,
    CLUSTER_ROLE_BINDING,
)
_BY_KIND: Final = {(one.group, one.kind): one for one in DESCRIPTIONS}


def description_of(found: Any) -> Description:
    """The description of an object's kind, the generic one where there is none of its own."""
    group, slash, _ = text(found, "apiVersion").partition("/")
    return _BY_KIND.get((group if slash else "", text(found, "kind")), GENERIC)

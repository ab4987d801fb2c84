"""When AKS may upgrade the simulated cluster: its maintenance configurations, as Azure Resource Manager lists them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from kubetui.demo.resource_documents import CLUSTER_ID

_OFFSET: Final = "+01:00"


def maintenance_configurations(now: float) -> list[dict[str, Any]]:
    """All three: node images each Sunday night, Kubernetes once a month but not over Christmas, AKS's own releases."""
    year = datetime.fromtimestamp(now, UTC).year
    images = {
        "schedule": {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Sunday"}},
        "durationHours": 6,
        "utcOffset": _OFFSET,
        "startDate": f"{year - 1}-03-01",
        "startTime": "01:00",
    }
    kubernetes = {
        "schedule": {"relativeMonthly": {"intervalMonths": 1, "weekIndex": "Second", "dayOfWeek": "Tuesday"}},
        "durationHours": 8,
        "utcOffset": _OFFSET,
        "startDate": f"{year - 1}-03-01",
        "startTime": "20:00",
        "notAllowedDates": [{"start": f"{year}-12-19", "end": f"{year + 1}-01-06"}],
    }
    return [
        _configuration("aksManagedAutoUpgradeSchedule", {"maintenanceWindow": kubernetes}),
        _configuration("aksManagedNodeOSUpgradeSchedule", {"maintenanceWindow": images}),
        _configuration("default", {"timeInWeek": [{"day": "Wednesday", "hourSlots": [1, 2, 3]}]}),
    ]


def _configuration(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{CLUSTER_ID}/maintenanceConfigurations/{name}",
        "name": name,
        "type": "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
        "properties": properties,
    }

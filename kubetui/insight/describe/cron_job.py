"""CronJobs, as ``describeCronJob`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.in_short import in_short
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.pod_template import template
from kubetui.insight.describe.reading import (
    NONE,
    UNSET,
    ago,
    get,
    items,
    mapping,
    number,
    selector_text,
    text,
    time_text,
    yes_no,
)


def head(facts: Facts) -> Iterator[Entry]:
    """Name, schedule, limits."""
    found = facts.found
    spec = mapping(found, "spec")
    deadline = get(spec, "startingDeadlineSeconds")
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("Schedule", text(spec, "schedule"))
    yield Field("Concurrency Policy", text(spec, "concurrencyPolicy"))
    yield Field("Suspend", yes_no(get(spec, "suspend")))
    yield Field("Time Zone", text(spec, "timeZone", default=UNSET))
    yield Field("Successful Job History Limit", text(spec, "successfulJobsHistoryLimit", default=UNSET))
    yield Field("Failed Job History Limit", text(spec, "failedJobsHistoryLimit", default=UNSET))
    yield Field("Starting Deadline Seconds", UNSET if deadline is None else f"{text(spec, 'startingDeadlineSeconds')}s")


def job_template(facts: Facts) -> Iterator[Entry]:
    """The Job that it makes."""
    spec = mapping(facts.found, "spec", "jobTemplate", "spec")
    yield Field("Selector", UNSET if get(spec, "selector") is None else selector_text(spec, "selector"))
    yield Field("Parallelism", text(spec, "parallelism", default=UNSET))
    yield Field("Completions", text(spec, "completions", default=UNSET))
    if get(spec, "activeDeadlineSeconds") is not None:
        yield Field("Active Deadline Seconds", f"{number(spec, 'activeDeadlineSeconds')}s")
    yield from template(get(spec, "template"))


def runs(facts: Facts) -> Iterator[Entry]:
    """When it ran last, and what runs now."""
    last = get(facts.found, "status", "lastScheduleTime")
    yield Field("Last Schedule Time", time_text(last) if last else UNSET, note=ago(last, facts.now))
    active = [text(one, "name") for one in items(facts.found, "status", "active")]
    yield Field("Active Jobs", ", ".join(active) or NONE)


CRON_JOB: Final = Description("CronJob", "batch", (in_short, head, owners, job_template, runs, events))

"""Jobs, as ``describeJob`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.in_short import in_short
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.pod_template import pod_template
from kubetui.insight.describe.reading import (
    NONE,
    UNSET,
    Json,
    ago,
    get,
    mapping,
    number,
    seconds_of,
    selector_text,
    text,
    time_text,
)
from kubetui.kinds.age import human_duration
from kubetui.kinds.kind import Meaning

_MOST_INDEXES: Final = 50


def head(facts: Facts) -> Iterator[Entry]:
    """Name, selector, who controls it, how often it runs and ran."""
    found = facts.found
    spec = mapping(found, "spec")
    yield from metadata.name(found)
    yield Field("Selector", "" if get(spec, "selector") is None else selector_text(spec, "selector"))
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield from metadata.controlled_by(found)
    if get(spec, "parallelism") is not None:
        yield Field("Parallelism", text(spec, "parallelism"))
    yield Field("Completions", text(spec, "completions", default=UNSET))
    for label, field in (
        ("Completion Mode", "completionMode"),
        ("Suspend", "suspend"),
        ("Backoff Limit", "backoffLimit"),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished"),
    ):
        if get(spec, field) is not None:
            yield Field(label, text(spec, field))
    yield from _times(facts)
    yield _counts(found)
    if text(spec, "completionMode") == "Indexed":
        yield Field("Completed Indexes", _capped(text(found, "status", "completedIndexes")))


def _times(facts: Facts) -> Iterator[Entry]:
    started, done = get(facts.found, "status", "startTime"), get(facts.found, "status", "completionTime")
    if started:
        yield Field("Start Time", time_text(started), note=ago(started, facts.now))
    if done:
        yield Field("Completed At", time_text(done), note=ago(done, facts.now))
    if started and done:
        yield Field("Duration", human_duration(seconds_of(done) - seconds_of(started)))
    if get(facts.found, "spec", "activeDeadlineSeconds") is not None:
        yield Field("Active Deadline Seconds", f"{number(facts.found, 'spec', 'activeDeadlineSeconds')}s")


def _counts(found: Json) -> Field:
    status = mapping(found, "status")
    ready = f" ({number(status, 'ready')} Ready)" if get(status, "ready") is not None else ""
    failed = number(status, "failed")
    words = f"{number(status, 'active')} Active{ready} / {number(status, 'succeeded')} Succeeded / {failed} Failed"
    return Field("Pods Statuses", words, meaning=Meaning.LOOK if failed else Meaning.PLAIN)


def _capped(indexes: str) -> str:
    """kubectl cuts the list at the first comma after 50 characters."""
    comma = indexes.find(",", _MOST_INDEXES)
    return (indexes if comma < 0 else f"{indexes[: comma + 1]}...") or NONE


JOB: Final = Description("Job", "batch", (in_short, head, owners, pod_template, events))

"""Commands for what makes pods: Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs, CronJobs."""

from __future__ import annotations

from typing import Final

from kubetui.commands.command import CHANGES, READS, Command, Section, destroys

_STATUS: Final = Command("rollout.status", "rollout: how far", "{kubectl} {ns} rollout status {object} --timeout=5m")
_HISTORY: Final = Command("rollout.history", "rollout: revisions", "{kubectl} {ns} rollout history {object}")
_RESTART: Final = Command(
    "rollout.restart", "rollout: restart its pods", "{kubectl} {ns} rollout restart {objects}",
    destroys("restarts pods"), several=True, note="Pod by pod, as its update strategy says.",
)  # fmt: skip
_UNDO: Final = Command(
    "rollout.undo", "rollout: back to the revision before", "{kubectl} {ns} rollout undo {object}",
    destroys("replaces pods"),
)  # fmt: skip
_UNDO_ASK: Final = Command(
    "rollout.undo.ask", "rollout back, dry run", "{kubectl} {ns} rollout undo {object} --dry-run=server", READS
)
_PAUSE: Final = Command("rollout.pause", "rollout: pause", "{kubectl} {ns} rollout pause {objects}", CHANGES,
                        several=True)  # fmt: skip
_RESUME: Final = Command("rollout.resume", "rollout: go on", "{kubectl} {ns} rollout resume {objects}", CHANGES,
                         several=True)  # fmt: skip
_SCALE: Final = Command(
    "scale", "scale", "{kubectl} {ns} scale {object} --replicas={replicas}", CHANGES,
    note="The number is the present one: change it.",
)  # fmt: skip
_SET_IMAGE: Final = Command(
    "set.image", "set image", "{kubectl} {ns} set image {object} {container}={image}", destroys("replaces pods"),
    each="image", note="The image is the present one: change it.",
)  # fmt: skip
_PODS: Final = Command("pods", "its pods", "{kubectl} {ns} get pods -o wide -l {selector}")
_LOGS: Final = Command(
    "logs", "logs of its pods",
    "{kubectl} {ns} logs -l {selector} --all-containers --prefix --tail=50 --max-log-requests=50 -f",
)  # fmt: skip

DEPLOYMENT: Final = (
    Section(
        "Rollout and size",
        (_STATUS, _HISTORY, _PODS, _LOGS, _RESTART, _UNDO_ASK, _UNDO, _PAUSE, _RESUME, _SCALE, _SET_IMAGE),
    ),
)
STATEFUL_SET: Final = (
    Section(
        "Rollout and size",
        (_STATUS, _HISTORY, _PODS, _LOGS, _RESTART, _UNDO_ASK, _UNDO, _SCALE, _SET_IMAGE),
    ),
)
DAEMON_SET: Final = (Section("Rollout", (_STATUS, _HISTORY, _PODS, _LOGS, _RESTART, _UNDO_ASK, _UNDO, _SET_IMAGE)),)
REPLICA_SET: Final = (
    Section(
        "Size",
        (
            _PODS,
            _LOGS,
            Command("replicaset.scale", "scale", "{kubectl} {ns} scale {object} --replicas={replicas}", CHANGES,
                    when=lambda one: not one.owner, note="The number is the present one: change it."),
        ),
    ),
)  # fmt: skip
JOB: Final = (
    Section(
        "Its pods",
        (
            Command("job.pods", "its pods", "{kubectl} {ns} get pods -o wide -l batch.kubernetes.io/job-name={name}"),
            Command("job.logs", "its logs", "{kubectl} {ns} logs {object} --all-containers --prefix --tail=200"),
        ),
    ),
)
CRON_JOB: Final = (
    Section(
        "Runs",
        (
            Command("cronjob.run", "run it now", "{kubectl} {ns} create job --from={object} {name}-now", CHANGES),
            Command("cronjob.suspend", "suspend", """{kubectl} {ns} patch {object} -p '{"spec":{"suspend":true}}'""",
                    CHANGES),
            Command("cronjob.resume", "go on", """{kubectl} {ns} patch {object} -p '{"spec":{"suspend":false}}'""",
                    CHANGES),
        ),
    ),
)  # fmt: skip

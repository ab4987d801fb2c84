"""CronJobs: their Jobs come, run, complete, and the older ones go."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kubetui.demo import catalog
from kubetui.demo.documents import metadata, own
from kubetui.demo.entries.event import Reference
from kubetui.demo.entries.identity import suffix, uid_text
from kubetui.demo.entries.pod_status import ContainerState, Ended
from kubetui.demo.entries.pod_template import Owner
from kubetui.demo.kubelet import Fate
from kubetui.demo.moment import rfc3339
from kubetui.demo.pod_spec import container, pod_spec, resources
from kubetui.demo.resources import CRON_JOBS, JOBS
from kubetui.demo.tenants import REGISTRY, team
from kubetui.demo.workload import Revision, Workload, make_template

if TYPE_CHECKING:
    from kubetui.demo.world import World

_KEPT = 3
"""``successfulJobsHistoryLimit``"""
_MOST_TEAMS = 10
_SCHEDULES = (("nightly-report", "0 2 * * *", 86_400, 7200), ("reindex", "*/10 * * * *", 600, 0))
"""Name, schedule, its period and the seconds of its period at which it comes."""


@dataclass(eq=False)
class _CronJob:
    namespace: str
    name: str
    uid: int
    created: float
    schedule: str
    period: int
    offset: int
    runs: int
    """How long a run takes, in seconds."""
    spec: dict[str, Any]
    jobs: deque[Workload] = field(default_factory=deque)
    last: int = 0
    finished: dict[str, int] = field(default_factory=dict)
    """When each kept Job was complete: its pod may be gone with a node since."""


class Cron:
    """The CronJob and Job controllers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._owners: dict[str, _CronJob] = {}
        world.workloads.controllers["Job"] = self._job

    def found(self, teams: int, pods: int) -> int:
        """CronJobs of the first teams with their last Jobs; how many of ``pods`` they took."""
        taken = 0
        for number in range(min(teams, _MOST_TEAMS, pods // (_KEPT * 8))):
            cron = self._found_cron_job(team(number), *_SCHEDULES[number % len(_SCHEDULES)])
            taken += self._found_history(cron)
            self._plan(cron)
        return taken

    def _found_cron_job(self, namespace: str, name: str, schedule: str, period: int, offset: int) -> _CronJob:
        rng = self._world.rng
        spec = pod_spec(
            container(
                name,
                f"{REGISTRY}/shop/{name}:2026.10.{rng.randrange(1, 29):02d}",
                args=("--once",),
                limits=resources("100m/128Mi", "1/512Mi"),
            ),
            selector={"kubernetes.io/os": "linux"},
            restart="Never",
        )
        created = self._world.began - rng.uniform(20, 60) * 86_400
        cron = _CronJob(
            namespace, name, rng.getrandbits(128), created, schedule, period, offset, rng.randrange(20, 90), spec
        )
        self._owners[uid_text(cron.uid)] = cron
        return cron

    def _found_history(self, cron: _CronJob) -> int:
        now = self._world.began
        latest = int((now - cron.offset - 120) // cron.period) * cron.period + cron.offset
        for back in range(_KEPT - 1, -1, -1):
            start = latest - back * cron.period
            job = self._make_job(cron, start)
            pod = self._world.pods.place(job, f"{job.name}-{suffix(job.uid)}", start)
            if pod.host is not None:
                end = start + cron.runs
                done = ContainerState("terminated", ended=Ended(0, "Completed", start + 3, end))
                self._world.pods.put(pod.replace(phase="Succeeded", containers=(done,), ready_at=end))
            self._write_job(cron, job)
        self._write(cron)
        return _KEPT

    def _plan(self, cron: _CronJob) -> None:
        now = self._world.agenda.now
        following = (int((now - cron.offset) // cron.period) + 1) * cron.period + cron.offset
        self._world.agenda.at(following, lambda: self._run(cron))

    def _run(self, cron: _CronJob) -> None:
        world = self._world
        job = self._make_job(cron, int(world.agenda.now))
        about = Reference("CronJob", cron.namespace, cron.name, uid_text(cron.uid), "batch/v1")
        world.recorder.record(about, "SuccessfulCreate", f"Created job {job.name}", component="cronjob-controller")
        pod = world.pods.create(job, f"{job.name}-{suffix(world.rng.getrandbits(24))}")
        words = f"Created pod: {pod.name}"
        world.recorder.record(job.reference, "SuccessfulCreate", words, component="job-controller")
        self._write_job(cron, job)
        self._write(cron)
        self._plan(cron)

    def _make_job(self, cron: _CronJob, start: int) -> Workload:
        world = self._world
        name = f"{cron.name}-{start // 60}"
        job = Workload(
            "Job", cron.namespace, name, world.rng.getrandbits(128), start, 1,
            {}, {"app": cron.name}, {"app": cron.name}, {}, cron.spec,
            owner=Owner("batch/v1", "CronJob", cron.name, uid_text(cron.uid)), manager="kube-controller-manager",
        )  # fmt: skip
        template = make_template(job, name, job.uid, "")
        job.revisions.append(Revision(1, name, job.uid, "", start, template))
        job.pools = world.fleet.allowed_pools(job.spec)
        world.kubelets.fates[template] = Fate(runs=cron.runs)
        world.workloads.add(job)
        cron.jobs.append(job)
        cron.last = start
        return job

    def _job(self, job: Workload) -> None:
        """Its pod changed: perhaps it is complete, and an older Job goes."""
        cron = self._owner(job)
        if not job.pods and job.name not in cron.finished:  # its node is gone: once more
            self._world.pods.create(job, self._world.pods.new_name(job))
        if self._write_job(cron, job) and job.name in cron.finished:
            words = "Job completed"
            self._world.recorder.record(job.reference, "Completed", words, component="job-controller")
            while len(cron.jobs) > _KEPT:
                self._forget(cron.jobs.popleft())
            self._write(cron)

    def _forget(self, job: Workload) -> None:
        for pod in list(job.pods.values()):
            self._world.pods.remove(pod)
        del self._world.workloads.all[job.key]
        self._world.pods.disown(job)
        self._world.kubelets.fates.pop(job.template, None)
        self._owner(job).finished.pop(job.name, None)
        self._world.storage.delete(JOBS, job.namespace, job.name)

    def _owner(self, job: Workload) -> _CronJob:
        assert job.owner is not None, "every Job of the demo is a CronJob's"
        return self._owners[job.owner.uid]

    def _write_job(self, cron: _CronJob, job: Workload) -> bool:
        """True: it says something else now."""
        for pod in job.pods.values():
            if pod.phase == "Succeeded":
                cron.finished.setdefault(job.name, pod.ready_at)
        finished = cron.finished.get(job.name)
        ready = sum(pod.ready for pod in job.pods.values())
        says = (finished, ready)
        if says == job.written:
            return False
        job.written = says
        labels = job.template.labels
        owner = Owner("batch/v1", "CronJob", cron.name, uid_text(cron.uid))
        match = {"batch.kubernetes.io/controller-uid": uid_text(job.uid)}
        status: dict[str, Any] = {"startTime": rfc3339(job.created)}
        if finished is not None:
            when = rfc3339(finished)
            status["completionTime"] = when
            status["succeeded"] = 1
            status["conditions"] = [
                {"type": kind, "status": "True", "lastProbeTime": when, "lastTransitionTime": when,
                 "reason": "CompletionsReached", "message": "Reached expected number of succeeded pods"}
                for kind in ("SuccessCriteriaMet", "Complete")
            ]  # fmt: skip
        else:
            status["active"] = 1
        status |= {"uncountedTerminatedPods": {}, "ready": ready}
        body = {
            "kind": "Job",
            "apiVersion": "batch/v1",
            "metadata": metadata(
                job.name, job.uid, job.created, namespace=job.namespace, labels=labels,
                annotations={"batch.kubernetes.io/cronjob-scheduled-timestamp": rfc3339(job.created // 60 * 60)},
                generation=1, owners=[owner.reference()],
            ),
            "spec": {
                "parallelism": 1, "completions": 1, "backoffLimit": 6, "selector": {"matchLabels": match},
                "template": {"metadata": {"labels": dict(labels)}, "spec": job.spec},
                "completionMode": "NonIndexed", "suspend": False, "podReplacementPolicy": "TerminatingOrFailed",
            },
            "status": status,
        }  # fmt: skip
        catalog.put(self._world.storage, JOBS, own(body, "kube-controller-manager"))
        return True

    def _write(self, cron: _CronJob) -> None:
        active = [
            {
                "kind": "Job",
                "namespace": job.namespace,
                "name": job.name,
                "uid": uid_text(job.uid),
                "apiVersion": "batch/v1",
            }
            for job in cron.jobs
            if job.name not in cron.finished
        ]
        status: dict[str, Any] = {"active": active} if active else {}
        status["lastScheduleTime"] = rfc3339(cron.last)
        if not active:
            status["lastSuccessfulTime"] = rfc3339(cron.last + cron.runs)
        body = {
            "kind": "CronJob",
            "apiVersion": "batch/v1",
            "metadata": metadata(
                cron.name, cron.uid, cron.created, namespace=cron.namespace, labels={"app": cron.name}, generation=1
            ),
            "spec": {
                "schedule": cron.schedule,
                "concurrencyPolicy": "Forbid",
                "suspend": False,
                "jobTemplate": {"metadata": {}, "spec": {"template": {"metadata": {}, "spec": cron.spec}}},
                "successfulJobsHistoryLimit": _KEPT,
                "failedJobsHistoryLimit": 1,
            },
            "status": status,
        }
        catalog.put(self._world.storage, CRON_JOBS, own(body, "helm"))

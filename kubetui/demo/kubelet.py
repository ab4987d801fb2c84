"""What the kubelets do with their pods: pull, start, probe, restart; and what they do when it goes wrong."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from kubetui.demo.agenda import Agenda
from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.entries.pod_status import ContainerState, Ended, creating
from kubetui.demo.entries.pod_template import PodTemplate
from kubetui.demo.pods import Pods

BACK_OFF_SECONDS = 10
"""The first back-off; it doubles with each failure."""
MOST_BACK_OFF_SECONDS = 300
_PROBE_PERIOD = 10


class Fate(NamedTuple):
    """What becomes of a template's pods, when not the usual."""

    pull: str = ""
    """The registry's answer, when the first container's image cannot be pulled."""
    crash: str = ""
    """The container's last words, when it exits with 1 soon after each start."""
    unready: str = ""
    """What the readiness probe gets."""
    runs: int = 0
    """Seconds after which the containers complete: pods of Jobs."""


USUAL = Fate()


class Kubelets:
    """All of them. A pod's fate is that of its template, and looked at whenever something is about to happen."""

    def __init__(self, agenda: Agenda, rng: Random, pods: Pods) -> None:
        self._agenda = agenda
        self._rng = rng
        self._pods = pods
        self.fates: dict[PodTemplate, Fate] = {}
        pods.bound = lambda pod: pods.later(0.4, pod, self._accept)

    def fate(self, pod: PodEntry) -> Fate:
        """Of the pod's template."""
        return self.fates.get(pod.template, USUAL)

    # --- the first start -----------------------------------------------------------------------------------------

    def _accept(self, pod: PodEntry) -> None:
        """The kubelet sees the pod and begins; not while it is down."""
        if not self._pods.alive(pod):
            self._pods.later(_PROBE_PERIOD, pod, self._accept)
            return
        pod = self._pods.put(pod.replace(containers=(creating(),) * len(pod.template.containers)))
        self._tell(pod, "Pulling", f'Pulling image "{_image(pod)}"')
        if self.fate(pod).pull:
            self._pods.later(
                self._rng.uniform(0.5, 2), pod, lambda current: self._pull_fails(current, BACK_OFF_SECONDS)
            )
        else:
            self._pods.later(self._rng.uniform(1, 4), pod, self._start)

    def _pull_fails(self, pod: PodEntry, wait: int) -> None:
        words = self.fate(pod).pull
        if not words:
            self._start(pod)
            return
        failure = f'Failed to pull image "{_image(pod)}": {words}'
        self._tell(pod, "Failed", failure, warning=True)
        self._tell(pod, "Failed", "Error: ErrImagePull", warning=True)
        pod = self._first_waits(pod, creating("ErrImagePull")._replace(message=failure))
        self._pods.later(self._rng.uniform(8, 14), pod, lambda current: self._pull_waits(current, words, wait))

    def _pull_waits(self, pod: PodEntry, words: str, wait: int) -> None:
        back_off = f'Back-off pulling image "{_image(pod)}"'
        self._tell(pod, "BackOff", back_off)
        self._tell(pod, "Failed", "Error: ImagePullBackOff", warning=True)
        message = f"{back_off}: ErrImagePull: {words}"
        pod = self._first_waits(pod, creating("ImagePullBackOff")._replace(message=message))
        longer = min(wait * 2, MOST_BACK_OFF_SECONDS)
        self._pods.later(wait, pod, lambda current: self._pull_fails(current, longer))

    def _first_waits(self, pod: PodEntry, state: ContainerState) -> PodEntry:
        """The other containers do not wait for the first one."""
        now = int(self._agenda.now)
        others = [
            other if other.state == "running" else ContainerState("running", now, True) for other in pod.states[1:]
        ]
        return self._pods.put(pod.replace(containers=(state, *others)))

    def _start(self, pod: PodEntry) -> None:
        """The first start of all containers."""
        if not self._pods.alive(pod):
            self._pods.later(_PROBE_PERIOD, pod, self._start)
            return
        now = int(self._agenda.now)
        took = self._rng.randrange(300, 3000)
        size = self._rng.randrange(20_000_000, 300_000_000)
        words = f"{took}ms ({took}ms including waiting). Image size: {size} bytes."
        self._tell(pod, "Pulled", f'Successfully pulled image "{_image(pod)}" in {words}')
        self._said_started(pod)
        running = (ContainerState("running", now),) * len(pod.template.containers)
        pod = self._pods.put(pod.replace(phase="Running", started=now, ready_at=now, containers=running))
        self._goes_on(pod)

    def _said_started(self, pod: PodEntry) -> None:
        self._tell(pod, "Created", f"Container created: {pod.template.containers[0].name}")
        self._tell(pod, "Started", f"Container started: {pod.template.containers[0].name}")

    def _goes_on(self, pod: PodEntry) -> None:
        """The first container has just started."""
        fate = self.fate(pod)
        if fate.crash:
            self._pods.later(self._rng.uniform(1, 2), pod, self._crash)
        elif fate.unready:
            self._probe(pod)
        elif fate.runs:
            self._pods.later(fate.runs, pod, self._complete)
        else:
            self._pods.later(self._rng.uniform(2, 8), pod, self._probe)

    def _probe(self, pod: PodEntry) -> None:
        """The readiness probe: again and again while it fails."""
        if not self._pods.alive(pod) or pod.phase != "Running" or pod.states[0].state != "running":
            return
        if words := self.fate(pod).unready:
            self._tell(pod, "Unhealthy", f"Readiness probe failed: {words}", warning=True)
            self._pods.later(_PROBE_PERIOD, pod, self._probe)
            return
        if pod.containers is None:
            return
        now = int(self._agenda.now)
        if any(state.restarts for state in pod.containers):
            ready = tuple(state._replace(ready=True) for state in pod.containers)
            self._pods.put(pod.replace(containers=ready, ready_at=now))
        else:
            self._pods.put(pod.replace(containers=None, ready_at=now))

    def _complete(self, pod: PodEntry) -> None:
        now = int(self._agenda.now)
        done = tuple(
            ContainerState("terminated", ended=Ended(0, "Completed", state.since, now)) for state in pod.states
        )
        self._pods.put(pod.replace(phase="Succeeded", containers=done, ready_at=now))

    # --- what goes wrong later -----------------------------------------------------------------------------------

    def becomes_unready(self, pod: PodEntry) -> None:
        """The first container's readiness probe fails from now on, as long as the template's fate says so."""
        current = self._pods.current(pod)
        if current is None or not current.ready or not self.fate(current).unready:
            return
        first, *others = current.states
        unready = first._replace(ready=False)
        changed = current.replace(containers=(unready, *others), ready_at=int(self._agenda.now))
        self._probe(self._pods.put(changed))

    def restart(self, pod: PodEntry, reason: str = "Error", exit_code: int = 1) -> None:
        """The first container ends and starts again, whatever its fate makes of that."""
        current = self._pods.current(pod)
        if current is None or not self._runs(current):
            return
        now = int(self._agenda.now)
        first, *others = current.states
        ended = Ended(exit_code, reason, first.since or current.started, now)
        again = ContainerState("running", now, restarts=first.restarts + 1, last=ended)
        current = self._pods.put(current.replace(containers=(again, *others), ready_at=now))
        self._said_started(current)
        self._goes_on(current)

    def _runs(self, pod: PodEntry) -> bool:
        return self._pods.alive(pod) and pod.phase == "Running" and pod.states[0].state == "running"

    def _crash(self, pod: PodEntry) -> None:
        if not self._runs(pod) or not self.fate(pod).crash:
            self._probe(pod)
            return
        now = int(self._agenda.now)
        first, *others = pod.states
        wait = min(BACK_OFF_SECONDS * 2**first.restarts, MOST_BACK_OFF_SECONDS)
        container = pod.template.containers[0].name
        where = f"{container} in pod {pod.name}_{pod.namespace}({uid_text(pod.uid)})"
        state = ContainerState(
            "waiting",
            restarts=first.restarts,
            reason="CrashLoopBackOff",
            message=f"back-off {_minutes(wait)} restarting failed container={container} "
            f"pod={pod.name}_{pod.namespace}({uid_text(pod.uid)})",
            last=Ended(1, "Error", first.since or pod.started, now),
        )
        pod = self._pods.put(pod.replace(containers=(state, *others), ready_at=now))
        self._tell(pod, "BackOff", f"Back-off restarting failed container {where}", warning=True)
        self._pods.later(wait, pod, self._start_again)

    def _start_again(self, pod: PodEntry) -> None:
        first, *others = pod.states
        if first.reason != "CrashLoopBackOff" or not self._pods.alive(pod):
            return
        now = int(self._agenda.now)
        again = ContainerState("running", now, restarts=first.restarts + 1, last=first.last)
        pod = self._pods.put(pod.replace(containers=(again, *others)))
        self._tell(pod, "Pulled", f'Container image "{_image(pod)}" already present on machine')
        self._said_started(pod)
        self._goes_on(pod)

    def tell_restart(self, pod: PodEntry, at: float) -> None:
        """Record a start that has been, in Unix seconds."""
        self._pods.tell(pod, "Started", f"Container started: {pod.template.containers[0].name}", container=True, at=at)

    def _tell(self, pod: PodEntry, reason: str, message: str, *, warning: bool = False) -> None:
        self._pods.tell(pod, reason, message, container=True, warning=warning)


def _image(pod: PodEntry) -> str:
    return str(pod.template.spec["containers"][0]["image"])


def _minutes(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"

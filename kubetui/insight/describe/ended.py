"""What exit codes and the words of container states mean, for those who do not know them by heart."""

from __future__ import annotations

from typing import Final

_CODES: Final = {
    0: "it ended by itself, without an error",
    1: "an error of the program itself",
    2: "wrong use of a command, or an error of the program itself",
    126: "the command was found, but can't be executed",
    127: "command not found",
    128: "the container could not be started",
    255: "an error of the program itself, or one without a code",
}
_SIGNALS: Final = {
    1: "SIGHUP",
    2: "SIGINT: interrupted",
    3: "SIGQUIT",
    4: "SIGILL: an instruction this processor does not know",
    5: "SIGTRAP",
    6: "SIGABRT: the program gave up (abort)",
    7: "SIGBUS: memory that is not there",
    8: "SIGFPE: wrong arithmetic",
    9: "SIGKILL: killed from outside, by want of memory on the node or after the grace period",
    11: "SIGSEGV: memory access that is not allowed",
    13: "SIGPIPE: wrote to a closed pipe",
    14: "SIGALRM",
    15: "SIGTERM: asked to stop",
}
_LINUX: Final = 128
_OUT_OF_MEMORY: Final = "OOMKilled"

_REASONS: Final = {
    "CrashLoopBackOff": "it ends again and again; the kubelet waits up to 5 minutes before each start",
    "ImagePullBackOff": "the image can't be pulled; up to 5 minutes pass before the next try",
    "ErrImagePull": "wrong name or tag of the image, no access, or the registry can't be reached",
    "ErrImageNeverPull": "the image is not on the node, and the pull policy is Never",
    "InvalidImageName": "the image's name is not written as it must be",
    "CreateContainerConfigError": "a ConfigMap, Secret or key it needs is missing",
    "CreateContainerError": "the container runtime could not create it",
    "RunContainerError": "the container runtime could not start it",
    "StartError": "the container runtime could not start it",
    "ContainerCannotRun": "the container runtime could not run it",
    "PostStartHookError": "its postStart hook failed, so it was killed",
    "ContainerCreating": "volumes, network or image are being made ready",
    "PodInitializing": "init containers run first",
    "OOMKilled": "out of memory: it used more than its limit, or the node had none left",
    "Evicted": "the node ran short of something and put it out",
    "DeadlineExceeded": "it ran longer than activeDeadlineSeconds allows",
    "ContainerStatusUnknown": "the node lost track of it",
}


def exit_meaning(code: int, reason: str = "") -> str:
    """What an exit code says: ``SIGKILL: …``; the reason ``OOMKilled`` decides what 137 means."""
    if reason == _OUT_OF_MEMORY:
        return "SIGKILL: out of memory, it used more than its limit"
    if code in _CODES:
        return _CODES[code]
    signal = code - _LINUX
    if 0 < signal < 65:
        return _SIGNALS.get(signal, f"ended by signal {signal}")
    return "an error of the program itself"


def reason_meaning(reason: str) -> str:
    """What a state's reason says, ``""`` where it speaks for itself or is not known."""
    return _REASONS.get(reason, "")

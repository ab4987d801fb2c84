"""What a Node object tells of its kubelet, where its configuration cannot be read."""

from __future__ import annotations

from typing import Final

from kubetui.insight.kubelet.field import Field

FIELDS_TOLD: Final = (
    Field("kubeletVersion", "status.nodeInfo.kubeletVersion of the Node"),
    Field("capacity.pods", "status.capacity.pods of the Node: the kubelet's maxPods", "pods"),
    Field("capacity.cpu", "status.capacity.cpu of the Node", "cores"),
    Field("capacity.memory", "status.capacity.memory of the Node", "quantity"),
    Field("allocatable.cpu", "status.allocatable.cpu of the Node: what pods may request together", "cores"),
    Field("allocatable.memory", "status.allocatable.memory of the Node: what pods may request together", "quantity"),
    Field("allocatable.pods", "status.allocatable.pods of the Node", "pods"),
    Field("labels", "a label of the Node"),
    Field("reserved.cpu", "capacity less allocatable: kubeReserved and systemReserved together", "quantity"),
    Field("reserved.memory", "capacity less allocatable: kubeReserved, systemReserved and evictionHard together",
          "quantity"),
    Field("size", "the label node.kubernetes.io/instance-type of the Node"),
    Field("nodeImageVersion", "the label kubernetes.azure.com/node-image-version of the Node"),
    Field("containerRuntimeVersion", "status.nodeInfo.containerRuntimeVersion of the Node"),
    Field("osImage", "status.nodeInfo.osImage of the Node"),
    Field("kernelVersion", "status.nodeInfo.kernelVersion of the Node"),
)  # fmt: skip
"""The paths of ``survey.told_of``."""

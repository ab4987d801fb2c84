"""Commands for Services: a port to the own machine, and who answers behind it."""

from __future__ import annotations

from typing import Final

from kubetui.commands.command import Command, Section

SERVICE: Final = (
    Section(
        "Service",
        (
            Command("service.forward", "forward port", "{kubectl} {ns} port-forward svc/{name} {local_port}:{port}",
                    each="port", when=lambda one: bool(one.selector)),
            Command("service.endpoints", "who answers",
                    "{kubectl} {ns} get endpointslices -o wide -l kubernetes.io/service-name={name}"),
            Command("service.pods", "its pods", "{kubectl} {ns} get pods -o wide -l {selector}",
                    when=lambda one: bool(one.selector)),
        ),
    ),
)  # fmt: skip
